package allocation

import (
	"bufio"
	"cmp"
	"fmt"
	"html"
	"io"
	"math"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/itsmkit/itsm/money"
)

// The measures of a picture in pixels.
const (
	columnWide = 330.0
	nodeWide   = 14.0
	nodeGap    = 22.0
	marginTop  = 56.0
	marginSide = 24.0
	plotHigh   = 560.0 // of the largest column's amounts, without gaps
	labelRunes = 26
	labelWide  = 310.0
)

// WriteSankey writes a picture of the flows.
func (r *Result) WriteSankey(w io.Writer, s Sankey) error {
	p, err := r.picture(s)
	if err != nil {
		return err
	}
	scale, high := p.layout()
	out := bufio.NewWriter(w)
	title := html.EscapeString(cmp.Or(s.Title, "Cost allocation"))
	wide := marginSide*2 + columnWide*float64(p.columns-1) + nodeWide + labelWide
	_, _ = fmt.Fprintf(out, `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>%s</title></head>
<body style="margin:0;background:#fff">
<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-label="%s" viewBox="0 0 %.0f %.0f" style="width:100%%;min-width:%.0fpx;font:12px system-ui,sans-serif">
<text x="%.0f" y="30" font-size="18" font-weight="600" fill="#1f2937">%s</text>
`, title, title, wide, high, wide*0.6, marginSide, title)
	p.writeBands(out, r.currency, scale)
	p.writeNodes(out, r.currency, scale)
	_, _ = out.WriteString("</svg>\n</body></html>\n")
	return out.Flush() // with the first error of all writes
}

// value is how much of its column a node takes.
func (n *node) value() float64 { return max(math.Abs(n.amount), n.in, n.out) }

// layout gives the nodes their places and returns how many pixels a coin has, and the height of all.
func (p *picture) layout() (scale, high float64) {
	columns := make([][]*node, p.columns)
	for i := range p.nodes {
		columns[p.nodes[i].column] = append(columns[p.nodes[i].column], &p.nodes[i])
	}
	largest := 0.0
	for _, list := range columns {
		sum := 0.0
		for _, n := range list {
			sum += n.value()
		}
		largest = max(largest, sum)
	}
	if largest > 0 {
		scale = plotHigh / largest
	}
	for c, list := range columns {
		if c > 0 {
			p.arrange(list, c)
		}
		y := marginTop
		for _, n := range list {
			n.y, n.inAt, n.outAt = y, y, y
			y += max(n.value()*scale, 1) + nodeGap
		}
		high = max(high, y)
	}
	return scale, high + marginTop/2
}

// arrange orders the nodes of a column by where their bands come from, so that few bands cross; ends by kind first.
func (p *picture) arrange(list []*node, column int) {
	centre := map[*node]float64{}
	for _, b := range p.bands {
		from, to := &p.nodes[b.from], &p.nodes[b.to]
		if to.column == column && to.in > 0 {
			centre[to] += math.Abs(b.amount) / to.in * from.y
		}
	}
	kinds := []EndKind{"", Bill, Idle, Unallocated}
	slices.SortStableFunc(list, func(a, b *node) int {
		return cmp.Or(cmp.Compare(slices.Index(kinds, a.kind), slices.Index(kinds, b.kind)), cmp.Compare(centre[a], centre[b]))
	})
}

func (n *node) left() float64 { return marginSide + columnWide*float64(n.column) }

// fill is the colour of a node and the bands that leave it.
func (p *picture) fill(i int) string {
	colours := []string{"#2563eb", "#0d9488", "#7c3aed", "#ca8a04", "#0891b2", "#4d7c0f", "#9333ea", "#0369a1"}
	switch p.nodes[i].kind {
	case Idle:
		return "#6b7280"
	case Unallocated:
		return "#ea580c"
	}
	return colours[i%len(colours)]
}

// writeBands writes the bands, at both ends in the order of the nodes at the other end.
func (p *picture) writeBands(out io.Writer, c money.Currency, scale float64) {
	slices.SortStableFunc(p.bands, func(a, b band) int {
		return cmp.Or(cmp.Compare(p.nodes[a.from].y, p.nodes[b.from].y), cmp.Compare(p.nodes[a.to].y, p.nodes[b.to].y))
	})
	starts := make([]float64, len(p.bands))
	order := make([]int, len(p.bands))
	for i, b := range p.bands {
		order[i], starts[i] = i, p.nodes[b.from].outAt
		p.nodes[b.from].outAt += math.Abs(b.amount) * scale
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(p.nodes[p.bands[a].from].y, p.nodes[p.bands[b].from].y) })
	for _, i := range order {
		b := p.bands[i]
		from, to := &p.nodes[b.from], &p.nodes[b.to]
		wide := math.Abs(b.amount) * scale
		x0, x1 := from.left()+nodeWide, to.left()
		y0, y1 := starts[i]+wide/2, to.inAt+wide/2
		to.inAt += wide
		colour := p.fill(b.from)
		if b.amount < 0 {
			colour = "#dc2626"
		}
		_, _ = fmt.Fprintf(out, `<path d="M%.1f %.1fC%.1f %.1f %.1f %.1f %.1f %.1f" fill="none" stroke="%s" stroke-opacity="0.35" stroke-width="%.2f"><title>%s → %s: %s</title></path>`+"\n",
			x0, y0, (x0+x1)/2, y0, (x0+x1)/2, y1, x1, y1, colour, max(wide, 0.5),
			html.EscapeString(from.label), html.EscapeString(to.label), figure(b.amount, c))
	}
}

func (p *picture) writeNodes(out io.Writer, c money.Currency, scale float64) {
	for i := range p.nodes {
		n := &p.nodes[i]
		high := max(n.value()*scale, 1)
		_, _ = fmt.Fprintf(out, `<rect x="%.1f" y="%.1f" width="%.0f" height="%.1f" fill="%s"><title>%s: %s</title></rect>`+"\n",
			n.left(), n.y, nodeWide, high, p.fill(i), html.EscapeString(n.label), figure(n.amount, c))
		_, _ = fmt.Fprintf(out, `<text x="%.1f" y="%.1f" fill="#111827" stroke="#fff" stroke-width="3" stroke-linejoin="round" paint-order="stroke">%s <tspan fill="#4b5563">%s</tspan></text>`+"\n",
			n.left()+nodeWide+6, n.y+high/2+4, html.EscapeString(short(n.label)), figure(n.amount, c))
	}
}

// figure writes coins as an amount for people.
func figure(coins float64, c money.Currency) string {
	if math.Abs(coins) > 1<<62 {
		return fmt.Sprintf("%.4g %s", coins/math.Pow10(c.Decimals()), c)
	}
	a, err := money.New(int64(math.Round(coins)), c)
	if err != nil {
		return err.Error()
	}
	return money.Style{Group: " "}.Format(a)
}

// short cuts a label to what fits.
func short(label string) string {
	if utf8.RuneCountInString(label) <= labelRunes {
		return label
	}
	return strings.TrimSpace(string([]rune(label)[:labelRunes-1])) + "…"
}
