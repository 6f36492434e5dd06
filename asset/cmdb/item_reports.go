package cmdb

import (
	"slices"
	"strconv"

	"github.com/itsmkit/itsm"
)

// Discover opens an item by what a source reports. Required attributes may be missing: [Validated].Missing names them.
type Discover struct {
	Class  string          `json:"class"`
	Source string          `json:"source"`
	Key    string          `json:"key,omitempty"`
	Values itsm.Attributes `json:"values"`
}

// Name returns "discover".
func (Discover) Name() string { return "discover" }
func (Discover) judges()      {}

// Apply fills in the item.
func (a Discover) Apply(x *Item, m itsm.Moment) error {
	j := judgeOf(m)
	if err := j.model.MayHold(a.Class); err != nil {
		return err
	}
	x.Class = a.Class
	return x.observe(j, Observe{Source: a.Source, Key: a.Key, Values: a.Values}, m)
}

// Observe is what a source reports of an item now, in whole: a claim that it made before and does not repeat is taken
// back. It may not reach the fields: those follow the most trusted source.
type Observe struct {
	// Class makes the item one of a class that extends its own; "", its own class and one that it extends change nothing.
	Class  string          `json:"class,omitempty"`
	Source string          `json:"source"`
	Key    string          `json:"key,omitempty"`
	Values itsm.Attributes `json:"values"`
}

// Name returns "observe".
func (Observe) Name() string { return "observe" }
func (Observe) judges()      {}

// Apply replaces the source's report and settles the fields.
func (a Observe) Apply(x *Item, m itsm.Moment) error { return x.observe(judgeOf(m), a, m) }

func (x *Item) observe(j *judge, a Observe, m itsm.Moment) error {
	if err := j.mayReport(a.Source); err != nil {
		return err
	}
	if len(a.Key) > maxKey {
		return itsm.Invalid("key", "too_long", "max", strconv.Itoa(maxKey))
	}
	if err := x.specialise(j, a.Class); err != nil {
		return err
	}
	if err := x.note(j, a.Source, a.Key, a.Values, m.Time); err != nil {
		return err
	}
	return j.settle(x, m.Time, false)
}

// specialise makes the item one of a class that extends its own.
func (x *Item) specialise(j *judge, class string) error {
	switch {
	case class == "" || j.model.Is(x.Class, class):
		return nil
	case !j.model.Is(class, x.Class):
		return itsm.Invalid("class", "unrelated", "value", clip(class), "is", x.Class, "want", "the item's class, one that it extends or one that extends it")
	}
	if err := j.model.MayHold(class); err != nil {
		return err
	}
	x.Class = class
	return nil
}

const maxKey = 300 // bytes of a source's own key

// mayReport refuses a source that the reconciliation does not know. What people say is entered by [Edit].
func (j *judge) mayReport(source string) error {
	if _, ok := j.sources[source]; ok && source != Manual {
		return nil
	}
	var names []string
	for _, s := range j.usual {
		if s != Manual {
			names = append(names, s)
		}
	}
	return itsm.Invalid("source", "unknown", "value", clip(source), "allowed", list(names))
}

// Miss says that the source's last complete list did not have the item.
type Miss struct {
	Source string `json:"source"`
}

// Name returns "miss".
func (Miss) Name() string { return "miss" }
func (Miss) judges()      {}

// Apply marks the report and settles the fields.
func (a Miss) Apply(x *Item, m itsm.Moment) error {
	r := x.Report(a.Source)
	if r == nil {
		return itsm.Invalid("source", "says_nothing", "value", clip(a.Source))
	}
	r.Gone = true
	return judgeOf(m).settle(x, m.Time, false)
}

// Forget takes the reports of sources away: they were of something else.
type Forget struct {
	Sources []string `json:"sources"`
}

// Name returns "forget".
func (Forget) Name() string { return "forget" }
func (Forget) judges()      {}

// Apply removes the reports and settles the fields.
func (a Forget) Apply(x *Item, m itsm.Moment) error {
	if len(a.Sources) == 0 {
		return itsm.Invalid("sources", "required")
	}
	for _, s := range a.Sources {
		if x.Report(s) == nil {
			return itsm.Invalid("sources", "says_nothing", "value", clip(s))
		}
	}
	x.Reports = slices.DeleteFunc(slices.Clone(x.Reports), func(r Report) bool { return slices.Contains(a.Sources, r.Source) })
	return judgeOf(m).settle(x, m.Time, false)
}

// Absorb takes over the reports of an item that was the same one. It is done together with [MergeInto] by
// [Database.Merge].
type Absorb struct {
	From    itsm.Ref `json:"from"`
	Reports []Report `json:"reports"`
}

// Name returns "absorb".
func (Absorb) Name() string { return "absorb" }
func (Absorb) judges()      {}

// Apply joins the reports: of two of one source the newer one counts, and both keys are kept.
func (a Absorb) Apply(x *Item, m itsm.Moment) error {
	x.Reports = slices.Clone(x.Reports)
	for _, more := range a.Reports {
		own := x.Report(more.Source)
		if own == nil {
			x.Reports = append(x.Reports, more)
			continue
		}
		keys := slices.Concat(own.Keys, more.Keys)
		slices.Sort(keys)
		keys = slices.Compact(keys)
		first := own.FirstAt
		if more.FirstAt.Before(first) {
			first = more.FirstAt
		}
		if own.Gone && !more.Gone || own.Gone == more.Gone && more.LastAt.After(own.LastAt) {
			*own = more
		}
		own.Keys, own.FirstAt = keys, first
	}
	return judgeOf(m).settle(x, m.Time, false)
}

// MergeInto says that the item is the same as another one. Its reports go there; the record stays with its history.
type MergeInto struct {
	Into itsm.Ref `json:"into"`
}

// Name returns "merge_into".
func (MergeInto) Name() string { return "merge_into" }

// Apply points at the other item and lets the reports go.
func (a MergeInto) Apply(x *Item, _ itsm.Moment) error {
	if a.Into.Kind != ItemName || a.Into.ID == x.ID {
		return itsm.Invalid("into", "kind", "want", "another "+ItemName, "value", a.Into.String())
	}
	x.MergedInto, x.Reports, x.Identifiers, x.Asset = a.Into, nil, nil, itsm.Ref{}
	v := &x.Validated
	v.Unique1, v.Unique2, v.Unique3, v.Unique4 = "", "", "", ""
	return nil
}

// Separate gives an item that was merged its life back, with the reports that are of it. It is done together with
// [Forget] by [Database.Split].
type Separate struct {
	Reports []Report `json:"reports"`
}

// Name returns "separate".
func (Separate) Name() string { return "separate" }
func (Separate) judges()      {}

// Apply takes the reports and settles the fields.
func (a Separate) Apply(x *Item, m itsm.Moment) error {
	x.MergedInto, x.Reports = itsm.Ref{}, slices.Clone(a.Reports)
	return judgeOf(m).settle(x, m.Time, false)
}
