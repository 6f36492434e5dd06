package relational

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"github.com/itsmkit/itsm"
)

// Single stores a write that comes alone by one statement, outside of a transaction.
type Single interface {
	// Put stores a record with its event, if the stored version is the one before and the series, if there is one,
	// stands before the number. It returns false where that is not so, and an error where the database did not take it
	// or one statement does not do. Nothing is stored then, but for an error that matches ErrUnknown.
	Put(ctx context.Context, to Reach, t *Table, p *Put) (stored bool, err error)
}

// Put is a record with its event, ready to be stored.
type Put struct {
	Of       itsm.Ref
	Version  int64
	Record   string // JSON, as is Event
	Event    string
	Key      string // of idempotency; "" is none
	Recorded int64  // when, in microseconds of Unix time

	Values  []any // of the table's columns; nil is NULL
	Entries []Entry
	Lists   int64 // the checksum of Entries, and WordSum that of the words
	WordSum int64
	Words   func() []string

	Series string // that the number is taken from; "" is none
	Number int64  // which one of it
}

// alone stores a write that comes alone by one statement, if that can be done; otherwise it is for a transaction, which
// finds out what is wrong with it. open is what was tried and has no known end.
func (e *Engine) alone(ctx context.Context, in itsm.Scope, tables []*Table, writes []itsm.Write, expect []itsm.Expect) (stored bool, open []attempt, err error) {
	if e.Single == nil || len(writes) != 1 || len(expect) > 0 || itsm.InTx(ctx) {
		return false, nil, nil
	}
	t, w := tables[0], writes[0]
	stored, err = e.putAlone(ctx, in, t, &w)
	switch {
	case stored:
		return true, nil, nil
	case errors.Is(err, ErrUnknown):
		open = []attempt{{tried{w.Event, t.Shape.Header(w.Record).Number}}}
	}
	return false, open, ctx.Err()
}

func (e *Engine) putAlone(ctx context.Context, in itsm.Scope, t *Table, w *itsm.Write) (stored bool, err error) {
	h := t.Shape.Header(w.Record)
	series := t.Shape.Sequence()
	switch {
	case w.Draw.Prefix == "" && (h.Version > 1 || series.Prefix == "" || series.Parse(h.Number) == 0):
		return e.putOnce(ctx, in, t, w, 0)
	case w.Draw.Prefix == "" || h.Version > 1: // the series must get ahead of the number, or the record has one
		return false, nil
	}
	if w.Draw.GapFree || time.Now().UnixMilli() >= e.crowded.Load() {
		// It takes the number that is next, if nobody else does meanwhile: a failure loses none.
		n, err := e.series(ctx, in, "SELECT last FROM @series WHERE tenant = ? AND prefix = ?", w)
		if err != nil {
			return false, err
		}
		t.Shape.SetNumber(w.Record, &w.Event, w.Draw.Format(n+1))
		if stored, err := e.putOnce(ctx, in, t, w, n+1); stored || err != nil || w.Draw.GapFree {
			return stored, err
		}
		e.crowded.Store(time.Now().Add(crowd).UnixMilli())
	}
	n, err := e.series(ctx, in, draw, w)
	if err != nil {
		return false, err
	}
	t.Shape.SetNumber(w.Record, &w.Event, w.Draw.Format(n))
	return e.putOnce(ctx, in, t, w, 0)
}

// crowd is for how long numbers are drawn before the write that uses them, after somebody else took one first.
const crowd = time.Second

// series asks for a number of the series that a write draws from; 0 is none.
func (e *Engine) series(ctx context.Context, in itsm.Scope, query string, w *itsm.Write) (n int64, err error) {
	c, err := e.Backend.Conn(ctx, reach(in))
	if err != nil {
		return 0, err
	}
	err = one(ctx, c, e.SQL(query), []any{in.Tenant, w.Draw.Prefix}, &n)
	return n, err
}

// putOnce hands a write to the backend, with the number of its series that it takes, or 0.
func (e *Engine) putOnce(ctx context.Context, in itsm.Scope, t *Table, w *itsm.Write, number int64) (bool, error) {
	record, err := t.Shape.Encode(w.Record)
	if err != nil {
		return false, err
	}
	event, err := json.Marshal(&w.Event)
	if err != nil {
		return false, err
	}
	r := t.row(e.Dialect, w.Record)
	p := &Put{
		Of: w.Event.Subject, Version: w.Event.Version, Record: string(record), Event: string(event),
		Key: w.Event.Key, Recorded: w.Event.RecordedAt.UnixMicro(),
		Values: r.values, Entries: r.entries, Lists: r.lists, WordSum: r.wordSum,
		Words: func() []string { return t.Shape.Tokens(w.Record) },
	}
	if number > 0 {
		p.Series, p.Number = w.Draw.Prefix, number
	}
	return e.Single.Put(ctx, reach(in), t, p)
}
