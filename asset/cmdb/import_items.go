package cmdb

import (
	"cmp"
	"context"
	"iter"
	"slices"
	"strconv"

	"github.com/itsmkit/itsm"
)

// Import takes what a source reports of items. Each row is recognised by the source's own key, then by the rules of the
// [Reconciliation] in order; it opens an item, is observed of the one that it is, or needs a person: see [Candidate]. A
// row that says what its source said before writes nothing, so that an import may be run again at any time; one that has
// neither a key nor what a rule recognises is refused, since it would open another item each time. A row that is wrong is
// refused by its outcome and stops no other.
//
// Rows are stored some hundred at a time, each such chunk whole or not at all; one with a unique value that is taken row by
// row. An import that ends early, by an error of
// the rows, of the store or of Each, returns an [ImportError] with what was dealt with until then. The actor needs the
// permission itsm.Import. Imports may run at once, also in several processes: where the Saver is an itsm.Transactor, an item
// that two of them meet first at the same moment is opened once.
//
// Memory: 40 bytes or so for each row; of a dry run, every item that it would make.
func (d *Database) Import(ctx context.Context, rows iter.Seq2[Row, error], how Import) (Summary, error) {
	r, err := d.newItemImport(ctx, how)
	if err != nil {
		return Summary{}, err
	}
	if err := inChunks(ctx, rows, chunkRows, r.chunk); err != nil {
		return r.ended(err)
	}
	if how.Complete {
		if err := r.miss(); err != nil {
			return r.ended(err)
		}
	}
	return r.sum, nil
}

// itemImport is an import of items under way.
type itemImport struct {
	importing
	batch   *itsm.Batch[Item]
	sight   *sight
	reached map[itsm.ID]int      // the line that reached an item
	named   map[itsm.ID]struct{} // items that rows found and did not reach: they are not gone
	before  int                  // reached items of which the source had said something before
	asked   map[string]int       // the line that needed a person, by what its candidate is known by
	lately  []itsm.ID            // reached by the chunk under way
	asking  []string             // asked by it
	opened  []string             // the identifiers of what the chunk under way opens
	renewed int                  // of before, by the chunk under way
	people  people
	dry     dry
}

func (d *Database) newItemImport(ctx context.Context, how Import) (*itemImport, error) {
	common, err := d.newImporting(ctx, ItemName, how)
	if err != nil {
		return nil, err
	}
	r := &itemImport{importing: common, batch: d.Items.Batch(), sight: newSight(), reached: map[itsm.ID]int{}, named: map[itsm.ID]struct{}{},
		asked: map[string]int{}, dry: dry{map[string]itsm.ID{}}}
	r.people.of = &r.importing
	return r, r.people.load()
}

// reading is a row with what the rules read from it.
type reading struct {
	*Row
	traits traits
	claims itsm.Attributes
	err    error // it is refused
}

// chunk deals with some rows: all are stored, or none.
func (r *itemImport) chunk(rows []Row) error {
	if len(rows) == 0 {
		return r.ctx.Err()
	}
	done := r.turn()
	readings := make([]reading, len(rows))
	for i := range rows {
		r.number(&rows[i].Line, i)
		readings[i] = r.read(&rows[i])
	}
	outcomes, dealt, err := apart(&r.importing, readings, r.attempt)
	done()
	if dealt == 0 {
		return err
	}
	return r.stored(dealt, rows[dealt-1].Line, outcomes, err)
}

// attempt recognises the rows and stores what they do. What a single row with a unique value that is taken reached, it has
// reached: the source names it.
func (r *itemImport) attempt(readings []reading) ([]RowOutcome, error) {
	r.lately, r.asking, r.opened, r.renewed = r.lately[:0], r.asking[:0], r.opened[:0], 0
	outcomes := make([]RowOutcome, 0, len(readings))
	err := r.ask(readings)
	for i := 0; i < len(readings) && err == nil; i++ {
		var out RowOutcome
		out, err = r.row(&readings[i])
		outcomes = append(outcomes, out)
	}
	if err == nil {
		err = r.save(r.batch.Writes())
	}
	r.batch.Discard()
	if err == nil || len(readings) == 1 && isTaken(err) {
		r.before += r.renewed
	} else {
		for _, id := range r.lately {
			delete(r.reached, id)
		}
		for _, claim := range r.asking {
			delete(r.asked, claim)
		}
	}
	if err == nil {
		return outcomes, nil
	}
	r.sight.saved()
	if undone := r.people.undo(); undone != nil {
		err = undone
	}
	return outcomes, err
}

// save stores what the rows of a chunk did, in one write.
func (r *itemImport) save(writes []itsm.Write) error {
	if r.how.DryRun {
		return r.ctx.Err()
	}
	writes = append(writes, r.people.writes()...)
	var err error
	if len(r.opened) == 0 {
		err = r.put(r.ctx, writes)
	} else {
		err = r.d.alone(r.ctx, func(ctx context.Context) error {
			if err := r.stillNew(ctx); err != nil {
				return err
			}
			return r.put(ctx, writes)
		})
	}
	if err != nil {
		return err
	}
	r.people.saved()
	r.sight.saved()
	return nil
}

// stillNew finds a conflict where another import has opened an item since, with an identifier of one that is to be opened.
func (r *itemImport) stillNew(ctx context.Context) error {
	now := newSight()
	if err := now.ask(ctx, r.d.config.Items, r.in, r.opened); err != nil {
		return err
	}
	for _, id := range r.opened {
		for _, x := range now.stored[id] {
			if !slices.ContainsFunc(r.sight.stored[id], func(o *Item) bool { return o.ID == x.ID }) {
				return &itsm.ConflictError{Of: x.Ref(ItemName), Stored: x.Version}
			}
		}
	}
	return nil
}

// read makes of a row what the rules read from it.
func (r *itemImport) read(row *Row) reading {
	out := reading{Row: row}
	if r.j.model.Is(row.Class, row.Class) {
		out.claims, out.err = r.j.read(row.Class, row.Values, row.Plain)
	} else {
		out.err = r.j.model.MayHold(row.Class)
	}
	if out.err == nil && len(row.Key) > maxKey {
		out.err = itsm.Invalid("key", "too_long", "max", strconv.Itoa(maxKey))
	}
	if out.err != nil {
		out.traits = traits{class: row.Class, key: keyOf(r.how.Source, row.Key)}
		return out
	}
	out.traits = r.j.traitsOf(r.how.Source, row.Class, row.Key, out.claims)
	if out.traits.isEmpty() { // the next import would not recognise what this one opened
		out.err = itsm.Invalid("values", "identify_nothing", "want", "a key of the source, or values that identify: "+r.j.identifying(row.Class))
	}
	return out
}

// ask reads the items that rows may be: first by the sources' keys, then by what these do not settle.
func (r *itemImport) ask(readings []reading) error {
	r.sight.again()
	ids := make([]string, 0, 2*len(readings))
	for i := range readings {
		if key := readings[i].traits.key; key != "" {
			ids = append(ids, key)
		}
	}
	if err := r.sight.ask(r.ctx, r.d.config.Items, r.in, ids); err != nil {
		return err
	}
	ids = ids[:0]
	for i := range readings {
		t := &readings[i].traits
		known := r.sight.find(t.key)
		for id := range t.each {
			if len(known) != 1 || !slices.Contains(known[0].Identifiers, id) {
				ids = append(ids, id)
			}
		}
	}
	return r.sight.ask(r.ctx, r.d.config.Items, r.in, ids)
}

// row deals with one row.
func (r *itemImport) row(w *reading) (RowOutcome, error) {
	out := RowOutcome{Line: w.Line}
	v := r.j.recognise(&w.traits, r.sight.find)
	x, by := v.item, v.by
	if err := cmp.Or(w.err, r.askedBefore(w)); err != nil {
		r.name(v.found)
		return out.refuse(err)
	}
	switch {
	case v.why != "":
		claim := w.claim(r.how.Source)
		r.asked[claim], r.asking = w.Line, append(r.asking, claim)
		var err error
		if x, err = r.people.ask(w, &v, &out); err != nil {
			return out, err
		}
		r.name(v.found)
		if x == nil {
			return out, nil
		}
		by = "decision"
	case x == nil:
		return r.open(w, out)
	}
	if line, twice := r.reached[x.ID]; twice {
		return out.refuse(itsm.Invalid("", "twice", "line", strconv.Itoa(line), "item", x.Ref(ItemName).String(), "by", by,
			"want", "one row of an item"))
	}
	r.reach(x.ID, w.Line)
	if old := x.Report(r.how.Source); old != nil && !old.Gone {
		r.renewed++
	}
	out.Of, out.By, out.State = x.Ref(ItemName), by, x.State
	return r.observe(w, x, out)
}

// askedBefore refuses a second row of something that a person must decide.
func (r *itemImport) askedBefore(w *reading) error {
	if len(r.asked) == 0 {
		return nil
	}
	line, asked := r.asked[w.claim(r.how.Source)]
	if !asked {
		return nil
	}
	return itsm.Invalid("", "twice", "line", strconv.Itoa(line), "want", "one row of an item")
}

func (o RowOutcome) refuse(err error) (RowOutcome, error) {
	o.Result, o.Err = Refused, err
	return o, nil
}

// name notes that items are spoken of.
func (r *itemImport) name(found []Evidence) {
	for _, e := range found {
		r.named[e.Item.ID] = struct{}{}
	}
}

func (r *itemImport) reach(id itsm.ID, line int) {
	r.reached[id], r.lately = line, append(r.lately, id)
}

// open opens the item of a row that no rule recognises.
func (r *itemImport) open(w *reading, out RowOutcome) (RowOutcome, error) {
	x, err := r.batch.Open(r.ctx, Discover{Class: w.Class, Source: r.how.Source, Key: w.Key, Values: w.claims})
	if err == nil && r.how.DryRun {
		err = r.taken(&x)
	}
	switch {
	case err != nil && refuses(err):
		return out.refuse(err)
	case err != nil:
		return out, err
	}
	r.reach(x.ID, w.Line)
	r.sight.put(&x)
	for _, id := range x.Identifiers {
		if r.sight.asked[id] {
			r.opened = append(r.opened, id)
		}
	}
	out.Result, out.State = Created, x.State
	if !r.how.DryRun {
		out.Of = x.Ref(ItemName)
	}
	if r.how.Each != nil {
		out.Changes = r.j.changes(&Item{}, &x)
	}
	return out, r.people.settle(w, x.Ref(ItemName))
}

// observe reports a row of the item that it is.
func (r *itemImport) observe(w *reading, x *Item, out RowOutcome) (RowOutcome, error) {
	if r.j.repeats(x, r.how.Source, w, r.d.config.Clock.Now()) {
		out.Result = Unchanged
		return out, r.people.settle(w, out.Of)
	}
	r.batch.Take(x)
	a := Observe{Source: r.how.Source, Class: r.j.related(w.Class, x.Class), Key: w.Key, Values: w.claims}
	next, err := r.batch.Do(r.ctx, x.ID, a)
	if err == nil && r.how.DryRun {
		err = r.taken(&next)
	}
	switch {
	case err != nil && refuses(err):
		return out.refuse(err)
	case err != nil:
		return out, err
	}
	r.sight.put(&next)
	if out.Result = Noted; changed(x, &next) {
		out.Result = Changed
	}
	if r.how.Each != nil {
		out.Changes, out.Overruled = r.j.changes(x, &next), r.j.overruled(&next, w)
	}
	return out, r.people.settle(w, out.Of)
}
