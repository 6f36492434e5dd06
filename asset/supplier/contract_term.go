package supplier

import (
	"time"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/calendar"
)

// addTerms renews the contract, once at least and until it is in force on a day. Terms begin on the day after the last
// one and end on the day before the next one begins, and are counted from the end that was agreed: so neither the last of
// a month is lost behind a short one, nor does it matter how often somebody looked.
func (c *Contract) addTerms(day calendar.Date) {
	if c.AgreedUntil.IsZero() {
		c.AgreedUntil = c.Terms.Until
	}
	first, term := c.AgreedUntil.AddDays(1), c.Terms.Renewal.Term
	for n, added := 1, false; !added || c.Terms.Until.Compare(day) < 0; n++ {
		until := plus(first, itsm.Period{Months: n * term.Months, Days: n * term.Days}).AddDays(-1)
		if until.Compare(c.Terms.Until) > 0 { // not one of those that it has had
			c.Terms.Until, added = until, true
			c.Renewals++
		}
	}
}

// lastNotice returns the last day for a notice that is to have run out at the end of a day.
func lastNotice(until calendar.Date, notice itsm.Period) calendar.Date {
	day := minus(until, notice) // near it: months differ in length
	for plus(day, notice).Compare(until) > 0 {
		day = day.AddDays(-1)
	}
	for plus(day.AddDays(1), notice).Compare(until) <= 0 {
		day = day.AddDays(1)
	}
	return day
}

// plus returns the date a period after d.
func plus(d calendar.Date, p itsm.Period) calendar.Date {
	return calendar.DateOf(p.After(time.Date(d.Year, d.Month, d.Day, 0, 0, 0, 0, time.UTC)))
}

// minus returns the date a period before d.
func minus(d calendar.Date, p itsm.Period) calendar.Date {
	return plus(d, itsm.Period{Months: -p.Months, Days: -p.Days})
}
