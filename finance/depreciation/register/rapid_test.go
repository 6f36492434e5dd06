package register_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/calendar"
	"github.com/itsmkit/itsm/finance/depreciation"
	"github.com/itsmkit/itsm/finance/depreciation/register"
	"github.com/itsmkit/itsm/money"
)

// play is one asset with arbitrary actions done to it, and a twin that has one of its books only.
type play struct {
	*bench
	t       *rapid.T
	a, twin register.Asset
}

func coins(t require.TestingT, n int64) money.Amount {
	a, err := money.New(n, money.EUR)
	require.NoError(t, err)
	return a
}

// plan draws terms that are right.
func plan(t *rapid.T) depreciation.Plan {
	months := rapid.SampledFrom([]int{1, 3, 12}).Draw(t, "months")
	end := rapid.IntRange(1, 12).Draw(t, "first end")
	p := depreciation.Plan{
		Method:       rapid.SampledFrom([]depreciation.Method{depreciation.StraightLine, depreciation.DecliningBalance, depreciation.DoubleDeclining, depreciation.SumOfYears, depreciation.UnitsOfUse}).Draw(t, "method"),
		Convention:   rapid.SampledFrom([]depreciation.Convention{"", depreciation.Half, depreciation.FullMonth, depreciation.ActualDays, depreciation.DailyTotal}).Draw(t, "convention"),
		Periods:      rapid.IntRange(1, 8).Draw(t, "periods"),
		PeriodMonths: months, FirstEnd: calendar.DateOf(time.Date(2026, time.Month(end)+1, 0, 0, 0, 0, 0, time.UTC)),
		Rate: number(rapid.SampledFrom([]string{"0.1", "0.35"}).Draw(t, "rate")), TotalUnits: money.Int(rapid.Int32Range(1, 100).Draw(t, "units")),
		Rounding: rapid.SampledFrom([]money.Rounding{money.HalfUp, money.HalfEven, money.Down}).Draw(t, "rounding"),
	}
	p.Start = p.FirstEnd.AddDays(-rapid.IntRange(0, 27).Draw(t, "days before"))
	if p.Convention == depreciation.DailyTotal {
		p.Method = depreciation.StraightLine
	}
	if p.Method == depreciation.UnitsOfUse {
		p.Periods, p.Convention, p.FirstEnd = 0, "", calendar.Date{}
	}
	cost := rapid.Int64Range(0, 1e7).Draw(t, "cost")
	p.Cost, p.Salvage = coins(t, cost), coins(t, rapid.Int64Range(0, cost).Draw(t, "salvage"))
	return p
}

func terms(t *rapid.T, name string) register.Terms {
	out := register.Terms{Name: name, Plan: plan(t)}
	if rapid.IntRange(0, 3).Draw(t, "balance") == 0 {
		base, _ := out.Plan.Cost.Sub(out.Plan.Salvage)
		out.Balance = register.Balance{On: out.Plan.Start.AddDays(rapid.IntRange(0, 40).Draw(t, "opened")),
			Depreciated: coins(t, rapid.Int64Range(0, base.Coins()).Draw(t, "depreciated"))}
	}
	return out
}

// action draws an arbitrary input, right or wrong.
func (p *play) action(name string) itsm.Action[register.Asset] {
	t := p.t
	book := rapid.SampledFrom([]string{"statutory", "tax"}).Draw(t, "book")
	if rapid.IntRange(0, 20).Draw(t, "wrong") == 0 {
		book = "none"
	}
	on := p.day(book)
	amount := coins(t, rapid.Int64Range(-1, 2e7).Draw(t, "amount"))
	switch name {
	case "use":
		return register.Use{Book: book, Until: on, Units: money.Int(rapid.Int32Range(0, 60).Draw(t, "used"))}
	case "depreciate":
		return register.Depreciate{Until: on, Book: rapid.SampledFrom([]string{"", book}).Draw(t, "of")}
	case "revalue":
		return register.Revalue{Book: book, On: on, Value: amount, Reason: "x"}
	case "impair":
		return register.Impair{Book: book, On: on, Value: coins(t, amount.Coins()/8), Reason: "x"}
	case "revise":
		q := plan(t)
		if q.FirstEnd != (calendar.Date{}) {
			q.FirstEnd = calendar.DateOf(time.Date(on.Year, on.Month+1, 0, 0, 0, 0, 0, time.UTC))
		}
		q.Cost, q.Salvage, q.Start, q.Rounding = money.Amount{}, rapid.SampledFrom([]money.Amount{{}, q.Salvage}).Draw(t, "salvage"), calendar.Date{}, ""
		return register.Revise{Book: book, On: on, Plan: q, Reason: "x"}
	case "dispose":
		whole := rapid.Int64Range(1, 7).Draw(t, "whole")
		return register.Dispose{On: on, Part: rapid.Int64Range(0, whole).Draw(t, "part"), Whole: whole, Proceeds: rapid.SampledFrom([]money.Amount{{}, amount}).Draw(t, "proceeds"), Reason: "x"}
	}
	return register.Edit{Title: "y"}
}

// day draws a day on which a change of a book is likely to be right.
func (p *play) day(book string) calendar.Date {
	last := day("2026-06-15")
	for _, c := range p.a.Charges {
		if c.Book == book && c.Status == register.Posted {
			last = c.Until
		}
	}
	if b := p.a.Book(book); b != nil && b.Plan.Method == depreciation.UnitsOfUse {
		for _, c := range p.a.Charges {
			if c.Book == book {
				last = c.Until
			}
		}
		return last.AddDays(rapid.SampledFrom([]int{1, 1, 1, 30}).Draw(p.t, "later"))
	}
	return last.AddDays(rapid.IntRange(-5, 400).Draw(p.t, "later"))
}

// step does an arbitrary action and checks what must hold after it.
func (p *play) step(name string) {
	t := p.t
	x, before := p.action(name), p.a
	after, err := p.desk.Do(p.ctx(), p.a.ID, x)
	if err != nil {
		require.True(t, errors.Is(err, itsm.ErrInvalid) || errors.Is(err, itsm.ErrNotAllowed), "%v", err)
		var invalid *itsm.ValidationError
		if errors.As(err, &invalid) {
			require.NotEqual(t, "unbalanced", invalid.Problems[0].Code, "%v", err)
		}
		stored, err := p.desk.Get(p.ctx(), p.a.ID)
		require.NoError(t, err)
		require.Equal(t, before, stored, "a failure changes nothing")
		return
	}
	p.a = after
	p.settled(before)
	p.booked(after)
	if of, any := touches(x, "tax"), x.Name() != "edit"; of && any {
		if d, ok := x.(register.Depreciate); ok && d.Book == "" {
			x = register.Depreciate{Until: d.Until, Book: "tax"}
		}
		twin, err := p.desk.Do(p.ctx(), p.twin.ID, x)
		if !errors.Is(err, itsm.ErrNotAllowed) { // a run over all books may have nothing to do for one
			require.NoError(t, err)
			p.twin = twin
		}
	}
	require.Equal(t, ofBook(p.twin, "tax"), ofBook(p.a, "tax"), "books never touch one another")
}

// touches tells whether an action is about a book.
func touches(x itsm.Action[register.Asset], book string) bool {
	switch x := x.(type) {
	case register.Use:
		return x.Book == book
	case register.Depreciate:
		return x.Book == book || x.Book == ""
	case register.Revalue:
		return x.Book == book
	case register.Impair:
		return x.Book == book
	case register.Revise:
		return x.Book == book
	}
	return true
}

// ofBook is all that an asset has of a book.
func ofBook(a register.Asset, name string) []any {
	out := []any{*a.Book(name)}
	for _, v := range a.Movements {
		if v.Book == name {
			out = append(out, v)
		}
	}
	for _, c := range a.Charges {
		if c.Book == name {
			out = append(out, c)
		}
	}
	return out
}

// settled holds that what was posted is as it was, and the values at the ends of posted charges too.
func (p *play) settled(before register.Asset) {
	for _, v := range before.Movements {
		require.Contains(p.t, p.a.Movements, v)
	}
	for _, c := range before.Charges {
		if c.Status != register.Posted {
			continue
		}
		require.Contains(p.t, p.a.Charges, c)
		was, err := before.Position(c.Book, c.Until)
		require.NoError(p.t, err)
		is, err := p.a.Position(c.Book, c.Until)
		require.NoError(p.t, err)
		require.Equal(p.t, was, is)
	}
}

// booked posts the events of an asset to a ledger of three accounts a book, which must agree with the record once all that
// moved is past; and the charges that are planned must write the rest off.
func (p *play) booked(a register.Asset) {
	t := p.t
	for _, b := range a.Books {
		cost, adjusted, depreciated := int64(0), int64(0), int64(0)
		moved, charged := 0, 0
		for _, e := range p.history(a) {
			entry, err := register.EntryOf(e)
			require.NoError(t, err)
			for _, v := range entry.Movements {
				if v.Book == b.Name {
					moved++
					require.Equal(t, moved, v.Number)
					cost, adjusted, depreciated = cost+v.Cost.Coins(), adjusted+v.Adjusted.Coins(), depreciated+v.Depreciated.Coins()
					if v.Cause == register.Disposal {
						require.Equal(t, v.Proceeds.Coins()+v.Cost.Coins()+v.Adjusted.Coins()-v.Depreciated.Coins(), v.Gain.Coins())
					}
				}
			}
			for _, c := range entry.Charges {
				if c.Book == b.Name {
					charged++
					require.Equal(t, charged, c.Number)
					require.GreaterOrEqual(t, c.Amount.Sign(), 0)
					depreciated += c.Amount.Coins()
				}
			}
		}
		require.GreaterOrEqual(t, depreciated, int64(0))
		planned := int64(0)
		for _, c := range a.Charges {
			if c.Book == b.Name && c.Status == register.Planned {
				require.GreaterOrEqual(t, c.Amount.Sign(), 0)
				planned += c.Amount.Coins()
			}
		}
		end, err := a.Position(b.Name, day("2999-12-31"))
		require.NoError(t, err)
		require.Equal(t, [3]int64{cost, adjusted, depreciated + planned}, [3]int64{end.Cost.Coins(), end.Adjusted.Coins(), end.Depreciated.Coins()})
		switch {
		case a.State != register.InService:
			require.Equal(t, int64(0), end.Value.Coins())
		case b.Plan.Method == depreciation.UnitsOfUse:
			require.GreaterOrEqual(t, end.Value.Coins(), b.Plan.Salvage.Coins())
		default:
			require.Equal(t, b.Plan.Salvage, end.Value)
		}
	}
}

// Arbitrary actions, one after the other.
func TestAssetPaths(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := &play{bench: newBench(t), t: t}
		statutory, tax := terms(t, "statutory"), terms(t, "tax")
		a, err := p.desk.Open(p.ctx(), register.Capitalise{Title: "x", Books: []register.Terms{statutory, tax}})
		if err != nil { // a balance behind the end of the plan
			require.ErrorIs(t, err, itsm.ErrInvalid)
			return
		}
		p.a, p.twin = a, p.open(tax)
		p.booked(a)
		act := func(rt *rapid.T, names ...string) {
			p.t = rt
			p.step(rapid.SampledFrom(names).Draw(rt, "action"))
		}
		t.Repeat(map[string]func(*rapid.T){
			"charge": func(rt *rapid.T) { act(rt, "use", "depreciate") },
			"change": func(rt *rapid.T) { act(rt, "revalue", "impair", "revise") },
			"any":    func(rt *rapid.T) { act(rt, "use", "depreciate", "dispose", "edit", "revalue") },
		})
		replayed, err := register.Kind().Replay(p.history(p.a), time.Time{})
		require.NoError(t, err)
		require.Equal(t, p.a, replayed)
	})
}

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
