package main

import (
	"bytes"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/itsmkit/itsm/asset/cmdb"
	"github.com/itsmkit/itsm/money"
)

// text writes the report for people, at most 80 columns wide.
func text(w io.Writer, r *Report) error {
	s := &sheet{}
	s.line("%s fails: what is hit, and why", r.Failed.Name)
	s.line("")
	s.wrap("  ", summary(r))
	s.estate(r)
	s.services(r)
	s.paths(r)
	s.promises(r)
	s.diagnosis(r.Diagnosis)
	s.repair(r)
	s.expected(r)
	s.window(r)
	s.suppliers(r)
	_, err := w.Write(s.Bytes())
	return err
}

// summary says the most important in a few sentences.
func summary(r *Report) string {
	f := r.Failed
	var down, risk, soft int
	for _, h := range r.Services {
		switch h.State {
		case cmdb.Down:
			down++
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
	return fmt.Sprintf("The %s %s%s (%s) takes %d of %d items and records down with it and weakens %d more. Of %d services %d are down, %d at risk, %d degraded and %d as before.",
		classOf(f.Class).one, f.Name, place, how, f.Down-1, r.Items+r.Records, f.Reached-f.Down, len(r.Services)+r.Untouched, down, risk, soft, r.Untouched)
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
			s.line("  %-35s must not fail now: %s", "", some(h.Next, 1))
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

func (s *sheet) promises(r *Report) {
	if len(r.Customers) == 0 {
		return
	}
	s.title("Whom it concerns")
	s.line("  %-24s %9s %6s %8s", "", "services", "down", "at risk")
	for _, p := range append(slices.Clone(r.Promises), r.Customers...) {
		name := p.Name
		if p.Terms != "" {
			name += " (" + p.Terms + ")"
		}
		s.line("  %-24s %9d %6d %8s  %s", name, p.Services, len(p.Down), dash(p.AtRisk), clip(strings.Join(p.Down, ", "), 26))
	}
}

// clip shortens a text to a number of characters.
func clip(text string, most int) string {
	if r := []rune(text); len(r) > most {
		return strings.TrimRight(string(r[:most-1]), " ,") + "…"
	}
	return text
}

func (s *sheet) diagnosis(d *Diagnosis) {
	if d == nil {
		return
	}
	s.title("If one did not know: what could be behind it")
	s.wrap("  ", "Known to work: "+strings.Join(d.Up, ", ")+".")
	s.line("  %-30s %16s %22s", "a call says", "explain it all", "place of the true one")
	for _, x := range d.Rounds {
		s.line("  %d. %-27s %16d %22d", x.Known, x.Last+" is down", x.Suspects, x.Place)
	}
	s.line("\n  %-26s %9s %12s %16s", "after the last call", "explains", "contradicts", "and brings down")
	for i, c := range d.Causes {
		mark := ""
		if c.True {
			mark = "  <- it is"
		}
		s.line("  %d. %-23s %9d %12d %16d%s", i+1, c.Name, c.Explains, c.Contradicts, c.Others, mark)
	}
}

func (s *sheet) repair(r *Report) {
	s.title("What must not fail, and what second cables would change")
	if len(r.Repair.Links) == 0 {
		s.line("  Every access switch has two uplinks.")
	} else {
		s.wrap("  ", fmt.Sprintf("%d access switches have one uplink. What if they had a second one: %s?", len(r.Repair.Links), some(r.Repair.cables(), 3)))
		s.line("  Services that one distribution switch can bring down: %d, then %d.", r.Repair.Before, r.Repair.After)
	}
	for _, c := range r.Critical {
		s.line("\n  %s has %d single points of failure:", c.Name, len(c.Points))
		s.wrap("    ", strings.Join(c.Points, ", "))
		gone := "none of them goes"
		if len(c.Gone) > 0 {
			gone = strings.Join(c.Gone, ", ") + " would be none any longer"
		}
		s.wrap("    ", "With the second cables "+gone+".")
	}
}

// cables writes the links as "from to to".
func (p Repair) cables() []string {
	var out []string
	for _, l := range p.Links {
		out = append(out, l.From+" to "+l.To)
	}
	return out
}

func (s *sheet) expected(r *Report) {
	s.title("Expected availability")
	s.line("  %-20s %-28s %-28s", "", "as it is", "with second cables")
	for _, c := range r.Critical {
		s.line("  %-20s %-28s %-28s", c.Name, c.Before.percent(), c.After.percent())
		s.line("  %-20s %-28s %-28s", "  hours down a year", c.Before.hours(), c.After.hours())
	}
	s.line("\n  Assumed of each item by itself, in hours:")
	s.line("  %-19s %8s %7s   %-19s %8s %7s", "", "between", "repair", "", "between", "repair")
	half := (len(r.Figures) + 1) / 2
	for i, f := range r.Figures[:half] {
		row := fmt.Sprintf("  %-19s %8.0f %7.0f", f.Label, f.Between, f.Repair)
		if i+half < len(r.Figures) {
			g := r.Figures[i+half]
			row += fmt.Sprintf("   %-19s %8.0f %7.0f", g.Label, g.Between, g.Repair)
		}
		s.line("%s", row)
	}
}

// percent writes an availability, or its bounds.
func (x Expected) percent() string {
	return bounds(fmt.Sprintf("%.4f", 100*x.Low), fmt.Sprintf("%.4f", 100*x.High)) + " %"
}

// hours writes what the availability leaves of a year of 8,760 hours.
func (x Expected) hours() string {
	const year = 8760
	return bounds(fmt.Sprintf("%.1f", year*(1-x.High)), fmt.Sprintf("%.1f", year*(1-x.Low)))
}

// bounds writes two figures, or one where they look the same.
func bounds(low, high string) string {
	if low == high {
		return low
	}
	return low + " to " + high
}

func (s *sheet) window(r *Report) {
	s.title("If it were taken out for a planned change")
	row := func(what string, c Counts) {
		s.line("  %-36s %4s down, %3s at risk, %3s degraded", what, dash(c.Down), dash(c.AtRisk), dash(c.Degraded))
	}
	row("as it is: the same as its failure", r.Window.AsIs)
	row("after the second cables were laid", r.Window.Repaired)
	if len(r.Window.Watch) > 0 {
		s.wrap("  ", "With them, these must not fail meanwhile, for the sake of the critical services: "+some(r.Window.Watch, 12)+".")
	}
}

// some joins the first of some names.
func some(names []string, most int) string {
	if len(names) <= most {
		return strings.Join(names, ", ")
	}
	return fmt.Sprintf("%s and %d more", strings.Join(names[:most], ", "), len(names)-most)
}

func (s *sheet) suppliers(r *Report) {
	s.title("What falls with a supplier")
	s.line("  %-10s %-26s %12s %9s", "", "delivers", "EUR a year", "services")
	for _, x := range r.Suppliers.Suppliers {
		s.line("  %-10s %-26s %12s %9s", x.Name, clip(strings.Join(x.Delivers, ", "), 26), euros(x.Annual), dash(len(x.Services)))
		if len(x.Services) > 0 {
			s.wrap("    ", some(x.Services, 6))
		}
	}
	s.line("  Concentration of the yearly cost (Herfindahl-Hirschman index): %d", r.Suppliers.Index)
}

// euros is an amount in whole euros: 310,000.
func euros(a money.Amount) string {
	return strings.TrimSuffix(money.Style{Group: ","}.Format(a), ".00 EUR")
}
