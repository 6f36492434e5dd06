package casebook

import (
	"sync"
	"time"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/lifecycle"
)

// Run is the record of a run: how far it has come, and what it needs to go on. Each of its events is a checkpoint, and
// holds as a fact what was learnt since the one before it.
type Run struct {
	itsm.Header
	Input   string    `json:"input"`           // what is worked through
	Terms   string    `json:"terms,omitempty"` // the checksum of the terms under which clocks are kept
	Done    int       `json:"done,omitempty"`  // pieces of the input that are worked through
	Actions int       `json:"actions,omitempty"`
	At      time.Time `json:"at,omitzero"`      // the moment that was worked on last
	Random  string    `json:"random,omitempty"` // the state of the random numbers behind IDs
}

// underWay is the only state of a run, and so its final one: an input may grow.
const underWay lifecycle.State = "under_way"

// Begin opens a run.
type Begin struct {
	Input string `json:"input"`
	Terms string `json:"terms,omitempty"`
}

// Name returns "begin".
func (Begin) Name() string { return "begin" }

// Apply notes what is worked through.
func (a Begin) Apply(r *Run, _ itsm.Moment) error {
	r.Input, r.Terms = a.Input, a.Terms
	return nil
}

// Advance is a checkpoint. What was learnt comes to it as the fact of its moment.
type Advance struct {
	Done    int       `json:"done"`
	Actions int       `json:"actions"`
	At      time.Time `json:"at"`
	Random  string    `json:"random"`
}

// Name returns "advance".
func (Advance) Name() string { return "advance" }

// Apply moves the run on and keeps what was learnt on the event.
func (a Advance) Apply(r *Run, m itsm.Moment) error {
	if a.Done < r.Done {
		return itsm.Invalid("done", "range", "want", "no less than before")
	}
	r.Done, r.Actions, r.At, r.Random = a.Done, a.Actions, a.At, a.Random
	return m.Record(learnt, m.Facts)
}

// learnt is the name of the fact.
const learnt = "learnt"

var runs = sync.OnceValues(func() (*itsm.Kind[Run], error) {
	table, err := lifecycle.New([]lifecycle.Rule{
		{On: "begin", From: []lifecycle.State{""}, To: underWay},
		{On: "advance", From: []lifecycle.State{underWay}, Stay: true},
	}, underWay)
	if err != nil {
		return nil, err
	}
	return itsm.NewKind("run", itsm.Declaration[Run]{Lifecycle: table, Actions: []itsm.Offer[Run]{itsm.Do(Begin{}), itsm.Do(Advance{})}})
})

// RunKind returns the kind of [Run].
func RunKind() (*itsm.Kind[Run], error) { return runs() }
