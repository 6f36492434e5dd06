package cmdb

import (
	"context"
	"strings"

	"github.com/itsmkit/itsm"
)

// Merge makes one item of two that are the same, in one write, and returns it. What sources report of the item that goes
// is reported of the one that stays: of two reports of one source the newer one counts, and of what people entered in both
// that of the item that stays. The asset moves too, unless both are one, which is refused. The locks of both stay where
// they are.
//
// The item that goes becomes [Merged] and keeps its history. Its active relations are ended with the reason, and opened at
// the item that stays: not to itself, not where it has one of the type to the same end, which takes over who says so, and
// not to an end that is no longer in use. A relation that the rules do not allow there refuses the merge, with an error that
// names it and the one in its way. So do more than 5000 relations: end those that are not needed first, in writes of their
// own.
//
// A relation that is made at the same moment, by an import too, is moved or refused where the Saver is an itsm.Transactor. A
// conflict is tried again a few times.
func (d *Database) Merge(ctx context.Context, keep, gone itsm.ID, reason string) (Item, error) {
	switch {
	case keep == gone:
		return Item{}, itsm.Invalid("gone", "same", "value", gone.String(), "want", "another item than the one that stays")
	case strings.TrimSpace(reason) == "":
		return Item{}, itsm.Invalid("reason", "required")
	}
	var out *Item
	err := d.together(ctx, func(t *together) error {
		stays, err := t.seen(keep, "keep")
		if err != nil {
			return err
		}
		goes, err := t.seen(gone, "gone")
		if err != nil {
			return err
		}
		from, to := goes.Ref(ItemName), stays.Ref(ItemName)
		into := MergeInto{Into: to, Reason: reason}
		for i := range goes.Reports {
			if r := stays.Report(goes.Reports[i].Source); r != nil {
				into.Counterparts = append(into.Counterparts, *r)
			}
		}
		// What goes lets its unique values go first.
		if _, err := t.item(gone, into); err != nil {
			return err
		}
		if out, err = t.item(keep, Absorb{From: from, Reports: goes.Reports, Asset: goes.Asset}); err != nil {
			return err
		}
		relations, err := t.relationsOf(from)
		if err != nil {
			return err
		}
		m, err := t.mover(from, to, out.Class, reason, relations)
		if err != nil {
			return err
		}
		for _, r := range relations {
			if err := m.move(r); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return Item{}, err
	}
	return d.Items.Get(ctx, out.ID)
}

// Retire takes an item out of use for good and ends its active relations with the reason, in one write. More than 5000 of
// them are refused: end them first, in writes of their own. For relations that are made at the same moment see
// [Database.Merge]. A conflict is tried again a few times.
func (d *Database) Retire(ctx context.Context, id itsm.ID, reason string) (Item, error) {
	var out *Item
	err := d.together(ctx, func(t *together) (err error) {
		if out, err = t.item(id, Retire{Reason: reason}); err != nil {
			return err
		}
		relations, err := t.relationsOf(out.Ref(ItemName))
		if err != nil {
			return err
		}
		for _, r := range relations {
			if err := t.relation(t.ctx, r, r.ID, Disconnect{Reason: reason}); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return Item{}, err
	}
	return d.Items.Get(ctx, out.ID)
}
