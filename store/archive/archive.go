package archive

import (
	"context"
	"fmt"

	"github.com/itsmkit/itsm"
)

// Source is a store that can be written to an archive.
type Source interface {
	// Dump hands everything that the store holds, as it was at one moment, to a sink. It ends with the first error of
	// the sink, and refuses to leave out records of a kind that the store was not given.
	Dump(ctx context.Context, to Sink) error
}

// Target is a store that can be filled from an archive.
type Target interface {
	// Kinds returns the kinds that the store was given.
	Kinds() []*itsm.Shape
	// Load calls fill once, with a sink that puts what it gets into the store. It keeps that if fill returns nil, and
	// leaves the store as it was otherwise. A store that holds anything is refused before fill is called.
	Load(ctx context.Context, fill func(Sink) error) error
}

// Sink takes the contents of a store, in this order: the records by kind, tenant and ID, each followed by its events,
// oldest first; the number of places; the series by tenant and prefix; the consumers by name.
//
// A place is where an event stands in the order of all events of the store, counted from 1. A place without an event is
// that of one that was purged.
type Sink interface {
	// Record takes a record. It is not written to afterwards, by either side.
	Record(s *itsm.Shape, rec any) error
	// Event takes the next event of the record that came last. Keyed tells that its idempotency key is remembered: it
	// may have been forgotten. The sink does not keep e, but may keep what is in it.
	Event(place int64, keyed bool, e *itsm.Event) error
	// Places takes the number of places: the events that follow come behind them.
	Places(n int64) error
	// Series takes the last number drawn of a series.
	Series(tenant, prefix string, last int64) error
	// Consumer takes how far a consumer has come: the events up to the place passed lie behind it. Its Position is
	// empty, since the form of one is a store's own.
	Consumer(c itsm.Consumer, passed int64) error
}

// LineError says in which line of an archive something is wrong.
type LineError struct {
	Line int64 // from 1; 0 is the end of the file
	Err  error
}

func (e *LineError) Error() string {
	if e.Line == 0 {
		return "the end of the archive: " + e.Err.Error()
	}
	return fmt.Sprintf("line %d: %s", e.Line, e.Err)
}

// Unwrap returns what is wrong.
func (e *LineError) Unwrap() error { return e.Err }
