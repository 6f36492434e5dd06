package cmdb_test

import (
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/asset/cmdb"
)

func chain(t *testing.T) *cmdb.Graph {
	return compile(t, cmdb.StandardRules(),
		[]cmdb.Node{{Ref: item(0), Class: "service"}, {Ref: item(1), Class: "server"}, {Ref: item(2), Class: "host"}, {Ref: item(3), Class: "tape"}, {Ref: item(4), Class: "cluster", Needs: []cmdb.Need{{Redundancy: cmdb.AnyOf}}}, {Ref: item(5)}},
		cmdb.Edge{Source: item(0), Type: "uses", Target: item(1)},
		cmdb.Edge{Source: item(1), Type: "runs_on", Target: item(2)},
		cmdb.Edge{Source: item(1), Type: "backed_up_by", Target: item(3)},
		cmdb.Edge{Source: item(2), Type: "member_of", Target: item(4)},
		cmdb.Edge{Source: item(5), Type: "member_of", Target: item(4)})
}

func TestMermaid(t *testing.T) {
	g := chain(t)
	im, err := g.Impact(item(2))
	require.NoError(t, err)
	got, err := g.Mermaid(cmdb.Neighbourhood{Around: []itsm.Ref{item(1)}, Steps: 1, Impact: im, Label: func(r itsm.Ref) string { return g.Class(r) + " \"x\"" }})
	require.NoError(t, err)
	require.Equal(t, `flowchart LR
    n0["server #34;x#34;"]:::down
    n1["host #34;x#34;"]:::down
    n2["service #34;x#34;"]:::down
    n3["tape #34;x#34;"]
    n0 -->|runs_on| n1
    n0 -.->|backed_up_by| n3
    n2 -->|uses| n0
    classDef down fill:#f8c9c4,stroke:#b3261e
    classDef at_risk fill:#fde3b8,stroke:#b06000
    classDef degraded fill:#fff6c2,stroke:#8a7000
`, got)

	got, err = g.Mermaid(cmdb.Neighbourhood{Around: []itsm.Ref{item(1)}, Steps: 2, MaxItems: 4, MaxRelations: 2})
	require.NoError(t, err)
	require.Contains(t, got, `more["not shown: items 1, relations 1"]`)
	require.Equal(t, 2, strings.Count(got, ">|"))

	got, err = g.Mermaid(cmdb.Neighbourhood{Around: []itsm.Ref{item(4)}, Steps: 9})
	require.NoError(t, err)
	require.Equal(t, 5, strings.Count(got, ">|"))
	require.Contains(t, got, `["cluster 000004"]`)

	_, err = g.Mermaid(cmdb.Neighbourhood{Around: []itsm.Ref{item(9)}})
	require.ErrorIs(t, err, cmdb.ErrUnknown)
}

// Mermaid refuses a whole picture for an item without a text and for what it takes for a formula that is none, and shows
// an icon for fa:. (Found by drawing such labels with Mermaid 11.)
func TestMermaidLabelsThatMermaidReads(t *testing.T) {
	g := chain(t)
	for label, want := range map[string]string{
		"":               `["server 000001"]`,
		" \n":            `["server 000001"]`,
		`a $$\frac{1}$$`: `["a #36;#36;#92;frac#123;1#125;#36;#36;"]`,
		"fa:fa-user":     `["fa#58;fa-user"]`,
	} {
		got, err := g.Mermaid(cmdb.Neighbourhood{Around: []itsm.Ref{item(1)}, Label: func(itsm.Ref) string { return label }})
		require.NoError(t, err)
		require.Contains(t, got, want)
	}
}

// Whatever a label says, the picture has the lines that the graph gives it.
func TestRapidMermaidLabels(t *testing.T) {
	line := regexp.MustCompile(`^(flowchart LR|    n\d+\["[^"\[\]{}()<>` + "`" + `|%&$:\\]+"\]|    n\d+ (-->|-\.->)\|[a-z_]+\| n\d+)$`)
	g := chain(t)
	rapid.Check(t, func(t *rapid.T) {
		label := rapid.String().Draw(t, "label")
		got, err := g.Mermaid(cmdb.Neighbourhood{Around: []itsm.Ref{item(1)}, Steps: 3, Label: func(itsm.Ref) string { return label }})
		require.NoError(t, err)
		lines := strings.Split(strings.TrimSuffix(got, "\n"), "\n")
		require.Len(t, lines, 1+6+5)
		for _, l := range lines {
			require.Regexp(t, line, l)
		}
	})
}
