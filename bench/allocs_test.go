//go:build !race

package bench_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/incident"
)

// TestAllocations holds the allocations of a whole action, on which a busy machine has no influence. The race
// detector has: it empties pools at random.
func TestAllocations(t *testing.T) {
	for _, c := range []struct {
		name  string
		lists bool
		pair  *[2]itsm.Action[incident.Incident]
		most  float64
	}{
		{"hold", false, &holds, 12},
		{"assign", false, &assigns, 12},
		{"hold with lists", true, &holds, 18},
		{"assign with lists", true, &assigns, 18},
	} {
		t.Run(c.name, func(t *testing.T) {
			s, ctx, i := newSubject(t, records, c.lists), acting(), 0
			got := testing.AllocsPerRun(10*records, func() {
				id, a := turn(c.pair, s.ids, i)
				i++
				if _, err := s.desk.Do(ctx, id, a); err != nil {
					t.Fatal(err)
				}
			})
			require.LessOrEqual(t, got, c.most)
			t.Logf("%v allocations", got)
		})
	}
}
