package cmdb_test

import (
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/asset/cmdb"
)

// BenchmarkHistory reads a past of 2,000 items with 5 events each and 2,000 relations: all of it at once, and for
// comparison record by record as a desk does. The unit is one event.
func BenchmarkHistory(b *testing.B) {
	r := newRoom(&testing.T{}, sourced)
	const items, edits = 2000, 4
	var made []cmdb.Item
	for i := range items {
		x, err := r.Items.Open(r.ctx(), cmdb.Register{Item: cmdb.Particulars{Class: "server", Title: "s" + strconv.Itoa(i), Serial: "S" + strconv.Itoa(i)}})
		require.NoError(b, err)
		if made = append(made, x); i > 0 {
			_, err = r.Connect(r.ctx(), x.Ref(cmdb.ItemName), "depends_on", made[i/2].Ref(cmdb.ItemName))
			require.NoError(b, err)
		}
	}
	base, err := r.TakeBaseline(r.ctx(), cmdb.ProposeBaseline{Title: "b"})
	require.NoError(b, err)
	for n := range edits {
		r.now = r.now.Add(time.Hour)
		for _, x := range made {
			v, err := itsm.AttributesOf(map[string]any{"location": strconv.Itoa(n), "cores": n})
			require.NoError(b, err)
			_, err = r.Items.Do(r.ctx(), x.ID, cmdb.Observe{Source: "scan", Values: v})
			require.NoError(b, err)
		}
	}
	const events = items*(1+edits) + items - 1
	run := func(name string, do func() error) {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				require.NoError(b, do())
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/events, "ns/event")
		})
	}
	run("at", func() error { _, err := r.At(r.ctx(), r.now); return err })
	run("record by record", func() error {
		for _, x := range made {
			if _, err := r.Items.AsOf(r.ctx(), x.ID, r.now); err != nil {
				return err
			}
		}
		return nil
	})
	run("verify", func() error { _, err := r.Verify(r.ctx(), base.ID); return err })
	run("drift", func() error { _, err := r.Drift(r.ctx(), cmdb.DriftQuery{Baseline: base.ID}); return err })
	run("health", func() error { _, err := r.Health(r.ctx(), cmdb.HealthRules{}); return err })
}
