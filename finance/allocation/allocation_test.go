package allocation_test

import (
	"iter"
	"math/big"

	"github.com/stretchr/testify/require"

	"github.com/itsmkit/itsm/finance/allocation"
	"github.com/itsmkit/itsm/money"
)

// requireExactTraces compares the traces of all lines and all ends: each line is the sum of its shares, each end the sum
// of its shares, both traces and the single shares agree, and all ends together are all lines.
func requireExactTraces(t require.TestingT, r *allocation.Result, lines []allocation.Line) {
	type pair struct {
		line string
		end  allocation.End
	}
	forward, all := map[pair]string{}, new(big.Rat)
	for _, l := range lines {
		shares, err := r.TraceLine(l.ID)
		require.NoError(t, err)
		total, whole := new(big.Rat), new(big.Rat)
		for s := range shares {
			require.Equal(t, l, s.Line)
			total.Add(total, s.Amount())
			whole.Add(whole, s.Fraction)
			forward[pair{l.ID, s.End}] = s.Fraction.RatString()
		}
		require.Equal(t, l.Amount.Rat().RatString(), total.RatString(), "line %s", l.ID)
		require.Equal(t, "1", whole.RatString(), "line %s", l.ID)
		all.Add(all, total)
	}
	backward := map[pair]string{}
	ends, amounts := map[allocation.End]bool{}, map[allocation.End]money.Amount{}
	for end, amount := range r.Ends() {
		all.Sub(all, amount.Rat())
		ends[end], amounts[end] = true, amount
	}
	require.Zero(t, all.Sign(), "lines less ends: %s", all.RatString())
	for p := range forward {
		ends[p.end] = true // also those of which the lines add up to nothing
	}
	for end := range ends {
		shares, err := r.TraceEnd(end)
		require.NoError(t, err)
		total := sumOf(shares, func(s allocation.Share) { backward[pair{s.Line.ID, s.End}] = s.Fraction.RatString() })
		want := new(big.Rat)
		if a, listed := amounts[end]; listed {
			want = a.Rat()
		}
		require.Equal(t, want.RatString(), total.RatString(), "end %s", end)
		for _, l := range lines {
			s, err := r.Share(l.ID, end)
			require.NoError(t, err)
			got, want := s.Fraction.RatString(), forward[pair{l.ID, end}]
			if want == "" {
				want = "0"
			}
			require.Equal(t, want, got, "line %s, end %s", l.ID, end)
		}
	}
	require.Equal(t, forward, backward)
}

func sumOf(shares iter.Seq[allocation.Share], visit func(allocation.Share)) *big.Rat {
	total := new(big.Rat)
	for s := range shares {
		total.Add(total, s.Amount())
		visit(s)
	}
	return total
}
