package storetest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync/atomic"

	"github.com/itsmkit/itsm"
)

// writers is how many goroutines write at once.
const writers = 16

func concurrentChecks() []Check {
	return []Check{
		check("concurrent/winner", "Of many who write the same version at once one wins, the others get ErrConflict. "+
			"A store fails that reads the version and writes later, without a lock or a condition on the write.", concurrentWinner),
		check("concurrent/hot", "Of many who change one record at once none loses a change: each version is made once.", concurrentHot),
		check("concurrent/many", "Many who write records of their own get all of them, each with its number and its events.", concurrentMany),
		check("concurrent/number", "Numbers drawn at once are all different; those of a sequence without gaps have none.", concurrentNumber),
		check("concurrent/unique", "Of many who take one value at once one gets it. A store fails that looks for the value before it writes.", concurrentUnique),
		check("concurrent/key", "Many calls at once with one idempotency key do the work once, and all get its result.", concurrentKey),
		check("concurrent/since", "A reader who goes on from position to position while others write gets every event, once, in the order in which a later reader finds them. "+
			"A store fails that numbers events before they are committed: a reader passes the number of one that comes late, and never sees it.", concurrentSince),
		check("concurrent/read", "Reads while others write give whole records and whole answers.", concurrentRead),
	}
}

// desk returns another desk on the same store: it shares no lock with the trial's.
func (t *trial) desk() *itsm.Desk[Thing] {
	d, err := itsm.NewDesk(Things(), itsm.Config[Thing]{Repository: t.h.Things, Policy: itsm.AllowAll, Clock: t.now, Retries: 100_000})
	t.ok(err, "another desk")
	return d
}

func concurrentWinner(t *trial) {
	for range 10 {
		one := t.draft(acme, Content{Title: "a"})
		t.saved(one)
		rivals := make([]itsm.Commit[Thing], writers)
		for i := range rivals {
			rivals[i] = t.next(one, Put{Content{Title: "a", Count: i + 1}})
		}
		var winners, winner atomic.Int64
		t.parallel(writers, func(i int) error {
			switch err := t.save(rivals[i]); {
			case err == nil:
				winners.Add(1)
				winner.Store(int64(i))
			case !errors.Is(err, itsm.ErrConflict):
				return err
			}
			return nil
		})
		if n := winners.Load(); n != 1 {
			t.failf("%d writers of one version: wanted one winner, got %d", writers, n)
		}
		t.kept(*rivals[winner.Load()].Record, "after many writers of one version")
	}
}

func concurrentHot(t *trial) {
	const each = 12
	rec := t.create(Content{Title: "hot"})
	t.parallel(writers, func(i int) error {
		d := t.desk()
		for n := range each {
			if _, err := d.Do(t.ctx, rec.ID, Put{Content{Title: "hot", Count: i*each + n + 1}}); err != nil {
				return err
			}
		}
		return nil
	})
	last := t.get(acme, rec.ID)
	if want := int64(1 + writers*each); last.Version != want {
		t.failf("%d writers of %d changes each: wanted version %d, got %d", writers, each, want, last.Version)
	}
	t.kept(*last, "after many writers")
	seen := map[string]bool{}
	for _, e := range t.history(acme, rec.Ref("thing"))[1:] {
		for _, c := range e.Changes {
			if c.Path == "/content/count" {
				seen[string(c.New)] = true
			}
		}
	}
	if len(seen) != writers*each {
		t.failf("the changes of %d writers: wanted %d different ones, got %d", writers, writers*each, len(seen))
	}
}

func concurrentMany(t *trial) {
	const each = 8
	made := make([][]Thing, writers)
	t.parallel(writers, func(i int) error {
		d := t.desk()
		for n := range each {
			rec, err := d.Open(t.ctx, Create{Content: Content{Title: "many", Group: fmt.Sprint(i), Count: n, Tags: []string{"x", fmt.Sprint(n)}}})
			if err != nil {
				return err
			}
			if rec, err = d.Do(t.ctx, rec.ID, Put{Content{Title: "many", Group: fmt.Sprint(i), Count: -n, Tags: []string{"x"}}}); err != nil {
				return err
			}
			made[i] = append(made[i], rec)
		}
		return nil
	})
	var all []*Thing
	for i := range made {
		for n := range made[i] {
			t.kept(made[i][n], "of many writers")
			all = append(all, &made[i][n])
		}
	}
	for _, q := range []itsm.Query[Thing]{{}, itsm.Where(byTag().Is("x")), itsm.Where(byTag().Is("3")), itsm.Query[Thing]{}.Sorted(byCount().Desc()), itsm.Query[Thing]{}.Matching("many")} {
		t.ok(asDefined(t.base, Things(), t.h.Things, scope, q, all, 50, "group", "number"), "after many writers")
	}
	events, _ := t.since("")
	if len(events) != writers*each*2 {
		t.failf("Since after many writers: wanted %d events, got %d", writers*each*2, len(events))
	}
}

func concurrentNumber(t *trial) {
	const each = 8
	numbers := make([][]string, writers)
	var refused atomic.Int64
	t.parallel(writers, func(i int) error {
		for n := range each {
			name := fmt.Sprint(i, "/", n)
			if n%4 == 3 {
				name = "taken"
			}
			o, err := t.others.Open(t.ctx, Found{name})
			switch {
			case errors.Is(err, itsm.ErrDuplicate) && name == "taken":
				refused.Add(1)
				continue
			case err != nil:
				return err
			}
			rec, err := t.things.Open(t.ctx, Create{})
			if err != nil {
				return err
			}
			numbers[i] = append(numbers[i], o.Number, rec.Number)
		}
		return nil
	})
	drawn := map[string]bool{}
	for _, own := range numbers {
		for _, n := range own {
			if drawn[n] {
				t.failf("the number %s was drawn twice", n)
			}
			drawn[n] = true
		}
	}
	for n := int64(1); n <= writers*each-refused.Load(); n++ {
		if number := Others().Shape().Sequence().Format(n); !drawn[number] {
			t.failf("a sequence without gaps: nobody has the number %s of %d", number, writers*each-refused.Load())
		}
	}
}

func concurrentUnique(t *trial) {
	for round := range 6 {
		code := fmt.Sprint("code ", round)
		var winners atomic.Int64
		t.parallel(writers, func(int) error {
			switch _, err := t.things.Open(t.ctx, Create{Content: Content{Title: "a", Code: code}}); {
			case err == nil:
				winners.Add(1)
			case !errors.Is(err, itsm.ErrDuplicate):
				return err
			}
			return nil
		})
		if found := t.all(scope, itsm.Where(byCode().Is(code)), 50); winners.Load() != 1 || len(found) != 1 {
			t.failf("%d who take one code at once: wanted one to get it, got %d, and %d stored", writers, winners.Load(), len(found))
		}
	}
}

func concurrentKey(t *trial) {
	for round := range 6 {
		key := fmt.Sprint("key ", round)
		results := make([]Thing, writers)
		t.parallel(writers, func(i int) (err error) {
			results[i], err = t.things.Open(t.ctx, Create{Content: Content{Title: key}}, itsm.IdempotencyKey(key))
			return err
		})
		for i := range results {
			t.same(results[0], results[i], "the result of call %d with one key", i)
		}
		if n := len(t.all(scope, itsm.Where(byTitle().Is(key)), 50)); n != 1 {
			t.failf("%d calls at once with one key: wanted one record, got %d", writers, n)
		}
	}
}

func concurrentSince(t *trial) {
	const each = 10
	var busy atomic.Int64
	busy.Store(writers)
	read := make([][]string, 2)
	t.parallel(writers+2, func(i int) error {
		if i < writers {
			defer busy.Add(-1)
			return t.several(i, each)
		}
		after := itsm.Position("")
		for last := false; ; {
			events, next, err := t.h.Things.Since(t.base, after, 1+i%2*6)
			if err != nil {
				return err
			}
			read[i-writers] = append(read[i-writers], identities(events)...)
			if after = next; len(events) > 0 {
				continue
			}
			if last {
				return nil
			}
			last = busy.Load() == 0
		}
	})
	events, _ := t.since("")
	for i, seen := range read {
		t.same(identities(events), seen, "the events that reader %d saw while others wrote", i)
	}
}

// several writes a number of events in ways of all sorts.
func (t *trial) several(i, each int) error {
	for n := range each {
		name := fmt.Sprint(i, "/", n)
		var err error
		switch (i + n) % 4 {
		case 0:
			_, err = t.others.Open(t.ctx, Found{name})
		case 1:
			err = t.h.Saver.SaveAll(t.base, scope, []itsm.Write{write(t.draft(acme, Content{Title: name})), write(t.draft(acme, Content{Title: name}))})
		case 2:
			err = t.tried(func(ctx context.Context) error {
				rec, err := t.things.Open(ctx, Create{Content: Content{Title: name}})
				if err == nil {
					_, err = t.things.Do(ctx, rec.ID, Hold{})
				}
				return err
			})
		default:
			if err = t.tried(func(ctx context.Context) error {
				if _, err := t.things.Open(ctx, Create{Content: Content{Title: name}}); err != nil {
					return err
				}
				return errUndo
			}); errors.Is(err, errUndo) {
				err = nil
			}
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func concurrentRead(t *trial) {
	var recs []Thing
	for i := range 8 {
		recs = append(recs, t.create(Content{Title: fmt.Sprint("t", i), Group: "g", Tags: []string{"v1"}}))
	}
	var busy atomic.Int64
	busy.Store(4)
	t.parallel(8, func(i int) error {
		if i < 4 {
			defer busy.Add(-1)
			d := t.desk()
			for n := range 20 {
				rec := recs[(i*20+n)%len(recs)]
				c := rec.Content
				c.Count, c.Tags = i*20+n, []string{fmt.Sprint("v", n)}
				if _, err := d.Do(t.ctx, rec.ID, Put{c}); err != nil {
					return err
				}
			}
			return nil
		}
		for busy.Load() > 0 {
			if err := t.consistent(recs[i-4]); err != nil {
				return err
			}
		}
		return nil
	})
}

// consistent reads one record and the answer to a query that always has 8 records.
func (t *trial) consistent(rec Thing) error {
	found, err := t.h.Things.Get(t.base, scope, rec.ID)
	if err != nil {
		return err
	}
	events, err := history(t.base, t.h.Things, scope, rec.Ref("thing"), itsm.MaxPage)
	if err != nil {
		return err
	}
	if int64(len(events)) < found[0].Version {
		return fmt.Errorf("a record of version %d has %d events", found[0].Version, len(events))
	}
	replayed, err := Things().Replay(events[:found[0].Version], events[found[0].Version-1].Time)
	if err != nil {
		return err
	}
	if d := Difference(replayed, *found[0]); d != "" {
		return fmt.Errorf("a record that is read while others write differs from its events: %s", d)
	}
	page, err := t.h.Things.Find(t.base, scope, itsm.Where(byGroup().Is("g")), itsm.PageRequest{Limit: 100})
	if err != nil {
		return err
	}
	if got := titles(page.Items); !slices.Equal(got, []string{"t0", "t1", "t2", "t3", "t4", "t5", "t6", "t7"}) {
		return fmt.Errorf("a Find of 8 records, while others change them, gave %v", got)
	}
	counts, err := t.h.Things.Count(t.base, scope, itsm.Query[Thing]{}, "state")
	if err == nil && (counts.Total != 8 || counts.Facet("state").Of("open") != 8) {
		err = fmt.Errorf("a Count of 8 records, while others change them, gave %+v", counts)
	}
	return err
}
