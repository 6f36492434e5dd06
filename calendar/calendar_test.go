package calendar

import (
	"encoding/json"
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// Every problem of a definition is named with its place, all at once.
func TestProblems(t *testing.T) {
	_, err := Parse([]byte(`{
		"zone": "Mars/Olympus",
		"hours": {
			"mon": [["09:00","17:00"],["16:59","18:00"],["10:00","11:00"]],
			"tue": [["22:00","06:00"]],
			"wed": [["9:00","17:00"],["09:00"]],
			"funday": [],
			"thu": 8
		},
		"closed": ["2026-12-25","2026-02-29"],
		"special": {"2026-12-24":[["23:00","24:01"]], "0000-01-01":[]},
		"holidays": []
	}`))
	var invalid *InvalidError
	require.ErrorAs(t, err, &invalid)
	require.ErrorIs(t, err, ErrInvalid)
	require.Equal(t, []Problem{ // the form comes first
		{"hours.wed[1]", "must be an interval [from, to]"},
		{"hours.thu", "must be a list of intervals [from, to]"},
		{"holidays", "is not known here; known are zone, hours, closed and special"},
		{"zone", `"Mars/Olympus" is not an IANA zone`},
		{"hours.funday", "is not a weekday; they are mon, tue, wed, thu, fri, sat and sun"},
		{"hours.mon[2]", "overlaps hours.mon[0]"},
		{"hours.mon[1]", "overlaps hours.mon[0]"},
		{"hours.tue[0]", "22:00 is not before 06:00; split hours over midnight in two"},
		{"hours.wed[0]", `"9:00" is not a time of day (HH:MM)`},
		{"closed[1]", `"2026-02-29" is not a date (YYYY-MM-DD)`},
		{"special.0000-01-01", "is not a date (YYYY-MM-DD)"},
		{"special.2026-12-24[0]", `"24:01" is not a time of day (HH:MM)`},
	}, invalid.Problems)
}

func TestParseRefuses(t *testing.T) {
	for text, message := range map[string]string{
		``:                          "calendar: invalid: is not JSON",
		`null`:                      "calendar: invalid: must be a JSON object",
		`{"zone":"UTC"`:             "calendar: invalid: is not JSON",
		`{"zone":"UTC","hours":{}}`: "calendar: invalid: hours: no working time at all",
		`{"zone":"UTC","hours":[]}`: "calendar: invalid: hours: must be a JSON object",
		`{"zone":1,"hours":{}}`:     "calendar: invalid: zone: must be a text",
		`{"zone":"UTC","hours":{"mon":[["09:00","17:00"]]},"closed":"2026-01-01"}`:              "calendar: invalid: closed: must be a list of dates",
		`{"zone":"UTC","hours":{"tue":[["09:00","17:00"]],"mon":[],"mon":[["09:00","17:00"]]}}`: "calendar: invalid: hours.mon: appears twice",
		`{"zone":"UTC","hours":{"mon":[["09:00","17:00"]]}} {}`:                                 "calendar: invalid: is not JSON",
		`{"zone":"UTC","Zone":"UTC","hours":{"mon":[["09:00","17:00"]]}}`:                       "calendar: invalid: Zone: is not known here; known are zone, hours, closed and special",
	} {
		_, err := Parse([]byte(text))
		require.EqualError(t, err, message, text)
	}
	for _, zone := range []string{"", "Local", "localtime", "posix/Europe/Berlin", "right/Europe/Berlin", "../UTC", "/UTC", "UTC+2"} {
		_, err := New(office(zone))
		require.ErrorIs(t, err, ErrInvalid, zone)
	}
}

func TestDefinitionJSON(t *testing.T) {
	d := office("Europe/Berlin")
	d.Close(Date{2026, 12, 25})
	d.Special = map[string][]Interval{"2026-12-24": {{"09:00", "12:00"}}}
	text, err := json.Marshal(d)
	require.NoError(t, err)
	var read Definition
	require.NoError(t, json.Unmarshal(text, &read))
	require.Equal(t, d, read)
	c := mustNew(t, d)
	d.Hours["mon"][0][0] = "changed"
	kept, ok := c.Definition()
	require.True(t, ok)
	require.Equal(t, read, kept, "a calendar keeps no part of what it was made from")
	require.Error(t, json.Unmarshal([]byte(`{"hours":1}`), &read))
	require.Equal(t, kept, read, "a failed reading changes nothing")
}

func TestOvernight(t *testing.T) {
	h := Hours(nil).Add("22:00", "06:00", time.Saturday, time.Sunday).Add("18:00", "00:00", time.Monday).Add("00:00", "00:00", time.Tuesday)
	require.Equal(t, Hours{
		"sat": {{"22:00", "24:00"}},
		"sun": {{"00:00", "06:00"}, {"22:00", "24:00"}},
		"mon": {{"00:00", "06:00"}, {"18:00", "24:00"}},
		"tue": {{"00:00", "24:00"}},
	}, h)
	require.Equal(t, Hours{"mon": {{"09:00", "09:00"}}}, Hours{}.Add("09:00", "09:00", time.Monday), "refused by New")
}

func TestErrors(t *testing.T) {
	monday := at(t, "2026-11-23T10:00:00Z")
	c := mustNew(t, office("UTC"))
	_, err := c.Due(monday, -1)
	require.ErrorIs(t, err, ErrNegative)
	before, after := time.Date(0, 12, 31, 23, 0, 0, 0, time.UTC), time.Date(10000, 1, 1, 0, 0, 0, 0, time.UTC)
	for _, outside := range []time.Time{before, after, time.Unix(math.MaxInt64, 0), time.Unix(math.MinInt64, 0)} {
		_, err = c.Elapsed(outside, monday)
		require.ErrorIs(t, err, ErrRange)
		_, err = c.Elapsed(monday, outside)
		require.ErrorIs(t, err, ErrRange)
		_, err = c.Due(outside, 0)
		require.ErrorIs(t, err, ErrRange)
		require.ErrorIs(t, c.Prepare(monday, outside), ErrRange)
		_, err = c.NextOpening(outside)
		require.ErrorIs(t, err, ErrRange)
		require.False(t, c.IsOpen(outside))
	}
	_, err = c.Due(after.Add(-time.Hour*24*365), 9000*time.Hour)
	require.ErrorIs(t, err, ErrRange, "due after the year 9999")
}

// time.Duration holds 2^63-1 ns either way, and not a nanosecond more.
func TestDurationLimit(t *testing.T) {
	c := Always()
	a := time.Date(2000, 1, 1, 0, 0, 0, 500, time.UTC)
	b := a.Add(math.MaxInt64)
	got, err := c.Elapsed(a, b)
	require.NoError(t, err)
	require.EqualValues(t, math.MaxInt64, got)
	_, err = c.Elapsed(a, b.Add(1))
	require.ErrorIs(t, err, ErrRange)
	got, err = c.Elapsed(b.Add(1), a)
	require.NoError(t, err)
	require.EqualValues(t, math.MinInt64, got)
	_, err = c.Elapsed(b.Add(2), a)
	require.ErrorIs(t, err, ErrRange)
	due, err := c.Due(a, math.MaxInt64)
	require.NoError(t, err)
	require.True(t, due.Equal(b))
}

// A calendar with hours only on dates that are over has no more working time; so has one of two that never meet. That
// is an error, not an endless loop.
func TestNoWorkingTime(t *testing.T) {
	special := mustNew(t, Definition{Zone: "Europe/Berlin", Special: map[string][]Interval{"2026-12-24": {{"09:00", "12:00"}}}})
	skipped := mustNew(t, Definition{Zone: "Pacific/Apia", Special: map[string][]Interval{"2011-12-30": {{"00:00", "24:00"}}}})
	mondays := mustNew(t, Definition{Zone: "UTC", Hours: Hours{}.Add("09:00", "17:00", time.Monday)})
	tuesdays := mustNew(t, Definition{Zone: "UTC", Hours: Hours{}.Add("09:00", "17:00", time.Tuesday)})
	never, err := Intersection(mondays, tuesdays)
	require.NoError(t, err)
	start := at(t, "2026-12-24T10:00:00Z")
	due, err := special.Due(start, time.Hour)
	require.NoError(t, err)
	require.Equal(t, "2026-12-24T11:00:00Z", due.Format(time.RFC3339))
	for _, c := range []*Calendar{special, skipped, never} {
		for _, from := range []time.Time{start, start.AddDate(5000, 0, 0)} {
			_, err = c.Due(from, time.Hour+1)
			require.ErrorIs(t, err, ErrNoWorkingTime)
			_, err = c.NextOpening(from)
			require.ErrorIs(t, err, ErrNoWorkingTime)
			_, err = c.WorkingDate(DateOf(from), 1)
			require.ErrorIs(t, err, ErrNoWorkingTime)
		}
	}
	_, err = never.NextClosing(start)
	require.ErrorIs(t, err, ErrNoWorkingTime)
	_, err = skipped.Opening(Date{2011, 12, 30})
	require.ErrorIs(t, err, ErrNoWorkingTime)
}

func TestNeverCloses(t *testing.T) {
	days := mustNew(t, Definition{Zone: "Asia/Tokyo", Hours: Hours{}.Add("00:00", "12:00", append(Weekdays, 0, 6)...)})
	nights := mustNew(t, Definition{Zone: "Asia/Tokyo", Hours: Hours{}.Add("12:00", "00:00", append(Weekdays, 0, 6)...)})
	union, err := Union(days, nights)
	require.NoError(t, err)
	for _, c := range []*Calendar{Always(), union} {
		for _, from := range []string{"2026-12-24T10:00:00Z", "0001-01-01T00:00:00Z", "9999-12-31T00:00:00Z"} {
			_, err := c.NextClosing(at(t, from))
			require.ErrorIs(t, err, ErrNeverCloses)
			_, err = c.NextOpening(at(t, from))
			require.ErrorIs(t, err, ErrNeverCloses)
		}
	}
	// Closed on one date only: the closing is 23 years ahead.
	once := mustNew(t, Definition{Zone: "UTC", Closed: []string{"2050-01-01"}, Hours: Hours{}.Add("00:00", "24:00", append(Weekdays, 0, 6)...)})
	closing, err := once.NextClosing(at(t, "2026-12-24T10:00:00Z"))
	require.NoError(t, err)
	require.Equal(t, at(t, "2050-01-01T00:00:00Z"), closing)
	opening, err := once.NextOpening(at(t, "2026-12-24T10:00:00Z"))
	require.NoError(t, err)
	require.Equal(t, at(t, "2050-01-02T00:00:00Z"), opening)
}

func TestCombineRefuses(t *testing.T) {
	c := Always()
	for _, err := range []error{
		second(Union()), second(Intersection()), second(Union(c, nil)), second(Versions()),
		second(Versions(Version{Date{2026, 1, 1}, c})), second(Versions(Version{})),
		second(Versions(Version{Calendar: c}, Version{Date{2026, 2, 30}, c})),
		second(Versions(Version{Calendar: c}, Version{Date{2026, 2, 2}, c}, Version{Date{2026, 2, 2}, c})),
	} {
		require.ErrorIs(t, err, ErrInvalid)
	}
	_, ok := must(Union(c, c)).Definition()
	require.False(t, ok)
}

func second(_ *Calendar, err error) error { return err }

func must(c *Calendar, err error) *Calendar {
	if err != nil {
		panic(err)
	}
	return c
}

// A closed date that is special too is closed.
func TestClosedWins(t *testing.T) {
	d := office("UTC")
	d.Closed, d.Special = []string{"2026-12-24"}, map[string][]Interval{"2026-12-24": {{"09:00", "12:00"}}}
	require.False(t, mustNew(t, d).IsWorkingDate(Date{2026, 12, 24}))
}

// TestNoAllocation holds that the two main questions do not allocate once the years are compiled.
func TestNoAllocation(t *testing.T) {
	c := mustNew(t, office("Europe/Berlin"))
	a := at(t, "2026-11-23T10:00:00Z")
	b, err := c.Due(a, 20000*time.Hour)
	require.NoError(t, err)
	require.Zero(t, testing.AllocsPerRun(100, func() {
		if _, err := c.Elapsed(a, b); err != nil {
			t.Error(err)
		}
		if _, err := c.Due(a, 20000*time.Hour); err != nil {
			t.Error(err)
		}
	}))
}
