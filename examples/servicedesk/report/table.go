package report

import (
	"cmp"
	"maps"
	"slices"
	"strconv"
)

// grid is a table as both the terminal and the page show it.
type grid struct {
	Title string
	Heads []head
	Rows  [][]string
	More  string // what the table leaves out
}

type head struct {
	Name   string
	Number bool // aligned to the right
	Flex   bool // gives way when the terminal is too narrow
}

// mostRows is how many lines a ranking shows; the JSON has them all.
const mostRows = 12

// cut shortens a ranking to its first lines.
func (g grid) cut(what string) grid {
	if left := len(g.Rows) - mostRows; left > 1 {
		g.Rows, g.More = g.Rows[:mostRows], "and "+number(left)+" more "+what
	}
	return g
}

func finalStates(r *Report) grid {
	g := grid{Title: "Final states", Heads: []head{{Name: "State", Flex: true}, {Name: "Cases", Number: true}, {Name: "Share", Number: true}}}
	states := slices.SortedFunc(maps.Keys(r.FinalStates), func(x, y string) int {
		return cmp.Or(r.FinalStates[y]-r.FinalStates[x], cmp.Compare(x, y))
	})
	for _, s := range states {
		g.Rows = append(g.Rows, []string{label(s), number(r.FinalStates[s]), percent(r.FinalStates[s], r.Cases)})
	}
	return g
}

func priorities(r *Report) grid {
	g := grid{Title: "Priorities", Heads: []head{{Name: "Priority", Flex: true}, {Name: "Cases", Number: true}, {Name: "Share", Number: true},
		{Name: "Resolved", Number: true}, {Name: "Half within", Number: true}, {Name: "9 of 10 within", Number: true}}}
	for _, p := range r.Priorities {
		h := r.ResolvedHours.ByPriority[p.Name]
		g.Rows = append(g.Rows, append([]string{label(p.Name), number(p.Count), percent(p.Count, r.Cases)}, within(h)...))
	}
	if len(g.Rows) > 1 {
		g.Rows = append(g.Rows, append([]string{"All", number(r.Cases), "100 %"}, within(r.ResolvedHours.Percentiles)...))
	}
	return g
}

func within(p Percentiles) []string {
	if p.N == 0 {
		return []string{"0", "–", "–"}
	}
	return []string{number(p.N), p.P50.String(), p.P90.String()}
}

func categories(r *Report) grid {
	g := grid{Title: "Categories", Heads: []head{{Name: "Category", Flex: true}, {Name: "Cases", Number: true}, {Name: "Share", Number: true}}}
	for _, c := range r.Categories {
		g.Rows = append(g.Rows, []string{name(c.Name), number(c.Count), percent(c.Count, r.Cases)})
	}
	return g.cut("categories")
}

func groups(r *Report) grid {
	g := grid{Title: "Groups", Heads: []head{{Name: "Group", Flex: true}, {Name: "Cases", Number: true},
		{Name: "Resolved", Number: true}, {Name: "Passed on", Number: true}}}
	for _, x := range r.Groups {
		g.Rows = append(g.Rows, []string{name(x.Name), number(x.Cases), number(x.Resolved), number(x.ReassignedAway)})
	}
	return g.cut("groups")
}

func pairs(r *Report) grid {
	g := grid{Title: "To and fro between groups", Heads: []head{{Name: "Groups", Flex: true}, {Name: "Returns", Number: true}}}
	for _, p := range r.PingPong.Pairs {
		g.Rows = append(g.Rows, []string{name(p.A) + " ⇄ " + name(p.B), number(p.Returns)})
	}
	return g.cut("pairs")
}

func holds(r *Report) grid {
	g := grid{Title: "Waiting", Heads: []head{{Name: "Reason", Flex: true}, {Name: "Cases", Number: true}, {Name: "Waits", Number: true},
		{Name: "In total", Number: true}, {Name: "Half within", Number: true}, {Name: "9 of 10 within", Number: true}}}
	for _, h := range r.Holds {
		row := []string{label(h.Reason), number(h.Cases), number(h.Times), "–", "–", "–"}
		if h.Ended > 0 {
			row = append(row[:3], h.Total.String(), h.P50.String(), h.P90.String())
		}
		g.Rows = append(g.Rows, row)
	}
	return g
}

func refusals(r *Report) grid {
	g := grid{Title: "Refused by the lifecycle", Heads: []head{{Name: "In state", Flex: true}, {Name: "Wanted", Flex: true}, {Name: "Count", Number: true}}}
	for _, x := range r.Refused {
		g.Rows = append(g.Rows, []string{label(x.From), label(x.Wanted), number(x.Count)})
	}
	return g
}

func refusedRows(r *Report) grid {
	g := grid{Title: "Refused rows", Heads: []head{{Name: "Row", Number: true}, {Name: "Case"}, {Name: "In state"}, {Name: "Wanted"}, {Name: "Why", Flex: true}}}
	for _, x := range r.RefusedRows {
		g.Rows = append(g.Rows, []string{number(x.Row), name(x.Number), label(x.From), label(x.Wanted), name(x.Why)})
	}
	return g
}

func longestTable(r *Report, steps int) grid {
	g := grid{Title: "Longest cases", Heads: []head{{Name: "", Number: true}, {Name: "Number"}, {Name: "Took", Number: true}, {Name: "Title", Flex: true}, {Name: "Path", Flex: true}}}
	for i, c := range r.Longest {
		took := c.Hours.String()
		if c.Open {
			took += ", open"
		}
		g.Rows = append(g.Rows, []string{strconv.Itoa(i + 1), name(c.Number), took, name(c.Title), route(c.Path, steps)})
	}
	return g
}

func runCounts(r *Report) grid {
	refused := 0
	for _, x := range r.Refused {
		refused += x.Count
	}
	g := grid{Title: "The run", Heads: []head{{Name: "What"}, {Name: "Count", Number: true}}}
	if r.Rows > 0 {
		g.Rows = [][]string{{"Rows read", number(r.Rows)}, {"Rows without a change", number(r.Unchanged)},
			{"Rows put in order", number(r.Reordered)}}
	}
	if r.Rows+refused > 0 {
		g.Rows = append(g.Rows, []string{"Refused by the lifecycle", number(refused)})
	}
	g.Rows = append(g.Rows, []string{"Actions carried out", number(r.Actions)}, []string{"Events stored", number(r.Events)})
	return g
}

// figure is one of the numbers at the top of a report.
type figure struct{ Name, Value, Note string }

func figures(r *Report) []figure {
	reassigned := r.Cases
	for _, f := range r.Reassignments {
		if f.Times == 0 {
			reassigned -= f.Cases
		}
	}
	median, note := "–", "no case is resolved"
	if h := r.ResolvedHours; h.N > 0 {
		median, note = h.P50.String(), "9 of 10: "+h.P90.String()
	}
	last := "all done"
	if r.Open > 0 {
		last = number(r.Open) + " open at the end"
	}
	list := []figure{
		{"Cases", number(r.Cases), last},
		{"Half resolved within", median, note},
		{"Reopened", percent(r.ReopenedCases, r.Cases), plural(r.ReopenedCases, "case")},
		{"First contact", percent(r.FirstContact, r.Cases), plural(r.FirstContact, "case")},
		{"Reassigned", percent(reassigned, r.Cases), plural(reassigned, "case")},
		{"Back to a group", percent(r.PingPong.Cases, r.Cases), plural(r.PingPong.Returns, "return")},
	}
	return append(list, r.Levels.figures()...)
}
