package itsm

import (
	"context"
	"time"
)

// Scope says whose records a call may touch. It is explicit in every call: a repository never takes it from
// the context.
type Scope struct {
	Tenant string
	// Any limits the call to the records that meet one of some filters; nil is no limit, an empty list is
	// nothing at all. Find and Count apply it; the desk applies it to what Get returns.
	Any []Condition
}

// Repository keeps the records of one kind with their events. It holds data and no rule. All methods may be
// called from many goroutines at once. A cancelled context is returned as its own error and changes nothing.
//
// A record that crossed a Repository is never written to again, by either side: the desk clones before it
// applies an action, and before it hands a record to its caller.
// Slices that a call takes or returns, and the events that it returns with all that is in them, are the caller's:
// a repository keeps neither and hands out no memory of its own.
type Repository[T any] interface {
	// Get returns the records with these IDs, in their order; nil stands for one that does not exist in the
	// tenant.
	Get(ctx context.Context, in Scope, ids ...ID) ([]*T, error)

	// Save stores records and their events, all or none. Each is stored only if the stored version is its
	// Record.Version-1 (no record counts as 0; the commits are taken in their order), else the error is a
	// *ConflictError. In the same write it draws the number of a commit that asks for one, and refuses, with
	// a *DuplicateError, a value of a unique index or an idempotency key (index "key") that is taken.
	Save(ctx context.Context, in Scope, c ...Commit[T]) error

	// Find returns a page of the records that match. It returns an error matching ErrInvalid for a query that
	// no index serves (see [Shape.Access]) and for a cursor of another query.
	Find(ctx context.Context, in Scope, q Query[T], p PageRequest) (Page[*T], error)

	// Count returns how many records match, and how many of them have each value of some indexes.
	Count(ctx context.Context, in Scope, q Query[T], by ...IndexName) (Counts, error)

	// Erase replaces or removes a record with its whole history, see [Erasure].
	Erase(ctx context.Context, in Scope, e Erasure[T]) error

	// Adopt makes the repository keep the indexes of another declaration of the same kind, over the records
	// that it has too. It fails with a *DuplicateError, and changes nothing, where a new unique index does
	// not hold. It is never called in a transaction.
	Adopt(ctx context.Context, k *Kind[T]) error

	EventLog
}

// EventLog is the events of a store, in one total order.
type EventLog interface {
	// History returns a page of the events of one record, oldest first.
	History(ctx context.Context, in Scope, of Ref, p PageRequest) (Page[Event], error)

	// Since returns up to limit events of all tenants after a position, of the named kinds or of all, and the
	// position behind the last event that it looked at. It never passes an event that is committed later.
	Since(ctx context.Context, after Position, limit int, kinds ...string) ([]Event, Position, error)

	// ByKey returns the event that was stored under an idempotency key, or an error matching ErrNotFound.
	ByKey(ctx context.Context, in Scope, kind, key string) (Event, error)
}

// Commit is a record after an action, with the event that explains it: they are stored together or not at
// all.
type Commit[T any] struct {
	Record *T
	Event  Event
	// Draw asks the store for a number: it draws the next of the sequence, sets it in the record and the
	// event with [Shape.SetNumber] before it stores them, and repeats that while the number is taken. A record
	// that is stored with a number by then, by an earlier commit of the same call, takes that one over.
	Draw Sequence
}

// Sequence is a series of numbers of a tenant. The zero Sequence asks for none.
type Sequence struct {
	Prefix  string // "INC"
	Digits  int    // the number is filled with zeros to so many digits
	GapFree bool   // no number may be lost, at the price of waiting for other writers
}

// Write is a [Commit] of any kind, for several kinds in one atomic write. [Desk.Prepare] makes it.
type Write struct {
	Kind   string
	Record any // *T
	Event  Event
	Draw   Sequence
}

// Expect names a record that was only read, and the version that it must still have. Version 0 expects that
// there is none.
type Expect struct {
	Of      Ref
	Version int64
}

// Saver stores records of several kinds in one atomic write, as [Repository.Save] does for one kind.
type Saver interface {
	SaveAll(ctx context.Context, in Scope, w []Write, expect ...Expect) error
}

// Transactor runs fn in one serialisable transaction: what fn does with its context is kept if it returns
// nil, and undone otherwise. The context that fn gets is marked by [MarkTx]; calls with it take part, all
// others must not be made from within fn. A call that is refused leaves nothing behind, and the transaction goes on;
// so does InTx within InTx. fn may be run again after a conflict.
type Transactor interface {
	InTx(ctx context.Context, fn func(context.Context) error) error
}

// Erasure changes what is immutable otherwise. With a Record it replaces the record and its events; the last
// of Events is new (it tells of the redaction) and takes the next place in the order of all events, the
// others keep theirs. Without one it removes the record with its events. With Keys alone it forgets the
// idempotency keys of the tenant and kind that were recorded before an instant.
type Erasure[T any] struct {
	Of      Ref
	Version int64 // the version that must be stored, else a *ConflictError
	Record  *T
	Events  []Event
	Keys    time.Time
}

// PageRequest asks for a page: at most Limit items (1 to [MaxPage]; 0 is 50) behind a cursor ("" is the
// beginning).
type PageRequest struct {
	Limit  int    `json:"limit,omitempty"`
	Cursor string `json:"cursor,omitempty"`
}

// MaxPage is the greatest limit of a page.
const MaxPage = 1000

// Page is a part of a result. Next is the cursor of the page behind it, "" at the end.
type Page[R any] struct {
	Items []R    `json:"items"`
	Next  string `json:"next,omitempty"`
}

// Size returns the limit to use, or an error matching ErrInvalid.
func (p PageRequest) Size() (int, error) {
	switch {
	case p.Limit == 0:
		return 50, nil
	case p.Limit < 0 || p.Limit > MaxPage:
		return 0, Invalid("limit", "range", "min", "1", "max", "1000")
	}
	return p.Limit, nil
}

// Counts is the answer to a count: the total, and for each index asked for the number of records a value.
type Counts struct {
	Total  int64   `json:"total"`
	Facets []Facet `json:"facets,omitempty"`
}

// Facet is how many records have each value of an index, in the order of the values. A record counts under
// each of its values of an index over a list; a sparse index leaves out the records without one.
type Facet struct {
	Index   IndexName `json:"index"`
	Type    ValueType `json:"type"`
	Buckets []Bucket  `json:"buckets"`
}

// Bucket is one value of an index and the number of records that have it.
type Bucket struct {
	Value string `json:"value"` // as [Key.Format] writes it
	Count int64  `json:"count"`
}

// Facet returns the facet of an index, or an empty one.
func (c Counts) Facet(name IndexName) Facet {
	for _, f := range c.Facets {
		if f.Index == name {
			return f
		}
	}
	return Facet{Index: name}
}

// Of returns the number of records with a value.
func (f Facet) Of(value string) int64 {
	for _, b := range f.Buckets {
		if b.Value == value {
			return b.Count
		}
	}
	return 0
}
