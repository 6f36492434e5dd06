package report

import (
	"fmt"
	"math"
	"strings"
	"time"
)

// volumes draws the backlog by week as columns, and the volumes below as sparklines on the same axis.
func (t *sheet) volumes(r *Report) {
	t.section("Volumes and backlog by week", len(r.Weeks))
	if len(r.Weeks) == 0 {
		return
	}
	weeks, per := thin(r.Weeks, pageWidth-24)
	wide := max(min((pageWidth-24)/len(weeks), 4), 1)
	pick := func(of func(Week) int) []int {
		list := make([]int, len(weeks))
		for i, w := range weeks {
			list[i] = of(w)
		}
		return list
	}
	const high = 6
	backlog := pick(func(w Week) int { return w.Backlog })
	top := 0
	for _, n := range backlog {
		top = max(top, n)
	}
	for row := high; row > 0; row-- {
		mark := ""
		switch row {
		case high:
			mark = number(top)
		case 1:
			mark = "0"
		}
		line := ""
		for _, n := range backlog {
			line += strings.Repeat(eighth(float64(n)/float64(max(top, 1))*high-float64(row-1)), wide)
		}
		title := ""
		if row == high {
			title = "Backlog"
		}
		t.line("  " + pad(title, 9, false) + pad(mark, 9, true) + " ┤" + t.paint(amber, line))
	}
	for _, v := range []struct {
		title string
		of    func(Week) int
	}{
		{"Opened", func(w Week) int { return w.Opened }},
		{"Resolved", func(w Week) int { return w.Resolved }},
		{"Closed", func(w Week) int { return w.Closed }},
	} {
		list := pick(v.of)
		most := 0
		for _, n := range list {
			most = max(most, n)
		}
		line := ""
		for _, n := range list {
			line += strings.Repeat(spark(n, most), wide)
		}
		t.line("  " + pad(v.title, 9, false) + pad("max "+number(most), 9, true) + "  " + t.paint(blue, line))
	}
	t.line(strings.Repeat(" ", 22) + months(weeks, wide))
	note := "A column is a week."
	if per > 1 {
		note = fmt.Sprintf("A column is %d weeks.", per)
	}
	last := weeks[len(weeks)-1]
	t.line("  " + t.paint(faint, fmt.Sprintf("%s Backlog at the end of %s: %s.", note, last.Week, number(last.Backlog))))
}

// thin joins so many weeks that they fit into a number of columns.
func thin(weeks []Week, columns int) (list []Week, per int) {
	per = (len(weeks) + columns - 1) / columns
	for i, w := range weeks {
		if i%per == 0 {
			list = append(list, w)
			continue
		}
		sum := &list[len(list)-1]
		sum.Opened += w.Opened
		sum.Resolved += w.Resolved
		sum.Closed += w.Closed
		sum.Backlog, sum.Week = w.Backlog, w.Week
	}
	return list, per
}

// months writes the names of months below the columns in which they begin.
func months(weeks []Week, wide int) string {
	line, last := "", ""
	for i, w := range weeks {
		day, err := time.Parse(time.DateOnly, w.Starts)
		if err != nil {
			continue // a hand-made report
		}
		month := day.Format("Jan")
		if month != last && (line == "" || len(line) < i*wide) {
			line += strings.Repeat(" ", i*wide-len(line))
			if day.Month() == time.January || line == "" {
				month = day.Format("Jan 06")
			}
			line += month
		}
		last = day.Format("Jan")
	}
	return line
}

// eighth returns a block that is filled to a share of its height.
func eighth(share float64) string {
	blocks := []string{" ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"}
	return blocks[int(math.Round(min(max(share, 0), 1)*8))]
}

// spark returns a block for n; anything more than nothing can be seen.
func spark(n, most int) string {
	if n <= 0 || most <= 0 {
		return " "
	}
	return eighth(max(float64(n)/float64(most), 0.125))
}

// bar returns a bar for n that is at most so many columns long.
func bar(n, most, width int) string {
	if n <= 0 || most <= 0 {
		return ""
	}
	eighths := max(int(math.Round(float64(n)/float64(most)*float64(width)*8)), 1)
	parts := []string{"", "▏", "▎", "▍", "▌", "▋", "▊", "▉"}
	return strings.Repeat("█", eighths/8) + parts[eighths%8]
}

// arrivals draws the weekdays and hours in which cases are opened.
func (t *sheet) arrivals(r *Report) {
	most := 0
	for _, hours := range r.Arrivals.ByWeekdayHour {
		for _, n := range hours {
			most = max(most, n)
		}
	}
	t.section("Arrivals by weekday and hour", most)
	if most == 0 {
		return
	}
	line := "      "
	for h := 0; h < 24; h += 2 {
		line += fmt.Sprintf("%02d  ", h)
	}
	t.line(t.paint(faint, line+"   cases"))
	for day, hours := range r.Arrivals.ByWeekdayHour {
		line := ""
		for _, n := range hours {
			line += strings.Repeat(shade(n, most), 2)
		}
		t.line("  " + weekdays()[day] + " " + t.paint(blue, line) + pad(number(r.Arrivals.ByWeekday[day]), 8, true))
	}
	if most < 8 {
		t.line("  " + t.paint(faint, "The darkest: "+plural(most, "case")+" an hour."))
		return
	}
	t.line("  " + t.paint(faint, fmt.Sprintf("░ up to %s   ▒ up to %s   ▓ up to %s   █ up to %s an hour",
		number(most/4), number(most/2), number(most*3/4), number(most))))
}

func shade(n, most int) string {
	switch {
	case n == 0:
		return " "
	case n*4 <= most:
		return "░"
	case n*2 <= most:
		return "▒"
	case n*4 <= most*3:
		return "▓"
	}
	return "█"
}

// lifecycle lists for each state where cases go from it.
func (t *sheet) lifecycle(r *Report) {
	t.section("Lifecycle with real frequencies", len(r.States))
	most := 0
	for _, x := range r.Transitions {
		most = max(most, x.Count)
	}
	for _, s := range r.States {
		line := "  " + t.paint(bold, fit(label(s), 30))
		if n := r.InitialStates[s]; n > 0 {
			line += t.paint(faint, "   "+number(n)+" begin here")
		}
		if n := r.FinalStates[s]; n > 0 {
			line += t.paint(faint, "   "+number(n)+" end here")
		}
		t.line(line)
		leave := 0
		for _, x := range r.Transitions {
			if x.From == s {
				leave += x.Count
			}
		}
		for _, x := range r.Transitions {
			if x.From != s {
				continue
			}
			t.line("    → " + pad(fit(label(x.To), 24), 24, false) + pad(number(x.Count), 9, true) +
				pad(percent(x.Count, leave), 9, true) + "  " + t.paint(blue, bar(x.Count, most, pageWidth-50)))
		}
	}
}

// reassignments draws how often cases were passed on.
func (t *sheet) reassignments(r *Report) {
	t.section("Reassignments", r.Cases)
	most := 0
	list := lump(r.Reassignments, 9)
	for _, f := range list {
		most = max(most, f.cases)
	}
	for _, f := range list {
		t.line("  " + pad(f.title, 5, true) + pad(number(f.cases), 9, true) + pad(percent(f.cases, r.Cases), 9, true) +
			"  " + t.paint(blue, bar(f.cases, most, pageWidth-30)))
	}
}
