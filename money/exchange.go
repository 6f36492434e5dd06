package money

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// Quote is an exchange rate: one unit of From is Rate units of To, on a day, said by a source. Its JSON fields make it fit
// for a record.
type Quote struct {
	From   Currency  `json:"from"`
	To     Currency  `json:"to"`
	Rate   Number    `json:"rate"`
	Date   time.Time `json:"date"`   // midnight UTC of the day
	Source string    `json:"source"` // who published it: "ECB reference rates"
}

// Check returns what is wrong with a quote: a currency, one to itself, a rate that is not positive, no date or no source.
func (q Quote) Check() error {
	for _, c := range [...]Currency{q.From, q.To} {
		if _, err := c.unit(); err != nil {
			return err
		}
	}
	switch {
	case q.From == q.To:
		return fmt.Errorf("money: %w from %s to itself", ErrRate, q.From)
	case q.Rate.Sign() <= 0:
		return fmt.Errorf("money: %w from %s to %s: %s is not positive", ErrRate, q.From, q.To, q.Rate)
	case q.Date.IsZero():
		return fmt.Errorf("money: %w from %s to %s: it has no date", ErrRate, q.From, q.To)
	case strings.TrimSpace(q.Source) == "":
		return fmt.Errorf("money: %w from %s to %s: it has no source", ErrRate, q.From, q.To)
	}
	return nil
}

// Conversion is an amount in two currencies, with the quote that led from one to the other and the rounding.
type Conversion struct {
	From     Amount   `json:"from"`
	To       Amount   `json:"to"`
	Quote    Quote    `json:"quote"`
	Rounding Rounding `json:"rounding"`
}

// Convert converts an amount in one of the two currencies of the quote to the other: multiplied by the rate from From to
// To, divided by it from To to From. The exact result is rounded once, to the coin.
func (q Quote) Convert(a Amount, r Rounding) (Conversion, error) {
	if err := q.Check(); err != nil {
		return Conversion{}, err
	}
	if err := a.ready(r); err != nil {
		return Conversion{}, err
	}
	from, to := q.From.lookup(), q.To.lookup()
	var coins int64
	var err error
	switch more := to.decimals() - from.decimals(); a.unit {
	case from:
		coins, err = product(a.coins, q.Rate.units, more-int(q.Rate.scale), r)
	case to:
		to = from
		coins, err = ratio(a.coins, int(q.Rate.scale)-more, q.Rate.units, r)
	default:
		return Conversion{}, fmt.Errorf("money: a rate from %s to %s for %s: %w", q.From, q.To, a, &MismatchError{a.Currency(), q.From})
	}
	if err != nil {
		return Conversion{}, err
	}
	return Conversion{From: a, To: Amount{coins, to}, Quote: q, Rounding: r}, nil
}

// Rates is a table of quotes. It never changes and is safe for concurrent use.
type Rates struct {
	quotes  map[pair][]Quote // in order of dates
	maxDays int
}

type pair struct{ from, to Currency }

// NewRates makes a table. A quote holds on its day and so many days after it, unless there is a newer one: 0 is that day
// only, 3 covers a long weekend. Two quotes of one day from one currency to the same are [ErrRate].
func NewRates(maxDays int, quotes ...Quote) (*Rates, error) {
	t := &Rates{quotes: map[pair][]Quote{}, maxDays: max(0, maxDays)}
	for _, q := range quotes {
		if err := q.Check(); err != nil {
			return nil, err
		}
		q.Date = day(q.Date)
		p := pair{q.From, q.To}
		t.quotes[p] = append(t.quotes[p], q)
	}
	for p, list := range t.quotes {
		slices.SortStableFunc(list, func(a, b Quote) int { return a.Date.Compare(b.Date) })
		for i := range list[1:] {
			if list[i].Date.Equal(list[i+1].Date) {
				return nil, fmt.Errorf("money: %w from %s to %s: there are two for %s", ErrRate, p.from, p.to, list[i].Date.Format(time.DateOnly))
			}
		}
	}
	return t, nil
}

// day returns midnight UTC of the calendar day that t has where it is.
func day(t time.Time) time.Time {
	y, m, d := t.Date()
	return time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
}

// On returns the quote that leads from one currency to another on the calendar day of t: a quote in that direction, or
// else one in the opposite direction, which [Quote.Convert] divides by. There is no way over a third currency. If none
// holds on that day it returns a [RateError].
func (t *Rates) On(at time.Time, from, to Currency) (Quote, error) {
	at = day(at)
	missing := &RateError{From: from, To: to, Day: at}
	for _, p := range [...]pair{{from, to}, {to, from}} {
		list := t.quotes[p]
		i, found := slices.BinarySearchFunc(list, at, func(q Quote, d time.Time) int { return q.Date.Compare(d) })
		if found {
			return list[i], nil
		}
		if i == 0 {
			continue
		}
		q := list[i-1]
		if !q.Date.AddDate(0, 0, t.maxDays).Before(at) {
			return q, nil
		}
		if q.Date.After(missing.Latest) {
			missing.Latest = q.Date
		}
	}
	return Quote{}, missing
}

// Convert converts an amount at the rate of a day, see [Rates.On] and [Quote.Convert]. An amount that is in the currency
// already needs no quote: the conversion has none.
func (t *Rates) Convert(a Amount, to Currency, at time.Time, r Rounding) (Conversion, error) {
	if err := a.ready(r); err != nil {
		return Conversion{}, err
	}
	if _, err := to.unit(); err != nil {
		return Conversion{}, err
	}
	if a.Currency() == to {
		return Conversion{From: a, To: a, Rounding: r}, nil
	}
	q, err := t.On(at, a.Currency(), to)
	if err != nil {
		return Conversion{}, err
	}
	return q.Convert(a, r)
}
