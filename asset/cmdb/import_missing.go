package cmdb

import (
	"slices"

	"github.com/itsmkit/itsm"
)

// miss notes of the items that the source had before, and that no row named, that they are gone.
func (r *itemImport) miss() error {
	var gone []itsm.ID
	before := r.before
	err := everyOf(r.ctx, r.d.config.Items, r.in, itsm.Where(ItemsBySource.Is(r.how.Source)), func(x *Item) {
		if _, reached := r.reached[x.ID]; reached {
			return
		}
		before++
		if _, named := r.named[x.ID]; !named && !x.Report(r.how.Source).LastAt.After(r.start) {
			gone = append(gone, x.ID)
		}
	})
	if err != nil {
		return err
	}
	if err := r.how.mayMiss(len(gone), before, "items"); err != nil {
		return err
	}
	for ids := range slices.Chunk(gone, chunkRows) {
		outcomes, _, err := apart(&r.importing, ids, r.missSome)
		if err := r.stored(0, r.sum.Stored, outcomes, err); err != nil {
			return err
		}
	}
	return nil
}

// missSome notes it of some items.
func (r *itemImport) missSome(ids []itsm.ID) ([]RowOutcome, error) {
	defer r.batch.Discard()
	found, err := r.d.config.Items.Get(r.ctx, r.in, ids...)
	if err != nil {
		return nil, err
	}
	var outcomes []RowOutcome
	for _, x := range found {
		if x == nil || x.Report(r.how.Source) == nil || x.Report(r.how.Source).Gone {
			continue
		}
		r.batch.Take(x)
		next, err := r.batch.Do(r.ctx, x.ID, Miss{Source: r.how.Source})
		if err == nil && r.how.DryRun { // another source's unique value may count now
			err = r.taken(&next)
			r.sight.put(&next)
		}
		out := RowOutcome{Result: Missed, Of: x.Ref(ItemName), State: x.State}
		switch {
		case err != nil && refuses(err):
			out.Result, out.Err = Refused, err
		case err != nil:
			return nil, err
		case r.how.Each != nil:
			out.Changes = r.j.changes(x, &next)
		}
		outcomes = append(outcomes, out)
	}
	if r.how.DryRun {
		return outcomes, r.ctx.Err()
	}
	return outcomes, r.put(r.ctx, r.batch.Writes())
}
