package memory_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/itsmkit/itsm"
	"github.com/stretchr/testify/require"
)

// failing is a handler that always fails.
type failing struct{}

func (failing) Consumer() string { return "failing" }
func (failing) Kinds() []string  { return nil }
func (failing) Handle(context.Context, []itsm.Event) (int, error) {
	return 0, errors.New("down")
}

// collect is a handler that fails on the events it is told to.
type collect struct {
	seen []string
	bad  map[int64]bool
}

func (*collect) Consumer() string { return "collect" }
func (*collect) Kinds() []string  { return []string{"task"} }
func (c *collect) Handle(ctx context.Context, events []itsm.Event) (int, error) {
	if a, ok := itsm.ActorFrom(ctx); !ok || !a.IsSystem() {
		return 0, errors.New("want the system")
	}
	return itsm.Each(events, func(e itsm.Event) error {
		if c.bad[e.Version] {
			panic("cannot")
		}
		c.seen = append(c.seen, fmt.Sprint(e.Action, e.Version))
		return nil
	})
}

func TestRelay(t *testing.T) {
	d, s, _ := newDesk(t)
	rec, err := d.Open(ann(), add{Title: "t"})
	require.NoError(t, err)
	for range 3 {
		_, err = d.Do(ann(), rec.ID, set{Title: "u"})
		require.NoError(t, err)
	}
	now := time.Now()
	relay := itsm.NewRelay(s)
	relay.Clock = func() time.Time { return now }
	h := &collect{bad: map[int64]bool{3: true}}
	lag, err := relay.Lag(ann(), h)
	require.NoError(t, err)
	require.Equal(t, 4, lag.Events)
	err = relay.Run(ann(), h, failing{})
	var failed *itsm.HandlerError
	require.ErrorAs(t, err, &failed)
	require.Equal(t, []string{"add1", "set2"}, h.seen)
	c, err := relay.Status(ann(), "collect")
	require.NoError(t, err)
	require.EqualValues(t, 3, c.Failing.Version)
	require.Equal(t, 1, c.Attempts)
	require.Contains(t, c.Error, "panicked")
	n, err := relay.Step(ann(), h)
	require.NoError(t, err, "it waits for its next try")
	require.Zero(t, n)
	now = now.Add(time.Second)
	_, err = relay.Step(ann(), h)
	require.Error(t, err)
	c, err = relay.Status(ann(), "collect")
	require.NoError(t, err)
	require.Equal(t, 2, c.Attempts)
	require.Equal(t, now.Add(2*time.Second).UnixMilli(), c.Next.UnixMilli())
	require.NoError(t, relay.Park(ann(), h, "known fault"))
	require.NoError(t, relay.Run(ann(), h))
	require.Equal(t, []string{"add1", "set2", "set4"}, h.seen)
	h.bad = nil
	n, err = relay.Replay(ann(), h)
	require.NoError(t, err)
	require.Equal(t, 1, n)
	require.Equal(t, []string{"add1", "set2", "set4", "set3"}, h.seen)
	require.ErrorIs(t, relay.Park(ann(), h, "again"), itsm.ErrNotAllowed)
	lag, err = relay.Lag(ann(), h)
	require.NoError(t, err)
	require.Zero(t, lag)
}
