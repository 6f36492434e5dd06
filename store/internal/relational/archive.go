package relational

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"github.com/itsmkit/itsm"
)

// Placing is how a database's positions stand to the places of events in an archive, which are the numbers of their
// rows. It is needed where a position is more than such a number.
type Placing interface {
	// Place returns the greatest place up to which all events lie behind a position. Those beyond it may come again.
	Place(ctx context.Context, c Conn, p itsm.Position) (int64, error)
	// Position returns the position behind a place, in a log that the same transaction has loaded.
	Position(ctx context.Context, c Conn, place int64) (itsm.Position, error)
	// Loaded makes the events that follow come behind a place.
	Loaded(ctx context.Context, c Conn, places int64) error
}

// bySeq is the placing of a database whose positions are the numbers of rows, each one more than the greatest.
type bySeq struct{ *Engine }

func (e bySeq) Place(ctx context.Context, c Conn, p itsm.Position) (seq int64, err error) {
	if p == "" {
		return 0, nil
	}
	var last int64
	if err := one(ctx, c, e.SQL("SELECT coalesce(max(seq), 0) FROM @event"), nil, &last); err != nil {
		return 0, err
	}
	if seq, err = strconv.ParseInt(string(p), 10, 64); err != nil || seq < 0 || seq > last {
		return 0, itsm.Invalid("after", "position", "value", string(p), "want", "a position that Since returned")
	}
	return seq, nil
}

func (bySeq) Position(_ context.Context, _ Conn, place int64) (itsm.Position, error) {
	if place == 0 {
		return "", nil
	}
	return itsm.Position(strconv.FormatInt(place, 10)), nil
}

func (bySeq) Loaded(context.Context, Conn, int64) error { return nil }

func (e *Engine) placing() Placing {
	if e.Placing != nil {
		return e.Placing
	}
	return bySeq{e}
}

// Kinds returns the kinds that the store was given, by name.
func (e *Engine) Kinds() []*itsm.Shape {
	var out []*itsm.Shape
	for _, t := range e.byKind() {
		out = append(out, t.Shape)
	}
	return out
}

func (e *Engine) byKind() []*Table {
	return slices.SortedFunc(slices.Values(e.Tables()), func(a, b *Table) int { return strings.Compare(a.Shape.Name(), b.Shape.Name()) })
}

// readyAll returns the tables of all kinds, by name, once the database is known to have what they need.
func (e *Engine) readyAll(ctx context.Context) ([]*Table, error) {
	all := e.byKind()
	for i, t := range all {
		var err error
		if all[i], err = e.ready(ctx, t.Shape.Name()); err != nil {
			return nil, err
		}
	}
	return all, nil
}
