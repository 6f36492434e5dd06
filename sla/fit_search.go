package sla

import (
	"cmp"
	"context"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/itsmkit/itsm/calendar"
)

// shape is what a rule takes as start, stop and waits.
type shape struct {
	start, stop FitMark
	waits       []FitWait
}

func (x shape) names() []string {
	names := []string{}
	for _, w := range x.waits {
		names = append(names, w.Name)
	}
	return names
}

// candidate is a rule without amounts.
type candidate struct {
	shape
	nth    int // of the shape
	week   week
	closed []string
	errors int
}

// compare orders candidates: the fewest errors first, of equally good ones the simplest.
func (c candidate) compare(o candidate) int {
	return cmp.Or(cmp.Compare(c.errors, o.errors), cmp.Compare(len(c.closed), len(o.closed)), cmp.Compare(c.week.plain(), o.week.plain()),
		cmp.Compare(c.week.rough(), o.week.rough()), cmp.Compare(len(c.waits), len(o.waits)), cmp.Compare(c.nth, o.nth), c.week.compare(o.week))
}

func (w week) compare(o week) int {
	return cmp.Or(cmp.Compare(w.days, o.days), cmp.Compare(w.from, o.from), cmp.Compare(w.length, o.length))
}

// The sizes of a search.
const (
	fewCases  = 4_000  // enough to tell hours apart by
	manyCases = 50_000 // enough to tell quarters of an hour apart by
	topShapes = 3
	topWeeks  = 24
)

// search is a fit under way.
type search struct {
	ctx context.Context
	o   FitOptions
}

// run finds the best rule, and those behind it.
func (s *search) run(cases []FitCase) (candidate, []candidate, error) {
	few, many := newPanel(thinned(cases, fewCases)), newPanel(thinned(cases, manyCases))
	shapes := s.shapes()

	var found []candidate // the structure, by a few calendars
	for n, x := range shapes {
		for _, w := range coarse() {
			found = append(found, candidate{shape: x, nth: n, week: w})
		}
	}
	if err := s.judge(few, found); err != nil {
		return candidate{}, nil, err
	}
	slices.SortFunc(found, candidate.compare)

	var wide []candidate // the hours, for the best structures
	for _, n := range firstShapes(found, topShapes) {
		for _, w := range windows() {
			wide = append(wide, candidate{shape: shapes[n], nth: n, week: w})
		}
	}
	if err := s.judge(few, wide); err != nil {
		return candidate{}, nil, err
	}
	found = distinct(append(found, wide...))
	found, err := s.around(few, found, topWeeks, 60, 60, 60)
	if err != nil {
		return candidate{}, nil, err
	}

	found = found[:min(2*topWeeks, len(found))] // the same on more cases, then by quarters of an hour
	if err := s.judge(many, found); err != nil {
		return candidate{}, nil, err
	}
	slices.SortFunc(found, candidate.compare)
	if found, err = s.around(many, found, 2, 15, 60, 120); err != nil {
		return candidate{}, nil, err
	}
	best := found[0]
	if err := s.close(&best, many); err != nil {
		return candidate{}, nil, err
	}
	return best, found[1:min(1+s.o.Rivals, len(found))], nil
}

// around adds to sorted candidates the neighbours of the first ones.
func (s *search) around(p *panel, found []candidate, first, step, shift, longer int) ([]candidate, error) {
	var more []candidate
	for _, c := range found[:min(first, len(found))] {
		for _, w := range c.week.near(step, shift, longer) {
			c.week = w
			more = append(more, c)
		}
	}
	more = slices.DeleteFunc(distinct(more), func(c candidate) bool {
		return slices.ContainsFunc(found, c.same)
	})
	err := s.judge(p, more)
	return distinct(append(found, more...)), err
}

// shapes returns each start with each stop and each set of pauses: none, one, or all of them.
func (s *search) shapes() []shape {
	sets := [][]FitWait{nil}
	for i := range s.o.Waits {
		sets = append(sets, s.o.Waits[i:i+1])
	}
	if len(s.o.Waits) > 1 {
		sets = append(sets, s.o.Waits)
	}
	var out []shape
	for _, start := range s.o.Starts {
		for _, stop := range s.o.Stops {
			for _, waits := range sets {
				out = append(out, shape{start, stop, waits})
			}
		}
	}
	return out
}

// firstShapes returns the first shapes of a sorted list.
func firstShapes(list []candidate, most int) []int {
	var out []int
	for _, c := range list {
		if len(out) < most && !slices.Contains(out, c.nth) {
			out = append(out, c.nth)
		}
	}
	return out
}

// same tells whether two candidates are one rule.
func (c candidate) same(o candidate) bool { return c.nth == o.nth && c.week == o.week }

// distinct sorts candidates and drops those that are there twice; those have the same errors.
func distinct(list []candidate) []candidate {
	slices.SortFunc(list, candidate.compare)
	return slices.CompactFunc(list, candidate.same)
}

// thinned returns every so many-th case, so that there are not too many.
func thinned(cases []FitCase, most int) []FitCase {
	step := (len(cases) + most - 1) / most
	if step <= 1 {
		return cases
	}
	var out []FitCase
	for i := 0; i < len(cases); i += step {
		out = append(out, cases[i])
	}
	return out
}

// judge counts the errors of candidates on all cores.
func (s *search) judge(p *panel, list []candidate) error {
	seen := map[int]laid{}
	for _, c := range list {
		if _, known := seen[c.nth]; !known {
			seen[c.nth] = p.lay(c.shape)
		}
	}
	return s.each(len(list), func(i int) error {
		hours, err := calendar.New(list[i].week.definition(s.o.Zone, list[i].closed))
		if err == nil {
			err = p.prepare(hours)
		}
		if err == nil {
			_, list[i].errors = p.cuts(hours, seen[list[i].nth])
		}
		return err
	})
}

// each calls do for 0 to n-1 from some goroutines, and returns when all have ended.
func (s *search) each(n int, do func(int) error) error {
	var next atomic.Int64
	var wait sync.WaitGroup
	errs := make([]error, n)
	for range min(s.o.Workers, n) {
		wait.Go(func() {
			for {
				i := int(next.Add(1)) - 1
				if i >= n || s.ctx.Err() != nil {
					return
				}
				errs[i] = do(i)
			}
		})
	}
	wait.Wait()
	if err := s.ctx.Err(); err != nil {
		return err
	}
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}
