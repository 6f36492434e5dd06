package finance

import (
	"errors"
	"iter"
	"maps"
	"slices"
	"time"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/calendar"
	"github.com/itsmkit/itsm/money"
)

// Differences returns the exchange differences of a ledger up to and with a date, one a foreign currency in the order of
// the codes: what the conversions have realised, and what the positions that they left would bring at the rates of that
// date. Conversions count in the order of their dates, those of one date in the order of the entries; what was reversed by
// the date does not count. A conversion between two foreign currencies is valued in the currency of the books at the rate
// of its date, by what was given away.
//
// The realised and unrealised differences together are, with the sign turned, the balance of the clearing account with
// each currency valued at the date: what [Exchange] leaves there is nothing else.
func Differences(entries iter.Seq2[Entry, error], books money.Currency, rates *money.Rates, asOf calendar.Date, r money.Rounding) ([]Difference, error) {
	done, err := conversions(entries, asOf)
	if err != nil {
		return nil, err
	}
	positions := map[money.Currency]Position{}
	for _, e := range done {
		if err := settle(positions, e, books, rates, r); err != nil {
			return nil, &EntryError{e.name(), err}
		}
	}
	out := make([]Difference, 0, len(positions))
	for _, c := range slices.Sorted(maps.Keys(positions)) {
		d, err := positions[c].At(asOf, rates, r)
		if err != nil {
			return nil, err
		}
		out = append(out, d)
	}
	return out, nil
}

// conversions returns the first halves of the exchanges that stand at a date.
func conversions(entries iter.Seq2[Entry, error], asOf calendar.Date) ([]Entry, error) {
	if asOf.IsZero() {
		return nil, errors.New("finance: differences: the date is required: the rates are those of a date")
	}
	var halves []Entry
	reversal := map[itsm.ID]itsm.ID{} // by what it takes back
	for e, err := range entries {
		switch {
		case err != nil:
			return nil, err
		case e.Conversion == nil || !e.Pair.IsZero() || e.Date.Compare(asOf) > 0:
		case e.Reverses.IsZero():
			halves = append(halves, e)
		default:
			reversal[e.Reverses.ID] = e.ID
		}
	}
	halves = slices.DeleteFunc(halves, func(e Entry) bool {
		gone := false
		for id, ok := reversal[e.ID]; ok; id, ok = reversal[id] {
			gone = !gone // a reversal of a reversal brings it back
		}
		return gone
	})
	slices.SortStableFunc(halves, func(a, b Entry) int { return a.Date.Compare(b.Date) })
	return halves, nil
}

// settle adds a conversion to the positions of its currencies.
func settle(positions map[money.Currency]Position, e Entry, books money.Currency, rates *money.Rates, r money.Rounding) error {
	c := e.Conversion
	worth := c.From
	if c.From.Currency() != books {
		worth = c.To
	}
	if worth.Currency() != books {
		valued, err := rates.Convert(c.From, books, midnight(e.Date), r)
		if err != nil {
			return err
		}
		worth = valued.To
	}
	for _, leg := range [...]struct{ amount, value money.Amount }{{c.From.Neg(), worth.Neg()}, {c.To, worth}} {
		foreign := leg.amount.Currency()
		if foreign == books {
			continue
		}
		p, ok := positions[foreign]
		if !ok {
			var err error
			if p, err = NewPosition(foreign, books); err != nil {
				return err
			}
		}
		p, err := p.Add(leg.amount, leg.value, r)
		if err != nil {
			return err
		}
		positions[foreign] = p
	}
	return nil
}

func midnight(d calendar.Date) time.Time {
	return time.Date(d.Year, d.Month, d.Day, 0, 0, 0, 0, time.UTC)
}
