package itsm

import (
	"context"
	"encoding/json"
	"errors"
	"time"
)

// JSONDesk is a [Desk] without type parameters, JSON in and out: for an HTTP handler, a command line or an
// agent that serves every kind by the same code. Inputs are read strictly, see [Kind.Decode].
type JSONDesk interface {
	Kind() string
	Describe(ctx context.Context) ([]byte, error)
	Open(ctx context.Context, action string, input []byte, opts ...DoOption) ([]byte, error)
	Do(ctx context.Context, id ID, action string, input []byte, opts ...DoOption) ([]byte, error)
	Check(ctx context.Context, id ID, action string, input []byte, opts ...DoOption) error
	Options(ctx context.Context, id ID) ([]byte, error) // of the actions that open a record with a zero ID
	Get(ctx context.Context, id ID) ([]byte, error)
	Find(ctx context.Context, query []byte, p PageRequest) ([]byte, error)
	Count(ctx context.Context, query []byte, by ...IndexName) ([]byte, error)
	History(ctx context.Context, id ID, p PageRequest) ([]byte, error)
	AsOf(ctx context.Context, id ID, at time.Time) ([]byte, error)
	sealed() // methods may be added
}

// JSON returns the desk without type parameters.
func (d *Desk[T]) JSON() JSONDesk { return jsonDesk[T]{d} }

type jsonDesk[T any] struct{ desk *Desk[T] }

func (j jsonDesk[T]) sealed() {}

func (j jsonDesk[T]) Kind() string { return j.desk.Kind().Name() }

func (j jsonDesk[T]) Describe(ctx context.Context) ([]byte, error) {
	return encoded(j.desk.Describe(ctx))
}

func (j jsonDesk[T]) Open(ctx context.Context, action string, input []byte, opts ...DoOption) ([]byte, error) {
	a, err := j.desk.Kind().Decode(action, input)
	if err != nil {
		return nil, err
	}
	return encoded(j.desk.Open(ctx, a, opts...))
}

func (j jsonDesk[T]) Do(ctx context.Context, id ID, action string, input []byte, opts ...DoOption) ([]byte, error) {
	a, err := j.desk.Kind().Decode(action, input)
	if err != nil {
		return nil, err
	}
	return encoded(j.desk.Do(ctx, id, a, opts...))
}

func (j jsonDesk[T]) Check(ctx context.Context, id ID, action string, input []byte, opts ...DoOption) error {
	a, err := j.desk.Kind().Decode(action, input)
	if err != nil {
		return err
	}
	return j.desk.Check(ctx, id, a, opts...)
}

func (j jsonDesk[T]) Options(ctx context.Context, id ID) ([]byte, error) {
	var rec T
	if id != (ID{}) {
		var err error
		if rec, err = j.desk.Get(ctx, id); err != nil {
			return nil, err
		}
	}
	return encoded(j.desk.Options(ctx, rec))
}

func (j jsonDesk[T]) Get(ctx context.Context, id ID) ([]byte, error) {
	return encoded(j.desk.Get(ctx, id))
}

func (j jsonDesk[T]) Find(ctx context.Context, query []byte, p PageRequest) ([]byte, error) {
	q, err := j.desk.Kind().DecodeQuery(query)
	if err != nil {
		return nil, err
	}
	return encoded(j.desk.Find(ctx, q, p))
}

func (j jsonDesk[T]) Count(ctx context.Context, query []byte, by ...IndexName) ([]byte, error) {
	q, err := j.desk.Kind().DecodeQuery(query)
	if err != nil {
		return nil, err
	}
	return encoded(j.desk.Count(ctx, q, by...))
}

func (j jsonDesk[T]) History(ctx context.Context, id ID, p PageRequest) ([]byte, error) {
	return encoded(j.desk.History(ctx, id, p))
}

func (j jsonDesk[T]) AsOf(ctx context.Context, id ID, at time.Time) ([]byte, error) {
	return encoded(j.desk.AsOf(ctx, id, at))
}

func encoded[V any](v V, err error) ([]byte, error) {
	if err != nil {
		return nil, err
	}
	return json.Marshal(v)
}

// ErrorDocument is an error of the library as JSON for a client. Errors of the host's own (its store, its
// policy) become the code "internal", without their text.
type ErrorDocument struct {
	Code       string           `json:"code"` // invalid, not_found, conflict, not_allowed, forbidden, duplicate, internal
	Message    string           `json:"message"`
	Problems   []Problem        `json:"problems,omitempty"`   // of invalid
	Transition *TransitionError `json:"transition,omitempty"` // of not_allowed
	Conflict   *ConflictError   `json:"conflict,omitempty"`
	Duplicate  *DuplicateError  `json:"duplicate,omitempty"`
}

// DescribeError returns the document of an error.
func DescribeError(err error) ErrorDocument {
	d := ErrorDocument{Code: "internal", Message: "internal error"}
	var invalid *ValidationError
	for _, known := range [...]struct {
		err  error
		code string
	}{{ErrForbidden, "forbidden"}, // first: its cause is the policy's, and may match any other
		{ErrInvalid, "invalid"}, {ErrNotFound, "not_found"}, {ErrConflict, "conflict"}, {ErrNotAllowed, "not_allowed"},
		{ErrDuplicate, "duplicate"}} {
		if errors.Is(err, known.err) {
			d.Code, d.Message = known.code, err.Error()
			break
		}
	}
	switch d.Code {
	case "invalid":
		if errors.As(err, &invalid) {
			d.Problems = invalid.Problems
		}
	case "not_allowed":
		errors.As(err, &d.Transition)
	case "conflict":
		errors.As(err, &d.Conflict)
	case "duplicate":
		errors.As(err, &d.Duplicate)
	case "forbidden":
		d.Message = "forbidden"
		var f *ForbiddenError
		if errors.As(err, &f) {
			d.Message = "forbidden: " + f.Why // the policy's own words stay inside
		}
	}
	return d
}
