package memory

import (
	"context"
	"errors"

	"github.com/itsmkit/itsm"
)

// tx is a transaction: it holds the store's lock from begin to end, and a list of what to do to go back.
type tx struct {
	store *Store
	back  []func()
	wipes []address // bytes to overwrite once it is certain that they are not needed
	ended bool
}

type txKey struct{}

// InTx runs fn in a transaction. Nobody else reads or writes until fn returns: transactions are serial. An
// error or a panic of fn undoes all that it did. A call within a transaction takes part in it; its own error
// undoes what it did itself.
func (s *Store) InTx(ctx context.Context, fn func(context.Context) error) (err error) {
	if err := ctx.Err(); err != nil {
		return err
	}
	if t, ok := ctx.Value(txKey{}).(*tx); ok && t.store == s {
		if t.ended {
			return errEnded
		}
		return s.atomically(func() error { return fn(ctx) })
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	t := &tx{store: s}
	s.tx = t
	from := s.log.mark()
	done := false
	defer func() {
		t.ended, s.tx = true, nil
		if done && err == nil {
			s.wipe(t.wipes)
			return
		}
		t.undo(from)
	}()
	err = fn(itsm.MarkTx(context.WithValue(ctx, txKey{}, t)))
	if err == nil {
		err = ctx.Err()
	}
	done = true
	return err
}

// undo goes back to where the transaction began.
func (t *tx) undo(from mark) {
	for i := len(t.back) - 1; i >= 0; i-- {
		t.back[i]()
	}
	t.store.log.reset(from)
}

var errEnded = errors.New("memory: the transaction of this context has ended")

// undo notes how to go back, where that may be needed.
func (s *Store) undo(back func()) {
	if s.tx != nil {
		s.tx.back = append(s.tx.back, back)
	}
}

func (s *Store) wipe(at []address) {
	for _, a := range at {
		s.log.wipe(a)
	}
}

// joined returns the transaction of a context.
func (s *Store) joined(ctx context.Context) (bool, error) {
	t, ok := ctx.Value(txKey{}).(*tx)
	if !ok || t.store != s {
		return false, nil
	}
	if t.ended {
		return false, errEnded
	}
	return true, nil
}

// read takes the store for reading, unless the context's transaction has it.
func (s *Store) read(ctx context.Context) (unlock func(), err error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if in, err := s.joined(ctx); in || err != nil {
		return nothing, err
	}
	s.mu.RLock()
	return s.unlockRead, nil
}

// write takes the store for writing, unless the context's transaction has it.
func (s *Store) write(ctx context.Context) (unlock func(), err error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if in, err := s.joined(ctx); in || err != nil {
		return nothing, err
	}
	s.mu.Lock()
	return s.unlockWrite, nil
}

func nothing() {}

// atomically runs fn so that an error or a panic undoes what it did, within or without a transaction.
func (s *Store) atomically(fn func() error) (err error) {
	outer, inner := s.tx, &tx{store: s}
	from := s.log.mark()
	s.tx = inner
	done := false
	defer func() {
		s.tx = outer
		switch {
		case !done || err != nil:
			inner.undo(from)
		case outer != nil:
			outer.back, outer.wipes = append(outer.back, inner.back...), append(outer.wipes, inner.wipes...)
		default:
			s.wipe(inner.wipes)
		}
	}()
	err = fn()
	done = true
	return err
}
