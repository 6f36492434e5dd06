package ical

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/itsmkit/itsm/calendar"
	"github.com/stretchr/testify/require"
)

// file makes an iCalendar file of events; each is its lines.
func file(events ...string) string {
	var b strings.Builder
	b.WriteString("BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//itsm//test//EN\n")
	for i, e := range events {
		fmt.Fprintf(&b, "BEGIN:VEVENT\nUID:%d\n%s\nEND:VEVENT\n", i, e)
	}
	return strings.ReplaceAll(b.String()+"END:VCALENDAR\n", "\n", "\r\n")
}

func read(t testing.TB, text string, first, last int) (list []string) {
	found, err := Read(strings.NewReader(text), first, last)
	require.NoError(t, err)
	for _, d := range Dates(found) {
		list = append(list, d.String())
	}
	return list
}

func TestEvents(t *testing.T) {
	for _, c := range []struct {
		name, event string
		want        []string
	}{
		{"one date", "DTSTART;VALUE=DATE:20260501", []string{"2026-05-01"}},
		{"end is excluded", "DTSTART;VALUE=DATE:20261225\nDTEND;VALUE=DATE:20261227", []string{"2026-12-25", "2026-12-26"}},
		{"end is the date itself", "DTSTART;VALUE=DATE:20261225\nDTEND;VALUE=DATE:20261225", []string{"2026-12-25"}},
		{"duration", "DTSTART;VALUE=DATE:20261225\nDURATION:P1W", []string{
			"2026-12-25", "2026-12-26", "2026-12-27", "2026-12-28", "2026-12-29", "2026-12-30", "2026-12-31"}},
		{"over the end of the years", "DTSTART;VALUE=DATE:20251231\nDURATION:P3D", []string{"2026-01-01", "2026-01-02"}},
		{"midnight to midnight", "DTSTART;TZID=Europe/Berlin:20260501T000000\nDTEND;TZID=Europe/Berlin:20260502T000000", []string{"2026-05-01"}},
		{"unknown zone", "DTSTART;TZID=W. Europe Standard Time:20260501T000000\nDURATION:PT24H", []string{"2026-05-01"}},
		{"midnight UTC", "DTSTART:20260501T000000Z\nDTEND:20260503T000000Z", []string{"2026-05-01", "2026-05-02"}},
		{"an appointment", "DTSTART:20260501T090000Z\nDTEND:20260502T090000Z", nil},
		{"part of a day", "DTSTART:20260501T000000Z\nDURATION:PT12H", nil},
		{"cancelled", "DTSTART;VALUE=DATE:20260501\nSTATUS:CANCELLED", nil},
		{"further dates", "DTSTART;VALUE=DATE:20260501\nRDATE;VALUE=DATE:20260601,20260602", []string{"2026-05-01", "2026-06-01", "2026-06-02"}},
		{"exceptions", "DTSTART;VALUE=DATE:20260501\nRRULE:FREQ=MONTHLY;COUNT=4\nEXDATE;VALUE=DATE:20260601", []string{"2026-05-01", "2026-07-01", "2026-08-01"}},
		{"rule of long ago", "DTSTART;VALUE=DATE:16000501\nRRULE:FREQ=YEARLY", []string{"2026-05-01"}},
		{"rule of the future", "DTSTART;VALUE=DATE:20300501\nRRULE:FREQ=YEARLY", nil},
		{"until before the start", "DTSTART;VALUE=DATE:20260501\nRRULE:FREQ=DAILY;UNTIL=20260401", []string{"2026-05-01"}},
		{"until, as an instant", "DTSTART;TZID=Europe/Berlin:20261225T000000\nDURATION:P1D\nRRULE:FREQ=DAILY;UNTIL=20261225T230000Z", []string{"2026-12-25", "2026-12-26"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			require.Equal(t, c.want, read(t, file(c.event), 2026, 2026))
		})
	}
}

// The dates are those that RFC 5545 (3.8.5.3) gives for its examples, and Thanksgiving and Labour Day as published by
// the US Office of Personnel Management for 2026 to 2028.
func TestRules(t *testing.T) {
	for _, c := range []struct {
		name, start, rule string
		first, last       int
		want              []string
	}{
		{"Friday the 13th", "19970902", "FREQ=MONTHLY;BYDAY=FR;BYMONTHDAY=13", 1998, 2000,
			[]string{"1998-02-13", "1998-03-13", "1998-11-13", "1999-08-13", "2000-10-13"}},
		{"election day", "19961105", "FREQ=YEARLY;INTERVAL=4;BYMONTH=11;BYDAY=TU;BYMONTHDAY=2,3,4,5,6,7,8", 1996, 2004,
			[]string{"1996-11-05", "2000-11-07", "2004-11-02"}},
		{"20th Monday of the year", "19970519", "FREQ=YEARLY;BYDAY=20MO", 1997, 1999,
			[]string{"1997-05-19", "1998-05-18", "1999-05-17"}},
		{"Thanksgiving", "19701126", "FREQ=YEARLY;BYMONTH=11;BYDAY=4TH", 2026, 2028,
			[]string{"2026-11-26", "2027-11-25", "2028-11-23"}},
		{"Labor Day", "19700907", "FREQ=YEARLY;BYMONTH=9;BYDAY=1MO", 2026, 2028,
			[]string{"2026-09-07", "2027-09-06", "2028-09-04"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			text := file("DTSTART;VALUE=DATE:" + c.start + "\nRRULE:" + c.rule)
			got := read(t, text, c.first, c.last)
			if c.name == "Friday the 13th" {
				got = got[:len(c.want)]
			}
			require.Equal(t, c.want, got)
		})
	}
}

func TestChangedOccurrence(t *testing.T) {
	series := "BEGIN:VEVENT\nUID:a\nSUMMARY:Day off\nDTSTART;VALUE=DATE:20260101\nRRULE:FREQ=MONTHLY;COUNT=4\nEND:VEVENT\n"
	moved := "BEGIN:VEVENT\nUID:a\nSUMMARY:Day off\\, moved\nRECURRENCE-ID;VALUE=DATE:20260201\nDTSTART;VALUE=DATE:20260203\nEND:VEVENT\n"
	gone := "BEGIN:VEVENT\nUID:a\nSTATUS:CANCELLED\nRECURRENCE-ID;VALUE=DATE:20260301\nDTSTART;VALUE=DATE:20260301\nEND:VEVENT\n"
	for _, order := range []string{series + moved + gone, gone + moved + series} {
		found, err := Read(strings.NewReader("BEGIN:VCALENDAR\n"+order+"END:VCALENDAR\n"), 2026, 2026)
		require.NoError(t, err)
		require.Equal(t, []Holiday{
			{calendar.Date{Year: 2026, Month: time.January, Day: 1}, "Day off"},
			{calendar.Date{Year: 2026, Month: time.February, Day: 3}, "Day off, moved"},
			{calendar.Date{Year: 2026, Month: time.April, Day: 1}, "Day off"},
		}, found)
	}
}

func TestFolded(t *testing.T) {
	found, err := Read(strings.NewReader(file("DTSTART;VALUE=DATE:2026\n 0501\nSUMMARY:Labour\n  Day")), 2026, 2026)
	require.NoError(t, err)
	require.Equal(t, []Holiday{{calendar.Date{Year: 2026, Month: time.May, Day: 1}, "Labour Day"}}, found)
}

func TestRefused(t *testing.T) {
	rule := func(r string) string { return file("DTSTART;VALUE=DATE:20260101\nRRULE:" + r) }
	for name, c := range map[string]struct {
		text string
		want error
	}{
		"no calendar":               {"hello", ErrInvalid},
		"no start":                  {file("SUMMARY:x"), ErrInvalid},
		"bad date":                  {file("DTSTART;VALUE=DATE:20260230"), ErrInvalid},
		"year 1":                    {file("DTSTART;VALUE=DATE:00010101"), ErrInvalid},
		"bad exception":             {file("DTSTART;VALUE=DATE:20260201\nEXDATE;VALUE=DATE:x"), ErrInvalid},
		"ends before":               {file("DTSTART;VALUE=DATE:20260202\nDTEND;VALUE=DATE:20260201"), ErrInvalid},
		"bad duration":              {file("DTSTART;VALUE=DATE:20260202\nDURATION:1 day"), ErrInvalid},
		"bad rule":                  {rule("EVERY=DAY"), ErrInvalid},
		"all later":                 {file("DTSTART;VALUE=DATE:20260202\nRECURRENCE-ID;RANGE=THISANDFUTURE;VALUE=DATE:20260202"), ErrInvalid},
		"exception rule":            {rule("FREQ=DAILY;COUNT=4\nEXRULE:FREQ=DAILY;INTERVAL=2"), ErrInvalid},
		"within a day":              {rule("FREQ=SECONDLY"), ErrInvalid},
		"by hour":                   {rule("FREQ=DAILY;BYHOUR=1,2,3"), ErrInvalid},
		"never":                     {rule("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30"), ErrInvalid},
		"out of bounds":             {rule("FREQ=YEARLY;BYMONTH=13"), ErrInvalid},
		"long interval":             {rule("FREQ=DAILY;INTERVAL=1000000000000000"), ErrTooLarge},
		"too many occurrences":      {file("DTSTART;VALUE=DATE:00020101\nRRULE:FREQ=DAILY"), ErrTooLarge},
		"too many rules":            {rule(strings.Repeat("FREQ=YEARLY\nRRULE:", maxRecurring) + "FREQ=YEARLY"), ErrTooLarge},
		"never, with an end":        {rule(strings.Repeat("FREQ=MONTHLY;BYDAY=MO;BYSETPOS=6;UNTIL=20270101\nRRULE:", 10) + "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30;UNTIL=20270101"), ErrTooLarge},
		"too long":                  {file("DTSTART;VALUE=DATE:20260202\nSUMMARY:" + strings.Repeat("x", maxBytes)), ErrTooLarge},
		"too deep":                  {strings.Repeat("BEGIN:VCALENDAR\n", 1000), ErrTooLarge},
		"too deep, seemingly ended": {strings.Repeat("BEGIN:VCALENDAR\nENDED:\n", 1000), ErrTooLarge},
		"too deep, folded":          {strings.Repeat("BEG\n IN:VCALENDAR\n", 1000), ErrTooLarge},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := Read(strings.NewReader(c.text), 2026, 2026)
			require.ErrorIs(t, err, c.want)
		})
	}
	for _, years := range [][2]int{{0, 2026}, {2026, 2025}, {2026, 10000}} {
		_, err := Read(strings.NewReader(file()), years[0], years[1])
		require.ErrorIs(t, err, ErrInvalid)
	}
	broken := errors.New("broken")
	_, err := Read(io.MultiReader(strings.NewReader("BEGIN"), iotest.ErrReader(broken)), 2026, 2026)
	require.ErrorIs(t, err, broken)
}

// FuzzRead: no file makes it panic, hang or find a date outside the years.
func FuzzRead(f *testing.F) {
	f.Add(file("DTSTART;VALUE=DATE:19701126\nRRULE:FREQ=YEARLY;BYMONTH=11;BYDAY=4TH\nEXDATE;VALUE=DATE:20261126"))
	f.Add(file("DTSTART;TZID=Europe/Berlin:20260501T000000\nDURATION:P2D\nRDATE:20260601T000000", "SUMMARY:x"))
	f.Add(file("DTSTART;VALUE=DATE:20260101\nRRULE:FREQ=WEEKLY;BYSETPOS=-1;BYDAY=MO,TU;WKST=SU;UNTIL=20270101"))
	f.Fuzz(func(t *testing.T, text string) {
		found, err := Read(strings.NewReader(text), 2026, 2027)
		if err != nil {
			require.True(t, errors.Is(err, ErrInvalid) || errors.Is(err, ErrTooLarge), "%v", err)
		}
		for _, h := range found {
			require.Contains(t, []int{2026, 2027}, h.Date.Year)
		}
	})
}
