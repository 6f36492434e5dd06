package incident

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/lifecycle"
)

// Options are what a vendor may choose. The zero value is the standard.
type Options struct {
	// Lifecycle is the vendor's own workflow, made from [Lifecycle]; nil is the standard. Actions that it does
	// not have are not offered.
	Lifecycle *lifecycle.Lifecycle
	// Actions are the vendor's own, each in a rule of Lifecycle.
	Actions []itsm.Offer[Incident]
	// Matrix gives the priority; nil is [StandardMatrix].
	Matrix Matrix
	// ClosureCodes are what [Resolve] may name; nil is [ClosureCode.Choices].
	ClosureCodes []string
	// Categories are those allowed, each with its subcategories; a category without any takes every
	// subcategory. nil allows all texts.
	Categories map[string][]string
	// AutoCloseAfter is how long a resolved incident waits for an objection; 0 is five days, [Unlimited] never
	// closes by itself. A major incident never does.
	AutoCloseAfter itsm.Duration
	// ReopenWithin is how long after its closing an incident can be reopened; 0 is 14 days, [Unlimited] always.
	ReopenWithin itsm.Duration
	// UpdateEvery is the cadence of status updates of a major incident, where [AcceptMajor] names none; 0 is
	// an hour, [Unlimited] demands none.
	UpdateEvery itsm.Duration
	// Triggers propose or accept major incidents by themselves; nil never does.
	Triggers []Trigger
	// RequireReview lets a major incident be closed only behind its post-incident review.
	RequireReview bool
	// Fields are the vendor's own fields of an incident: its attributes.
	Fields []itsm.Field
	// Labels replace texts for people by key, see [itsm.Description].
	Labels map[string]string
}

// Unlimited stands for no limit, where an option is a span of time.
const Unlimited itsm.Duration = -1

const hour = itsm.Duration(time.Hour)

// settled returns the options with the standard in place of what is absent, sharing nothing with the caller's,
// or everything that is wrong with them.
func (o Options) settled() (Options, error) {
	var problems []error
	if o.Lifecycle == nil {
		o.Lifecycle = Lifecycle()
	}
	if o.Matrix == nil {
		o.Matrix = StandardMatrix()
	}
	problems = append(problems, o.Matrix.check())
	o.Matrix = o.Matrix.clone()
	if o.ClosureCodes == nil {
		o.ClosureCodes = ClosureCode("").Choices()
	}
	o.ClosureCodes = slices.Clone(o.ClosureCodes)
	if len(o.ClosureCodes) == 0 {
		problems = append(problems, errors.New("incident: Options.ClosureCodes: want at least one code"))
	}
	o.Categories = maps.Clone(o.Categories)
	for name, sub := range o.Categories {
		o.Categories[name] = slices.Clone(sub)
	}
	for _, span := range []struct {
		name  string
		value *itsm.Duration
		usual itsm.Duration
	}{{"AutoCloseAfter", &o.AutoCloseAfter, 5 * day}, {"ReopenWithin", &o.ReopenWithin, 14 * day}, {"UpdateEvery", &o.UpdateEvery, hour}} {
		if *span.value == 0 {
			*span.value = span.usual
		}
		if *span.value < Unlimited {
			problems = append(problems, fmt.Errorf("incident: Options.%s is %s, want 0 for %s, Unlimited, or a span above zero", span.name, *span.value, span.usual))
		}
	}
	o.Triggers = slices.Clone(o.Triggers)
	for n, t := range o.Triggers {
		problems = append(problems, t.check(n))
	}
	return o, errors.Join(problems...)
}

// choices are the lists that replace those of the record's own types.
func (o *Options) choices() map[string][]string {
	lists := map[string][]string{"resolution.code": o.ClosureCodes}
	if o.Categories != nil {
		lists["category"] = slices.Sorted(maps.Keys(o.Categories))
	}
	return lists
}
