package report

import (
	"fmt"
	"html/template"
	"slices"
)

// lane is one line of a bar chart: a name and one or two durations.
type lane struct {
	name, note string
	bars       []duration
}

type duration struct {
	hours       Hours
	class, what string
}

// resolveChart draws the time to resolve, median and 90th percentile, by priority.
func resolveChart(r *Report) template.HTML {
	var lanes []lane
	for _, p := range r.Priorities {
		h, ok := r.ResolvedHours.ByPriority[p.Name]
		if !ok || h.N == 0 {
			continue
		}
		lanes = append(lanes, lane{name: label(p.Name), note: number(h.N) + " resolved", bars: []duration{
			{h.P50, "p50", "half within"}, {h.P90, "p90", "9 of 10 within"}}})
	}
	return durations("Time to resolve by priority", "time from opening to resolution", lanes)
}

// holdChart draws how long cases waited in total, by reason.
func holdChart(r *Report) template.HTML {
	var lanes []lane
	for _, h := range r.Holds {
		if h.Ended == 0 {
			continue
		}
		lanes = append(lanes, lane{name: label(h.Reason), note: plural(h.Times, "wait"),
			bars: []duration{{h.Total, "wait", "in total"}}})
	}
	return durations("Waiting time by reason", "total time on hold", lanes[:min(len(lanes), mostRows)])
}

// durations draws lanes of lying bars on one axis of time.
func durations(title, axis string, lanes []lane) template.HTML {
	if len(lanes) == 0 {
		return ""
	}
	const left, right, thick, space, foot = 124.0, 84.0, 16.0, 18.0, 44.0
	most, told := 0.0, ""
	for _, l := range lanes {
		for _, b := range l.bars {
			most = max(most, float64(b.hours))
			told += fmt.Sprintf("%s %s %s; ", l.name, b.what, b.hours)
		}
	}
	values := hourTicks(most)
	end := values[len(values)-1]
	high := 6 + float64(len(lanes))*(float64(len(lanes[0].bars))*(thick+3)+space)
	if len(lanes[0].bars) == 1 {
		high += float64(len(lanes)) * 6 // a name and a note stand beside one bar
	}
	each := (high - 6) / float64(len(lanes))
	c := newCanvas(halfChart, high+foot, title, told)
	scale := func(h float64) float64 { return left + max(h, 0)/end*(halfChart-left-right) }
	shown := -100.0
	for _, v := range values {
		x := scale(v)
		c.rule(x, 0, x, high)
		if text := Hours(v).String(); x-shown > 7*float64(len(text))+6 {
			if v == 0 {
				text = "0"
			}
			c.text(x, high+16, "middle", "tick", text)
			shown = x
		}
	}
	c.text((left+halfChart-right)/2, high+36, "middle", "axis", axis)
	for i, l := range lanes {
		y := 6 + float64(i)*each
		middle := y + (each-space)/2
		c.text(left-10, middle-1, "end", "name", fit(l.name, 17))
		c.text(left-10, middle+13, "end", "tick", l.note)
		y = middle - float64(len(l.bars))*(thick+3)/2 + 4
		for _, b := range l.bars {
			c.round(left, y, max(scale(float64(b.hours))-left, 1), thick, 2, b.class, l.name+", "+b.what+": "+b.hours.String())
			c.text(scale(float64(b.hours))+7, y+thick-4, "start", "value", b.hours.String())
			y += thick + 3
		}
	}
	return c.done()
}

// reassignChart draws how many cases were passed on how often.
func reassignChart(r *Report) template.HTML {
	bars := lump(r.Reassignments, 9)
	if len(bars) == 0 {
		return ""
	}
	const left, top, high, foot = axisLeft, 22.0, 200.0, 44.0
	most := slices.MaxFunc(bars, func(x, y lumped) int { return x.cases - y.cases }).cases
	c := newCanvas(halfChart, top+high+foot, "Reassignments of a case", fmt.Sprintf("%s cases without any, %s at most in a bar",
		number(bars[0].cases), number(most)))
	y := c.axisY(halfChart, top, top+high, ticks(float64(most), 5), "cases")
	width := (halfChart - left) / float64(len(bars))
	for i, b := range bars {
		x := left + float64(i)*width
		c.round(x+width*0.12, y(b.cases), width*0.76, top+high-y(b.cases), 2, "p50",
			fmt.Sprintf("%s reassignments: %s cases, %s", b.title, number(b.cases), percent(b.cases, r.Cases)))
		c.text(x+width/2, y(b.cases)-5, "middle", "value", number(b.cases))
		c.text(x+width/2, top+high+17, "middle", "tick", b.title)
	}
	c.text((left+halfChart)/2, top+high+37, "middle", "axis", "reassignments of a case")
	return c.done()
}
