package register

import (
	"slices"
	"time"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/calendar"
	"github.com/itsmkit/itsm/finance/depreciation"
	"github.com/itsmkit/itsm/money"
)

// schedule is a book that is being changed: its charges taken out of the asset until put back.
type schedule struct {
	asset *Asset
	book  *Book
	on    calendar.Date // effective
	done  []Charge      // posted, and those that end before on
	ahead []Charge      // the others
	at    Position      // as it stands when on begins
	out   *Entry
}

// open takes the charges of a book out of the asset, cut where a change on a day becomes effective. What lies before
// it is posted.
func (a *Asset) open(name string, on calendar.Date, out *Entry) (*schedule, error) {
	b := a.Book(name)
	if b == nil {
		return nil, a.noBook(name)
	}
	if err := checkDate("on", on); err != nil {
		return nil, err
	}
	s := &schedule{asset: a, book: b, out: out}
	kept := make([]Charge, 0, len(a.Charges))
	for _, c := range a.Charges {
		if c.Book == name {
			s.ahead = append(s.ahead, c)
		} else {
			kept = append(kept, c)
		}
	}
	s.on = s.effective(on)
	if err := s.check(on); err != nil {
		return nil, err
	}
	var err error
	if s.at, err = a.position(b, s.on, s.on); err != nil {
		return nil, invalid("book", err)
	}
	a.Charges = kept
	return s, s.cut()
}

// effective returns the day from which a change on a day counts, see [Movement].
func (s *schedule) effective(on calendar.Date) calendar.Date {
	i := slices.IndexFunc(s.ahead, func(c Charge) bool { return c.From.Compare(on) <= 0 && on.Compare(c.Until) <= 0 })
	if i < 0 {
		return on
	}
	c, p := &s.ahead[i], &s.book.Plan
	switch {
	case p.Convention == depreciation.FullMonth && c.ByMonth:
		return later(c.From, calendar.Date{Year: on.Year, Month: on.Month, Day: 1})
	case p.Convention != depreciation.Half:
		return on
	case c.From == p.Start || i > 0 && s.ahead[i-1].Period == c.Period:
		return c.From
	case i+1 < len(s.ahead) && s.ahead[i+1].Period == c.Period:
		return s.ahead[i+1].From
	case c.ByMonth:
		half := time.Month(months(c.From, c.Until)+1) / 2
		return calendar.DateOf(time.Date(c.From.Year, c.From.Month+half, 1, 0, 0, 0, 0, time.UTC))
	}
	return c.From.AddDays((c.From.DaysUntil(c.Until) + 1) / 2)
}

func later(a, b calendar.Date) calendar.Date {
	if a.Compare(b) >= 0 {
		return a
	}
	return b
}

// check refuses a change before what is settled: it would change what was posted or decided.
func (s *schedule) check(on calendar.Date) error {
	b := s.book
	if s.on.Compare(b.Since) < 0 {
		return itsm.Invalid("on", "before_book", "book", b.Name, "value", on.String(), "min", b.Since.String())
	}
	last := b.since(s.asset)
	if s.on.Compare(last) < 0 {
		return itsm.Invalid("on", "before_last_change", "book", b.Name, "value", on.String(), "min", last.String())
	}
	until := b.Since.AddDays(-1) // the last day that is settled
	if b.Plan.Method == depreciation.UnitsOfUse {
		until = last.AddDays(-1)
	}
	for _, c := range s.ahead {
		if c.Status == Posted || b.Plan.Method == depreciation.UnitsOfUse {
			until = later(until, c.Until)
		}
	}
	next := until.AddDays(1)
	switch {
	case s.on.Compare(next) < 0:
		return itsm.Invalid("on", "charged", "book", b.Name, "value", on.String(), "min", next.String())
	case b.Plan.Method == depreciation.UnitsOfUse && s.on != next:
		return itsm.Invalid("on", "use_missing", "book", b.Name, "value", on.String(), "want", "the units used from "+next.String()+" to "+s.on.AddDays(-1).String()+" first")
	}
	return nil
}

// cut parts the charges at the effective day, and posts what lies before it.
func (s *schedule) cut() error {
	all := s.ahead
	s.ahead = nil
	for _, c := range all {
		part, err := c.before(s.on, s.book.Plan.Rounding)
		if err != nil {
			return invalid("book", err)
		}
		if c.From.Compare(s.on) < 0 {
			first := c
			if c.Until.Compare(s.on) >= 0 {
				first.Until, first.Amount = s.on.AddDays(-1), part
			}
			s.post(first)
		}
		if c.Until.Compare(s.on) >= 0 {
			if c.From.Compare(s.on) < 0 {
				c.From = s.on
				if c.Amount, err = c.Amount.Sub(part); err != nil {
					return invalid("book", err)
				}
			}
			s.ahead = append(s.ahead, c)
		}
	}
	return nil
}

// post settles a charge.
func (s *schedule) post(c Charge) {
	if c.Number = len(s.done) + 1; c.Status != Posted {
		c.Status = Posted
		s.out.Charges = append(s.out.Charges, c)
	}
	s.done = append(s.done, c)
}

// spread shares an amount among the charges ahead as they were shared before, or by their days where they were nothing. The
// path is that of the day from which they are ahead.
func (s *schedule) spread(rest money.Amount, path string) error {
	if len(s.ahead) == 0 {
		if rest.Sign() != 0 && s.book.Plan.Method != depreciation.UnitsOfUse {
			return itsm.Invalid(path, "no_life_left", "book", s.book.Name, "rest", rest.String(), "want", "terms with a life from then on: revise")
		}
		return nil
	}
	weights, sum := make([]int64, len(s.ahead)), int64(0)
	for i, c := range s.ahead {
		weights[i] = c.Amount.Coins()
		sum |= weights[i]
	}
	for i, c := range s.ahead {
		if sum == 0 {
			weights[i] = int64(c.From.DaysUntil(c.Until)) + 1
		}
	}
	parts, err := rest.Allocate(weights)
	if err != nil {
		return invalid("book", err)
	}
	for i := range s.ahead {
		s.ahead[i].Amount = parts[i]
	}
	return nil
}

// move notes a movement.
func (s *schedule) move(v Movement) error {
	v.Book, v.On, v.Number = s.book.Name, s.on, 1
	for i := range s.asset.Movements {
		if s.asset.Movements[i].Book == v.Book {
			v.Number++
		}
	}
	zero, err := money.New(0, s.book.Plan.Cost.Currency())
	if err != nil {
		return invalid("book", err)
	}
	for _, amount := range []*money.Amount{&v.Cost, &v.Adjusted, &v.Depreciated} {
		if amount.IsZero() {
			*amount = zero
		}
	}
	s.asset.Movements = append(s.asset.Movements, v)
	s.out.Movements = append(s.out.Movements, v)
	return nil
}

// put gives the charges back to the asset, numbered by date.
func (s *schedule) put() {
	for i := range s.ahead {
		s.ahead[i].Number = len(s.done) + 1 + i
	}
	s.asset.Charges = append(append(s.asset.Charges, s.done...), s.ahead...)
}
