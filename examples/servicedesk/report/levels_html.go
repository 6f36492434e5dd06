package report

import (
	"fmt"
	"html/template"
	"slices"
)

// pageLevels is the part of the page about service levels.
type pageLevels struct {
	Terms, Made           string
	Chart                 template.HTML
	Lines                 []pageLine
	Promises, Escalations grid
	Reactions             grid
	Months                []grid
	Misses                []pageMiss
	WhatIf                *grid
	Alternatives          []pageAlternative
	Fit                   *pageFit
}

type pageLine struct{ Class, Title string }

type pageMiss struct {
	Number, Title, Sum, Held string
	Account                  grid
}

type pageAlternative struct {
	Sum      string
	Examples grid
}

type pageFit struct {
	Rule            string
	Sums            []string
	Amounts, Rivals grid
}

func newPageLevels(r *Report) *pageLevels {
	l := r.Levels
	p := &pageLevels{Terms: fmt.Sprintf("%s; months in %s.", name(l.Terms), name(l.Zone)), Promises: promisesTable(l), Months: monthTables(l),
		Escalations: escalationTable(l), Reactions: reactionTable(l)}
	p.Chart, p.Lines = levelChart(l)
	if r.MadeSLA != nil {
		p.Made = r.MadeSLA.made()
	}
	for _, m := range l.Misses {
		p.Misses = append(p.Misses, newPageMiss(m))
	}
	if len(l.WhatIf) > 0 {
		g := whatIfTable(l)
		p.WhatIf = &g
	}
	for _, a := range l.WhatIf {
		p.Alternatives = append(p.Alternatives, pageAlternative{a.sum(), exampleTable(a)})
	}
	if f := l.Fit; f != nil {
		p.Fit = &pageFit{f.rule(l.Zone), f.sums(), fitTable(f), rivalTable(f)}
	}
	return p
}

func newPageMiss(m Miss) pageMiss {
	p := pageMiss{Number: name(m.Number), Title: name(m.Title), Held: m.held(),
		Sum:     m.sum(),
		Account: grid{Title: "Account of " + name(m.Number), Heads: []head{{Name: "From"}, {Name: "To"}, {Name: "What", Flex: true}}}}
	for _, s := range m.Account {
		p.Account.Rows = append(p.Account.Rows, []string{stamp(s.From), stamp(s.To), s.why()})
	}
	p.Account = p.Account.cut("stretches")
	return p
}

// levelChart draws what was attained by month, a line for each of the first four targets of customers.
func levelChart(l *Levels) (template.HTML, []pageLine) {
	var months []string
	for _, a := range l.Attainment {
		if a.Type == "sla" && a.Counted() > 0 && !slices.Contains(months, a.Month) {
			months = append(months, a.Month)
		}
	}
	if len(months) < 2 {
		return "", nil // a table says it all
	}
	months = months[max(len(months)-mostMonths, 0):]
	const left, right, top, high, foot = axisLeft, 12.0, 14.0, 200.0, 44.0
	c := newCanvas(fullChart, top+high+foot, "Attained by month", fmt.Sprintf("share of clocks that were met, by month from %s to %s", months[0], months[len(months)-1]))
	y := c.axisY(fullChart-right, top, top+high, []float64{0, 20, 40, 60, 80, 100}, "met, in %")
	width := (fullChart - left - right) / float64(len(months))
	for i, m := range months {
		if i%(1+len(months)/17) == 0 { // as many as there is room for
			c.text(left+(float64(i)+0.5)*width, top+high+18, "middle", "tick", clean(m))
		}
	}
	var lines []pageLine
	for _, p := range l.Promises {
		if p.Type != "sla" || len(lines) == 4 {
			continue
		}
		class := fmt.Sprintf("level-%d", len(lines)+1)
		lines = append(lines, pageLine{class, name(p.Title)})
		var points []point
		for i, m := range months {
			k := p.in(l, m)
			if k.Counted() == 0 {
				continue
			}
			at := point{left + (float64(i)+0.5)*width, y(0) - float64(k.Share)*(y(0)-y(100))}
			points = append(points, at)
			c.rect(at.x-4, at.y-4, 8, 8, class+"-dot", fmt.Sprintf("%s, %s: %s of %s met, %s", name(p.Title), m, number(k.Met), number(k.Counted()), k.share()))
		}
		c.path(track(points), 0, class, "")
	}
	return c.done(), lines
}

// in adds up what was kept of a promise in a month.
func (p Promise) in(l *Levels, month string) Kept {
	var k Kept
	for _, a := range l.Attainment {
		if a.Month == month && a.Agreement == p.Agreement && a.Target == p.Target && a.Type == p.Type {
			k = NewKept(k.Met+a.Met, k.Missed+a.Missed, k.Breached+a.Breached, k.Pending+a.Pending)
		}
	}
	return k
}
