package register_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/finance/depreciation"
	"github.com/itsmkit/itsm/finance/depreciation/register"
	"github.com/itsmkit/itsm/internal/golden"
	"github.com/itsmkit/itsm/money"
)

// full is an asset with a value in nearly every field, and its parts.
func full(b *bench) (register.Asset, []register.Asset) {
	units := depreciation.Plan{Method: depreciation.UnitsOfUse, Cost: eur("800.00"), Salvage: eur("80.00"), TotalUnits: money.Int(90), Start: day("2026-01-01"), Rounding: money.HalfUp}
	tax := straight("1000.00", "100.00", 4)
	tax.Convention, tax.Start = depreciation.Half, day("2026-03-01")
	a := b.open(register.Terms{Name: "statutory", Plan: units, Balance: register.Balance{On: day("2026-02-01"), Depreciated: eur("8.00"), Used: money.Int(1)}}, register.Terms{Name: "tax", Plan: tax})
	of := itsm.Ref{Kind: "ci", ID: itsm.ID{1}}
	a = b.do(a, register.Edit{Class: "servers", Of: of}, register.Use{Book: "statutory", Until: day("2027-12-31"), Units: money.Int(20)},
		register.Impair{Book: "tax", On: day("2027-09-01"), Value: eur("500.00"), Reason: "market"},
		register.Dispose{On: day("2028-01-01"), Part: 1, Whole: 3, Proceeds: eur("200.00"), Reason: "sold"},
		register.Use{Book: "statutory", Until: day("2028-06-30"), Units: money.Int(5)})
	parts, err := register.Split(b.ctx(), b.desk, b.store, a.ID, register.Divide{On: day("2028-07-01"), Parts: []register.Portion{{Weight: 2, Title: "Upper half", Of: of}, {Weight: 3, Title: "Lower half"}}})
	require.NoError(b.t, err)
	a, err = b.desk.Get(b.ctx(), a.ID)
	require.NoError(b.t, err)
	return a, parts
}

// What was stored once is read by every later version: records, and the events that give them.
func TestStaysReadable(t *testing.T) {
	b := newBench(t)
	a, parts := full(b)
	raw := golden.File(t, "testdata/record_v1.json", golden.JSON(t, a))
	rec, err := register.Kind().Shape().Decode(raw)
	require.NoError(t, err)
	require.Equal(t, &a, rec)
	raw = golden.File(t, "testdata/part_v1.json", golden.JSON(t, parts[1]))
	rec, err = register.Kind().Shape().Decode(raw)
	require.NoError(t, err)
	require.Equal(t, &parts[1], rec)

	var events []itsm.Event
	require.NoError(t, json.Unmarshal(golden.File(t, "testdata/events_v1.json", golden.JSON(t, b.history(a))), &events))
	rebuilt, err := register.Kind().Replay(events, time.Time{})
	require.NoError(t, err)
	require.Equal(t, a, rebuilt)
}

// The machine and the table agree, and the kind offers every action of the table.
func TestTableIsTheKinds(t *testing.T) {
	l := register.Lifecycle()
	require.Equal(t, l.Actions(), register.Kind().Actions())
	for _, from := range append(l.States(), "") {
		for _, on := range l.Actions() {
			_, err := l.Fire(from, on, "")
			require.Equal(t, l.Allows(from, on), err == nil)
		}
	}
}

// Half years are cut in the middle of a year by days too, where the periods are no whole halves of months; and an event that
// is no entry, or of another kind, has none.
func TestEdges(t *testing.T) {
	b := newBench(t)
	p := straight("1200.00", "0.00", 4)
	p.Convention, p.PeriodMonths, p.FirstEnd = depreciation.Half, 3, day("2026-03-31")
	a := b.do(b.open(register.Terms{Name: "tax", Plan: p}), register.Revalue{Book: "tax", On: day("2026-04-20"), Value: eur("900.00"), Reason: "x"})
	require.Equal(t, "2026-04-01 2026-05-15 148.35 EUR posted", amounts(a, "tax")[1], "300.00 by 45 of 91 days")
	again := b.do(a, register.Revalue{Book: "tax", On: day("2026-06-20"), Value: eur("800.00"), Reason: "x"})
	require.Equal(t, day("2026-05-16"), again.Movements[2].On, "all that happens in a period happens in its middle")

	_, err := register.EntryOf(itsm.Event{Subject: a.Ref(register.Name), Facts: []itsm.Fact{{Name: "entry", Value: json.RawMessage(`[]`)}}})
	require.ErrorContains(t, err, "fact entry")
	entry, err := register.EntryOf(itsm.Event{Subject: a.Ref("incident")})
	require.NoError(t, err)
	require.Equal(t, register.Entry{}, entry)
}
