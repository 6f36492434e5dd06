package holidays

import (
	"slices"
	"time"

	"github.com/rickar/cal/v2"
	"github.com/rickar/cal/v2/ch"
	"github.com/rickar/cal/v2/de"
	"github.com/rickar/cal/v2/mx"
)

// The holidays here are those that a law has and the library has not, or has on another date; each says which law.

// fixed is a holiday on one date of every year from first to last; 0 is no end.
func fixed(name string, month time.Month, day, first, last int) *cal.Holiday {
	return &cal.Holiday{Name: name, Month: month, Day: day, StartYear: first, EndYear: last, Func: cal.CalcDayOfMonth}
}

// monday is a holiday on the n-th Monday of a month.
func monday(name string, month time.Month, n, first int) *cal.Holiday {
	return &cal.Holiday{Name: name, Month: month, Weekday: time.Monday, Offset: n, StartYear: first, Func: cal.CalcWeekdayOffset}
}

// germany adds what all its states decided for one year: 500 years of Reformation.
func germany(state []*cal.Holiday) []*cal.Holiday {
	return slices.Concat(state, []*cal.Holiday{fixed(de.Reformationstag.Name, time.October, 31, 2017, 2017)})
}

// berlin had 75 and 80 years since the end of the war (Berlin's law on holidays, §1).
var berlin = []*cal.Holiday{
	fixed("Tag der Befreiung", time.May, 8, 2020, 2020),
	fixed("Tag der Befreiung", time.May, 8, 2025, 2025),
}

// switzerland has what all cantons have; each canton has a list of its own.
var switzerland = []*cal.Holiday{ch.Neujahr, ch.Auffahrt, ch.Bundesfeiertag, ch.Weihnachtstag}

// mexico follows article 74 of the Ley Federal del Trabajo: two days moved to Mondays in 2006, the transfer of the
// presidency from 2024 on, and no substitute for a day at a weekend.
var mexico = []*cal.Holiday{
	fixed(mx.NewYear.Name, time.January, 1, 0, 0),
	fixed(mx.ConstitutionDay.Name, time.February, 5, 0, 2005),
	monday(mx.ConstitutionDay.Name, time.February, 1, 2006),
	fixed(mx.BenitoJuarezDay.Name, time.March, 21, 0, 2005),
	monday(mx.BenitoJuarezDay.Name, time.March, 3, 2006),
	fixed(mx.LabourDay.Name, time.May, 1, 0, 0),
	fixed(mx.IndependenceDay.Name, time.September, 16, 0, 0),
	{Name: "Transfer of the presidency", StartYear: 2024, Func: everySixYears},
	fixed(mx.RevolutionDay.Name, time.November, 20, 0, 2005),
	monday(mx.RevolutionDay.Name, time.November, 3, 2006),
	fixed(mx.ChristmasDay.Name, time.December, 25, 0, 0),
}

func everySixYears(_ *cal.Holiday, year int) time.Time {
	if (year-2024)%6 != 0 {
		return time.Time{}
	}
	return time.Date(year, time.October, 1, 0, 0, 0, 0, time.UTC)
}

// matariki follows the moon: these are the dates of its act (Te Kāhui o Matariki Public Holiday Act 2022).
var matariki = []*cal.Holiday{
	fixed("Matariki", time.June, 24, 2022, 2022),
	fixed("Matariki", time.July, 14, 2023, 2023),
	fixed("Matariki", time.June, 28, 2024, 2024),
	fixed("Matariki", time.June, 20, 2025, 2025),
	fixed("Matariki", time.July, 10, 2026, 2026),
	fixed("Matariki", time.June, 25, 2027, 2027),
	fixed("Matariki", time.July, 14, 2028, 2028),
	fixed("Matariki", time.July, 6, 2029, 2029),
	fixed("Matariki", time.June, 21, 2030, 2030),
	fixed("Matariki", time.July, 11, 2031, 2031),
}

// europe is a holiday of Luxembourg (its law of 25 April 2019).
var europe = []*cal.Holiday{fixed("Europadag", time.May, 9, 2019, 0)}
