package report

import "fmt"

// levels writes the part about service levels.
func (t *sheet) levels(r *Report) {
	l := r.Levels
	t.section("Service levels", len(l.Promises))
	t.say(fmt.Sprintf("%s; months in %s.", name(l.Terms), name(l.Zone)))
	if r.MadeSLA != nil {
		t.say(r.MadeSLA.made())
	}
	t.line("")
	t.grid(promisesTable(l))
	for _, g := range monthTables(l) {
		t.titled(g)
	}
	if len(l.Misses) > 0 {
		t.head("Worst misses")
		for i, m := range l.Misses {
			t.miss(i+1, m)
		}
	}
	t.titled(escalationTable(l))
	t.titled(reactionTable(l))
	if len(l.WhatIf) > 0 {
		t.titled(whatIfTable(l))
		for _, a := range l.WhatIf {
			t.line("")
			t.say(a.sum())
			for _, e := range a.Examples {
				t.line(fmt.Sprintf("    %s  %s → %s", fit(name(e.Number), 20), dash(e.Was), dash(e.Is)))
				t.quiet(e.Why, 6)
			}
		}
	}
	if l.Fit != nil {
		t.head("Terms fitted to the log’s own verdicts")
		t.say(l.Fit.rule(l.Zone))
		for _, s := range l.Fit.sums() {
			t.say(s)
		}
		t.grid(fitTable(l.Fit))
		t.titled(rivalTable(l.Fit))
	}
}

// head begins a part within a section.
func (t *sheet) head(title string) {
	t.line("")
	t.line("  " + t.paint(bold, fit(clean(title), pageWidth-2)))
}

// titled writes a table with its title, if there is anything in it.
func (t *sheet) titled(g grid) {
	if len(g.Rows) > 0 {
		t.head(g.Title)
		t.grid(g)
	}
}

// say writes a sentence.
func (t *sheet) say(s string) {
	for _, l := range wrap(s, pageWidth-4) {
		t.line("  " + l)
	}
}

// quiet writes a sentence that stands behind, indented.
func (t *sheet) quiet(s string, indent int) {
	for _, l := range wrap(clean(s), pageWidth-indent-2) {
		t.line(t.paint(faint, pad("", indent, false)+l))
	}
}

// miss writes the account of a clock, without its middle if it is long.
func (t *sheet) miss(n int, m Miss) {
	t.line(fmt.Sprintf("  %2d  %s  %s", n, t.paint(bold, fit(name(m.Number), 14)), fit(name(m.Title), pageWidth-26)))
	t.quiet(m.sum(), 6)
	const most = 8
	for i, s := range m.Account {
		if left := len(m.Account) - most; left > 1 && i >= most/2 && i < most/2+left {
			if i == most/2 {
				t.line(t.paint(faint, fmt.Sprintf("      … %d more …", left)))
			}
			continue
		}
		t.line(t.paint(faint, fit(fmt.Sprintf("      %s  %s  %s", stamp(s.From), stamp(s.To), s.why()), pageWidth)))
	}
	if held := m.held(); held != "" {
		t.quiet("With "+held+".", 6)
	}
}
