package report

import (
	"fmt"
	"html"
	"html/template"
	"math"
	"strconv"
	"strings"
)

// canvas writes one SVG drawing. Colours come from the page's style sheet by class, so that a drawing follows
// the light and the dark scheme.
type canvas struct{ b strings.Builder }

// newCanvas begins a drawing of a size in units of the page; what it shows is told to those who do not see it.
func newCanvas(width, height float64, title, text string) *canvas {
	c := &canvas{}
	fmt.Fprintf(&c.b, `<svg viewBox="0 0 %s %s" width="%s" height="%s" role="img" aria-label="%s">`,
		unit(width), unit(height), unit(width), unit(height), escape(title+". "+text))
	return c
}

// done ends the drawing. All texts in it were escaped on their way in.
func (c *canvas) done() template.HTML {
	c.b.WriteString("</svg>")
	return template.HTML(c.b.String())
}

// rect draws a box; the hint is shown when the pointer rests on it.
func (c *canvas) rect(x, y, width, height float64, class, hint string) {
	fmt.Fprintf(&c.b, `<rect x="%s" y="%s" width="%s" height="%s" class="%s"`, unit(x), unit(y),
		unit(max(width, 0)), unit(max(height, 0)), class)
	c.end("rect", hint)
}

// round draws a box with round corners.
func (c *canvas) round(x, y, width, height, radius float64, class, hint string) {
	fmt.Fprintf(&c.b, `<rect x="%s" y="%s" width="%s" height="%s" rx="%s" class="%s"`, unit(x), unit(y),
		unit(width), unit(height), unit(radius), class)
	c.end("rect", hint)
}

// cell draws a cell of a heat map that is filled to a share.
func (c *canvas) cell(x, y, width, height, share float64, hint string) {
	fmt.Fprintf(&c.b, `<rect x="%s" y="%s" width="%s" height="%s" rx="3" class="heat" fill-opacity="%s"`, unit(x), unit(y),
		unit(width), unit(height), strconv.FormatFloat(share, 'f', 3, 64))
	c.end("rect", hint)
}

// rule draws a line of an axis.
func (c *canvas) rule(x1, y1, x2, y2 float64) {
	fmt.Fprintf(&c.b, `<line x1="%s" y1="%s" x2="%s" y2="%s" class="rule"/>`, unit(x1), unit(y1), unit(x2), unit(y2))
}

// path draws a line of a width (0 for that of the class).
func (c *canvas) path(d string, width float64, class, hint string) {
	fmt.Fprintf(&c.b, `<path d="%s" class="%s"`, d, class)
	if width > 0 {
		fmt.Fprintf(&c.b, ` stroke-width="%s"`, unit(width))
	}
	c.end("path", hint)
}

// text writes at a point; the anchor is start, middle or end.
func (c *canvas) text(x, y float64, anchor, class, s string) {
	fmt.Fprintf(&c.b, `<text x="%s" y="%s" text-anchor="%s" class="%s">%s</text>`, unit(x), unit(y), anchor, class, escape(s))
}

func (c *canvas) end(element, hint string) {
	if hint == "" {
		c.b.WriteString("/>")
		return
	}
	fmt.Fprintf(&c.b, "><title>%s</title></%s>", escape(hint), element)
}

func escape(s string) string { return html.EscapeString(clean(s)) }

// unit writes a coordinate with one decimal at most.
func unit(f float64) string {
	return strconv.FormatFloat(math.Round(f*10)/10+0, 'f', -1, 64)
}

// ticks returns round values from 0 to at least most, about so many of them.
func ticks(most float64, about int) []float64 {
	if most <= 0 || about < 1 {
		return []float64{0, 1}
	}
	raw := most / float64(about)
	size := math.Pow(10, math.Floor(math.Log10(raw)))
	step := 10 * size
	for _, m := range []float64{1, 2, 2.5, 5} {
		if m*size >= raw && (m != 2.5 || size > 1) {
			step = m * size
			break
		}
	}
	if step < 1 {
		step = 1 // cases are whole
	}
	list := []float64{0}
	for list[len(list)-1] < most {
		list = append(list, float64(len(list))*step)
	}
	return list
}

// hourTicks returns round durations from 0 to at least most hours.
func hourTicks(most float64) []float64 {
	const day = 24.0
	if most > 4*day {
		days := ticks(most/day, 5)
		for i := range days {
			days[i] *= day
		}
		return days
	}
	for _, step := range []float64{0.25, 0.5, 1, 2, 4, 6, 12} {
		if most <= 6*step {
			list := []float64{0}
			for list[len(list)-1] < most || len(list) == 1 {
				list = append(list, float64(len(list))*step)
			}
			return list
		}
	}
	return []float64{0, day, 2 * day, 3 * day, 4 * day}
}
