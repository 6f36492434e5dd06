package cmdb_test

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/asset/cmdb"
)

// The oracle fails every item in turn and compares what goes down with the symptoms.
func TestRapidCauses(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		e := drawEstate(t, 8)
		base := e.down()
		s := cmdb.Symptoms{Changed: drawFailed(t, e)}
		for _, n := range e.nodes {
			if base[n.Ref] {
				continue
			}
			switch rapid.IntRange(0, 2).Draw(t, "known") {
			case 0:
				s.Down = append(s.Down, n.Ref)
			case 1:
				s.Up = append(s.Up, n.Ref)
			}
		}
		g := e.compile(t)
		got, err := g.Causes(s, 0)
		if len(s.Down) == 0 {
			require.ErrorIs(t, err, cmdb.ErrNoSymptoms)
			return
		}
		require.NoError(t, err)
		want := map[itsm.Ref]cmdb.Cause{}
		for _, n := range e.nodes {
			if base[n.Ref] {
				continue
			}
			c := cmdb.Cause{Item: n.Ref, Class: n.Class, Changed: slices.Contains(s.Changed, n.Ref)}
			for r := range e.down(n.Ref) {
				switch {
				case slices.Contains(s.Down, r):
					c.Explains = append(c.Explains, r)
				case slices.Contains(s.Up, r):
					c.Contradicts = append(c.Contradicts, r)
				case !base[r] && r != n.Ref:
					c.Others++
				}
			}
			if len(c.Explains) > 0 {
				want[n.Ref] = c
			}
		}
		require.Len(t, got, len(want))
		for i, c := range got {
			w := want[c.Item]
			require.ElementsMatch(t, w.Explains, c.Explains)
			require.ElementsMatch(t, w.Contradicts, c.Contradicts)
			require.Equal(t, []any{w.Class, w.Changed, w.Others}, []any{c.Class, c.Changed, c.Others})
			if i > 0 {
				require.False(t, likelier(c, got[i-1]), "%v before %v", got[i-1], c)
			}
		}
		limit := rapid.IntRange(1, 4).Draw(t, "limit")
		few, err := g.Causes(s, limit)
		require.NoError(t, err)
		require.Equal(t, got[:min(limit, len(got))], few)
	})
}

// likelier is the rule of Causes.
func likelier(a, b cmdb.Cause) bool {
	x, y := len(a.Explains)-len(a.Contradicts), len(b.Explains)-len(b.Contradicts)
	switch {
	case x != y:
		return x > y
	case a.Changed != b.Changed:
		return a.Changed
	}
	return a.Others < b.Others
}

func TestCausesRefuses(t *testing.T) {
	g := compile(t, cmdb.StandardRules(), []cmdb.Node{{Ref: item(1)}, {Ref: item(2), Needs: []cmdb.Need{{Redundancy: cmdb.AnyOf}}}})
	_, err := g.Causes(cmdb.Symptoms{Down: []itsm.Ref{item(2)}}, 0)
	require.ErrorIs(t, err, cmdb.ErrDown)
	_, err = g.Causes(cmdb.Symptoms{Down: []itsm.Ref{item(1)}, Up: []itsm.Ref{item(1)}}, 0)
	require.ErrorContains(t, err, item(1).String()+": known to be down and to be up")
	for _, s := range []cmdb.Symptoms{
		{Down: []itsm.Ref{item(9)}},
		{Down: []itsm.Ref{item(1)}, Up: []itsm.Ref{item(9)}},
		{Down: []itsm.Ref{item(1)}, Changed: []itsm.Ref{item(9)}},
	} {
		_, err := g.Causes(s, 0)
		require.ErrorIs(t, err, cmdb.ErrUnknown)
		require.ErrorContains(t, err, item(9).String())
	}
}
