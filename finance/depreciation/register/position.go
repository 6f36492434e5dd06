package register

import (
	"errors"
	"fmt"
	"slices"

	"github.com/itsmkit/itsm/calendar"
	"github.com/itsmkit/itsm/money"
)

// Why there is no position, for errors.Is.
var (
	ErrBook   = errors.New("unknown book")
	ErrBefore = errors.New("before the book begins")
)

// Position is where a book stands at the end of a day: Value is Cost plus Adjusted less Depreciated.
type Position struct {
	Book        string        `json:"book"`
	On          calendar.Date `json:"on"`
	Cost        money.Amount  `json:"cost"`
	Adjusted    money.Amount  `json:"adjusted"`
	Depreciated money.Amount  `json:"depreciated"`
	Value       money.Amount  `json:"value"`
}

// Position returns where a book stands at the end of a day, past or future: what was posted, and what is planned as if
// nothing more happened. Within a period a charge counts in part, by days or by months. What was known at an instant is
// told by the record of that instant, see [itsm.Desk.AsRecorded].
//
// The error matches [ErrBook], or [ErrBefore] for a day before Book.Since.
func (a *Asset) Position(book string, on calendar.Date) (Position, error) {
	b := a.Book(book)
	switch {
	case b == nil:
		return Position{}, fmt.Errorf("register: %w %q, want one of %v", ErrBook, book, a.names())
	case on.Compare(b.Since) < 0:
		return Position{}, fmt.Errorf("register: book %s on %s: %w on %s", book, on, ErrBefore, b.Since)
	}
	return a.position(b, on, on.AddDays(1))
}

// position adds up what moved up to a day and was charged before another one.
func (a *Asset) position(b *Book, on, before calendar.Date) (Position, error) {
	zero, err := money.New(0, b.Plan.Cost.Currency())
	if err != nil {
		return Position{}, err
	}
	cost, adjusted, depreciated := total{amount: zero}, total{amount: zero}, total{amount: zero}
	for i := range a.Movements {
		if v := &a.Movements[i]; v.Book == b.Name && v.On.Compare(on) <= 0 {
			cost.add(v.Cost)
			adjusted.add(v.Adjusted)
			depreciated.add(v.Depreciated)
		}
	}
	for i := range a.Charges {
		c := &a.Charges[i]
		if c.Book != b.Name || c.Status == Given {
			continue
		}
		part, err := c.before(before, b.Plan.Rounding)
		if err != nil {
			return Position{}, err
		}
		depreciated.add(part)
	}
	value := cost
	value.add(adjusted.amount)
	value.sub(depreciated.amount)
	return Position{Book: b.Name, On: on, Cost: cost.amount, Adjusted: adjusted.amount, Depreciated: depreciated.amount, Value: value.amount},
		errors.Join(cost.err, adjusted.err, depreciated.err, value.err)
}

// Book returns a book by its name, or nil.
func (a *Asset) Book(name string) *Book {
	i := slices.IndexFunc(a.Books, func(b Book) bool { return b.Name == name })
	if i < 0 {
		return nil
	}
	return &a.Books[i]
}

func (a *Asset) names() []string {
	out := make([]string, len(a.Books))
	for i := range a.Books {
		out[i] = a.Books[i].Name
	}
	return out
}

// before returns what of a charge falls to the days before one. By months it goes by those that are over.
func (c *Charge) before(day calendar.Date, r money.Rounding) (money.Amount, error) {
	part, whole := int64(c.From.DaysUntil(day)), int64(c.From.DaysUntil(c.Until))+1
	switch {
	case part <= 0:
		return money.New(0, c.Amount.Currency())
	case part >= whole:
		return c.Amount, nil
	case c.ByMonth:
		part, whole = months(c.From, day), months(c.From, c.Until)+1
	}
	return c.Amount.Prorate(part, whole, r)
}

// months counts the months from that of a to that of b.
func months(a, b calendar.Date) int64 {
	return int64(b.Year-a.Year)*12 + int64(b.Month-a.Month)
}

// total adds amounts up and keeps the first error.
type total struct {
	amount money.Amount
	err    error
}

func (t *total) add(a money.Amount) {
	sum, err := t.amount.Add(a)
	if err == nil {
		t.amount = sum
	} else if t.err == nil {
		t.err = err
	}
}

func (t *total) sub(a money.Amount) { t.add(a.Neg()) }
