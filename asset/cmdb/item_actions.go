package cmdb

import (
	"slices"

	"github.com/itsmkit/itsm"
)

// Particulars are what is known of an item when somebody enters it. An empty text says nothing.
type Particulars struct {
	Class         string          `json:"class"`
	Title         string          `json:"title,omitempty"`
	Manufacturer  string          `json:"manufacturer,omitempty"`
	Product       string          `json:"product,omitempty"`
	Serial        string          `json:"serial,omitempty"`
	Host          string          `json:"host,omitempty"`
	Domain        string          `json:"domain,omitempty"`
	Address       string          `json:"address,omitempty"`
	Environment   string          `json:"environment,omitempty"`
	Location      string          `json:"location,omitempty"`
	Owner         string          `json:"owner,omitempty"`
	Team          string          `json:"team,omitempty"`
	Description   string          `json:"description,omitempty"`
	Specification itsm.Attributes `json:"specification,omitempty"`
	Asset         itsm.Ref        `json:"asset,omitzero"`
	Needs         *OwnNeeds       `json:"needs,omitempty"`
	Attributes    itsm.Attributes `json:"attributes,omitempty"`
}

// values returns the particulars as a source's claims.
func (p *Particulars) values() (itsm.Attributes, error) {
	given := map[string]any{}
	for name, text := range map[string]string{"title": p.Title, "manufacturer": p.Manufacturer, "product": p.Product, "serial": p.Serial, "host": p.Host,
		"domain": p.Domain, "address": p.Address, "environment": p.Environment, "location": p.Location, "owner": p.Owner, "team": p.Team,
		"description": p.Description} {
		if text != "" {
			given[name] = text
		}
	}
	out, err := itsm.AttributesOf(given)
	if err != nil {
		return nil, err
	}
	for _, a := range p.Specification {
		if isText(a.Key) {
			return nil, itsm.Invalid("specification."+a.Key, "is_a_field", "want", "the item's own field "+a.Key)
		}
	}
	return append(out, p.Specification...), nil
}

// open fills in a new item.
func (p *Particulars) open(x *Item, m itsm.Moment) error {
	j := judgeOf(m)
	if err := j.model.MayHold(p.Class); err != nil {
		return err
	}
	values, err := p.values()
	if err != nil {
		return err
	}
	if err := j.mayNeed(p.Needs, "item.needs.of"); err != nil {
		return err
	}
	x.Class, x.Asset, x.Needs, x.Attributes = p.Class, p.Asset, p.Needs, p.Attributes
	if err := x.note(j, Manual, "", values, m.Time); err != nil {
		return err
	}
	return j.settle(x, m.Time, true)
}

// Plan opens an item that does not exist yet.
type Plan struct {
	Item Particulars `json:"item"`
}

// Name returns "plan".
func (Plan) Name() string { return "plan" }
func (Plan) judges()      {}

// Apply fills in the item.
func (a Plan) Apply(x *Item, m itsm.Moment) error { return a.Item.open(x, m) }

// Register opens an item that is in use.
type Register struct {
	Item Particulars `json:"item"`
}

// Name returns "register".
func (Register) Name() string { return "register" }
func (Register) judges()      {}

// Apply fills in the item.
func (a Register) Apply(x *Item, m itsm.Moment) error { return a.Item.open(x, m) }

// Edit changes what people say of an item: the claims of the source [Manual]. A value of null or an empty text takes a
// claim back, so that what other sources say counts again; claims that are not named stay. The item must be complete
// behind it.
type Edit struct {
	Values itsm.Attributes `json:"values"` // by the names of [Fields] and the attributes of the class
}

// Name returns "edit".
func (Edit) Name() string { return "edit" }
func (Edit) judges()      {}

// Apply merges the claims and settles the fields.
func (a Edit) Apply(x *Item, m itsm.Moment) error {
	if len(a.Values) == 0 {
		return itsm.Invalid("values", "required")
	}
	for _, v := range a.Values {
		if x.IsLocked(v.Key) {
			return itsm.Invalid("values."+v.Key, "locked", "want", "unlock the field first")
		}
	}
	j, merged := judgeOf(m), itsm.Attributes(nil)
	if r := x.Report(Manual); r != nil {
		merged = append(merged, r.Values...)
	}
	merged.Merge(said(a.Values))
	if err := x.note(j, Manual, "", merged, m.Time); err != nil {
		return err
	}
	return j.settle(x, m.Time, true)
}

// said returns claims with null for empty texts.
func said(values itsm.Attributes) itsm.Attributes {
	out := slices.Clone(values)
	for i := range out {
		if out[i].Value == `""` {
			out[i].Value = "null"
		}
	}
	return out
}

// Reclassify makes an item one of another class. What its sources say of attributes that the class does not have is no
// longer counted, and taken up again if the class has them one day.
type Reclassify struct {
	Class string `json:"class"`
}

// Name returns "reclassify".
func (Reclassify) Name() string { return "reclassify" }
func (Reclassify) judges()      {}

// Apply sets the class and settles the fields.
func (a Reclassify) Apply(x *Item, m itsm.Moment) error {
	j := judgeOf(m)
	if err := j.model.MayHold(a.Class); err != nil {
		return err
	}
	x.Class = a.Class
	x.unlock(func(field string) bool { return isText(field) || slices.Contains(j.model.Keys(a.Class), field) })
	return j.settle(x, m.Time, false)
}

// Revalidate settles the fields by the class model and the reconciliation of the moment: sources may have become stale.
type Revalidate struct{}

// Name returns "revalidate".
func (Revalidate) Name() string { return "revalidate" }
func (Revalidate) judges()      {}

// Apply settles the fields.
func (Revalidate) Apply(x *Item, m itsm.Moment) error { return judgeOf(m).settle(x, m.Time, false) }

// SetNeeds says what the item needs of its inputs; nil gives it back to its class.
type SetNeeds struct {
	Needs *OwnNeeds `json:"needs"`
}

// Name returns "set_needs".
func (SetNeeds) Name() string { return "set_needs" }
func (SetNeeds) judges()      {}

// Apply sets the needs.
func (a SetNeeds) Apply(x *Item, m itsm.Moment) error {
	x.Needs = a.Needs
	return judgeOf(m).mayNeed(a.Needs, "needs.of")
}

// mayNeed refuses needs that the graph could not follow.
func (j *judge) mayNeed(n *OwnNeeds, path string) error {
	if n == nil {
		return nil
	}
	if err := checkNeeds(n.Of, j.types); err != nil {
		return itsm.Invalid(path, "need", "error", err.Error())
	}
	return nil
}

// Represent says which asset the item is; the zero Ref, that it is none.
type Represent struct {
	Asset itsm.Ref `json:"asset"`
}

// Name returns "represent".
func (Represent) Name() string { return "represent" }

// Apply sets the asset.
func (a Represent) Apply(x *Item, _ itsm.Moment) error {
	x.Asset = a.Asset
	return nil
}
