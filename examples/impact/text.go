package main

import (
	"bytes"
	"fmt"
	"io"
	"strings"

	"github.com/itsmkit/itsm/asset/cmdb"
)

// text writes the report for people, at most 80 columns wide.
func text(w io.Writer, r *Report) error {
	s := &sheet{}
	s.line("%s fails: what is hit, and why", r.Failed.Name)
	s.line("")
	s.wrap("  ", summary(r))
	s.services(r)
	s.paths(r)
	s.promises(r)
	s.estate(r)
	s.diagnosis(r.Diagnosis)
	s.repair(r)
	s.expected(r)
	s.window(r)
	s.suppliers(r)
	_, err := w.Write(s.Bytes())
	return err
}

// summary says the most important in a few sentences: what is down first.
func summary(r *Report) string {
	f := r.Failed
	var down []string
	var risk, soft int
	for _, h := range r.Services {
		switch h.State {
		case cmdb.Down:
			down = append(down, h.Name)
		case cmdb.AtRisk:
			risk++
		case cmdb.Degraded:
			soft++
		}
	}
	place := ""
	if f.Place != "" {
		place = " in " + f.Place
	}
	how := "of its class the one that does most harm"
	if f.Chosen {
		how = "chosen with -fail"
	}
	names := ""
	if len(down) > 0 {
		names = fmt.Sprintf(" (%s)", some(down, 8))
	}
	return fmt.Sprintf("Of %d services %d are down%s, %d at risk, %d degraded and %d as before. The %s %s%s (%s) takes %d of %d items and records down with it and weakens %d more.",
		len(r.Services)+r.Untouched, len(down), names, risk, soft, r.Untouched, classOf(f.Class).one, f.Name, place, how, f.Down-1, r.Items+r.Records, f.Reached-f.Down)
}

// sheet is the text so far.
type sheet struct{ bytes.Buffer }

func (s *sheet) line(format string, values ...any) {
	s.WriteString(strings.TrimRight(fmt.Sprintf(format, values...), " ") + "\n")
}

func (s *sheet) title(format string, values ...any) {
	text := fmt.Sprintf(format, values...)
	s.line("\n%s\n%s", text, strings.Repeat("-", len([]rune(text))))
}

const width = 80

// wrap writes a long text in lines that begin with the indent.
func (s *sheet) wrap(indent, text string) {
	row := ""
	for word := range strings.FieldsSeq(text) {
		if row != "" && len([]rune(indent+row+" "+word)) > width {
			s.line("%s%s", indent, row)
			row = ""
		}
		if row != "" {
			row += " "
		}
		row += word
	}
	s.line("%s%s", indent, row)
}

func (s *sheet) estate(r *Report) {
	s.title("The estate: %d items, %d other records, %d relations", r.Items, r.Records, r.Relations)
	s.line("  %-26s %8s %8s %10s %10s", "", "items", "down", "at risk", "degraded")
	for _, t := range r.Classes {
		s.line("  %-26s %8d %8s %10s %10s", t.Label, t.Items, dash(t.Down), dash(t.AtRisk), dash(t.Degraded))
	}
	s.line("  Whether items are at risk is asked of services only.")
}

func dash(n int) string {
	if n == 0 {
		return "-"
	}
	return fmt.Sprint(n)
}

func (s *sheet) services(r *Report) {
	s.title("Services")
	if len(r.Services) == 0 {
		s.line("  None is hit.")
		return
	}
	s.line("  %-18s %-7s %-8s %s", "", "matters", "state", "why")
	var rest []string
	for _, h := range r.Services {
		if h.State != cmdb.Down && len(h.Next) == 0 {
			rest = append(rest, h.Name)
			continue
		}
		s.line("  %-18s %-7s %-8s %s", h.Name, h.Criticality, stateWords(h.State), clip(reason(h), 42))
		if len(h.Next) > 0 {
			s.line("  %-35s must not fail: %s", "", clip(some(h.Next, 1), 27))
		}
	}
	if len(rest) > 0 {
		s.wrap("  ", fmt.Sprintf("Weakened, but with no single point of failure that they did not have before: %s.", strings.Join(rest, ", ")))
	}
}

// reason says in a few words why a service is in its state: what of the ground that it stands on failed, or where the
// failure was borne.
func reason(h Hit) string {
	for i, hop := range h.Why {
		switch {
		case h.State != cmdb.Down && hop.State != cmdb.Down:
			return hop.Name + ": " + brief(hop.Words)
		case h.State == cmdb.Down && (i == len(h.Why)-1 || isSoftware(h.Why[i+1].Class)):
			return hop.Name + ": " + brief(hop.Words)
		}
	}
	return "fails"
}

// isSoftware tells whether items of a class run on others.
func isSoftware(class string) bool {
	return class == "virtual_machine" || class == "application" || class == "database" || class == "service"
}

// paths writes the tree of the paths to the services that are down.
func (s *sheet) paths(r *Report) {
	if len(r.tree.children) == 0 {
		return
	}
	s.title("The paths to the services that are down")
	s.branch(r.tree, 1)
}

func (s *sheet) branch(b *branch, depth int) {
	name := strings.Repeat(" ", 2*depth) + b.Name
	if b.Class == "service" {
		name += " ***"
	}
	s.line("%-40s %s", name, b.Words)
	for _, c := range b.children {
		s.branch(c, depth+1)
	}
}

// clip shortens a text to a number of characters.
func clip(text string, most int) string {
	if r := []rune(text); len(r) > most {
		return strings.TrimRight(string(r[:most-1]), " ,") + "…"
	}
	return text
}
