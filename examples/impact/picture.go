package main

import (
	"fmt"
	"html"
	"html/template"
	"slices"
	"strings"

	"github.com/itsmkit/itsm/asset/cmdb"
)

// picture draws the paths from the failure to the services. States have a colour, a form of the box and a word each, so
// that none of them is needed alone: what is down is a thick box with a cross, what is at risk a cut box with a
// triangle, what is degraded a round dashed one.
func picture(r *Report) template.HTML {
	boxes, width, height := layout(r.picture)
	var b strings.Builder
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" width="%d" height="%d" role="img" aria-labelledby="picture-title picture-desc">`, width, height, width, height)
	fmt.Fprintf(&b, `<title id="picture-title">What the failure of %s reaches</title>`, html.EscapeString(r.Failed.Name))
	fmt.Fprintf(&b, `<desc id="picture-desc">%s The table of services says the same in words.</desc>`, html.EscapeString(summary(r)))
	for _, x := range boxes {
		if x.parent != nil {
			x.line(&b)
		}
	}
	for _, x := range boxes {
		x.draw(&b, x.note(r))
	}
	b.WriteString("</svg>")
	return template.HTML(b.String())
}

// line draws how the failure came to the box: a bend in the gap behind the parent, then straight on.
func (x *box) line(b *strings.Builder) {
	fromX, fromY, toY := x.parent.x+boxWidth, x.parent.y+boxHeight/2, x.y+boxHeight/2
	bend := fromX + columnGap
	fmt.Fprintf(b, `<path class="line %s" d="M%d %dC%d %d %d %d %d %dH%d"/>`, x.State, fromX, fromY, fromX+columnGap/2, fromY, bend-columnGap/2, toY, bend, toY, x.x)
}

const (
	nameLetters = 19 // of a name in a box; the hint has all of it
	wordLetters = 24
)

// note is the second line of a box: why it is in its state, or of a service its state and who loses it.
func (x *box) note(r *Report) string {
	if x.Class != "service" {
		return clip(brief(x.Words), wordLetters)
	}
	lose := 0
	for _, c := range r.Customers {
		if slices.Contains(c.Down, x.Name) {
			lose++
		}
	}
	switch {
	case lose == 1:
		return stateWords(x.State) + " for 1 customer"
	case lose > 1:
		return fmt.Sprintf("%s for %d customers", stateWords(x.State), lose)
	}
	return stateWords(x.State)
}

func (x *box) draw(b *strings.Builder, note string) {
	fmt.Fprintf(b, `<g class="box %s"><title>%s (%s), %s: %s</title>`, x.State, html.EscapeString(x.Name), html.EscapeString(classOf(x.Class).one), stateWords(x.State), html.EscapeString(x.Words))
	right, bottom, cut := x.x+boxWidth, x.y+boxHeight, 9
	switch x.State {
	case cmdb.AtRisk:
		fmt.Fprintf(b, `<path class="form" d="M%d %dH%dL%d %dV%dL%d %dH%dL%d %dV%dZ"/>`, x.x+cut, x.y, right-cut, right, x.y+cut, bottom-cut, right-cut, bottom, x.x+cut, x.x, bottom-cut, x.y+cut)
	case cmdb.Degraded:
		fmt.Fprintf(b, `<rect class="form" x="%d" y="%d" width="%d" height="%d" rx="14"/>`, x.x, x.y, boxWidth, boxHeight)
	default:
		fmt.Fprintf(b, `<rect class="form" x="%d" y="%d" width="%d" height="%d"/>`, x.x, x.y, boxWidth, boxHeight)
	}
	name, line := "name", x.y+14
	if x.Class == "service" {
		name, line = "name end", x.y+32 // beside its state, which is short
	}
	x.sign(b, right-15, line)
	fmt.Fprintf(b, `<text class="%s" x="%d" y="%d">%s</text>`, name, x.x+9, x.y+18, html.EscapeString(clip(x.Name, nameLetters)))
	fmt.Fprintf(b, `<text class="words" x="%d" y="%d">%s</text></g>`, x.x+9, x.y+36, html.EscapeString(note))
}

// sign draws the sign of a state around a point.
func (x *box) sign(b *strings.Builder, at, y int) {
	switch x.State {
	case cmdb.Down:
		fmt.Fprintf(b, `<path class="sign" d="M%d %dl8 8m0 -8l-8 8"/>`, at-4, y-4)
	case cmdb.AtRisk:
		fmt.Fprintf(b, `<path class="sign" d="M%d %dl5 9h-10z"/>`, at, y-5)
	case cmdb.Degraded:
		fmt.Fprintf(b, `<path class="sign" d="M%d %dh9"/>`, at-4, y)
	}
}
