package main

import (
	"context"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/asset/cmdb"
)

// rows is how many ends of paths the picture has room for.
const rows = 24

// draw joins the paths for the tree on the terminal and for the picture, and writes the surroundings of what failed for
// Mermaid.
func (s *story) draw(_ context.Context, r *Report) error {
	s.byWorst(r)
	var err error
	r.mermaid, err = s.graph.Mermaid(cmdb.Neighbourhood{Around: []itsm.Ref{s.failed.ref}, Steps: 2, MaxItems: 60, MaxRelations: 120, Label: s.name, Impact: s.impact})
	return err
}

func (s *story) byWorst(r *Report) {
	r.tree = s.grow(s.impact, refs(s.down))
	var shown []itsm.Ref
	for _, h := range r.Services {
		if len(shown) == rows {
			break
		}
		shown = append(shown, s.byName[h.Name].ref)
	}
	r.hidden = len(r.Services) - len(shown)
	if len(shown) == 0 { // no service: what else it does
		for e := range s.impact.Effects() {
			if len(shown) < rows {
				shown = append(shown, e.Item)
			}
		}
	}
	r.picture = s.grow(s.impact, shown)
}
