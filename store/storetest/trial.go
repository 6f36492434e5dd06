package storetest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/itsmkit/itsm"
)

// The tenants of the checks.
const (
	acme = "acme"
	zeta = "zeta"
)

// trial is one check under way.
type trial struct {
	h      Harness
	base   context.Context
	ctx    context.Context // of the system in the tenant acme
	things *itsm.Desk[Thing]
	others *itsm.Desk[Other]
	clock  *atomic.Int64 // ticks so far
}

func newTrial(ctx context.Context, h Harness) *trial {
	t := &trial{h: h, base: ctx, ctx: itsm.System(ctx, acme), clock: newTicks()}
	switch {
	case h.Things == nil || h.Others == nil:
		t.failf("Harness.Things and Harness.Others are required")
	case h.Saver == nil:
		t.failf("Harness.Saver is required: a store writes several kinds in one atomic write")
	case h.Transactor == nil:
		t.failf("Harness.Transactor is required: a store has serialisable transactions")
	}
	var err error
	t.things, err = itsm.NewDesk(Things(), itsm.Config[Thing]{Repository: h.Things, Policy: itsm.AllowAll, Clock: t.now})
	t.ok(err, "the desk of things")
	t.others, err = itsm.NewDesk(Others(), itsm.Config[Other]{Repository: h.Others, Policy: itsm.AllowAll, Clock: t.now})
	t.ok(err, "the desk of others")
	return t
}

func newTicks() *atomic.Int64 { return new(atomic.Int64) }

// now is the clock of a trial: it goes on by 7 ms each time that it is read.
func (t *trial) now() time.Time {
	return time.Date(2026, 1, 5, 8, 0, 0, 0, time.UTC).Add(time.Duration(t.clock.Add(1)) * 7 * time.Millisecond)
}

// failf ends the check with an error.
func (t *trial) failf(format string, args ...any) { panic(failure{fmt.Errorf(format, args...)}) }

// ok ends the check where err is not nil.
func (t *trial) ok(err error, doing string, args ...any) {
	if err != nil {
		t.failf("%s: %w", fmt.Sprintf(doing, args...), err)
	}
}

// refused ends the check where err does not match want; nil wants any error.
func (t *trial) refused(err, want error, doing string, args ...any) {
	switch {
	case err == nil && want == nil:
		t.failf("%s: wanted an error, it was accepted", fmt.Sprintf(doing, args...))
	case err == nil:
		t.failf("%s: wanted an error matching %q, it was accepted", fmt.Sprintf(doing, args...), want)
	case want != nil && !errors.Is(err, want):
		t.failf("%s: wanted an error matching %q, got: %w", fmt.Sprintf(doing, args...), want, err)
	}
}

// same ends the check at the first difference of two values.
func (t *trial) same(want, got any, what string, args ...any) {
	if d := Difference(want, got); d != "" {
		t.failf("%s: %s", fmt.Sprintf(what, args...), d)
	}
}

// in returns the context of the system in a tenant.
func (t *trial) in(tenant string) context.Context { return itsm.System(t.base, tenant) }

var scope = itsm.Scope{Tenant: acme} // never written to

// create opens a thing of the tenant acme.
func (t *trial) create(c Content, opts ...itsm.DoOption) Thing {
	return t.open(acme, Create{Content: c}, opts...)
}

func (t *trial) open(tenant string, a Create, opts ...itsm.DoOption) Thing {
	rec, err := t.things.Open(t.in(tenant), a, opts...)
	t.ok(err, "create in tenant %s", tenant)
	return rec
}

// put changes the content of a thing.
func (t *trial) put(rec Thing, change func(*Content)) Thing {
	c := rec.Content
	change(&c)
	return t.do(rec, Put{c})
}

func (t *trial) do(rec Thing, a itsm.Action[Thing], opts ...itsm.DoOption) Thing {
	out, err := t.things.Do(t.in(rec.Tenant), rec.ID, a, opts...)
	t.ok(err, "%s on version %d", a.Name(), rec.Version)
	return out
}

func (t *trial) found(name string) Other {
	o, err := t.others.Open(t.ctx, Found{name})
	t.ok(err, "found %s", name)
	return o
}

// attributes makes attributes of JSON values: key, value, key, value. A value of null removes one.
func attributes(pairs ...string) itsm.Attributes {
	var a itsm.Attributes
	for i := 0; i+1 < len(pairs); i += 2 {
		a = append(a, itsm.Attribute{Key: pairs[i], Value: pairs[i+1]})
	}
	return a
}

// get returns what is stored of a thing of a tenant; nil is nothing.
func (t *trial) get(tenant string, id itsm.ID) *Thing {
	found, err := t.h.Things.Get(t.in(tenant), itsm.Scope{Tenant: tenant}, id)
	t.ok(err, "Get")
	if len(found) != 1 {
		t.failf("Get of one ID: wanted one item, got %d", len(found))
	}
	return found[0]
}

// kept ends the check unless a thing is stored as it was returned, with all of its events.
func (t *trial) kept(want Thing, when string) {
	got := t.get(want.Tenant, want.ID)
	if got == nil {
		t.failf("%s: Get of %s: wanted version %d, got nothing", when, want.Number, want.Version)
	}
	t.same(want, *got, "%s: Get of %s", when, want.Number)
	events := t.history(want.Tenant, want.Ref("thing"))
	if int64(len(events)) != want.Version {
		t.failf("%s: History of %s: wanted %d events, one for each version, got %d", when, want.Number, want.Version, len(events))
	}
	replayed, err := Things().Replay(events, time.Time{})
	t.ok(err, "%s: Replay of the history of %s", when, want.Number)
	t.same(want, replayed, "%s: Replay of the history of %s", when, want.Number)
}

// history returns all events of a record.
func (t *trial) history(tenant string, of itsm.Ref) []itsm.Event {
	events, err := history(t.base, t.h.Things, itsm.Scope{Tenant: tenant}, of, itsm.MaxPage)
	t.ok(err, "History")
	return events
}

// history reads all pages of a history.
func history(ctx context.Context, log itsm.EventLog, in itsm.Scope, of itsm.Ref, limit int) ([]itsm.Event, error) {
	var all []itsm.Event
	p := itsm.PageRequest{Limit: limit}
	for {
		page, err := log.History(ctx, in, of, p)
		if err != nil {
			return nil, err
		}
		if all = append(all, page.Items...); page.Next == "" {
			return all, nil
		}
		if len(page.Items) == 0 || page.Next == p.Cursor {
			return nil, errors.New("a page of a history does not get on: it is empty or has its own cursor")
		}
		p.Cursor = page.Next
	}
}

// since returns all events behind a position, and the last position.
func (t *trial) since(after itsm.Position, kinds ...string) ([]itsm.Event, itsm.Position) {
	var all []itsm.Event
	for {
		events, next, err := t.h.Things.Since(t.base, after, 200, kinds...)
		t.ok(err, "Since(%q)", after)
		if all = append(all, events...); len(events) == 0 {
			return all, next
		}
		after = next
	}
}

// all returns what Find gives for a query over all pages.
func (t *trial) all(in itsm.Scope, q itsm.Query[Thing], limit int) []*Thing {
	out, err := pages(t.base, t.h.Things, in, q, limit)
	t.ok(err, "Find")
	return out
}

// pages runs over all pages of a query.
func pages[T any](ctx context.Context, repo itsm.Repository[T], in itsm.Scope, q itsm.Query[T], limit int) ([]*T, error) {
	var all []*T
	p := itsm.PageRequest{Limit: limit}
	for {
		page, err := repo.Find(ctx, in, q, p)
		if err != nil {
			return nil, err
		}
		all = append(all, page.Items...)
		switch {
		case len(page.Items) > limit:
			return nil, fmt.Errorf("a page of limit %d has %d items", limit, len(page.Items))
		case page.Next == "":
			return all, nil
		case len(page.Items) < limit:
			return nil, fmt.Errorf("a page of %d items, where %d were asked for, has a next page", len(page.Items), limit)
		case page.Next == p.Cursor:
			return nil, errors.New("a page has its own cursor as the next one")
		}
		p.Cursor = page.Next
	}
}

// picture is all that a store holds.
type picture struct {
	Things map[string][]Thing `json:"things"`
	Others map[string][]Other `json:"others"`
	Events []itsm.Event       `json:"events"`
}

func (t *trial) picture() picture {
	p := picture{Things: map[string][]Thing{}, Others: map[string][]Other{}}
	for _, tenant := range []string{acme, zeta} {
		in := itsm.Scope{Tenant: tenant}
		for _, rec := range t.all(in, itsm.Query[Thing]{}, itsm.MaxPage) {
			p.Things[tenant] = append(p.Things[tenant], *rec)
		}
		found, err := pages(t.base, t.h.Others, in, itsm.Query[Other]{}, itsm.MaxPage)
		t.ok(err, "Find of others")
		for _, rec := range found {
			p.Others[tenant] = append(p.Others[tenant], *rec)
		}
	}
	p.Events, _ = t.since("")
	return p
}

// unchanged ends the check if fn changes anything in the store.
func (t *trial) unchanged(doing string, fn func()) {
	before := t.picture()
	fn()
	t.same(before, t.picture(), "%s must change nothing", doing)
}

// parallel runs fn n times at once and ends the check with the first error.
func (t *trial) parallel(n int, fn func(i int) error) {
	errs := make([]error, n)
	var group sync.WaitGroup
	for i := range n {
		group.Go(func() {
			defer func() {
				if err := caught(recover(), "goroutine"); err != nil {
					errs[i] = err
				}
			}()
			errs[i] = fn(i)
		})
	}
	group.Wait()
	for _, err := range errs {
		t.ok(err, "one of %d goroutines", n)
	}
}

// titles returns the titles of things, for messages and comparisons.
func titles(things []*Thing) []string {
	out := make([]string, len(things))
	for i, rec := range things {
		out[i] = rec.Content.Title
	}
	return out
}

// clone returns a copy of a thing that shares no memory with it.
func clone(rec Thing) Thing {
	raw, err := Things().Shape().Encode(&rec)
	if err == nil {
		var copied any
		if copied, err = Things().Shape().Decode(raw); err == nil {
			return *copied.(*Thing)
		}
	}
	panic(failure{fmt.Errorf("copying a thing: %w", err)})
}

// sorted returns IDs in the order of their bytes.
func sorted(ids []itsm.ID) []itsm.ID {
	return slices.SortedFunc(slices.Values(ids), func(a, b itsm.ID) int { return slices.Compare(a[:], b[:]) })
}
