package calendar

import (
	"iter"
	"time"
)

// Reason is the rule of a calendar by which a stretch of time is working or not.
type Reason string

// The reasons.
const (
	ByHours       Reason = "hours"   // inside or outside the hours of the weekday
	ByWeekday     Reason = "weekday" // the weekday has no hours
	ByClosedDate  Reason = "closed"  // the date is closed
	BySpecialDate Reason = "special" // inside or outside the hours of the special date
)

// Reasons lists all reasons.
func Reasons() []Reason { return []Reason{ByHours, ByWeekday, ByClosedDate, BySpecialDate} }

// Span is a stretch of time [From, To) on one local date that is working or not, for one reason.
type Span struct {
	From, To time.Time // in the zone of the calendar
	Open     bool
	Date     Date // the local date
	Reason   Reason
}

// Duration is the length of the span.
func (s Span) Duration() time.Duration { return s.To.Sub(s.From) }

// Spans divides [a, b) into spans, in order and without a gap; the lengths of the open ones add up to
// [Calendar.Elapsed] of a and b exactly. There are none if b is not after a; what lies outside the years 1 to 9999
// is left out.
//
// In a [Union] a span is open for the reason of the first part that is open, and closed for that of the first part;
// in an [Intersection] it is closed for the reason of the first part that is closed. Dates and the location of
// times are those of the first part.
func (c *Calendar) Spans(a, b time.Time) iter.Seq[Span] {
	from, to := max(a.Unix(), minSecond), b.Unix()
	if b.Nanosecond() > 0 {
		to++
	}
	to = min(to, maxSecond)
	return func(yield func(Span) bool) {
		c.source.spans(from, to, func(p piece) bool {
			zone := c.source.location(p.from)
			s := Span{time.Unix(p.from, 0).In(zone), time.Unix(p.to, 0).In(zone), p.open, dateOf(p.date), p.why}
			if s.From.Before(a) {
				s.From = a.In(zone)
			}
			if s.To.After(b) {
				s.To = b.In(zone)
			}
			return !s.From.Before(s.To) || yield(s)
		})
	}
}

// Intervals returns the working time in [a, b) as pairs of instants, in order; those that touch are one, also over
// midnight. Times are in the location of a.
func (c *Calendar) Intervals(a, b time.Time) iter.Seq2[time.Time, time.Time] {
	return func(yield func(from, to time.Time) bool) {
		var from, to time.Time
		begun, stopped := false, false
		for s := range c.Spans(a, b) {
			switch {
			case !s.Open:
				continue
			case begun && s.From.Equal(to):
			case begun && !yield(from, to):
				stopped = true
			default:
				begun, from = true, s.From.In(a.Location())
			}
			if stopped {
				return
			}
			to = s.To.In(a.Location())
		}
		if begun {
			yield(from, to)
		}
	}
}
