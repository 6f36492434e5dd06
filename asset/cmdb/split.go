package cmdb

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/itsmkit/itsm"
)

// Division says what leaves an item that was taken for two.
type Division struct {
	// Sources are those whose reports leave. None, where an item that was merged lives again: all that reported it then.
	Sources []string
	// Merged is the item that lives again, one that was merged into the item; zero: a new one is opened.
	Merged itsm.ID
	Class  string // of a new item; "": that of the item
	// Relations go with what leaves: active ones of the item, or those that ended when the item that lives again was merged.
	Relations []itsm.ID
	Reason    string
}

// Split makes two items of one that was taken for two, in one write, and returns the one that stays and the one that left.
//
// A new item takes the reports of the sources, and a link "split_from". An item that was merged takes back what was
// reported of it: of a source that reported both, what it said of each before the merge, unless it has reported since; then
// its report stays. It is in use again, whatever it was before, and has its asset back if nobody gave that away since.
//
// Only the relations that are named go with it; those of the item end with the reason. Locks stay where they are. A conflict
// is tried again a few times.
func (d *Database) Split(ctx context.Context, of itsm.ID, by Division) (stays, left Item, err error) {
	if strings.TrimSpace(by.Reason) == "" {
		return Item{}, Item{}, itsm.Invalid("reason", "required")
	}
	if len(by.Relations) > maxTogether {
		return Item{}, Item{}, itsm.Invalid("relations", "too_many", "max", fmt.Sprint(maxTogether))
	}
	var out, other *Item
	err = d.together(ctx, func(t *together) (err error) {
		x, err := t.seen(of, "of")
		if err != nil {
			return err
		}
		if x.State == Merged {
			return itsm.Invalid("of", "merged", "value", of.String(), "into", x.MergedInto.String(), "want", "split it from that one first")
		}
		if by.Merged != (itsm.ID{}) {
			out, other, err = t.separate(x, by)
		} else {
			out, other, err = t.branch(x, by)
		}
		if err != nil {
			return err
		}
		return t.take(x, other, by)
	})
	if err != nil {
		return Item{}, Item{}, err
	}
	if stays, err = d.Items.Get(ctx, out.ID); err != nil {
		return Item{}, Item{}, err
	}
	left, err = d.Items.Get(ctx, other.ID)
	return stays, left, err
}

// branch opens an item with the reports of the sources.
func (t *together) branch(x *Item, by Division) (stays, left *Item, err error) {
	b := Branch{Class: by.Class, From: x.Ref(ItemName), Reason: by.Reason}
	if b.Class == "" {
		b.Class = x.Class
	}
	for _, s := range by.Sources {
		if r := x.Report(s); r != nil {
			b.Reports = append(b.Reports, *r)
		}
	}
	if len(b.Reports) == len(x.Reports) {
		return nil, nil, itsm.Invalid("sources", "all", "value", list(by.Sources), "want", "leave the report of one source at least")
	}
	if stays, err = t.item(x.ID, Forget{Sources: by.Sources}); err != nil {
		return nil, nil, err
	}
	left, err = t.item(itsm.ID{}, b)
	return stays, left, err
}

// separate gives a merged item its life back.
func (t *together) separate(x *Item, by Division) (stays, left *Item, err error) {
	gone, err := t.seen(by.Merged, "merged")
	if err != nil {
		return nil, nil, err
	}
	if gone.State != Merged || gone.MergedInto != x.Ref(ItemName) {
		return nil, nil, itsm.Invalid("merged", "not_merged_into_it", "value", by.Merged.String(), "into", gone.MergedInto.String(), "want", "an item that was merged into "+x.ID.String())
	}
	forget, back := Forget{To: gone.Ref(ItemName)}, Separate{Reason: by.Reason}
	sources := by.Sources
	if len(sources) == 0 {
		for i := range gone.Reports {
			if x.Report(gone.Reports[i].Source) != nil {
				sources = append(sources, gone.Reports[i].Source)
			}
		}
	}
	others, err := t.mergedToo(x, gone.ID)
	if err != nil {
		return nil, nil, err
	}
	for _, s := range sources {
		now := x.Report(s)
		if now == nil {
			return nil, nil, itsm.Invalid("sources", "says_nothing", "value", clip(s))
		}
		var more []Report
		for _, o := range others {
			if r := o.Report(s); r != nil {
				more = append(more, *r)
			}
		}
		of, own := gone.divide(*now, more)
		back.Reports = append(back.Reports, of)
		forget.Instead = append(forget.Instead, own...)
	}
	forget.Sources = sources
	if forget.Asset = !gone.Asset.IsZero() && x.Asset == gone.Asset; forget.Asset {
		back.Asset = gone.Asset
	}
	// What stays lets the unique values go first.
	if stays, err = t.item(x.ID, forget); err != nil {
		return nil, nil, err
	}
	left, err = t.item(by.Merged, back)
	return stays, left, err
}

// divide returns what of a report is of the merged item, and what is of the one that it was merged into, if anything:
// others are the reports of the same source of what else was merged into that one, and still is.
func (gone *Item) divide(now Report, others []Report) (of Report, own []Report) {
	was := gone.Report(now.Source)
	var kept []Report
	var both []string // keys that each of the two had before the merge
	if at := slices.IndexFunc(gone.Counterparts, func(r Report) bool { return r.Source == now.Source }); at >= 0 {
		kept, both = gone.Counterparts[at:at+1], gone.Counterparts[at].Keys
	}
	kept = slices.Concat(kept, others)
	if was == nil || len(kept) == 0 {
		return now, nil // the source reported nothing but the merged item
	}
	before := kept[0]
	for _, more := range kept[1:] {
		before = before.joined(more)
	}
	of = *was
	of.Keys = slices.DeleteFunc(slices.Clone(was.Keys), func(k string) bool { return !slices.Contains(now.Keys, k) }) // it went elsewhere
	keys := slices.DeleteFunc(slices.Clone(now.Keys), func(k string) bool { return slices.Contains(of.Keys, k) && !slices.Contains(both, k) })
	if now.LastAt.Equal(latest(was.LastAt, before.LastAt)) { // else the source has reported since, or another item has left
		now = before
	}
	now.Keys = keys
	return of, []Report{now}
}

// mergedToo returns the items that were merged into an item, and still are, but for one.
func (t *together) mergedToo(x *Item, but itsm.ID) (others []*Item, err error) {
	err = everyOf(t.ctx, t.config.Items, t.in, itsm.Where(ItemsByMerged.Is(x.Ref(ItemName))), func(o *Item) {
		if o.ID != but {
			others = append(others, o)
		}
	})
	return others, err
}

func latest(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// take gives the item that left the relations that are named.
func (t *together) take(x, left *Item, by Division) error {
	if len(by.Relations) == 0 {
		return nil
	}
	relations, err := t.named(by.Relations)
	if err != nil {
		return err
	}
	from, to := x.Ref(ItemName), left.Ref(ItemName)
	m, err := t.mover(from, to, left.Class, by.Reason, relations)
	if err != nil {
		return err
	}
	for i, r := range relations {
		at := func(e itsm.Ref) bool { return r.Source == e || r.Target == e }
		switch {
		case r.State == Active && at(from):
			err = m.move(r)
		case r.State == Ended && at(to):
			err = m.open(r, true)
		default:
			err = itsm.Invalid(fmt.Sprintf("relations[%d]", i), "not_of_the_item", "value", r.named(), "state", string(r.State), "want", "an active relation of the item, or an ended one of the item that was merged")
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// named loads relations that the actor may see by their IDs, each once, with the fields that are hidden from him.
func (t *together) named(ids []itsm.ID) ([]*Relation, error) {
	for i, id := range ids {
		if slices.Contains(ids[:i], id) {
			return nil, itsm.Invalid(fmt.Sprintf("relations[%d]", i), "twice", "value", id.String())
		}
		if _, err := t.Relations.Get(t.ctx, id); err != nil {
			return nil, fmt.Errorf("cmdb: relations[%d]: %w", i, err)
		}
	}
	var out []*Relation
	for len(ids) > 0 {
		n := min(len(ids), itsm.MaxPage)
		page, err := t.config.Relations.Get(t.ctx, t.in, ids[:n]...)
		if err != nil {
			return nil, err
		}
		out, ids = append(out, page...), ids[n:]
	}
	if i := slices.Index(out, nil); i >= 0 {
		return nil, fmt.Errorf("cmdb: relations[%d]: %w", i, itsm.ErrNotFound) // erased since
	}
	return out, nil
}
