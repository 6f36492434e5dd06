package budget

import (
	"context"
	"encoding/json"
	"fmt"
	"math/big"
	"time"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/calendar"
	"github.com/itsmkit/itsm/money"
)

// Threshold is a share of the budgeted amount at which somebody wants to know.
type Threshold struct {
	Percent int     `json:"percent"` // 1 to 1000
	Of      Measure `json:"of"`
	// AfterDays is how many days of the period must have passed, since a run rate of few days says little.
	AfterDays int `json:"after_days,omitempty"`
}

// Measure is what a threshold looks at.
type Measure string

// The measures.
const (
	OfActual   Measure = "actual"   // costs so far
	OfUsed     Measure = "used"     // costs and commitments
	OfForecast Measure = "forecast" // what the costs of the whole period will be, see [Budget.Forecast]
)

// Choices returns the measures for a pick box.
func (Measure) Choices() []string {
	return []string{string(OfActual), string(OfUsed), string(OfForecast)}
}

// Alert is a threshold that was reached. Each threshold is reached once in an edition, also where the measure falls below it
// again. The next edition is another budget: what of it is reached already is told with its approval.
type Alert struct {
	Threshold Threshold    `json:"threshold"`
	At        time.Time    `json:"at"`
	Value     money.Amount `json:"value"`    // of the measure
	Budgeted  money.Amount `json:"budgeted"` // at the time
	Edition   int          `json:"edition"`  // that was in force
}

// String returns the alert as text: "80 % of 1000.00 EUR (used): 812.40 EUR".
func (a Alert) String() string {
	return fmt.Sprintf("%d %% of %s (%s): %s", a.Threshold.Percent, a.Budgeted, a.Threshold.Of, a.Value)
}

// value returns a measure on a date, false if there is none.
func (b *Budget) value(of Measure, on calendar.Date) (money.Amount, bool) {
	switch of {
	case OfUsed:
		used, err := b.Actual.Add(b.Committed)
		return used, err == nil
	case OfForecast:
		f, err := b.Forecast(on)
		return f.Expected, err == nil && f.Days > 0
	}
	return b.Actual, true
}

// reached tells whether a value has come to a share of what is budgeted. Nothing is no share of nothing.
func (t Threshold) reached(value, budgeted money.Amount) bool {
	if value.Sign() <= 0 {
		return false
	}
	share := new(big.Rat).Mul(budgeted.Rat(), big.NewRat(int64(t.Percent), 100))
	return value.Rat().Cmp(share) >= 0
}

// due returns the thresholds that are reached at a moment and were not before.
func (b *Budget) due(m itsm.Moment) []Alert {
	if !b.IsInForce() {
		return nil
	}
	var out []Alert
	today := calendar.DateOf(m.Time.UTC())
	for _, t := range b.Plan.Thresholds {
		if b.alerted(t) || b.passed(today) < t.AfterDays {
			continue
		}
		if value, ok := b.value(t.Of, today); ok && t.reached(value, b.Budgeted) {
			out = append(out, Alert{Threshold: t, At: m.Time, Value: value, Budgeted: b.Budgeted, Edition: b.Edition})
		}
	}
	return out
}

// alerted tells whether a threshold was reached in the edition in force.
func (b *Budget) alerted(t Threshold) bool {
	for _, a := range b.Alerts {
		if a.Threshold == t && a.Edition == b.Edition {
			return true
		}
	}
	return false
}

// Assess looks at the thresholds as time has moved the forecast. [Sweep] does it where one is newly reached.
type Assess struct{}

// Name returns "assess".
func (Assess) Name() string { return "assess" }

// Apply does nothing: the alerts are derived with each action.
func (Assess) Apply(*Budget, itsm.Moment) error { return nil }

// somethingNew denies to assess where no threshold is newly reached.
func somethingNew(b *Budget, m itsm.Moment) error {
	if len(b.due(m)) == 0 {
		return itsm.Deny("nothing_new")
	}
	return nil
}

// AlertsOf returns the alerts that an event raised.
func AlertsOf(e itsm.Event) ([]Alert, error) {
	for _, f := range e.Facts {
		if f.Name != "alerts" {
			continue
		}
		var out []Alert
		if err := json.Unmarshal(f.Value, &out); err != nil {
			return nil, fmt.Errorf("budget: alerts of %s: %w", e.ID(), err)
		}
		return out, nil
	}
	return nil, nil
}

// Alarm is a handler of an itsm.Relay that hands alerts on, each at least once. Raise is idempotent by the event's identity
// and the threshold.
type Alarm struct {
	Name  string // of the consumer, for ever; "" is "budget.alarm"
	Raise func(ctx context.Context, e itsm.Event, a Alert) error
}

// Consumer returns the name.
func (a Alarm) Consumer() string {
	if a.Name == "" {
		return "budget.alarm"
	}
	return a.Name
}

// Kinds returns the budget.
func (Alarm) Kinds() []string { return []string{Name} }

// Handle hands on the alerts of events, one by one.
func (a Alarm) Handle(ctx context.Context, events []itsm.Event) (int, error) {
	return itsm.Each(events, func(e itsm.Event) error {
		alerts, err := AlertsOf(e)
		for i := 0; i < len(alerts) && err == nil; i++ {
			err = a.Raise(ctx, e, alerts[i])
		}
		return err
	})
}

// Sweep raises what time has brought about by a moment, in the tenant of the context's actor, and returns on how many
// budgets. A second call with the same moment does nothing. What single records and permissions mean for it is told at
// [itsm.Desk.Sweep].
func Sweep(ctx context.Context, d *itsm.Desk[Budget], at time.Time) (int, error) {
	return d.Sweep(ctx, itsm.Where(ByWatch.Is(true)), itsm.Instant(at), Assess{})
}
