package register_test

import (
	"context"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/finance/depreciation"
	"github.com/itsmkit/itsm/finance/depreciation/register"
	"github.com/itsmkit/itsm/money"
	"github.com/itsmkit/itsm/store/memory"
)

// bench is a desk with a clock that a test moves.
type bench struct {
	t     require.TestingT
	store *memory.Store
	desk  *itsm.Desk[register.Asset]
	now   time.Time
	ids   atomic.Int64
}

func newBench(t require.TestingT) *bench {
	b := &bench{t: t, store: memory.New(), now: time.Date(2026, 3, 2, 8, 0, 0, 0, time.UTC)}
	repository := memory.For(b.store, register.Kind())
	desk, err := itsm.NewDesk(register.Kind(), itsm.Config[register.Asset]{
		Repository: repository, Policy: itsm.AllowAll, Clock: func() time.Time { return b.now }, Facts: register.Facts(repository),
		NewID: func(time.Time) itsm.ID { // the same IDs in every run
			n := b.ids.Add(1)
			return itsm.ID{6: 0x70, 8: 0x80, 14: byte(n >> 8), 15: byte(n)}
		},
	})
	require.NoError(t, err)
	b.desk = desk
	return b
}

func (b *bench) ctx() context.Context { return itsm.System(context.Background(), "acme") }

func (b *bench) open(books ...register.Terms) register.Asset {
	a, err := b.desk.Open(b.ctx(), register.Capitalise{Title: "Rack 7", Books: books})
	require.NoError(b.t, err)
	return a
}

// do does actions that must all succeed.
func (b *bench) do(a register.Asset, actions ...itsm.Action[register.Asset]) register.Asset {
	for _, x := range actions {
		var err error
		a, err = b.desk.Do(b.ctx(), a.ID, x)
		require.NoError(b.t, err, x.Name())
	}
	return a
}

// history returns the events of an asset.
func (b *bench) history(a register.Asset) []itsm.Event {
	page, err := b.desk.History(b.ctx(), a.ID, itsm.PageRequest{Limit: itsm.MaxPage})
	require.NoError(b.t, err)
	return page.Items
}

// refused holds that an action is refused with a problem of a field.
func (b *bench) refused(a register.Asset, x itsm.Action[register.Asset], path, code string) {
	_, err := b.desk.Do(b.ctx(), a.ID, x)
	problem(b.t, err, path, code)
}

func problem(t require.TestingT, err error, path, code string) {
	var invalid *itsm.ValidationError
	require.ErrorAs(t, err, &invalid)
	require.Equal(t, [2]string{path, code}, [2]string{invalid.Problems[0].Path, invalid.Problems[0].Code}, "%v", err)
}

// straight is a straight line plan over calendar years from 2026 on.
func straight(cost, salvage string, years int) depreciation.Plan {
	return depreciation.Plan{Method: depreciation.StraightLine, Cost: eur(cost), Salvage: eur(salvage), Periods: years,
		Start: day("2026-01-01"), FirstEnd: day("2026-12-31"), Rounding: money.HalfUp}
}

func value(t require.TestingT, a register.Asset, book, on string) string {
	p, err := a.Position(book, day(on))
	require.NoError(t, err)
	sum, err := p.Cost.Add(p.Adjusted)
	require.NoError(t, err)
	sum, err = sum.Sub(p.Depreciated)
	require.NoError(t, err)
	require.Equal(t, sum, p.Value)
	return p.Value.String()
}

// amounts are the charges of a book as text.
func amounts(a register.Asset, book string) (out []string) {
	for _, c := range a.Charges {
		if c.Book == book {
			out = append(out, c.From.String()+" "+c.Until.String()+" "+c.Amount.String()+" "+string(c.Status))
		}
	}
	return out
}

// A part-depreciated asset goes on over what is left of its plan: (9000 - 5000) over the last two of four years.
func TestOpeningBalance(t *testing.T) {
	b := newBench(t)
	p := straight("9000.00", "0.00", 4)
	p.Start, p.FirstEnd = day("2024-01-01"), day("2024-12-31")
	a := b.open(register.Terms{Name: "tax", Plan: p, Balance: register.Balance{On: day("2026-01-01"), Depreciated: eur("5000.00")}})
	require.Equal(t, []string{"2026-01-01 2026-12-31 2000.00 EUR planned", "2027-01-01 2027-12-31 2000.00 EUR planned"}, amounts(a, "tax"))
	require.Equal(t, "2000.00 EUR", value(t, a, "tax", "2026-12-31"))
	_, err := a.Position("tax", day("2025-12-31"))
	require.ErrorIs(t, err, register.ErrBefore)
	_, err = a.Position("none", day("2026-12-31"))
	require.ErrorIs(t, err, register.ErrBook)
	entry, err := register.EntryOf(b.history(a)[0])
	require.NoError(t, err)
	require.Equal(t, a.Movements, entry.Movements)
	require.Empty(t, entry.Charges)
}

// Half a year's charge is borne in the year in which the asset leaves, none if that is the first: the half-year
// convention as IRS Publication 946 tells it. The figures, five years straight line of 10,000, are by hand.
func TestHalfYear(t *testing.T) {
	p := straight("10000.00", "0.00", 5)
	p.Convention, p.Start = depreciation.Half, day("2026-04-15")
	for on, want := range map[string][2]string{ // what is posted, and the loss where nothing is paid
		"2026-09-01": {"0.00 EUR", "-10000.00 EUR"},
		"2027-02-10": {"2000.00 EUR", "-8000.00 EUR"}, // 1000 + 2000/2
		"2027-12-31": {"2000.00 EUR", "-8000.00 EUR"},
	} {
		b := newBench(t)
		a := b.do(b.open(register.Terms{Name: "tax", Plan: p}), register.Dispose{On: day(on), Reason: "scrapped"})
		require.Equal(t, register.Disposed, a.State)
		sum := eur("0.00")
		for _, c := range a.Charges {
			require.Equal(t, register.Posted, c.Status)
			sum, _ = sum.Add(c.Amount)
		}
		last := a.Movements[len(a.Movements)-1]
		require.Equal(t, want, [2]string{sum.String(), last.Gain.String()}, on)
		require.Equal(t, "0.00 EUR", value(t, a, "tax", "2029-01-01"))
	}
}
