package report

import (
	"fmt"
	"math"
	"strconv"
	"strings"
)

// exact writes a share with two decimals at most, rounded down: only all is 100 %.
func exact(part, whole int) string {
	if whole == 0 || part == 0 || part == whole {
		return percent(part, whole)
	}
	return strconv.FormatFloat(math.Floor(1e4*float64(part)/float64(whole))/100, 'f', -1, 64) + " %"
}

// made says how the verdicts in use compare with those of a log.
func (a Agreed) made() string {
	return fmt.Sprintf("By these terms %s of the log’s %s verdicts (made_sla) come out alike: %s.", number(a.Agree), number(a.Cases), exact(a.Agree, a.Cases))
}

// rule says what was fitted.
func (f *Fit) rule(zone string) string {
	return fmt.Sprintf("%s (%s), %s, %s", clean(f.Hours), clean(zone), startStop(f.Start, f.Stop), pauses(f.Pauses))
}

func startStop(start, stop string) string {
	words := strings.NewReplacer("_", " ")
	return "from " + words.Replace(clean(start)) + " to " + words.Replace(clean(stop))
}

func pauses(list []string) string {
	if len(list) == 0 {
		return "no pause"
	}
	return "pause: " + strings.ReplaceAll(clean(strings.Join(list, ", ")), "_", " ")
}

// sums says how well a fit explains the verdicts.
func (f *Fit) sums() []string {
	out := []string{
		fmt.Sprintf("It explains %s of %s verdicts of the log: %s. %s holds the terms.", number(f.All.Agree), number(f.All.Cases), exact(f.All.Agree, f.All.Cases), name(f.File)),
		fmt.Sprintf("Fitted to the earlier half of the cases alone, it explains %s of the later half.", exact(f.Later.Agree, f.Later.Cases)),
	}
	if len(f.Closed) > 0 {
		out = append(out, "Closed on "+clean(strings.Join(f.Closed, ", "))+".")
	}
	return out
}

// fitTable lists the amounts that were fitted.
func fitTable(f *Fit) grid {
	g := grid{Title: "Fitted amounts", Heads: []head{{Name: "Priority"}, {Name: "Amount", Number: true}, {Name: "Cases", Number: true}, {Name: "Explained", Number: true}, {Name: "As good", Flex: true}}}
	for _, a := range f.Priorities {
		same := "from " + a.Least.String()
		if a.Below > 0 {
			same += " to " + a.Below.String()
		}
		g.Rows = append(g.Rows, []string{label(a.Priority), a.Amount.String(), number(a.Cases), exact(a.Agree, a.Cases), same})
	}
	return g
}

// rivalTable lists rules that explain less.
func rivalTable(f *Fit) grid {
	g := grid{Title: "The next best rules", Heads: []head{{Name: "Rule", Flex: true}, {Name: "Not explained", Number: true}}}
	for _, r := range f.Rivals {
		g.Rows = append(g.Rows, []string{fmt.Sprintf("%s, %s, %s", clean(r.Hours), startStop(r.Start, r.Stop), pauses(r.Pauses)), number(r.Errors)})
	}
	return g
}
