package lifecycle

import "slices"

// graph checks that a record can come into every state, and out of each that is not final.
func (c *checker) graph() {
	states, _ := names(c.rules)
	next := make(map[State][]State, len(states)+1)
	for _, r := range c.rules {
		for _, from := range r.From {
			next[from] = append(next[from], r.targets(from)...)
		}
	}
	reached := reach(next)
	if len(next[""]) == 0 {
		c.report(`no rule opens a record; at least one needs "" in From and a state in To`)
		reached = nil // nothing is reachable, which is the same problem once more for each state
	}
	var live []State
	for _, s := range states {
		if reached[s] {
			live = append(live, s)
		}
	}
	for _, s := range states {
		if reached != nil && !reached[s] {
			c.report("%s is unreachable; a rule must lead to it from no record yet or from one of: %s", c.kind(s), list(live))
		}
		leaves := slices.ContainsFunc(next[s], func(to State) bool { return to != s })
		if !leaves && !slices.Contains(c.final, s) {
			c.report("state %s has no way out; add a rule that leads to another state, or make it final", show(s))
		}
	}
}

// kind says what sort of state s is, with its name.
func (c *checker) kind(s State) string {
	if slices.Contains(c.final, s) {
		return "final state " + show(s)
	}
	return "state " + show(s)
}

// reach returns the states that a new record can come into.
func reach(next map[State][]State) map[State]bool {
	reached, todo := map[State]bool{}, []State{""}
	for len(todo) > 0 {
		last := len(todo) - 1
		from := todo[last]
		todo = todo[:last]
		for _, to := range next[from] {
			if !reached[to] {
				reached[to] = true
				todo = append(todo, to)
			}
		}
	}
	return reached
}
