package sla

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// anyCondition draws a condition over two fields and a fact with few values.
func anyCondition(t *rapid.T, depth int) Condition {
	raw := rapid.SampledFrom([]string{
		`{"field":"a","in":["x"]}`, `{"field":"a","in":["x","y"]}`, `{"field":"a","in":["z"]}`, `{"field":"a","in":["","y"]}`, `{"field":"a","exists":true}`, `{"field":"a","exists":false}`,
		`{"field":"n","in":[0]}`, `{"field":"n","in":[1,2]}`, `{"field":"n","min":1}`, `{"field":"n","max":0}`, `{"field":"n","min":2,"max":3}`, `{"field":"n","exists":true}`,
		`{"fact":"f","in":[true]}`, `{"fact":"f","in":[false]}`, `{"fact":"f","exists":false}`, `{"always":true}`,
	}).Draw(t, "leaf")
	leaf, err := ParseCondition(raw)
	require.NoError(t, err)
	if depth == 0 {
		return leaf
	}
	switch rapid.IntRange(0, 4).Draw(t, "op") {
	case 0:
		return All(anyCondition(t, depth-1), anyCondition(t, depth-1))
	case 1:
		return Any(anyCondition(t, depth-1), anyCondition(t, depth-1))
	case 2:
		return Not(anyCondition(t, depth-1))
	}
	return leaf
}

// Two conditions of which one is said to exclude the other never hold together, and one that is said to follow always does:
// by trying all values.
func TestExcludesAndImpliedAreSound(t *testing.T) {
	judged := map[string]int{}
	rapid.Check(t, func(t *rapid.T) {
		a, b := anyCondition(t, 2), anyCondition(t, 2)
		if rapid.IntRange(0, 3).Draw(t, "same") == 0 {
			b = a
		}
		s := newSlots()
		x, y := s.compile(a), s.compile(b)
		text, number, fact := s.field("a"), s.field("n"), s.of(factPrefix+"f")
		together, alone := false, false
		for _, v := range []string{"", `"x"`, `"y"`, `"z"`} {
			for _, n := range []string{"", "1", "2", "3", "4"} {
				for _, f := range []string{"", "true", "false"} {
					now := scene{values: make([]string, len(s.pointers)), changed: make([]bool, len(s.pointers))}
					now.values[text], now.values[number], now.values[fact] = v, n, f
					together = together || x.holds(&now) && y.holds(&now)
					alone = alone || x.holds(&now) && !y.holds(&now)
				}
			}
		}
		if excludes(a, b) {
			judged["excludes"]++
			require.False(t, together, "%s and %s", a, b)
		}
		if implied(a, b) {
			judged["implied"]++
			require.False(t, alone, "%s without %s", a, b)
		}
		require.Equal(t, excludes(a, b), excludes(b, a), "%s and %s", a, b)
	})
	if !testing.Short() { // which tries too few for that
		require.NotZero(t, judged["excludes"])
		require.NotZero(t, judged["implied"])
	}
}
