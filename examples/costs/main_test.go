package main

import (
	"bytes"
	"context"
	"encoding/json"
	"flag"
	"math/big"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/itsmkit/itsm"
)

var update = flag.Bool("update", false, "write the golden file anew")

// call runs the program.
func call(args ...string) (code int, stdout, stderr string) {
	var out, errs bytes.Buffer
	code = run(context.Background(), args, &out, &errs)
	return code, out.String(), errs.String()
}

// The golden file was read by people.
func TestReport(t *testing.T) {
	code, out, errs := call()
	require.Zero(t, code, errs)
	path := filepath.Join("testdata", "output.txt")
	if *update {
		require.NoError(t, os.WriteFile(path, []byte(out), 0o644))
	}
	want, err := os.ReadFile(path)
	require.NoError(t, err)
	require.Equal(t, string(want), out)
	for line := range strings.SplitSeq(out, "\n") {
		require.LessOrEqual(t, len([]rune(line)), 80, line)
	}
	_, again, _ := call("-seed", "1", "-incidents", "20000", "-customer", "Logistics")
	require.Equal(t, out, again, "the same seed gives the same bytes")
}

// Every year agrees: the program compares, and a difference is an error. One incident leaves most of the desk's costs to one
// service.
func TestOtherYears(t *testing.T) {
	seen := map[string]bool{}
	for _, args := range [][]string{{"-incidents", "500"}, {"-seed", "2", "-incidents", "500"}, {"-seed", "18446744073709551615", "-incidents", "500"}, {"-incidents", "1"}} {
		code, out, errs := call(args...)
		require.Zero(t, code, errs)
		require.False(t, seen[out], "another year has other figures")
		seen[out] = true
	}
}

// The figures add up here as well, by fractions of the texts in the JSON.
func TestJSON(t *testing.T) {
	code, out, errs := call("-json", "-customer", "Shops", "-incidents", "500")
	require.Zero(t, code, errs)
	var r struct {
		Sources, Bills []struct {
			Type          string
			Amount, Total struct{ Amount string }
		}
		Pools, Services []struct {
			Name        string
			Idle, Gross struct{ Amount string }
		}
		Forward, Backward struct {
			Amount struct{ Amount string }
			Shares []struct{ Fraction, Amount string }
		}
	}
	require.NoError(t, json.Unmarshal([]byte(out), &r))
	number := func(text string) *big.Rat {
		n, ok := new(big.Rat).SetString(text)
		require.True(t, ok, text)
		return n
	}
	total, ends := new(big.Rat), new(big.Rat)
	for _, s := range r.Sources {
		total.Add(total, number(s.Amount.Amount))
	}
	for _, b := range r.Bills {
		if b.Type == "credit_note" {
			b.Total.Amount = "-" + b.Total.Amount
		}
		ends.Add(ends, number(b.Total.Amount))
	}
	for _, x := range append(r.Pools, r.Services...) {
		ends.Add(ends, number(x.Idle.Amount))
		if x.Name == platform { // 780 of 3,840 processors are idle, and so is that share of what the platform costs in all
			share := new(big.Rat).Mul(number(x.Gross.Amount), big.NewRat(780, 3840))
			difference, _ := share.Sub(share, number(x.Idle.Amount)).Float64()
			require.InDelta(t, 0, difference, 0.02)
		}
	}
	require.Equal(t, total.FloatString(2), ends.FloatString(2))

	whole := new(big.Rat)
	for _, s := range r.Forward.Shares {
		whole.Add(whole, number(s.Fraction))
	}
	require.Equal(t, "1", whole.RatString(), "all of a line comes to an end")
	bill := new(big.Rat)
	for _, s := range r.Backward.Shares {
		bill.Add(bill, number(s.Amount)) // rounded to a hundredth of a coin
	}
	difference, _ := bill.Sub(bill, number(r.Backward.Amount.Amount)).Float64()
	require.InDelta(t, 0, difference, 0.00005*float64(len(r.Backward.Shares)))
}

func TestSankey(t *testing.T) {
	path := filepath.Join(t.TempDir(), "costs.html")
	for _, args := range [][]string{{"-sankey", path}, {"-sankey", path, "-line", "JE0000131/1"}} {
		code, _, errs := call(append(args, "-incidents", "500")...)
		require.Zero(t, code, errs)
		page, err := os.ReadFile(path)
		require.NoError(t, err)
		for _, name := range append(names(), "<svg", "Platform", "ERP") {
			require.Contains(t, string(page), name)
		}
	}
}

func TestWrongCalls(t *testing.T) {
	for _, tt := range []struct {
		args []string
		code int
		says string
	}{
		{[]string{"-incidents", "0"}, 2, "-incidents is 0, want 1 to 1000000"},
		{[]string{"-customer", "Nobody"}, 2, `-customer is "Nobody", want one of [Corporate Research Sales Plants Logistics Shops]`},
		{[]string{"more"}, 2, `unexpected argument "more"`},
		{[]string{"-seed", "x"}, 2, "invalid value"},
		{[]string{"-incidents", "500", "-line", "JE1/1"}, 1, `-line is "JE1/1", want the line of an entry that is a cost, such as JE0000006/1`},
		{[]string{"-incidents", "500", "-sankey", t.TempDir()}, 1, "is a directory"},
	} {
		code, out, errs := call(tt.args...)
		require.Equal(t, tt.code, code, tt.args)
		require.Empty(t, out)
		require.Contains(t, errs, tt.says)
	}
}

// What does not agree is no report.
func TestDifferencesAreErrors(t *testing.T) {
	ctx := itsm.WithActor(context.Background(), itsm.Actor{ID: "mia"})
	y := newYear(options{seed: 1, incidents: 100, customer: "Shops"})
	_, err := y.account(ctx)
	require.NoError(t, err)
	for what, spoil := range map[string]func(*year){
		"Costs in the ledger are the lines that were allocated: ": func(y *year) { y.lines = y.lines[1:] },
		"was billed ": func(y *year) { y.invoices = y.invoices[:6] },
		"invoice 1 of the year is INV0000002, not INV0000001":           func(y *year) { y.invoices = y.invoices[1:] },
		"Charged in the ledger is what was allocated to customers: ":    func(y *year) { y.result = y.before },
		"The provider's bills are the cost of the cloud: ":              func(y *year) { y.cloud = y.cloud[1:] },
		"the budget of account 6000 has seen 0.00 EUR of 123500.00 EUR": func(y *year) { y.planned[0].Actual = eur(0) },
		"the closed month took an entry":                                func(y *year) { y.refused = nil },
	} {
		other := *y
		other.planned = append(other.planned[:0:0], y.planned...)
		spoil(&other)
		_, err := other.checks(ctx)
		require.ErrorContains(t, err, what)
	}
}
