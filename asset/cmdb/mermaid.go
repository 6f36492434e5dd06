package cmdb

import (
	"fmt"
	"slices"
	"strings"

	"github.com/itsmkit/itsm"
)

// Neighbourhood says what a picture shows.
type Neighbourhood struct {
	Around []itsm.Ref // the items in the middle
	Steps  int        // relations away from them, in either direction; 0: none
	// MaxItems and MaxRelations end the picture; 0: 100 items, 200 relations. The nearest items come first, and what is
	// left out is counted in the picture.
	MaxItems, MaxRelations int
	Label                  func(itsm.Ref) string // the text of an item; nil, and where it says nothing: its class and the end of its ID
	Impact                 *Impact               // colours the items by their states; nil: no colours
}

const (
	defaultItems     = 100
	defaultRelations = 200
)

// Mermaid draws a neighbourhood as a Mermaid flowchart. Relations are drawn as they were declared, dotted where they
// spread no failure. Labels are escaped: they cannot change the picture.
func (g *Graph) Mermaid(n Neighbourhood) (string, error) {
	around, err := g.numbers(n.Around)
	if err != nil {
		return "", err
	}
	maxItems, maxRelations := n.MaxItems, n.MaxRelations
	if maxItems <= 0 {
		maxItems = defaultItems
	}
	if maxRelations <= 0 {
		maxRelations = defaultRelations
	}
	shown, number, moreItems := g.near(around, n.Steps, maxItems)
	var b strings.Builder
	b.WriteString("flowchart LR\n")
	for i, v := range shown {
		g.mermaidItem(&b, i, v, n)
	}
	drawn, moreRelations := 0, 0
	for _, v := range shown {
		for edge := range g.outgoing(v) {
			to, ok := number[edge.item]
			if !ok {
				continue // its item is not in the picture
			}
			if drawn == maxRelations {
				moreRelations++
				continue
			}
			drawn++
			t, arrow := g.rules.types[edge.typ], "-->"
			if t.Spread == Nowhere {
				arrow = "-.->"
			}
			fmt.Fprintf(&b, "    n%d %s|%s| n%d\n", number[v], arrow, mermaidText(t.Name), to)
		}
	}
	if moreItems > 0 || moreRelations > 0 {
		fmt.Fprintf(&b, "    more[\"not shown: items %d, relations %d\"]\n", moreItems, moreRelations)
	}
	if n.Impact != nil {
		b.WriteString("    classDef down fill:#f8c9c4,stroke:#b3261e\n    classDef at_risk fill:#fde3b8,stroke:#b06000\n" +
			"    classDef degraded fill:#fff6c2,stroke:#8a7000\n")
	}
	return b.String(), nil
}

func (g *Graph) mermaidItem(b *strings.Builder, i int, v int32, n Neighbourhood) {
	r := g.ref(v)
	id := r.ID.String()
	text := mermaidText(g.classOf(v) + " " + id[len(id)-6:])
	if n.Label != nil {
		if label := mermaidText(n.Label(r)); label != "" { // Mermaid knows no item without a text
			text = label
		}
	}
	fmt.Fprintf(b, "    n%d[\"%s\"]", i, text)
	if n.Impact != nil {
		if state := n.Impact.Of(r).State; state != Up {
			b.WriteString(":::" + string(state))
		}
	}
	b.WriteString("\n")
}

// near lists the items up to some steps away, nearest first and most at the most, the number of each in that list, and
// how many of the next ones were left out.
func (g *Graph) near(around []int32, steps, most int) (shown []int32, number map[int32]int, more int) {
	number = map[int32]int{}
	left := map[int32]bool{}
	add := func(v int32) {
		if _, ok := number[v]; ok {
			return
		}
		if len(shown) == most {
			left[v] = true
			return
		}
		number[v] = len(shown)
		shown = append(shown, v)
	}
	for _, v := range around {
		add(v)
	}
	for from := 0; steps > 0 && from < len(shown); steps-- {
		for end := len(shown); from < end; from++ {
			v := shown[from]
			for _, list := range [][]link{g.needs(v), g.feeds(v), g.rest(v)} {
				for _, e := range list {
					add(e.item)
				}
			}
		}
	}
	return shown, number, len(left)
}

// outgoing yields the relations that start at v.
func (g *Graph) outgoing(v int32) func(func(link) bool) {
	return func(yield func(link) bool) {
		for at, list := range [][]link{g.needs(v), g.feeds(v), g.rest(v)} {
			for _, e := range list {
				spread := g.rules.types[e.typ].Spread
				starts := at == 0 && spread == ToSource || at == 1 && spread == ToTarget || at == 2 && e.bits&reversed == 0
				if starts && !yield(e) {
					return
				}
			}
		}
	}
}

// mermaidText escapes a label: it ends at a quote, # begins an escape, $$ a formula and fa: the name of an icon.
func mermaidText(s string) string {
	s = strings.Join(strings.Fields(s), " ")
	var b strings.Builder
	for _, c := range s {
		if slices.Contains([]rune("\"#<>`|[]{}();%&\\$:"), c) {
			fmt.Fprintf(&b, "#%d;", c)
			continue
		}
		b.WriteRune(c)
	}
	return b.String()
}
