package finance

import (
	"sync"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/lifecycle"
)

// ChartName is the name of the kind of charts.
const ChartName = "ledger_chart"

// The states of a chart.
const (
	Active   lifecycle.State = "active"
	Archived lifecycle.State = "archived"
)

// ChartLifecycle returns the table of a chart's states and actions.
func ChartLifecycle() *lifecycle.Lifecycle {
	rules := []lifecycle.Rule{
		{On: "establish", From: []lifecycle.State{""}, To: Active},
		{On: "set_accounts", From: []lifecycle.State{Active}, Stay: true},
		{On: "set_cost_centres", From: []lifecycle.State{Active}, Stay: true},
		{On: "set_clearing", From: []lifecycle.State{Active}, Stay: true},
		{On: "archive", From: []lifecycle.State{Active}, To: Archived},
	}
	return must(lifecycle.New(append(rules, talk(Active, Archived)...), Archived))
}

var charts = sync.OnceValue(func() *itsm.Kind[Chart] {
	return must(itsm.NewKind(ChartName, itsm.Declaration[Chart]{
		Lifecycle: ChartLifecycle(),
		Actions: append([]itsm.Offer[Chart]{
			itsm.Do(Establish{}), itsm.Do(SetAccounts{}), itsm.Do(SetCostCentres{}), itsm.Do(SetClearing{}, hasNoClearing), itsm.Do(Archive{}),
		}, talking[Chart]()...),
		Number:   itsm.Numbering{Prefix: "CHT"},
		Keyed:    []itsm.Keyed{{List: "accounts", By: []string{"code"}}, {List: "cost_centres", By: []string{"code"}}},
		Long:     []string{"archived_for"},
		Search:   []string{"title"},
		Validate: (*Chart).validate,
	}))
})

// ChartKind returns the kind of charts of accounts.
func ChartKind() *itsm.Kind[Chart] { return charts() }

// must returns what is made of constants; a test makes all of it.
func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

// talk returns the rules of the actions that fit every kind.
func talk(states ...lifecycle.State) []lifecycle.Rule {
	var rules []lifecycle.Rule
	for _, name := range []string{"comment", "relate", "unrelate", "set_attributes"} {
		rules = append(rules, lifecycle.Rule{On: name, From: states, Stay: true})
	}
	return rules
}

// talking returns the actions that fit every kind.
func talking[T any]() []itsm.Offer[T] {
	return []itsm.Offer[T]{itsm.Do(itsm.Comment[T]{}), itsm.Do(itsm.Relate[T]{}), itsm.Do(itsm.Unrelate[T]{}), itsm.Do(itsm.SetAttributes[T]{})}
}
