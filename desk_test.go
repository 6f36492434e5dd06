package itsm_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/store/memory"
	"github.com/stretchr/testify/require"
)

// TestNewDeskNamesWhatIsMissing: a desk that cannot work is refused when it is made.
func TestNewDeskNamesWhatIsMissing(t *testing.T) {
	k := ticketKind(t)
	repo := memory.For(memory.New(), k)
	for want, c := range map[string]itsm.Config[Ticket]{
		"Config.Repository is required": {Policy: itsm.AllowAll},
		"Config.Policy is required":     {Repository: repo},
		"Config.Retries is -1":          {Repository: repo, Policy: itsm.AllowAll, Retries: -1},
	} {
		_, err := itsm.NewDesk(k, c)
		require.ErrorContains(t, err, want)
	}
	_, err := itsm.NewDesk[Ticket](nil, itsm.Config[Ticket]{})
	require.ErrorContains(t, err, "the kind is nil")
}

// TestIdempotencyKey: the same key and input give the first result again, as it was then, and store nothing;
// keys may be forgotten after seven days, not before.
func TestIdempotencyKey(t *testing.T) {
	b := newBench(t, everything)
	key := itsm.IdempotencyKey("k1")
	first := b.raise(t, Raise{Title: "t", Tags: []string{"b", "a"}}, key)
	_, err := b.Do(ann(), first.ID, Change{Body: "later"})
	require.NoError(t, err)
	again, err := b.Open(ann(), Raise{Title: "t", Tags: []string{"b", "a"}}, key)
	require.NoError(t, err)
	require.Equal(t, first, again)
	started, err := b.Do(ann(), first.ID, Start{}, itsm.IdempotencyKey("k2"))
	require.NoError(t, err)
	again, err = b.Do(ann(), first.ID, Start{}, itsm.IdempotencyKey("k2"))
	require.NoError(t, err, "a second Start alone would not be allowed")
	require.Equal(t, started, again)
	require.NoError(t, b.Check(ann(), first.ID, Start{}, itsm.IdempotencyKey("k2")))
	require.Equal(t, 3, b.events(t))

	w, again, err := b.Prepare(ann(), first.ID, Start{}, itsm.IdempotencyKey("k2"))
	require.NoError(t, err)
	require.Equal(t, started, again)
	require.Zero(t, w, "nothing is left to store")

	b.clock.now = noon.Add(itsm.KeepKeys)
	require.Equal(t, "before:too_early", code(t, b.ForgetKeys(ann(), noon.Add(time.Millisecond))))
	require.NoError(t, b.ForgetKeys(ann(), noon))
	_, err = b.Open(ann(), Raise{Title: "t", Tags: []string{"b", "a"}}, key)
	require.NoError(t, err)
	require.Equal(t, 3, b.events(t), "a key used at that instant is kept")
	b.clock.now = b.clock.now.Add(time.Millisecond)
	require.NoError(t, b.ForgetKeys(ann(), noon.Add(time.Millisecond)))
	_, err = b.Open(ann(), Raise{Title: "other"}, key)
	require.NoError(t, err, "a forgotten key is free")
}

// TestInputIsNotWrittenTo: what the kernel sorts, cuts and fills in is its own copy, so that an action can be
// done twice with one key, or by two goroutines.
func TestInputIsNotWrittenTo(t *testing.T) {
	b := newBench(t, everything)
	local := time.Date(2026, 3, 2, 13, 0, 0, 123456, time.FixedZone("CET", 3600))
	attributes := make(itsm.Attributes, 0, 8)
	attributes = append(attributes, itsm.Attribute{Key: "floor", Value: `"3"`}, itsm.Attribute{Key: "cost", Value: `1`}, itsm.Attribute{Key: "zzz", Value: "null"})
	a := Raise{Title: "t", Tags: []string{"b", "a"}, Attributes: attributes}
	rec := b.raise(t, a, itsm.IdempotencyKey("k"))
	require.Equal(t, `"m"`, rec.Attributes.Raw("size"), "the default")
	require.Equal(t, []string{"b", "a"}, a.Tags)
	require.Equal(t, []itsm.Attribute{{Key: "floor", Value: `"3"`}, {Key: "cost", Value: `1`}, {Key: "zzz", Value: "null"}, {}}, []itsm.Attribute(attributes[:4]))
	require.Equal(t, rec, b.raise(t, a, itsm.IdempotencyKey("k")))
	c := Change{At: local, Parts: []Part{{ID: "b"}, {ID: "a"}}, Items: []itsm.Ref{{Kind: "b", ID: rec.ID}, {Kind: "a", ID: rec.ID}}}
	rec, err := b.Do(ann(), rec.ID, c)
	require.NoError(t, err)
	require.Equal(t, noon, rec.Opened)
	require.Equal(t, Change{At: local, Parts: []Part{{ID: "b"}, {ID: "a"}}, Items: []itsm.Ref{{Kind: "b", ID: rec.ID}, {Kind: "a", ID: rec.ID}}}, c)
}

// TestResultIsTheCallers: writing to what a desk returned changes nothing in the store, and the other way round.
func TestResultIsTheCallers(t *testing.T) {
	b := newBench(t, everything)
	rec := b.raise(t, Raise{Tags: []string{"a", "b"}})
	_, err := b.Do(ann(), rec.ID, itsm.Relate[Ticket]{Type: "affects", To: itsm.Ref{Kind: "asset", ID: rec.ID}})
	require.Error(t, err, "itself")
	other := itsm.NewID(noon)
	paused, err := b.Do(ann(), rec.ID, DoPause{Reason: "r"})
	require.NoError(t, err)
	related, err := b.Do(ann(), rec.ID, itsm.Relate[Ticket]{Type: "affects", To: itsm.Ref{Kind: "asset", ID: other}})
	require.NoError(t, err)
	got, err := b.Get(ann(), rec.ID)
	require.NoError(t, err)
	page, err := b.Find(ann(), itsm.Query[Ticket]{}, itsm.PageRequest{})
	require.NoError(t, err)
	want, _ := b.stored(t, "", rec.ID)
	for _, mine := range []Ticket{rec, paused, related, got, page.Items[0]} {
		mine.Tags[0] = "x"
		if mine.Pause != nil {
			mine.Pause.Reason = "x"
		}
		for i := range mine.Links {
			mine.Links[i].Type = "x"
		}
		mine.Attributes[0].Value = "x"
	}
	now, _ := b.stored(t, "", rec.ID)
	require.Equal(t, want, now)
	require.Equal(t, []string{"a", "b"}, now.Tags)
	require.Equal(t, "r", now.Pause.Reason)
}

// TestIfVersion: a change in between is a conflict, a comment is not.
func TestIfVersion(t *testing.T) {
	b := newBench(t, everything)
	seen := b.raise(t, Raise{})
	_, err := b.Do(ann(), seen.ID, itsm.Comment[Ticket]{Text: "hello"})
	require.NoError(t, err)
	started, err := b.Do(ann(), seen.ID, Start{}, itsm.IfVersion(seen.Version))
	require.NoError(t, err)
	require.EqualValues(t, 3, started.Version)
	require.EqualValues(t, 3, started.Revision)
	for _, v := range []int64{seen.Version, 2, 4} {
		_, err = b.Do(ann(), seen.ID, Finish{Code: "c"}, itsm.IfVersion(v))
		var c *itsm.ConflictError
		require.ErrorAs(t, err, &c)
		require.Equal(t, itsm.ConflictError{Of: seen.Ref("ticket"), Expected: v, Stored: 3}, *c)
	}
	_, err = b.Do(ann(), seen.ID, Finish{Code: "c"}, itsm.IfVersion(3))
	require.NoError(t, err)
}

// TestConflictIsTriedAgain: a store whose answer is a conflict is asked again, at most Retries times, and not
// where the caller named a version.
func TestConflictIsTriedAgain(t *testing.T) {
	b := newBench(t, everything, func(c *itsm.Config[Ticket]) { c.Retries = 3 })
	rec := b.raise(t, Raise{})
	conflicts := 0
	b.repo.before = func(call string) error {
		if call == "Save" && conflicts > 0 {
			conflicts--
			return fmt.Errorf("store: %w", &itsm.ConflictError{Of: rec.Ref("ticket")})
		}
		return nil
	}
	saves := func() (n int) {
		for _, c := range b.repo.calls {
			if c == "Save" {
				n++
			}
		}
		b.repo.calls = nil
		return n
	}
	saves()
	conflicts = 3
	rec, err := b.Do(ann(), rec.ID, Start{})
	require.NoError(t, err)
	require.EqualValues(t, 2, rec.Version)
	require.Equal(t, 4, saves())
	conflicts = 4
	_, err = b.Do(ann(), rec.ID, Finish{Code: "c"})
	require.ErrorIs(t, err, itsm.ErrConflict)
	require.Equal(t, 4, saves())
	conflicts = 1
	_, err = b.Do(ann(), rec.ID, Finish{Code: "c"}, itsm.IfVersion(2))
	require.ErrorIs(t, err, itsm.ErrConflict)
	require.Equal(t, 1, saves())
	conflicts = 1
	err = b.store.InTx(ann(), func(ctx context.Context) error {
		_, err := b.Do(ctx, rec.ID, Finish{Code: "c"})
		return err
	})
	require.ErrorIs(t, err, itsm.ErrConflict, "a transaction tries again as a whole")
	require.Equal(t, 1, saves())
	now, events := b.stored(t, "", rec.ID)
	require.Equal(t, rec, now)
	require.Len(t, events, 2)
}

// TestMiddleware: the first is outermost, sees the call with its record and the error, and must call next once.
func TestMiddleware(t *testing.T) {
	var log []string
	times := 1
	wrap := func(name string) itsm.Middleware {
		return func(ctx context.Context, c *itsm.Call, next func(context.Context) error) error {
			log = append(log, fmt.Sprint(name, " ", c.Kind, " ", c.Action, " ", c.ID == itsm.ID{}))
			var err error
			for range times {
				if err = next(ctx); err != nil {
					break
				}
			}
			log = append(log, fmt.Sprint(name, " ", c.ID == itsm.ID{}, " ", err != nil))
			return err
		}
	}
	b := newBench(t, everything, func(c *itsm.Config[Ticket]) { c.Middleware = []itsm.Middleware{wrap("outer"), wrap("inner")} })
	rec := b.raise(t, Raise{})
	require.NotZero(t, rec.ID)
	require.Equal(t, []string{"outer ticket raise true", "inner ticket raise true", "inner false false", "outer false false"}, log)
	log = nil
	none, err := b.Do(ann(), rec.ID, Reopen{})
	require.ErrorIs(t, err, itsm.ErrNotAllowed)
	require.Zero(t, none)
	require.Equal(t, []string{"outer ticket reopen false", "inner ticket reopen false", "inner false true", "outer false true"}, log, "a failure has its record too")
	times = 0
	none, err = b.Do(ann(), rec.ID, Start{})
	require.ErrorContains(t, err, "ticket: start: a middleware returned no error and did not call next")
	require.Zero(t, none)
	times = 2
	_, err = b.Do(ann(), rec.ID, itsm.Comment[Ticket]{Text: "once"})
	require.ErrorContains(t, err, "called next twice")
	require.Equal(t, 2, b.events(t), "the comment is there once")
}

// TestFacts: what the host looked up reaches the guards and the action, and is kept on the event.
func TestFacts(t *testing.T) {
	d := ticketDeclaration(t)
	closed := func(_ *Ticket, m itsm.Moment) error {
		if m.Facts == "closed" {
			return itsm.Deny("period_closed", "period", "2026-02")
		}
		return m.Record("period", m.Facts)
	}
	for i := range d.Actions {
		if i == 2 { // start
			d.Actions[i] = itsm.Do(Start{}, closed)
		}
	}
	k, err := itsm.NewKind("ticket", d)
	require.NoError(t, err)
	facts, opened := "closed", 0
	b := benchOn(t, k, memory.New(), itsm.AllowAll, func(c *itsm.Config[Ticket]) {
		c.Facts = func(_ context.Context, rec *Ticket, a itsm.Action[Ticket]) (any, error) {
			if rec == nil {
				opened++
				require.Equal(t, "raise", a.Name())
			}
			if facts == "" {
				return nil, errStore
			}
			return facts, nil
		}
	})
	rec := b.raise(t, Raise{})
	require.Equal(t, 1, opened)
	_, err = b.Open(ann(), Start{})
	require.ErrorIs(t, err, itsm.ErrNotAllowed, "nothing is looked up for what the lifecycle does not have")
	_, err = b.Do(ann(), rec.ID, Start{})
	var refused *itsm.TransitionError
	require.ErrorAs(t, err, &refused)
	require.Equal(t, &itsm.Reason{Code: "period_closed", Params: map[string]string{"period": "2026-02"}}, refused.Reason)
	require.ErrorContains(t, err, "ticket TKT0000001: start: not allowed: period closed (period 2026-02)")
	options, err := b.Options(ann(), rec)
	require.NoError(t, err)
	require.Equal(t, itsm.Option{Action: "start", Why: refused.Reason, To: []string{"open"}}, options[2])
	facts = ""
	_, err = b.Do(ann(), rec.ID, Start{})
	require.ErrorIs(t, err, errStore)
	require.ErrorContains(t, err, "ticket TKT0000001: start: facts: ")
	facts = "open"
	rec, err = b.Do(ann(), rec.ID, Start{})
	require.NoError(t, err)
	_, events := b.stored(t, "", rec.ID)
	require.Equal(t, []itsm.Fact{{Name: "period", Value: []byte(`"open"`)}}, events[1].Facts)
}

// TestHostErrorsPassThrough: an error of an action, a guard or the host is wrapped with what was done, never
// replaced.
func TestHostErrorsPassThrough(t *testing.T) {
	d := ticketDeclaration(t)
	own := errors.New("own")
	for i := range d.Actions {
		if i == 2 {
			d.Actions[i] = itsm.Do(Start{}, func(*Ticket, itsm.Moment) error { return own })
		}
	}
	k, err := itsm.NewKind("ticket", d)
	require.NoError(t, err)
	b := benchOn(t, k, memory.New(), itsm.AllowAll)
	rec := b.raise(t, Raise{})
	_, err = b.Do(ann(), rec.ID, Start{})
	require.ErrorIs(t, err, own)
	require.ErrorContains(t, err, "ticket TKT0000001: start: own")
	require.Equal(t, itsm.ErrorDocument{Code: "internal", Message: "internal error"}, itsm.DescribeError(err))
	_, err = b.Options(ann(), rec)
	require.ErrorIs(t, err, own)
	_, err = b.Do(ann(), rec.ID, Finish{})
	require.EqualError(t, err, "ticket: finish: invalid: code: required")
	_, err = b.Do(ann(), rec.ID, Resume{})
	require.EqualError(t, err, "ticket TKT0000001: resume: not allowed in new (allowed: change, start, pause, finish, comment, relate, unrelate, set_attributes, review)")
	_, err = b.Open(ann(), Start{})
	require.EqualError(t, err, "ticket: start: not allowed in a record that does not exist yet (allowed: raise)")
}
