package cmdb

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"
	"time"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/asset"
	"github.com/itsmkit/itsm/lifecycle"
)

// Differences are what a snapshot has that another one has not, in a scope. Items are sorted by ID, relations by their
// ends and type, fields by name; there is nothing in it that depends on when it was made.
type Differences struct {
	From      time.Time           `json:"from"`
	To        time.Time           `json:"to"`
	Items     ItemDifferences     `json:"items,omitzero"`
	Relations RelationDifferences `json:"relations,omitzero"`
}

// ItemDifferences are those of items.
type ItemDifferences struct {
	Added   []HeldItem       `json:"added,omitempty"`
	Removed []HeldItem       `json:"removed,omitempty"` // as they were before: they were retired or merged since, or purged
	Changed []ItemDifference `json:"changed,omitempty"`
}

// RelationDifferences are those of relations. A relation that ended and was opened again by another record is the same.
type RelationDifferences struct {
	Added   []HeldRelation       `json:"added,omitempty"`
	Ended   []HeldRelation       `json:"ended,omitempty"`
	Changed []RelationDifference `json:"changed,omitempty"`
}

// HeldItem is an item with its content at an instant, see [Item.Content].
type HeldItem struct {
	Item    itsm.Ref        `json:"item"`
	Number  string          `json:"number,omitempty"`
	Content itsm.Attributes `json:"content"`
	// Became is the state of an item that was removed: retired or merged, "" of one that was purged.
	Became lifecycle.State `json:"became,omitempty"`
	of     *Item
}

// HeldRelation is a relation with its content at an instant, see [Relation.Content].
type HeldRelation struct {
	Source  itsm.Ref        `json:"source"`
	Type    string          `json:"type"`
	Target  itsm.Ref        `json:"target"`
	Content itsm.Attributes `json:"content"`
	of      *Relation
}

// ItemDifference is what differs in an item that is in both snapshots.
type ItemDifference struct {
	Item   itsm.Ref          `json:"item"`
	Number string            `json:"number,omitempty"`
	Class  string            `json:"class"` // in the later one, as the title
	Title  string            `json:"title,omitempty"`
	Fields []FieldDifference `json:"fields"`
}

// RelationDifference is what differs in a relation that is in both.
type RelationDifference struct {
	Source itsm.Ref          `json:"source"`
	Type   string            `json:"type"`
	Target itsm.Ref          `json:"target"`
	Fields []FieldDifference `json:"fields"`
}

// FieldDifference is the old and the new value of a field of a [Item.Content] as JSON; an absent one is empty.
type FieldDifference struct {
	Field string          `json:"field"`
	From  json.RawMessage `json:"from,omitempty"`
	To    json.RawMessage `json:"to,omitempty"`
}

// IsEmpty tells that there is no difference.
func (d Differences) IsEmpty() bool {
	return len(d.Items.Added)+len(d.Items.Removed)+len(d.Items.Changed)+len(d.Relations.Added)+len(d.Relations.Ended)+len(d.Relations.Changed) == 0
}

// Diff returns what differs from one snapshot to another one. An item is looked at if it is in the scope in either. The
// error is an unknown class of the scope.
func Diff(from, to Snapshot, in Scope) (Differences, error) {
	model := to.classes()
	out := Differences{From: from.At, To: to.At}
	if err := in.check(model, "scope"); err != nil {
		return out, err
	}
	before, then := from.heldItems(), to.heldItems()
	inScope := map[itsm.Ref]bool{}
	merge(before, then, func(a, b HeldItem) int { return bytes.Compare(a.Item.ID[:], b.Item.ID[:]) }, func(a, b *HeldItem) {
		if (a == nil || !in.holds(model, a.of)) && (b == nil || !in.holds(model, b.of)) {
			return
		}
		switch {
		case a == nil:
			inScope[b.Item] = true
			out.Items.Added = append(out.Items.Added, *b)
		case b == nil:
			inScope[a.Item] = true
			removed := *a
			if now, ok := to.Item(a.Item.ID); ok {
				removed.Became = now.State
			}
			out.Items.Removed = append(out.Items.Removed, removed)
		default:
			inScope[a.Item] = true
			if fields := fieldChanges(a.Content, b.Content); len(fields) > 0 {
				out.Items.Changed = append(out.Items.Changed, ItemDifference{Item: b.Item, Number: b.Number, Class: b.of.Class, Title: b.of.Title, Fields: fields})
			}
		}
	})
	merge(from.heldRelations(), to.heldRelations(), func(a, b HeldRelation) int { return a.bond().compare(b.bond()) }, func(a, b *HeldRelation) {
		one := a
		if one == nil {
			one = b
		}
		if !in.isAll() && !inScope[one.Source] && !inScope[one.Target] {
			return
		}
		switch {
		case a == nil:
			out.Relations.Added = append(out.Relations.Added, *b)
		case b == nil:
			out.Relations.Ended = append(out.Relations.Ended, *a)
		default:
			if fields := fieldChanges(a.Content, b.Content); len(fields) > 0 {
				out.Relations.Changed = append(out.Relations.Changed, RelationDifference{a.Source, a.Type, a.Target, fields})
			}
		}
	})
	return out, nil
}

// merge walks two sorted lists at once: nil stands for what one of them has not.
func merge[T any](a, b []T, compare func(a, b T) int, see func(a, b *T)) {
	for i, j := 0, 0; i < len(a) || j < len(b); {
		var order int
		switch {
		case i == len(a):
			order = 1
		case j == len(b):
			order = -1
		default:
			order = compare(a[i], b[j])
		}
		switch {
		case order < 0:
			see(&a[i], nil)
			i++
		case order > 0:
			see(nil, &b[j])
			j++
		default:
			see(&a[i], &b[j])
			i, j = i+1, j+1
		}
	}
}

// fieldChanges returns what differs between two contents.
func fieldChanges(before, then itsm.Attributes) []FieldDifference {
	var out []FieldDifference
	merge(before, then, func(a, b itsm.Attribute) int { return strings.Compare(a.Key, b.Key) }, func(a, b *itsm.Attribute) {
		switch {
		case a == nil:
			out = append(out, FieldDifference{Field: b.Key, To: json.RawMessage(b.Value)})
		case b == nil:
			out = append(out, FieldDifference{Field: a.Key, From: json.RawMessage(a.Value)})
		case a.Value != b.Value:
			out = append(out, FieldDifference{Field: a.Key, From: json.RawMessage(a.Value), To: json.RawMessage(b.Value)})
		}
	})
	return out
}

func (r HeldRelation) bond() bond { return bond{r.Source, r.Type, r.Target} }

// classes returns the class model of a snapshot, the standard one if it was made by hand.
func (s Snapshot) classes() *asset.Model {
	if s.model == nil {
		return StandardModel()
	}
	return s.model
}

// heldItems returns the items that have a content, by ID.
func (s Snapshot) heldItems() []HeldItem {
	var out []HeldItem
	for i := range s.Items {
		x := &s.Items[i]
		if content := x.Content(); content != nil {
			out = append(out, HeldItem{Item: x.Ref(ItemName), Number: x.Number, Content: content, of: x})
		}
	}
	return out
}

// heldRelations returns the active relations, by their ends and type.
func (s Snapshot) heldRelations() []HeldRelation {
	var out []HeldRelation
	for i := range s.Relations {
		r := &s.Relations[i]
		if content := r.Content(); content != nil {
			out = append(out, HeldRelation{r.Source, r.Type, r.Target, content, r})
		}
	}
	slices.SortFunc(out, func(a, b HeldRelation) int { return a.bond().compare(b.bond()) })
	return out
}

// held returns what is in a scope.
func (s Snapshot) held(in Scope) ([]HeldItem, []HeldRelation) {
	items, relations, inScope := s.heldItems(), s.heldRelations(), map[itsm.Ref]bool{}
	if in.isAll() {
		return items, relations
	}
	model := s.classes()
	items = slices.DeleteFunc(items, func(x HeldItem) bool { return !in.holds(model, x.of) })
	for _, x := range items {
		inScope[x.Item] = true
	}
	return items, slices.DeleteFunc(relations, func(r HeldRelation) bool { return !inScope[r.Source] && !inScope[r.Target] })
}
