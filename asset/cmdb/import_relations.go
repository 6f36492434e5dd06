package cmdb

import (
	"context"
	"iter"
	"slices"
	"strconv"

	"github.com/itsmkit/itsm"
)

// RelationRow is what a source says of one relation.
type RelationRow struct {
	Line   int // as [Row].Line
	Source Lookup
	Type   string // one of the rules
	Target Lookup
	Weight int // 0: the source says nothing of it
}

// Lookup names one end of a relation, in one of three ways.
type Lookup struct {
	Ref    itsm.Ref        // the record itself
	Key    string          // the own key of the source that is imported
	Values itsm.Attributes // what the rules recognise an item by, as [Row].Values: a serial number, or host and domain
}

// ImportRelations takes what a source says of relations: it opens those that are not there and confirms those that are.
// A complete import takes back what the source no longer says: a relation that no source says any more ends, with an
// event, and makes room where the rules allow one. Everything else is as [Database.Import] does it. A row is refused
// whose end is unknown or not clear, and one that breaks the rules.
func (d *Database) ImportRelations(ctx context.Context, rows iter.Seq2[RelationRow, error], how Import) (Summary, error) {
	common, err := d.newImporting(ctx, RelationName, how)
	if err != nil {
		return Summary{}, err
	}
	r := &relationImport{importing: common, batch: d.Relations.Batch(), reached: map[string]int{}, dry: limits{}, named: map[string]bool{}}
	if err := inChunks(ctx, rows, chunkRelations, r.chunk); err != nil {
		return r.ended(err)
	}
	if how.Complete {
		if err := r.withdraw(); err != nil {
			return r.ended(err)
		}
		waiting := r.waiting
		r.late = true
		for rows := range slices.Chunk(waiting, chunkRelations) {
			r.sum.Rows -= len(rows) // they were counted when they were read
			if err := r.chunk(rows); err != nil {
				return r.ended(err)
			}
		}
	}
	return r.sum, nil
}

// chunkRelations is how many relations are stored together: each may ask for two counts.
const chunkRelations = 250

// relationImport is an import of relations under way.
type relationImport struct {
	importing
	batch   *itsm.Batch[Relation]
	reached map[string]int // the line that reached a relation, by its key among the active ones
	lately  []string
	opened  []itsm.ID // the items at the ends of what the chunk under way opens
	before  int       // reached relations that the source had said before
	renewed int       // of before, by the chunk under way
	// waiting are rows of a complete import for which the rules have no room yet: it may be made by what the source takes
	// back. late says that this is done.
	waiting []RelationRow
	hold    []RelationRow // of waiting, by the chunk under way
	late    bool
	dry     limits          // what a dry run would have opened and ended
	named   map[string]bool // see mayMean
}

// resolved is a row with its ends.
type resolved struct {
	*RelationRow
	source, target itsm.Ref
	ends           ends
	err            error
}

// key names the relation among those that are active.
func (w *resolved) key() string { return PairKey(w.source, w.Type, w.target) }

func (r *relationImport) chunk(rows []RelationRow) error {
	if len(rows) == 0 {
		return r.ctx.Err()
	}
	done := r.turn()
	places := make([]*RelationRow, len(rows))
	for i := range rows {
		places[i] = &rows[i]
		r.number(&rows[i].Line, i)
	}
	var waiting []RelationRow
	outcomes, dealt, err := apart(&r.importing, places, func(some []*RelationRow) ([]RowOutcome, error) {
		out, err := r.attempt(some)
		if err == nil {
			waiting = append(waiting, r.hold...)
		}
		return out, err
	})
	done()
	if dealt == 0 {
		return err
	}
	r.waiting = append(r.waiting, waiting...)
	return r.stored(dealt, rows[dealt-1].Line, outcomes, err)
}

func (r *relationImport) attempt(rows []*RelationRow) ([]RowOutcome, error) {
	r.lately, r.opened, r.renewed, r.hold = r.lately[:0], r.opened[:0], 0, nil
	defer r.batch.Discard()
	outcomes, err := r.rows(rows)
	if err == nil && !r.how.DryRun {
		err = r.save(r.batch.Writes())
	}
	if err == nil {
		r.before += r.renewed
		return outcomes, r.ctx.Err()
	}
	for _, key := range r.lately {
		delete(r.reached, key)
	}
	return outcomes, err
}

// save stores what the rows of a chunk did, in one write.
func (r *relationImport) save(writes []itsm.Write) error {
	if len(r.opened) == 0 {
		return r.put(r.ctx, writes)
	}
	return r.d.alone(r.ctx, func(ctx context.Context) error {
		if err := r.stillInUse(ctx); err != nil {
			return err
		}
		return r.put(ctx, writes)
	})
}

// stillInUse finds a conflict where somebody has retired or merged an item to which something is to be related, since it
// was looked at.
func (r *relationImport) stillInUse(ctx context.Context) error {
	for ids := range slices.Chunk(r.opened, itsm.MaxPage) {
		found, err := r.d.config.Items.Get(ctx, r.in, ids...)
		if err != nil {
			return err
		}
		for i, x := range found {
			switch {
			case x == nil: // erased
				return &itsm.ConflictError{Of: itsm.Ref{Kind: ItemName, ID: ids[i]}}
			case !x.isThere():
				return &itsm.ConflictError{Of: x.Ref(ItemName), Stored: x.Version}
			}
		}
	}
	return nil
}

func (r *relationImport) rows(rows []*RelationRow) ([]RowOutcome, error) {
	all, err := r.resolve(rows)
	if err != nil {
		return nil, err
	}
	var pairs []string
	for i := range all {
		if all[i].err == nil {
			pairs = append(pairs, all[i].key())
		}
	}
	there := map[string]*Relation{}
	if err := everyIn(r.ctx, r.d.config.Relations, r.in, RelationsByPair, pairs, func(x *Relation) { there[x.key()] = x }); err != nil {
		return nil, err
	}
	counts, err := r.count(all, there)
	if err != nil {
		return nil, err
	}
	var outcomes []RowOutcome
	for i := range all {
		w := &all[i]
		out, err := r.row(w, there, counts)
		if err != nil {
			return nil, err
		}
		if out.Result != "" {
			outcomes = append(outcomes, out)
		}
	}
	return outcomes, nil
}

// row deals with one row. The result is "" for one that waits.
func (r *relationImport) row(w *resolved, there map[string]*Relation, counts limits) (RowOutcome, error) {
	out := RowOutcome{Line: w.Line}
	if w.err != nil {
		return out.refuse(w.err)
	}
	key := w.key()
	if line, twice := r.reached[key]; twice {
		return out.refuse(itsm.Invalid("", "twice", "line", strconv.Itoa(line), "want", "one row of a relation"))
	}
	if x := there[key]; x != nil {
		r.reach(key, w.Line)
		return r.confirm(w, x, out)
	}
	atSource, atTarget := limitKey("source", w.source, w.Type), limitKey("target", w.target, w.Type)
	w.ends.targets, w.ends.sources = int64(counts[atSource]), int64(counts[atTarget])
	a := Connect{Source: w.source, Type: w.Type, Target: w.target, Weight: w.Weight, By: r.how.Source}
	x, err := r.batch.Open(context.WithValue(r.ctx, endsKey{}, w.ends), a)
	switch {
	case err != nil && refuses(err) && r.how.Complete && !r.late && !w.ends.roomy():
		r.hold = append(r.hold, *w.RelationRow)
		out.Result = ""
		return out, nil
	case err != nil && refuses(err):
		return out.refuse(err)
	case err != nil:
		return out, err
	}
	r.reach(key, w.Line)
	for _, end := range [...]itsm.Ref{x.Source, x.Target} {
		if end.Kind == ItemName {
			r.opened = append(r.opened, end.ID)
		}
	}
	counts.add(&x, 1)
	if out.Result = Created; r.how.DryRun {
		r.dry.add(&x, 1)
	} else {
		out.Of = x.Ref(RelationName)
	}
	return out, nil
}

func (r *relationImport) reach(key string, line int) {
	r.reached[key], r.lately = line, append(r.lately, key)
}

// confirm notes that the source says so, too or still.
func (r *relationImport) confirm(w *resolved, x *Relation, out RowOutcome) (RowOutcome, error) {
	out.Of = x.Ref(RelationName)
	says := slices.IndexFunc(x.Says, func(s Say) bool { return s.Source == r.how.Source })
	if says >= 0 {
		r.renewed++
	}
	now := r.d.config.Clock.Now()
	if says >= 0 && (w.Weight == 0 || w.Weight == x.Says[says].Weight) && now.Sub(x.Says[says].LastAt) < r.j.refresh(r.how.Source) {
		if weight, _ := r.j.weight(x, now); weight == x.Weight { // no source has become stale
			out.Result = Unchanged
			return out, nil
		}
	}
	r.batch.Take(x)
	next, err := r.batch.Do(r.ctx, x.ID, Confirm{By: r.how.Source, Weight: w.Weight})
	switch {
	case err != nil && refuses(err):
		return out.refuse(err)
	case err != nil:
		return out, err
	}
	out.Result = Noted
	was, is := max(x.Weight, 1), max(next.Weight, 1)
	_, wasBy := r.j.weight(x, x.UpdatedAt)
	_, by := r.j.weight(&next, now)
	if was != is {
		out.Result = Changed
		out.Changes = []FieldChange{{Field: "weight", From: strconv.Itoa(was), To: strconv.Itoa(is)}}
		if by != wasBy {
			out.Changes[0].Was = wasBy
		}
	}
	if w.Weight != 0 && w.Weight != is {
		out.Overruled = []Overruled{{Field: "weight", Claim: strconv.Itoa(w.Weight), Value: strconv.Itoa(is), By: by}}
	}
	return out, nil
}

// withdraw takes back what the source said before and no row says.
func (r *relationImport) withdraw() error {
	var gone []itsm.ID
	before := r.before
	err := everyOf(r.ctx, r.d.config.Relations, r.in, itsm.Where(RelationsBySays.Is(r.how.Source)), func(x *Relation) {
		if _, reached := r.reached[x.key()]; reached {
			return
		}
		before++
		if !r.mayMean(x) {
			gone = append(gone, x.ID)
		}
	})
	if err != nil {
		return err
	}
	if err := r.how.mayMiss(len(gone), before, "relations"); err != nil {
		return err
	}
	for ids := range slices.Chunk(gone, chunkRelations) {
		outcomes, _, err := apart(&r.importing, ids, r.withdrawSome)
		if err := r.stored(0, r.sum.Stored, outcomes, err); err != nil {
			return err
		}
	}
	return nil
}

func (r *relationImport) withdrawSome(ids []itsm.ID) ([]RowOutcome, error) {
	defer r.batch.Discard()
	found, err := r.d.config.Relations.Get(r.ctx, r.in, ids...)
	if err != nil {
		return nil, err
	}
	var outcomes []RowOutcome
	for _, x := range found {
		if x == nil || x.State != Active || !slices.ContainsFunc(x.Says, func(s Say) bool { return s.Source == r.how.Source }) {
			continue
		}
		r.batch.Take(x)
		next, err := r.batch.Do(r.ctx, x.ID, Withdraw{By: r.how.Source})
		out := RowOutcome{Result: Missed, Of: x.Ref(RelationName), State: next.State}
		switch {
		case err != nil && refuses(err):
			out.Result, out.Err = Refused, err
		case err != nil:
			return nil, err
		case next.State == Ended && r.how.DryRun:
			r.dry.add(x, -1)
		}
		outcomes = append(outcomes, out)
	}
	if r.how.DryRun {
		return outcomes, r.ctx.Err()
	}
	return outcomes, r.put(r.ctx, r.batch.Writes())
}
