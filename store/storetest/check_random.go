package storetest

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"time"

	"github.com/itsmkit/itsm"
)

func randomChecks() []Check {
	return []Check{
		check("random/queries", "Random queries over random records give what the definition gives: Selection.Match for each record, in the order of ComparePlaces.", randomQueries),
		check("random/actions", "After random actions, some of them refused, every record is what a model in memory says, and replaying its events gives it.", randomActions),
	}
}

// dice makes random values, few enough that they meet.
type dice struct{ *rand.Rand }

// newDice returns the same dice for the same seed.
func newDice(seed uint64) dice { return dice{rand.New(rand.NewPCG(seed, 2026))} }

func (d dice) one(of ...string) string { return of[d.IntN(len(of))] }

func (d dice) some(of ...string) []string {
	var out []string
	for _, s := range of {
		if d.IntN(3) == 0 {
			out = append(out, s)
		}
	}
	return out
}

func (d dice) ref() itsm.Ref {
	return itsm.Ref{Kind: d.one("asset", "site"), ID: itsm.ID{7, 15: byte(d.IntN(3))}}
}

func (d dice) instant() time.Time {
	if d.IntN(4) == 0 {
		return time.Time{}
	}
	return time.UnixMilli(int64(d.IntN(6)-2) * []int64{1, 1000, 86_400_000}[d.IntN(3)]).UTC()
}

func (d dice) word() string {
	return d.one("", "bo", "Bo", "b", "çy", "cy", "bo ", "b\u00f6", "bo\u0308", "zoe", "Mail", "mail down", "MAIL  Straße", "printer 4", "😀")
}

func (d dice) content(code string) Content {
	c := Content{
		Title: d.word(), Body: d.word() + " " + d.word(), Group: d.word(), Level: Level(d.one("", "low", "middle", "high")), Flag: d.IntN(2) == 0,
		Count: d.IntN(7) - 3, Big: []int64{0, 1, -1, 1<<53 + 1, 1 << 53, -1 << 62}[d.IntN(6)], At: d.instant(), Due: d.instant(), Tags: d.some("a", "A", "b", "bb", "ä"),
		Lines: d.some("x", "x", "", "y"),
	}
	if d.IntN(2) == 0 {
		c.Code = code
	}
	if d.IntN(2) == 0 {
		c.About, c.Items = d.ref(), []itsm.Ref{d.ref()}
	}
	if d.IntN(3) == 0 {
		c.Pause = &Pause{Reason: d.word(), Notes: d.some("n", "m")}
	}
	return c
}

func (d dice) attributes(serial string) itsm.Attributes {
	var a itsm.Attributes
	for _, x := range [][]string{
		{"price", d.one("1", "1.0", "-1", "10", "9.5", "1e2", "null")}, {"vip", d.one("true", "false", "null")}, {"bought", d.one(`"2026-01-01"`, `"2026-01-02"`, "null")},
		{"seen", d.one(`"2026-01-01T00:00:00Z"`, `"2026-01-01T00:00:00.001Z"`, "null")}, {"floor", d.one(`"ground"`, `"first"`)}, {"note", d.one(`""`, `"x"`, "null")}, {"serial", serial},
	} {
		if d.IntN(2) == 0 {
			a = append(a, attributes(x...)...)
		}
	}
	return a
}

// query makes a random query; many of them are served by an index.
func (d dice) query() itsm.Query[Thing] {
	var q itsm.Query[Thing]
	for range d.IntN(3) {
		q.Where = append(q.Where, d.condition())
	}
	q.Order = []itsm.Order{
		{}, {Desc: true}, byTitle().Asc(), byTitle().Desc(), byCount().Asc(), byCount().Desc(), byDue().Asc(), byDue().Desc(), byAt().Desc(), byFlag().Asc(), byBig().Desc(),
		byGroup().Asc(), itsm.ByUpdated[Thing]().Desc(), itsm.ByNumber[Thing]().Asc(), itsm.ByAttribute[Thing](fieldPrice()).Desc(), byLevel().Asc(),
	}[d.IntN(16)]
	if d.IntN(4) == 0 {
		q.Text = d.one("mail", "b", "STRASSE", "down mail", "4", "th00", "nothing", "bö")
	}
	q.Scan = d.IntN(2) == 0
	return q
}

func (d dice) condition() itsm.Condition {
	price := itsm.ByAttribute[Thing](fieldPrice())
	low, high := d.IntN(7)-3, d.IntN(7)-3
	return []itsm.Cond[Thing]{
		byTitle().Is(d.word()), byTitle().Between(d.word(), d.word()), byGroup().In(d.word(), d.word(), d.word()), byLevel().Is(Level(d.one("", "low", "high"))),
		byLevel().In(Low, High), byFlag().Is(d.IntN(2) == 0), byCount().Between(low, high), byCount().From(low), byCount().In(low, high), byAt().To(d.instant()),
		byDue().From(d.instant()), byTag().Is(d.one("a", "A", "ä")), byTag().In("a", "bb"), byTag().From("b"), byItem().Is(d.ref()), byAbout().In(d.ref(), d.ref()), byBig().From(1 << 53),
		itsm.ByState[Thing]().In(StateOpen, StateHeld), itsm.ByState[Thing]().Is(StateDone), price.Between([]byte("1.00"), []byte("9.5")), price.Is([]byte("1.000")), byGroup().In(),
		itsm.ByAttribute[Thing](fieldVIP()).Is([]byte(d.one("true", "false"))), itsm.ByUpdated[Thing]().To(d.instant()),
	}[d.IntN(24)].Condition
}

func randomQueries(t *trial) {
	d := newDice(1)
	all := map[string][]*Thing{}
	for i := range 150 {
		tenant := d.one(acme, acme, zeta)
		rec := t.open(tenant, Create{Content: d.content(fmt.Sprint("c", i)), Attributes: d.attributes(fmt.Sprint(i))})
		if d.IntN(3) == 0 {
			rec = t.do(rec, Put{d.content(fmt.Sprint("d", i))})
		}
		if d.IntN(3) == 0 {
			rec = t.do(rec, []itsm.Action[Thing]{Hold{}, Finish{}}[d.IntN(2)])
		}
		all[tenant] = append(all[tenant], &rec)
	}
	served := 0
	for n := range 300 {
		q, in := d.query(), itsm.Scope{Tenant: d.one(acme, zeta)}
		if d.IntN(4) == 0 {
			in.Any = []itsm.Condition{d.condition()}
			if d.IntN(2) == 0 {
				in.Any = append(in.Any, d.condition())
			}
		}
		if sel, err := Things().Shape().Select(in, q.Select); err == nil && sel.Access().Served {
			served++
		}
		by := []itsm.IndexName{"group", "tag", "count", "state", "attributes.vip"}[d.IntN(5)]
		t.ok(asDefined(t.base, Things(), t.h.Things, in, q, all[in.Tenant], 1+d.IntN(40), by), "random query %d", n)
	}
	if served < 100 {
		t.failf("only %d of 300 random queries were served by an index: this check has become weak", served)
	}
}

func randomActions(t *trial) {
	d := newDice(2)
	d.play(t, 500)
}

// play does random actions, compares each with its outcome in a model, and the whole store at the end. It returns
// the model.
func (d dice) play(t *trial, actions int) map[itsm.ID]Thing {
	model := map[itsm.ID]Thing{}
	var ids []itsm.ID
	done, refused := 0, 0
	for n := range actions {
		if len(ids) < 5 || d.IntN(8) == 0 {
			rec := t.open(d.one(acme, acme, zeta), Create{Content: d.content(fmt.Sprint("new", n)), Attributes: d.attributes(fmt.Sprint("1", n)), Every: itsm.Period{Days: d.IntN(3)}})
			model[rec.ID], ids = rec, append(ids, rec.ID)
			continue
		}
		id := ids[d.IntN(len(ids))]
		old := model[id]
		opts := []itsm.DoOption{itsm.Note(d.word(), d.IntN(2) == 0)}
		if d.IntN(3) == 0 {
			opts = append(opts, itsm.IdempotencyKey(fmt.Sprint("k", n)))
		}
		if d.IntN(3) == 0 {
			opts = append(opts, itsm.IfVersion(max(1, old.Version-int64(d.IntN(2)))))
		}
		rec, err := t.things.Do(t.in(old.Tenant), id, d.action(n), opts...)
		switch {
		case err == nil:
			done++
			model[id] = rec
		case errors.Is(err, itsm.ErrNotAllowed), errors.Is(err, itsm.ErrInvalid), errors.Is(err, itsm.ErrDuplicate), errors.Is(err, itsm.ErrConflict):
			refused++
			t.same(old, *t.get(old.Tenant, id), "random action %d, which was refused (%s)", n, err)
		default:
			t.ok(err, "random action %d", n)
		}
	}
	if done < actions/3 || refused < actions/20 {
		t.failf("of %d random actions %d were done and %d refused: this check has become weak", actions, done, refused)
	}
	for _, rec := range model {
		t.kept(rec, "after random actions")
	}
	return model
}

func (d dice) action(n int) itsm.Action[Thing] {
	switch d.IntN(10) {
	case 0:
		return Hold{}
	case 1:
		return Release{}
	case 2:
		return Finish{}
	case 3:
		return Reopen{}
	case 4:
		return itsm.Comment[Thing]{Text: d.one("seen", "é", " "), Public: d.IntN(2) == 0}
	case 5:
		return itsm.Relate[Thing]{Type: d.one("about", "below"), To: d.ref()}
	case 6:
		return itsm.Unrelate[Thing]{Type: d.one("about", "below"), To: d.ref()}
	case 7:
		return itsm.SetAttributes[Thing]{Attributes: append(d.attributes(fmt.Sprint("2", n%30)), attributes("note", `"n"`)...)}
	case 8:
		return itsm.Review[Thing]{Outcome: "confirmed", Every: itsm.Period{Months: d.IntN(3)}}
	}
	return Put{d.content(fmt.Sprint("c", n%40))}
}

// values returns a model by ID, in order.
func values(model map[itsm.ID]Thing, tenant string) []*Thing {
	var out []*Thing
	for _, rec := range model {
		if rec.Tenant == tenant {
			out = append(out, &rec)
		}
	}
	slices.SortFunc(out, func(a, b *Thing) int { return slices.Compare(a.ID[:], b.ID[:]) })
	return out
}

// matches compares the store with a model, by every index.
func (t *trial) matches(ctx context.Context, model map[itsm.ID]Thing) {
	for _, tenant := range []string{acme, zeta} {
		all, in := values(model, tenant), itsm.Scope{Tenant: tenant}
		t.ok(everyIndex(Things(), all, func(q itsm.Query[Thing], by ...itsm.IndexName) error {
			return asDefined(ctx, Things(), t.h.Things, in, q, all, 100, by...)
		}), "by every index, in tenant %s", tenant)
	}
}
