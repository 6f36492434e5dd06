package memory_test

import (
	"context"
	"errors"
	"io"
	"testing"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/store/archive"
	"github.com/itsmkit/itsm/store/memory"
	"github.com/stretchr/testify/require"
)

// TestTransactionOfAnotherStore: a transaction is one store's; another takes no part in it.
func TestTransactionOfAnotherStore(t *testing.T) {
	a, b := newYear(t, kind(t), memory.New()), newYear(t, kind(t), memory.New())
	undone := errors.New("undone")
	err := a.store.InTx(ann(), func(ctx context.Context) error {
		_, err := a.desk.Open(ctx, add{Title: "a"})
		require.NoError(t, err)
		_, err = b.desk.Open(ctx, add{Title: "b"})
		require.NoError(t, err)
		return undone
	})
	require.ErrorIs(t, err, undone)
	for y, want := range map[*year]int64{a: 0, b: 1} {
		counts, err := y.repo.Count(ann(), itsm.Scope{}, itsm.Query[task]{})
		require.NoError(t, err)
		require.Equal(t, want, counts.Total)
	}
}

// TestContextAfterTransaction: the context of a transaction that has ended is refused instead of writing beside it.
func TestContextAfterTransaction(t *testing.T) {
	y := newYear(t, kind(t), memory.New())
	var kept context.Context
	require.NoError(t, y.store.InTx(ann(), func(ctx context.Context) error {
		kept = ctx
		return nil
	}))
	_, err := y.desk.Open(kept, add{Title: "late"})
	require.ErrorContains(t, err, "the transaction of this context has ended")
	require.ErrorContains(t, y.store.InTx(kept, func(context.Context) error { return nil }), "has ended")
	require.ErrorContains(t, archive.Export(kept, y.store, io.Discard), "has ended")
}

// TestErasureUndone: what a transaction redacted and purged comes back whole, with its place in every index.
func TestErasureUndone(t *testing.T) {
	y := newYear(t, kind(t), memory.New())
	for n, what := range []string{"open", "open", "set", "end", "open"} {
		require.NoError(t, y.do(step{what: what, text: "mail", key: "k1", at: n, n: n}))
	}
	before := y.picture(t)
	undone := errors.New("undone")
	for range 2 {
		err := y.store.InTx(of(""), func(ctx context.Context) error {
			for _, id := range y.ids {
				found, err := y.repo.Get(ctx, itsm.Scope{}, id)
				require.NoError(t, err)
				require.NoError(t, y.repo.Erase(ctx, itsm.Scope{}, itsm.Erasure[task]{Of: found[0].Ref("task"), Version: found[0].Version}))
			}
			counts, err := y.repo.Count(ctx, itsm.Scope{}, itsm.Query[task]{})
			require.NoError(t, err)
			require.Zero(t, counts.Total)
			_, err = y.desk.Open(ctx, add{Title: "mail", Code: "x"})
			require.NoError(t, err)
			return undone
		})
		require.ErrorIs(t, err, undone)
		require.Equal(t, before, y.picture(t))
	}
}

// TestNestedPanic: a panic that is caught between two transactions undoes the inner one alone.
func TestNestedPanic(t *testing.T) {
	y := newYear(t, kind(t), memory.New())
	require.NoError(t, y.store.InTx(ann(), func(ctx context.Context) error {
		_, err := y.desk.Open(ctx, add{Title: "outer", Code: "o"})
		require.NoError(t, err)
		require.PanicsWithValue(t, "stop", func() {
			_ = y.store.InTx(ctx, func(ctx context.Context) error {
				_, err := y.desk.Open(ctx, add{Title: "inner", Code: "i"})
				require.NoError(t, err)
				panic("stop")
			})
		})
		return nil
	}))
	page, err := y.repo.Find(ann(), itsm.Scope{}, itsm.Query[task]{}.Sorted(byCode.Asc()), itsm.PageRequest{})
	require.NoError(t, err)
	require.Len(t, page.Items, 1)
	require.Equal(t, "outer", page.Items[0].Title)
	events, _, err := y.store.Since(ann(), "", 10)
	require.NoError(t, err)
	require.Len(t, events, 1)
}
