package calendar

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// oracle answers by the definition: it looks at the wall clock of one instant after the other. It shares no code with
// the package.
type oracle struct {
	d    Definition
	zone *time.Location
}

func newOracle(t testing.TB, d Definition) oracle {
	zone, err := time.LoadLocation(d.Zone)
	require.NoError(t, err)
	return oracle{d, zone}
}

// working is the definition itself.
func (o oracle) working(t time.Time) bool {
	local := t.In(o.zone)
	var buffer [32]byte
	date := local.AppendFormat(buffer[:0], "2006-01-02")
	for _, closed := range o.d.Closed {
		if closed == string(date) {
			return false
		}
	}
	list, special := o.d.Special[string(date)]
	if !special {
		list = o.d.Hours[[]string{"sun", "mon", "tue", "wed", "thu", "fri", "sat"}[local.Weekday()]]
	}
	clock := local.AppendFormat(date[:0], "15:04")
	for _, i := range list {
		if i[0] <= string(clock) && string(clock) < i[1] {
			return true
		}
	}
	return false
}

// step returns an instant after t, at most end, until which the answer does not change: the next minute of the local
// clock, or the next second if the zone changes its offset on the way there.
func (o oracle) step(t, end time.Time) time.Time {
	local := t.In(o.zone)
	next := t.Add(time.Minute - time.Duration(local.Second())*time.Second - time.Duration(local.Nanosecond()))
	_, here := local.Zone()
	if _, there := next.Add(-1).In(o.zone).Zone(); there != here {
		next = t.Add(time.Second - time.Duration(local.Nanosecond()))
	}
	if next.After(end) {
		return end
	}
	return next
}

func (o oracle) elapsed(a, b time.Time) (sum time.Duration) {
	for t := a; t.Before(b); {
		next := o.step(t, b)
		if o.working(t) {
			sum += next.Sub(t)
		}
		t = next
	}
	return sum
}

// due returns false if end comes first.
func (o oracle) due(start time.Time, amount time.Duration, end time.Time) (time.Time, bool) {
	for t := start; ; {
		if amount == 0 {
			return t, true
		}
		next := o.step(t, end)
		if !next.After(t) {
			return t, false
		}
		if o.working(t) {
			if left := next.Sub(t); left >= amount {
				return t.Add(amount), true
			}
			amount -= next.Sub(t)
		}
		t = next
	}
}

// randomDefinition has hours around the clock, more often where zones change their offset, and dates of its own near
// an instant.
func randomDefinition(r *rand.Rand, zone string, near time.Time) Definition {
	d := Definition{Zone: zone, Hours: Hours{}, Special: map[string][]Interval{}}
	for _, day := range []string{"mon", "tue", "wed", "thu", "fri", "sat", "sun"} {
		if r.IntN(5) > 0 {
			d.Hours[day] = randomHours(r)
		}
	}
	for range r.IntN(3) {
		d.Closed = append(d.Closed, near.AddDate(0, 0, r.IntN(7)-3).Format(time.DateOnly))
	}
	for range r.IntN(4) {
		d.Special[near.AddDate(0, 0, r.IntN(7)-3).Format(time.DateOnly)] = randomHours(r)
	}
	d.Hours["wed"] = append(d.Hours["wed"][:0], Interval{"00:00", "24:00"}) // never empty
	return d
}

func randomHours(r *rand.Rand) (list []Interval) {
	for from := r.IntN(300); from < 24*60; {
		to := min(from+1+r.IntN(400), 24*60)
		if r.IntN(3) == 0 {
			to = min(from/60*60+60, 24*60)
		}
		list = append(list, Interval{TimeOfDay(from).String(), TimeOfDay(to).String()})
		from = to + r.IntN(400)*r.IntN(2) // often touching
	}
	r.Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
	return list
}

// instants returns when a zone changes its offset, found by looking at every fifth day, and some other instants: of
// every century of the years 1 to 9999, and the last day of a leap year.
func instants(r *rand.Rand, zone *time.Location) (list []time.Time) {
	const step = 5 * 24 * time.Hour
	for t := time.Date(1840, 1, 1, 0, 0, 0, 0, time.UTC); t.Year() < 2090; t = t.Add(step) {
		if !sameOffset(t, t.Add(step), zone) {
			low, high := t, t.Add(step)
			for high.Sub(low) > time.Second {
				middle := low.Add(high.Sub(low) / 2).Truncate(time.Second)
				if sameOffset(low, middle, zone) {
					low = middle
				} else {
					high = middle
				}
			}
			list = append(list, high)
		}
	}
	r.Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
	list = list[:min(len(list), 2)]
	other := time.Date(1+r.IntN(9990), time.Month(1+r.IntN(12)), 1+r.IntN(31), r.IntN(24), r.IntN(60), r.IntN(60), 0, time.UTC)
	return append(list, other, time.Date(2008+4*r.IntN(40), 12, 31, r.IntN(24), 0, 0, 0, time.UTC))
}

func sameOffset(a, b time.Time, zone *time.Location) bool {
	_, x := a.In(zone).Zone()
	_, y := b.In(zone).Zone()
	return x == y
}

// TestOracleEveryZone compares all answers with the oracle, on random calendars in every zone of the tz database, most
// of them around a change of offset.
func TestOracleEveryZone(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for i, name := range zones(t) {
		if raceDetector && i%20 != 0 {
			continue // ten times slower, and one goroutine
		}
		zone, err := time.LoadLocation(name)
		require.NoError(t, err)
		for _, near := range instants(r, zone) {
			d := randomDefinition(r, name, near)
			o, c := newOracle(t, d), mustNew(t, d)
			a := near.Add(-time.Duration(r.Int64N(int64(20 * time.Hour))))
			b := near.Add(time.Duration(r.Int64N(int64(20 * time.Hour))))
			compareWithOracle(t, c, o, a, b, time.Duration(r.Int64N(int64(20*time.Hour))))
		}
	}
}

func compareWithOracle(t *testing.T, c *Calendar, o oracle, a, b time.Time, amount time.Duration) {
	about := func() string { return fmt.Sprintf("%+v\nfrom %s to %s, amount %s", o.d, a, b, amount) }
	want := o.elapsed(a, b)
	got, err := c.Elapsed(a, b)
	require.NoError(t, err)
	require.Equal(t, want, got, "%s", about())

	end := a.Add(4 * 24 * time.Hour)
	if due, found := o.due(a, amount, end); found {
		got, err := c.Due(a, amount)
		require.NoError(t, err)
		require.True(t, due.Equal(got), "due %s, want %s: %s", got, due, about())
	}
	require.Equal(t, o.working(a), c.IsOpen(a), "%s", about())
	require.Equal(t, o.working(b), c.IsOpen(b), "%s", about())

	var sum time.Duration
	last := a
	for s := range c.Spans(a, b) {
		require.True(t, last.Equal(s.From), "a gap before %s: %s", s.From, about())
		require.True(t, s.From.Before(s.To))
		require.Equal(t, DateOf(s.From.In(o.zone)), s.Date)
		require.Equal(t, o.working(s.From), s.Open)
		if last = s.To; s.Open {
			sum += s.Duration()
		}
	}
	require.True(t, last.Equal(b), "the spans end at %s: %s", last, about())
	require.Equal(t, want, sum)

	sum, last = 0, time.Time{}
	for from, to := range c.Intervals(a, b) {
		require.True(t, from.After(last), "intervals do not touch")
		sum, last = sum+to.Sub(from), to
	}
	require.Equal(t, want, sum)

	for _, next := range []struct {
		name string
		find func(time.Time) (time.Time, error)
		open bool
	}{{"opening", c.NextOpening, true}, {"closing", c.NextClosing, false}} {
		want, found := o.change(a, end, next.open)
		got, err := next.find(a)
		if found {
			require.NoError(t, err)
			require.True(t, want.Equal(got), "%s %s, want %s: %s", next.name, got, want, about())
		}
	}
}

// change returns the first instant after t at which working time begins, or ends.
func (o oracle) change(t, end time.Time, opens bool) (time.Time, bool) {
	for was := o.working(t); t.Before(end); {
		t = o.step(t, end)
		now := o.working(t)
		if now != was && now == opens {
			return t, true
		}
		was = now
	}
	return t, false
}

// TestSettled holds what the compiled range relies on: before 1800 every zone keeps its offset, and from 2201 on it
// repeats with the Gregorian calendar. One cycle of 400 years is compared with the next, at every change and between.
func TestSettled(t *testing.T) {
	early, late := firstHistory*daySeconds, lastHistory*daySeconds
	for _, name := range zones(t) {
		zone, err := time.LoadLocation(name)
		require.NoError(t, err)
		require.GreaterOrEqual(t, periodAt(zone, minSecond).to, early, name)
		for at := late; at < late+cycleDays*daySeconds; {
			p := periodAt(zone, at)
			later := periodAt(zone, at+cycleDays*daySeconds)
			require.Equal(t, p.offset, later.offset, "%s at %d", name, at)
			if p.to > late+cycleDays*daySeconds {
				break
			}
			require.Equal(t, p.to+cycleDays*daySeconds, later.to, "%s at %d", name, at)
			at = p.to
		}
	}
}

// TestFolded compares what is answered by repetition with a calendar that compiles those years instead.
func TestFolded(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	first, last := Date{1600, 1, 1}.day(), Date{3200, 1, 1}.day()
	d := randomDefinition(r, "Africa/Casablanca", time.Date(2026, 3, 29, 0, 0, 0, 0, time.UTC))
	folded, whole := mustNew(t, d), mustNew(t, d)
	whole.domain = domain{first, last}
	for range 1000 {
		a := time.Unix((first+r.Int64N(last-first))*daySeconds+r.Int64N(daySeconds), r.Int64N(1e9))
		b := time.Unix((first+r.Int64N(last-first))*daySeconds+r.Int64N(daySeconds), r.Int64N(1e9))
		want, wantErr := whole.Elapsed(a, b)
		got, err := folded.Elapsed(a, b)
		require.Equal(t, wantErr, err)
		require.Equal(t, want, got)
		amount := time.Duration(r.Int64N(1 << (1 + r.IntN(62))))
		due, wantErr := whole.Due(a, amount)
		gotDue, err := folded.Due(a, amount)
		require.Equal(t, wantErr, err)
		require.True(t, due.Equal(gotDue), "%s + %s", a, amount)
	}
}
