package allocation_test

import (
	"errors"
	"fmt"
	"math/big"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/itsmkit/itsm/finance/allocation"
	"github.com/itsmkit/itsm/money"
)

// drawModel draws stages of a few members with any methods, drivers that lead to later stages and, with fellows, within
// a stage.
func drawModel(t *rapid.T) allocation.Model {
	m := allocation.Model{Currency: money.EUR}
	stages := rapid.IntRange(1, 4).Draw(t, "stages")
	for s := range stages {
		stage := allocation.Stage{
			Name:     fmt.Sprintf("stage %d", s),
			Method:   rapid.SampledFrom([]allocation.Method{"", allocation.Direct, allocation.StepDown, allocation.Reciprocal}).Draw(t, "method"),
			Sequence: rapid.SampledFrom([]allocation.Sequence{"", allocation.ByReference, allocation.ByCost, allocation.ByReach}).Draw(t, "sequence"),
			Keep:     rapid.Bool().Draw(t, "keep"),
		}
		for i := range rapid.IntRange(1, 4).Draw(t, "members") {
			stage.Members = append(stage.Members, fmt.Sprintf("%d.%d", s, i))
		}
		if stage.Method == allocation.StepDown && rapid.Bool().Draw(t, "named order") {
			stage.Order = rapid.Permutation(stage.Members).Draw(t, "order")
		}
		m.Stages = append(m.Stages, stage)
	}
	for s, stage := range m.Stages[:stages-1] {
		var targets []string
		for _, later := range m.Stages[s:] {
			targets = append(targets, later.Members...)
		}
		for _, name := range stage.Members {
			d := allocation.Driver{Name: "of " + name}
			sum := int64(0)
			for _, to := range rapid.SliceOfNDistinct(rapid.SampledFrom(targets), 0, len(targets), rapid.ID[string]).Draw(t, "to") {
				units := rapid.Int64Range(0, 20).Draw(t, "units")
				sum += units
				d.Weights = append(d.Weights, allocation.Weight{To: to, Units: number(t, units)})
			}
			if rapid.IntRange(0, 3).Draw(t, "over all units") == 0 {
				d.Capacity = number(t, sum+rapid.Int64Range(0, 10).Draw(t, "idle"))
			}
			m.Drivers = append(m.Drivers, d)
			m.Rules = append(m.Rules, allocation.Rule{From: name, Driver: d.Name})
		}
	}
	return m
}

func drawLines(t *rapid.T, m allocation.Model) []allocation.Line {
	var members []string
	for _, s := range m.Stages {
		members = append(members, s.Members...)
	}
	lines := make([]allocation.Line, rapid.IntRange(0, 6).Draw(t, "lines"))
	for i := range lines {
		lines[i] = allocation.Line{
			ID: fmt.Sprintf("line %d", i), To: rapid.SampledFrom(members).Draw(t, "member"),
			Amount: coins(t, rapid.OneOf(rapid.Int64Range(-5, 5), rapid.Int64Range(-1e9, 1e9)).Draw(t, "coins")),
		}
	}
	return lines
}

// Any model carries any lines without losing a coin, and all traces agree exactly; or it says why not.
func TestNothingIsLost(t *testing.T) {
	carried := 0
	rapid.Check(t, func(t *rapid.T) {
		m := drawModel(t)
		lines := drawLines(t, m)
		r, err := m.Allocate(lines)
		if err != nil {
			require.True(t, errors.Is(err, allocation.ErrNoReceiver) || errors.Is(err, allocation.ErrOrder) || errors.Is(err, allocation.ErrClosedLoop), "%v", err)
			return
		}
		carried++
		requireExactTraces(t, r, lines)
		requireFlowsBalance(t, r, m, lines)
		requireGross(t, r, m)
	})
	require.Positive(t, carried)
}

// requireFlowsBalance compares the balance of each member with its lines and what flowed to it; what a member gave is
// all that it had, or nothing. In a reciprocal stage members may receive after they gave only if they give nothing.
func requireFlowsBalance(t require.TestingT, r *allocation.Result, m allocation.Model, lines []allocation.Line) {
	had, gave := map[string]int64{}, map[string]int64{}
	for _, l := range lines {
		had[l.To] += l.Amount.Coins()
	}
	for f := range r.Flows() {
		gave[f.From] += f.Amount.Coins()
		if !f.Idle {
			had[f.To] += f.Amount.Coins()
		}
	}
	for _, s := range m.Stages {
		for _, name := range s.Members {
			balance, known := r.Balance(name)
			require.True(t, known)
			require.Equal(t, had[name], balance.Coins(), name)
			require.Contains(t, []int64{0, had[name]}, gave[name], name)
		}
	}
}

// A share is the product of the parts along each way, summed over the ways, without any of the package's sums.
func TestShareIsTheSumOverTheWays(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := drawModel(t)
		lines := drawLines(t, m)
		r, err := m.Allocate(lines)
		if err != nil {
			return
		}
		flows := map[string][]allocation.Flow{}
		for f := range r.Flows() {
			flows[f.From] = append(flows[f.From], f)
		}
		var walk func(at string, part *big.Rat, to map[allocation.End]*big.Rat) bool
		walk = func(at string, part *big.Rat, to map[allocation.End]*big.Rat) bool {
			balance, _ := r.Balance(at)
			if balance.Sign() == 0 {
				return false // it has weights, but no flows
			}
			for _, f := range flows[at] {
				p := new(big.Rat).Quo(f.Amount.Rat(), balance.Rat())
				p.Mul(p, part)
				if f.Idle {
					end := allocation.End{Kind: allocation.Idle, Name: f.To}
					to[end] = p.Add(p, or0(to[end]))
				} else if !walk(f.To, p, to) {
					return false
				}
			}
			if len(flows[at]) == 0 {
				end := allocation.End{Kind: allocation.Bill, Name: at}
				if at[0] != '0'+byte(len(m.Stages)-1) {
					end.Kind = allocation.Unallocated
				}
				to[end] = new(big.Rat).Add(part, or0(to[end]))
			}
			return true
		}
		for _, l := range lines {
			want := map[allocation.End]*big.Rat{}
			if !walk(l.To, big.NewRat(1, 1), want) {
				continue
			}
			shares, err := r.TraceLine(l.ID)
			require.NoError(t, err)
			for s := range shares {
				require.NotNil(t, want[s.End], s.End)
				require.Equal(t, want[s.End].RatString(), s.Fraction.RatString())
				delete(want, s.End)
			}
			for end, part := range want {
				require.Zero(t, part.Sign(), end)
			}
		}
	})
}

func or0(r *big.Rat) *big.Rat {
	if r == nil {
		return new(big.Rat)
	}
	return r
}

func coins(t require.TestingT, n int64) money.Amount {
	a, err := money.New(n, money.EUR)
	require.NoError(t, err)
	return a
}

func number(t require.TestingT, n int64) money.Number {
	out, err := money.NewNumber(n, 0)
	require.NoError(t, err)
	return out
}
