package depreciation

import (
	"fmt"

	"github.com/itsmkit/itsm/calendar"
	"github.com/itsmkit/itsm/money"
)

// MaxPeriods is the longest life: a hundred years by month.
const MaxPeriods = 1200

// Method is how the charges of a life are found.
type Method string

// The methods.
const (
	StraightLine     Method = "straight_line"     // the same for every period
	DecliningBalance Method = "declining_balance" // Plan.Rate of the book value; what is left falls to the last period
	DoubleDeclining  Method = "double_declining"  // Plan.Factor/N of the book value, until straight line gives more
	SumOfYears       Method = "sum_of_years"      // N, N-1, …, 1 parts of N·(N+1)/2
	UnitsOfUse       Method = "units"             // by Plan.Units of Plan.TotalUnits
)

// Choices returns the methods for a pick box.
func (Method) Choices() []string {
	return []string{string(StraightLine), string(DecliningBalance), string(DoubleDeclining), string(SumOfYears), string(UnitsOfUse)}
}

// Convention is which share of a period's charge the first period bears; what it does not bear falls to one period more
// at the end.
type Convention string

// The conventions. The zero value is None.
const (
	None       Convention = "none"        // the whole period
	Half       Convention = "half"        // half of it
	FullMonth  Convention = "full_month"  // the months in service, that of the start counted, of the months of a period
	ActualDays Convention = "actual_days" // the days in service of the days of that period
	DailyTotal Convention = "daily_total" // straight line only: every period by its days of all days of the life
)

// Choices returns the conventions for a pick box.
func (Convention) Choices() []string {
	return []string{string(None), string(Half), string(FullMonth), string(ActualDays), string(DailyTotal)}
}

// Plan is how the cost of an asset is written off.
type Plan struct {
	Method  Method       `json:"method"`
	Cost    money.Amount `json:"cost"`
	Salvage money.Amount `json:"salvage"` // what is left at the end; 0.00 of the currency for nothing

	Periods      int        `json:"periods,omitempty"`       // N; none with units
	PeriodMonths int        `json:"period_months,omitempty"` // 0 is 12
	Convention   Convention `json:"convention,omitempty"`    // none if it is empty

	// Start is the date in service, FirstEnd the end of the first period, a month's last day; later periods end at month's
	// ends PeriodMonths apart. They are required by full_month, actual_days and daily_total, and for values on dates.
	Start    calendar.Date `json:"start,omitzero"`
	FirstEnd calendar.Date `json:"first_end,omitzero"`

	Rate     money.Number `json:"rate,omitzero"`       // a period, of a declining balance: 0.3
	Factor   money.Number `json:"factor,omitzero"`     // of double declining; 0 is 2
	NoSwitch bool         `json:"no_switch,omitempty"` // double declining stays with its rate to the end

	TotalUnits money.Number   `json:"total_units,omitzero"` // of the whole life
	Units      []money.Number `json:"units,omitempty"`      // used in each period so far

	Rounding money.Rounding `json:"rounding"` // of each charge, to the coin
}

// months returns the length of a period.
func (p *Plan) months() int {
	if p.PeriodMonths == 0 {
		return 12
	}
	return p.PeriodMonths
}

// check returns what is wrong with a plan by itself. The order of the first three is fixed.
func (p *Plan) check() error {
	below, err := p.Cost.Cmp(p.Salvage)
	switch {
	case err != nil:
		field := "salvage"
		if p.Cost.IsZero() {
			field = "cost"
		}
		return &FieldError{field, fmt.Errorf("depreciation: cost %s and salvage %s: %w", p.Cost, p.Salvage, err)}
	case below < 0:
		return wrong("salvage", ErrSalvage, "%s is more than %s", p.Salvage, p.Cost)
	case p.Cost.Sign() < 0:
		return wrong("cost", ErrNegative, "cost %s, salvage %s", p.Cost, p.Salvage)
	case p.Salvage.Sign() < 0:
		return wrong("salvage", ErrNegative, "cost %s, salvage %s", p.Cost, p.Salvage)
	case p.Method != UnitsOfUse && (p.Periods < 1 || p.Periods > MaxPeriods):
		return wrong("periods", ErrPeriods, "%d, want 1 to %d", p.Periods, MaxPeriods)
	case p.PeriodMonths < 0 || p.PeriodMonths > MaxPeriods:
		return wrong("period_months", ErrPeriods, "a period of %d months, want 1 to %d", p.PeriodMonths, MaxPeriods)
	case len(p.Units) > MaxPeriods:
		return wrong("units", ErrPeriods, "%d have units, want %d at most", len(p.Units), MaxPeriods)
	}
	if err := p.checkMethod(); err != nil {
		return err
	}
	if _, err = p.Cost.Times(money.Int(1), p.Rounding); err != nil {
		return &FieldError{"rounding", err}
	}
	return nil
}

func (p *Plan) checkMethod() error {
	switch p.Convention {
	case "", None, Half, FullMonth, ActualDays:
	case DailyTotal:
		if p.Method != StraightLine {
			return wrong("method", ErrMethod, "%q with %s, want %s", p.Method, DailyTotal, StraightLine)
		}
	default:
		return wrong("convention", ErrConvention, "%q is unknown", p.Convention)
	}
	switch p.Method {
	case StraightLine, SumOfYears:
	case DecliningBalance:
		if p.Rate.Sign() <= 0 {
			return wrong("rate", ErrRate, "%s, want more than 0", p.Rate)
		}
	case DoubleDeclining:
		if p.Factor.Sign() < 0 {
			return wrong("factor", ErrRate, "a factor of %s, want more than 0", p.Factor)
		}
	case UnitsOfUse:
		if p.TotalUnits.Sign() <= 0 {
			return wrong("total_units", ErrUnits, "a total of %s, want more than 0", p.TotalUnits)
		}
		for i, u := range p.Units {
			if u.Sign() < 0 {
				return wrong(fmt.Sprintf("units[%d]", i), ErrUnits, "%s in period %d", u, i+1)
			}
		}
	default:
		return wrong("method", ErrMethod, "%q is unknown", p.Method)
	}
	return nil
}

// Amounts returns the charges of the whole life, one a period, in order. Each is rounded to the coin and is no more than
// what is left, and the last takes the rest: together they are cost less salvage exactly, but for units, of which some may
// be to come. Dates are needed only by the conventions that count with them.
func (p Plan) Amounts() ([]money.Amount, error) {
	charges, err := p.charges(false)
	if err != nil {
		return nil, err
	}
	out := make([]money.Amount, len(charges))
	for i, c := range charges {
		out[i] = c.Amount
	}
	return out, nil
}

// Charges returns the charges of the whole life with their dates; see [Plan.Amounts].
func (p Plan) Charges() ([]Charge, error) { return p.charges(true) }

func (p *Plan) charges(dates bool) ([]Charge, error) {
	l, err := p.life(dates)
	if err != nil {
		return nil, err
	}
	return l.charges()
}
