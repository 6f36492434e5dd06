package lifecycle

import (
	"errors"
	"fmt"
	"slices"
)

// checker collects everything that is wrong with a table.
type checker struct {
	rules    []Rule
	final    []State
	problems []error
}

// check returns all problems joined, nil if there are none.
func check(rules []Rule, final []State) error {
	c := &checker{rules: rules, final: final}
	if c.limits() {
		used := map[pair]int{}
		for i, r := range rules {
			c.names(i, r)
			c.goals(i, r)
			c.pairs(i, r, used)
		}
		c.finals()
		c.graph()
	}
	return errors.Join(c.problems...)
}

// pair is one action in one state.
type pair struct {
	from State
	on   string
}

// report adds a problem.
func (c *checker) report(format string, args ...any) {
	c.problems = append(c.problems, fmt.Errorf("lifecycle: "+format, args...))
}

// label names a rule in a message: by its number, counted from 1, and its action.
func label(i int, r Rule) string {
	if r.On == "" {
		return fmt.Sprintf("rule %d", i+1)
	}
	return fmt.Sprintf("rule %d (%s)", i+1, show(r.On))
}

// limits refuses a table that is too large before anything else looks at it.
func (c *checker) limits() bool {
	n := 0
	for _, r := range c.rules {
		if n += max(1, len(r.From)) * (len(r.Or) + 1); n > MaxTransitions {
			c.report("too many transitions; at most %d are allowed", MaxTransitions)
			return false
		}
	}
	states, actions := names(c.rules)
	if len(states) > MaxStates || len(c.final) > MaxStates {
		c.report("too many states; at most %d are allowed", MaxStates)
	}
	if len(actions) > MaxActions {
		c.report("too many actions; at most %d are allowed", MaxActions)
	}
	return len(c.problems) == 0
}

// names checks the words of a rule and that none is listed twice.
func (c *checker) names(i int, r Rule) {
	if r.On == "" {
		c.report("%s: On is empty; it must name an action", label(i, r))
	} else {
		c.name(label(i, r), "action", r.On)
	}
	if len(r.From) == 0 {
		c.report(`%s: From is empty; list the states in which the action is possible, "" for no record yet`, label(i, r))
	}
	for j, s := range r.From {
		if s != "" {
			c.name(label(i, r)+": From", "state", string(s))
		}
		if slices.Contains(r.From[:j], s) {
			c.report("%s: From lists %s twice; once is enough", label(i, r), show(s))
		}
	}
	if r.To != "" {
		c.name(label(i, r)+": To", "state", string(r.To))
	}
	for j, s := range r.Or {
		c.name(label(i, r)+": Or", "state", string(s))
		if s == r.To && s != "" || slices.Contains(r.Or[:j], s) {
			c.report("%s: %s is a target twice; once in To or Or is enough", label(i, r), show(s))
		}
	}
}

// name checks the spelling of one name.
func (c *checker) name(where, what, s string) {
	if !validName(s) {
		c.report("%s: bad %s name %s; a name has lower-case letters, digits, _ or -, starts with a letter "+
			"and has at most %d bytes", where, what, quote(s), MaxName)
	}
}

// goals checks that a rule leads somewhere.
func (c *checker) goals(i int, r Rule) {
	switch {
	case r.To == "" && !r.Stay && len(r.Or) > 0:
		c.report("%s: Or without a default; set To to one of %s, or Stay", label(i, r), list(r.Or))
	case r.To == "" && !r.Stay:
		c.report("%s: no target; set To to a state, or Stay", label(i, r))
	case r.Stay && slices.Contains(r.From, ""):
		c.report(`%s: Stay from "" would open nothing; give "" a rule of its own without Stay`, label(i, r))
	}
}

// pairs checks that one rule alone decides about an action in a state.
func (c *checker) pairs(i int, r Rule, used map[pair]int) {
	for _, s := range r.From {
		p := pair{s, r.On}
		if other, ok := used[p]; ok && other != i && r.On != "" {
			c.report("%s: rule %d already says what %s does from %s; one rule for both, with Or for further targets",
				label(i, r), other+1, show(r.On), show(s))
			continue
		}
		used[p] = i
	}
}

// finals checks the list of final states.
func (c *checker) finals() {
	states, _ := names(c.rules)
	for i, s := range c.final {
		switch {
		case slices.Contains(c.final[:i], s):
			c.report("final state %s is listed twice; once is enough", show(s))
		case !validName(string(s)):
			c.name("final states", "state", string(s))
		case !slices.Contains(states, s):
			c.report("final state %s is in no rule; the states are: %s", show(s), list(states))
		}
	}
}
