package charging

import (
	"slices"

	"github.com/itsmkit/itsm/calendar"
	"github.com/itsmkit/itsm/money"
)

// Usage is one record of what a customer used on a day. The ID makes it idempotent: the same record may come any number of
// times and counts once.
type Usage struct {
	ID       string        `json:"id"`
	Customer string        `json:"customer"`
	Item     string        `json:"item"`
	On       calendar.Date `json:"on"`
	Quantity money.Number  `json:"quantity"` // a negative one takes back what another record said
}

// Rate charges the usage of a billing period: one line for each customer, item and price, sorted by customer, item and day.
// A record is charged at the price of its day, and tiers and packages count over the days of the period on which one price
// holds. The order of records and records that come again change nothing. All records must lie in the period ([ErrDates]),
// have an ID, a customer and an item ([ErrUsage], also for an ID that is used again for something else) and a price
// ([PriceError]); a line must not be negative ([ErrNegative]).
func (l *List) Rate(p Period, usage []Usage) ([]Line, error) {
	if err := checkDays(p.From, p.Until); err != nil {
		return nil, err
	}
	m := meter{list: l, period: p, seen: newSeen(len(usage)), sums: map[sumOf]*sum{}}
	for i := range usage {
		if err := m.count(usage, i); err != nil {
			return nil, at(err, "usage record %q", clip(usage[i].ID))
		}
	}
	out := make([]Line, 0, len(m.sums))
	for of, s := range m.sums {
		out = append(out, Line{Customer: of.customer, Item: of.entry.Item, Of: OfUsage, Period: p.clip(of.entry.From, of.entry.Until),
			Quantity: s.quantity, Tax: of.entry.Tax, Records: s.records})
	}
	slices.SortFunc(out, compareLines)
	for i := range out {
		line := &out[i]
		var err error
		e := entryOn(l.items[line.Item], line.Period.From)
		if line.Amount, err = e.Tariff.charge(line.Quantity); err != nil {
			return nil, at(err, "%s", line.name())
		}
	}
	return out, nil
}

// meter adds up usage.
type meter struct {
	list   *List
	period Period
	seen   *seen
	sums   map[sumOf]*sum
}

type sumOf struct {
	customer string
	entry    *Entry
}

type sum struct {
	quantity money.Number
	records  int
}

// count adds a record, unless it has come before.
func (m *meter) count(usage []Usage, i int) error {
	u := &usage[i]
	if u.ID == "" || u.Customer == "" || u.Item == "" {
		return refuse(ErrUsage, "id, customer and item are required; it has customer %q, item %q", clip(u.Customer), clip(u.Item))
	}
	if first := m.seen.first(usage, i); first != i {
		if usage[first] != *u {
			return refuse(ErrUsage, "the ID was used before for something else: %s of %q by %q on %s, now %s of %q by %q on %s",
				usage[first].Quantity, clip(usage[first].Item), clip(usage[first].Customer), usage[first].On, u.Quantity, clip(u.Item), clip(u.Customer), u.On)
		}
		return nil
	}
	if u.On.Day > 28 || u.On.Day < 1 {
		if err := checkDays(u.On, u.On); err != nil {
			return err
		}
	}
	if !m.period.Has(u.On) {
		return refuse(ErrDates, "it is of %s, want %s", u.On, m.period)
	}
	e := entryOn(m.list.items[u.Item], u.On)
	if e == nil {
		return m.list.missing(u.Item, u.On)
	}
	of := sumOf{u.Customer, e}
	s := m.sums[of]
	if s == nil {
		s = &sum{}
		m.sums[of] = s
	}
	s.records++
	var err error
	s.quantity, err = s.quantity.Add(u.Quantity)
	return err
}
