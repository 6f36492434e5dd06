package ical_test

import (
	"fmt"
	"strings"
	"time"

	"github.com/itsmkit/itsm/calendar"
	"github.com/itsmkit/itsm/calendar/ical"
)

const published = `BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//example//holidays//EN
BEGIN:VEVENT
UID:1@example.com
SUMMARY:Christmas
DTSTART;VALUE=DATE:20201225
DTEND;VALUE=DATE:20201227
RRULE:FREQ=YEARLY
END:VEVENT
END:VCALENDAR
`

func Example() {
	found, err := ical.Read(strings.NewReader(published), 2026, 2027)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, h := range found {
		fmt.Println(h.Date, h.Name)
	}
	office := calendar.Definition{Zone: "UTC", Hours: calendar.Hours{}.Add("09:00", "17:00", calendar.Weekdays...)}
	office.Close(ical.Dates(found)...)
	c, err := calendar.New(office)
	if err != nil {
		fmt.Println(err)
		return
	}
	opening, err := c.NextOpening(time.Date(2026, 12, 24, 18, 0, 0, 0, time.UTC))
	fmt.Println(opening, err)
	// Output:
	// 2026-12-25 Christmas
	// 2026-12-26 Christmas
	// 2027-12-25 Christmas
	// 2027-12-26 Christmas
	// 2026-12-28 09:00:00 +0000 UTC <nil>
}
