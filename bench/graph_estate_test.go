package bench_test

import (
	"encoding/binary"
	"iter"
	"math/rand/v2"
	"sync"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/asset/cmdb"
)

// An estate of the graph benchmarks has items 0 … n-1 and five relations an item. The first half is one landscape, in
// which every item stands on item 0; the rest are islands of 1,000 items, in which every item stands on the island's
// first. Within each, an item stands on others before it, chosen at random. A third of the items need all their
// inputs, a third one of them, a third three of them.
type graphEstate struct {
	items int
	input []int32 // the inputs of item i are input[5*i : 5*i+5], less than 0 where there is none
}

const (
	graphItems  = 1_000_000
	graphInputs = 5
	island      = 1_000
)

func newGraphEstate(items int) *graphEstate {
	e := &graphEstate{items: items, input: make([]int32, items*graphInputs)}
	random := rand.New(rand.NewPCG(6, uint64(items)))
	for i := range items {
		first := 0
		if i >= items/2 {
			first = i - (i-items/2)%island
		}
		inputs := e.input[graphInputs*i : graphInputs*i+graphInputs]
		for k := range inputs {
			inputs[k] = -1
		}
		for k := 0; k < min(graphInputs, i-first); {
			from := int32(first + random.IntN(i-first))
			if !has(inputs[:k], from) {
				inputs[k] = from
				k++
			}
		}
	}
	return e
}

func has(list []int32, v int32) bool {
	for _, o := range list {
		if o == v {
			return true
		}
	}
	return false
}

// fewReached and manyReached are the items that reach 1,000 and half of all.
func (e *graphEstate) fewReached() int  { return e.items/2 + 7*island }
func (e *graphEstate) manyReached() int { return 0 }

func graphRef(i int) itsm.Ref {
	r := itsm.Ref{Kind: "item"}
	binary.BigEndian.PutUint64(r.ID[:8], 0x01890a5d_ac96_7000)
	binary.BigEndian.PutUint64(r.ID[8:], 0x8000_0000_0000_0000|uint64(i)*0x9e3779b97f4a7c15>>2)
	return r
}

var graphNeeds = [][]cmdb.Need{nil, {{Redundancy: cmdb.AnyOf}}, {{Redundancy: cmdb.KOfN, Min: 3}}}

func (e *graphEstate) nodes() iter.Seq2[cmdb.Node, error] {
	return func(yield func(cmdb.Node, error) bool) {
		for i := range e.items {
			n := cmdb.Node{Ref: graphRef(i), Class: "server"}
			if e.input[graphInputs*i+graphInputs-1] >= 0 {
				n.Needs = graphNeeds[i%3]
			}
			if !yield(n, nil) {
				return
			}
		}
	}
}

func (e *graphEstate) edges() iter.Seq2[cmdb.Edge, error] {
	return func(yield func(cmdb.Edge, error) bool) {
		for at, from := range e.input {
			if from >= 0 && !yield(cmdb.Edge{Source: graphRef(at / graphInputs), Type: "runs_on", Target: graphRef(int(from))}, nil) {
				return
			}
		}
	}
}

func (e *graphEstate) compile() (*cmdb.Graph, error) {
	return cmdb.Compile(cmdb.StandardRules(), e.nodes(), e.edges())
}

// adjacency is the limit: what each item feeds, in one array, and a walk that marks what it has seen.
type adjacency struct {
	at, feeds, mark, queue []int32
	epoch                  int32
}

func (e *graphEstate) adjacency() *adjacency {
	a := &adjacency{at: make([]int32, e.items+1), mark: make([]int32, e.items), queue: make([]int32, 0, e.items)}
	for _, from := range e.input {
		if from >= 0 {
			a.at[from+1]++
		}
	}
	for i := range e.items {
		a.at[i+1] += a.at[i]
	}
	a.feeds = make([]int32, a.at[e.items])
	next := append([]int32(nil), a.at...)
	for at, from := range e.input {
		if from >= 0 {
			a.feeds[next[from]] = int32(at / graphInputs)
			next[from]++
		}
	}
	return a
}

func (a *adjacency) reach(from int) int {
	a.epoch++
	a.queue = append(a.queue[:0], int32(from))
	a.mark[from] = a.epoch
	for head := 0; head < len(a.queue); head++ {
		v := a.queue[head]
		for _, to := range a.feeds[a.at[v]:a.at[v+1]] {
			if a.mark[to] != a.epoch {
				a.mark[to] = a.epoch
				a.queue = append(a.queue, to)
			}
		}
	}
	return len(a.queue)
}

// bigEstate is made when a benchmark first needs it.
var bigEstate = sync.OnceValue(func() *graphEstate { return newGraphEstate(graphItems) })
