package lifecycle

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

func TestMermaid(t *testing.T) {
	require.Equal(t, `stateDiagram-v2
    state "on-hold" as on_hold
    [*] --> new : report
    new --> assigned : assign
    assigned --> assigned : assign
    assigned --> on_hold : hold
    assigned --> resolved : resolve
    on_hold --> new : resume
    on_hold --> assigned : assign, resume
    on_hold --> resolved : resolve
    resolved --> assigned : reopen, close
    resolved --> closed : close
    closed --> [*]
`, incident().Mermaid())
}

func TestMermaidNames(t *testing.T) {
	// Names that Mermaid reads as its own words, and two that would become one.
	l, err := New([]Rule{
		{On: "open", From: []State{""}, To: "d-e"},
		{On: "on", From: []State{"d-e"}, To: "d_e"},
		{On: "on", From: []State{"d_e"}, To: "default"},
		{On: "on", From: []State{"default"}, To: "note"},
		{On: "on", From: []State{"note"}, To: "s_note"},
		{On: "on", From: []State{"s_note"}, To: "d-e"},
	})
	require.NoError(t, err)
	require.Equal(t, `stateDiagram-v2
    state "d-e" as d_e_2
    state "default" as s_default
    state "note" as s_note_2
    [*] --> d_e_2 : open
    d_e_2 --> d_e : on
    d_e --> s_default : on
    s_default --> s_note_2 : on
    s_note_2 --> s_note : on
    s_note --> d_e_2 : on
`, l.Mermaid())
}

func TestMermaidWith(t *testing.T) {
	l, err := New([]Rule{
		{On: "open", From: []State{""}, To: "a"},
		{On: "shut", From: []State{"a"}, To: "z"},
		{On: "cancel", From: []State{"a"}, To: "z"},
		{On: "edit", From: []State{"a"}, Stay: true},
		{On: "back", From: []State{"z"}, To: "a"},
	}, "z")
	require.NoError(t, err)
	count := map[[2]State]int{{"", "a"}: 12, {"a", "z"}: 10}
	require.Equal(t, `stateDiagram-v2
    [*] --> a : open 12
    a --> z : shut/cancel 10
    z --> a
    z --> [*]
`, l.MermaidWith(func(from, to State, on []string) string {
		if n := count[[2]State{from, to}]; n > 0 {
			return fmt.Sprintf("%s %d", strings.Join(on, "/"), n)
		}
		return ""
	}))
	require.Contains(t, l.MermaidWith(func(_, _ State, _ []string) string { return " #1: <b>;\n\t5% " }),
		"    a --> z : #35;1#58; #60;b#62;#59; 5#37;\n")
}

// Each line is one that Mermaid's grammar reads, and no two states share a name.
func TestMermaidIsWellFormed(t *testing.T) {
	line := regexp.MustCompile(`^    (state "[a-z][a-z0-9_-]*" as [a-z][a-z0-9_]*|` +
		`(\[\*\]|[a-z][a-z0-9_]*) --> (\[\*\]|[a-z][a-z0-9_]*)( : [^:;\n]+)?)$`)
	rapid.Check(t, func(t *rapid.T) {
		l := valid().Draw(t, "lifecycle")
		got := l.Mermaid()
		require.Equal(t, got, l.Mermaid())
		rest, ok := strings.CutPrefix(got, "stateDiagram-v2\n")
		require.True(t, ok)
		for s := range strings.Lines(rest) {
			require.Regexp(t, line, strings.TrimSuffix(s, "\n"))
		}
		ids := map[string]bool{}
		for _, id := range mermaidIDs(l.States()) {
			require.False(t, ids[id], id)
			ids[id] = true
		}
	})
}
