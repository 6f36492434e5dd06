package report

import (
	"bytes"
	"fmt"
	"io"
	"strings"
)

// pageWidth is how many columns the text report takes at most.
const pageWidth = 80

// Text writes the report for a terminal, in plain text at most 80 columns wide.
func Text(w io.Writer, r *Report) error { return writeText(w, r, false) }

// ColourText writes what [Text] writes, with ANSI colours.
func ColourText(w io.Writer, r *Report) error { return writeText(w, r, true) }

func writeText(w io.Writer, r *Report, colour bool) error {
	t := &sheet{colour: colour}
	t.line(t.paint(bold, fit(heading(r), pageWidth)))
	t.line(t.paint(faint, fit(subtitle(r), pageWidth)))
	t.line("")
	for _, f := range figures(r) {
		t.line("  " + pad(f.Name, 26, false) + t.paint(bold, pad(f.Value, 12, true)) + "  " + t.paint(faint, f.Note))
	}
	t.volumes(r)
	t.section("Time to resolve by priority", len(r.Priorities))
	t.grid(priorities(r))
	t.arrivals(r)
	t.lifecycle(r)
	t.reassignments(r)
	for _, g := range []grid{holds(r), groups(r), pairs(r), categories(r)} {
		t.section(g.Title, len(g.Rows))
		t.grid(g)
	}
	if r.Levels != nil {
		t.levels(r)
	}
	t.longest(r)
	if r.History != nil {
		t.history(r.History)
	}
	t.section("The run", 1)
	t.grid(runCounts(r))
	if len(r.Refused) > 0 {
		t.line("")
		t.grid(refusals(r))
	}
	if len(r.RefusedRows) > 0 {
		t.line("")
		t.grid(refusedRows(r))
	}
	_, err := w.Write(t.b.Bytes())
	return err
}

func heading(r *Report) string {
	if clean(r.Title) == "" {
		return "Service desk"
	}
	return clean(r.Title)
}

func subtitle(r *Report) string {
	if r.Source == "" {
		return period(r.Period)
	}
	return name(r.Source) + " · " + period(r.Period)
}

// sheet is the text report while it is written.
type sheet struct {
	b      bytes.Buffer
	colour bool
}

// The ANSI codes that the report uses.
const (
	bold  = "1"
	faint = "2"
	blue  = "34"
	amber = "33"
)

func (t *sheet) paint(code, s string) string {
	if !t.colour || strings.TrimSpace(s) == "" {
		return s
	}
	return "\x1b[" + code + "m" + s + "\x1b[0m"
}

func (t *sheet) line(s string) {
	t.b.WriteString(strings.TrimRight(s, " "))
	t.b.WriteByte('\n')
}

// section begins a part of the report; without content it says so.
func (t *sheet) section(title string, content int) {
	t.line("")
	t.line(t.paint(bold, title) + " " + t.paint(faint, strings.Repeat("─", pageWidth-1-columns(title))))
	if content == 0 {
		t.line("  nothing to show")
	}
}

// grid writes a table. Columns that may give way share what the others leave.
func (t *sheet) grid(g grid) {
	if len(g.Rows) == 0 {
		return
	}
	const gap = 2
	widths := make([]int, len(g.Heads))
	total, flex := 0, 0
	for i, h := range g.Heads {
		widths[i] = columns(h.Name)
		for _, row := range g.Rows {
			widths[i] = max(widths[i], columns(row[i]))
		}
		total += gap + widths[i]
		if h.Flex {
			flex++
		}
	}
	for i, h := range g.Heads {
		if over := total - pageWidth; h.Flex && over > 0 {
			less := min((over+flex-1)/flex, max(widths[i]-12, 0))
			widths[i], total, flex = widths[i]-less, total-less, flex-1
		}
	}
	write := func(code string, cell func(i int) string) {
		line := ""
		for i, h := range g.Heads {
			line += "  " + pad(fit(cell(i), widths[i]), widths[i], h.Number)
		}
		t.line(t.paint(code, strings.TrimRight(line, " ")))
	}
	write(faint, func(i int) string { return g.Heads[i].Name })
	for _, row := range g.Rows {
		line := ""
		for i, h := range g.Heads {
			line += "  " + pad(fit(row[i], widths[i]), widths[i], h.Number)
		}
		t.line(line)
	}
	if g.More != "" {
		t.line("  " + t.paint(faint, g.More))
	}
}

func (t *sheet) longest(r *Report) {
	t.section("Longest cases", len(r.Longest))
	g := longestTable(r, 8)
	for _, row := range g.Rows {
		t.line(fmt.Sprintf("  %s  %s  %s  %s", pad(row[0], 2, true), pad(fit(row[1], 14), 14, false),
			t.paint(bold, pad(row[2], 12, true)), fit(row[3], pageWidth-36)))
		if row[4] == "" {
			continue
		}
		for _, l := range wrap(row[4], pageWidth-6) {
			t.line("      " + t.paint(faint, l))
		}
	}
}

func (t *sheet) history(h *History) {
	t.section("History of "+fit(name(h.Number), 40), len(h.Events))
	t.line("  " + fit(name(h.Title), pageWidth-2))
	for _, e := range h.Events {
		move := label(e.To)
		if e.From != e.To && e.From != "" {
			move = label(e.From) + " → " + move
		}
		t.line(fit(fmt.Sprintf("  %s  %s  %s  %s", stamp(e.Time), pad(fit(label(e.Action), 17), 17, false),
			pad(fit(move, 23), 23, false), name(e.Actor)), pageWidth))
		if e.Note != "" {
			for _, l := range wrap(clean(e.Note), pageWidth-22) {
				t.line("                    “" + l + "”")
			}
		}
		for _, c := range e.Changes {
			t.line(t.paint(faint, fit("                    "+clean(c.Field)+": "+change(c), pageWidth)))
		}
	}
}

// change shows what a field became and, if there was something before, what it was.
func change(c Change) string {
	if c.Old == "" {
		return dash(c.New)
	}
	return clean(c.Old) + " → " + dash(c.New)
}

// dash shows an absent value.
func dash(s string) string {
	if s == "" {
		return "–"
	}
	return clean(s)
}
