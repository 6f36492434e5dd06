package report

import (
	"cmp"
	"slices"
)

func (b *Builder) group(name string) *Group {
	g, ok := b.groups[name]
	if !ok {
		g = &Group{Name: name}
		b.groups[name] = g
	}
	return g
}

// pass counts what the groups did with a case, and how often it came back to one. Time without a group is no
// reassignment: A, nobody, A is one stay with A.
func (b *Builder) pass(c Case) {
	var groups []string
	for _, v := range c.Path {
		if n := len(groups); v.Group != "" && (n == 0 || groups[n-1] != v.Group) {
			groups = append(groups, v.Group)
		}
	}
	returns := 0
	for i, name := range groups {
		if i > 0 {
			b.group(groups[i-1]).ReassignedAway++
		}
		if !slices.Contains(groups[:i], name) {
			b.group(name).Cases++
			continue
		}
		returns++
		b.pairs[Pair{A: min(name, groups[i-1]), B: max(name, groups[i-1])}]++
	}
	if returns > 0 {
		b.pingPong.Cases++
		b.pingPong.Returns += returns
	}
	last := b.group(c.Group)
	if !slices.Contains(groups, c.Group) {
		last.Cases++
	}
	if !c.Resolved.IsZero() {
		last.Resolved++
	}
}

// topPairs lists the pairs of groups with most returns.
func (b *Builder) topPairs() []Pair {
	const most = 20
	list := make([]Pair, 0, len(b.pairs))
	for p, n := range b.pairs {
		p.Returns = n
		list = append(list, p)
	}
	slices.SortFunc(list, func(x, y Pair) int {
		return cmp.Or(y.Returns-x.Returns, cmp.Compare(x.A, y.A), cmp.Compare(x.B, y.B))
	})
	return list[:min(len(list), most)]
}
