package main

import (
	"fmt"
	"strings"
)

func promised(r *Report) section {
	s := section{Title: "Whom it concerns"}
	rows := func(list []Promise) (out [][]string) {
		for _, p := range list {
			out = append(out, []string{p.Name, p.Terms, fmt.Sprint(p.Services), fmt.Sprint(len(p.Down)), dash(p.AtRisk), strings.Join(p.Down, ", ")})
		}
		return out
	}
	if len(r.Promises) > 0 {
		s.Tables = append(s.Tables, table{"Agreements", []string{"Agreement", "Promises", "#Services", "#Down", "#At risk", "Down"}, rows(r.Promises)})
	}
	if len(r.Customers) > 0 {
		t := table{"Customers", []string{"Customer", "#Services", "#Down", "#At risk", "Down"}, nil}
		for _, row := range rows(r.Customers) {
			t.Rows = append(t.Rows, append(row[:1:1], row[2:]...))
		}
		s.Tables = append(s.Tables, t)
	}
	return s
}

func diagnosed(r *Report) section {
	s := section{Title: "If one did not know: what could be behind it"}
	d := r.Diagnosis
	if d == nil {
		return s
	}
	s.Words = []string{"Calls come in one by one. Known to work: " + strings.Join(d.Up, ", ") + "."}
	calls := table{"What is suspected after each call", []string{"Call", "Is down", "#Explain all", "#Place of the true one"}, nil}
	for _, x := range d.Rounds {
		calls.Rows = append(calls.Rows, []string{fmt.Sprint(x.Known), x.Last, fmt.Sprint(x.Suspects), fmt.Sprint(x.Place)})
	}
	ranked := table{"The likeliest causes after the last call", []string{"Item", "Class", "#Explains", "#Contradicts", "#Brings down besides", "It is"}, nil}
	for _, c := range d.Causes {
		is := ""
		if c.True {
			is = "yes"
		}
		ranked.Rows = append(ranked.Rows, []string{c.Name, classOf(c.Class).one, fmt.Sprint(c.Explains), fmt.Sprint(c.Contradicts), fmt.Sprint(c.Others), is})
	}
	s.Tables = []table{calls, ranked}
	return s
}

func mended(r *Report) section {
	s := section{Title: "What must not fail, and what second cables would change"}
	if len(r.Repair.Links) > 0 {
		s.Words = []string{fmt.Sprintf("%d access switches have one uplink. With a second one for each, one distribution switch could bring down %d services instead of %d.",
			len(r.Repair.Links), r.Repair.After, r.Repair.Before), "Cables: " + strings.Join(r.Repair.cables(), ", ") + "."}
	}
	t := table{"Single points of failure", []string{"Service", "#Points", "They are", "Gone with the cables"}, nil}
	for _, c := range r.Critical {
		t.Rows = append(t.Rows, []string{c.Name, fmt.Sprint(len(c.Points)), strings.Join(c.Points, ", "), strings.Join(c.Gone, ", ")})
	}
	s.Tables = []table{t}
	return s
}

func expectedOf(r *Report) section {
	t := table{"Expected availability", []string{"Service", "#As it is", "#Hours down a year", "#With second cables", "#Hours down a year"}, nil}
	for _, c := range r.Critical {
		t.Rows = append(t.Rows, []string{c.Name, c.Before.percent(), c.Before.hours(), c.After.percent(), c.After.hours()})
	}
	f := table{"Assumed of each item by itself", []string{"Class", "#Hours between failures", "#Hours to repair", "#Up"}, nil}
	for _, x := range r.Figures {
		f.Rows = append(f.Rows, []string{x.Label, fmt.Sprintf("%.0f", x.Between), fmt.Sprintf("%.0f", x.Repair), fmt.Sprintf("%.4f %%", 100*x.Up)})
	}
	return section{Title: "Expected availability", Tables: []table{t, f}}
}

func windowOf(r *Report) section {
	row := func(what string, c Counts) []string {
		return []string{what, dash(c.Down), dash(c.AtRisk), dash(c.Degraded)}
	}
	s := section{Title: "If it were taken out for a planned change", Tables: []table{{"Services while it is out", []string{"", "#Down", "#At risk", "#Degraded"},
		[][]string{row("As it is: the same as its failure", r.Window.AsIs), row("After the second cables were laid", r.Window.Repaired)}}}}
	if len(r.Window.Watch) > 0 {
		s.Words = []string{"With them, these must not fail meanwhile, for the sake of the critical services: " + strings.Join(r.Window.Watch, ", ") + "."}
	}
	return s
}

func relied(r *Report) section {
	t := table{"Suppliers", []string{"Supplier", "Delivers", "#EUR a year", "#Services", "Fall with it"}, nil}
	for _, x := range r.Suppliers.Suppliers {
		t.Rows = append(t.Rows, []string{x.Name, strings.Join(x.Delivers, ", "), euros(x.Annual), dash(len(x.Services)), strings.Join(x.Services, ", ")})
	}
	return section{Title: "What falls with a supplier", Tables: []table{t},
		Words: []string{fmt.Sprintf("Concentration of the yearly cost (Herfindahl-Hirschman index): %d.", r.Suppliers.Index)}}
}

func counted(r *Report) section {
	t := table{"Items by class", []string{"Class", "#Items", "#Down", "#At risk", "#Degraded"}, nil}
	for _, x := range r.Classes {
		t.Rows = append(t.Rows, []string{x.Label, fmt.Sprint(x.Items), dash(x.Down), dash(x.AtRisk), dash(x.Degraded)})
	}
	return section{Title: "The estate", Tables: []table{t}, Words: []string{fmt.Sprintf("%d items, %d other records, %d relations. Whether items are at risk is asked of services only.",
		r.Items, r.Records, r.Relations)}}
}
