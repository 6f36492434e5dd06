package bench_test

import (
	"context"

	"github.com/looplab/fsm"
	"github.com/qmuntal/stateless"

	"github.com/itsmkit/itsm/lifecycle"
)

// pair is one cell of a lifecycle: the action on is possible in the state from and leads to another one, or to
// the same.
type pair struct{ from, on, to string }

// pairsOf writes a lifecycle as the pairs of its table, each with its default target: the peers know one target
// a pair.
func pairsOf(rules []lifecycle.Rule) []pair {
	var out []pair
	for _, r := range rules {
		for _, from := range r.From {
			to := r.To
			if to == "" {
				to = from
			}
			out = append(out, pair{string(from), r.On, string(to)})
		}
	}
	return out
}

// moves leaves the pairs that change the state.
func moves(table []pair) []pair {
	var out []pair
	for _, p := range table {
		if p.from != p.to {
			out = append(out, p)
		}
	}
	return out
}

// looplabEvents writes a table as looplab/fsm wants it: the sources of one event and one target together.
func looplabEvents(table []pair) fsm.Events {
	var out fsm.Events
	for _, p := range table {
		at := -1
		for i := range out {
			if out[i].Name == p.on && out[i].Dst == p.to {
				at = i
			}
		}
		if at < 0 {
			out = append(out, fsm.EventDesc{Name: p.on, Dst: p.to})
			at = len(out) - 1
		}
		out[at].Src = append(out[at].Src, p.from)
	}
	return out
}

// statelessConfigure gives a machine of qmuntal/stateless a table.
func statelessConfigure(m *stateless.StateMachine, table []pair) {
	for _, p := range table {
		if p.from == p.to {
			m.Configure(p.from).PermitReentry(p.on)
			continue
		}
		m.Configure(p.from).Permit(p.on, p.to)
	}
}

// stateKey is the key under which a context holds the state of a record, as a pointer to it.
type stateKey struct{}

func loadState(ctx context.Context) (stateless.State, error) {
	return *ctx.Value(stateKey{}).(*string), nil
}

func storeState(ctx context.Context, s stateless.State) error {
	*ctx.Value(stateKey{}).(*string) = s.(string)
	return nil
}
