package main

import (
	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/asset/cmdb"
)

// branch is an item with what it brings down or weakens: the paths from one failure, joined.
type branch struct {
	Hop
	ref      itsm.Ref
	children []*branch
}

// grow joins the paths to some items. An item has one cause, so that they are a tree. States are those of the effects,
// which tell at risk from degraded.
func (e *estate) grow(impact *cmdb.Impact, to []itsm.Ref) *branch {
	root := &branch{}
	for _, r := range to {
		at := root
		for i, s := range impact.Path(r) {
			at = at.child(s.Item, func() Hop { return e.hop(impact, s) }, i == 0)
		}
	}
	return root
}

func (b *branch) child(r itsm.Ref, hop func() Hop, root bool) *branch {
	if root {
		if b.ref.IsZero() {
			b.Hop, b.ref = hop(), r
		}
		return b
	}
	for _, c := range b.children {
		if c.ref == r {
			return c
		}
	}
	c := &branch{Hop: hop(), ref: r}
	b.children = append(b.children, c)
	return c
}

// hop describes a step of a path. Only of services it is searched whether they are at risk.
func (e *estate) hop(impact *cmdb.Impact, s cmdb.Step) Hop {
	state := s.State
	if s.Class == "service" {
		state = impact.Of(s.Item).State
	}
	return Hop{Name: e.name(s.Item), Class: s.Class, State: state, Words: words(s)}
}

func (e *estate) path(impact *cmdb.Impact, to itsm.Ref) []Hop {
	var out []Hop
	for _, s := range impact.Path(to) {
		out = append(out, e.hop(impact, s))
	}
	return out
}
