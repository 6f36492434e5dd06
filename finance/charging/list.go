package charging

import (
	"maps"
	"slices"

	"github.com/itsmkit/itsm/calendar"
	"github.com/itsmkit/itsm/money"
)

// Entry is the tariff of an item from a day on.
type Entry struct {
	Item   string        `json:"item"`
	From   calendar.Date `json:"from"`
	Until  calendar.Date `json:"until,omitzero"` // the last day; zero: until the next entry of the item, or for good
	Tariff Tariff        `json:"tariff"`
	Tax    money.Number  `json:"tax,omitzero"` // the rate on the charge: 0.19
}

// holds tells whether a day is one of the entry.
func (e *Entry) holds(day calendar.Date) bool {
	return day.Compare(e.From) >= 0 && (e.Until.IsZero() || day.Compare(e.Until) <= 0)
}

// List is a price list: what items cost, and from when on, in one currency. It never changes and is safe for concurrent
// use.
type List struct {
	currency money.Currency
	items    map[string][]Entry // by From; each ends the day before the next
}

// NewList makes a price list, or says what is wrong: a tariff ([Tariff.Check]), a second currency ([money.ErrCurrency]), and
// entries of one item that overlap or leave days between them without a price ([ErrList]). The order of entries does not
// matter; a new price is an entry more, from its day on. An item is withdrawn by the end of its last entry.
func NewList(entries ...Entry) (*List, error) {
	l := &List{items: map[string][]Entry{}}
	for i, e := range entries {
		if err := l.check(&e); err != nil {
			return nil, at(err, "entry %d of item %q", i+1, clip(e.Item))
		}
		e.Tariff.Tiers = slices.Clone(e.Tariff.Tiers)
		l.items[e.Item] = append(l.items[e.Item], e)
	}
	for _, item := range slices.Sorted(maps.Keys(l.items)) {
		list := l.items[item]
		slices.SortFunc(list, func(a, b Entry) int { return a.From.Compare(b.From) })
		for i := range list[:len(list)-1] {
			e, next := &list[i], &list[i+1]
			before := next.From.AddDays(-1)
			switch {
			case e.From == next.From:
				return nil, refuse(ErrList, "item %q has two entries from %s on", clip(item), e.From)
			case e.Until.IsZero():
				e.Until = before
			case e.Until.Compare(before) > 0:
				return nil, refuse(ErrList, "item %q: entries overlap from %s to %s", clip(item), next.From, e.Until)
			case e.Until.Compare(before) < 0:
				return nil, refuse(ErrList, "item %q has no price from %s to %s", clip(item), e.Until.AddDays(1), before)
			}
		}
	}
	return l, nil
}

// check looks at an entry by itself, and at its currency.
func (l *List) check(e *Entry) error {
	if e.Item == "" {
		return refuse(ErrList, "it names no item")
	}
	until := e.Until
	if until.IsZero() {
		until = e.From
	}
	if err := checkDays(e.From, until); err != nil {
		return err
	}
	if e.Tax.Sign() < 0 {
		return refuse(ErrTax, "the rate is %s, want 0 or more", e.Tax)
	}
	if err := e.Tariff.Check(); err != nil {
		return err
	}
	if c := e.Tariff.Currency(); l.currency == "" {
		l.currency = c
	} else if c != l.currency {
		return &money.MismatchError{A: l.currency, B: c}
	}
	return nil
}

// Currency returns the currency of all prices, "" for a list without entries.
func (l *List) Currency() money.Currency { return l.currency }

// On returns the entry of an item on a day, or a [PriceError]. Its Until is the last day on which it holds. The entry is
// not to be written to.
func (l *List) On(item string, day calendar.Date) (Entry, error) {
	list := l.items[item]
	if e := entryOn(list, day); e != nil {
		return *e, nil
	}
	return Entry{}, l.missing(item, day)
}

// entryOn returns the entry that holds on a day, nil if none does. The last one is looked at first.
func entryOn(list []Entry, day calendar.Date) *Entry {
	for i := len(list) - 1; i >= 0; i-- {
		if list[i].holds(day) {
			return &list[i]
		}
	}
	return nil
}

func (l *List) missing(item string, day calendar.Date) error {
	err := &PriceError{Item: item, Day: day}
	if list := l.items[item]; len(list) > 0 {
		err.First, err.Last = list[0].From, list[len(list)-1].Until
	}
	return err
}
