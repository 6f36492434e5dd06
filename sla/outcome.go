package sla

import (
	"cmp"
	"fmt"
	"iter"
	"slices"
	"time"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/lifecycle"
)

// Verdict is how one clock of a replay stands at its end.
type Verdict struct {
	Of         itsm.Ref        `json:"of"`
	Number     string          `json:"number,omitempty"`
	Type       AgreementType   `json:"type"`
	Target     string          `json:"target"`
	Round      int             `json:"round"`
	Holder     string          `json:"holder,omitempty"`
	Priority   string          `json:"priority,omitempty"`
	State      lifecycle.State `json:"state"`
	Amount     itsm.Duration   `json:"amount"`
	Elapsed    itsm.Duration   `json:"elapsed"`              // up to the end of the replay, while it runs
	DueAt      time.Time       `json:"due_at,omitzero"`      // while it runs
	BreachedAt time.Time       `json:"breached_at,omitzero"` // the due instant that was passed
}

// Result says how attainment counts the clock: Met, Missed (also while it runs on behind its breach), Cancelled, or Running for
// one that is pending.
func (v Verdict) Result() lifecycle.State {
	switch {
	case !goes(v.State):
		return v.State
	case !v.BreachedAt.IsZero():
		return Missed
	}
	return Running
}

// String writes the verdict for a person.
func (v Verdict) String() string {
	s := fmt.Sprintf("%s, %s of %s", v.State, v.Elapsed, v.Amount)
	if !v.BreachedAt.IsZero() {
		return s + ", due " + v.BreachedAt.Format(time.RFC3339)
	}
	if !v.DueAt.IsZero() {
		return s + ", due " + v.DueAt.Format(time.RFC3339)
	}
	return s
}

// Tally counts verdicts. Cancelled clocks are not counted.
type Tally struct {
	Met     int `json:"met"`
	Missed  int `json:"missed"`
	Pending int `json:"pending"`
}

// Attained returns the share of met among those that are decided or breached, in hundredths of a percent: 9500 is 95 %.
// It is 10,000 where there are none.
func (t Tally) Attained() int {
	if t.Met+t.Missed == 0 {
		return 10_000
	}
	return t.Met * 10_000 / (t.Met + t.Missed)
}

func (t *Tally) add(result lifecycle.State) {
	switch result {
	case Met:
		t.Met++
	case Missed:
		t.Missed++
	case Running:
		t.Pending++
	}
}

// TargetTally is the tally of one target, and of each priority within it, in order.
type TargetTally struct {
	Type   AgreementType `json:"type"`
	Target string        `json:"target"`
	Tally
	Priorities []PriorityTally `json:"priorities"`
}

// PriorityTally is the tally of one priority, "" where records have none.
type PriorityTally struct {
	Priority string `json:"priority"`
	Tally
}

// Outcome is how a history ends under some rules.
type Outcome struct {
	Name    string        `json:"name"`
	End     time.Time     `json:"end"`
	Targets []TargetTally `json:"targets"` // in the order of type and name

	rules   *Rules
	history History
	judged  []judged
}

// judged is a verdict in little space.
type judged struct {
	record           int32
	round            int32
	goal             *goal
	holder, priority string
	state            lifecycle.State
	amount, elapsed  itsm.Duration
	due, breached    int64 // milliseconds; 0: none
}

func judge(record int, r *run) judged {
	millis := func(t time.Time) int64 {
		if t.IsZero() {
			return 0
		}
		return t.UnixMilli()
	}
	x := judged{record: int32(record), round: int32(r.Round), goal: r.goal, holder: r.Holder, priority: r.Priority, state: r.state,
		amount: r.Amount, elapsed: r.Elapsed, due: millis(r.DueAt), breached: millis(r.BreachedAt)}
	return x
}

func (x *judged) result() lifecycle.State {
	switch {
	case !goes(x.state):
		return x.state
	case x.breached != 0:
		return Missed
	}
	return Running
}

func (o *Outcome) verdict(x *judged) Verdict {
	p := o.history.records[x.record]
	at := func(millis int64) time.Time {
		if millis == 0 {
			return time.Time{}
		}
		return time.UnixMilli(millis).UTC()
	}
	return Verdict{Of: p.of, Number: p.events[len(p.events)-1].Number, Type: x.goal.deal.Type, Target: x.goal.Name, Round: int(x.round), Holder: x.holder,
		Priority: x.priority, State: x.state, Amount: x.amount, Elapsed: x.elapsed, DueAt: at(x.due), BreachedAt: at(x.breached)}
}

// Verdicts returns the verdict of each clock: records in the order of the history, the clocks of a record in the order
// in which they started.
func (o *Outcome) Verdicts() iter.Seq[Verdict] {
	return func(yield func(Verdict) bool) {
		for i := range o.judged {
			if !yield(o.verdict(&o.judged[i])) {
				return
			}
		}
	}
}

// count makes the tallies.
func (o *Outcome) count() {
	o.Targets = []TargetTally{}
	type key struct {
		of       *goal
		priority string
	}
	counts := map[key]*Tally{}
	for i := range o.judged {
		x := &o.judged[i]
		k := key{x.goal, x.priority}
		t := counts[k]
		if t == nil {
			t = &Tally{}
			counts[k] = t
		}
		t.add(x.result())
	}
	for k, t := range counts { // in any order: the lists are sorted below, the rest is sums
		tt := o.target(k.of.deal.Type, k.of.Name)
		tt.join(*t)
		i := slices.IndexFunc(tt.Priorities, func(p PriorityTally) bool { return p.Priority == k.priority })
		if i < 0 {
			i = len(tt.Priorities)
			tt.Priorities = append(tt.Priorities, PriorityTally{Priority: k.priority})
		}
		tt.Priorities[i].join(*t)
	}
	slices.SortFunc(o.Targets, func(a, b TargetTally) int {
		return cmp.Or(cmp.Compare(a.Type, b.Type), cmp.Compare(a.Target, b.Target))
	})
	for i := range o.Targets {
		slices.SortFunc(o.Targets[i].Priorities, func(a, b PriorityTally) int { return cmp.Compare(a.Priority, b.Priority) })
	}
}

func (t *Tally) join(o Tally) {
	t.Met, t.Missed, t.Pending = t.Met+o.Met, t.Missed+o.Missed, t.Pending+o.Pending
}

func (o *Outcome) target(t AgreementType, name string) *TargetTally {
	i := slices.IndexFunc(o.Targets, func(x TargetTally) bool { return x.Type == t && x.Target == name })
	if i < 0 {
		i = len(o.Targets)
		o.Targets = append(o.Targets, TargetTally{Type: t, Target: name})
	}
	return &o.Targets[i]
}

// Clock replays the record of a verdict and returns the clock with all its stretches.
func (o *Outcome) Clock(v Verdict) (Clock, error) {
	p, known := o.history.find(v.Of)
	c := o.rules.Case(v.Of)
	if !known || c == nil {
		return Clock{}, fmt.Errorf("sla: the outcome has no record %s: %w", v.Of, itsm.ErrNotFound)
	}
	for _, e := range p.events {
		if err := c.Take(e); err != nil {
			return Clock{}, err
		}
	}
	if err := c.Advance(o.End); err != nil {
		return Clock{}, err
	}
	for _, x := range c.Clocks() {
		if r := x.Reading; r.Type == v.Type && r.Target == v.Target && r.Round == v.Round {
			clock := Clock{Of: v.Of, OfNumber: p.events[len(p.events)-1].Number, Reading: r}
			clock.State = x.State
			return clock, nil
		}
	}
	return Clock{}, fmt.Errorf("sla: %s has no clock %s of round %d: %w", v.Of, v.Target, v.Round, itsm.ErrNotFound)
}

// Clocks runs over the clocks of all verdicts, each with all its stretches: for [Attain] and [Credits] under the
// alternative. It replays each record once more.
func (o *Outcome) Clocks() iter.Seq2[Clock, error] {
	return func(yield func(Clock, error) bool) {
		for v := range o.Verdicts() {
			if c, err := o.Clock(v); !yield(c, err) || err != nil {
				return
			}
		}
	}
}

// Explain accounts for a verdict of this outcome.
func (o *Outcome) Explain(v Verdict) (Account, error) {
	c, err := o.Clock(v)
	if err != nil {
		return Account{}, err
	}
	return o.rules.Explain(c, o.End)
}
