package lifecycle

import (
	"slices"

	"pgregory.net/rapid"
)

// incident is a small lifecycle with every sort of rule.
var incidentRules = []Rule{
	{On: "report", From: []State{""}, To: "new"},
	{On: "assign", From: []State{"new", "assigned", "on-hold"}, To: "assigned"},
	{On: "comment", From: []State{"new", "assigned", "on-hold", "resolved", "closed"}, Stay: true},
	{On: "hold", From: []State{"assigned"}, To: "on-hold"},
	{On: "resume", From: []State{"on-hold"}, To: "assigned", Or: []State{"new"}, Stay: true},
	{On: "resolve", From: []State{"assigned", "on-hold"}, To: "resolved"},
	{On: "reopen", From: []State{"resolved"}, To: "assigned"},
	{On: "close", From: []State{"resolved"}, To: "closed", Or: []State{"assigned"}},
}

func incident() *Lifecycle {
	l, err := New(incidentRules, "closed")
	if err != nil {
		panic(err)
	}
	return l
}

var (
	someStates  = []State{"a", "b", "c", "d-e", "d_e", "end"}
	someActions = []string{"go", "back", "hold", "try", "edit"}
)

// anyRules draws tables that are well spelled, and often wrong otherwise.
func anyRules() *rapid.Generator[[]Rule] {
	states := rapid.SampledFrom(someStates)
	return rapid.Custom(func(t *rapid.T) []Rule {
		rules := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) Rule {
			r := Rule{
				On:   rapid.SampledFrom(someActions).Draw(t, "on"),
				From: rapid.SliceOfNDistinct(states, 1, 3, rapid.ID).Draw(t, "from"),
				To:   rapid.SampledFrom(append([]State{""}, someStates...)).Draw(t, "to"),
				Stay: rapid.Bool().Draw(t, "stay"),
			}
			or := rapid.SliceOfNDistinct(states, 0, 2, rapid.ID).Draw(t, "or")
			r.Or = slices.DeleteFunc(or, func(s State) bool { return s == r.To })
			return r
		}), 0, 8).Draw(t, "rules")
		return append(rules, Rule{On: "open", From: []State{""}, To: states.Draw(t, "first")})
	})
}

// valid draws lifecycles that New must accept: random tables, repaired.
func valid() *rapid.Generator[*Lifecycle] {
	return rapid.Custom(func(t *rapid.T) *Lifecycle {
		rules, used := anyRules().Draw(t, "table"), map[pair]bool{}
		for i := range rules { // one rule a pair, each with a default
			r := &rules[i]
			r.From = slices.DeleteFunc(r.From, func(s State) bool {
				p := pair{s, r.On}
				defer func() { used[p] = true }()
				return used[p]
			})
			r.Stay = r.From != nil && !slices.Contains(r.From, "") && (r.Stay || r.To == "")
		}
		reached := slowReach(rules)
		for i := range rules {
			rules[i].From = slices.DeleteFunc(rules[i].From, func(s State) bool { return s != "" && !reached[s] })
		}
		rules = slices.DeleteFunc(rules, func(r Rule) bool { return len(r.From) == 0 })
		var final []State
		for _, s := range someStates {
			if reached[s] && (!slowLeaves(rules, s) || rapid.Bool().Draw(t, "final")) && slowNamed(rules, s) {
				final = append(final, s)
			}
		}
		l, err := New(rules, final...)
		if err != nil {
			t.Fatalf("%v\n%+v %v", err, rules, final)
		}
		return l
	})
}

// The definitions of New, slow and from the rules alone.

func slowTargets(r Rule, from State) []State {
	out := append([]State{r.To}, r.Or...)
	if r.Stay {
		out = append(out, from)
	}
	return slices.DeleteFunc(out, func(s State) bool { return s == "" })
}

func slowReach(rules []Rule) map[State]bool {
	reached := map[State]bool{"": true}
	for range len(someStates) + 1 {
		for _, r := range rules {
			for _, from := range r.From {
				if reached[from] {
					for _, to := range slowTargets(r, from) {
						reached[to] = true
					}
				}
			}
		}
	}
	return reached
}

func slowLeaves(rules []Rule, s State) bool {
	return slices.ContainsFunc(rules, func(r Rule) bool {
		return slices.Contains(r.From, s) &&
			slices.ContainsFunc(slowTargets(r, s), func(to State) bool { return to != s })
	})
}

func slowNamed(rules []Rule, s State) bool {
	return slices.ContainsFunc(rules, func(r Rule) bool {
		return r.To == s || slices.Contains(r.From, s) || slices.Contains(r.Or, s)
	})
}

func slowValid(rules []Rule, final []State) bool {
	used, reached := map[pair]bool{}, slowReach(rules)
	for _, r := range rules {
		if r.To == "" && !r.Stay || r.Stay && slices.Contains(r.From, "") {
			return false
		}
		for _, s := range r.From {
			if used[pair{s, r.On}] {
				return false
			}
			used[pair{s, r.On}] = true
		}
	}
	for _, s := range someStates {
		isFinal := slices.Contains(final, s)
		switch {
		case !slowNamed(rules, s):
			if isFinal {
				return false
			}
		case !reached[s], !isFinal && !slowLeaves(rules, s):
			return false
		}
	}
	return true
}
