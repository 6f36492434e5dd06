package finance_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/calendar"
	"github.com/itsmkit/itsm/finance"
	"github.com/itsmkit/itsm/money"
)

// What a chart is refused for, node by node.
func TestChartRefuses(t *testing.T) {
	asset := func(code, parent string) finance.Account {
		return finance.Account{Code: code, Title: code, Parent: parent, Class: finance.Asset}
	}
	for _, c := range []struct {
		name string
		a    finance.Establish
		says string
	}{
		{"no title", finance.Establish{Currency: money.EUR}, "title: required"},
		{"no currency", finance.Establish{Title: "IT"}, "currency: currency"},
		{"withdrawn currency", finance.Establish{Title: "IT", Currency: "HRK"}, "currency"},
		{"unknown parent", finance.Establish{Accounts: []finance.Account{asset("1", "9")}}, "accounts.1.parent: unknown (value 9)"},
		{"itself", finance.Establish{Accounts: []finance.Account{asset("1", "1")}}, "accounts.1.parent: cycle (value 1)"},
		{"a cycle", finance.Establish{Accounts: []finance.Account{asset("1", "2"), asset("2", "3"), asset("3", "1"), asset("4", "")}}, "accounts.2.parent: cycle (value 3)"},
		{"twice", finance.Establish{Accounts: []finance.Account{asset("1", ""), asset("1", "")}}, "accounts: twice (key 1)"},
		{"no code", finance.Establish{Accounts: []finance.Account{asset("", "")}}, "accounts.code: required"},
		{"another class", finance.Establish{Accounts: []finance.Account{asset("1", ""), {Code: "2", Title: "2", Parent: "1", Class: finance.Expense}}}, "accounts.2.class: not the parents"},
		{"unknown class", finance.Establish{Accounts: []finance.Account{{Code: "2", Title: "2", Class: "cash"}}}, "choice"},
		{"half a cost", finance.Establish{Accounts: []finance.Account{{Code: "2", Title: "2", Class: finance.Expense, Cost: finance.Cost{Type: finance.People}}}}, "accounts.2.cost.treatment: required"},
		{"a cost of income", finance.Establish{Accounts: []finance.Account{{Code: "2", Title: "2", Class: finance.Income, Cost: accounts()[5].Cost}}}, "accounts.2.cost: class"},
		{"unknown clearing", finance.Establish{Clearing: "7"}, "clearing: unknown account (value 7)"},
		{"clearing in one currency", finance.Establish{Clearing: "7", Accounts: []finance.Account{{Code: "7", Title: "7", Class: finance.Asset, Currency: money.USD}}}, "clearing: not open to all"},
		{"cost centres too", finance.Establish{CostCentres: []finance.CostCentre{{Code: "A", Title: "A", Parent: "B"}, {Code: "B", Title: "B", Parent: "A"}}}, "cost_centres.A.parent: cycle"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if c.name != "no title" && c.name != "no currency" {
				c.a.Title = "IT"
				if c.a.Currency == "" {
					c.a.Currency = money.EUR
				}
			}
			b := newBench(t)
			_, err := b.Charts.Open(b.as("mia"), c.a)
			require.ErrorIs(t, err, itsm.ErrInvalid)
			require.ErrorContains(t, err, c.says)
		})
	}
}

// A node is replaced by its code; class and currency stay; nothing goes.
func TestChartChanges(t *testing.T) {
	b := newBench(t)
	bank, ok := b.chart.Account("1000")
	require.True(t, ok)
	bank.Title, bank.Parent = "House bank", "1"
	after, err := b.Charts.Do(b.as("mia"), b.chart.ID, finance.SetAccounts{Accounts: []finance.Account{bank, {Code: "1", Title: "Assets", Class: finance.Asset, Heading: true}}})
	require.NoError(t, err)
	require.Len(t, after.Accounts, len(b.chart.Accounts)+1)
	_, err = b.Charts.Do(b.as("mia"), b.chart.ID, finance.SetAccounts{Accounts: []finance.Account{bank, bank}})
	require.ErrorContains(t, err, "accounts: twice (key 1000)", "neither may win unseen")
	centre := b.chart.CostCentres[0]
	_, err = b.Charts.Do(b.as("mia"), b.chart.ID, finance.SetCostCentres{CostCentres: []finance.CostCentre{centre, centre}})
	require.ErrorContains(t, err, "cost_centres: twice (key "+centre.Code+")")
	_, err = b.Charts.Do(b.as("mia"), b.chart.ID, finance.SetAccounts{Accounts: []finance.Account{{Title: "Nameless", Class: finance.Asset}}})
	require.EqualError(t, err, "ledger_chart: set_accounts: invalid: accounts.code: required", "and nothing of the accounts that are right")
	bank.Class, bank.Currency = finance.Equity, money.USD
	_, err = b.Charts.Do(b.as("mia"), b.chart.ID, finance.SetAccounts{Accounts: []finance.Account{bank}})
	require.ErrorContains(t, err, "accounts.1000.class: never changes (value equity, want asset)")
	require.ErrorContains(t, err, "accounts.1000.currency: never changes")
	_, err = b.Charts.Do(b.as("mia"), b.chart.ID, finance.SetClearing{Account: "1000"})
	require.ErrorContains(t, err, "has clearing")
	events, err := b.Charts.History(b.as("mia"), b.chart.ID, itsm.PageRequest{})
	require.NoError(t, err)
	var paths []string
	for _, c := range events.Items[1].Changes {
		paths = append(paths, c.Path)
	}
	require.Equal(t, []string{"/accounts/1", "/accounts/1000"}, paths, "an event tells only the nodes that changed")
}

// The sums of a tree against adding up every node's ancestors one by one; the roots together are 0.
func TestRollUpAgainstOracle(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		names := []string{"a", "b", "c", "d", "e", "f", "g"}
		chart := finance.Chart{}
		parents := map[string]string{}
		for _, name := range rapid.Permutation(names).Draw(t, "order") {
			parent := rapid.SampledFrom(append([]string{""}, keys(chart)...)).Draw(t, "parent")
			chart.Accounts = append(chart.Accounts, finance.Account{Code: name, Parent: parent})
			parents[name] = parent
		}
		var posts []finance.Post
		own := map[string]int64{}
		for range rapid.IntRange(1, 6).Draw(t, "entries") {
			account := rapid.SampledFrom(names)
			to, from, a := account.Draw(t, "to"), account.Draw(t, "from"), amounts(t, money.EUR)
			posts = append(posts, finance.Post{Date: date(2026, 1, 1), Postings: []finance.Posting{finance.Debit(to, a), finance.Credit(from, a)}})
			own[to] += a.Coins()
			own[from] -= a.Coins()
		}
		total := map[string]int64{}
		for name, coins := range own {
			for at := name; at != ""; at = parents[at] {
				total[at] += coins
			}
		}
		balances, err := finance.TrialBalance(asEntries(posts), calendar.Date{})
		require.NoError(t, err)
		nodes, err := chart.RollUp(balances[0])
		require.NoError(t, err)
		require.Len(t, nodes, len(names))
		roots, depth := int64(0), map[string]int{"": -1}
		for _, n := range nodes {
			require.Equal(t, own[n.Code], n.Own.Coins())
			require.Equal(t, total[n.Code], n.Total.Coins())
			require.Contains(t, depth, parents[n.Code], "a parent comes before its children")
			require.Equal(t, depth[parents[n.Code]]+1, n.Depth)
			depth[n.Code] = n.Depth
			if n.Depth == 0 {
				roots += n.Total.Coins()
			}
		}
		require.Zero(t, roots)
	})
}

func keys(c finance.Chart) []string {
	var out []string
	for _, a := range c.Accounts {
		out = append(out, a.Code)
	}
	return out
}

// An account that the chart does not have is not left out in silence.
func TestRollUpNamesTheUnknown(t *testing.T) {
	b := newBench(t)
	b.months(1)
	b.post(b.licence(date(2026, 1, 1), "1.00"))
	bare := finance.Chart{Accounts: accounts()[:2]}
	_, err := bare.RollUp(b.balances(calendar.Date{}, time.Time{})[0])
	require.ErrorContains(t, err, "unknown")
}
