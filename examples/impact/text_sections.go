package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/itsmkit/itsm/money"
)

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
		if len(c.Points) == 0 {
			s.line("\n  %s has no single point of failure.", c.Name)
			continue
		}
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
