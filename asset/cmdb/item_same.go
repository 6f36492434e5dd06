package cmdb

import (
	"slices"
	"strings"

	"github.com/itsmkit/itsm"
)

// The actions of this file are halves: [Database.Merge] and [Database.Split] do them together.

// The types of the links that a merge and a split leave.
const (
	mergedFrom = "merged_from" // at the item that took the reports over
	splitFrom  = "split_from"  // at the item that left
)

// Absorb takes over the reports of an item that was the same one. Of two of one source the newer one counts, and both keys
// are kept; of what people entered in both, the item's own stands and the rest is added.
type Absorb struct {
	From    itsm.Ref `json:"from"`
	Reports []Report `json:"reports,omitempty"`
	Asset   itsm.Ref `json:"asset,omitzero"` // that the other one was
}

// Name returns "absorb".
func (Absorb) Name() string { return "absorb" }
func (Absorb) judges()      {}

// Apply joins the reports and settles the fields.
func (a Absorb) Apply(x *Item, m itsm.Moment) error {
	if err := x.isOther(a.From, "from"); err != nil {
		return err
	}
	if !a.Asset.IsZero() && !x.Asset.IsZero() && a.Asset != x.Asset {
		return itsm.Invalid("asset", "two_assets", "value", x.Asset.String(), "other", a.Asset.String(), "want", "represent: one of the two is none")
	}
	if x.Asset.IsZero() {
		x.Asset = a.Asset
	}
	x.Reports = slices.Clone(x.Reports)
	for _, more := range a.Reports {
		if own := x.Report(more.Source); own != nil {
			*own = own.joined(more)
		} else {
			x.Reports = append(x.Reports, more)
		}
	}
	x.link(mergedFrom, a.From)
	return judgeOf(m).settle(x, m.Time, false)
}

// joined returns what a source says of an item of which it reported as of two.
func (r Report) joined(other Report) Report {
	out := r
	switch {
	case r.Source == Manual:
		out.Values = slices.Clone(other.Values)
		out.Values.Merge(r.Values)
		if out.LastAt = r.LastAt; other.LastAt.After(r.LastAt) {
			out.LastAt = other.LastAt
		}
	case r.Gone && !other.Gone, r.Gone == other.Gone && other.LastAt.After(r.LastAt):
		out = other
	}
	out.Keys = slices.Concat(r.Keys, other.Keys)
	slices.Sort(out.Keys)
	if out.Keys = slices.Compact(out.Keys); len(out.Keys) == 0 {
		out.Keys = nil
	}
	if out.FirstAt = r.FirstAt; other.FirstAt.Before(r.FirstAt) {
		out.FirstAt = other.FirstAt
	}
	return out
}

// MergeInto says that the item is the same as another one, which takes its reports over. The record stays with its history
// and with what was known of it, but is found by nothing that recognises items any more.
type MergeInto struct {
	Into         itsm.Ref `json:"into"`
	Reason       string   `json:"reason"`
	Counterparts []Report `json:"counterparts,omitempty"` // the reports of the other item by the sources that reported both
}

// Name returns "merge_into".
func (MergeInto) Name() string { return "merge_into" }

// Apply points at the other item.
func (a MergeInto) Apply(x *Item, m itsm.Moment) error {
	if err := x.isOther(a.Into, "into"); err != nil {
		return err
	}
	if strings.TrimSpace(a.Reason) == "" {
		return itsm.Invalid("reason", "required")
	}
	m.Say(a.Reason, false)
	x.MergedInto, x.Counterparts, x.Identifiers = a.Into, slices.Clone(a.Counterparts), nil
	v := &x.Validated
	v.Unique1, v.Unique2, v.Unique3, v.Unique4 = "", "", "", ""
	return nil
}

// Forget takes the reports of sources away: they were of something else.
type Forget struct {
	Sources []string `json:"sources"`
	// Instead are the reports of these sources that are of the item all the same.
	Instead []Report `json:"instead,omitempty"`
	To      itsm.Ref `json:"to,omitzero"`     // what they were of, where that was merged into the item
	Asset   bool     `json:"asset,omitempty"` // the asset was that of the other one, too
}

// Name returns "forget".
func (Forget) Name() string { return "forget" }
func (Forget) judges()      {}

// Apply removes the reports and settles the fields.
func (a Forget) Apply(x *Item, m itsm.Moment) error {
	if len(a.Sources) == 0 && a.To.IsZero() {
		return itsm.Invalid("sources", "required")
	}
	for _, s := range a.Sources {
		if x.Report(s) == nil {
			return itsm.Invalid("sources", "says_nothing", "value", clip(s))
		}
	}
	for _, r := range a.Instead {
		if !slices.Contains(a.Sources, r.Source) {
			return itsm.Invalid("instead", "source", "value", clip(r.Source), "allowed", list(a.Sources))
		}
	}
	x.Reports = slices.DeleteFunc(slices.Clone(x.Reports), func(r Report) bool { return slices.Contains(a.Sources, r.Source) })
	x.Reports = append(x.Reports, a.Instead...)
	x.Links = slices.DeleteFunc(x.Links, func(l itsm.Link) bool { return l == itsm.Link{Type: mergedFrom, To: a.To} })
	if a.Asset {
		x.Asset = itsm.Ref{}
	}
	return judgeOf(m).settle(x, m.Time, false)
}

// Separate gives an item that was merged its life back, with the reports that are of it.
type Separate struct {
	Reports []Report `json:"reports,omitempty"`
	Asset   itsm.Ref `json:"asset,omitzero"`
	Reason  string   `json:"reason,omitempty"`
}

// Name returns "separate".
func (Separate) Name() string { return "separate" }
func (Separate) judges()      {}

// Apply takes the reports and settles the fields.
func (a Separate) Apply(x *Item, m itsm.Moment) error {
	m.Say(a.Reason, false)
	x.MergedInto, x.Counterparts, x.Retired, x.Asset, x.Reports = itsm.Ref{}, nil, Ending{}, a.Asset, slices.Clone(a.Reports)
	return judgeOf(m).settle(x, m.Time, false)
}

// Branch opens an item by the reports that were taken for those of another one.
type Branch struct {
	Class   string   `json:"class"`
	From    itsm.Ref `json:"from"`
	Reports []Report `json:"reports"`
	Reason  string   `json:"reason,omitempty"`
}

// Name returns "branch".
func (Branch) Name() string { return "branch" }
func (Branch) judges()      {}

// Apply takes the reports and settles the fields.
func (a Branch) Apply(x *Item, m itsm.Moment) error {
	j := judgeOf(m)
	if err := j.model.MayHold(a.Class); err != nil {
		return err
	}
	if err := x.isOther(a.From, "from"); err != nil {
		return err
	}
	if len(a.Reports) == 0 {
		return itsm.Invalid("reports", "required")
	}
	m.Say(a.Reason, false)
	x.Class, x.Reports = a.Class, slices.Clone(a.Reports)
	x.link(splitFrom, a.From)
	return j.settle(x, m.Time, false)
}

// isOther refuses what is not another item.
func (x *Item) isOther(r itsm.Ref, path string) error {
	if r.Kind == ItemName && r.ID != x.ID && r.ID != (itsm.ID{}) {
		return nil
	}
	return itsm.Invalid(path, "kind", "want", "another "+ItemName, "value", r.String())
}

// link adds a link, once.
func (x *Item) link(name string, to itsm.Ref) {
	if l := (itsm.Link{Type: name, To: to}); !slices.Contains(x.Links, l) {
		x.Links = append(slices.Clone(x.Links), l)
	}
}
