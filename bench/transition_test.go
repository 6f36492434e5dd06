package bench_test

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/itsmkit/itsm/incident"
	"github.com/itsmkit/itsm/lifecycle"
)

// core is the part of the incident's lifecycle with eight states, "no record yet" among them, and ten actions:
// about the size for which the peers publish no figures of their own, and a table of which one would make a
// machine by hand.
func core() []lifecycle.Rule {
	on := []string{"report", "assign", "accept", "start", "hold", "resume", "resolve", "close", "reopen", "cancel"}
	return slices.DeleteFunc(incident.Rules(), func(r lifecycle.Rule) bool { return !slices.Contains(on, r.On) })
}

// BenchmarkTransition is one accepted transition and nothing else: no record, no event, no permission. The limits
// are the same table as a map and as a list; by their ratio to the limits the peers are compared with what they
// are known to cost.
func BenchmarkTransition(b *testing.B) {
	table := pairsOf(core())
	b.Run("map", func(b *testing.B) {
		type cell struct{ from, on string }
		m := map[cell]string{}
		for _, p := range table {
			m[cell{p.from, p.on}] = p.to
		}
		measure(b, func(i int) error {
			hop := &hops[i%2]
			if m[cell{hop.from, hop.on}] != hop.to {
				b.Fatal("refused")
			}
			return nil
		})
	})
	b.Run("scan", func(b *testing.B) {
		measure(b, func(i int) error {
			hop := &hops[i%2]
			for j := range table {
				if p := &table[j]; p.from == hop.from && p.on == hop.on {
					return nil
				}
			}
			b.Fatal("refused")
			return nil
		})
	})
	l, err := lifecycle.New(core(), incident.Closed, incident.Cancelled)
	require.NoError(b, err)
	b.Run("itsm-allows", func(b *testing.B) {
		measure(b, func(i int) error {
			hop := &hops[i%2]
			if !l.Allows(lifecycle.State(hop.from), hop.on) {
				b.Fatal("refused")
			}
			return nil
		})
	})
	b.Run("itsm-fire", func(b *testing.B) {
		measure(b, func(i int) error {
			hop := &hops[i%2]
			_, err := l.Fire(lifecycle.State(hop.from), hop.on, "")
			return err
		})
	})
	b.Run("looplab-pooled", func(b *testing.B) { looplabPooled(b, table) })
	b.Run("looplab-new", func(b *testing.B) { looplabNew(b, table) })
	b.Run("stateless-shared", func(b *testing.B) { statelessShared(b, table) })
	b.Run("stateless-configured", func(b *testing.B) { statelessConfigured(b, table) })
}
