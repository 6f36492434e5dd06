package calendar

import (
	"errors"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// anyCalendar draws definitions, unions, intersections and versions of them.
func anyCalendar(names []string) *rapid.Generator[*Calendar] {
	return rapid.Custom(func(t *rapid.T) *Calendar {
		one := func() *Calendar {
			r := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 0))
			near := time.Unix(rapid.Int64Range(0, 2e9).Draw(t, "near"), 0).UTC()
			c, err := New(randomDefinition(r, rapid.SampledFrom(names).Draw(t, "zone"), near))
			require.NoError(t, err)
			return c
		}
		c, err := one(), error(nil)
		switch rapid.IntRange(0, 3).Draw(t, "form") {
		case 1:
			c, err = Union(c, one(), one())
		case 2:
			c, err = Intersection(c, one())
		case 3:
			from := dateOf(rapid.Int64Range(0, 30000).Draw(t, "from"))
			c, err = Versions(Version{Calendar: c}, Version{from, one()}, Version{from.AddDays(1), one()})
		}
		require.NoError(t, err)
		return c
	})
}

// nearInstant is of the years 2017 to 2033.
func nearInstant() *rapid.Generator[time.Time] {
	return rapid.Custom(func(t *rapid.T) time.Time {
		return time.Unix(rapid.Int64Range(1.5e9, 2e9).Draw(t, "second"), rapid.Int64Range(0, 999_999_999).Draw(t, "nanosecond"))
	})
}

func anyInstant() *rapid.Generator[time.Time] {
	return rapid.Custom(func(t *rapid.T) time.Time {
		second := rapid.Int64Range(-1e9, 4e9)
		if rapid.IntRange(0, 9).Draw(t, "far") == 0 {
			second = rapid.Int64Range(minSecond, maxSecond-1)
		}
		return time.Unix(second.Draw(t, "second"), rapid.Int64Range(0, 999_999_999).Draw(t, "nanosecond")).UTC()
	})
}

// TestProperties holds the laws that follow from the definition, for every form of calendar.
func TestProperties(t *testing.T) {
	names := zones(t)
	rapid.Check(t, func(t *rapid.T) {
		c := anyCalendar(names).Draw(t, "calendar")
		a := anyInstant().Draw(t, "a")
		b := a.Add(time.Duration(rapid.Int64Range(-1<<55, 1<<55).Draw(t, "b")))
		d := a.Add(time.Duration(rapid.Int64Range(-1<<55, 1<<55).Draw(t, "d")))
		ab, err := c.Elapsed(a, b)
		if err != nil {
			require.ErrorIs(t, err, ErrRange)
			return
		}
		ba, err := c.Elapsed(b, a)
		require.NoError(t, err)
		require.Equal(t, -ab, ba)
		bd, err := c.Elapsed(b, d)
		if err != nil {
			require.ErrorIs(t, err, ErrRange)
			return
		}
		ad, err := c.Elapsed(a, d)
		require.NoError(t, err)
		require.Equal(t, ad, ab+bd, "measures add up")

		amount := time.Duration(rapid.Int64Range(1, 1<<rapid.IntRange(1, 55).Draw(t, "size")).Draw(t, "amount"))
		due, err := c.Due(a, amount)
		if err != nil {
			require.True(t, errors.Is(err, ErrRange) || errors.Is(err, ErrNoWorkingTime), "%v", err)
			return
		}
		got, err := c.Elapsed(a, due)
		require.NoError(t, err)
		require.Equal(t, amount, got, "all of it has elapsed")
		got, err = c.Elapsed(a, due.Add(-1))
		require.NoError(t, err)
		require.Equal(t, amount-1, got, "and not a nanosecond earlier")
		require.True(t, c.IsOpen(due.Add(-1)))
	})
}

// TestSpansAddUp compares the two ways by which time is counted: the pieces and the compiled sums.
func TestSpansAddUp(t *testing.T) {
	names := zones(t)
	rapid.Check(t, func(t *rapid.T) {
		c := anyCalendar(names).Draw(t, "calendar")
		a := anyInstant().Draw(t, "a")
		b := a.Add(time.Duration(rapid.Int64Range(0, int64(30*24*time.Hour)).Draw(t, "length")))
		want, err := c.Elapsed(a, b)
		if err != nil {
			require.ErrorIs(t, err, ErrRange)
			return
		}
		sum, last := time.Duration(0), a
		for s := range c.Spans(a, b) {
			require.True(t, last.Equal(s.From))
			require.Equal(t, c.DateOf(s.From), s.Date)
			require.Equal(t, c.IsOpen(s.From), s.Open)
			require.Equal(t, c.IsOpen(s.To.Add(-1)), s.Open)
			require.Contains(t, Reasons(), s.Reason)
			if last = s.To; s.Open {
				sum += s.Duration()
			}
		}
		require.True(t, last.Equal(b))
		require.Equal(t, want, sum)
	})
}

// TestCombinedIsOpen holds what the combined forms mean, instant by instant.
func TestCombinedIsOpen(t *testing.T) {
	names := zones(t)
	rapid.Check(t, func(t *rapid.T) {
		a, b := anyCalendar(names).Draw(t, "a"), anyCalendar(names).Draw(t, "b")
		date := dateOf(rapid.Int64Range(0, 30000).Draw(t, "from"))
		union, err := Union(a, b)
		require.NoError(t, err)
		both, err := Intersection(a, b)
		require.NoError(t, err)
		versions, err := Versions(Version{Calendar: a}, Version{date, b})
		require.NoError(t, err)
		change, err := b.At(date, 0)
		require.NoError(t, err)
		for range 20 {
			at := nearInstant().Draw(t, "at")
			require.Equal(t, a.IsOpen(at) || b.IsOpen(at), union.IsOpen(at))
			require.Equal(t, a.IsOpen(at) && b.IsOpen(at), both.IsOpen(at))
			near := change.Add(time.Duration(rapid.Int64Range(-1e14, 1e14).Draw(t, "near")))
			for _, x := range []time.Time{at, near} {
				holds := b
				if x.Before(change) {
					holds = a
				}
				require.Equal(t, holds.IsOpen(x), versions.IsOpen(x))
			}
		}
	})
}

// TestConcurrent asks one new calendar from many goroutines, so that it grows while others read; each must get what a
// calendar of its own answers.
func TestConcurrent(t *testing.T) {
	d := office("Europe/Berlin")
	shared := mustNew(t, d)
	var wait sync.WaitGroup
	for g := range 8 {
		wait.Go(func() {
			own, err := New(d)
			if err != nil {
				t.Error(err)
				return
			}
			r := rand.New(rand.NewPCG(uint64(g), 5))
			for i := range 300 {
				years := int64(1 + i/10)
				a := time.Unix(1.7e9+r.Int64N(years*2e7)-years*1e7, 0)
				want, _ := own.Due(a, time.Duration(r.Int64N(int64(1e15))))
				elapsed, _ := own.Elapsed(a, want)
				got, err := shared.Elapsed(a, want)
				due, errDue := shared.Due(a, elapsed)
				if err != nil || errDue != nil || got != elapsed || elapsed > 0 && !due.Equal(want) {
					t.Errorf("at %s: %s and %s, want %s and %s", a, got, due, elapsed, want)
				}
			}
		})
	}
	wait.Wait()
}
