package lifecycle

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestLookUps(t *testing.T) {
	l := incident()
	require.Equal(t, incidentRules, l.Rules())
	require.Equal(t, []State{"new", "assigned", "on-hold", "resolved", "closed"}, l.States())
	require.Equal(t, []string{"report", "assign", "comment", "hold", "resume", "resolve", "reopen", "close"}, l.Actions())
	require.Equal(t, []State{"closed"}, l.Final())
	require.True(t, l.IsFinal("closed"))
	require.False(t, l.IsFinal("new"))
	require.False(t, l.IsFinal(""))
	require.True(t, l.Has("on-hold"))
	require.False(t, l.Has(""))
	require.False(t, l.Has("on_hold"))

	require.Equal(t, []string{"report"}, l.Allowed(""))
	require.Equal(t, []string{"assign", "comment", "resume", "resolve"}, l.Allowed("on-hold"))
	require.Equal(t, []string{"comment"}, l.Allowed("closed"))
	require.Nil(t, l.Allowed("nowhere"))

	require.True(t, l.Allows("", "report"))
	require.False(t, l.Allows("new", "report"))
	require.False(t, l.Allows("new", "dance"))
	require.False(t, l.Allows("nowhere", "assign"))

	require.Equal(t, []State{"assigned"}, l.Targets("assigned", "assign"))
	require.Equal(t, []State{"new"}, l.Targets("new", "comment"))
	require.Equal(t, []State{"assigned", "new", "on-hold"}, l.Targets("on-hold", "resume"))
	require.Nil(t, l.Targets("new", "resume"))
}

func TestSharedSlicesHaveNoRoomToAppend(t *testing.T) {
	l := incident()
	_ = append(l.Targets("on-hold", "resume"), "m")
	_ = append(l.Allowed("on-hold"), "m")
	require.Equal(t, len(l.Targets("on-hold", "resume")), cap(l.Targets("on-hold", "resume")))
	require.Equal(t, len(l.Allowed("on-hold")), cap(l.Allowed("on-hold")))
}

func TestZeroLifecycleAllowsNothing(t *testing.T) {
	var l Lifecycle
	require.False(t, l.Allows("", "report"))
	require.Nil(t, l.Targets("", "report"))
	require.Nil(t, l.Allowed(""))
	_, err := l.Fire("", "report", "")
	require.ErrorIs(t, err, ErrNoRule)
}

func TestLookUpsDoNotAllocate(t *testing.T) {
	l := incident()
	require.Zero(t, testing.AllocsPerRun(100, func() {
		_ = l.Allows("on-hold", "resolve")
		_ = l.Allows("on-hold", "dance")
		_ = l.Targets("on-hold", "resume")
		_ = l.Allowed("on-hold")
		_ = l.IsFinal("closed") && l.Has("closed")
	}))
}

func BenchmarkAllows(b *testing.B) {
	l := incident()
	b.ReportAllocs()
	for b.Loop() {
		if !l.Allows("on-hold", "resolve") {
			b.Fatal("not allowed")
		}
	}
}

func BenchmarkTargets(b *testing.B) {
	l := incident()
	b.ReportAllocs()
	for b.Loop() {
		if len(l.Targets("on-hold", "resume")) != 3 {
			b.Fatal("targets")
		}
	}
}

func BenchmarkNew(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if _, err := New(incidentRules, "closed"); err != nil {
			b.Fatal(err)
		}
	}
}
