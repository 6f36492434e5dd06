package cmdb

import (
	"slices"
	"sync"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/asset"
	"github.com/itsmkit/itsm/lifecycle"
)

// ItemOptions are what a vendor may choose. The zero value is the standard.
type ItemOptions struct {
	// Lifecycle is the vendor's own workflow, made from [ItemRules]; nil is the standard. Actions that it does not have
	// are not offered.
	Lifecycle *lifecycle.Lifecycle
	// Actions are the vendor's own, each in a rule of Lifecycle.
	Actions []itsm.Offer[Item]
	// Fields are the vendor's own fields of every item: its attributes. What differs by class is the class model's.
	Fields []itsm.Field
	// Labels replace texts for people by key, see [itsm.Description].
	Labels map[string]string
}

// The handles by which items are found and ordered, beside those that every kind has.
var (
	ItemsByClass = itsm.Text("class", func(x *Item) string { return x.Class })
	ItemsByTeam  = itsm.Text("team", func(x *Item) string { return x.Team }).Sparse()
	ItemsByOwner = itsm.Text("owner", func(x *Item) string { return x.Owner }).Sparse()
	// ItemsByIdentifier finds items by what they are recognised by: see [Identification].
	ItemsByIdentifier = itsm.Texts("identifier", func(x *Item) []string { return x.Identifiers })
	// ItemsBySource finds the items of which a source reports anything.
	ItemsBySource = itsm.Texts("source", func(x *Item) []string {
		if x.State == Merged {
			return nil
		}
		var out []string
		for i := range x.Reports {
			if !x.Reports[i].Gone {
				out = append(out, x.Reports[i].Source)
			}
		}
		return out
	})
	// ItemsByAsset finds the item that an asset is; one that was merged is none.
	ItemsByAsset = itsm.Points("asset", func(x *Item) itsm.Ref {
		if x.State == Merged {
			return itsm.Ref{}
		}
		return x.Asset
	}).Unique()
	// ItemsByMerged finds what was merged into an item.
	ItemsByMerged = itsm.Points("merged_into", func(x *Item) itsm.Ref { return x.MergedInto }).Sparse()
)

// uniques keep the unique attributes of the classes unique.
var uniques = [asset.MaxUnique]itsm.Index[Item, string]{
	itsm.Text("unique_1", func(x *Item) string { return x.Validated.Unique1 }).Unique(),
	itsm.Text("unique_2", func(x *Item) string { return x.Validated.Unique2 }).Unique(),
	itsm.Text("unique_3", func(x *Item) string { return x.Validated.Unique3 }).Unique(),
	itsm.Text("unique_4", func(x *Item) string { return x.Validated.Unique4 }).Unique(),
}

var standardItems = sync.OnceValue(func() *itsm.Kind[Item] {
	k, err := NewItemKind(ItemOptions{})
	if err != nil {
		panic(err) // the standard options are constants, and a test makes the kind
	}
	return k
})

// ItemKind returns the standard item. It is made once, on first use.
func ItemKind() *itsm.Kind[Item] { return standardItems() }

// NewItemKind returns an item by a vendor's options, or everything that is wrong with them.
func NewItemKind(o ItemOptions) (*itsm.Kind[Item], error) {
	if o.Lifecycle == nil {
		var err error
		if o.Lifecycle, err = lifecycle.New(ItemRules(), Retired, Merged); err != nil {
			return nil, err
		}
	}
	limits := map[string]int{"class": 40}
	for _, f := range texts {
		limits[f.name] = f.max
	}
	return itsm.NewKind(ItemName, itsm.Declaration[Item]{
		Lifecycle: o.Lifecycle,
		Actions:   itemActions(o),
		Indexes: []itsm.Indexed[Item]{ItemsByClass, ItemsByTeam, ItemsByOwner, ItemsByIdentifier, ItemsBySource, ItemsByAsset, ItemsByMerged,
			uniques[0], uniques[1], uniques[2], uniques[3],
			itsm.Then(ItemsByClass, itsm.ByState[Item]())},
		Number: itsm.Numbering{Prefix: "CI"},
		Keyed: []itsm.Keyed{{List: "reports", By: []string{"source"}}, {List: "locks", By: []string{"field"}}, {List: "identifiers"},
			{List: "counterparts", By: []string{"source"}},
			{List: "validated.missing"}},
		Max:      limits,
		Search:   []string{"title", "host", "serial", "address", "product", "description"},
		Fields:   o.Fields,
		Labels:   o.Labels,
		Validate: validateItem,
	})
}

// itemActions returns the actions that the lifecycle has.
func itemActions(o ItemOptions) []itsm.Offer[Item] {
	all := []itsm.Action[Item]{Plan{}, Register{}, Discover{}, Branch{}, Activate{}, TakeOut{}, BringBack{}, Retire{}, Reinstate{},
		Edit{}, Reclassify{}, Revalidate{}, SetNeeds{}, Represent{}, LockFields{}, UnlockFields{}, RestoreValue{},
		Observe{}, Miss{}, Forget{}, Absorb{}, MergeInto{}, Separate{},
		itsm.Comment[Item]{}, itsm.Relate[Item]{}, itsm.Unrelate[Item]{}, itsm.SetAttributes[Item]{}}
	has := o.Lifecycle.Actions()
	var out []itsm.Offer[Item]
	for _, a := range all {
		if slices.Contains(has, a.Name()) {
			out = append(out, itsm.Do(a))
		}
	}
	return append(out, o.Actions...)
}

// validateItem checks what an action made.
func validateItem(x *Item, c *itsm.Checker) {
	c.Required(x.Title, "title")
	c.Check(x.Asset.IsZero() || x.Asset.Kind == "asset", "asset", "kind", "value", x.Asset.Kind, "want", "asset")
	c.Check(x.State == Merged || x.Counterparts == nil, "counterparts", "goes_with_state", "state", string(Merged))
	c.Check((x.State == Merged) == !x.MergedInto.IsZero(), "merged_into", "goes_with_state", "state", string(Merged))
	if x.Needs != nil {
		if err := checkNeeds(x.Needs.Of, nil); err != nil {
			c.Fail("needs.of", "need", "error", err.Error())
		}
	}
}
