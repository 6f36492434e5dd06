package cmdb

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/lifecycle"
)

// RelationName is the name of the kind of relations.
const RelationName = "ci_relation"

// Relation is a relation between two items, or between an item and a record of another kind: a service, an agreement, a
// customer. One that ended stays, and its history with it; the same two ends may be related again by another one.
type Relation struct {
	itsm.Header
	Source itsm.Ref `json:"source"`
	Type   string   `json:"type"` // one of the rules
	Target itsm.Ref `json:"target"`
	// Weight is what the input counts for where a need is weighted; 0 stands for 1. It follows: it is Fixed, or else what
	// the most trusted source says of those that say anything of it and are not stale, or else a stale one.
	Weight int `json:"weight,omitempty"`
	Fixed  int `json:"fixed,omitempty"` // see [SetWeight]
	// Says are the sources that say so: it ends when the last one takes it back.
	Says []Say `json:"says,omitempty"`
	// OnlyTarget and OnlySource say that the rules allow the source one target of the type, the target one source.
	OnlyTarget bool   `json:"only_target,omitempty"`
	OnlySource bool   `json:"only_source,omitempty"`
	Ended      Ending `json:"ended,omitzero"`
}

// Say is that a source says something.
type Say struct {
	Source  string    `json:"source"`
	Weight  int       `json:"weight,omitempty"` // what it says that the input counts for; 0: nothing
	FirstAt time.Time `json:"first_at"`
	LastAt  time.Time `json:"last_at"` // as [Report].LastAt
}

// The states of a relation.
const (
	Active lifecycle.State = "active"
	Ended  lifecycle.State = "ended"
)

// Edge returns the relation as the graph sees it.
func (r *Relation) Edge() Edge {
	return Edge{Source: r.Source, Type: r.Type, Target: r.Target, Weight: r.Weight}
}

// key names the relation among those that are active.
func (r *Relation) key() string {
	return r.Source.String() + " " + r.Type + " " + r.Target.String()
}

// Connect opens a relation. Both ends must be there and in use, of classes that the rules join, and the cardinality must
// hold behind it.
type Connect struct {
	Source itsm.Ref `json:"source"`
	Type   string   `json:"type"`
	Target itsm.Ref `json:"target"`
	Weight int      `json:"weight,omitempty"`
	By     string   `json:"by,omitempty"` // the source that says so; [Manual] if it is empty
	// Says, Fixed and Attributes are those of a relation that this one takes the place of; By and Weight are not asked then.
	Says       []Say           `json:"says,omitempty"`
	Fixed      int             `json:"fixed,omitempty"`
	Attributes itsm.Attributes `json:"attributes,omitempty"`
}

// Name returns "connect".
func (Connect) Name() string { return "connect" }

// Apply checks the relation and fills it in.
func (a Connect) Apply(r *Relation, m itsm.Moment) error {
	ends, ok := m.Facts.(ends)
	if !ok {
		return itsm.Invalid("", "database_required", "want", "the desk of a cmdb.Database")
	}
	if a.By == "" {
		a.By = Manual
	}
	if err := ends.check(a); err != nil {
		return err
	}
	t := ends.rule
	r.Source, r.Type, r.Target, r.Attributes = a.Source, a.Type, a.Target, a.Attributes
	r.OnlyTarget, r.OnlySource = t.MaxTargets == 1, t.MaxSources == 1
	if r.Says = []Say{{Source: a.By, Weight: a.Weight, FirstAt: m.Time, LastAt: m.Time}}; len(a.Says) > 0 {
		r.Says, r.Fixed = slices.Clone(a.Says), a.Fixed
	}
	r.weigh(m)
	return nil
}

// Confirm notes that a source says so, too or still.
type Confirm struct {
	By     string `json:"by"`
	Weight int    `json:"weight,omitempty"` // 0: what the source said of it stays
}

// Name returns "confirm".
func (Confirm) Name() string { return "confirm" }

// Apply notes the source.
func (a Confirm) Apply(r *Relation, m itsm.Moment) error {
	if a.By == "" {
		return itsm.Invalid("by", "required")
	}
	now := Say{Source: a.By, Weight: a.Weight, FirstAt: m.Time, LastAt: m.Time}
	for _, s := range r.Says {
		if s.Source == a.By {
			now.Weight, now.FirstAt = cmp.Or(a.Weight, s.Weight), s.FirstAt
		}
	}
	r.Says = append(r.without(a.By), now)
	r.weigh(m)
	return nil
}

// Support adds what sources said of another relation between the same things.
type Support struct {
	Says []Say `json:"says"`
}

// Name returns "support".
func (Support) Name() string { return "support" }

// Apply adds those that do not say so already.
func (a Support) Apply(r *Relation, m itsm.Moment) error {
	if len(a.Says) == 0 {
		return itsm.Invalid("says", "required")
	}
	r.Says = slices.Clone(r.Says)
	for _, s := range a.Says {
		if len(r.without(s.Source)) == len(r.Says) {
			r.Says = append(r.Says, s)
		}
	}
	r.weigh(m)
	return nil
}

// SetWeight fixes what the input counts for, whatever sources say; 0 lets them decide again.
type SetWeight struct {
	Weight int `json:"weight"`
}

// Name returns "set_weight".
func (SetWeight) Name() string { return "set_weight" }

// Apply sets the weight.
func (a SetWeight) Apply(r *Relation, m itsm.Moment) error {
	r.Fixed = a.Weight
	r.weigh(m)
	return nil
}

// Withdraw says that a source no longer says so. When no source does, the relation ends.
type Withdraw struct {
	By     string `json:"by"`
	Reason string `json:"reason,omitempty"`
}

// Name returns "withdraw".
func (Withdraw) Name() string { return "withdraw" }

// Apply takes the source away.
func (a Withdraw) Apply(r *Relation, m itsm.Moment) error {
	says := r.without(a.By)
	if len(says) == len(r.Says) {
		return itsm.Invalid("by", "says_nothing", "value", clip(a.By))
	}
	if r.Says = says; len(says) > 0 {
		r.State = lifecycle.Stay
		r.weigh(m)
		return nil
	}
	reason := a.Reason
	if reason == "" {
		reason = a.By + " no longer says so"
	}
	r.Ended = Ending{At: m.Time, Reason: reason}
	return nil
}

// weigh lets the weight follow.
func (r *Relation) weigh(m itsm.Moment) { r.Weight, _ = judgeOf(m).weight(r, m.Time) }

func (r *Relation) without(source string) []Say {
	var out []Say
	for _, s := range r.Says {
		if s.Source != source {
			out = append(out, s)
		}
	}
	return out
}

// Disconnect ends a relation, whatever the sources say. A source that says so again opens another one.
type Disconnect struct {
	Reason string `json:"reason"`
}

// Name returns "disconnect".
func (Disconnect) Name() string { return "disconnect" }

// Apply notes the reason.
func (a Disconnect) Apply(r *Relation, m itsm.Moment) error {
	if strings.TrimSpace(a.Reason) == "" {
		return itsm.Invalid("reason", "required")
	}
	r.Ended = Ending{At: m.Time, Reason: a.Reason}
	return nil
}
