package storetest

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/itsmkit/itsm"
)

// RunKind plays random actions with a host's own kind on its own store: open returns the repository of the kind in
// a fresh store. action makes an action from random numbers: one that opens a record where rec is nil, else one for
// the record, which it must not write to. It may well be one that is refused.
//
// After each action the stored record must be the one that the desk returned, after a refused one the one before,
// and in the end every history must replay to its record, and every index find what the definition finds. The same
// seed makes the same run, as far as action takes its chances from rnd alone. desk may add to what the desk works with,
// such as the Facts that the actions of the kind ask for.
func RunKind[T any](t *testing.T, k *itsm.Kind[T], open func(t *testing.T) itsm.Repository[T], action func(rnd *rand.Rand, rec *T) itsm.Action[T],
	desk ...func(*itsm.Config[T])) {
	t.Helper()
	for seed := range uint64(3) {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			if err := PlayKind(t.Context(), k, open(t), rand.New(rand.NewPCG(seed, 1)), action, desk...); err != nil {
				t.Error(err)
			}
		})
	}
}

// played is how many actions PlayKind tries, and on how many records.
const (
	played     = 400
	playedWith = 25
)

// PlayKind is one run of [RunKind], for hosts that test without package testing. It returns the first difference.
func PlayKind[T any](ctx context.Context, k *itsm.Kind[T], repo itsm.Repository[T], rnd *rand.Rand, action func(rnd *rand.Rand, rec *T) itsm.Action[T],
	desk ...func(*itsm.Config[T])) error {
	clock := trial{clock: newTicks()}
	config := itsm.Config[T]{Repository: repo, Policy: itsm.AllowAll, Clock: clock.now}
	for _, add := range desk {
		add(&config)
	}
	on, err := itsm.NewDesk(k, config)
	if err != nil {
		return err
	}
	g := game[T]{kind: k, repo: repo, desk: on, ctx: itsm.System(ctx, acme), records: map[itsm.ID]T{}}
	for n := range played {
		if err := g.move(rnd, action); err != nil {
			return fmt.Errorf("move %d: %w", n, err)
		}
	}
	if g.done < played/20 {
		return fmt.Errorf("of %d actions %d were done: let the generator make more that the kind accepts; the last refusal was: %w", played, g.done, g.refusal)
	}
	return g.end()
}

// game is a run of random actions and what must come of them.
type game[T any] struct {
	kind    *itsm.Kind[T]
	repo    itsm.Repository[T]
	desk    *itsm.Desk[T]
	ctx     context.Context
	ids     []itsm.ID
	records map[itsm.ID]T
	done    int
	refusal error
}

func (g *game[T]) header(rec *T) *itsm.Header { return g.kind.Shape().Header(rec) }

func (g *game[T]) move(rnd *rand.Rand, action func(*rand.Rand, *T) itsm.Action[T]) error {
	var rec T
	var err error
	var a itsm.Action[T]
	var id itsm.ID
	if opening := len(g.ids) == 0 || len(g.ids) < playedWith && rnd.IntN(6) == 0; opening {
		a = action(rnd, nil)
		rec, err = g.desk.Open(g.ctx, a)
	} else {
		id = g.ids[rnd.IntN(len(g.ids))]
		old := g.records[id]
		a = action(rnd, &old)
		rec, err = g.desk.Do(g.ctx, id, a)
	}
	for _, refusal := range []error{itsm.ErrInvalid, itsm.ErrNotAllowed, itsm.ErrDuplicate} {
		if errors.Is(err, refusal) {
			g.refusal = err
			return g.stands(id, "after a refusal of "+a.Name())
		}
	}
	if err != nil {
		return err
	}
	g.done++
	if h := g.header(&rec); id == (itsm.ID{}) {
		id = h.ID
		g.ids = append(g.ids, id)
	} else if was := g.records[id]; h.Version != g.header(&was).Version+1 {
		return fmt.Errorf("%s: wanted version %d, got %d", a.Name(), g.header(&was).Version+1, h.Version)
	}
	g.records[id] = rec
	return g.stands(id, "after "+a.Name())
}

// stands compares a stored record with what it must be.
func (g *game[T]) stands(id itsm.ID, when string) error {
	want, known := g.records[id]
	if !known {
		return nil
	}
	found, err := g.repo.Get(g.ctx, scope, id)
	if err != nil {
		return fmt.Errorf("%s: Get: %w", when, err)
	}
	if len(found) != 1 || found[0] == nil {
		return fmt.Errorf("%s: Get of %s: wanted the record, got nothing", when, id)
	}
	if d := Difference(want, *found[0]); d != "" {
		return fmt.Errorf("%s: Get of %s: %s", when, id, d)
	}
	return nil
}

// end compares all histories and all indexes.
func (g *game[T]) end() error {
	slices.SortFunc(g.ids, func(a, b itsm.ID) int { return slices.Compare(a[:], b[:]) })
	all := make([]*T, len(g.ids))
	events := int64(0)
	for i, id := range g.ids {
		rec := g.records[id]
		all[i] = &rec
		h := g.header(&rec)
		past, err := history(g.ctx, g.repo, scope, h.Ref(g.kind.Name()), 7)
		if err != nil {
			return fmt.Errorf("history: %w", err)
		}
		if events += int64(len(past)); int64(len(past)) != h.Version {
			return fmt.Errorf("the History of %s: wanted %d events, got %d", id, h.Version, len(past))
		}
		replayed, err := g.kind.Replay(past, h.UpdatedAt)
		if err != nil {
			return err
		}
		if d := Difference(rec, replayed); d != "" {
			return fmt.Errorf("the replay of %s: %s", id, d)
		}
	}
	since, _, err := g.repo.Since(g.ctx, "", int(events)+1)
	if err != nil {
		return fmt.Errorf("since: %w", err)
	}
	if int64(len(since)) != events {
		return fmt.Errorf("since: wanted %d events, got %d", events, len(since))
	}
	return everyIndex(g.kind, all, func(q itsm.Query[T], by ...itsm.IndexName) error {
		return asDefined(g.ctx, g.kind, g.repo, scope, q, all, 10, by...)
	})
}
