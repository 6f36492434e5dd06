package simulate_test

import (
	"github.com/itsmkit/itsm/simulate"
	"slices"
	"testing"
	"time"
)

// next says where each kind of step leads from each state; what is missing is not allowed. It is written from
// the table in the package comment. An empty state means as before.
var next = map[simulate.State]map[simulate.StepKind]simulate.State{
	simulate.New:        open(map[simulate.StepKind]simulate.State{simulate.Start: simulate.InProgress}),
	simulate.InProgress: open(map[simulate.StepKind]simulate.State{}),
	simulate.OnHold: open(map[simulate.StepKind]simulate.State{
		simulate.Resume: simulate.InProgress, simulate.CallerReply: "",
	}),
	simulate.Resolved: {simulate.Reopen: simulate.InProgress, simulate.Close: simulate.Closed},
	simulate.Closed:   {},
}

// open adds what is possible as long as nothing is resolved.
func open(more map[simulate.StepKind]simulate.State) map[simulate.StepKind]simulate.State {
	for _, k := range []simulate.StepKind{simulate.Assign, simulate.Comment, simulate.Reprioritise,
		simulate.Escalate, simulate.LinkProblem, simulate.LinkChange} {
		more[k] = ""
	}
	more[simulate.Hold], more[simulate.Resolve] = simulate.OnHold, simulate.Resolved
	return more
}

func TestEveryStepIsLegal(t *testing.T) {
	for seed := range uint64(4) {
		requireLegal(t, year(t, simulate.Options{Seed: seed, Incidents: 4000}))
	}
}

func requireLegal(t *testing.T, cases []simulate.Case) {
	t.Helper()
	groups := map[string]bool{}
	for _, g := range simulate.Groups() {
		groups[g.Name] = true
	}
	codes := simulate.Codes()
	before := time.Time{}
	for i := range cases {
		c := &cases[i]
		if c.Opened.Before(before) {
			t.Fatalf("case %d is opened before the one before it", i)
		}
		before = c.Opened
		if fault := check(c, groups, codes); fault != "" {
			t.Fatalf("case %d: %s\n%+v", i, fault, *c)
		}
	}
}

// check returns the first fault of a case.
func check(c *simulate.Case, groups map[string]bool, codes []string) string {
	for _, s := range []string{c.OpenedBy, c.Caller, c.Channel, c.Title, c.Description, c.Category, c.Subcategory,
		c.Service, c.Item, c.Location} {
		if s == "" {
			return "a field is empty"
		}
	}
	if !weight(c.Impact) || !weight(c.Urgency) || c.Priority() < 1 || c.Priority() > 4 {
		return "impact or urgency"
	}
	state, at, seen := simulate.New, c.Opened, c.Recorded == simulate.New
	reason, group, impact, urgency := simulate.Reason(""), "", c.Impact, c.Urgency
	for _, s := range c.Steps {
		to, ok := next[state][s.Kind]
		switch {
		case !ok:
			return string(s.Kind) + " in " + string(state)
		case s.At.Before(at) || s.At.Nanosecond() != 0 || s.At.Location() != time.UTC:
			return "time of " + string(s.Kind)
		case s.By == "":
			return string(s.Kind) + " by nobody"
		}
		at = s.At
		switch s.Kind {
		case simulate.Assign:
			if !groups[s.Group] || s.Group == group {
				return "group " + s.Group
			}
			group = s.Group
		case simulate.Start:
			if s.Group != group || s.Person == "" {
				return "started by another group"
			}
		case simulate.Hold:
			if state == simulate.OnHold && s.Reason == reason || s.Reason == "" || s.Text == "" {
				return "reason " + string(s.Reason)
			}
			reason = s.Reason
		case simulate.CallerReply:
			if reason != simulate.ForCaller || s.By != c.Caller || !s.Public {
				return "reply"
			}
		case simulate.Reprioritise:
			if !weight(s.Impact) || !weight(s.Urgency) || s.Impact == impact && s.Urgency == urgency {
				return "new impact or urgency"
			}
			impact, urgency = s.Impact, s.Urgency
		case simulate.Escalate:
			if s.Person == "" || s.Text == "" {
				return "escalation"
			}
		case simulate.LinkProblem, simulate.LinkChange:
			if s.Code == "" {
				return "link"
			}
		case simulate.Resolve:
			if !slices.Contains(codes, s.Code) || s.Text == "" {
				return "code " + s.Code
			}
		}
		if to != "" {
			state = to
		}
		if state != simulate.OnHold {
			reason = ""
		}
		seen = seen || state == c.Recorded
	}
	if state != simulate.Closed || !seen {
		return "ends " + string(state) + ", recorded " + string(c.Recorded)
	}
	return ""
}

func weight(w int) bool { return w >= 1 && w <= 3 }
