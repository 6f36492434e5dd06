package casebook

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/examples/servicedesk/report"
)

// journal keeps the checkpoints of a book.
type journal struct {
	desk     *itsm.Desk[Run]
	run      Run  // as it is stored
	ahead    Run  // as the next write stores it
	next     page // since the last checkpoint
	remember func() any
}

// page is what was learnt between two checkpoints.
type page struct {
	Opened []itsm.ID       `json:"opened,omitempty"` // cases, in their order
	Visits []visit         `json:"visits,omitempty"`
	Names  []name          `json:"names,omitempty"`
	More   json.RawMessage `json:"more,omitempty"` // by whoever works with the book
}

// visit is a step of the way of a case.
type visit struct {
	Case int `json:"case"` // its place among those of the book
	report.Visit
}

// name is what a reference is called.
type name struct {
	Of   itsm.Ref `json:"of"`
	Name string   `json:"name"`
}

// OtherRunError says that a store holds another run than the one that is to go on.
type OtherRunError struct {
	What         string // "input" or "terms"
	Stored, Want string
}

// Error names both.
func (e *OtherRunError) Error() string {
	return fmt.Sprintf("the store holds a run with other %s: %s, not %s", e.What, e.Stored, e.Want)
}

// onlyRun is the external key of the run: a store holds one.
const onlyRun = "run"

// resume finds the run of the store and goes on behind its last checkpoint, or begins one.
func (b *Book) resume(ctx context.Context, o Options) error {
	kind, err := RunKind()
	if err != nil {
		return err
	}
	j := &journal{remember: o.Remember}
	if j.desk, err = itsm.NewDesk(kind, itsm.Config[Run]{Repository: b.Store.Runs(kind), Policy: itsm.AllowAll, Facts: j.facts}); err != nil {
		return err
	}
	if err := b.Store.Migrate(ctx); err != nil {
		return err
	}
	found, err := j.desk.Find(ctx, itsm.Where(itsm.ByExternal[Run]().Is(onlyRun)), itsm.PageRequest{Limit: 1})
	if err != nil {
		return err
	}
	b.journal = j
	if len(found.Items) == 0 {
		j.run, err = j.desk.Open(ctx, Begin{Input: o.Input, Terms: o.Terms}, itsm.External(onlyRun))
		return err
	}
	j.run = found.Items[0]
	switch {
	case j.run.Input != o.Input:
		return &OtherRunError{"input", j.run.Input, o.Input}
	case j.run.Terms != o.Terms:
		return &OtherRunError{"terms", j.run.Terms, o.Terms}
	}
	return b.recall(ctx, o.Recall)
}

// recall takes over what the checkpoints hold.
func (b *Book) recall(ctx context.Context, more func(*Book, json.RawMessage) error) error {
	run := &b.journal.run
	b.Done, b.Actions, b.now = run.Done, run.Actions, run.At
	if run.Random != "" {
		state, err := hex.DecodeString(run.Random)
		if err == nil {
			err = b.random.UnmarshalBinary(state)
		}
		if err != nil {
			return fmt.Errorf("run: random: %w", err)
		}
	}
	p := itsm.PageRequest{Limit: 20} // a checkpoint may be long
	for {
		events, err := b.journal.desk.History(ctx, run.ID, p)
		if err != nil {
			return err
		}
		for i := range events.Items {
			if err := b.turn(&events.Items[i], more); err != nil {
				return fmt.Errorf("run: checkpoint %d: %w", events.Items[i].Version, err)
			}
		}
		if p.Cursor = events.Next; p.Cursor == "" {
			return nil
		}
	}
}

// turn takes over one checkpoint.
func (b *Book) turn(e *itsm.Event, more func(*Book, json.RawMessage) error) error {
	for _, f := range e.Facts {
		if f.Name != learnt {
			continue
		}
		var p page
		if err := json.Unmarshal(f.Value, &p); err != nil {
			return err
		}
		for _, id := range p.Opened {
			b.Cases = append(b.Cases, &Case{ID: id, Place: len(b.Cases)})
		}
		for _, v := range p.Visits {
			if v.Case < 0 || v.Case >= len(b.Cases) {
				return errors.New("it speaks of a case that it does not have")
			}
			b.Cases[v.Case].visit(v.Visit)
		}
		for _, n := range p.Names {
			b.names[n.Of] = n.Name
		}
		if more != nil && len(p.More) > 0 {
			if err := more(b, p.More); err != nil {
				return err
			}
		}
	}
	return nil
}

// stored notes that the last checkpoint was stored.
func (j *journal) stored() {
	if j != nil {
		j.run, j.next = j.ahead, page{}
	}
}

// facts returns what was learnt since the last checkpoint.
func (j *journal) facts(_ context.Context, _ *Run, a itsm.Action[Run]) (any, error) {
	if _, ok := a.(Advance); !ok || j.remember == nil {
		return j.next, nil
	}
	raw, err := json.Marshal(j.remember())
	j.next.More = raw
	return j.next, err
}

// checkpoint makes the next one, to be stored together with what it speaks of.
func (b *Book) checkpoint(ctx context.Context) (itsm.Write, error) {
	j := b.journal
	state, err := b.random.MarshalBinary()
	if err != nil {
		return itsm.Write{}, err
	}
	// The version tells where two programs work on the same store: the second one's write is refused.
	w, run, err := j.desk.Prepare(ctx, j.run.ID, Advance{Done: b.Done, Actions: b.Actions, At: b.now, Random: hex.EncodeToString(state)},
		itsm.IfVersion(j.run.Version))
	if err == nil {
		j.ahead = run
	}
	return w, err
}
