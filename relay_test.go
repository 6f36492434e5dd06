package itsm_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/itsmkit/itsm"
	"github.com/stretchr/testify/require"
)

// reader is a handler that keeps what it saw and does what it is told to.
type reader struct {
	name  string
	kinds []string
	seen  []string
	last  itsm.Event
	do    func(context.Context, itsm.Event) error
}

func (h *reader) Consumer() string { return h.name }
func (h *reader) Kinds() []string  { return h.kinds }
func (h *reader) Handle(ctx context.Context, events []itsm.Event) (int, error) {
	return itsm.Each(events, func(e itsm.Event) error {
		if err := ctx.Err(); err != nil {
			return err
		}
		if h.do != nil {
			if err := h.do(ctx, e); err != nil {
				return err
			}
		}
		h.seen, h.last = append(h.seen, fmt.Sprint(e.Action, e.Version)), e
		return nil
	})
}

// lived returns a bench with a record of five events, and a relay.
func lived(t *testing.T) (*bench, *itsm.Relay, Ticket) {
	b := newBench(t, everything)
	rec := b.raise(t, Raise{Title: "secret plan"})
	for _, a := range []itsm.Action[Ticket]{Start{}, DoPause{Reason: "secret"}, Resume{}, Finish{Code: "c", Text: "secret"}} {
		var err error
		rec, err = b.Do(ann(), rec.ID, a)
		require.NoError(t, err)
	}
	r := itsm.NewRelay(b.store)
	r.Clock = b.clock.time
	return b, r, rec
}

var whole = []string{"raise1", "start2", "pause3", "resume4", "finish5"}

// TestRelayInOrder: each event once, in order, by batches of any size, as the system in the event's tenant.
func TestRelayInOrder(t *testing.T) {
	b, r, _ := lived(t)
	for size := 1; size <= 6; size++ {
		h := &reader{name: fmt.Sprint("size", size), kinds: []string{"ticket"}, do: func(ctx context.Context, e itsm.Event) error {
			a, ok := itsm.ActorFrom(ctx)
			require.True(t, ok && a.IsSystem() && a.Tenant == e.Tenant)
			return nil
		}}
		r.Batch = size
		require.NoError(t, r.Run(ann(), h))
		require.Equal(t, whole, h.seen)
		c, err := r.Status(ann(), h.name)
		require.NoError(t, err)
		require.EqualValues(t, 5, c.Handled)
		require.Equal(t, noon, c.Last)
		require.NoError(t, r.Run(ann(), h))
		require.Equal(t, whole, h.seen, "nothing twice")
	}
	other := &reader{name: "other", kinds: []string{"change"}}
	require.NoError(t, r.Run(ann(), other))
	require.Empty(t, other.seen)
	lag, err := r.Lag(ann(), other)
	require.NoError(t, err)
	require.Zero(t, lag)
	_, err = b.Open(as("ann", "red"), Raise{Title: "t"})
	require.NoError(t, err)
	_, err = r.Status(ann(), "Not A Name")
	require.Equal(t, "consumer:name", code(t, err))
}

// TestRelayAtLeastOnce: where the position cannot be kept the events come again.
func TestRelayAtLeastOnce(t *testing.T) {
	b, r, _ := lived(t)
	r.Consumers = &lostSave{Consumers: b.store, lose: 1}
	h := &reader{name: "h"}
	_, err := r.Step(ann(), h)
	require.ErrorIs(t, err, errStore)
	require.Equal(t, whole, h.seen)
	_, err = r.Step(ann(), h)
	require.NoError(t, err)
	require.Equal(t, append(append([]string{}, whole...), whole...), h.seen)
}

// TestRelayOfOneName: two handlers with one position would each get what the other has not had.
func TestRelayOfOneName(t *testing.T) {
	_, r, _ := lived(t)
	mail, chat := &reader{name: "notify"}, &reader{name: "notify"}
	require.ErrorContains(t, r.Run(ann(), mail, chat), "two handlers are named notify")
	require.Empty(t, append(mail.seen, chat.seen...))
	chat.name = "notify.chat"
	require.NoError(t, r.Run(ann(), mail, chat))
	require.Equal(t, whole, mail.seen)
	require.Equal(t, whole, chat.seen)
}

// lostSave loses some saves.
type lostSave struct {
	itsm.Consumers
	lose int
}

func (l *lostSave) SaveConsumer(ctx context.Context, c itsm.Consumer) error {
	if l.lose > 0 {
		l.lose--
		return errStore
	}
	return l.Consumers.SaveConsumer(ctx, c)
}

// TestRelayFailure: what was handled before the failing event is kept, a panic is a failure, other handlers go
// on, and after a repair it goes on behind.
func TestRelayFailure(t *testing.T) {
	_, r, _ := lived(t)
	broken := true
	h := &reader{name: "h", do: func(_ context.Context, e itsm.Event) error {
		if broken && e.Action == "pause" {
			panic("nil map")
		}
		return nil
	}}
	other := &reader{name: "other"}
	err := r.Run(ann(), h, other)
	var failed *itsm.HandlerError
	require.ErrorAs(t, err, &failed)
	require.ErrorContains(t, err, "itsm: consumer h: event ticket/")
	require.ErrorContains(t, err, "/3 (pause), attempt 1: the handler panicked: nil map")
	require.Equal(t, whole[:2], h.seen)
	require.Equal(t, whole, other.seen)
	lag, err := r.Lag(ann(), h)
	require.NoError(t, err)
	require.Equal(t, itsm.Lag{Events: 3}, lag)
	broken = false
	require.NoError(t, r.Run(ann(), h))
	require.Equal(t, whole[:2], h.seen, "it waits")
	r.Clock = func() time.Time { return noon.Add(time.Second) }
	lag, err = r.Lag(ann(), h)
	require.NoError(t, err)
	require.Equal(t, itsm.Lag{Events: 3, Oldest: time.Second}, lag)
	require.NoError(t, r.Run(ann(), h))
	require.Equal(t, whole, h.seen)
	c, err := r.Status(ann(), "h")
	require.NoError(t, err)
	require.Nil(t, c.Failing)
	require.Empty(t, c.Error)
	require.Zero(t, c.Attempts)
}

// TestRelayCancelled: a context that ends keeps what was handled, and blames nobody.
func TestRelayCancelled(t *testing.T) {
	_, r, _ := lived(t)
	ctx, cancel := context.WithCancel(ann())
	h := &reader{name: "h", do: func(_ context.Context, e itsm.Event) error {
		if e.Version == 3 {
			cancel()
			return ctx.Err()
		}
		return nil
	}}
	n, err := r.Step(ctx, h)
	require.ErrorIs(t, err, context.Canceled)
	require.Equal(t, 2, n)
	c, err := r.Status(ann(), "h")
	require.NoError(t, err)
	require.Nil(t, c.Failing)
	require.EqualValues(t, 2, c.Handled)
	h.do = nil
	require.NoError(t, r.Run(ann(), h))
	require.Equal(t, whole, h.seen)
}

// TestPark: a parked event is passed by and can be replayed; it is kept in outline, so that a redaction reaches
// it, and one that was purged is left out.
func TestPark(t *testing.T) {
	b, r, rec := lived(t)
	bad := map[int64]bool{3: true, 5: true}
	h := &reader{name: "h", do: func(_ context.Context, e itsm.Event) error {
		if bad[e.Version] {
			return errors.New("no\xff way\x00")
		}
		return nil
	}}
	require.ErrorIs(t, r.Park(ann(), h, "why"), itsm.ErrNotAllowed, "nothing fails")
	require.Error(t, r.Run(ann(), h))
	require.ErrorIs(t, r.Park(context.Background(), h, "why"), itsm.ErrForbidden)
	require.Equal(t, "reason:required", code(t, r.Park(ann(), h, " ")))
	require.Equal(t, "reason:nul", code(t, r.Park(ann(), h, "\x00")))
	require.NoError(t, r.Park(ann(), h, "known fault"))
	require.Error(t, r.Run(ann(), h))
	require.NoError(t, r.Park(ann(), h, "the same"))
	require.NoError(t, r.Run(ann(), h))
	require.Equal(t, []string{"raise1", "start2", "resume4"}, h.seen)
	c, err := r.Status(ann(), "h")
	require.NoError(t, err)
	require.Len(t, c.Parked, 2)
	require.Equal(t, "pause", c.Parked[0].Event.Action)
	require.Equal(t, "known fault", c.Parked[0].Reason)
	require.Equal(t, "ann", c.Parked[0].By)
	require.Equal(t, "no\uFFFD way ", c.Parked[0].Error)
	raw, err := json.Marshal(c)
	require.NoError(t, err)
	require.NotContains(t, string(raw), "secret", "a redaction would not reach it")
	n, err := r.Replay(ann(), h)
	require.Error(t, err)
	require.Zero(t, n)
	delete(bad, 3)
	_, err = b.Redact(ann(), rec.ID, itsm.Redaction{Paths: []string{"pause.reason"}, Reason: "r"})
	require.NoError(t, err)
	n, err = r.Replay(ann(), h)
	var failed *itsm.HandlerError
	require.ErrorAs(t, err, &failed)
	require.EqualValues(t, 5, failed.Event.Version)
	require.Equal(t, 1, n)
	require.Equal(t, "pause3", h.seen[3])
	require.Contains(t, string(h.last.Changes[0].New), itsm.Redacted)
	b.clock.now = noon.Add(time.Hour)
	purged, err := b.Purge(ann(), b.clock.now, 0)
	require.NoError(t, err)
	require.Equal(t, 1, purged)
	n, err = r.Replay(ann(), h)
	require.NoError(t, err)
	require.Zero(t, n)
	c, err = r.Status(ann(), "h")
	require.NoError(t, err)
	require.Empty(t, c.Parked)
}

// TestFailingEventIsPurged: the handler goes on, and nothing fails any more.
func TestFailingEventIsPurged(t *testing.T) {
	b, r, _ := lived(t)
	h := &reader{name: "h", do: func(_ context.Context, e itsm.Event) error { return errStore }}
	_, err := r.Step(ann(), h)
	require.ErrorIs(t, err, errStore)
	b.clock.now = noon.Add(time.Hour)
	_, err = b.Purge(ann(), b.clock.now, 0)
	require.NoError(t, err)
	n, err := r.Step(ann(), h)
	require.NoError(t, err)
	require.Zero(t, n)
	c, err := r.Status(ann(), "h")
	require.NoError(t, err)
	require.Nil(t, c.Failing)
}

// TestPurgeDuringStep: an event that is purged while the handler works does not carry the position past one
// that was not handled.
func TestPurgeDuringStep(t *testing.T) {
	b, r, rec := lived(t)
	later := b.raise(t, Raise{Title: "later"})
	h := &reader{name: "h"}
	h.do = func(_ context.Context, e itsm.Event) error {
		if e.Subject.ID == later.ID && len(h.seen) == 5 {
			h.do = nil
			_, err := b.Purge(ann(), noon.Add(time.Hour), 0)
			require.NoError(t, err)
			return errStore
		}
		return nil
	}
	_, err := r.Step(ann(), h)
	require.ErrorIs(t, err, errStore)
	_, err = b.Get(ann(), rec.ID)
	require.ErrorIs(t, err, itsm.ErrNotFound)
	b.clock.now = noon.Add(time.Minute)
	require.NoError(t, r.Run(ann(), h))
	require.Equal(t, append(append([]string{}, whole...), "raise1"), h.seen)
}

// TestTwoRelays: two relays of one consumer do not both move it.
func TestTwoRelays(t *testing.T) {
	_, r, _ := lived(t)
	h := &reader{name: "h"}
	h.do = func(context.Context, itsm.Event) error {
		h.do = nil
		_, err := r.Step(ann(), h)
		require.NoError(t, err)
		return nil
	}
	_, err := r.Step(ann(), h)
	require.ErrorIs(t, err, itsm.ErrConflict)
	c, err := r.Status(ann(), "h")
	require.NoError(t, err)
	require.EqualValues(t, 5, c.Handled)
}
