package lifecycle

import (
	"errors"
	"strconv"
)

// ErrNoRule means that the action is not possible in the state. The details are a [*RuleError].
var ErrNoRule = errors.New("no rule for this action in this state")

// ErrTarget means that the action chose a state that its rule does not lead to. The details are a [*TargetError].
var ErrTarget = errors.New("the rule does not lead to this state")

// RuleError says which action was not possible, where, and what would have been. It is [ErrNoRule].
type RuleError struct {
	From    State    // where the record is; empty when there is none yet
	On      string   // the action
	Allowed []string // the actions possible in From
}

// Error names the action, the state and what is possible there.
func (e *RuleError) Error() string {
	if e.From == "" {
		return "lifecycle: " + show(e.On) + " does not open a record; possible: " + list(e.Allowed)
	}
	return "lifecycle: " + show(e.On) + " is not possible from " + show(e.From) + "; possible: " + list(e.Allowed)
}

// Is reports whether target is [ErrNoRule].
func (e *RuleError) Is(target error) bool { return target == ErrNoRule }

// TargetError says which state an action chose and where its rule leads instead. It is [ErrTarget].
type TargetError struct {
	From    State   // where the record is; empty when there is none yet
	On      string  // the action
	Chosen  State   // the state that the action asked for; may be [Stay]
	Targets []State // the states that the rule leads to from there, the default first
}

// Error names the choice and the states that the rule leads to.
func (e *TargetError) Error() string {
	chosen := "go to " + show(e.Chosen)
	if e.Chosen == Stay {
		chosen = "stay there"
	}
	return "lifecycle: " + show(e.On) + " from " + show(e.From) + " cannot " + chosen + "; possible: " + list(e.Targets)
}

// Is reports whether target is [ErrTarget].
func (e *TargetError) Is(target error) bool { return target == ErrTarget }

// quote shows a text of any origin, cut to a readable length.
func quote(s string) string {
	if len(s) > MaxName {
		return strconv.Quote(s[:MaxName]) + "…"
	}
	return strconv.Quote(s)
}
