package register_test

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/calendar"
	"github.com/itsmkit/itsm/finance/depreciation/register"
)

// The parts of an asset hold what it held, in each book, on each day: exactly at the ends of charges, and within them but
// for the coin that each part rounds. A part goes on like any asset.
func TestSplitConserves(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := &play{bench: newBench(t), t: t}
		a, err := p.desk.Open(p.ctx(), register.Capitalise{Title: "x", Books: []register.Terms{terms(t, "statutory"), terms(t, "tax")}})
		if err != nil {
			return
		}
		p.a, p.twin = a, p.open(register.Terms{Name: "tax", Plan: plan(t)})
		for range rapid.IntRange(0, 3).Draw(t, "changes") {
			x := p.action(rapid.SampledFrom([]string{"use", "depreciate", "revalue", "impair"}).Draw(t, "action"))
			if next, err := p.desk.Do(p.ctx(), p.a.ID, x); err == nil {
				p.a = next
			}
		}
		before := p.a
		x := register.Divide{On: p.day("tax")}
		for range rapid.IntRange(2, 5).Draw(t, "parts") {
			x.Parts = append(x.Parts, register.Portion{Weight: rapid.SampledFrom([]int64{1, 2, 7, 1e12}).Draw(t, "weight"), Title: "part"})
		}
		parts, err := register.Split(p.ctx(), p.desk, p.store, p.a.ID, x)
		if err != nil {
			require.ErrorIs(t, err, itsm.ErrInvalid)
			return
		}
		p.a, err = p.desk.Get(p.ctx(), p.a.ID)
		require.NoError(t, err)
		p.settled(before)
		p.booked(p.a)
		for i, part := range parts {
			require.Equal(t, [3]any{p.a.Ref(register.Name), i + 1, register.InService}, [3]any{part.PartOf, part.Part, part.State})
			p.booked(part)
		}
		for _, b := range p.a.Books {
			p.sums(before, parts, b.Name)
		}
		_, err = p.desk.Open(p.ctx(), register.Receive{Of: p.a.Ref(register.Name), Part: 1})
		require.ErrorIs(t, err, itsm.ErrDuplicate)
		gone, err := p.desk.Do(p.ctx(), parts[0].ID, register.Dispose{On: parts[0].Book("tax").Since.AddDays(400), Reason: "sold"})
		if err == nil {
			p.booked(gone)
		}
	})
}

// sums compares the parts with what they were parts of.
func (p *play) sums(before register.Asset, parts []register.Asset, book string) {
	t, since := p.t, parts[0].Book(book).Since
	ends := []calendar.Date{day("2999-12-31")}
	for _, c := range before.Charges {
		if c.Book == book && c.Until.Compare(since) >= 0 {
			ends = append(ends, c.Until)
		}
	}
	within := since.AddDays(rapid.IntRange(0, 800).Draw(t, "within"))
	for _, on := range append(ends, within) {
		want, err := before.Position(book, on)
		require.NoError(t, err)
		cost, adjusted, depreciated := int64(0), int64(0), int64(0)
		for _, part := range parts {
			got, err := part.Position(book, on)
			require.NoError(t, err)
			cost, adjusted, depreciated = cost+got.Cost.Coins(), adjusted+got.Adjusted.Coins(), depreciated+got.Depreciated.Coins()
		}
		require.Equal(t, [2]int64{want.Cost.Coins(), want.Adjusted.Coins()}, [2]int64{cost, adjusted})
		if slices.Contains(ends, on) {
			require.Equal(t, want.Depreciated.Coins(), depreciated)
		} else {
			require.InDelta(t, want.Depreciated.Coins(), depreciated, float64(len(parts)+1))
		}
	}
}
