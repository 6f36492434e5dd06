package report

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestFlowDoesNotOverlap draws random lifecycles and checks what newFlow promises: no two arrows use the same
// place on a state, no two level parts lie on each other, and no number stands where an upright part is.
func TestFlowDoesNotOverlap(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	for range 300 {
		r := &Report{InitialStates: map[string]int{}}
		for i := range 1 + random.IntN(9) {
			r.States = append(r.States, fmt.Sprint("state ", i))
		}
		for _, from := range r.States {
			if random.IntN(3) == 0 {
				r.InitialStates[from] = 1 + random.IntN(1e6)
			}
			for _, to := range r.States {
				if random.IntN(2) == 0 {
					r.Transitions = append(r.Transitions, Transition{From: from, To: to, Count: random.IntN(1e6)})
				}
			}
		}
		f := newFlow(r)
		require.LessOrEqual(t, len(f.edges), mostEdges)
		checkFlow(t, f)
	}
}

func checkFlow(t *testing.T, f *flow) {
	t.Helper()
	type port struct {
		above bool
		x     float64
	}
	ports := map[port]bool{}
	for i, e := range f.edges {
		require.Equal(t, e.straight(), e.level == 0)
		if e.level == 0 {
			continue
		}
		for node, x := range map[int]float64{e.from: e.x1, e.to: e.x2} {
			n := f.nodes[node]
			require.True(t, n.x+e.width/2 <= x && x <= n.x+n.width-e.width/2, "a place beside its state")
			p := port{e.level > 0, x}
			require.False(t, ports[p], "two arrows at one place")
			ports[p] = true
		}
		low, high := min(e.x1, e.x2), max(e.x1, e.x2)
		for _, o := range f.edges[:i] {
			if o.level == e.level {
				require.True(t, max(o.x1, o.x2) < low || high < min(o.x1, o.x2), "two arrows on one level")
			}
		}
		from := f.nodes[e.from]
		label := from.x + from.width + f.gap/2
		if !e.forward() {
			label = from.x - f.gap/2
		}
		require.True(t, low < label && label < high, "a number beside its arrow")
		for _, n := range f.nodes {
			require.True(t, label+40 <= n.x || n.x+n.width <= label-40, "a number above a state")
		}
	}
}

func TestLump(t *testing.T) {
	require.Equal(t, []lumped{{"0", 5}, {"1", 0}, {"2", 1}, {"3+", 9}},
		lump([]Frequency{{0, 5}, {2, 1}, {3, 4}, {27, 5}}, 2))
	require.Empty(t, lump(nil, 9))
}

func TestTicks(t *testing.T) {
	for most, want := range map[float64][]float64{
		0: {0, 1}, 1: {0, 1}, 3: {0, 1, 2, 3}, 4007: {0, 1000, 2000, 3000, 4000, 5000}, 11: {0, 5, 10, 15},
	} {
		require.Equal(t, want, ticks(most, 5))
	}
	require.Equal(t, []float64{0, 0.5, 1, 1.5, 2, 2.5, 3}, hourTicks(3))
	require.Equal(t, []float64{0, 48, 96, 144}, hourTicks(121))
	require.Equal(t, []float64{0, 0.25}, hourTicks(0))
}

func TestNumbers(t *testing.T) {
	require.Equal(t, []string{"0", "999", "1,000", "90,268", "−1,234,567"},
		[]string{number(0), number(999), number(1000), number(90268), number(-1234567)})
	require.Equal(t, []string{"–", "0 %", "50 %", "0.26 %", "53.7 %"},
		[]string{percent(1, 0), percent(0, 5), percent(1, 2), percent(26, 10000), percent(537, 1000)})
	require.Equal(t, []string{"In progress", "Awaiting User Info", "(none)", "1   critical"},
		[]string{label("in_progress"), label("Awaiting User Info"), label(""), label("1 - critical")})
}

func TestThin(t *testing.T) {
	weeks := []Week{{Week: "1", Starts: "a", Opened: 1, Backlog: 5}, {Week: "2", Opened: 2, Backlog: 3}, {Week: "3", Starts: "c", Opened: 4, Backlog: 1}}
	list, per := thin(weeks, 2)
	require.Equal(t, 2, per)
	require.Equal(t, []Week{{Week: "2", Starts: "a", Opened: 3, Backlog: 3}, weeks[2]}, list)
}
