package register_test

import (
	"errors"
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
		return register.Revise{Book: book, On: on, Reason: "x", Plan: register.NextPlan{
			Method: q.Method, Salvage: rapid.SampledFrom([]money.Amount{{}, q.Salvage}).Draw(t, "salvage"), Periods: q.Periods, PeriodMonths: q.PeriodMonths,
			Convention: q.Convention, FirstEnd: q.FirstEnd, Rate: q.Rate, TotalUnits: q.TotalUnits}}
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
