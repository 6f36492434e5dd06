package finance

import (
	"fmt"
	"strconv"
	"time"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/calendar"
	"github.com/itsmkit/itsm/money"
)

// Share is a part of a cost line: so much of the weight of all shares. The weights are what a payroll or a measurement
// has: hours, percentages, gigabytes.
type Share struct {
	CostCentre string       `json:"cost_centre,omitempty"` // that of the line if it is empty
	Service    itsm.Ref     `json:"service,omitzero"`      // that of the line if it is empty
	Weight     money.Number `json:"weight"`
}

// Split shares a line out: the salary of a person who works for three services. The parts add up to the line to the coin,
// by [money.Amount.AllocateBy]; their IDs are that of the line with /1, /2 and so on behind it.
func (l CostLine) Split(shares ...Share) ([]CostLine, error) {
	weights := make([]money.Number, len(shares))
	for i, s := range shares {
		weights[i] = s.Weight
	}
	amounts, err := l.Amount.AllocateBy(weights)
	if err != nil {
		return nil, fmt.Errorf("finance: cost line %s: %w", clip(l.ID), err)
	}
	out := make([]CostLine, len(shares))
	for i, s := range shares {
		part := l
		part.ID, part.Amount = l.ID+"/"+strconv.Itoa(i+1), amounts[i]
		if s.CostCentre != "" {
			part.CostCentre = s.CostCentre
		}
		if !s.Service.IsZero() {
			part.Service = s.Service
		}
		out[i] = part
	}
	return out, nil
}

// maxMonths is how long a line can be that is split by months: a hundred years.
const maxMonths = 1200

// Monthly splits a line by calendar months, each by its days: the yearly price of a contract. The parts add up to the line
// to the coin, by [money.Amount.Allocate]; their IDs are that of the line with the month behind it, as in "C-7/2026-03".
func (l CostLine) Monthly() ([]CostLine, error) {
	if l.From.IsZero() || l.From.Compare(l.Until) > 0 {
		return nil, fmt.Errorf("finance: cost line %s: %w", clip(l.ID), itsm.Invalid("until", "before_from", "from", l.From.String(), "until", l.Until.String()))
	}
	var out []CostLine
	var days []int64
	for from := l.From; from.Compare(l.Until) <= 0; {
		if len(out) == maxMonths {
			return nil, fmt.Errorf("finance: cost line %s: %w", clip(l.ID), itsm.Invalid("until", "too_long", "max", strconv.Itoa(maxMonths)+" months"))
		}
		part := l
		part.From, part.Until = from, monthEnd(from)
		if part.Until.Compare(l.Until) > 0 {
			part.Until = l.Until
		}
		part.ID = fmt.Sprintf("%s/%04d-%02d", l.ID, from.Year, from.Month)
		days = append(days, int64(from.DaysUntil(part.Until))+1)
		out = append(out, part)
		from = part.Until.AddDays(1)
	}
	amounts, err := l.Amount.Allocate(days)
	if err != nil {
		return nil, fmt.Errorf("finance: cost line %s: %w", clip(l.ID), err)
	}
	for i := range out {
		out[i].Amount = amounts[i]
	}
	return out, nil
}

// monthEnd returns the last day of a date's month.
func monthEnd(d calendar.Date) calendar.Date {
	return calendar.DateOf(time.Date(d.Year, d.Month+1, 0, 0, 0, 0, 0, time.UTC))
}
