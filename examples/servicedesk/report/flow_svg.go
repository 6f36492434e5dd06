package report

import (
	"fmt"
	"html/template"
	"math"
)

// flowChart draws the lifecycle with its real frequencies.
func flowChart(r *Report) template.HTML {
	if len(r.States) == 0 {
		return ""
	}
	const margin, box, rise, first = 8.0, 66.0, 32.0, 34.0
	f := newFlow(r)
	last := f.nodes[len(f.nodes)-1]
	width := last.x + last.width + 2*margin
	room := func(levels int) float64 {
		if levels == 0 {
			return margin
		}
		return first + rise*float64(levels-1) + 26
	}
	top := room(f.above)
	bottom := top + box
	told := ""
	for _, e := range f.edges {
		told += fmt.Sprintf("%s to %s %s; ", f.title(e.from), f.title(e.to), number(e.count))
	}
	c := newCanvas(width, bottom+room(f.below), "Lifecycle with real frequencies", told)
	fmt.Fprintf(&c.b, `<g transform="translate(%s 0)">`, unit(margin))
	for i := len(f.edges) - 1; i >= 0; i-- { // rare ones first, below the others
		e := f.edges[i]
		class := "go"
		if !e.forward() {
			class = "back"
		}
		hint := fmt.Sprintf("%s → %s: %s", f.title(e.from), f.title(e.to), number(e.count))
		head := 6 + e.width*0.7 // how long the head of the arrow is
		if e.straight() {
			y := top + box/2
			c.path(fmt.Sprintf("M%s %sH%s", unit(e.x1), unit(y), unit(e.x2-head-2)), e.width, class, hint)
			c.arrow(e.x2-2, y, 0, head, e.width, class)
			c.text((e.x1+e.x2-head)/2, y-e.width/2-6, "middle", "count", number(e.count))
		} else {
			c.bent(f, e, top, bottom, first, rise, head, class, hint)
		}
	}
	for _, n := range f.nodes {
		if n.state == "" {
			c.round(n.x, top, n.width, box, 9, "start", "where cases begin")
			c.text(n.x+n.width/2, top+box/2+4, "middle", "tick", "Start")
			continue
		}
		c.round(n.x, top, n.width, box, 9, "state", fmt.Sprintf("%s: entered %s times, %s cases end here", label(n.state),
			number(n.entered), number(n.ends)))
		middle, y := n.x+n.width/2, top+30.0
		if n.ends == 0 {
			y += 6
		}
		c.text(middle, y-6, "middle", "state-name", fit(label(n.state), 24))
		if n.entered > 0 {
			c.text(middle, y+11, "middle", "tick", number(n.entered)+"×")
		}
		if n.ends > 0 {
			c.text(middle, y+26, "middle", "tick", number(n.ends)+" end here")
		}
	}
	c.b.WriteString("</g>")
	return c.done()
}

func (f *flow) title(node int) string {
	if node == 0 {
		return "Start"
	}
	return label(f.nodes[node].state)
}

// bent draws an arrow that leaves the row: up or down, along its level, and back.
func (c *canvas) bent(f *flow, e flowEdge, top, bottom, first, rise, head float64, class, hint string) {
	side, up := top, -1.0
	if e.level < 0 {
		side, up = bottom, 1
	}
	level := side + up*(first+rise*float64(abs(e.level)-1))
	along := 1.0
	if e.x2 < e.x1 {
		along = -1
	}
	radius := min(14, math.Abs(e.x2-e.x1)/2)
	end := side + up*(head+2)
	c.path(fmt.Sprintf("M%s %sV%sQ%s %s %s %sH%sQ%s %s %s %sV%s", unit(e.x1), unit(side), unit(level-up*radius),
		unit(e.x1), unit(level), unit(e.x1+along*radius), unit(level), unit(e.x2-along*radius),
		unit(e.x2), unit(level), unit(e.x2), unit(level-up*radius), unit(end)), e.width, class, hint)
	c.arrow(e.x2, side+up*2, int(up), head, e.width, class)
	from := f.nodes[e.from]
	x := from.x + from.width + f.gap/2
	if !e.forward() {
		x = from.x - f.gap/2
	}
	c.text(x, level-e.width/2-4, "middle", "count", number(e.count))
}

// arrow draws the head of an arrow whose point is at x, y: 0 points right, -1 down from above, 1 up from below.
func (c *canvas) arrow(x, y float64, from int, head, width float64, class string) {
	half := width/2 + 3.4
	points := [3]point{{x, y}, {x - head, y - half}, {x - head, y + half}}
	if from != 0 {
		back := y + float64(from)*head
		points = [3]point{{x, y}, {x - half, back}, {x + half, back}}
	}
	c.path(track(points[:])+"Z", 0, class+"-head", "")
}
