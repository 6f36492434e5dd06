package bench_test

import (
	"fmt"
	"math/big"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/itsmkit/itsm/finance/allocation"
	"github.com/itsmkit/itsm/money"
)

// allocationCase is lines on 500 pools that give to 100 resources, which give to services, which give to customers.
// A pool gives to 10 resources, a resource to a tenth of the services, a service to 20 customers, each by its own driver.
func allocationCase(lines, services, customers int) (allocation.Model, []allocation.Line) {
	const pools, resources = 500, 100
	r := rand.New(rand.NewPCG(7, 8))
	m := allocation.Model{Currency: money.EUR}
	for _, s := range []struct {
		name                  string
		members, next, fanOut int
	}{{"pool", pools, resources, 10}, {"resource", resources, services, services / 10}, {"service", services, customers, 20}, {"customer", customers, 0, 0}} {
		stage := allocation.Stage{Name: s.name}
		for i := range s.members {
			stage.Members = append(stage.Members, fmt.Sprintf("%s %d", s.name, i))
		}
		m.Stages = append(m.Stages, stage)
	}
	for k, fanOut := range []int{10, services / 10, 20} {
		next := m.Stages[k+1].Members
		for _, from := range m.Stages[k].Members {
			d := allocation.Driver{Name: "of " + from}
			step, at := len(next)/fanOut, r.IntN(len(next))
			for range fanOut {
				units, _ := money.NewNumber(1+r.Int64N(1e6), 2)
				d.Weights = append(d.Weights, allocation.Weight{To: next[at%len(next)], Units: units})
				at += 1 + r.IntN(step)
			}
			m.Drivers = append(m.Drivers, d)
			m.Rules = append(m.Rules, allocation.Rule{From: from, Driver: d.Name})
		}
	}
	out := make([]allocation.Line, lines)
	for i := range out {
		out[i] = allocation.Line{
			ID:     fmt.Sprintf("invoice %d line %d", i/20, i%20),
			To:     m.Stages[0].Members[r.IntN(pools)],
			Amount: money.Must(money.New(r.Int64N(1e7), money.EUR)),
		}
	}
	return m, out
}

// BenchmarkAllocateLines carries 1,000,000 lines through three stages to 10,000 services and 1,000 customers, its names
// looked up and its rules checked each time. The limit is the sum of the amounts. TraceLine is where one line went,
// TraceBill the shares of all lines in one bill, Share one line's share of one bill, all exact.
func BenchmarkAllocateLines(b *testing.B) {
	lines, services, customers := 1_000_000, 10_000, 1_000
	if testing.Short() {
		lines, services, customers = 10_000, 1_000, 100
	}
	m, list := allocationCase(lines, services, customers)
	var result *allocation.Result
	b.Run("itsm", func(b *testing.B) {
		measure(b, func(int) (err error) { result, err = m.Allocate(list); return err })
	})
	b.Run("sum", func(b *testing.B) {
		measure(b, func(int) error {
			sum := list[0].Amount
			for i := range list[1:] {
				var err error
				if sum, err = sum.Add(list[i+1].Amount); err != nil {
					return err
				}
			}
			return nil
		})
	})
	if result == nil {
		return
	}
	bill := func(i int) allocation.End {
		return allocation.End{Kind: allocation.Bill, Name: m.Stages[3].Members[i%customers]}
	}
	b.Run("TraceLine", func(b *testing.B) {
		measure(b, func(i int) error {
			line := list[i*7919%lines]
			shares, err := result.TraceLine(line.ID)
			if err != nil {
				return err
			}
			seen := 0
			for s := range shares {
				seen += s.Fraction.Sign()
			}
			require.Positive(b, seen)
			return nil
		})
	})
	b.Run("TraceBill", func(b *testing.B) {
		measure(b, func(i int) error {
			shares, err := result.TraceEnd(bill(i))
			if err != nil {
				return err
			}
			seen := 0
			for s := range shares {
				seen += s.Fraction.Sign()
			}
			require.Positive(b, seen)
			return nil
		})
	})
	b.Run("Share", func(b *testing.B) {
		measure(b, func(i int) error {
			s, err := result.Share(list[i*7919%lines].ID, bill(i))
			require.LessOrEqual(b, s.Fraction.Cmp(big.NewRat(1, 1)), 0)
			return err
		})
	})
}
