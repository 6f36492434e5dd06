package bench_test

import (
	"context"
	"testing"

	"github.com/looplab/fsm"
	"github.com/qmuntal/stateless"
	"github.com/stretchr/testify/require"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/bench/handwritten"
	"github.com/itsmkit/itsm/incident"
)

// BenchmarkAction is one whole action: authorise, load, apply, diff, save record and event. The four names
// that are compared put an incident on hold and resume it, which is a transition that each of the peers can
// make; -assign moves it between two groups and two people, -lists is on records with three lists filled and
// attributes, -indexed with all indexes kept, because they were asked. The peers, which have no indexes, have the pairs of
// state and action of the same table.
func BenchmarkAction(b *testing.B) {
	b.Run("itsm", func(b *testing.B) { actions(b, newSubject(b, records, false), &holds) })
	b.Run("itsm-lists", func(b *testing.B) { actions(b, newSubject(b, records, true), &holds) })
	b.Run("itsm-assign", func(b *testing.B) { actions(b, newSubject(b, records, false), &assigns) })
	b.Run("itsm-indexed", func(b *testing.B) { actions(b, newIndexed(b, records), &holds) })
	b.Run("itsm-assign-indexed", func(b *testing.B) { actions(b, newIndexed(b, records), &assigns) })

	b.Run("looplab", func(b *testing.B) { looplabNew(b, pairsOf(incident.Rules())) })
	b.Run("looplab-moves", func(b *testing.B) { looplabNew(b, moves(pairsOf(incident.Rules()))) })
	b.Run("looplab-pooled", func(b *testing.B) { looplabPooled(b, pairsOf(incident.Rules())) })
	b.Run("stateless", func(b *testing.B) { statelessShared(b, pairsOf(incident.Rules())) })
	b.Run("stateless-configured", func(b *testing.B) { statelessConfigured(b, pairsOf(incident.Rules())) })

	b.Run("handwritten", func(b *testing.B) { byHand(b, newSubject(b, records, false), &holds) })
	b.Run("handwritten-lists", func(b *testing.B) { byHand(b, newSubject(b, records, true), &holds) })
	b.Run("handwritten-assign", func(b *testing.B) { byHand(b, newSubject(b, records, false), &assigns) })
}

// actions does one whole desk action after the other.
func actions(b *testing.B, s *subject, pair *[2]itsm.Action[incident.Incident]) {
	ctx := acting()
	measure(b, func(i int) error {
		id, a := turn(pair, s.ids, i)
		_, err := s.desk.Do(ctx, id, a)
		return err
	})
}

// yes is the policy of the hand-written desk; like itsm.AllowAll it is asked each time.
type yes struct{}

func (yes) Allow(context.Context, *handwritten.Actor, string, *incident.Incident) error { return nil }

// byHand does the same actions on the same records with the hand-written desk.
func byHand(b *testing.B, s *subject, pair *[2]itsm.Action[incident.Incident]) {
	d := handwritten.New(yes{})
	for _, id := range s.ids {
		rec, err := s.desk.Get(acting(), id)
		require.NoError(b, err)
		d.Put(rec)
	}
	s.desk, s.store = nil, nil // its memory is not part of this
	ctx := handwritten.WithActor(context.Background(), handwritten.Actor{ID: actor.ID, Name: actor.Name})
	measure(b, func(i int) error {
		id, a := turn(pair, s.ids, i)
		_, err := d.Do(ctx, id, a)
		return err
	})
}

// hop is the state of a record and the action that the peers do on it: on hold and back.
var hops = [2]struct{ from, on, to string }{
	{string(incident.InProgress), "hold", string(incident.OnHold)},
	{string(incident.OnHold), "resume", string(incident.InProgress)},
}

// looplabNew makes a machine for each record and fires one event on it, as the README of looplab/fsm does.
func looplabNew(b *testing.B, table []pair) {
	events := looplabEvents(table)
	ctx := context.Background()
	measure(b, func(i int) error {
		hop := &hops[i%2]
		return fsm.NewFSM(hop.from, events, fsm.Callbacks{}).Event(ctx, hop.on)
	})
	b.ReportMetric(float64(len(table)), "pairs")
}

// looplabPooled fires on one machine whose state is set beforehand.
func looplabPooled(b *testing.B, table []pair) {
	m := fsm.NewFSM("", looplabEvents(table), fsm.Callbacks{})
	ctx := context.Background()
	measure(b, func(i int) error {
		hop := &hops[i%2]
		m.SetState(hop.from)
		return m.Event(ctx, hop.on)
	})
}

// statelessShared fires on one machine that finds the record's state in the context.
func statelessShared(b *testing.B, table []pair) {
	m := stateless.NewStateMachineWithExternalStorage(loadState, storeState, stateless.FiringImmediate)
	statelessConfigure(m, table)
	state := hops[0].from
	ctx := context.WithValue(context.Background(), stateKey{}, &state)
	measure(b, func(i int) error { return m.FireCtx(ctx, hops[i%2].on) })
	require.Contains(b, []string{hops[0].to, hops[1].to}, state)
}

// statelessConfigured makes and configures a machine for each record, with the record as its storage.
func statelessConfigured(b *testing.B, table []pair) {
	state := hops[0].from
	ctx := context.WithValue(context.Background(), stateKey{}, &state)
	measure(b, func(i int) error {
		m := stateless.NewStateMachineWithExternalStorage(loadState, storeState, stateless.FiringImmediate)
		statelessConfigure(m, table)
		return m.FireCtx(ctx, hops[i%2].on)
	})
}
