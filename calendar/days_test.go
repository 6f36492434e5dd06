package calendar

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// The dates are counted on the calendar of November and December 2026: the 23rd of November is a Monday.
func TestDueDays(t *testing.T) {
	d := office("Europe/Berlin")
	d.Hours.Add("10:00", "14:00", time.Saturday)
	d.Closed = []string{"2026-12-25"}
	d.Special = map[string][]Interval{"2026-12-24": {{"09:00", "12:00"}}, "2026-12-26": {}}
	c := mustNew(t, d)
	for _, x := range []struct {
		start string
		n     int
		want  string
	}{
		{"2026-11-23T09:30:00+01:00", 0, "2026-11-23T17:00:00+01:00"}, // its own date
		{"2026-11-23T18:30:00+01:00", 0, "2026-11-23T17:00:00+01:00"}, // even after closing
		{"2026-11-22T18:30:00+01:00", 0, "2026-11-23T17:00:00+01:00"}, // Sunday: the next working date
		{"2026-11-22T18:30:00+01:00", 1, "2026-11-23T17:00:00+01:00"},
		{"2026-11-23T09:30:00+01:00", 3, "2026-11-26T17:00:00+01:00"},
		{"2026-11-27T09:30:00+01:00", 1, "2026-11-28T14:00:00+01:00"}, // Saturday closes earlier
		{"2026-11-27T23:30:00Z", 1, "2026-11-30T17:00:00+01:00"},      // already Saturday in Berlin
		{"2026-12-23T09:30:00+01:00", 1, "2026-12-24T12:00:00+01:00"}, // special hours
		{"2026-12-23T09:30:00+01:00", 2, "2026-12-28T17:00:00+01:00"}, // closed, special without hours, Sunday
	} {
		got, err := c.DueDays(at(t, x.start), x.n)
		require.NoError(t, err)
		require.True(t, at(t, x.want).Equal(got), "%s + %d: %s, want %s", x.start, x.n, got, x.want)
	}
	got, err := c.DueDaysAt(at(t, "2026-11-23T23:00:00+01:00"), 1, 16*60)
	require.NoError(t, err)
	require.True(t, at(t, "2026-11-24T16:00:00+01:00").Equal(got))
	_, err = c.DueDays(at(t, "2026-11-23T23:00:00+01:00"), -1)
	require.ErrorIs(t, err, ErrNegative)
	_, err = c.DueDays(at(t, "9999-12-31T23:00:00Z"), 1)
	require.ErrorIs(t, err, ErrRange)
}

// Samoa skipped the 30th of December 2011; Kwajalein the 21st of August 1993 (tz database).
func TestSkippedDate(t *testing.T) {
	for zone, date := range map[string]Date{"Pacific/Apia": {2011, 12, 30}, "Pacific/Kwajalein": {1993, 8, 21}} {
		var h Hours
		for day := time.Sunday; day <= time.Saturday; day++ {
			h = h.Add("09:00", "17:00", day)
		}
		c := mustNew(t, Definition{Zone: zone, Hours: h})
		require.False(t, c.IsWorkingDate(date), zone)
		next, err := c.WorkingDate(date.AddDays(-1), 1)
		require.NoError(t, err)
		require.Equal(t, date.AddDays(1), next)
		midnight, err := c.At(date, 10*60)
		require.NoError(t, err)
		require.Equal(t, date.AddDays(1).String()+" 00:00", midnight.Format("2006-01-02 15:04"), "the end of the gap")
	}
}

// Newfoundland changed at 00:01 until 2011: on 2010-11-07 the clock went back to 23:01 of the 6th, so that the 6th has
// an end twice.
func TestDateThatReturns(t *testing.T) {
	c := mustNew(t, Definition{Zone: "America/St_Johns", Hours: Hours{"sat": {{"23:00", "24:00"}}, "sun": {{"00:00", "02:00"}}}})
	sixth := Date{2010, 11, 6}
	opening, err := c.Opening(sixth)
	require.NoError(t, err)
	require.True(t, at(t, "2010-11-06T23:00:00-02:30").Equal(opening))
	closing, err := c.Closing(sixth)
	require.NoError(t, err)
	require.True(t, at(t, "2010-11-07T00:00:00-03:30").Equal(closing), "%s", closing)
	opening, err = c.Opening(sixth.AddDays(1))
	require.NoError(t, err)
	require.True(t, at(t, "2010-11-07T00:00:00-02:30").Equal(opening))
	next, err := c.WorkingDate(sixth, 1)
	require.NoError(t, err)
	require.Equal(t, sixth.AddDays(1), next)
	elapsed, err := c.Elapsed(at(t, "2010-11-06T00:00:00Z"), at(t, "2010-11-08T00:00:00Z"))
	require.NoError(t, err)
	require.Equal(t, 4*time.Hour, elapsed, "three hours and the one that repeats")
}

// Berlin, 2026: 29 March skips 02:00 to 03:00, 25 October repeats it.
func TestAt(t *testing.T) {
	c := mustNew(t, office("Europe/Berlin"))
	for _, x := range []struct {
		date  Date
		clock TimeOfDay
		want  string
	}{
		{Date{2026, 3, 29}, 150, "2026-03-29T03:00:00+02:00"},
		{Date{2026, 10, 25}, 150, "2026-10-25T02:30:00+02:00"},
		{Date{2026, 10, 25}, 24 * 60, "2026-10-26T00:00:00+01:00"},
	} {
		got, err := c.At(x.date, x.clock)
		require.NoError(t, err)
		require.Equal(t, x.want, got.Format(time.RFC3339))
	}
	_, err := c.At(Date{2026, 2, 30}, 0)
	require.ErrorIs(t, err, ErrRange)
	_, err = c.At(Date{2026, 2, 3}, 1441)
	require.ErrorIs(t, err, ErrRange)
}

func TestDateText(t *testing.T) {
	for _, bad := range []string{"", "2026-1-1", "26-12-25", "20261225", "0000-01-01", "2026-02-29", "2026-12-25 ", "+026-12-25"} {
		_, err := ParseDate(bad)
		require.ErrorIs(t, err, ErrInvalid, bad)
	}
	var d Date
	require.NoError(t, d.UnmarshalText([]byte("2028-02-29")))
	require.Equal(t, Date{2028, 2, 29}, d)
	require.Equal(t, time.Tuesday, d.Weekday())
	require.Equal(t, "2028-03-01", d.AddDays(1).String())
	require.Equal(t, -1, d.Compare(d.AddDays(1)))
	require.NoError(t, d.UnmarshalText(nil))
	require.True(t, d.IsZero())
	require.Error(t, d.UnmarshalText([]byte("x")))

	for _, bad := range []string{"", "9:00", "24:01", "09:60", "-1:00", "09:00:00", "0x:00", "٠٩:00"} {
		_, err := ParseTimeOfDay(bad)
		require.ErrorIs(t, err, ErrInvalid, bad)
	}
	var clock TimeOfDay
	require.NoError(t, clock.UnmarshalText([]byte("16:05")))
	text, err := clock.MarshalText()
	require.NoError(t, err)
	require.Equal(t, "16:05", string(text))
	_, err = TimeOfDay(-1).MarshalText()
	require.ErrorIs(t, err, ErrInvalid)
}
