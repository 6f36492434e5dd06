package cmdb_test

import (
	"encoding/json"
	"fmt"
	"math"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/asset/cmdb"
	"github.com/itsmkit/itsm/internal/vectors"
)

// availability sums over every combination of items that fail by themselves.
func (e estate) availability(own map[itsm.Ref]float64) map[itsm.Ref]float64 {
	out := map[itsm.Ref]float64{}
	for set := range 1 << len(e.nodes) {
		p := 1.0
		var failed []itsm.Ref
		for i, n := range e.nodes {
			if set>>i&1 == 1 {
				failed = append(failed, n.Ref)
				p *= 1 - own[n.Ref]
			} else {
				p *= own[n.Ref]
			}
		}
		if p == 0 {
			continue
		}
		down := e.down(failed...)
		for _, n := range e.nodes {
			if !down[n.Ref] {
				out[n.Ref] += p
			}
		}
	}
	return out
}

func drawFigures(t *rapid.T, e estate) map[itsm.Ref]float64 {
	out := map[itsm.Ref]float64{}
	for _, n := range e.nodes {
		out[n.Ref] = rapid.SampledFrom([]float64{0, 1, 1, 0.5, 0.9, 0.99, 0.75, 0.3}).Draw(t, "own")
	}
	return out
}

func TestRapidAvailability(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		requireAvailability(t, drawEstate(t, 7))
	})
}

// Layers share much that no item is down without: what is above the limit has to be bounded.
func TestRapidAvailabilityOfLayers(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		e := estate{rules: testRules}
		for n := range 8 { // the top, three in the middle, four below
			node := cmdb.Node{Ref: item(n), Class: "other", Needs: []cmdb.Need{{Redundancy: rapid.SampledFrom(cmdb.Redundancies()).Draw(t, "redundancy")}}}
			inputs := []int{4, 5, 6, 7}
			if n == 0 {
				inputs = []int{1, 2, 3, 4, 5}
			} else if n > 3 {
				node.Needs, inputs = nil, nil
			}
			if len(inputs) > 0 && node.Needs[0].Redundancy != cmdb.AllOf && node.Needs[0].Redundancy != cmdb.AnyOf {
				node.Needs[0].Min = rapid.IntRange(1, 3).Draw(t, "min")
			}
			e.nodes = append(e.nodes, node)
			for _, from := range inputs {
				if rapid.IntRange(0, 3).Draw(t, "related") > 0 {
					e.edges = append(e.edges, cmdb.Edge{Source: item(n), Type: "runs_on", Target: item(from), Weight: rapid.IntRange(1, 3).Draw(t, "weight")})
				}
			}
		}
		requireAvailability(t, e)
	})
}

// requireAvailability compares what is exact with the oracle, and checks that bounds enclose it.
func requireAvailability(t *rapid.T, e estate) {
	own := drawFigures(t, e)
	figures := func(r itsm.Ref) (float64, bool) { return own[r], own[r] != 1 } // unknown ones never fail by themselves
	g, want := e.compile(t), e.availability(own)
	limit := rapid.IntRange(0, 3).Draw(t, "limit")
	for _, n := range e.nodes {
		got, err := g.Availability(n.Ref, figures)
		require.NoError(t, err)
		require.True(t, got.Exact)
		require.Empty(t, got.Loose)
		require.InDelta(t, want[n.Ref], got.Low, 1e-12, "%s", n.Ref)
		require.InDelta(t, want[n.Ref], got.High, 1e-12, "%s", n.Ref)
		for _, r := range got.Assumed {
			require.InDelta(t, 1, own[r], 0)
		}

		got, err = g.AvailabilityWithin(n.Ref, figures, limit)
		require.NoError(t, err)
		require.LessOrEqual(t, got.Low, want[n.Ref]+1e-12, "%s", n.Ref)
		require.GreaterOrEqual(t, got.High, want[n.Ref]-1e-12, "%s", n.Ref)
		require.LessOrEqual(t, len(got.Conditioned), limit)
		require.Equal(t, got.Exact, len(got.Loose) == 0)
		if got.Exact {
			require.InDelta(t, want[n.Ref], got.Low, 1e-12)
			require.InDelta(t, got.Low, got.High, 0)
		}
	}
}

// Thirty hosts in a ring carry thirty databases, each on one of two neighbours: more shared items than are conditioned
// on. A service that needs all databases is up while no two neighbours are down, which is known exactly: a circular
// consecutive-2-out-of-n:F system, whose reliability is the trace of the n-th power of a matrix of 2 by 2.
func TestAvailabilityBoundsWhereTooMuchIsShared(t *testing.T) {
	const p = 0.999
	for _, n := range []int{4, 12, 20, 30} {
		e := estate{rules: cmdb.StandardRules(), nodes: []cmdb.Node{{Ref: item(0)}}}
		for i := range n {
			host, next, database := item(1+i), item(1+(i+1)%n), item(100+i)
			e.nodes = append(e.nodes, cmdb.Node{Ref: host}, cmdb.Node{Ref: database, Needs: []cmdb.Need{{Redundancy: cmdb.AnyOf}}})
			e.edges = append(e.edges, cmdb.Edge{Source: database, Type: "runs_on", Target: host}, cmdb.Edge{Source: database, Type: "runs_on", Target: next},
				cmdb.Edge{Source: item(0), Type: "uses", Target: database})
		}
		figures := func(r itsm.Ref) (float64, bool) { return p, 1 <= r.ID[15] && int(r.ID[15]) <= n }
		got, err := e.compile(t).Availability(item(0), figures)
		require.NoError(t, err)

		power := [2][2]float64{{1, 0}, {0, 1}}
		for range n {
			power = [2][2]float64{
				{power[0][0]*p + power[0][1]*p, power[0][0] * (1 - p)}, {power[1][0]*p + power[1][1]*p, power[1][0] * (1 - p)},
			}
		}
		want := power[0][0] + power[1][1]
		if n <= cmdb.MaxConditioned {
			require.True(t, got.Exact)
			require.InDelta(t, want, got.Low, 1e-12)
			require.Len(t, got.Conditioned, n)
			continue
		}
		require.False(t, got.Exact)
		require.NotEmpty(t, got.Loose)
		require.Less(t, got.Low, want)
		require.Greater(t, got.High, want)
		require.Less(t, got.High-got.Low, 1e-7)
	}
}

// Sixteen hosts in a ring carry sixteen lines, each on one of two neighbours. Of lines of 10,000 each, 105,000 are as many
// as eleven.
func TestAvailabilityOfWeightsWithACommonFactor(t *testing.T) {
	const n = 16
	of := func(need cmdb.Need) cmdb.Availability {
		e := estate{rules: cmdb.StandardRules(), nodes: []cmdb.Node{{Ref: item(0), Needs: []cmdb.Need{need}}}}
		for i := range n {
			host, next, line := item(1+i), item(1+(i+1)%n), item(100+i)
			e.nodes = append(e.nodes, cmdb.Node{Ref: host}, cmdb.Node{Ref: line, Needs: []cmdb.Need{{Redundancy: cmdb.AnyOf}}})
			e.edges = append(e.edges, cmdb.Edge{Source: line, Type: "runs_on", Target: host}, cmdb.Edge{Source: line, Type: "runs_on", Target: next},
				cmdb.Edge{Source: item(0), Type: "uses", Target: line, Weight: 10_000})
		}
		got, err := e.compile(t).Availability(item(0), func(itsm.Ref) (float64, bool) { return 0.9, true })
		require.NoError(t, err)
		require.True(t, got.Exact)
		require.Len(t, got.Conditioned, n)
		return got
	}
	require.Equal(t, of(cmdb.Need{Redundancy: cmdb.KOfN, Min: 11}), of(cmdb.Need{Redundancy: cmdb.Weighted, Min: 105_000}))
}

// Where so few parts may fail that all their states are visited, the likeliest states are all of them, and the bounds meet.
func TestRapidAvailabilityByStates(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		e := drawEstate(t, 7)
		own := drawFigures(t, e)
		g, want := e.compile(t), e.availability(own)
		for _, n := range e.nodes {
			low, high := g.AvailabilityByStates(n.Ref, func(r itsm.Ref) float64 { return own[r] })
			require.InDelta(t, want[n.Ref], low, 1e-12, "%s", n.Ref)
			require.InDelta(t, want[n.Ref], high, 1e-12, "%s", n.Ref)
		}
	})
}

// All but three of 1,500 items are needed. So many that only the states of up to one failure are visited, which are up with
// a probability that is computed by hand.
func TestAvailabilityByAFewFailures(t *testing.T) {
	const n, p = 1500, 0.9999
	e := estate{rules: cmdb.StandardRules(), nodes: []cmdb.Node{{Ref: item(0), Needs: []cmdb.Need{{Redundancy: cmdb.KOfN, Min: n - 3}}}}}
	for i := range n {
		r := itsm.Ref{Kind: "item", ID: itsm.ID{0: 1 + byte(i>>8), 1: byte(i)}}
		e.nodes = append(e.nodes, cmdb.Node{Ref: r})
		e.edges = append(e.edges, cmdb.Edge{Source: item(0), Type: "depends_on", Target: r})
	}
	low, high := e.compile(t).AvailabilityByStates(item(0), func(r itsm.Ref) float64 {
		if r == item(0) {
			return 1
		}
		return p
	})
	upToOne := math.Pow(p, n) + n*math.Pow(p, n-1)*(1-p)
	require.InDelta(t, upToOne, low, 1e-12)
	require.InDelta(t, 1, high, 1e-12, "no state that was visited is down")
}

// All inputs are needed: everything is required, nothing has to be told apart, however much is shared.
func TestAvailabilityInSeriesOfAThousandSharedItems(t *testing.T) {
	e := estate{rules: cmdb.StandardRules()}
	for i := range 1000 {
		r := itsm.Ref{Kind: "item", ID: itsm.ID{0: byte(i >> 8), 1: byte(i)}}
		e.nodes = append(e.nodes, cmdb.Node{Ref: r})
		for k := range min(i, 3) {
			e.edges = append(e.edges, cmdb.Edge{Source: e.nodes[i-1-k].Ref, Type: "depends_on", Target: r})
		}
	}
	got, err := e.compile(t).Availability(e.nodes[0].Ref, func(itsm.Ref) (float64, bool) { return 0.9999, true })
	require.NoError(t, err)
	require.True(t, got.Exact)
	require.Empty(t, got.Conditioned)
	require.InDelta(t, math.Pow(0.9999, 1000), got.Low, 1e-12)
}

func TestAvailabilityRefuses(t *testing.T) {
	g := compile(t, cmdb.StandardRules(), []cmdb.Node{{Ref: item(1)}, {Ref: item(2), Needs: []cmdb.Need{{Redundancy: cmdb.AnyOf}}}})
	for _, bad := range []float64{-0.1, 1.1, math.NaN(), math.Inf(1)} {
		_, err := g.Availability(item(1), func(itsm.Ref) (float64, bool) { return bad, true })
		require.ErrorIs(t, err, cmdb.ErrAvailability)
		require.ErrorContains(t, err, item(1).String())
	}
	_, err := g.Availability(item(9), func(itsm.Ref) (float64, bool) { return 1, true })
	require.ErrorIs(t, err, cmdb.ErrUnknown)
	got, err := g.Availability(item(2), func(itsm.Ref) (float64, bool) { return 1, true }) // needs an input and has none
	require.NoError(t, err)
	require.Equal(t, cmdb.Availability{Exact: true}, got)
}

// tree is a composition of the vectors.
type tree struct {
	A        *string `json:"a"`
	Serial   []tree  `json:"serial"`
	Parallel []tree  `json:"parallel"`
	K        string  `json:"k"`
	KOfN     []tree  `json:"k_of_n"`
}

// The vectors compose availabilities as trees; a tree is a graph in which nothing is shared.
func TestVectorCompose(t *testing.T) {
	mine := func(topic, kind string) bool { return topic == "07-availability" && kind == "availability.compose" }
	counts := vectors.Run(t, mine, func(t *testing.T, raw json.RawMessage) {
		var v struct {
			In        struct{ Tree tree }
			Want      struct{ Availability, Error string }
			Tolerance string
		}
		require.NoError(t, json.Unmarshal(raw, &v))
		figures := map[itsm.Ref]float64{}
		e := estate{rules: cmdb.StandardRules()}
		root, err := e.add(v.In.Tree, figures)
		var got cmdb.Availability
		if err == nil {
			var g *cmdb.Graph
			g, err = cmdb.Compile(e.rules, cmdb.Each(e.nodes...), cmdb.Each(e.edges...))
			if err == nil {
				got, err = g.Availability(root, func(r itsm.Ref) (float64, bool) { a, ok := figures[r]; return a, ok })
			}
		}
		if v.Want.Error != "" {
			require.Equal(t, "bad_tree", v.Want.Error)
			require.True(t, err != nil || got.High == 0, "a tree that cannot be: %v", got) // k above n is a need that is not met
			return
		}
		require.NoError(t, err)
		want, _ := strconv.ParseFloat(v.Want.Availability, 64)
		tolerance, _ := strconv.ParseFloat(v.Tolerance, 64)
		require.True(t, got.Exact)
		require.InDelta(t, want, got.Low, tolerance)
	})
	require.Positive(t, counts[0])
}

// add adds an item for a node of a tree and items below it.
func (e *estate) add(n tree, figures map[itsm.Ref]float64) (itsm.Ref, error) {
	self := itsm.Ref{Kind: "item", ID: itsm.ID{14: byte(len(e.nodes) >> 8), 15: byte(len(e.nodes))}}
	e.nodes = append(e.nodes, cmdb.Node{Ref: self})
	at := len(e.nodes) - 1
	parts := append(append(n.Serial, n.Parallel...), n.KOfN...)
	switch {
	case n.A != nil:
		a, err := strconv.ParseFloat(*n.A, 64)
		figures[self] = a
		return self, err
	case len(parts) == 0:
		return self, fmt.Errorf("an empty list")
	case n.Parallel != nil:
		e.nodes[at].Needs = []cmdb.Need{{Redundancy: cmdb.AnyOf}}
	case n.KOfN != nil:
		k, err := strconv.Atoi(n.K)
		if err != nil {
			return self, err
		}
		e.nodes[at].Needs = []cmdb.Need{{Redundancy: cmdb.KOfN, Min: k}}
	}
	for _, part := range parts {
		child, err := e.add(part, figures)
		if err != nil {
			return self, err
		}
		e.edges = append(e.edges, cmdb.Edge{Source: self, Type: "depends_on", Target: child})
	}
	return self, nil
}
