package report

import (
	"fmt"
	"html/template"
	"strings"
	"time"
)

// The widths of charts in units of the page.
const (
	fullChart = 1060.0
	halfChart = 510.0
)

// volumeChart draws what was opened, resolved and closed in each week, and below it the backlog.
func volumeChart(r *Report) template.HTML {
	weeks, _ := thin(r.Weeks, 260)
	if len(weeks) == 0 {
		return ""
	}
	const left, right, top, bars, gap, under, foot = axisLeft, 12.0, 14.0, 190.0, 42.0, 120.0, 42.0
	most, backlog := 0, 0
	for _, w := range weeks {
		most = max(most, w.Opened, w.Resolved, w.Closed)
		backlog = max(backlog, w.Backlog)
	}
	last := weeks[len(weeks)-1]
	c := newCanvas(fullChart, top+bars+gap+under+foot, "Volumes and backlog by week",
		fmt.Sprintf("%d weeks from %s; at most %s cases in a week, backlog at most %s, %s at the end", len(weeks),
			weeks[0].Starts, number(most), number(backlog), number(last.Backlog)))
	width := (fullChart - left - right) / float64(len(weeks))
	y1 := c.axisY(fullChart-right, top, top+bars, ticks(float64(most), 5), "cases in a week")
	low := top + bars + gap
	y2 := c.axisY(fullChart-right, low, low+under, ticks(float64(backlog), 3), "open at the week’s end")
	var resolved, closed, open []point
	for i, w := range weeks {
		x := left + float64(i)*width
		mid := x + width/2
		hint := fmt.Sprintf("%s (from %s): %s opened, %s resolved, %s closed, %s open at its end", w.Week, w.Starts,
			number(w.Opened), number(w.Resolved), number(w.Closed), number(w.Backlog))
		c.rect(x+width*0.15, y1(w.Opened), width*0.7, top+bars-y1(w.Opened), "opened", hint)
		resolved = append(resolved, point{mid, y1(w.Resolved)})
		closed = append(closed, point{mid, y1(w.Closed)})
		open = append(open, point{mid, y2(w.Backlog)})
		c.rect(x, top, width, bars+gap+under, "touch", hint)
	}
	c.path(track(resolved), 0, "resolved", "")
	c.path(track(closed), 0, "closed", "")
	area := append(append([]point{{open[0].x, low + under}}, open...), point{open[len(open)-1].x, low + under})
	c.path(track(area)+"Z", 0, "area", "")
	c.path(track(open), 0, "backlog", "")
	if len(weeks) == 1 { // a line of one point cannot be seen
		c.rect(resolved[0].x-3, resolved[0].y-3, 6, 6, "dot-resolved", "")
		c.rect(closed[0].x-3, closed[0].y-3, 6, 6, "dot-closed", "")
		c.rect(open[0].x-3, open[0].y-3, 6, 6, "dot-backlog", "")
	}
	c.weekAxis(weeks, left, width, low+under)
	return c.done()
}

type point struct{ x, y float64 }

// track joins points with straight lines.
func track(points []point) string {
	var b strings.Builder
	for i, p := range points {
		b.WriteByte("ML"[min(i, 1)])
		b.WriteString(unit(p.x) + " " + unit(p.y))
	}
	return b.String()
}

// axisLeft is where the upright axis of a chart stands.
const axisLeft = 64.0

// axisY draws the lines and numbers of an upright axis and returns where a number of cases is on it.
func (c *canvas) axisY(right, top, bottom float64, values []float64, title string) func(int) float64 {
	most := values[len(values)-1]
	for _, v := range values {
		y := bottom - v/most*(bottom-top)
		c.rule(axisLeft, y, right, y)
		c.text(axisLeft-8, y+4, "end", "tick", number(int(v)))
	}
	fmt.Fprintf(&c.b, `<text transform="translate(14 %s) rotate(-90)" text-anchor="middle" class="axis">%s</text>`,
		unit((top+bottom)/2), escape(title))
	return func(n int) float64 { return bottom - float64(n)/most*(bottom-top) }
}

// weekAxis writes the Mondays of as many weeks as there is room for, and the year where it changes.
func (c *canvas) weekAxis(weeks []Week, left, width, bottom float64) {
	const room = 52.0
	next, year := 0.0, 0
	for i, w := range weeks {
		x := left + (float64(i)+0.5)*width
		day, err := time.Parse(time.DateOnly, w.Starts)
		if err != nil || x < next {
			continue // a hand-made report may hold anything
		}
		c.rule(x, bottom, x, bottom+4)
		c.text(x, bottom+17, "middle", "tick", day.Format("2 Jan"))
		if day.Year() != year {
			year = day.Year()
			c.text(x, bottom+32, "middle", "axis", day.Format("2006"))
		}
		next = x + room
	}
}

// heatChart draws the weekdays and hours in which cases are opened.
func heatChart(r *Report) template.HTML {
	most := 0
	for _, hours := range r.Arrivals.ByWeekdayHour {
		for _, n := range hours {
			most = max(most, n)
		}
	}
	if most == 0 {
		return ""
	}
	const left, top, high, total = 48.0, 26.0, 30.0, 64.0
	wide := (fullChart - left - total) / 24
	c := newCanvas(fullChart, top+8*high+22, "Arrivals by weekday and hour",
		"cases opened in each hour of the week, at most "+number(most))
	for h := range 24 {
		c.text(left+(float64(h)+0.5)*wide, top-9, "middle", "tick", fmt.Sprintf("%02d", h))
		c.text(left+(float64(h)+0.5)*wide, top+7*high+20, "middle", "sum", number(r.Arrivals.ByHour[h]))
	}
	c.text(fullChart, top-9, "end", "axis", "cases")
	c.text(left-10, top+7*high+20, "end", "axis", "cases")
	c.text(left+12*wide, top+8*high+16, "middle", "axis", "hour of the day in which the case was opened")
	for d, hours := range r.Arrivals.ByWeekdayHour {
		y := top + float64(d)*high
		c.text(left-10, y+high/2+4, "end", "tick", weekdays()[d])
		c.text(fullChart, y+high/2+4, "end", "sum", number(r.Arrivals.ByWeekday[d]))
		for h, n := range hours {
			x, share := left+float64(h)*wide, float64(n)/float64(most)
			c.cell(x+1, y+1, wide-2, high-2, 0.06+0.94*share, fmt.Sprintf("%s %02d:00 to %02d:59: %s cases",
				weekdays()[d], h, h, number(n)))
			class := "heat-low"
			if share > 0.5 {
				class = "heat-high"
			}
			if n > 0 {
				c.text(x+wide/2, y+high/2+4, "middle", class, number(n))
			}
		}
	}
	return c.done()
}
