package sla

import (
	"cmp"
	"slices"
	"time"

	"github.com/itsmkit/itsm/calendar"
)

// A date is closed if that removes so many errors from each half of the cases.
const clearly = 3

// close looks for closed dates among those that misjudged cases touch, one after the other.
func (s *search) close(best *candidate, p *panel) error {
	zone, err := time.LoadLocation(s.o.Zone)
	if err != nil {
		return err
	}
	for range 40 {
		now, l, err := s.halves(p, best)
		if err != nil || now[0] < clearly || now[1] < clearly {
			return err
		}
		dates, err := s.suspects(best, p, l, zone)
		if err != nil {
			return err
		}
		tried := make([][2]int, len(dates))
		err = s.each(len(dates), func(i int) error {
			with := *best
			with.closed = append(slices.Clone(best.closed), dates[i])
			var err error
			tried[i], _, err = s.halves(p, &with)
			return err
		})
		if err != nil {
			return err
		}
		pick := -1
		for i, t := range tried {
			if t[0]+clearly <= now[0] && t[1]+clearly <= now[1] && (pick < 0 || t[0]+t[1] < tried[pick][0]+tried[pick][1]) {
				pick = i
			}
		}
		if pick < 0 {
			return nil
		}
		best.closed = append(slices.Clone(best.closed), dates[pick])
		slices.Sort(best.closed)
		best.errors = tried[pick][0] + tried[pick][1]
	}
	return nil
}

// halves counts the errors of a candidate among the even and the odd cases, under the amounts that are best for all.
func (s *search) halves(p *panel, c *candidate) ([2]int, []bool, error) {
	var out [2]int
	hours, err := calendar.New(c.week.definition(s.o.Zone, c.closed))
	if err != nil {
		return out, nil, err
	}
	l := p.lay(c.shape)
	cuts, _ := p.cuts(hours, l)
	amounts := map[string]time.Duration{}
	for i, x := range cuts {
		amounts[p.priorities[i]] = x.amount
	}
	wrong := p.wrong(hours, l, amounts)
	for i, is := range wrong {
		if is {
			out[i%2]++
		}
	}
	return out, wrong, nil
}

// suspects returns the working dates that most misjudged cases touch which were met in truth, in order.
func (s *search) suspects(best *candidate, p *panel, wrong []bool, zone *time.Location) ([]string, error) {
	hours, err := calendar.New(best.week.definition(s.o.Zone, best.closed))
	if err != nil {
		return nil, err
	}
	counts := map[string]int{}
	for i, is := range wrong {
		c := &p.cases[i]
		from, begun := c.Marks[best.start.Name]
		to, ended := c.Marks[best.stop.Name]
		if is && begun && ended && c.Met {
			for _, date := range datesOf(zone, from, to, 60) {
				counts[date]++
			}
		}
	}
	var dates []string
	for date, n := range counts {
		d, err := calendar.ParseDate(date)
		if err == nil && n >= 2*clearly && hours.IsWorkingDate(d) {
			dates = append(dates, date)
		}
	}
	slices.SortFunc(dates, func(a, b string) int { return cmp.Or(cmp.Compare(counts[b], counts[a]), cmp.Compare(a, b)) })
	dates = dates[:min(30, len(dates))]
	slices.Sort(dates)
	return dates, nil
}
