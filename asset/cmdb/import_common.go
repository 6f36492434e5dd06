package cmdb

import (
	"context"
	"errors"
	"iter"
	"time"

	"github.com/itsmkit/itsm"
)

// importing is what imports of items and of relations have in common.
type importing struct {
	d     *Database
	ctx   context.Context
	in    itsm.Scope
	j     *judge
	how   Import
	start time.Time
	sum   Summary
}

func (d *Database) newImporting(ctx context.Context, kind string, how Import) (importing, error) {
	in, err := scope(ctx)
	if err != nil {
		return importing{}, err
	}
	known, err := d.known(ctx, in)
	if err != nil {
		return importing{}, err
	}
	if err := d.mayImport(ctx, kind); err != nil {
		return importing{}, err
	}
	return importing{d: d, ctx: known.with(ctx), in: in, j: known.judge, how: how, start: d.config.Clock.Now(), sum: Summary{Counts: map[Result]int{}}},
		how.check(known.judge)
}

// turn waits until no other import of the Database deals with a chunk: they would only be in each other's way. Within a
// transaction, which others may be waiting for in their turn, nobody waits.
func (r *importing) turn() (done func()) {
	if itsm.InTx(r.ctx) {
		return func() {}
	}
	r.d.importing.Lock()
	return r.d.importing.Unlock
}

// mayImport refuses an actor who may not import, or who does not see everything: what he cannot see he would open again,
// and outcomes would show it.
func (d *Database) mayImport(ctx context.Context, kind string) error {
	actor, _ := itsm.ActorFrom(ctx)
	if actor.IsSystem() {
		return nil
	}
	if err := d.config.Policy.Allow(ctx, itsm.Request{Actor: &actor, Permission: itsm.Import, Kind: kind}); err != nil {
		return &itsm.ForbiddenError{Why: actor.ID + " may not import on " + kind, Cause: err}
	}
	view, err := d.config.Policy.See(ctx, &actor, kind)
	if err != nil || view.Any != nil || len(view.Hidden) > 0 {
		return &itsm.ForbiddenError{Why: actor.ID + " does not see every " + kind, Hint: "import with itsm.System, or as somebody who does", Cause: err}
	}
	return nil
}

// inChunks hands rows over some at a time. The list is used again for the next ones.
func inChunks[T any](ctx context.Context, rows iter.Seq2[T, error], size int, take func([]T) error) error {
	chunk := make([]T, 0, size)
	for row, err := range rows {
		if err == nil {
			err = ctx.Err()
		}
		if err != nil {
			return err
		}
		if chunk = append(chunk, row); len(chunk) == size {
			if err := take(chunk); err != nil {
				return err
			}
			chunk = chunk[:0]
		}
	}
	return take(chunk)
}

func (r *importing) ended(err error) (Summary, error) {
	return r.sum, &ImportError{Stored: r.sum.Stored, Err: err}
}

// number gives a row of a chunk a line, if it has none.
func (r *importing) number(line *int, i int) {
	if *line == 0 {
		*line = r.sum.Rows + i + 1
	}
}

// stored counts rows and tells their outcomes; the last one is of a line. err ended the import behind them, if it is one.
func (r *importing) stored(rows, line int, outcomes []RowOutcome, err error) error {
	r.sum.Rows += rows
	if told := r.tell(outcomes, line); err == nil {
		err = told
	}
	return err
}

// tell counts the outcomes of what is stored and hands them over.
func (r *importing) tell(outcomes []RowOutcome, line int) error {
	for i := range outcomes {
		r.sum.Counts[outcomes[i].Result]++
	}
	r.sum.Stored = max(r.sum.Stored, line)
	for i := range outcomes {
		if r.how.Each == nil {
			break
		}
		if err := r.how.Each(outcomes[i]); err != nil {
			return err
		}
	}
	return nil
}

// put stores writes, if there are any.
func (r *importing) put(ctx context.Context, writes []itsm.Write) error {
	if len(writes) == 0 {
		return ctx.Err()
	}
	return r.d.config.Saver.SaveAll(ctx, r.in, writes)
}

// apart attempts some things together until nobody else changes what they change. Where a unique value is taken, one
// after the other finds out by which, and is refused; the attempt returns its outcome with the error. It tells how many of
// them were dealt with: not all where one of several ends in another error.
func apart[T any](r *importing, things []T, attempt func([]T) ([]RowOutcome, error)) (out []RowOutcome, dealt int, err error) {
	out, err = attempt(things)
	for try := 1; err != nil && errors.Is(err, itsm.ErrConflict) && try < tries && !itsm.InTx(r.ctx); try++ {
		out, err = attempt(things)
	}
	switch {
	case err == nil:
		return out, len(things), nil
	case !isTaken(err):
		return nil, 0, err
	case len(things) == 1 && len(out) == 1:
		one := &out[0]
		if one.Result == Created {
			one.Of, one.State = itsm.Ref{}, ""
		}
		one.Result, one.Err, one.Changes, one.Overruled = Refused, err, nil, nil
		return out, 1, nil
	}
	out = nil
	for i := range things {
		one, _, err := apart(r, things[i:i+1], attempt)
		if err != nil {
			return out, i, err
		}
		out = append(out, one...)
	}
	return out, len(things), nil
}

// isTaken tells that another record has a unique value.
func isTaken(err error) bool { return errors.Is(err, itsm.ErrDuplicate) }

// refuses tells whether an error is about one row, so that others may go on.
func refuses(err error) bool {
	return errors.Is(err, itsm.ErrInvalid) || errors.Is(err, itsm.ErrNotAllowed) || errors.Is(err, itsm.ErrNotFound) || errors.Is(err, itsm.ErrDuplicate)
}
