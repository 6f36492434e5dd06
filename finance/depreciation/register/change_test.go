package register_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/finance/depreciation"
	"github.com/itsmkit/itsm/finance/depreciation/register"
	"github.com/itsmkit/itsm/money"
)

// 10,000 over ten years; behind the second one the life is found to be five more, not eight: 8,000/5 a year. Behind the
// fourth the asset is worth 2,400, which the three years left share. Figures by hand.
func TestRevisionAndImpairment(t *testing.T) {
	b := newBench(t)
	a := b.open(register.Terms{Name: "statutory", Plan: straight("10000.00", "0.00", 10)}, register.Terms{Name: "tax", Plan: straight("10000.00", "0.00", 10)})
	untouched := amounts(a, "tax")
	p := register.NextPlan{Method: depreciation.StraightLine, Periods: 5, FirstEnd: day("2028-12-31")}
	a = b.do(a, register.Revise{Book: "statutory", On: day("2028-01-01"), Plan: p, Reason: "worn"})
	require.Equal(t, "1600.00 EUR", a.Charges[2].Amount.String())
	require.Equal(t, 3, a.Charges[2].Period)
	a = b.do(a, register.Impair{Book: "statutory", On: day("2030-01-01"), Value: eur("2400.00"), Reason: "market"})
	require.Equal(t, []string{
		"2026-01-01 2026-12-31 1000.00 EUR posted", "2027-01-01 2027-12-31 1000.00 EUR posted",
		"2028-01-01 2028-12-31 1600.00 EUR posted", "2029-01-01 2029-12-31 1600.00 EUR posted",
		"2030-01-01 2030-12-31 800.00 EUR planned", "2031-01-01 2031-12-31 800.00 EUR planned", "2032-01-01 2032-12-31 800.00 EUR planned",
	}, amounts(a, "statutory"))
	require.Equal(t, "-2400.00 EUR", a.Movements[2].Adjusted.String())
	require.Equal(t, untouched, amounts(a, "tax"), "books never touch one another")
	for on, want := range map[string]string{"2026-12-31": "9000.00 EUR", "2029-12-31": "4800.00 EUR", "2030-01-01": "2397.81 EUR", "2032-12-31": "0.00 EUR", "2040-01-01": "0.00 EUR"} {
		require.Equal(t, want, value(t, a, "statutory", on), on)
	}
}

// A change in mid-year parts that year's charge by days: 181 of 365 days of 3,650.00 lie before 1 July 2026.
func TestChangeInMidYear(t *testing.T) {
	b := newBench(t)
	a := b.open(register.Terms{Name: "tax", Plan: straight("7300.00", "0.00", 2)})
	a = b.do(a, register.Revalue{Book: "tax", On: day("2026-07-01"), Value: eur("10000.00"), Reason: "index"})
	require.Equal(t, []string{ // 10,000 as 1,840 to 3,650
		"2026-01-01 2026-06-30 1810.00 EUR posted", "2026-07-01 2026-12-31 3351.55 EUR planned", "2027-01-01 2027-12-31 6648.45 EUR planned",
	}, amounts(a, "tax"))
	require.Equal(t, "4510.00 EUR", a.Movements[1].Adjusted.String())
}

// 3 of 10 leave in mid-life with their share of everything; the rest goes on.
func TestPartialDisposal(t *testing.T) {
	b := newBench(t)
	a := b.open(register.Terms{Name: "tax", Plan: straight("10000.00", "1000.00", 3)})
	a = b.do(a, register.Dispose{On: day("2027-01-01"), Part: 3, Whole: 10, Proceeds: eur("2500.00"), Reason: "sold"})
	require.Equal(t, register.InService, a.State)
	require.Equal(t, []string{"2026-01-01 2026-12-31 3000.00 EUR posted", "2027-01-01 2027-12-31 2100.00 EUR planned", "2028-01-01 2028-12-31 2100.00 EUR planned"}, amounts(a, "tax"))
	v := a.Movements[1]
	require.Equal(t, [4]string{"-3000.00 EUR", "-900.00 EUR", "2500.00 EUR", "400.00 EUR"}, [4]string{v.Cost.String(), v.Depreciated.String(), v.Proceeds.String(), v.Gain.String()})
	require.Equal(t, "700.00 EUR", value(t, a, "tax", "2028-12-31"), "the salvage of what stays")
}

// Each period is charged once, however often the run comes; the events hold what a ledger books.
func TestDepreciateOnce(t *testing.T) {
	b := newBench(t)
	a := b.open(register.Terms{Name: "statutory", Plan: straight("900.00", "0.00", 3)}, register.Terms{Name: "tax", Plan: straight("800.00", "0.00", 2)})
	for _, want := range []int{1, 0} {
		n, err := register.DepreciateAll(b.ctx(), b.desk, day("2027-12-30"), b.now)
		require.NoError(t, err)
		require.Equal(t, want, n)
	}
	_, err := b.desk.Do(b.ctx(), a.ID, register.Depreciate{Until: day("2027-12-30")})
	require.ErrorIs(t, err, itsm.ErrNotAllowed)
	require.ErrorContains(t, err, "next 2027-12-31")
	a = b.do(a, register.Depreciate{Until: day("2027-12-31"), Book: "tax"}, register.Depreciate{Until: day("2030-12-31")})
	_, err = b.desk.Do(b.ctx(), a.ID, register.Depreciate{Until: day("2040-12-31")})
	require.ErrorIs(t, err, itsm.ErrNotAllowed)
	var booked []register.Charge
	for _, e := range b.history(a) {
		entry, err := register.EntryOf(e)
		require.NoError(t, err)
		booked = append(booked, entry.Charges...)
	}
	require.ElementsMatch(t, a.Charges, booked)
	require.Len(t, booked, 5)
}

// What was known at an instant: the plan of then.
func TestAsKnownThen(t *testing.T) {
	b := newBench(t)
	a := b.open(register.Terms{Name: "tax", Plan: straight("1000.00", "0.00", 2)})
	then := b.now
	b.now = b.now.Add(time.Hour)
	a = b.do(a, register.Impair{Book: "tax", On: day("2027-01-01"), Value: eur("100.00"), Reason: "flood"})
	old, err := b.desk.AsRecorded(b.ctx(), a.ID, then)
	require.NoError(t, err)
	require.Equal(t, "0.00 EUR", value(t, old, "tax", "2027-12-31"))
	require.Equal(t, "500.00 EUR", value(t, old, "tax", "2026-12-31"))
	require.Equal(t, "500.00 EUR", value(t, a, "tax", "2026-12-31"))
	require.Equal(t, "99.73 EUR", value(t, a, "tax", "2027-01-01"))
}

// Units of use: the charges are those of the plan with all its units, and a disposal wants them told up to its day.
func TestUnits(t *testing.T) {
	b := newBench(t)
	p := depreciation.Plan{Method: depreciation.UnitsOfUse, Cost: eur("1000.00"), Salvage: eur("100.00"), TotalUnits: money.Int(700),
		Start: day("2026-01-01"), Rounding: money.HalfUp}
	a := b.open(register.Terms{Name: "tax", Plan: p})
	var want []money.Amount
	for i, u := range []int32{111, 222, 333, 444} {
		p.Units = append(p.Units, money.Int(u))
		a = b.do(a, register.Use{Book: "tax", Until: day("2026-01-31").AddDays(31 * i), Units: money.Int(u)})
	}
	want, err := p.Amounts()
	require.NoError(t, err)
	for i, c := range a.Charges {
		require.Equal(t, want[i], c.Amount)
	}
	require.Equal(t, "100.00 EUR", value(t, a, "tax", "2026-12-31"))
	b.refused(a, register.Dispose{On: day("2026-12-31"), Reason: "sold"}, "on", "use_missing")
	b.refused(a, register.Dispose{On: day("2026-02-01"), Reason: "sold"}, "on", "charged")
	a = b.do(a, register.Dispose{On: day("2026-05-05"), Reason: "sold", Proceeds: eur("1.00")})
	require.Equal(t, "-99.00 EUR", a.Movements[1].Gain.String())
}

// A change that is dated in the half of a year that is charged is effective in its middle like the one that charged it.
func TestTwoChangesInOneYearByHalves(t *testing.T) {
	p := straight("10000.00", "0.00", 5)
	p.Convention = depreciation.Half
	b := newBench(t)
	a := b.do(b.open(register.Terms{Name: "tax", Plan: p}),
		register.Revalue{Book: "tax", On: day("2027-08-10"), Value: eur("7000.00"), Reason: "x"},
		register.Revalue{Book: "tax", On: day("2027-03-05"), Value: eur("6000.00"), Reason: "x"})
	require.Equal(t, day("2027-07-01"), a.Movements[1].On)
	require.Equal(t, day("2027-07-01"), a.Movements[2].On)
	require.Equal(t, "-1000.00 EUR", a.Movements[2].Adjusted.String())
}

// Behind an impairment the units that are left bear the value that is left: 200 by 50 units.
func TestImpairmentOfUnits(t *testing.T) {
	p := depreciation.Plan{Method: depreciation.UnitsOfUse, Cost: eur("1000.00"), Salvage: eur("0.00"), TotalUnits: money.Int(100),
		Start: day("2026-01-01"), Rounding: money.HalfUp}
	b := newBench(t)
	a := b.do(b.open(register.Terms{Name: "tax", Plan: p}), register.Use{Book: "tax", Until: day("2026-06-30"), Units: money.Int(50)},
		register.Impair{Book: "tax", On: day("2026-07-01"), Value: eur("200.00"), Reason: "x"},
		register.Use{Book: "tax", Until: day("2026-12-31"), Units: money.Int(25)})
	require.Equal(t, []string{"2026-01-01 2026-06-30 500.00 EUR posted", "2026-07-01 2026-12-31 100.00 EUR planned"}, amounts(a, "tax"))
}

// A book that was written off to its salvage goes on by units from the day of the revision.
func TestRevisionBehindTheLife(t *testing.T) {
	b := newBench(t)
	p := register.NextPlan{Method: depreciation.UnitsOfUse, Salvage: eur("0.00"), TotalUnits: money.Int(10)}
	a := b.do(b.open(register.Terms{Name: "tax", Plan: straight("1000.00", "100.00", 1)}),
		register.Revise{Book: "tax", On: day("2028-01-01"), Plan: p, Reason: "used on"},
		register.Use{Book: "tax", Until: day("2028-06-30"), Units: money.Int(5)})
	require.Equal(t, []string{"2026-01-01 2026-12-31 900.00 EUR posted", "2028-01-01 2028-06-30 50.00 EUR planned"}, amounts(a, "tax"))
	require.Equal(t, "100.00 EUR", value(t, a, "tax", "2027-06-30"))
}

// A form that is made of the schema can revise: it asks for what the action wants, and for nothing that the book knows.
func TestRevisionAsAFormSendsIt(t *testing.T) {
	raw, err := json.Marshal(register.Kind().Describe())
	require.NoError(t, err)
	var described struct {
		Actions []struct {
			Name  string
			Input struct {
				Properties struct {
					Plan struct {
						Required   []string
						Properties map[string]any
					}
				}
			}
		}
	}
	require.NoError(t, json.Unmarshal(raw, &described))
	for _, a := range described.Actions {
		if a.Name == (register.Revise{}).Name() {
			plan := a.Input.Properties.Plan
			require.Equal(t, []string{"method"}, plan.Required)
			require.NotContains(t, plan.Properties, "cost")
			require.Contains(t, plan.Properties, "periods")
		}
	}
	b := newBench(t)
	a := b.open(register.Terms{Name: "tax", Plan: straight("1000.00", "100.00", 10)})
	var x register.Revise
	require.NoError(t, json.Unmarshal([]byte(`{"book":"tax","on":"2027-01-01","plan":{"method":"straight_line","periods":2,"first_end":"2027-12-31"},"reason":"worn"}`), &x))
	a = b.do(a, x)
	require.Equal(t, []string{"2026-01-01 2026-12-31 90.00 EUR posted", "2027-01-01 2027-12-31 405.00 EUR planned", "2028-01-01 2028-12-31 405.00 EUR planned"}, amounts(a, "tax"))
}
