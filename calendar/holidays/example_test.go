package holidays_test

import (
	"fmt"
	"time"

	"github.com/itsmkit/itsm/calendar"
	"github.com/itsmkit/itsm/calendar/holidays"
)

func Example() {
	office := calendar.Definition{Zone: "America/New_York", Hours: calendar.Hours{}.Add("09:00", "17:00", calendar.Weekdays...)}
	closed, err := holidays.Closed("US", 2026, 2030)
	if err != nil {
		fmt.Println(err)
		return
	}
	office.Close(closed...)
	c, err := calendar.New(office)
	if err != nil {
		fmt.Println(err)
		return
	}
	thanksgiving := calendar.Date{Year: 2026, Month: time.November, Day: 26}
	next, err := c.WorkingDate(thanksgiving, 0)
	fmt.Println(next, err)
	// Output:
	// 2026-11-27 <nil>
}
