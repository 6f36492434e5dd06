package itsm_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/store/memory"
	"github.com/stretchr/testify/require"
)

// TestNumbering: numbers are a tenant's series, drawn at the opening or by the action that is declared for it,
// and stay ahead of those that were imported.
func TestNumbering(t *testing.T) {
	b := newBench(t, everything)
	require.Equal(t, "TKT0000001", b.raise(t, Raise{}).Number)
	require.Equal(t, "TKT0000007", b.raise(t, Raise{}, itsm.Numbered("TKT0000007")).Number)
	require.Equal(t, "TKT0000008", b.raise(t, Raise{}).Number)
	require.Equal(t, "OLD-1", b.raise(t, Raise{}, itsm.Numbered("OLD-1")).Number)
	_, err := b.Open(ann(), Raise{Title: "t"}, itsm.Numbered("OLD-1"))
	var taken *itsm.DuplicateError
	require.ErrorAs(t, err, &taken)
	require.Equal(t, itsm.IndexNumber, taken.Index)
	require.Equal(t, "OLD-1", taken.Value)
	rec, err := b.Open(as("ann", "blue"), Raise{Title: "t"})
	require.NoError(t, err)
	require.Equal(t, "TKT0000001", rec.Number)

	d := ticketDeclaration(t)
	d.Number = itsm.Numbering{Prefix: "F-", Digits: 3, On: "finish", GapFree: true}
	k, err := itsm.NewKind("ticket", d)
	require.NoError(t, err)
	b = benchOn(t, k, memory.New(), itsm.AllowAll)
	rec = b.raise(t, Raise{})
	require.Empty(t, rec.Number)
	rec, err = b.Do(ann(), rec.ID, Finish{Code: "c"})
	require.NoError(t, err)
	require.Equal(t, "F-001", rec.Number)
	rec, err = b.Do(ann(), rec.ID, Reopen{})
	require.NoError(t, err)
	rec, err = b.Do(ann(), rec.ID, Finish{Code: "c"})
	require.NoError(t, err)
	require.Equal(t, "F-001", rec.Number, "a record is numbered once")
	b.stored(t, "", rec.ID)
}

// TestImportIsRefusedByDefault: dating back, another author, a number of its own and batches are permissions
// of their own, each alone.
func TestImportIsRefusedByDefault(t *testing.T) {
	for want, do := range map[itsm.Permission]func(*bench) error{
		itsm.Backdate: func(b *bench) error {
			_, err := b.Open(ann(), Raise{Title: "t"}, itsm.At(noon.Add(-time.Hour)))
			return err
		},
		itsm.OnBehalf: func(b *bench) error {
			_, err := b.Open(ann(), Raise{Title: "t"}, itsm.By(itsm.Actor{ID: "bo"}))
			return err
		},
		itsm.Import: func(b *bench) error { _, err := b.Open(ann(), Raise{Title: "t"}, itsm.Numbered("X1")); return err },
		itsm.Redact: func(b *bench) error {
			_, err := b.Redact(ann(), b.raise(t, Raise{}).ID, itsm.Redaction{Paths: []string{"title"}, Reason: "r"})
			return err
		},
		itsm.Purge: func(b *bench) error { _, err := b.Purge(ann(), noon, 0); return err },
	} {
		one := map[itsm.Permission]itsm.Permissive{itsm.Backdate: itsm.AllowBackdate, itsm.OnBehalf: itsm.AllowOnBehalf,
			itsm.Import: itsm.AllowImport, itsm.Redact: itsm.AllowRedact, itsm.Purge: itsm.AllowPurge}[want]
		err := do(newBench(t, everything&^one))
		require.ErrorIs(t, err, itsm.ErrForbidden, want)
		require.ErrorContains(t, err, "ann may not "+string(want)+" on ticket", want)
		require.NoError(t, do(newBench(t, itsm.AllowAll|one)), want)
	}
	b := newBench(t, itsm.AllowAll)
	_, err := b.Batch().Open(ann(), Raise{Title: "t"})
	require.ErrorIs(t, err, itsm.ErrForbidden)
	require.ErrorIs(t, b.ForgetKeys(ann(), noon.AddDate(-1, 0, 0)), itsm.ErrForbidden)
	rec, err := b.Open(itsm.System(context.Background(), ""), Raise{Title: "t"}, itsm.At(noon.Add(-time.Hour)), itsm.By(itsm.Actor{ID: "bo", Name: "Bo"}), itsm.Numbered("X1"), itsm.External("sn/1"))
	require.NoError(t, err, "background work is not asked")
	now, events := b.stored(t, "", rec.ID)
	require.Equal(t, noon.Add(-time.Hour), now.CreatedAt)
	require.Equal(t, "X1", now.Number)
	require.Equal(t, "sn/1", now.External)
	require.Equal(t, itsm.Actor{ID: "bo", Name: "Bo"}, events[0].Actor)
	require.Equal(t, itsm.SystemID, events[0].RecordedBy)
	require.Equal(t, noon, events[0].RecordedAt)
	page, err := b.Find(ann(), itsm.Where(itsm.ByExternal[Ticket]().Is("sn/1")), itsm.PageRequest{})
	require.NoError(t, err)
	require.Len(t, page.Items, 1)
}

// TestBatch: cases are stored in one write, with the numbers that are drawn then; a conflict keeps the batch.
func TestBatch(t *testing.T) {
	b := newBench(t, everything)
	batch := b.Batch()
	var ids []itsm.ID
	for i := range 3 {
		at := noon.Add(time.Duration(i-10) * time.Hour)
		rec, err := batch.Open(ann(), Raise{Title: fmt.Sprint(i)}, itsm.At(at), itsm.External(fmt.Sprint("x", i)))
		require.NoError(t, err)
		require.Empty(t, rec.Number)
		_, err = batch.Do(ann(), rec.ID, Start{}, itsm.At(at.Add(time.Minute)), itsm.By(itsm.Actor{ID: "bo"}))
		require.NoError(t, err)
		_, err = batch.Do(ann(), rec.ID, Start{}, itsm.At(at.Add(time.Minute)))
		require.ErrorIs(t, err, itsm.ErrNotAllowed, "the same rules")
		_, err = batch.Do(ann(), rec.ID, itsm.Comment[Ticket]{Text: "c"}, itsm.At(at))
		require.Equal(t, "at:before_last_event", code(t, err))
		_, err = batch.Do(ann(), rec.ID, Finish{Code: "c"})
		require.NoError(t, err)
		ids = append(ids, rec.ID)
	}
	require.Equal(t, 9, batch.Len())
	_, err := batch.Open(as("ann", "blue"), Raise{Title: "t"})
	require.ErrorIs(t, err, itsm.ErrForbidden)
	b.repo.before = func(string) error { return errStore }
	require.ErrorIs(t, batch.Save(ann()), errStore)
	b.repo.heal()
	require.Zero(t, b.events(t))
	require.Equal(t, 9, batch.Len())
	require.NoError(t, batch.Save(ann()))
	require.Zero(t, batch.Len())
	for i, id := range ids {
		rec, events := b.stored(t, "", id)
		require.Equal(t, fmt.Sprintf("TKT%07d", i+1), rec.Number)
		require.Equal(t, stateDone, rec.State)
		require.Len(t, events, 3)
		for _, e := range events {
			require.Equal(t, rec.Number, e.Number)
			require.Equal(t, noon, e.RecordedAt)
		}
		page, err := b.Find(ann(), itsm.Where(itsm.ByNumber[Ticket]().Is(rec.Number)), itsm.PageRequest{})
		require.NoError(t, err)
		require.Len(t, page.Items, 1)
	}
	require.NoError(t, batch.Save(ann()), "an empty one")
	_, err = batch.Do(ann(), ids[0], Reopen{})
	require.NoError(t, err, "a stored record")
	_, err = b.Do(ann(), ids[0], Reopen{})
	require.NoError(t, err)
	require.ErrorIs(t, batch.Save(ann()), itsm.ErrConflict)
	require.Equal(t, 1, batch.Len())
	batch.Discard()
	require.Zero(t, batch.Len())
}

// TestBatchAgain: a store that refuses a batch may have drawn numbers for it before. They are anybody's then, and the next try
// draws others.
func TestBatchAgain(t *testing.T) {
	for name, save := range map[string]func(*bench, *itsm.Batch[Ticket]) error{
		"Save": func(_ *bench, batch *itsm.Batch[Ticket]) error { return batch.Save(ann()) },
		"Writes": func(b *bench, batch *itsm.Batch[Ticket]) error {
			return b.store.SaveAll(ann(), itsm.Scope{}, batch.Writes())
		},
	} {
		b := newBench(t, everything)
		taken := b.raise(t, Raise{}, itsm.External("x"))
		batch := b.Batch()
		one, err := batch.Open(ann(), Raise{Title: "one"})
		require.NoError(t, err)
		_, err = batch.Open(ann(), Raise{Title: "two"}, itsm.External("x"))
		require.NoError(t, err)
		require.ErrorIs(t, save(b, batch), itsm.ErrDuplicate, name)
		_, err = b.Redact(ann(), taken.ID, itsm.Redaction{Paths: []string{"external"}, Reason: "r"})
		require.NoError(t, err)
		require.Equal(t, "TKT0000002", b.raise(t, Raise{}).Number)
		_, err = batch.Do(ann(), one.ID, Start{})
		require.NoError(t, err)
		require.NoError(t, save(b, batch), name)
		rec, events := b.stored(t, "", one.ID)
		require.Equal(t, "TKT0000003", rec.Number)
		for _, e := range events {
			require.Equal(t, rec.Number, e.Number)
		}
	}
}
