package storetest

import "github.com/itsmkit/itsm"

// draft makes a commit that opens a thing, past the desk and without a number.
func (t *trial) draft(tenant string, c Content) itsm.Commit[Thing] {
	var rec Thing
	at := t.now()
	rec.ID, rec.Tenant = itsm.NewID(at), tenant
	return t.step(rec, Create{Content: c})
}

// next makes the commit of an action on a thing as it is in an earlier commit.
func (t *trial) next(c itsm.Commit[Thing], a itsm.Action[Thing]) itsm.Commit[Thing] {
	return t.step(*c.Record, a)
}

func (t *trial) step(rec Thing, a itsm.Action[Thing]) itsm.Commit[Thing] {
	actor := itsm.Actor{ID: "bo", Name: "Bo"}
	out, event, err := Things().Apply(rec, a, itsm.Moment{Time: t.now(), Actor: &actor})
	t.ok(err, "apply %s", a.Name())
	return itsm.Commit[Thing]{Record: &out, Event: event}
}

// drawn returns a commit that asks for a number.
func drawn(c itsm.Commit[Thing]) itsm.Commit[Thing] {
	c.Draw = Things().Shape().Sequence()
	return c
}

// keyed returns a commit with an idempotency key.
func keyed(c itsm.Commit[Thing], key string) itsm.Commit[Thing] {
	c.Event.Key, c.Event.Digest = key, "0123456789abcdef"
	return c
}

// save stores commits in the tenant acme.
func (t *trial) save(c ...itsm.Commit[Thing]) error {
	return t.h.Things.Save(t.base, scope, c...)
}

// saved stores commits that must be accepted.
func (t *trial) saved(c ...itsm.Commit[Thing]) {
	t.ok(t.save(c...), "Save of %d commits", len(c))
}

// write makes the write of a commit, for SaveAll.
func write(c itsm.Commit[Thing]) itsm.Write {
	return itsm.Write{Kind: "thing", Record: c.Record, Event: c.Event, Draw: c.Draw}
}

// other makes a write that opens an other.
func (t *trial) other(name string) (itsm.Write, itsm.ID) {
	w, rec, err := t.others.Prepare(t.ctx, itsm.ID{}, Found{name})
	t.ok(err, "prepare an other")
	return w, rec.ID
}
