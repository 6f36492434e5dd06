package finance

import (
	"sync"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/lifecycle"
)

// PeriodName is the name of the kind of accounting periods.
const PeriodName = "ledger_period"

// The states of a period.
const (
	Open   lifecycle.State = "open"
	Closed lifecycle.State = "closed"
	Locked lifecycle.State = "locked" // for ever
)

// The handles by which periods are found.
var (
	PeriodsByChart = itsm.Points("chart", func(p *Period) itsm.Ref { return p.Chart })
	// PeriodsByFrom orders by the first day, a number such as 20261130.
	PeriodsByFrom = itsm.Number("from", func(p *Period) int { return dayKey(p.From) })

	periodsByKey = itsm.Text("ordinal", (*Period).key).Unique()
)

// PeriodLifecycle returns the table of a period's states and actions.
func PeriodLifecycle() *lifecycle.Lifecycle {
	rules := []lifecycle.Rule{
		{On: "open", From: []lifecycle.State{""}, To: Open},
		{On: "close", From: []lifecycle.State{Open}, To: Closed},
		{On: "reopen", From: []lifecycle.State{Closed}, To: Open},
		{On: "lock", From: []lifecycle.State{Closed}, To: Locked},
	}
	return must(lifecycle.New(append(rules, talk(Open, Closed, Locked)...), Closed, Locked))
}

var periods = sync.OnceValue(func() *itsm.Kind[Period] {
	return must(itsm.NewKind(PeriodName, itsm.Declaration[Period]{
		Lifecycle: PeriodLifecycle(),
		Actions: append([]itsm.Offer[Period]{
			itsm.Do(OpenPeriod{}), itsm.Do(ClosePeriod{}), itsm.Do(ReopenPeriod{}), itsm.Do(LockPeriod{}),
		}, talking[Period]()...),
		Indexes:  []itsm.Indexed[Period]{PeriodsByChart, PeriodsByFrom, periodsByKey, itsm.Then(PeriodsByChart, PeriodsByFrom)},
		Number:   itsm.Numbering{Prefix: "PER"},
		Long:     []string{"reason"},
		Validate: (*Period).validate,
	}))
})

// PeriodKind returns the kind of accounting periods.
func PeriodKind() *itsm.Kind[Period] { return periods() }
