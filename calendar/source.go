package calendar

import "time"

// source is what a calendar is compiled from. It never changes. Instants are seconds since 1970-01-01 UTC, days
// count from there.
type source interface {
	// walk returns a function that gives the pattern of a UTC day. It is cheapest when days are asked in order, and
	// must not be called from two goroutines at once.
	walk() func(day int64) *pattern
	// spans divides [from, to) into pieces that are open or closed for one reason on one local date.
	spans(from, to int64, yield func(piece) bool) bool
	// location is the zone at an instant.
	location(second int64) *time.Location
	// reach is the first instant at which the local clock shows a time or a later one; the time is given in seconds
	// as if the zone were UTC.
	reach(local int64) int64
	// settled returns the days between which the source has its own history: before the first it repeats weekly,
	// from the second on every 400 years.
	settled() (early, late int64)
	// always tells that the source is known to be nothing but working time.
	always() bool
}

// piece is [from, to) of one local date.
type piece struct {
	from, to int64
	open     bool
	date     int64 // day number of the local date
	why      Reason
}

// patternOf makes the pattern of a UTC day from the spans of a source.
func patternOf(s source, day int64) *pattern {
	p := &pattern{}
	start := day * daySeconds
	s.spans(start, start+daySeconds, func(x piece) bool {
		if x.open {
			p.add(int32(x.from-start), int32(x.to-start))
		}
		return true
	})
	if p.total == 0 {
		return empty
	}
	return p
}
