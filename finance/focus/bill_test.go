package focus_test

import (
	"encoding/json"
	"math/big"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/itsmkit/itsm/calendar"
	"github.com/itsmkit/itsm/finance/focus"
	"github.com/itsmkit/itsm/money"
)

// charges makes charges of one invoice with some costs.
func charges(t require.TestingT, costs ...string) []*focus.Charge {
	rows := make([]map[string]string, len(costs))
	for i, cost := range costs {
		rows[i] = with(usage(), "BilledCost", cost)
	}
	return read(t, dataset(rows...))
}

func bill(t require.TestingT, o focus.Billing, costs ...string) (focus.Bill, error) {
	o.Rounding = money.HalfUp
	bills, err := focus.Bills(focus.Each(charges(t, costs...)...), o)
	if err != nil {
		return focus.Bill{}, err
	}
	require.Len(t, bills, 1)
	return bills[0], nil
}

func amounts(b focus.Bill) []string {
	out := make([]string, len(b.Lines))
	for i, l := range b.Lines {
		out[i] = l.Amount.String()[:strings.IndexByte(l.Amount.String(), ' ')]
	}
	return out
}

// The end of a charge period is the moment after it; a charge of one instant is on its date.
func TestDates(t *testing.T) {
	day := func(y int, m time.Month, d int) calendar.Date { return calendar.Date{Year: y, Month: m, Day: d} }
	for _, c := range []struct {
		from, until string
		first, last calendar.Date
	}{
		{"2026-01-01T00:00:00Z", "2026-02-01T00:00:00Z", day(2026, 1, 1), day(2026, 1, 31)},
		{"2026-01-31T23:00:00Z", "2026-02-01T00:00:00.000001Z", day(2026, 1, 31), day(2026, 2, 1)},
		{"2026-01-01T00:00:00Z", "2026-01-01T00:00:00Z", day(2026, 1, 1), day(2026, 1, 1)},
		{"2026-01-01T00:30:00+01:00", "2026-01-01T01:00:00+01:00", day(2025, 12, 31), day(2025, 12, 31)}, // dates are those of UTC
	} {
		from, err := time.Parse(time.RFC3339, c.from)
		require.NoError(t, err)
		until, err := time.Parse(time.RFC3339, c.until)
		require.NoError(t, err)
		first, last := focus.Line{From: from, Until: until}.Dates()
		require.Equal(t, []calendar.Date{c.first, c.last}, []calendar.Date{first, last}, c.from)
	}
}

// Cases whose parts can be found by hand.
func TestRoundingByHand(t *testing.T) {
	for _, c := range []struct{ costs, want, total string }{
		{"0.333 0.333 0.334", "0.33 0.33 0.34", "1.00"},
		{"0.005 0.005 0.005", "0.01 0.01 0.00", "0.02"},       // 0.015 rounds up; of equal remainders the earlier
		{"-0.005 -0.005 -0.005", "-0.01 -0.01 0.00", "-0.02"}, // the opposite
		{"10.006 -0.004", "10.00 0.00", "10.00"},              // remainders of 0.6 coins above 10.00 and -0.01: the credit comes first
		{"0.005 -0.005", "0.00 0.00", "0.00"},
		{"7.00 -3.00", "7.00 -3.00", "4.00"},
		{"0", "0.00", "0.00"},
	} {
		b, err := bill(t, focus.Billing{}, strings.Fields(c.costs)...)
		require.NoError(t, err)
		require.Equal(t, c.total+" USD", b.Total.String(), c.costs)
		require.Equal(t, strings.Fields(c.want), amounts(b), c.costs)
	}
}

func cost(t *rapid.T) string {
	n, err := money.NewNumber(rapid.Int64Range(-3_000_000, 3_000_000).Draw(t, "units"), rapid.IntRange(2, 6).Draw(t, "decimals"))
	require.NoError(t, err)
	return n.String()
}

// distance is |a - p|.
func distance(a money.Amount, p money.Price) *big.Rat {
	d := new(big.Rat).Sub(a.Rat(), p.Rat())
	return d.Abs(d)
}

// Lines add up to the total, each is less than a coin away from its cost, and no other choice of down and up for all lines
// has a smaller sum of distances: all choices are tried.
func TestRoundingIsTheNearest(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		costs := make([]string, rapid.IntRange(1, 8).Draw(t, "lines"))
		for i := range costs {
			costs[i] = cost(t)
		}
		b, err := bill(t, focus.Billing{}, costs...)
		require.NoError(t, err)
		sum, got := amount(t, "0", money.USD), new(big.Rat)
		for _, l := range b.Lines {
			sum, err = sum.Add(l.Amount)
			require.NoError(t, err)
			d := distance(l.Amount, l.Cost)
			require.Negative(t, d.Cmp(big.NewRat(1, 100)), "%s for %s", l.Amount, l.Cost)
			got.Add(got, d)
		}
		require.Equal(t, b.Total, sum)
		exact := new(big.Rat)
		for _, l := range b.Lines {
			exact.Add(exact, l.Cost.Rat())
		}
		want, err := money.RoundRat(exact, money.USD, money.HalfUp)
		require.NoError(t, err)
		require.Equal(t, want, b.Total)
		for choice := range 1 << len(costs) {
			total, distances := new(big.Rat), new(big.Rat)
			for i, l := range b.Lines {
				way := money.Floor
				if choice>>i&1 == 1 {
					way = money.Ceiling
				}
				a, err := l.Cost.Round(way)
				require.NoError(t, err)
				total.Add(total, a.Rat())
				distances.Add(distances, distance(a, l.Cost))
			}
			if total.Cmp(b.Total.Rat()) == 0 {
				require.LessOrEqual(t, got.Cmp(distances), 0, "choice %b is nearer", choice)
			}
		}
	})
}

// The opposite of a bill has the opposite amounts, line by line.
func TestOppositeOfABill(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		costs, opposite := make([]string, rapid.IntRange(1, 12).Draw(t, "lines")), []string{}
		for i := range costs {
			costs[i] = cost(t)
			opposite = append(opposite, strings.TrimPrefix("-"+costs[i], "--"))
			if costs[i] == "0" {
				opposite[i] = "0"
			}
		}
		b, err := bill(t, focus.Billing{}, costs...)
		require.NoError(t, err)
		o, err := bill(t, focus.Billing{}, opposite...)
		require.NoError(t, err)
		require.Equal(t, b.Total.Neg(), o.Total)
		for i := range b.Lines {
			require.Equal(t, b.Lines[i].Amount.Neg(), o.Lines[i].Amount, "%v", costs)
		}
	})
}

// Lines add up to the invoice as it was received, even where the supplier rounded differently, but not to any amount.
func TestGivenInvoice(t *testing.T) {
	given := func(total string, c money.Currency) focus.Billing {
		return focus.Billing{Invoices: map[string]money.Amount{"I-9": amount(t, total, c)}}
	}
	b, err := bill(t, given("0.03", money.USD), "0.014", "0.014", "-0.001")
	require.NoError(t, err)
	require.Equal(t, "0.027 USD", b.Exact.String())
	require.Equal(t, []string{"0.02", "0.01", "0.00"}, amounts(b))
	b, err = bill(t, given("0.01", money.USD), "0.014", "0.014", "-0.001")
	require.NoError(t, err)
	require.Equal(t, []string{"0.01", "0.01", "-0.01"}, amounts(b))
	for _, c := range []struct {
		o    focus.Billing
		want string
	}{
		{given("0.05", money.USD), `focus: invoice "I-9": 0.05 USD are given, but the charges are 0.027 USD: rounding each of 3 to a coin cannot make up for that`},
		{given("0.00", money.USD), `0.00 USD are given`},
		{given("0.03", money.EUR), `focus: invoice "I-9" is in EUR, but its charges are in USD`},
		{focus.Billing{Invoices: map[string]money.Amount{"I-8": {}}}, `focus: invoice "I-8": a total is given, but no charge is on it`},
		{focus.Billing{Invoices: map[string]money.Amount{"": {}}}, `focus: invoice: a total is given without an ID`},
		{focus.Billing{Basis: focus.Effective, Invoices: map[string]money.Amount{"I-9": {}}}, "only billed costs add up to invoices"},
	} {
		_, err := bill(t, c.o, "0.014", "0.014", "-0.001")
		require.ErrorIs(t, err, focus.ErrInvoice)
		require.ErrorContains(t, err, c.want)
	}
	_, err = bill(t, focus.Billing{Basis: "list"}, "1")
	require.ErrorContains(t, err, `focus: Billing.Basis is "list", want one of [billed effective]`)
	_, err = focus.Bills(focus.Each(charges(t, "1")...), focus.Billing{})
	require.ErrorIs(t, err, money.ErrRounding)
}

// Charges of several invoices, accounts and currencies are bills of their own.
func TestBillsAreApart(t *testing.T) {
	in := read(t, dataset(usage(), with(usage(), "InvoiceId", "I-10"), with(usage(), "BillingCurrency", "EUR"), usage(),
		with(usage(), "InvoiceId", ""), with(usage(), "InvoiceId", "", "BillingAccountId", "a-2"), with(usage(), "InvoiceIssuerName", "Reseller")))
	bills, err := focus.Bills(focus.Each(in...), focus.Billing{Rounding: money.HalfUp})
	require.NoError(t, err)
	got := []string{}
	for _, b := range bills {
		got = append(got, strings.Join([]string{b.Issuer, b.Invoice, b.Account, b.Total.String()}, " "))
	}
	require.Equal(t, []string{"Cloud Ltd I-9 a-1 0.07 USD", "Cloud Ltd I-10 a-1 0.03 USD", "Cloud Ltd I-9 a-1 0.03 EUR",
		"Cloud Ltd  a-1 0.03 USD", "Cloud Ltd  a-2 0.03 USD", "Reseller I-9 a-1 0.03 USD"}, got)
	require.Equal(t, []int{1}, bills[0].Repeats)
	_, err = focus.Bills(focus.Each(in...), focus.Billing{Rounding: money.HalfUp, Invoices: map[string]money.Amount{"I-9": bills[0].Total}})
	require.ErrorContains(t, err, "there are 3 of that ID, by issuer or currency")
	raw, err := json.Marshal(bills[0])
	require.NoError(t, err)
	require.Contains(t, string(raw), `"exact":{"amount":"0.068","currency":"USD"}`)
}

// The same data has the same keys, in whatever order its rows and columns are and however its numbers are written; another
// value is another key.
func TestKeysAreOfTheData(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rows := make([]map[string]string, rapid.IntRange(1, 10).Draw(t, "rows"))
		for i := range rows {
			rows[i] = with(usage(), "BilledCost", rapid.SampledFrom([]string{"1", "2.5", "-3"}).Draw(t, "cost"))
		}
		keysOf := func(text string) []string {
			var k focus.Keys
			var out []string
			for _, c := range read(t, text) {
				key, _ := k.Key(c)
				out = append(out, key)
			}
			slices.Sort(out)
			require.Len(t, slices.Compact(slices.Clone(out)), len(out), "keys are unique")
			return out
		}
		want := keysOf(dataset(rows...))
		rnd := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 1))
		rnd.Shuffle(len(rows), func(i, j int) { rows[i], rows[j] = rows[j], rows[i] })
		for _, row := range rows {
			if row["BilledCost"] == "2.5" {
				row["BilledCost"] = "25.00E-1"
			}
			row["Tags"] = `{ "env":"prod","team":"shop" }`
		}
		columns := header()
		rnd.Shuffle(len(columns), func(i, j int) { columns[i], columns[j] = columns[j], columns[i] })
		require.Equal(t, want, keysOf(datasetOf(columns, rows...)))
		rows[0]["x_CostCentre"] = "4712"
		require.NotEqual(t, want, keysOf(dataset(rows...)))
	})
}

// Totals have no limit of digits, and conserve: the totals by any key add up to the total of all.
func TestTotalsAreExact(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rows := make([]map[string]string, rapid.IntRange(1, 30).Draw(t, "rows"))
		want := new(big.Rat)
		for i := range rows {
			text := rapid.SampledFrom([]string{"9000000000000", "-9000000000000.5", "0.000000000000000001", "8.999999999999999999", "12.34"}).Draw(t, "cost")
			rows[i] = with(usage(), "BilledCost", text, "ServiceName", rapid.SampledFrom([]string{"a", "b"}).Draw(t, "service"))
			n, ok := new(big.Rat).SetString(text)
			require.True(t, ok)
			want.Add(want, n)
		}
		totals, err := focus.Totals(focus.Each(read(t, dataset(rows...))...), func(c *focus.Charge) string { return c.ServiceName })
		require.NoError(t, err)
		got, n := new(big.Rat), 0
		for _, x := range totals {
			got.Add(got, x.Billed.Exact())
			n += x.Charges
			a, err := x.Billed.Round(money.HalfEven)
			require.NoError(t, err)
			direct, err := money.RoundRat(x.Billed.Exact(), money.USD, money.HalfEven)
			require.NoError(t, err)
			require.Equal(t, direct, a)
			text, _, _ := strings.Cut(x.Billed.String(), " ")
			back, ok := new(big.Rat).SetString(text)
			require.True(t, ok)
			require.Zero(t, back.Cmp(x.Billed.Exact()), "%s", x.Billed)
		}
		require.Zero(t, want.Cmp(got))
		require.Equal(t, len(rows), n)
	})
	var none focus.Sum
	require.Equal(t, "no amount", none.String())
	_, err := none.Add(money.Price{})
	require.NoError(t, err)
}

// An error of the charges ends bills and totals.
func TestErrorsPassThrough(t *testing.T) {
	in, err := focus.NewReader(strings.NewReader(dataset(usage(), with(usage(), "BilledCost", ""))), focus.Options{})
	require.NoError(t, err)
	bills, err := focus.Bills(in.All(), focus.Billing{Rounding: money.HalfUp})
	require.Nil(t, bills)
	require.ErrorContains(t, err, "line 3: BilledCost: required")
	_, err = focus.Bills(focus.Each(&focus.Charge{Line: 7}), focus.Billing{Rounding: money.HalfUp})
	require.EqualError(t, err, "focus: line 7: the billed cost is null")
	in, err = focus.NewReader(strings.NewReader(dataset(with(usage(), "BilledCost", ""))), focus.Options{})
	require.NoError(t, err)
	_, err = focus.Totals(in.All(), func(*focus.Charge) int { return 0 })
	require.ErrorIs(t, err, focus.ErrRow)
}

// A bill that was stored as JSON is read again with all its digits.
func TestBillsAreReadAgain(t *testing.T) {
	price := func(text string) money.Price {
		p, err := money.ParsePrice(text, money.EUR)
		require.NoError(t, err)
		return p
	}
	long := focus.Sum{}
	for _, text := range []string{"9000000000000000000", "9000000000000000000", "0.000000000000000001"} { // no Number has room for the sum
		var err error
		long, err = long.Add(price(text))
		require.NoError(t, err)
	}
	short, err := focus.Sum{}.Add(price("0.005"))
	require.NoError(t, err)
	for want, sum := range map[string]focus.Sum{
		`{"amount":"18000000000000000000.000000000000000001","currency":"EUR"}`: long,
		`{"amount":"0.005","currency":"EUR"}`:                                   short,
		`null`:                                                                  {},
	} {
		raw, err := json.Marshal(focus.Bill{Exact: sum})
		require.NoError(t, err)
		require.Contains(t, string(raw), `"exact":`+want)
		var again focus.Bill
		require.NoError(t, json.Unmarshal(raw, &again))
		require.Equal(t, sum.String(), again.Exact.String())
		require.Equal(t, sum.Currency(), again.Exact.Currency())
		twice, err := again.Exact.Add(price("1"))
		require.NoError(t, err, "it can be added to")
		require.Equal(t, new(big.Rat).Add(sum.Exact(), big.NewRat(1, 1)), twice.Exact())
	}
	for _, raw := range []string{`{"amount":"1e30","currency":"EUR"}`, `{"amount":"99999999999999999999","currency":"XXX"}`, `{"amount":"1"}`, `7`} {
		sum := short
		require.Error(t, json.Unmarshal([]byte(raw), &sum), raw)
		require.Equal(t, "0.005 EUR", sum.String(), "it stays")
	}
}
