package cmdb

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/lifecycle"
)

// DriftQuery asks what changed without a change request.
type DriftQuery struct {
	// Baseline is what the changes are counted from; its scope holds where Scope is empty. Zero: From.
	Baseline itsm.ID   `json:"baseline,omitzero"`
	From     time.Time `json:"from,omitzero"`  // changes after this instant
	Until    time.Time `json:"until,omitzero"` // and until this one; zero: now
	// Scope limits the items: the changes of an item count if it was in the scope at any time between.
	Scope     Scope    `json:"scope,omitzero"`
	Explained []Window `json:"explained,omitempty"`
	// Undone lists the changes too that the end state does not show.
	Undone bool `json:"undone,omitempty"`
}

// Drift is what changed between two instants, and which part of it change requests explain.
type Drift struct {
	Baseline itsm.Ref  `json:"baseline,omitzero"`
	From     time.Time `json:"from"`
	Until    time.Time `json:"until"`
	Changes  []Drifted `json:"changes,omitempty"` // that no window explains, by their time
	// Explained has one entry for each window of the query: a change request that explains nothing was not done, or not as
	// it was planned.
	Explained []Explanation `json:"explained,omitempty"`
	Undone    int           `json:"undone"` // unexplained changes that the end state does not show, listed or not
}

// Explanation is how many changes a window explains. Of several windows the first that fits has the change.
type Explanation struct {
	Change  itsm.Ref `json:"change"`
	Changes int      `json:"changes"`
}

// Drifted is a change of one field by one event.
type Drifted struct {
	Of     itsm.Ref `json:"of"` // the item or the relation
	Number string   `json:"number,omitempty"`
	// Source and Target are the ends of a relation.
	Source itsm.Ref `json:"source,omitzero"`
	Target itsm.Ref `json:"target,omitzero"`
	// FieldDifference names fields as [Item.Content] does, and those of a relation "relations.runs_on.state" and so on. A
	// record that comes or goes is one change of its state.
	FieldDifference
	Event   string     `json:"event"` // see [itsm.Event].ID
	Action  string     `json:"action"`
	Time    time.Time  `json:"time"`
	Actor   itsm.Actor `json:"actor"`
	Sources []string   `json:"sources,omitempty"` // whose reports the event changed
	Undone  bool       `json:"undone,omitempty"`
}

// Drift returns the changes of what people see, see [Item.Content], between a baseline or an instant and a later one,
// that no window explains. What sources report is no drift unless it reaches a field.
//
// A change is undone where the field has again the value that it had at the beginning, or that an explained change gave
// it later, and where its record has neither been there at the beginning nor is at the end. The actor must be allowed to
// see everything, and the events are those of [Database.At]: one that was stored behind the baseline and dated back
// before it counts as drift.
func (d *Database) Drift(ctx context.Context, q DriftQuery) (Drift, error) {
	in, err := d.seesAll(ctx)
	if err != nil {
		return Drift{}, err
	}
	w := drifting{query: q, records: newHistory(d), subjects: map[any]*subject{}}
	if err := d.begin(ctx, in, &w); err != nil {
		return Drift{}, err
	}
	var more []string
	if q.Baseline != (itsm.ID{}) {
		more = append(more, BaselineName)
	}
	if err := d.replay(ctx, in, w.see, more...); err != nil {
		return Drift{}, err
	}
	if q.Baseline != (itsm.ID{}) && !w.opened {
		return Drift{}, fmt.Errorf("%s: %w", w.out.Baseline, ErrUnsettled)
	}
	return w.end(), nil
}

// begin checks the query and fills in what it leaves to the baseline.
func (d *Database) begin(ctx context.Context, in itsm.Scope, w *drifting) error {
	q := &w.query
	until, err := d.past("until", q.Until)
	if err != nil {
		return err
	}
	q.Until, q.From = until, itsm.Instant(q.From)
	known, err := d.known(ctx, in)
	if err != nil {
		return err
	}
	if err := q.Scope.check(known.judge.model, "scope"); err != nil { // that of a baseline was checked in its time
		return err
	}
	var c problemList
	c.check(q.From.IsZero() != (q.Baseline == (itsm.ID{})), "from", "required", "want", "either from or baseline")
	if q.Baseline != (itsm.ID{}) && len(c) == 0 {
		b, err := d.baseline(ctx, q.Baseline)
		if err != nil {
			return err
		}
		w.out.Baseline, q.From = b.Ref(BaselineName), b.At
		if q.Scope.isAll() {
			q.Scope = b.Scope
		}
	}
	c.check(!until.Before(q.From), "until", "before_from", "value", until.Format(time.RFC3339Nano), "from", q.From.Format(time.RFC3339Nano))
	for i, x := range q.Explained {
		x.check(&c, fmt.Sprintf("explained[%d]", i))
		w.out.Explained = append(w.out.Explained, Explanation{Change: x.Change})
	}
	if len(c) > 0 {
		return c.err()
	}
	w.windows = newWindows(q.Explained)
	w.inScope = func(x *Item) bool { return x != nil && q.Scope.holds(known.judge.model, x) }
	w.out.From, w.out.Until = q.From, until
	return nil
}

// drifting is a drift on its way through the events.
type drifting struct {
	query    DriftQuery
	windows  windows
	inScope  func(*Item) bool
	records  *history
	opened   bool // the baseline's own place in the events is behind
	subjects map[any]*subject
	order    []*subject
	out      Drift
}

// subject is an item, or a relation whatever record it is, that changed.
type subject struct {
	there bool            // now
	last  itsm.Attributes // its content when it was there last
	// agreed is the value of each field that changed, as it was at the beginning or as an explained change has made it.
	agreed map[string]string
	open   map[string][]int // by field, the unexplained changes since then, as places in Drift.Changes
	// counts says that it was in the scope; all are its changes, and explained the windows of those that have one.
	counts         bool
	all, explained []int
	ends           []itsm.Ref // of a relation
}

// see folds an event, and compares what it changed behind the beginning.
func (w *drifting) see(e *itsm.Event) error {
	switch {
	case e.Subject.Kind == BaselineName:
		w.opened = w.opened || e.Subject == w.out.Baseline
		return nil
	case e.Time.After(w.query.Until):
		return nil
	case !e.Time.After(w.query.From) && (w.out.Baseline.IsZero() || !w.opened), !reachesContent(e):
		return w.records.fold(e)
	case e.Subject.Kind == ItemName:
		return w.item(e)
	}
	return w.relation(e)
}

func (w *drifting) item(e *itsm.Event) error {
	x := recordOf(w.records.item, e.Subject.ID)
	c := comparison{event: e, key: e.Subject, before: x.Content(), from: x.State, of: []itsm.Ref{e.Subject}, counts: w.inScope(x)}
	if err := w.records.fold(e); err != nil {
		return err
	}
	c.then, c.to, c.counts = x.Content(), x.State, c.counts || w.inScope(x)
	c.entry = Drifted{Of: e.Subject, Number: x.Number}
	w.compare(c)
	return nil
}

func (w *drifting) relation(e *itsm.Event) error {
	r := recordOf(w.records.relation, e.Subject.ID)
	c := comparison{event: e, before: r.Content(), from: r.State}
	if err := w.records.fold(e); err != nil {
		return err
	}
	c.key, c.prefix, c.then, c.to, c.of = r.bond(), "relations."+r.Type+".", r.Content(), r.State, []itsm.Ref{e.Subject, r.Source, r.Target}
	c.ends = c.of[1:]
	c.entry = Drifted{Of: e.Subject, Number: r.Number, Source: r.Source, Target: r.Target}
	w.compare(c)
	return nil
}

// comparison is what an event changed in the content of a subject.
type comparison struct {
	event        *itsm.Event
	key          any
	prefix       string // of the fields of a relation
	before, then itsm.Attributes
	from, to     lifecycle.State
	of           []itsm.Ref // by which windows are found
	ends         []itsm.Ref // of a relation
	counts       bool       // the item is in the scope before or then
	entry        Drifted
}

// compare notes the changes of fields.
func (w *drifting) compare(c comparison) {
	s := w.subjects[c.key]
	switch {
	case c.before == nil && c.then == nil:
		return
	case s == nil:
		s = &subject{last: c.before, ends: c.ends, agreed: map[string]string{}, open: map[string][]int{}}
		w.subjects[c.key], w.order = s, append(w.order, s)
	}
	s.counts = s.counts || c.counts
	if c.before != nil {
		s.last = c.before
	}
	c.entry.Event, c.entry.Action, c.entry.Time, c.entry.Actor, c.entry.Sources = c.event.ID(), c.event.Action, c.event.Time, c.event.Actor, reporters(c.event)
	if s.there = c.then != nil; c.before != nil && c.then != nil {
		for _, f := range fieldChanges(c.before, c.then) {
			w.note(s, &c, f, string(f.From), string(f.To))
		}
		return
	}
	change := FieldDifference{Field: "state", From: stateText(c.from), To: stateText(c.to)}
	if !s.there {
		w.note(s, &c, change, string(change.From), "")
		return
	}
	w.note(s, &c, change, "", string(change.To))
	if s.last == nil {
		return
	}
	for _, f := range fieldChanges(s.last, c.then) { // it is there again: what was changed meanwhile shows
		if f.Field != "state" {
			w.note(s, &c, f, string(f.From), string(f.To))
		}
	}
}

// note takes a change as explained or as drift. A record that is not there has no state.
func (w *drifting) note(s *subject, c *comparison, f FieldDifference, was, is string) {
	if _, known := s.agreed[f.Field]; !known {
		s.agreed[f.Field] = was
	}
	name := c.prefix + f.Field
	if i := w.windows.first(c.entry.Time, name, c.of); i >= 0 {
		s.explained = append(s.explained, i)
		s.agreed[f.Field] = is
	} else {
		one := c.entry
		one.FieldDifference = FieldDifference{Field: name, From: f.From, To: f.To}
		s.open[f.Field] = append(s.open[f.Field], len(w.out.Changes))
		s.all = append(s.all, len(w.out.Changes))
		w.out.Changes = append(w.out.Changes, one)
	}
	if s.agreed[f.Field] == is {
		w.undo(s, f.Field)
	}
}

// undo marks the changes of a field as undone so far.
func (w *drifting) undo(s *subject, field string) {
	for _, i := range s.open[field] {
		w.out.Changes[i].Undone = true
	}
	delete(s.open, field)
}

// end marks what is left of records that are gone, keeps what is in the scope and was asked for, and orders it.
func (w *drifting) end() Drift {
	var kept []int
	for _, s := range w.order {
		if !w.isIn(s) {
			continue
		}
		for field := range s.open {
			if !s.there && field != "state" {
				w.undo(s, field)
			}
		}
		for _, i := range s.explained {
			w.out.Explained[i].Changes++
		}
		for _, i := range s.all {
			if w.out.Changes[i].Undone {
				w.out.Undone++
			}
			if w.query.Undone || !w.out.Changes[i].Undone {
				kept = append(kept, i)
			}
		}
	}
	slices.Sort(kept) // as they were stored
	all := w.out.Changes
	w.out.Changes = nil
	for _, i := range kept {
		w.out.Changes = append(w.out.Changes, all[i])
	}
	slices.SortStableFunc(w.out.Changes, func(a, b Drifted) int { return a.Time.Compare(b.Time) })
	return w.out
}

// isIn tells whether an item was in the scope at any time between, or one at the ends of a relation.
func (w *drifting) isIn(s *subject) bool {
	return s.counts || w.query.Scope.isAll() || slices.ContainsFunc(s.ends, func(r itsm.Ref) bool {
		end := w.subjects[r]
		return end != nil && end.counts || r.Kind == ItemName && w.inScope(w.records.item[r.ID])
	})
}

func stateText(state lifecycle.State) json.RawMessage {
	if state == "" {
		return nil
	}
	return json.RawMessage(quoted(string(state)))
}

// reporters returns the sources whose reports or says an event changed.
func reporters(e *itsm.Event) []string {
	var out []string
	for _, c := range e.Changes {
		for _, list := range [...]string{"/reports/", "/says/"} {
			if name, ok := strings.CutPrefix(c.Path, list); ok {
				out = append(out, unescaped.Replace(name))
			}
		}
	}
	return out
}

// unescaped is for the parts of a JSON Pointer.
var unescaped = strings.NewReplacer("~1", "/", "~0", "~")
