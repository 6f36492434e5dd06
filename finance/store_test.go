package finance_test

import (
	"math/rand/v2"
	"strconv"
	"testing"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/finance"
	"github.com/itsmkit/itsm/money"
	"github.com/itsmkit/itsm/store/memory"
	"github.com/itsmkit/itsm/store/storetest"
)

func someChart(rnd *rand.Rand, c *finance.Chart) itsm.Action[finance.Chart] {
	if c == nil {
		return finance.Establish{Title: "IT " + strconv.Itoa(rnd.IntN(3)), Currency: money.EUR, Accounts: accounts(), CostCentres: centres()}
	}
	code := strconv.Itoa(1000 + rnd.IntN(6)*100)
	switch rnd.IntN(7) {
	case 0:
		return finance.SetClearing{Account: code}
	case 1:
		return finance.SetCostCentres{CostCentres: []finance.CostCentre{{Code: "C" + code, Title: code, Parent: "IT", Closed: rnd.IntN(2) == 0}}}
	case 2:
		return itsm.Comment[finance.Chart]{Text: "looked at"}
	case 3:
		if rnd.IntN(10) == 0 {
			return finance.Archive{Reason: "merged"}
		}
	}
	return finance.SetAccounts{Accounts: []finance.Account{{Code: code, Title: code, Class: finance.Asset, Closed: rnd.IntN(3) == 0}, {Code: "x" + code, Title: code, Class: finance.Income}}}
}

func somePeriod(rnd *rand.Rand, p *finance.Period) itsm.Action[finance.Period] {
	if p == nil {
		first := date(2026, 1, 1).AddDays(rnd.IntN(300))
		return finance.OpenPeriod{Chart: itsm.Ref{Kind: finance.ChartName, ID: itsm.ID{15: byte(1 + rnd.IntN(100))}}, From: first, Until: first.AddDays(rnd.IntN(40) - 2)}
	}
	return []itsm.Action[finance.Period]{finance.ClosePeriod{}, finance.ReopenPeriod{Reason: "late"}, finance.ReopenPeriod{},
		itsm.Comment[finance.Period]{Text: "soon"}, itsm.Relate[finance.Period]{Type: "checked_by", To: cause(byte(1 + rnd.IntN(4)))}}[rnd.IntN(5)]
}

func someEntry(rnd *rand.Rand, e *finance.Entry) itsm.Action[finance.Entry] {
	if e == nil {
		a := money.Must(money.New(rnd.Int64N(10_000), money.USD)) // 0 is refused
		return finance.Post{Chart: itsm.Ref{Kind: finance.ChartName, ID: itsm.ID{15: byte(1 + rnd.IntN(3))}}, Date: date(2026, 1, 1).AddDays(rnd.IntN(9)),
			Text: "an invoice", Reference: []string{"", "R-1", "R-2"}[rnd.IntN(3)], Cause: cause(byte(1 + rnd.IntN(5))),
			Postings: []finance.Posting{finance.Debit("5000", a), finance.Credit([]string{"1000", "2000"}[rnd.IntN(2)], a)}}
	}
	return []itsm.Action[finance.Entry]{itsm.Comment[finance.Entry]{Text: "looked at"}, finance.Reverse{},
		itsm.Relate[finance.Entry]{Type: "see_also", To: cause(byte(1 + rnd.IntN(4)))}}[rnd.IntN(3)]
}

// A store holds the three kinds as it holds any other.
func TestStoreHoldsTheKinds(t *testing.T) {
	storetest.RunKind(t, finance.ChartKind(), inMemory(finance.ChartKind()), someChart)
	storetest.RunKind(t, finance.PeriodKind(), inMemory(finance.PeriodKind()), somePeriod)
	storetest.RunKind(t, finance.EntryKind(), inMemory(finance.EntryKind()), someEntry)
}

func inMemory[T any](k *itsm.Kind[T]) func(*testing.T) itsm.Repository[T] {
	return func(*testing.T) itsm.Repository[T] { return memory.For(memory.New(), k) }
}
