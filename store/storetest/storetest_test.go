package storetest_test

import (
	"context"
	"errors"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/incident"
	"github.com/itsmkit/itsm/store/memory"
	"github.com/itsmkit/itsm/store/storetest"
	"github.com/stretchr/testify/require"
)

// onMemory returns the harness of a memory store; opening it again is an archive that another store reads.
func onMemory(s *memory.Store) storetest.Harness {
	return storetest.Harness{
		Things: memory.For(s, storetest.Things()), Others: memory.For(s, storetest.Others()), Saver: s, Transactor: s,
		Reopen: func() (storetest.Harness, error) {
			next := memory.New()
			again := onMemory(next)
			return again, carryOver(s, next)
		},
	}
}

func TestMemoryStore(t *testing.T) {
	storetest.Run(t, func(*testing.T) storetest.Harness { return onMemory(memory.New()) })
}

func BenchmarkMemoryStore(b *testing.B) {
	storetest.Benchmark(b, func(*testing.B) storetest.Harness { return onMemory(memory.New()) })
}

// someIncident makes an action of an incident, many of them possible.
func someIncident(rnd *rand.Rand, rec *incident.Incident) itsm.Action[incident.Incident] {
	levels := []incident.Level{incident.High, incident.Medium, incident.Low}
	word := []string{"mail", "Mail down", "printer", "çy", ""}[rnd.IntN(5)]
	if rec == nil {
		return incident.Report{Title: "mail " + word, Impact: levels[rnd.IntN(3)], Urgency: levels[rnd.IntN(3)], Caller: word}
	}
	switch rnd.IntN(7) {
	case 0:
		return incident.Assign{Group: "desk", To: word}
	case 1:
		return incident.Resolve{Code: incident.Fixed, Text: "restarted"}
	case 2:
		return incident.Confirm{}
	case 3:
		return incident.Prioritise{Impact: levels[rnd.IntN(3)], Urgency: levels[rnd.IntN(3)]}
	case 4:
		return incident.Reopen{Reason: "again"}
	case 5:
		return incident.Affect{Items: []itsm.Ref{{Kind: "ci", ID: itsm.ID{1 + byte(rnd.IntN(3))}}}}
	}
	return incident.Edit{Title: word, Location: word}
}

func TestRunKind(t *testing.T) {
	storetest.RunKind(t, incident.Kind(), func(*testing.T) itsm.Repository[incident.Incident] {
		return memory.For(memory.New(), incident.Kind())
	}, someIncident)
	storetest.RunKind(t, incident.Kind(), func(*testing.T) itsm.Repository[incident.Incident] {
		return ListOf(NewListStore(), incident.Kind())
	}, someIncident)
}

// TestPlayKindCatches: a store that is wrong for one kind is found with that kind, and a generator that makes
// nothing is told so.
func TestPlayKindCatches(t *testing.T) {
	play := func(breaks func(*methods[incident.Incident]), action func(*rand.Rand, *incident.Incident) itsm.Action[incident.Incident]) error {
		m := &methods[incident.Incident]{Repository: memory.For(memory.New(), incident.Kind())}
		breaks(m)
		return storetest.PlayKind(t.Context(), incident.Kind(), m, rand.New(rand.NewPCG(1, 1)), action)
	}
	require.NoError(t, play(func(*methods[incident.Incident]) {}, someIncident))
	require.ErrorContains(t, play(func(m *methods[incident.Incident]) {
		m.get = func(ctx context.Context, in itsm.Scope, ids ...itsm.ID) ([]*incident.Incident, error) {
			found, err := m.Repository.Get(ctx, in, ids...)
			for i := range found {
				rec := *found[i]
				rec.Location = ""
				found[i] = &rec
			}
			return found, err
		}
	}, someIncident), "location: wanted")
	require.ErrorContains(t, play(func(m *methods[incident.Incident]) {
		m.find = func(ctx context.Context, in itsm.Scope, q itsm.Query[incident.Incident], p itsm.PageRequest) (itsm.Page[*incident.Incident], error) {
			if q.Order.Index == "priority" {
				q.Order.Desc = false
			}
			return m.Repository.Find(ctx, in, q, p)
		}
	}, someIncident), "order priority desc true")
	require.ErrorContains(t, play(func(*methods[incident.Incident]) {}, func(*rand.Rand, *incident.Incident) itsm.Action[incident.Incident] {
		return incident.Confirm{}
	}), "let the generator make more")
	down := errors.New("down")
	require.ErrorIs(t, play(func(m *methods[incident.Incident]) {
		m.save = func(context.Context, itsm.Scope, ...itsm.Commit[incident.Incident]) error { return down }
	}, someIncident), down)
}

// TestMessages: a check fails with the first difference: where, what was wanted, what was there.
func TestMessages(t *testing.T) {
	cut := broken(func(w *wrapped) { w.saves(func(rec *thing) { rec.Content.Title = rec.Content.Title[:1] }) })
	err := named(t, "value/every").Run(t.Context(), cut)
	require.EqualError(t, err, `value/every: every field: Get of TH0001: content.title: wanted "every", got "e"`)
}

// TestDifference: the first difference is told as where, what was wanted and what there is; times are the same
// only as the same instant in UTC, and an absent list is not an empty one.
func TestDifference(t *testing.T) {
	at := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		want, got any
		is        string
	}{
		{1, 2, "wanted 1, got 2"},
		{1, "1", "wanted int, got string"},
		{1, nil, "wanted 1, got nothing"},
		{"a", "a", ""},
		{[]string{"a"}, []string{"a", "b"}, `[1]: wanted the end, got "b": 2 items instead of 1`},
		{[]string{"a", "b"}, []string{"a"}, `[1]: wanted "b", got the end: 1 items instead of 2`},
		{[]string(nil), []string{}, "wanted an absent list, got an empty list"},
		{[]byte("ab"), []byte("ac"), "wanted ab, got ac"},
		{map[string]int{"a": 1}, map[string]int{}, "a: wanted 1, got nothing"},
		{storetest.Content{Tags: []string{"x"}}, storetest.Content{Tags: []string{"y"}}, `tags[0]: wanted "x", got "y"`},
		{&storetest.Pause{}, (*storetest.Pause)(nil), `wanted {"reason":""}, got nothing`},
		{at, at.In(time.FixedZone("there", 3600)), "wanted 2026-01-01T00:00:00Z, got 2026-01-01T01:00:00+01:00"},
		{at, at.Add(time.Nanosecond), "wanted 2026-01-01T00:00:00Z, got 2026-01-01T00:00:00.000000001Z"},
	} {
		require.Equal(t, c.is, storetest.Difference(c.want, c.got))
	}
}
