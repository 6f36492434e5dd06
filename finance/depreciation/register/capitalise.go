package register

import (
	"fmt"
	"strings"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/calendar"
	"github.com/itsmkit/itsm/finance/depreciation"
	"github.com/itsmkit/itsm/money"
)

// Terms are how a new book writes an asset off.
type Terms struct {
	Name string `json:"name"`
	// Plan needs Start and FirstEnd; units of use need no FirstEnd, and their Units are told by [Use].
	Plan depreciation.Plan `json:"plan"`
	// Balance is of an asset that was part-depreciated elsewhere.
	Balance Balance `json:"balance,omitzero"`
}

// Balance is the opening balance of a book. What is left is charged from the day on, over what is left of the plan.
type Balance struct {
	On          calendar.Date `json:"on"` // the first day that is charged here
	Depreciated money.Amount  `json:"depreciated"`
	Used        money.Number  `json:"used,omitzero"` // of the plan's units
}

// Capitalise opens an asset with its books.
type Capitalise struct {
	Title      string          `json:"title"`
	Class      string          `json:"class,omitempty"`
	Of         itsm.Ref        `json:"of,omitzero"`
	Books      []Terms         `json:"books"`
	Attributes itsm.Attributes `json:"attributes,omitempty"`
}

// Name returns "capitalise".
func (Capitalise) Name() string { return "capitalise" }

// Apply opens the books.
func (x Capitalise) Apply(a *Asset, m itsm.Moment) error {
	a.Title, a.Class, a.Of, a.Attributes = x.Title, x.Class, x.Of, x.Attributes
	var out Entry
	for i, t := range x.Books {
		if err := a.begin(t, fmt.Sprintf("books[%d]", i), &out); err != nil {
			return err
		}
	}
	return out.record(m)
}

// AddBook opens one more book of an asset that is in service.
type AddBook struct {
	Book Terms `json:"book"`
}

// Name returns "add_book".
func (AddBook) Name() string { return "add_book" }

// Apply opens the book.
func (x AddBook) Apply(a *Asset, m itsm.Moment) error {
	var out Entry
	if err := a.begin(x.Book, "book", &out); err != nil {
		return err
	}
	return out.record(m)
}

// begin opens a book.
func (a *Asset) begin(t Terms, path string, out *Entry) error {
	p := t.Plan
	switch {
	case strings.TrimSpace(t.Name) == "":
		return itsm.Invalid(path+".name", "required")
	case a.Book(t.Name) != nil:
		return itsm.Invalid(path+".name", "duplicate", "value", t.Name)
	}
	charges, err := planned(&p)
	if err != nil {
		return invalid(path+".plan", err)
	}
	if err := checkDate(path+".plan.start", p.Start); err != nil {
		return err
	}
	a.Books = append(a.Books, Book{Name: t.Name, Plan: p, Since: p.Start})
	s := &schedule{asset: a, book: &a.Books[len(a.Books)-1], on: p.Start, out: out, ahead: charges}
	for i := range s.ahead {
		s.ahead[i].Book, s.ahead[i].Status = t.Name, Planned
	}
	if t.Balance != (Balance{}) {
		if err := s.balance(t.Balance, path+".balance"); err != nil {
			return err
		}
	}
	if err := s.move(Movement{Cause: Acquisition, Cost: p.Cost}); err != nil {
		return err
	}
	if t.Balance != (Balance{}) {
		if err := s.move(Movement{Cause: Opening, Depreciated: t.Balance.Depreciated}); err != nil {
			return err
		}
	}
	s.put()
	return nil
}

// planned returns the charges of a plan; units of use have none yet.
func planned(p *depreciation.Plan) ([]Charge, error) {
	if p.Method == depreciation.UnitsOfUse {
		if len(p.Units) > 0 {
			return nil, &depreciation.FieldError{Field: "units", Err: fmt.Errorf("%w: %d are given, want none: use tells them", depreciation.ErrUnits, len(p.Units))}
		}
		_, err := p.Amounts()
		return nil, err
	}
	charges, err := p.Charges()
	if err != nil {
		return nil, err
	}
	out := make([]Charge, len(charges))
	for i, c := range charges {
		out[i] = Charge{Period: c.Period, From: c.From, Until: c.Until, Amount: c.Amount, ByMonth: byMonth(p)}
	}
	return out, nil
}

// byMonth tells whether a part of a charge goes by months: half of one can be whole months only where they are even.
func byMonth(p *depreciation.Plan) bool {
	return p.Convention == depreciation.FullMonth || p.Convention == depreciation.Half && p.PeriodMonths%2 == 0
}

// balance lets a book begin with what was depreciated elsewhere: the charges before it are not ours, those behind it share
// what is left in the proportions of the plan.
func (s *schedule) balance(o Balance, path string) error {
	p := &s.book.Plan
	if err := checkDate(path+".on", o.On); err != nil {
		return err
	}
	if err := checkAmount(path+".depreciated", o.Depreciated, s.book); err != nil {
		return err
	}
	if o.On.Compare(p.Start) < 0 {
		return itsm.Invalid(path+".on", "before_book", "value", o.On.String(), "min", p.Start.String())
	}
	worth, rest := total{amount: p.Cost}, total{}
	worth.sub(o.Depreciated)
	rest.amount = worth.amount
	rest.sub(p.Salvage)
	if err := invalid(path+".depreciated", worth.err, rest.err); err != nil {
		return err
	}
	if rest.amount.Sign() < 0 {
		return itsm.Invalid(path+".depreciated", "above_base", "value", o.Depreciated.String(), "over", rest.amount.Neg().String())
	}
	s.on, s.book.Since = o.On, o.On
	posted := s.out
	s.out = &Entry{}
	if err := s.cut(); err != nil {
		return err
	}
	s.done, s.out = nil, posted
	if p.Method == depreciation.UnitsOfUse {
		left, err := p.TotalUnits.Sub(o.Used)
		if err != nil || left.Sign() <= 0 || o.Used.Sign() < 0 {
			return itsm.Invalid(path+".used", "range", "value", o.Used.String(), "min", "0", "below", p.TotalUnits.String())
		}
		p.Cost, p.TotalUnits = worth.amount, left
	}
	return s.spread(rest.amount, path+".on")
}
