package sla

import (
	"cmp"
	"fmt"
	"strings"
	"time"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/calendar"
	"github.com/itsmkit/itsm/lifecycle"
)

// Account is how a clock came to what it shows: each stretch of time, whether it counted, and why. The lines follow
// one another without a gap, and those that counted add up to Elapsed exactly.
type Account struct {
	Of        itsm.Ref        `json:"of"`
	OfNumber  string          `json:"of_number,omitempty"`
	Target    string          `json:"target"`
	Agreement string          `json:"agreement"`
	State     lifecycle.State `json:"state"`
	Amount    itsm.Duration   `json:"amount"`
	Elapsed   itsm.Duration   `json:"elapsed"`
	DueAt     time.Time       `json:"due_at,omitzero"`
	Breached  time.Time       `json:"breached_at,omitzero"`
	Zone      string          `json:"zone,omitempty"` // in which String writes the instants
	Lines     []Line          `json:"lines"`
	zone      *time.Location
}

// Line is one stretch of an account.
type Line struct {
	From    time.Time     `json:"from"`
	To      time.Time     `json:"to"`
	Counted itsm.Duration `json:"counted,omitzero"`
	Why     Why           `json:"why"`
	Event   int64         `json:"event,omitempty"` // the version of the record whose event began a wait
	By      string        `json:"by,omitempty"`    // who did that
}

// Why says why a stretch counted, or did not.
type Why string

// The reasons of a line.
const (
	BecauseOpen    Why = "open"      // working time
	BecauseClosed  Why = "closed"    // outside of the weekly hours
	BecauseHoliday Why = "holiday"   // a closed date
	BecauseSpecial Why = "special"   // outside of the hours of a special date
	BecauseWaiting Why = "waiting"   // paused by an event
	BecauseStopped Why = "stopped"   // decided, before it went on
	BecauseVoid    Why = "restarted" // before the clock started anew
)

// Choices returns the reasons.
func (Why) Choices() []string {
	return []string{string(BecauseOpen), string(BecauseClosed), string(BecauseHoliday), string(BecauseSpecial),
		string(BecauseWaiting), string(BecauseStopped), string(BecauseVoid)}
}

// Explain accounts for a clock up to a moment; for a clock that is decided, up to its end. It needs the rules under
// which the clock ran.
func (r *Rules) Explain(c Clock, now time.Time) (Account, error) {
	g, err := r.goalOf(&c)
	if err != nil {
		return Account{}, err
	}
	x := c.Reading
	hours := g.deal.hours[x.Calendar]
	a := Account{Of: c.Of, OfNumber: c.OfNumber, Target: x.Target, Agreement: g.deal.called(), State: c.State, Amount: x.Amount,
		DueAt: x.DueAt, Breached: x.BreachedAt, Lines: []Line{}, zone: time.UTC}
	if midnight, err := hours.At(hours.DateOf(x.StartedAt), 0); err == nil { // also of a calendar in versions, as it was then
		a.zone, a.Zone = midnight.Location(), midnight.Location().String()
	}
	for _, s := range x.Stretches {
		counted, err := r.hoursOf(&c, s)
		if err != nil {
			return Account{}, err
		}
		a.add(counted, s)
	}
	if goes(c.State) {
		if now = itsm.Instant(now); now.Before(x.Since) {
			return Account{}, itsm.Invalid("now", "before_last_event", "last", x.Since.Format(time.RFC3339))
		}
		s := Stretch{From: x.Since, To: now, Kind: Waited}
		if c.State == Running {
			s.Kind = Ran
		}
		a.add(hours, s)
	}
	return a, nil
}

// Read returns what a clock shows at a moment, which is not before its last event; of a clock that is decided, what it
// showed at its end. It needs the rules under which the clock ran.
func (r *Rules) Read(c Clock, now time.Time) (Standing, error) {
	g, err := r.goalOf(&c)
	if err != nil {
		return Standing{}, err
	}
	x := run{Reading: c.Reading, state: c.State, goal: g, hours: g.deal.hours[c.Reading.Calendar]}
	m := x.meter()
	if goes(c.State) {
		if now = itsm.Instant(now); now.Before(c.Reading.Since) {
			return Standing{}, itsm.Invalid("now", "before_last_event", "last", c.Reading.Since.Format(time.RFC3339))
		}
		if err := m.settle(now); err != nil {
			return Standing{}, x.failed(err)
		}
	}
	return Standing{State: string(c.State), Elapsed: m.elapsed, Remaining: m.amount - m.elapsed, Due: c.Reading.DueAt, BreachedAt: m.breached}, nil
}

// goalOf finds the target that a clock measures.
func (r *Rules) goalOf(c *Clock) (*goal, error) {
	if s := r.subjects[c.Of.Kind]; s != nil {
		for _, d := range s.deals {
			if d.ID == c.Reading.Agreement.ID && d.Type == c.Reading.Type {
				if g := d.named(c.Reading.Target); g != nil && d.hours[c.Reading.Calendar] != nil {
					return g, nil
				}
			}
		}
	}
	return nil, fmt.Errorf("sla: the rules have no target %s with calendar %s in agreement %s: %w", c.Reading.Target, c.Reading.Calendar, c.Reading.Agreement, itsm.ErrNotFound)
}

// hoursOf returns the calendar by which a stretch counted.
func (r *Rules) hoursOf(c *Clock, s Stretch) (*calendar.Calendar, error) {
	was := *c
	if s.Calendar != "" {
		was.Reading.Agreement, was.Reading.Calendar = s.Under, s.Calendar
	}
	g, err := r.goalOf(&was)
	if err != nil {
		return nil, err
	}
	return g.deal.hours[was.Reading.Calendar], nil
}

// add explains one stretch, piece by piece where it ran.
func (a *Account) add(hours *calendar.Calendar, s Stretch) {
	if !s.To.After(s.From) {
		return
	}
	switch s.Kind {
	case Ran:
		for piece := range hours.Spans(s.From, s.To) {
			l := Line{From: piece.From.UTC(), To: piece.To.UTC(), Why: whyOf(piece)}
			if piece.Open {
				l.Counted = itsm.Duration(piece.Duration())
				a.Elapsed += l.Counted
			}
			a.Lines = append(a.Lines, l)
		}
	case Stopped:
		a.Lines = append(a.Lines, Line{From: s.From, To: s.To, Why: BecauseStopped, Event: s.Event, By: s.By})
	case Void:
		a.Lines = append(a.Lines, Line{From: s.From, To: s.To, Why: BecauseVoid})
	default:
		a.Lines = append(a.Lines, Line{From: s.From, To: s.To, Why: BecauseWaiting, Event: s.Event, By: s.By})
	}
}

func whyOf(piece calendar.Span) Why {
	switch {
	case piece.Open:
		return BecauseOpen
	case piece.Reason == calendar.ByClosedDate:
		return BecauseHoliday
	case piece.Reason == calendar.BySpecialDate:
		return BecauseSpecial
	}
	return BecauseClosed
}

// String writes the account for a person, in the zone of its calendar.
func (a Account) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s of %s under %s: %s, %s of %s", a.Target, cmp.Or(a.OfNumber, a.Of.String()), a.Agreement, a.State, a.Elapsed, a.Amount)
	if !a.Breached.IsZero() {
		fmt.Fprintf(&b, ", breached at %s", a.at(a.Breached))
	} else if !a.DueAt.IsZero() {
		fmt.Fprintf(&b, ", due at %s", a.at(a.DueAt))
	}
	b.WriteByte('\n')
	for _, l := range a.Lines {
		fmt.Fprintf(&b, "%s  %s  %s", a.at(l.From), a.at(l.To), l.Why)
		if l.Counted > 0 {
			fmt.Fprintf(&b, "  %s", l.Counted)
		}
		if l.By != "" {
			fmt.Fprintf(&b, "  by %s (event %d)", l.By, l.Event)
		}
		b.WriteByte('\n')
	}
	return b.String()
}

func (a Account) at(t time.Time) string {
	return t.In(cmp.Or(a.zone, time.UTC)).Format("Mon 2006-01-02 15:04:05")
}

// Share is how much of a clock's time one holder had.
type Share struct {
	Holder  string        `json:"holder"`
	Elapsed itsm.Duration `json:"elapsed"`
}

// Breakdown tells who held the record for how much of a clock's time, in order of first holding: the shares add up to
// what the clock counted exactly. The holder is the value of a field ("group") in the record's history.
func (r *Rules) Breakdown(c Clock, field string, history []itsm.Event, now time.Time) ([]Share, error) {
	s := newSlots()
	slot := s.field(field)
	values, changed := make([]string, len(s.pointers)), make([]bool, len(s.pointers))
	type turn struct {
		from   time.Time
		holder string
	}
	var turns []turn
	for i := range history {
		if s.take(values, changed, &history[i]); changed[slot] || len(turns) == 0 {
			turns = append(turns, turn{history[i].Time, text(values[slot])})
		}
	}
	var out []Share
	add := func(holder string, d time.Duration) {
		for i := range out {
			if out[i].Holder == holder {
				out[i].Elapsed += itsm.Duration(d)
				return
			}
		}
		out = append(out, Share{holder, itsm.Duration(d)})
	}
	stretches := c.Reading.Stretches
	if c.State == Running {
		stretches = append(stretches[:len(stretches):len(stretches)], Stretch{From: c.Reading.Since, To: itsm.Instant(now), Kind: Ran})
	}
	for _, x := range stretches {
		if x.Kind != Ran {
			continue
		}
		hours, err := r.hoursOf(&c, x)
		if err != nil {
			return nil, err
		}
		for i, t := range turns {
			from, to := x.From, x.To
			if i > 0 && t.from.After(from) {
				from = t.from
			}
			if i+1 < len(turns) && turns[i+1].from.Before(to) {
				to = turns[i+1].from
			}
			if to.After(from) {
				d, err := hours.Elapsed(from, to)
				if err != nil {
					return nil, err
				}
				add(t.holder, d)
			}
		}
	}
	return out, nil
}
