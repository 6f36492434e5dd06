package ical

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// Dates count as they are written, also where the clock of a zone skips midnight: in Beirut on 2026-03-29, in Cairo on
// 2026-04-24 (tz database). Instants in UTC count on the date that they have in the zone of their event.
func TestZones(t *testing.T) {
	for _, c := range []struct {
		name, event string
		want        []string
	}{
		{"begins at a midnight that is skipped", "DTSTART;TZID=Africa/Cairo:20260424T000000\nDTEND;TZID=Africa/Cairo:20260425T000000", []string{"2026-04-24"}},
		{"ends at a midnight that is skipped", "DTSTART;TZID=Asia/Beirut:20260328T000000\nDTEND;TZID=Asia/Beirut:20260329T000000", []string{"2026-03-28"}},
		{"repeats over a midnight that is skipped", "DTSTART;TZID=Asia/Beirut:20260328T000000\nDURATION:P1D\nRRULE:FREQ=DAILY;COUNT=3", []string{"2026-03-28", "2026-03-29", "2026-03-30"}},
		{"ends in UTC", "DTSTART;TZID=Europe/Berlin:20260501T000000\nDTEND:20260502T220000Z", []string{"2026-05-01", "2026-05-02"}},
		{"further date in UTC", "DTSTART;TZID=Europe/Berlin:20260501T000000\nDURATION:P1D\nRDATE:20260601T220000Z", []string{"2026-05-01", "2026-06-02"}},
		{"exception in UTC", "DTSTART;TZID=Europe/Berlin:20260601T000000\nDURATION:P1D\nRRULE:FREQ=DAILY;COUNT=3\nEXDATE:20260601T220000Z", []string{"2026-06-01", "2026-06-03"}},
		{"end of a rule in UTC, east", "DTSTART;TZID=\"Asia/Tokyo\":20260601T000000\nDURATION:P1D\nRRULE:FREQ=DAILY;UNTIL=20260601T150000Z", []string{"2026-06-01", "2026-06-02"}},
		{"end of a rule in UTC, west", "DTSTART;TZID=America/New_York:20260601T000000\nDURATION:P1D\nRRULE:FREQ=DAILY;UNTIL=20260602T035959Z", []string{"2026-06-01"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			require.Equal(t, c.want, read(t, file(c.event), 2026, 2026))
		})
	}
	series := "BEGIN:VEVENT\nUID:a\nDTSTART;TZID=Europe/Berlin:20260601T000000\nDURATION:P1D\nRRULE:FREQ=DAILY;COUNT=3\nEND:VEVENT\n"
	gone := "BEGIN:VEVENT\nUID:a\nSTATUS:CANCELLED\nRECURRENCE-ID:20260601T220000Z\nDTSTART;TZID=Europe/Berlin:20260602T000000\nEND:VEVENT\n"
	require.Equal(t, []string{"2026-06-01", "2026-06-03"}, read(t, "BEGIN:VCALENDAR\n"+series+gone+"END:VCALENDAR\n", 2026, 2026))
}

// Which date an instant in UTC has in a zone that is not known cannot be told; a wrong holiday would be found too late.
func TestUnknownZone(t *testing.T) {
	start := "DTSTART;TZID=W. Europe Standard Time:20261224T000000\nDURATION:P1D\n"
	for name, line := range map[string]string{
		"end of a rule": "RRULE:FREQ=DAILY;UNTIL=20261225T230000Z",
		"exception":     "RRULE:FREQ=DAILY;COUNT=3\nEXDATE:20261224T230000Z",
	} {
		t.Run(name, func(t *testing.T) {
			_, err := Read(strings.NewReader(file(start+line)), 2026, 2026)
			require.ErrorIs(t, err, ErrInvalid)
			require.ErrorContains(t, err, `"W. Europe Standard Time"`)
		})
	}
	require.Equal(t, []string{"2026-12-24", "2026-12-25"}, read(t, file(start+"RRULE:FREQ=DAILY;UNTIL=20261225"), 2026, 2026))
}

// A download that breaks off must not pass for a file with fewer holidays, wherever it breaks off.
func TestCut(t *testing.T) {
	whole := file("DTSTART;VALUE=DATE:20260501", "DTSTART;VALUE=DATE:20260601")
	require.Len(t, read(t, whole, 2026, 2026), 2)
	for n := range len(whole) - len("\r\n") {
		_, err := Read(strings.NewReader(whole[:n]), 2026, 2026)
		require.ErrorIs(t, err, ErrInvalid, "after %q", whole[:n])
	}
}
