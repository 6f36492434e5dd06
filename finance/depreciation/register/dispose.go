package register

import (
	"strconv"
	"strings"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/calendar"
	"github.com/itsmkit/itsm/lifecycle"
	"github.com/itsmkit/itsm/money"
)

// Dispose takes the asset, or a part of it, out of all books on a day: sold or scrapped. Each book is charged to the day
// before, by its convention; the gain of a book is the proceeds less the value that leaves it.
type Dispose struct {
	On       calendar.Date `json:"on"`
	Part     int64         `json:"part,omitempty"`    // Part of Whole: 3 of 10; both 0 are all of it
	Whole    int64         `json:"whole,omitempty"`   //
	Proceeds money.Amount  `json:"proceeds,omitzero"` // for what leaves; no amount is none
	Reason   string        `json:"reason"`
}

// Name returns "dispose".
func (Dispose) Name() string { return "dispose" }

// Apply takes it out of the books.
func (x Dispose) Apply(a *Asset, m itsm.Moment) error {
	part, whole := x.Part, x.Whole
	if part == 0 && whole == 0 {
		part, whole = 1, 1
	}
	switch {
	case strings.TrimSpace(x.Reason) == "":
		return itsm.Invalid("reason", "required")
	case part < 1 || part > whole:
		return itsm.Invalid("part", "range", "value", strconv.FormatInt(part, 10), "min", "1", "max", strconv.FormatInt(whole, 10))
	case !x.Proceeds.IsZero():
		if err := checkAmount("proceeds", x.Proceeds, &a.Books[0]); err != nil {
			return err
		}
	}
	var out Entry
	for _, name := range a.names() {
		s, err := a.open(name, x.On, &out)
		if err != nil {
			return err
		}
		if err := s.dispose(part, whole, x); err != nil {
			return err
		}
	}
	if part < whole {
		a.State = lifecycle.Stay
	} else {
		a.Reason, a.LeftOn = x.Reason, x.On
	}
	return out.record(m)
}

// dispose takes a part out of a book.
func (s *schedule) dispose(part, whole int64, x Dispose) error {
	held, err := s.stack()
	if err != nil {
		return invalid("book", err)
	}
	gone, stays, err := held.take(part, whole)
	if err != nil {
		return invalid("part", err)
	}
	v := gone.leaves(Disposal)
	v.Reason, v.Proceeds = x.Reason, x.Proceeds
	if v.Proceeds.IsZero() {
		if v.Proceeds, err = money.New(0, held.cost.Currency()); err != nil {
			return invalid("proceeds", err)
		}
	}
	gain := total{amount: v.Proceeds} // less cost and adjustments, and what was depreciated back
	gain.add(v.Cost)
	gain.add(v.Adjusted)
	gain.sub(v.Depreciated)
	if gain.err != nil {
		return invalid("proceeds", gain.err)
	}
	v.Gain = gain.amount
	if err := s.keep(stays, whole-part, whole); err != nil {
		return err
	}
	if part == whole {
		s.ahead = nil
	}
	if err := s.move(v); err != nil {
		return err
	}
	s.put()
	return nil
}

// leaves is the movement by which a stack leaves a book.
func (s stack) leaves(why Cause) Movement {
	return Movement{Cause: why, Cost: s.cost.Neg(), Adjusted: s.adjusted.Neg(), Depreciated: s.depreciated.Neg()}
}
