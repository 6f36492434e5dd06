package report

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// mostMonths is how many months a table shows, the last ones; the JSON has them all.
const mostMonths = 24

// share writes how much was kept with one decimal, "–" where nothing counts. Only all is 100 %, and only nothing 0 %.
func (k Kept) share() string {
	n := k.Counted()
	if n == 0 || k.Met == 0 || k.Met == n {
		return percent(k.Met, n)
	}
	return fmt.Sprintf("%.1f %%", min(max(100*float64(k.Met)/float64(n), 0.1), 99.9))
}

// figures are how the first two targets of customers were kept.
func (l *Levels) figures() []figure {
	var out []figure
	for i := 0; l != nil && i < len(l.Promises) && len(out) < 2; i++ {
		if p := l.Promises[i]; p.Type == "sla" {
			out = append(out, figure{fit(name(p.Title), 24), p.share(), number(p.Missed+p.Breached) + " missed"})
		}
	}
	return out
}

// promisesTable lists the targets of the agreements in use.
func promisesTable(l *Levels) grid {
	g := grid{Title: "Targets", Heads: []head{{Name: "Target", Flex: true}, {Name: "Met", Number: true}, {Name: "Missed", Number: true},
		{Name: "Going on", Number: true}, {Name: "Attained", Number: true}, {Name: "Goal", Number: true}}}
	several := slices.ContainsFunc(l.Promises, func(p Promise) bool { return p.Agreement != l.Promises[0].Agreement })
	for _, p := range l.Promises {
		title, goal := name(p.Title), "–"
		if several {
			title += " · " + name(p.Agreement) + ", " + strings.ToUpper(clean(p.Type))
		}
		if p.Goal > 0 {
			goal = percent(int(p.Goal*10_000+0.5), 10_000)
		}
		g.Rows = append(g.Rows, []string{title, number(p.Met), number(p.Missed + p.Breached), number(p.Pending), p.share(), goal})
	}
	return g
}

// monthTables show what was attained by month and priority, a table for each target that customers were promised.
func monthTables(l *Levels) []grid {
	var out []grid
	for _, p := range l.Promises {
		if p.Type == "sla" {
			if g := monthTable(l, p); len(g.Rows) > 0 {
				out = append(out, g)
			}
		}
	}
	return out
}

func monthTable(l *Levels, p Promise) grid {
	type cell struct{ month, priority string }
	counts := map[cell]Kept{}
	var months, priorities []string
	for _, a := range l.Attainment {
		if a.Agreement != p.Agreement || a.Target != p.Target || a.Type != p.Type || a.Counted() == 0 {
			continue
		}
		for _, c := range []cell{{a.Month, a.Priority}, {a.Month, "all"}, {"All", a.Priority}, {"All", "all"}} {
			k := counts[c]
			counts[c] = NewKept(k.Met+a.Met, k.Missed+a.Missed, k.Breached+a.Breached, k.Pending+a.Pending)
		}
		if !slices.Contains(months, a.Month) {
			months = append(months, a.Month)
		}
		if !slices.Contains(priorities, a.Priority) {
			priorities = append(priorities, a.Priority)
		}
	}
	slices.Sort(priorities)
	g := grid{Title: p.Title + ": attained by month and priority", Heads: []head{{Name: "Month"}, {Name: "Clocks", Number: true}, {Name: "Missed", Number: true}, {Name: "All", Number: true}}}
	for _, x := range priorities {
		g.Heads = append(g.Heads, head{Name: label(x), Number: true})
	}
	if left := len(months) - mostMonths; left > 1 {
		months, g.More = months[left:], "and "+number(left)+" months before"
	}
	if len(months) > 1 {
		months = append(months, "All")
	}
	for _, m := range months {
		all := counts[cell{m, "all"}]
		row := []string{clean(m), number(all.Counted()), number(all.Missed + all.Breached), all.share()}
		for _, x := range priorities {
			row = append(row, counts[cell{m, x}].share())
		}
		g.Rows = append(g.Rows, row)
	}
	return g
}

// sum says in one line what was missed.
func (m Miss) sum() string {
	return fmt.Sprintf("%s, %s: %s of %s, due %s", name(m.Target), label(m.Priority), m.Elapsed, m.Amount, stamp(m.Due))
}

// why says what a stretch of an account was.
func (s Stretch) why() string {
	switch s.Why {
	case "worked":
		text := s.Counted.String() + " counted"
		switch {
		case s.Counted == 0:
			return "closed"
		case s.Closed == 1:
			text += ", closed once"
		case s.Closed > 1:
			text += ", closed " + number(s.Closed) + " times"
		}
		return text
	case "waiting":
		if s.By != "" {
			return "waiting, by " + name(s.By)
		}
	case "stopped":
		return "decided, until it was taken up again"
	case "restarted":
		return "counted no longer: the clock began anew"
	}
	return strings.ToLower(label(s.Why))
}

// held says who had the case for how much of the time.
func (m Miss) held() string {
	const most = 4
	var parts []string
	for i, h := range m.Holders {
		if left := len(m.Holders) - most; i == most && left > 1 {
			parts = append(parts, fmt.Sprintf("%d more", left))
			break
		}
		if h.Elapsed > 0 {
			parts = append(parts, cmp.Or(clean(h.Group), "nobody")+" "+h.Elapsed.String())
		}
	}
	return strings.Join(parts, ", ")
}

// escalationTable lists what would have been done, and how often.
func escalationTable(l *Levels) grid {
	g := grid{Title: "Escalations that would have fired", Heads: []head{{Name: "Target"}, {Name: "Threshold"}, {Name: "Times", Number: true}, {Name: "Then", Flex: true}}}
	last := ""
	for _, e := range l.Escalations {
		then := make([]string, len(e.Do))
		for i, do := range e.Do {
			then[i] = do.String()
		}
		target := name(e.Target)
		if of := e.Agreement + "/" + e.Target; of == last {
			target = ""
		} else {
			last = of
		}
		g.Rows = append(g.Rows, []string{fit(target, 24), fit(name(e.Threshold)+", "+clean(e.At), 24), number(e.Crossed), cmp.Or(strings.Join(then, ", "), "–")})
	}
	return g
}

// reactionTable adds the escalations up by what would have been done.
func reactionTable(l *Levels) grid {
	counts := map[string]int{}
	for _, e := range l.Escalations {
		for _, do := range e.Do {
			counts[do.String()] += e.Crossed
		}
	}
	g := grid{Title: "What they would have done", Heads: []head{{Name: "What"}, {Name: "Times", Number: true}}}
	for _, t := range tallies(counts) {
		g.Rows = append(g.Rows, []string{t.Name, number(t.Count)})
	}
	return g
}

// String returns what to do: "notify group lead".
func (r Reaction) String() string {
	words := map[string]string{"raise": "raise priority", "reassign": "give it to"}
	return strings.TrimSpace(cmp.Or(words[r.Do], clean(r.Do)) + " " + strings.ReplaceAll(clean(cmp.Or(r.To, r.Text)), "_", " "))
}

// whatIfTable compares alternatives with the terms in use.
func whatIfTable(l *Levels) grid {
	g := grid{Title: "What if", Heads: []head{{Name: "Terms", Flex: true}, {Name: "Target", Flex: true}, {Name: "Met", Number: true}, {Name: "Missed", Number: true}, {Name: "Attained", Number: true}}}
	add := func(terms string, promises []Promise) {
		for i, p := range promises {
			if i > 0 {
				terms = ""
			}
			g.Rows = append(g.Rows, []string{clean(terms), name(p.Title), number(p.Met), number(p.Missed + p.Breached), p.share()})
		}
	}
	add(l.Terms+" (in use)", l.Promises)
	for _, a := range l.WhatIf {
		add(a.Name, a.Promises)
	}
	return g
}

// sum says how many verdicts an alternative changes.
func (a Alternative) sum() string {
	if a.Changed() == 0 {
		return fmt.Sprintf("%s: none of %s would have another verdict.", name(a.Name), plural(a.Judged, "case"))
	}
	s := fmt.Sprintf("%s: %s of %s cases would have another verdict: %s met instead of missed, %s missed instead of met",
		name(a.Name), number(a.Changed()), number(a.Judged), number(a.Better), number(a.Worse))
	if a.Other > 0 {
		s += ", " + number(a.Other) + " with a verdict under one of the terms alone"
	}
	return s + "."
}

// exampleTable lists cases whose verdict changes.
func exampleTable(a Alternative) grid {
	g := grid{Title: "Cases with another verdict under " + name(a.Name), Heads: []head{{Name: "Case"}, {Name: "In use"}, {Name: "Then"}, {Name: "Why", Flex: true}}}
	for _, e := range a.Examples {
		g.Rows = append(g.Rows, []string{name(e.Number), cmp.Or(clean(e.Was), "–"), cmp.Or(clean(e.Is), "–"), name(e.Why)})
	}
	return g
}
