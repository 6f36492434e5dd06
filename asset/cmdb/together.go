package cmdb

import (
	"context"
	"errors"
	"fmt"
	"strconv"

	"github.com/itsmkit/itsm"
)

// maxTogether is how many relations a merge, a split or a retirement ends in its one write.
const maxTogether = 5000

// together is one write of several records under way.
type together struct {
	*Database
	ctx    context.Context
	in     itsm.Scope
	writes []itsm.Write
}

// together plans and stores in one transaction, where the Saver has them, and again after a conflict.
func (d *Database) together(ctx context.Context, plan func(*together) error) error {
	in, err := scope(ctx)
	if err != nil {
		return err
	}
	known, err := d.known(ctx, in)
	if err != nil {
		return err
	}
	store := func(ctx context.Context) error {
		t := &together{Database: d, ctx: known.with(ctx), in: in}
		if err := plan(t); err != nil {
			return err
		}
		return d.config.Saver.SaveAll(ctx, in, t.writes)
	}
	for try := 1; ; try++ {
		err = d.alone(ctx, store)
		if err == nil || try >= tries || itsm.InTx(ctx) || ctx.Err() != nil || !errors.Is(err, itsm.ErrConflict) {
			return err
		}
	}
}

// alone runs fn in a transaction, where the Saver has them.
func (d *Database) alone(ctx context.Context, fn func(context.Context) error) error {
	if t, ok := d.config.Saver.(itsm.Transactor); ok {
		return t.InTx(ctx, fn)
	}
	return fn(ctx)
}

// item prepares an action on an item, which is opened if the ID is zero.
func (t *together) item(id itsm.ID, a itsm.Action[Item]) (*Item, error) {
	w, _, err := t.Items.Prepare(t.ctx, id, a)
	if err != nil {
		return nil, fmt.Errorf("cmdb: %s: %w", a.Name(), err)
	}
	t.writes = append(t.writes, w)
	return w.Record.(*Item), nil
}

// relation prepares an action on a relation. The error names what it is done to.
func (t *together) relation(ctx context.Context, r *Relation, id itsm.ID, a itsm.Action[Relation]) error {
	w, _, err := t.Relations.Prepare(ctx, id, a)
	if err != nil {
		return fmt.Errorf("cmdb: %s for %s (%s): %w", a.Name(), r.Number, r.key(), err)
	}
	t.writes = append(t.writes, w)
	return nil
}

// relationsOf returns the active relations of an item, or an error that says what to do about too many.
func (t *together) relationsOf(item itsm.Ref) ([]*Relation, error) {
	var out []*Relation
	q := itsm.Where(RelationsByEnd.Is(item), itsm.ByState[Relation]().Is(Active))
	for page := (itsm.PageRequest{Limit: itsm.MaxPage}); ; {
		found, err := t.config.Relations.Find(t.ctx, t.in, q, page)
		if err != nil {
			return nil, err
		}
		if out = append(out, found.Items...); len(out) > maxTogether {
			return nil, itsm.Invalid("relations", "too_many", "item", item.String(), "max", strconv.Itoa(maxTogether), "want", "disconnect some before, in writes of their own")
		}
		if page.Cursor = found.Next; found.Next == "" {
			return out, nil
		}
	}
}

// seen loads an item that the actor may see, with the fields that are hidden from him.
func (t *together) seen(id itsm.ID, path string) (*Item, error) {
	if _, err := t.Items.Get(t.ctx, id); err != nil {
		return nil, fmt.Errorf("cmdb: %s: %w", path, err)
	}
	found, err := t.found([]itsm.ID{id})
	if err == nil && found[0] == nil {
		err = fmt.Errorf("cmdb: %s: %w", path, itsm.ErrNotFound) // erased since
	}
	if err != nil {
		return nil, err
	}
	return found[0], nil
}

// found loads items, in the order of the IDs; nil for one that is not there.
func (t *together) found(ids []itsm.ID) ([]*Item, error) {
	var out []*Item
	for len(ids) > 0 {
		n := min(len(ids), itsm.MaxPage)
		page, err := t.config.Items.Get(t.ctx, t.in, ids[:n]...)
		if err != nil {
			return nil, err
		}
		out, ids = append(out, page...), ids[n:]
	}
	return out, nil
}
