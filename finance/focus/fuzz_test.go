package focus_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/itsmkit/itsm/finance/focus"
	"github.com/itsmkit/itsm/money"
)

// FuzzRead: whatever the bytes are, reading ends without a panic, with the same outcome each time. A charge that is read has
// what the specification demands, a strict reader takes no row that a lenient one refuses, and bills of what was read add up.
func FuzzRead(f *testing.F) {
	f.Add(dataset(usage(), with(usage(), "ChargeCategory", "Tax")))
	f.Add(dataset(with(usage(), "BilledCost", "-35.2E-7", "Tags", `{"a":null}`)))
	f.Add("\ufeffBilledCost,x_a\n\"1\n")
	f.Add("a\"b,\xff\n")
	f.Fuzz(func(t *testing.T, text string) {
		type outcome struct {
			read  map[int]*focus.Charge
			fails int
		}
		run := func(o focus.Options) (out outcome, ok bool) {
			in, err := focus.NewReader(strings.NewReader(text), o)
			if err != nil {
				require.ErrorIs(t, err, focus.ErrHeader)
				return out, false
			}
			out.read = map[int]*focus.Charge{}
			for c, err := range in.All() {
				if err != nil {
					var row *focus.RowError
					require.True(t, errors.As(err, &row))
					require.NotEmpty(t, row.Problems)
					out.fails++
					continue
				}
				require.True(t, c.BillingCurrency.Valid())
				require.Equal(t, c.BillingCurrency, c.BilledCost.Currency())
				require.NotContains(t, []any{c.ChargePeriodStart.IsZero(), c.ChargePeriodEnd.Before(c.ChargePeriodStart), c.ServiceName == ""}, true)
				out.read[c.Line] = c
			}
			return out, true
		}
		strict, ok := run(focus.Options{})
		if again, okAgain := run(focus.Options{}); ok {
			require.Equal(t, strict, again)
			require.True(t, okAgain)
			lenient, ok := run(focus.Options{Lenient: true})
			require.True(t, ok)
			require.LessOrEqual(t, lenient.fails, strict.fails)
			for line, c := range strict.read {
				require.Equal(t, c, lenient.read[line])
			}
		}
		in, err := focus.NewReader(strings.NewReader(text), focus.Options{Lenient: true})
		if err != nil {
			return
		}
		var charges []*focus.Charge
		for c, err := range in.All() {
			if err == nil {
				charges = append(charges, c)
			}
		}
		bills, err := focus.Bills(focus.Each(charges...), focus.Billing{Rounding: money.HalfEven})
		if err != nil {
			require.ErrorIs(t, err, money.ErrOverflow)
			return
		}
		n := 0
		for _, b := range bills {
			n += len(b.Lines)
			sum := amount(t, "0", b.Currency)
			for _, l := range b.Lines {
				sum, err = sum.Add(l.Amount)
				if err != nil {
					require.ErrorIs(t, err, money.ErrOverflow)
					return
				}
			}
			require.Equal(t, b.Total, sum)
		}
		require.Len(t, charges, n)
	})
}
