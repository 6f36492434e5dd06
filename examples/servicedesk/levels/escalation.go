package levels

import (
	"cmp"
	"strconv"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/examples/servicedesk/report"
	"github.com/itsmkit/itsm/sla"
)

// crossing is a threshold of a target of an agreement.
type crossing struct {
	of                itsm.Ref
	target, threshold string
}

// crossings count how often thresholds were crossed, and by how many clocks.
type crossings map[crossing]struct{ crossed, clocks int }

// add counts what a clock crossed.
func (x crossings) add(c *sla.Clock) {
	for i, at := range c.Reading.Crossed {
		key := crossing{c.Reading.Agreement, c.Reading.Target, at.Threshold}
		n := x[key]
		n.crossed++
		first := true
		for _, before := range c.Reading.Crossed[:i] {
			first = first && before.Threshold != at.Threshold
		}
		if first {
			n.clocks++
		}
		x[key] = n
	}
}

// list writes the thresholds of terms in their order, also those that nothing crossed.
func (x crossings) list(t *Terms) []report.Escalation {
	out := []report.Escalation{}
	for _, p := range promises(t) {
		for _, threshold := range p.target.Thresholds {
			n := x[crossing{p.of, p.Target, threshold.Name}]
			e := report.Escalation{Agreement: p.Agreement, Target: p.Title, Threshold: threshold.Name, At: place(&threshold),
				Crossed: n.crossed, Clocks: n.clocks, Do: []report.Reaction{}}
			for _, do := range threshold.Do {
				e.Do = append(e.Do, report.Reaction{Do: string(do.Do), To: do.To, Text: do.Text})
			}
			out = append(out, e)
		}
	}
	return out
}

// place says where a threshold lies.
func place(t *sla.Threshold) string {
	every := ""
	if t.Every > 0 {
		every = "every " + working(t.Every).String()
	}
	at := ""
	switch {
	case t.Percent > 0:
		at = strconv.Itoa(t.Percent) + " %"
	case t.Before > 0:
		at = working(t.Before).String() + " before"
	case t.After > 0:
		at = working(t.After).String() + " after"
	}
	if at != "" && every != "" {
		return at + ", then " + every
	}
	return cmp.Or(at, every)
}
