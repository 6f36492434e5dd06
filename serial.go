package itsm

import (
	"context"
	"errors"
)

// Serial marks facts that the writes of others can make untrue before the action is stored: that an incident has no
// children, that an end of a relation is in use. Where the repository is a [Transactor], as those of the library are, the
// action is then done in one serialisable transaction with the loading of its facts, which Config.Facts must do with the
// context that it is given. So of two actions that exclude each other one is refused. [Desk.Prepare] and [Batch] leave that to
// their caller.
type Serial interface{ Serial() }

// serially makes an attempt in a transaction, which the store may run again.
func (d *Desk[T]) serially(ctx context.Context, id ID, w *work[T]) (out T, err error) {
	err = d.alone.InTx(ctx, func(ctx context.Context) (err error) {
		w.call = call[T]{}
		out, err = d.attempt(ctx, id, w)
		return err
	})
	return out, err
}

// errSerial is what an attempt ends with that is to be made again in a transaction, together with the loading of its facts.
var errSerial = errors.New("itsm: the facts are serial")
