package asset

import (
	"fmt"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/calendar"
)

// Explain returns the position as a table for people, with the way by which each figure was reached.
func (p *LicencePosition) Explain() string {
	var b strings.Builder
	fmt.Fprintf(&b, "Licence position on %s\n\n", p.On)
	var t strings.Builder
	t.WriteString("product\tmetric\tneeded\tcovered\tmissing\tshort\n")
	for _, x := range p.Products {
		fmt.Fprintf(&t, "%s\t%s\t%d\t%d\t%d\t%s\n", x.Product, x.Metric, x.Needed, x.Needed-x.Missing, x.Missing, x.Short)
	}
	t.WriteString("\nholding\tfor\tquantity\tused\tunused\tidle\n")
	for _, h := range p.Holdings {
		state := ""
		if !h.InForce {
			state = " (not in force)"
		}
		fmt.Fprintf(&t, "%s%s\t%s\t%d\t%d\t%d\t%s\n", h.Holding, state, h.Product, h.Quantity, h.Used, h.Unused, h.Idle)
	}
	w := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	_, _ = w.Write([]byte(t.String())) // a strings.Builder never fails
	_ = w.Flush()
	fmt.Fprintln(&b)
	for _, x := range p.Products {
		x.explain(&b)
	}
	for _, f := range p.Findings {
		fmt.Fprintf(&b, "note: %s: %s\n", f.Subject, f.Text)
	}
	fmt.Fprintf(&b, "short %s, idle %s\n", p.Short, p.Idle)
	return trimmed(b.String())
}

// explain writes how the product's figures came to be, in a line each.
func (x *ProductPosition) explain(b *strings.Builder) {
	for _, n := range x.Needs {
		if n.Why != "" {
			fmt.Fprintf(b, "%s: %s needs %d: %s\n", x.Product, n.Subject, n.Units, n.Why)
		}
	}
	for _, c := range x.Covered {
		fmt.Fprintf(b, "%s: %d of %s, %s\n", x.Product, c.Units, c.Holding, c.By.text())
	}
}

func (r Right) text() string {
	switch r {
	case ByDowngrade:
		return "by the right to earlier releases"
	case ByUpgrade:
		return "by the right to later releases"
	case ByTerms:
		return "by its terms"
	}
	return "its own"
}

// trimmed returns a text without the blanks at the ends of its lines.
func trimmed(s string) string {
	lines := strings.Split(s, "\n")
	for i := range lines {
		lines[i] = strings.TrimRight(lines[i], " ")
	}
	return strings.Join(lines, "\n")
}

// Turn is a day on which a licence position changes because entitlements begin or end, with the position of that day.
type Turn struct {
	On       calendar.Date    `json:"on"`
	Begin    []string         `json:"begin,omitempty"` // the holdings whose first day it is
	Ended    []string         `json:"ended,omitempty"` // the holdings whose last day was the day before
	Position *LicencePosition `json:"position"`
}

// Ahead returns the position on each day after that of the estate, up to and with until, on which an entitlement
// begins or has ended, if everything else stays as it is: what an expiry will cost unless it is renewed.
func Ahead(x Estate, until calendar.Date) ([]Turn, error) {
	if until.Compare(x.On) < 0 {
		return nil, itsm.Invalid("until", "not_after", "on", x.On.String(), "value", until.String())
	}
	turns := map[calendar.Date]*Turn{}
	turn := func(on calendar.Date) *Turn {
		if on.Compare(x.On) <= 0 || on.Compare(until) > 0 {
			return &Turn{} // not of interest
		}
		if turns[on] == nil {
			turns[on] = &Turn{On: on}
		}
		return turns[on]
	}
	for _, h := range x.Holdings {
		if !h.From.IsZero() {
			t := turn(h.From)
			t.Begin = append(t.Begin, h.ID)
		}
		if !h.Until.IsZero() {
			t := turn(h.Until.AddDays(1))
			t.Ended = append(t.Ended, h.ID)
		}
	}
	out := make([]Turn, 0, len(turns))
	for _, t := range turns {
		x.On = t.On
		p, err := Position(x)
		if err != nil {
			return nil, err
		}
		t.Position = p
		out = append(out, *t)
	}
	slices.SortFunc(out, func(a, b Turn) int { return a.On.Compare(b.On) })
	return out, nil
}
