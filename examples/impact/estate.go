package main

import (
	"context"
	"encoding/binary"
	"fmt"
	"time"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/asset"
	"github.com/itsmkit/itsm/asset/cmdb"
	"github.com/itsmkit/itsm/store/memory"
)

// estate is a blueprint registered in a configuration management database, with its graph.
type estate struct {
	*blueprint
	store    *memory.Store
	database *cmdb.Database
	graph    *cmdb.Graph
	ids      uint64
	things   map[itsm.Ref]*thing
	byName   map[string]*thing
}

// now is when the story happens. The clock stands still: the same seed gives the same records.
var now = time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)

func clock() time.Time { return now }

// newID numbers the IDs, so that records have the same ones and the same order in each run.
func (e *estate) newID(t time.Time) itsm.ID {
	var id itsm.ID
	e.ids++
	binary.BigEndian.PutUint64(id[:8], uint64(t.UnixMilli())<<16|0x7000)
	binary.BigEndian.PutUint64(id[8:], 1<<63|e.ids)
	return id
}

// build registers an estate: the class model, the items and their relations, each in one write, and compiles its graph
// from what was stored.
func build(ctx context.Context, seed uint64, size int) (*estate, error) {
	e := &estate{blueprint: draw(seed, size), store: memory.New(), things: map[itsm.Ref]*thing{}, byName: map[string]*thing{}}
	models := memory.For(e.store, asset.ModelKind())
	declare, err := itsm.NewDesk(asset.ModelKind(), itsm.Config[asset.ClassModel]{Repository: models, Policy: itsm.AllowAll, Clock: clock, NewID: e.newID})
	if err != nil {
		return nil, err
	}
	if _, err := declare.Open(ctx, asset.Define{Model: "standard", Classes: model()}); err != nil {
		return nil, err
	}
	e.database, err = cmdb.New(cmdb.Config{Items: memory.For(e.store, cmdb.ItemKind()), Relations: memory.For(e.store, cmdb.RelationKind()), Saver: e.store,
		Policy: itsm.AllowAll | itsm.AllowImport, Clock: clock, NewID: e.newID, Models: models, Rules: rules(), Others: e.lookUp})
	if err != nil {
		return nil, err
	}
	if err := e.register(ctx); err != nil {
		return nil, err
	}
	if err := e.connect(ctx); err != nil {
		return nil, err
	}
	live, err := e.database.Graph(ctx)
	e.graph = live.Graph
	return e, err
}

// register registers the items. Customers, agreements and suppliers are records elsewhere in the company; here they are
// references.
func (e *estate) register(ctx context.Context) error {
	batch := e.database.Items.Batch()
	for i := range e.items {
		t := &e.items[i]
		given := map[string]any{}
		if t.critical != "" {
			given["criticality"] = t.critical
		}
		if t.cores > 0 {
			given["cores"] = t.cores
		}
		specification, err := itsm.AttributesOf(given)
		if err != nil {
			return err
		}
		p := cmdb.Particulars{Class: t.class, Title: t.name, Location: t.place, Specification: specification, Needs: t.needs}
		if t.test {
			p.Environment = "test"
		} else if !t.isPlace() {
			p.Environment = "production"
		}
		x, err := batch.Open(ctx, cmdb.Register{Item: p})
		if err != nil {
			return fmt.Errorf("%s: %w", t.name, err)
		}
		e.know(t, x.Ref(cmdb.ItemName))
	}
	for i := range e.others {
		t := &e.others[i]
		e.know(t, itsm.Ref{Kind: t.kind, ID: e.newID(now)})
	}
	return batch.Save(ctx)
}

// isPlace tells whether a thing is where others stand.
func (t *thing) isPlace() bool { return t.class == "site" || t.class == "room" || t.class == "rack" }

func (e *estate) know(t *thing, r itsm.Ref) {
	t.ref = r
	e.things[r] = t
	if t.kind == cmdb.ItemName {
		e.byName[t.name] = t
	}
}

func (e *estate) connect(ctx context.Context) error {
	batch := e.database.Relations.Batch()
	for _, r := range e.relations {
		if _, err := batch.Open(ctx, cmdb.Connect{Source: r.source.ref, Type: r.typ, Target: r.target.ref, Weight: r.weight}); err != nil {
			return fmt.Errorf("%s %s %s: %w", r.source.name, r.typ, r.target.name, err)
		}
	}
	return batch.Save(ctx)
}

// lookUp tells the database of the records that are no items.
func (e *estate) lookUp(_ context.Context, r itsm.Ref) (string, bool, error) {
	t, ok := e.things[r]
	if !ok {
		return "", false, nil
	}
	return t.class, true, nil
}

// name returns the name of an item or of another record.
func (e *estate) name(r itsm.Ref) string {
	if t := e.things[r]; t != nil {
		return t.name
	}
	return r.String()
}

func (e *estate) names(refs []itsm.Ref) []string {
	out := make([]string, 0, len(refs))
	for _, r := range refs {
		out = append(out, e.name(r))
	}
	return out
}

// of returns the things of a class, in the order in which they were drawn.
func (e *estate) of(class string) []*thing {
	var out []*thing
	for i := range e.items {
		if e.items[i].class == class {
			out = append(out, &e.items[i])
		}
	}
	for i := range e.others {
		if e.others[i].class == class {
			out = append(out, &e.others[i])
		}
	}
	return out
}

func refs(things []*thing) []itsm.Ref {
	out := make([]itsm.Ref, 0, len(things))
	for _, t := range things {
		out = append(out, t.ref)
	}
	return out
}
