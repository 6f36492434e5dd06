package bench_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/itsmkit/itsm"
)

// handler counts events and does nothing else.
type handler struct {
	name string
	seen int
}

func (h *handler) Consumer() string { return h.name }
func (h *handler) Kinds() []string  { return nil }

func (h *handler) Handle(_ context.Context, events []itsm.Event) (int, error) {
	h.seen += len(events)
	return len(events), nil
}

// BenchmarkEvents reads the log: -since all events in pages of 500, -relay the same through a relay with a
// handler that does nothing, -history the events of one record through the desk.
func BenchmarkEvents(b *testing.B) {
	s, ctx := newSubject(b, records, false), acting()
	for i := range 50 * records {
		id, a := turn(&holds, s.ids, i)
		_, err := s.desk.Do(ctx, id, a)
		require.NoError(b, err)
	}
	const events = 50*records + 3*records // with report, assign and start
	perEvent := func(b *testing.B, n int) {
		b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(n), "ns/event")
	}
	b.Run("since", func(b *testing.B) {
		measure(b, func(int) error {
			n, at := 0, itsm.Position("")
			for {
				page, end, err := s.store.Since(ctx, at, 500)
				if err != nil {
					return err
				}
				if len(page) == 0 {
					break
				}
				n, at = n+len(page), end
			}
			if n != events {
				return fmt.Errorf("%d events, want %d", n, events)
			}
			return nil
		})
		perEvent(b, events)
	})
	b.Run("relay", func(b *testing.B) {
		relay := itsm.NewRelay(s.store)
		runs := 0
		measure(b, func(int) error {
			runs++
			h := &handler{name: fmt.Sprint("consumer", runs)}
			if err := relay.Run(ctx, h); err != nil {
				return err
			}
			if h.seen != events {
				return fmt.Errorf("%d events, want %d", h.seen, events)
			}
			return nil
		})
		perEvent(b, events)
	})
	b.Run("history", func(b *testing.B) {
		measure(b, func(i int) error {
			_, err := s.desk.History(ctx, s.ids[i%len(s.ids)], itsm.PageRequest{})
			return err
		})
		perEvent(b, 50)
	})
	b.Run("asof", func(b *testing.B) {
		rec, err := s.desk.Get(ctx, s.ids[0])
		require.NoError(b, err)
		measure(b, func(int) error {
			_, err := s.desk.AsOf(ctx, rec.ID, rec.UpdatedAt)
			return err
		})
		perEvent(b, 53)
	})
}

// BenchmarkOptions asks which actions are possible on a record, with the reasons where they are not.
func BenchmarkOptions(b *testing.B) {
	s, ctx := newSubject(b, 1, false), acting()
	rec, err := s.desk.Get(ctx, s.ids[0])
	require.NoError(b, err)
	measure(b, func(int) error {
		_, err := s.desk.Options(ctx, rec)
		return err
	})
}
