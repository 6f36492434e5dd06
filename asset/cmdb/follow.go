package cmdb

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/itsmkit/itsm"
)

// Follower keeps a graph in step with the records, without building it anew: [Follower.Refresh] reads what happened since
// the last time. It is safe for concurrent use. Each process has its own; there is nothing to store.
type Follower struct {
	d       *Database
	refresh sync.Mutex // one at a time
	lock    sync.RWMutex
	live    Live
	at      itsm.Position
}

// Follow compiles the graph of what the actor may see, and follows it from there. It reads the log of events to its end
// once, to know where that is.
func (d *Database) Follow(ctx context.Context) (*Follower, error) {
	f := &Follower{d: d}
	for {
		events, next, err := d.config.Items.Since(ctx, f.at, itsm.MaxPage, ItemName, RelationName)
		if err != nil {
			return nil, fmt.Errorf("cmdb: follow: %w", err)
		}
		if f.at = next; len(events) == 0 {
			break
		}
	}
	var err error
	f.live, err = d.Graph(ctx)
	return f, err
}

// Live returns the graph as it was after the last refresh.
func (f *Follower) Live() Live {
	f.lock.RLock()
	defer f.lock.RUnlock()
	return f.live
}

// Refresh takes over what happened since, and returns how many events that were. The actor must be the one of
// [Database.Follow]. After an error the graph is that of the events before it; the next refresh begins there.
func (f *Follower) Refresh(ctx context.Context) (handled int, err error) {
	in, err := scope(ctx)
	if err != nil {
		return 0, err
	}
	f.refresh.Lock()
	defer f.refresh.Unlock()
	for {
		events, next, err := f.d.config.Items.Since(ctx, f.at, itsm.MaxPage, ItemName, RelationName)
		if err != nil || len(events) == 0 {
			return handled, err
		}
		e := following{d: f.d, ctx: ctx, live: f.live, nodes: map[itsm.Ref]bool{}, edges: map[string]bool{}}
		e.live.Out = slices.Clone(e.live.Out)
		if err := e.take(in, events); err != nil {
			return handled, err
		}
		f.lock.Lock()
		f.live, f.at = e.live, next
		f.lock.Unlock()
		handled += len(events)
	}
}

// following turns events into a change of the graph. It looks at what the records are now, not at what the events say:
// so it does not matter that the graph is ahead of the events.
type following struct {
	d        *Database
	ctx      context.Context
	live     Live
	change   Change
	nodes    map[itsm.Ref]bool // looked at: whether the graph will hold it
	edges    map[string]bool   // looked at, by key
	regained []Relation        // of items that the graph did not hold
	// neighbours of what goes: records of other kinds may be left without relations.
	neighbours []itsm.Ref
}

func (e *following) take(in itsm.Scope, events []itsm.Event) error {
	var changed []itsm.ID // relations, which are looked at when it is known which items there will be
	for i := range events {
		ev := &events[i]
		switch {
		case ev.Tenant != in.Tenant:
		case ev.Subject.Kind == RelationName:
			changed = append(changed, ev.Subject.ID)
		default:
			if err := e.item(ev.Subject); err != nil {
				return err
			}
		}
	}
	for i := range e.regained {
		if err := e.relation(&e.regained[i]); err != nil {
			return err
		}
	}
	for _, id := range changed {
		r, err := e.d.Relations.Get(e.ctx, id)
		if errors.Is(err, itsm.ErrNotFound) {
			continue // purged: it had ended
		}
		if err == nil {
			err = e.relation(&r)
		}
		if err != nil {
			return err
		}
	}
	g, err := e.live.edit(e.change, true)
	if err != nil {
		return err
	}
	e.live.Graph = g
	return e.lonely()
}

// item takes over what an item is now.
func (e *following) item(ref itsm.Ref) error {
	if _, done := e.nodes[ref]; done {
		return nil
	}
	x, err := e.d.Items.Get(e.ctx, ref.ID)
	if err != nil && !errors.Is(err, itsm.ErrNotFound) {
		return err
	}
	e.live.Out = slices.DeleteFunc(e.live.Out, func(r itsm.Ref) bool { return r == ref })
	there := e.live.Has(ref)
	if err != nil || !x.IsLive() {
		e.nodes[ref] = false
		if there {
			e.change.Remove = append(e.change.Remove, ref)
			for edge := range e.live.RelationsOf(ref) {
				e.neighbours = append(e.neighbours, edge.Source, edge.Target)
			}
		}
		return nil
	}
	e.nodes[ref] = true
	e.change.Put = append(e.change.Put, x.Node())
	if x.State == OutOfService {
		e.live.Out = append(e.live.Out, ref)
		sortRefs(e.live.Out)
	}
	if there {
		return nil
	}
	for r, err := range e.d.Relations.All(e.ctx, itsm.Where(RelationsByEnd.Is(ref), itsm.ByState[Relation]().Is(Active))) {
		if err != nil {
			return err
		}
		e.regained = append(e.regained, r)
	}
	return nil
}

// relation takes over whether the two ends of a relation are related now.
func (e *following) relation(r *Relation) error {
	key := r.key()
	if _, known := e.live.rules.typeNo[r.Type]; e.edges[key] || !known { // the rules have no such type any longer
		return nil
	}
	e.edges[key] = true
	if r.State != Active { // another one may have taken its place
		page, err := e.d.Relations.Find(e.ctx, itsm.Where(RelationsByPair.Is(key)), itsm.PageRequest{Limit: 1})
		if err != nil {
			return err
		}
		if len(page.Items) == 1 {
			r = &page.Items[0]
		}
	}
	want := r.State == Active
	for _, end := range [...]itsm.Ref{r.Source, r.Target} {
		there, err := e.end(end, want)
		if err != nil {
			return err
		}
		want = want && there
	}
	if e.live.related(r.Edge()) { // also for another weight
		e.change.Unrelate = append(e.change.Unrelate, r.Edge())
	}
	if want {
		e.change.Relate = append(e.change.Relate, r.Edge())
	}
	return nil
}

// end tells whether the graph will hold a record at the end of a relation. One of another kind is added if it is wanted.
func (e *following) end(r itsm.Ref, wanted bool) (bool, error) {
	if will, looked := e.nodes[r]; looked {
		return will, nil
	}
	there := e.live.Has(r)
	if there || r.Kind == ItemName || !wanted {
		return there, nil
	}
	class := r.Kind
	if e.d.config.Others != nil {
		var err error
		if class, there, err = e.d.config.Others(e.ctx, r); err != nil || !there {
			return false, err
		}
	}
	e.nodes[r] = true
	e.change.Put = append(e.change.Put, Node{Ref: r, Class: class})
	return true, nil
}

// lonely takes away the records of other kinds that nothing is related to any longer.
func (e *following) lonely() error {
	var gone Change
	look := func(r itsm.Ref) {
		if r.Kind != ItemName && e.live.Has(r) && !e.live.isRelated(r) && !slices.Contains(gone.Remove, r) {
			gone.Remove = append(gone.Remove, r)
		}
	}
	for _, edge := range e.change.Unrelate {
		look(edge.Source)
		look(edge.Target)
	}
	for _, n := range e.change.Put {
		look(n.Ref)
	}
	for _, r := range e.neighbours {
		look(r)
	}
	if len(gone.Remove) == 0 {
		return nil
	}
	g, err := e.live.Edit(gone)
	e.live.Graph = g
	return err
}

func sortRefs(list []itsm.Ref) {
	slices.SortFunc(list, func(a, b itsm.Ref) int { return strings.Compare(a.String(), b.String()) })
}
