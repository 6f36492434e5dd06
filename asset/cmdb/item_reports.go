package cmdb

import (
	"slices"
	"strconv"
	"time"

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

// note makes what a source says of the item its report. Values must be of the declared types.
func (x *Item) note(j *judge, source, key string, values itsm.Attributes, at time.Time) error {
	kept, err := j.claims(x.Class, values)
	if err != nil {
		return err
	}
	r := Report{Source: source, FirstAt: at, LastAt: at, Values: kept}
	if key != "" {
		r.Keys = []string{key}
	}
	var out []Report
	for _, old := range x.Reports {
		if old.Source != source {
			out = append(out, old)
			continue
		}
		r.FirstAt = old.FirstAt
		for _, k := range old.Keys {
			if k != key {
				r.Keys = append(r.Keys, k)
			}
		}
	}
	slices.Sort(r.Keys)
	out = append(out, r)
	x.Reports = out
	return nil
}
