package bench_test

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/asset/cmdb"
	"github.com/itsmkit/itsm/store/memory"
)

// BenchmarkReconcile imports what a discovery tool reports of servers, eight values each, into the memory store: items
// that are new (beside the same items opened by the batch alone), items of which it says what it said before, items of
// which one value has changed, and what a night brings: one in twenty has changed, one in a hundred is new.
func BenchmarkReconcile(b *testing.B) {
	n := 50_000
	if testing.Short() {
		n = 2_000
	}
	run := func(d *cmdb.Database, rows []cmdb.Row, want cmdb.Result) error {
		sum, err := d.Import(itsm.System(context.Background(), "acme"), cmdb.Each(rows...), cmdb.Import{Source: "scan"})
		if err == nil && sum.Of(want) != len(rows) {
			err = fmt.Errorf("%d of %d are %s: %v", sum.Of(want), len(rows), want, sum.Counts)
		}
		return err
	}
	was, is := servers(b, 0, n, 32), servers(b, 0, n, 64)
	b.Run("new", func(b *testing.B) {
		measure(b, func(int) error {
			return run(estateStore(b), was, cmdb.Created)
		})
		perRow(b, n)
	})
	b.Run("new/actions", func(b *testing.B) { // the limit: the same items opened in batches, without looking for them
		measure(b, func(int) error {
			return openAll(estateStore(b), was)
		})
		perRow(b, n)
	})
	b.Run("unchanged", func(b *testing.B) {
		d := estateStore(b)
		require.NoError(b, run(d, was, cmdb.Created))
		measure(b, func(int) error { return run(d, was, cmdb.Unchanged) })
		perRow(b, n)
	})
	b.Run("changed", func(b *testing.B) {
		d := estateStore(b)
		require.NoError(b, run(d, was, cmdb.Created))
		measure(b, func(int) error {
			was, is = is, was
			return run(d, was, cmdb.Changed)
		})
		perRow(b, n)
	})
	b.Run("night", func(b *testing.B) {
		d := estateStore(b)
		require.NoError(b, run(d, was, cmdb.Created))
		rows, fresh := slices.Concat(was, was[:n/100]), n
		measure(b, func(int) error {
			was, is = is, was
			for i := 0; i < n; i += 20 {
				rows[i] = was[i]
			}
			copy(rows[n:], servers(b, fresh, n/100, 32))
			fresh += n / 100
			sum, err := d.Import(itsm.System(context.Background(), "acme"), cmdb.Each(rows...), cmdb.Import{Source: "scan"})
			if err == nil && (sum.Of(cmdb.Created) != n/100 || sum.Of(cmdb.Changed) != n/20) {
				err = fmt.Errorf("%v", sum.Counts)
			}
			return err
		})
		perRow(b, len(rows))
	})
}

// openAll does what an import of new items does to the store.
func openAll(d *cmdb.Database, rows []cmdb.Row) error {
	ctx, batch := itsm.System(context.Background(), "acme"), d.Items.Batch()
	for i, row := range rows {
		if _, err := batch.Open(ctx, cmdb.Discover{Class: row.Class, Source: "scan", Key: row.Key, Values: row.Values}); err != nil {
			return err
		}
		if i%500 == 499 || i == len(rows)-1 {
			if err := batch.Save(ctx); err != nil {
				return err
			}
		}
	}
	return nil
}

func estateStore(b *testing.B) *cmdb.Database {
	store := memory.New()
	d, err := cmdb.New(cmdb.Config{Items: memory.For(store, cmdb.ItemKind()), Relations: memory.For(store, cmdb.RelationKind()), Saver: store,
		Policy: itsm.AllowAll, Clock: func() time.Time { return time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC) },
		Reconciliation: cmdb.Reconciliation{Sources: []cmdb.Source{{Name: "scan"}}}})
	require.NoError(b, err)
	return d
}

// servers are n rows of a scan.
func servers(b *testing.B, from, n, memory int) []cmdb.Row {
	rows := make([]cmdb.Row, n)
	for at := range rows {
		i := from + at
		values, err := itsm.AttributesOf(map[string]any{"serial": fmt.Sprintf("CZJ%07d", i), "host": fmt.Sprintf("srv%06d", i), "domain": "example.net",
			"address": fmt.Sprintf("10.%d.%d.%d", i>>16, i>>8&255, i&255), "manufacturer": "HPE", "product": "ProLiant DL380", "cores": 16, "memory_gb": memory})
		require.NoError(b, err)
		rows[at] = cmdb.Row{Line: i + 2, Class: "server", Key: fmt.Sprintf("asset-%d", i), Values: values}
	}
	return rows
}
