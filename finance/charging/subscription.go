package charging

import (
	"slices"

	"github.com/itsmkit/itsm/calendar"
	"github.com/itsmkit/itsm/money"
)

// Subscription is what a customer has by the month: a recurring charge.
type Subscription struct {
	Customer string        `json:"customer"`
	Item     string        `json:"item"`
	Quantity money.Number  `json:"quantity"`
	From     calendar.Date `json:"from"`
	Until    calendar.Date `json:"until,omitzero"` // the last day; zero: it goes on
}

// Recur charges subscriptions for a billing period. A tariff is for a whole calendar month here; days on which a
// subscription or a price does not hold take their share off. There is one line for each month and price, rounded on its own
// ([Prorate], [PlanChange]). Lines of one customer, item and range of days are one line. The lines are sorted as those of
// [List.Rate], and the errors are the same.
func (l *List) Recur(p Period, subscriptions []Subscription) ([]Line, error) {
	if err := checkDays(p.From, p.Until); err != nil {
		return nil, err
	}
	var out []Line
	for i := range subscriptions {
		s := &subscriptions[i]
		lines, err := l.recur(p, s)
		if err != nil {
			return nil, at(err, "subscription %d of customer %q to %q", i+1, clip(s.Customer), clip(s.Item))
		}
		out = append(out, lines...)
	}
	return merge(out)
}

func (l *List) recur(p Period, s *Subscription) ([]Line, error) {
	if s.Customer == "" || s.Item == "" {
		return nil, refuse(ErrUsage, "customer and item are required")
	}
	if s.Quantity.Sign() < 0 {
		return nil, refuse(ErrNegative, "%s", s.Quantity)
	}
	if s.Until.IsZero() {
		if err := checkDays(s.From, s.From); err != nil {
			return nil, err
		}
	} else if err := checkDays(s.From, s.Until); err != nil {
		return nil, err
	}
	p = p.clip(s.From, s.Until)
	var out []Line
	for day := p.From; day.Compare(p.Until) <= 0; {
		e := entryOn(l.items[s.Item], day)
		if e == nil {
			return nil, l.missing(s.Item, day)
		}
		part := Period{day, monthEnd(day)}.clip(p.From, p.Until).clip(e.From, e.Until)
		exact, err := e.Tariff.exact(s.Quantity)
		if err != nil {
			return nil, err
		}
		line := Line{Customer: s.Customer, Item: s.Item, Of: OfSubscription, Period: part, Quantity: s.Quantity, Tax: e.Tax, Records: 1}
		if line.Amount, err = prorated(exact, part.Days(), monthEnd(day).Day, e.Tariff.Currency(), e.Tariff.Rounding); err != nil {
			return nil, err
		}
		out = append(out, line)
		day = part.Until.AddDays(1)
	}
	return out, nil
}

// merge adds up lines that differ in nothing but what they charge, and sorts them.
func merge(lines []Line) ([]Line, error) {
	slices.SortStableFunc(lines, compareLines)
	out := lines[:0]
	for _, line := range lines {
		if n := len(out); n > 0 && compareLines(out[n-1], line) == 0 {
			if err := out[n-1].add(line); err != nil {
				return nil, err
			}
			continue
		}
		out = append(out, line)
	}
	return out, nil
}
