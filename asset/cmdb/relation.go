package cmdb

import (
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
	Weight int      `json:"weight,omitempty"` // what the input counts for where a need is weighted; 0 stands for 1
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
	// Says and Attributes are those of a relation that this one takes the place of; By is not asked then.
	Says       []Say           `json:"says,omitempty"`
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
	r.Source, r.Type, r.Target, r.Weight = a.Source, a.Type, a.Target, a.Weight
	r.OnlyTarget, r.OnlySource = t.MaxTargets == 1, t.MaxSources == 1
	if r.Attributes = a.Attributes; len(a.Says) > 0 {
		r.Says = slices.Clone(a.Says)
		return nil
	}
	r.Says = []Say{{Source: a.By, FirstAt: m.Time, LastAt: m.Time}}
	return nil
}

// Confirm notes that a source says so, too or still.
type Confirm struct {
	By     string `json:"by"`
	Weight int    `json:"weight,omitempty"` // 0: it stays
}

// Name returns "confirm".
func (Confirm) Name() string { return "confirm" }

// Apply notes the source.
func (a Confirm) Apply(r *Relation, m itsm.Moment) error {
	if a.By == "" {
		return itsm.Invalid("by", "required")
	}
	if a.Weight != 0 {
		r.Weight = a.Weight
	}
	says := r.without(a.By)
	first := m.Time
	for _, s := range r.Says {
		if s.Source == a.By {
			first = s.FirstAt
		}
	}
	r.Says = slices.Concat(says, []Say{{Source: a.By, FirstAt: first, LastAt: m.Time}})
	return nil
}

// Support adds what sources said of another relation between the same things.
type Support struct {
	Says []Say `json:"says"`
}

// Name returns "support".
func (Support) Name() string { return "support" }

// Apply adds those that do not say so already.
func (a Support) Apply(r *Relation, _ itsm.Moment) error {
	if len(a.Says) == 0 {
		return itsm.Invalid("says", "required")
	}
	r.Says = slices.Clone(r.Says)
	for _, s := range a.Says {
		if len(r.without(s.Source)) == len(r.Says) {
			r.Says = append(r.Says, s)
		}
	}
	return nil
}

// SetWeight sets what the input counts for.
type SetWeight struct {
	Weight int `json:"weight"`
}

// Name returns "set_weight".
func (SetWeight) Name() string { return "set_weight" }

// Apply sets the weight.
func (a SetWeight) Apply(r *Relation, _ itsm.Moment) error {
	r.Weight = a.Weight
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
		return nil
	}
	reason := a.Reason
	if reason == "" {
		reason = a.By + " no longer says so"
	}
	r.Ended = Ending{At: m.Time, Reason: reason}
	return nil
}

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
