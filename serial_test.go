package itsm_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/store/memory"
)

// tickets is how many tickets there are, as a fact.
type tickets interface{ count() int64 }

// counted is marked as a fact that another's write can make untrue, plain is not.
type (
	counted int64
	plain   int64
)

func (n counted) count() int64 { return int64(n) }
func (n plain) count() int64   { return int64(n) }
func (counted) Serial()        {}

// single is a desk whose guard lets one ticket be opened and no other. meanwhile is called when the facts have been loaded,
// with a context of its own, unless that is within a transaction.
func single(t *testing.T, facts func(int64) any, meanwhile func(*bench)) *bench {
	d := ticketDeclaration(t)
	d.Actions[0] = itsm.Do(Raise{}, func(_ *Ticket, m itsm.Moment) error {
		if m.Facts.(tickets).count() > 0 {
			return itsm.Deny("one_is_enough")
		}
		return nil
	})
	k, err := itsm.NewKind("ticket", d)
	require.NoError(t, err)
	var b *bench
	b = benchOn(t, k, memory.New(), itsm.AllowAll|itsm.AllowImport, func(c *itsm.Config[Ticket]) {
		repo := memory.For(memory.New(), k)
		c.Repository = repo
		c.Facts = func(ctx context.Context, _ *Ticket, a itsm.Action[Ticket]) (any, error) {
			if _, opens := a.(Raise); !opens {
				return nil, nil
			}
			counts, err := repo.Count(ctx, itsm.Scope{}, itsm.Query[Ticket]{})
			if meanwhile != nil && !itsm.InTx(ctx) {
				meanwhile(b)
			}
			return facts(counts.Total), err
		}
	})
	return b
}

// TestSerialFacts: a rival who writes between the loading of the facts and the storing is seen where the facts are
// serial, and is not where they are not.
func TestSerialFacts(t *testing.T) {
	for name, tt := range map[string]struct {
		facts func(int64) any
		want  int64
	}{
		"serial": {func(n int64) any { return counted(n) }, 1},
		"plain":  {func(n int64) any { return plain(n) }, 2},
	} {
		t.Run(name, func(t *testing.T) {
			depth := 0
			b := single(t, tt.facts, func(b *bench) {
				if depth++; depth == 1 { // the rival has no rival
					_, err := b.Open(ann(), Raise{Title: "rival"})
					require.NoError(t, err)
				}
			})
			_, err := b.Open(ann(), Raise{Title: "t"})
			if tt.want == 1 {
				require.ErrorIs(t, err, itsm.ErrNotAllowed)
				require.ErrorContains(t, err, "one is enough")
			} else {
				require.NoError(t, err)
			}
			counts, err := b.Count(ann(), itsm.Query[Ticket]{})
			require.NoError(t, err)
			require.Equal(t, tt.want, counts.Total)
		})
	}
}

// TestSerialAtOnce: of many at once one is let through.
func TestSerialAtOnce(t *testing.T) {
	for range 50 {
		b := single(t, func(n int64) any { return counted(n) }, nil)
		var wg sync.WaitGroup
		for range 8 {
			wg.Go(func() {
				_, err := b.Open(ann(), Raise{Title: "t"})
				if err != nil && !errors.Is(err, itsm.ErrNotAllowed) {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		counts, err := b.Count(ann(), itsm.Query[Ticket]{})
		require.NoError(t, err)
		require.EqualValues(t, 1, counts.Total)
	}
}

// TestSerialElsewhere: the attempt that is made again opens the same record; a batch and a caller's transaction, who answer
// for the facts themselves, load them once.
func TestSerialElsewhere(t *testing.T) {
	made, loaded := 0, 0
	k, store := ticketKind(t), memory.New()
	d, err := itsm.NewDesk(k, itsm.Config[Ticket]{Repository: memory.For(store, k), Policy: itsm.AllowAll | itsm.AllowImport,
		NewID: func(time.Time) itsm.ID { made++; return itsm.ID{1, byte(made)} },
		Facts: func(context.Context, *Ticket, itsm.Action[Ticket]) (any, error) { loaded++; return counted(0), nil }})
	require.NoError(t, err)
	loads := func(want int, do func() error) {
		t.Helper()
		loaded = 0
		require.NoError(t, do())
		require.Equal(t, want, loaded)
	}
	loads(2, func() error { _, err := d.Open(ann(), Raise{Title: "t"}); return err })
	require.Equal(t, 1, made)
	batch := d.Batch()
	loads(1, func() error { _, err := batch.Open(ann(), Raise{Title: "t"}); return err })
	require.NoError(t, batch.Save(ann()))
	loads(1, func() error { _, _, err := d.Prepare(ann(), itsm.ID{}, Raise{Title: "t"}); return err })
	loads(1, func() error {
		return store.InTx(ann(), func(ctx context.Context) error { _, err := d.Open(ctx, Raise{Title: "t"}); return err })
	})
	loads(1, func() error { return d.Check(ann(), itsm.ID{}, Raise{Title: "t"}) })
}
