package budget

import (
	"fmt"
	"math/big"
	"time"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/calendar"
	"github.com/itsmkit/itsm/money"
)

// Forecast is what the costs of the whole period will be by the run rate:
//
//	RunRate  = Actual / share of the plan up to the date
//	Expected = the greater of RunRate and Actual + Committed
//
// The share is that of [Budget.Planned]: of days, or of the months by their weights, so that a plan with seasons does not
// take a quiet spring for a quiet year. Without weights RunRate is Actual / days passed · all days: what the textbooks call
// the run rate. What is committed will be spent, so that the forecast is never less.
type Forecast struct {
	On       calendar.Date `json:"on"`
	Days     int           `json:"days"`  // passed, that date included
	Total    int           `json:"total"` // days of the period
	RunRate  money.Amount  `json:"run_rate,omitzero"`
	Expected money.Amount  `json:"expected"`
}

// Forecast returns the forecast at the end of a date, rounded half up once. Before the period, and while the share is 0,
// there is no run rate: what is expected is then what is known. It is an error if the budget never was in force.
func (b *Budget) Forecast(on calendar.Date) (Forecast, error) {
	if b.Edition == 0 {
		return Forecast{}, itsm.Invalid("plan", "not_in_force", "state", string(b.State))
	}
	f := Forecast{On: on, Days: b.passed(on), Total: b.From.DaysUntil(b.Until) + 1}
	known, err := b.Actual.Add(b.Committed)
	if err != nil {
		return Forecast{}, err
	}
	f.Expected = known
	share := b.share(on)
	if share.Sign() == 0 {
		return f, nil
	}
	f.RunRate, err = money.RoundRat(new(big.Rat).Quo(b.Actual.Rat(), share), b.Currency(), money.HalfUp)
	if err != nil {
		return Forecast{}, err
	}
	if more, err := f.RunRate.Cmp(known); err == nil && more > 0 {
		f.Expected = f.RunRate
	}
	return f, nil
}

// passed returns how many days of the period have passed at the end of a date.
func (b *Budget) passed(on calendar.Date) int {
	return min(max(b.From.DaysUntil(on)+1, 0), b.From.DaysUntil(b.Until)+1)
}

// share returns how much of the plan falls to the period up to the end of a date: 0 to 1.
func (b *Budget) share(on calendar.Date) *big.Rat {
	if len(b.Plan.Months) == 0 || b.passed(on) == 0 {
		return big.NewRat(int64(b.passed(on)), int64(b.From.DaysUntil(b.Until)+1))
	}
	total, sum := new(big.Rat), new(big.Rat)
	for i, w := range b.Plan.Months {
		weight := new(big.Rat).SetInt64(w)
		total.Add(total, weight)
		first := time.Date(b.From.Year, b.From.Month+time.Month(i), 1, 0, 0, 0, 0, time.UTC)
		from, next := calendar.DateOf(first), calendar.DateOf(first.AddDate(0, 1, 0))
		days := int64(from.DaysUntil(next))
		passed := min(max(int64(from.DaysUntil(on))+1, 0), days)
		sum.Add(sum, weight.Mul(weight, big.NewRat(passed, days)))
	}
	return sum.Quo(sum, total)
}

// Planned returns how much of the budgeted amount falls to the period up to the end of a date, rounded half up: by days, or
// by the weights of the months and by days within a month.
func (b *Budget) Planned(on calendar.Date) (money.Amount, error) {
	if b.Edition == 0 {
		return money.Amount{}, itsm.Invalid("plan", "not_in_force", "state", string(b.State))
	}
	exact := b.share(on)
	return money.RoundRat(exact.Mul(exact, b.Budgeted.Rat()), b.Currency(), money.HalfUp)
}

// Judgement is which way a variance points.
type Judgement string

// The judgements.
const (
	Favourable   Judgement = "favourable"   // it costs less than planned
	Unfavourable Judgement = "unfavourable" // it costs more
	OnPlan       Judgement = "on_plan"
)

// Choices returns the judgements.
func (Judgement) Choices() []string {
	return []string{string(Favourable), string(Unfavourable), string(OnPlan)}
}

// Variance is the difference of a cost from its plan.
type Variance struct {
	Planned    money.Amount `json:"planned"`
	Cost       money.Amount `json:"cost"`
	Difference money.Amount `json:"difference"` // Planned - Cost: above zero is favourable
	// Percent is Difference of Planned, rounded half up to two decimals. HasPercent is false where nothing is planned.
	Percent    money.Number `json:"percent"`
	HasPercent bool         `json:"has_percent"`
	Judgement  Judgement    `json:"judgement"`
}

// NewVariance compares a cost with its plan, both in one currency.
func NewVariance(planned, cost money.Amount) (Variance, error) {
	difference, err := planned.Sub(cost)
	if err != nil {
		return Variance{}, err
	}
	v := Variance{Planned: planned, Cost: cost, Difference: difference, Judgement: OnPlan}
	switch difference.Sign() {
	case 1:
		v.Judgement = Favourable
	case -1:
		v.Judgement = Unfavourable
	}
	if planned.Sign() != 0 {
		percent := new(big.Rat).Quo(difference.Rat(), planned.Abs().Rat())
		if v.Percent, err = money.RoundNumber(percent.Mul(percent, big.NewRat(100, 1)), 2, money.HalfUp); err != nil {
			return Variance{}, err
		}
		v.HasPercent = true
	}
	return v, nil
}

// String returns the variance as text: "-50.00 EUR (-10 %), unfavourable".
func (v Variance) String() string {
	if !v.HasPercent {
		return fmt.Sprintf("%s, %s", v.Difference, v.Judgement)
	}
	return fmt.Sprintf("%s (%s %%), %s", v.Difference, v.Percent, v.Judgement)
}

// Variance compares the costs so far with what was planned up to the end of a date. The last date of the period gives the
// variance of the whole budget.
func (b *Budget) Variance(on calendar.Date) (Variance, error) {
	planned, err := b.Planned(on)
	if err != nil {
		return Variance{}, err
	}
	return NewVariance(planned, b.Actual)
}

// Outlook compares what is expected for the whole period, by the forecast of a date, with what is budgeted.
func (b *Budget) Outlook(on calendar.Date) (Variance, error) {
	f, err := b.Forecast(on)
	if err != nil {
		return Variance{}, err
	}
	return NewVariance(b.Budgeted, f.Expected)
}
