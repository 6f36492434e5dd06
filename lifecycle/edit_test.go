package lifecycle

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

func TestWith(t *testing.T) {
	cases := []struct {
		name  string
		edits []Edit
		check func(t *testing.T, l *Lifecycle)
	}{
		{"nothing", nil, func(t *testing.T, l *Lifecycle) {
			require.Equal(t, incidentRules, l.Rules())
			require.Equal(t, []State{"closed"}, l.Final())
		}},
		{"add", []Edit{Add(Rule{On: "cancel", From: []State{"new"}, To: "cancelled"}), MakeFinal("cancelled")},
			func(t *testing.T, l *Lifecycle) {
				require.Equal(t, []State{"cancelled"}, l.Targets("new", "cancel"))
				require.Equal(t, []State{"closed", "cancelled"}, l.Final())
			}},
		{"remove everywhere", []Edit{Remove("resume")}, func(t *testing.T, l *Lifecycle) {
			require.NotContains(t, l.Actions(), "resume")
		}},
		{"remove in one state", []Edit{Remove("resolve", "on-hold")}, func(t *testing.T, l *Lifecycle) {
			require.False(t, l.Allows("on-hold", "resolve"))
			require.True(t, l.Allows("assigned", "resolve"))
		}},
		{"replace in one of two states", []Edit{Replace(Rule{On: "resolve", From: []State{"on-hold"}, To: "closed"})},
			func(t *testing.T, l *Lifecycle) {
				require.Equal(t, []State{"closed"}, l.Targets("on-hold", "resolve"))
				require.Equal(t, []State{"resolved"}, l.Targets("assigned", "resolve"))
				require.Equal(t, incident().Actions(), l.Actions(), "the order stays")
			}},
		{"replace across rules", []Edit{
			Add(Rule{On: "resolve", From: []State{"new"}, To: "closed"}),
			Replace(Rule{On: "resolve", From: []State{"assigned", "new"}, To: "resolved"}),
		}, func(t *testing.T, l *Lifecycle) {
			require.Equal(t, []State{"resolved"}, l.Targets("new", "resolve"))
			require.Equal(t, []State{"resolved"}, l.Targets("on-hold", "resolve"))
		}},
		{"replace the opening", []Edit{Replace(Rule{On: "report", From: []State{""}, To: "assigned"})},
			func(t *testing.T, l *Lifecycle) { require.Equal(t, []State{"assigned"}, l.Targets("", "report")) }},
		{"remove a state", []Edit{RemoveState("on-hold")}, func(t *testing.T, l *Lifecycle) {
			require.Equal(t, []State{"new", "assigned", "resolved", "closed"}, l.States())
			require.Equal(t, []string{"report", "assign", "comment", "resolve", "reopen", "close"}, l.Actions())
		}},
		{"remove a final state", []Edit{
			Replace(Rule{On: "close", From: []State{"resolved"}, To: "assigned"}), RemoveState("closed"), MakeFinal("resolved"),
		}, func(t *testing.T, l *Lifecycle) {
			require.Equal(t, []State{"resolved"}, l.Final())
			require.False(t, l.Has("closed"))
		}},
		{"final no more", []Edit{NotFinal("closed"), Add(Rule{On: "revive", From: []State{"closed"}, To: "new"})},
			func(t *testing.T, l *Lifecycle) { require.Empty(t, l.Final()) }},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			l := incident()
			got, err := l.With(c.edits...)
			require.NoError(t, err)
			c.check(t, got)
			require.Equal(t, incidentRules, l.Rules())
			again, err := l.With(c.edits...) // an Edit can be used twice
			require.NoError(t, err)
			require.Equal(t, got.Rules(), again.Rules())
		})
	}
}

func TestWithRefuses(t *testing.T) {
	const actions = "report, assign, comment, hold, resume, resolve, reopen, close"
	cases := []struct {
		name string
		edit Edit
		want string
	}{
		{"empty", Edit{},
			"edit 1: an Edit without content; make it with Add, Remove, Replace, RemoveState, MakeFinal or NotFinal"},
		{"remove unknown", Remove("dance"), "edit 1: remove dance: there is no such action; the actions are: " + actions},
		{"remove elsewhere", Remove("resolve", "new", "on-hold", ""),
			"edit 1: remove resolve from new: it is not possible there; it is from: assigned, on-hold\n" +
				"remove resolve from (no record): it is not possible there; it is from: assigned, on-hold"},
		{"replace unknown", Replace(Rule{On: "dance", From: []State{"new"}, To: "new"}),
			"edit 1: replace dance: there is no such action; the actions are: " + actions},
		{"replace elsewhere", Replace(Rule{On: "hold", From: []State{"new"}, To: "on-hold"}),
			"edit 1: replace hold from new: it is not possible there; it is from: assigned"},
		{"replace nowhere", Replace(Rule{On: "hold", To: "on-hold"}),
			"edit 1: replace hold: From is empty; list the states in which the rule replaces another"},
		{"remove unknown state", RemoveState("gone"),
			"edit 1: remove state gone: there is no such state; the states are: new, assigned, on-hold, resolved, closed"},
		{"remove the opening", RemoveState(""),
			"edit 1: remove state (no record): there is no such state; the states are: new, assigned, on-hold, resolved, closed"},
		{"remove a default", RemoveState("closed"),
			"edit 1: remove state closed: rule 8 (close) goes there by default and has other targets; replace it first"},
		{"final twice", MakeFinal("closed"), "edit 1: make final: closed is final already; the final states are: closed"},
		{"not final", NotFinal("new"), "edit 1: not final: new is not final; the final states are: closed"},
		{"unchecked result", RemoveState("new"),
			`no rule opens a record; at least one needs "" in From and a state in To`},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			l := incident()
			got, err := l.With(c.edit)
			require.Nil(t, got)
			require.EqualError(t, err, "lifecycle: "+c.want)
			require.Equal(t, incidentRules, l.Rules())
		})
	}
	_, err := incident().With(Remove("dance"), Remove("hold"), Remove("hold"))
	require.Len(t, strings.Split(err.Error(), "\n"), 2, "every edit that fails is reported")
}

// Any edits give a valid lifecycle or an error, and never touch the one they started from.
func TestWithLeavesTheOriginal(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		l := valid().Draw(t, "lifecycle")
		rules, final := l.Rules(), l.Final()
		state, on := rapid.SampledFrom(someStates), rapid.SampledFrom(someActions)
		edits := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) Edit {
			switch rapid.IntRange(0, 5).Draw(t, "edit") {
			case 0:
				return Add(anyRules().Draw(t, "add")[0])
			case 1:
				return Remove(on.Draw(t, "on"), rapid.SliceOfN(state, 0, 2).Draw(t, "from")...)
			case 2:
				return Replace(anyRules().Draw(t, "replace")[0])
			case 3:
				return RemoveState(state.Draw(t, "state"))
			case 4:
				return MakeFinal(state.Draw(t, "state"))
			}
			return NotFinal(state.Draw(t, "state"))
		}), 0, 3).Draw(t, "edits")
		got, err := l.With(edits...)
		require.Equal(t, rules, l.Rules())
		require.Equal(t, final, l.Final())
		if err == nil {
			require.True(t, slowValid(got.Rules(), got.Final()))
		}
	})
}
