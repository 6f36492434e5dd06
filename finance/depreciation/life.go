package depreciation

import (
	"math/big"
	"time"

	"github.com/itsmkit/itsm/calendar"
)

// life is the periods of a plan.
type life struct {
	plan  *Plan
	spans []span
	// total is the weight of the whole life: for units it may be more than that of the spans.
	total *big.Rat
}

// span is one period: its share of a whole one, its weight among all, and its days if the plan has dates.
type span struct {
	from, until   calendar.Date
	share, weight *big.Rat
}

// life returns the periods of a plan, with dates where they are asked for or needed.
func (p *Plan) life(dates bool) (*life, error) {
	if err := p.check(); err != nil {
		return nil, err
	}
	needed := p.Method != UnitsOfUse && (p.Convention == FullMonth || p.Convention == ActualDays || p.Convention == DailyTotal)
	if dates || needed {
		if err := p.checkDates(); err != nil {
			return nil, err
		}
	}
	l := &life{plan: p}
	switch {
	case p.Method == UnitsOfUse:
		l.byUnits()
	case p.Convention == DailyTotal:
		l.byDays()
	default:
		l.byShares()
	}
	if dates {
		l.date()
	}
	return l, nil
}

func (p *Plan) checkDates() error {
	switch {
	case p.Start.IsZero():
		return wrong("start", ErrDates, "start and first_end are required")
	case p.FirstEnd.IsZero():
		return wrong("first_end", ErrDates, "start and first_end are required")
	case p.FirstEnd != monthEnd(p.FirstEnd, 0):
		return wrong("first_end", ErrDates, "first_end %s, want a month's last day", p.FirstEnd)
	}
	if begin := p.begin(); p.Start.Compare(begin) < 0 || p.Start.Compare(p.FirstEnd) > 0 {
		return wrong("start", ErrDates, "start %s, want %s to %s", p.Start, begin, p.FirstEnd)
	}
	last := p.end(max(p.Periods, len(p.Units)))
	if last.Year > 9999 {
		return wrong("periods", ErrDates, "the life ends in the year %d", last.Year)
	}
	return nil
}

// begin is the first day of the whole period in which the plan starts.
func (p *Plan) begin() calendar.Date { return monthEnd(p.FirstEnd, -p.months()).AddDays(1) }

// end is the last day of a period, counted from 0.
func (p *Plan) end(period int) calendar.Date { return monthEnd(p.FirstEnd, period*p.months()) }

// lastDay is the end of the life by the calendar: the day before the start, N periods later.
func (p *Plan) lastDay() calendar.Date {
	month := monthEnd(p.Start, p.Periods*p.months())
	month.Day = min(month.Day, p.Start.Day)
	return month.AddDays(-1)
}

// monthEnd is the last day of the month so many months after that of d.
func monthEnd(d calendar.Date, months int) calendar.Date {
	return calendar.DateOf(time.Date(d.Year, d.Month+time.Month(months)+1, 0, 0, 0, 0, 0, time.UTC))
}

// days counts the days from a to b, both counted.
func days(a, b calendar.Date) int64 { return int64(a.DaysUntil(b)) + 1 }

// first is the share that the first period bears.
func (p *Plan) first() *big.Rat {
	switch p.Convention {
	case Half:
		return big.NewRat(1, 2)
	case FullMonth:
		months := int64(p.FirstEnd.Year-p.Start.Year)*12 + int64(p.FirstEnd.Month-p.Start.Month) + 1
		return big.NewRat(months, int64(p.months()))
	case ActualDays:
		return big.NewRat(days(p.Start, p.FirstEnd), days(p.begin(), p.FirstEnd))
	}
	return big.NewRat(1, 1)
}

// byShares makes N periods, or one more where the first bears only a share.
func (l *life) byShares() {
	p, whole := l.plan, big.NewRat(1, 1)
	f := p.first()
	rest := new(big.Rat).Sub(whole, f)
	l.spans = make([]span, 0, p.Periods+1)
	l.spans = append(l.spans, span{share: f})
	for range p.Periods - 1 {
		l.spans = append(l.spans, span{share: whole})
	}
	if rest.Sign() > 0 {
		l.spans = append(l.spans, span{share: rest})
	}
	l.total = new(big.Rat)
	for k := range l.spans {
		s := &l.spans[k]
		s.weight = s.share
		if p.Method == SumOfYears { // of year k+1 the share f, of the year before the rest
			s.weight = new(big.Rat).Mul(f, p.digit(k+1))
			s.weight.Add(s.weight, new(big.Rat).Mul(rest, p.digit(k)))
		}
		l.total.Add(l.total, s.weight)
	}
}

// digit is the part that falls to a year, from 1.
func (p *Plan) digit(year int) *big.Rat {
	if year < 1 || year > p.Periods {
		return new(big.Rat)
	}
	return big.NewRat(int64(p.Periods-year+1), 1)
}

// byDays makes periods of which each weighs its days.
func (l *life) byDays() {
	p := l.plan
	last := p.lastDay()
	l.total = big.NewRat(days(p.Start, last), 1)
	for from, k := p.Start, 0; from.Compare(last) <= 0; k++ {
		until := p.end(k)
		if until.Compare(last) > 0 {
			until = last
		}
		l.spans = append(l.spans, span{from: from, until: until, share: big.NewRat(1, 1), weight: big.NewRat(days(from, until), 1)})
		from = until.AddDays(1)
	}
}

// byUnits makes a period for each that units are known of.
func (l *life) byUnits() {
	l.total = l.plan.TotalUnits.Rat()
	for _, u := range l.plan.Units {
		l.spans = append(l.spans, span{share: big.NewRat(1, 1), weight: u.Rat()})
	}
}

// date gives the periods their days. The last one ends with the life; with a half period it has its whole period.
func (l *life) date() {
	p := l.plan
	if p.Convention == DailyTotal && p.Method != UnitsOfUse {
		return
	}
	from := p.Start
	for k := range l.spans {
		l.spans[k].from, l.spans[k].until = from, p.end(k)
		from = p.end(k).AddDays(1)
	}
	if p.Method == UnitsOfUse || len(l.spans) == p.Periods {
		return
	}
	switch last := &l.spans[len(l.spans)-1]; p.Convention {
	case ActualDays:
		if end := p.lastDay(); end.Compare(last.from) >= 0 {
			last.until = end
		}
	case FullMonth:
		last.until = monthEnd(p.Start, p.Periods*p.months()-1)
	}
}
