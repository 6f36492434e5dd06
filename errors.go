package itsm

import (
	"errors"
	"fmt"
	"sort"
	"strings"

	"github.com/itsmkit/itsm/lifecycle"
)

// The errors of the library. Match them with errors.Is; the types below carry the details and are found with
// errors.As. Any other error is the host's own (its store, its policy) and passes through wrapped.
var (
	ErrInvalid    = errors.New("invalid")     // *ValidationError
	ErrNotFound   = errors.New("not found")   // also what exists in another tenant or outside the actor's view
	ErrConflict   = errors.New("conflict")    // *ConflictError: somebody else was faster, or a key was used again
	ErrNotAllowed = errors.New("not allowed") // *TransitionError: not in this state, or not now
	ErrForbidden  = errors.New("forbidden")   // *ForbiddenError: not by this actor
	ErrDuplicate  = errors.New("duplicate")   // *DuplicateError: a unique value is taken
)

// Problem is one thing wrong with one field.
type Problem struct {
	Path   string            `json:"path"`             // as in the JSON, with dots: "resolution.code"
	Code   string            `json:"code"`             // stable, for translation: "required", "too_long"
	Params map[string]string `json:"params,omitempty"` // what the message needs: "max": "1000"
}

// String returns the problem as an English sentence part: "title: required".
func (p Problem) String() string {
	var b strings.Builder
	if p.Path != "" {
		b.WriteString(p.Path + ": ")
	}
	b.WriteString(strings.ReplaceAll(p.Code, "_", " "))
	if len(p.Params) > 0 {
		keys := make([]string, 0, len(p.Params))
		for k := range p.Params {
			keys = append(keys, k)
		}
		sort.Strings(keys)
		for i, k := range keys {
			if keys[i] = k + " " + p.Params[k]; len(p.Params[k]) > 200 {
				keys[i] = keys[i][:200] + "…"
			}
		}
		b.WriteString(" (" + strings.Join(keys, ", ") + ")")
	}
	return b.String()
}

// ValidationError lists everything that is wrong with an input or a record, in one pass. It is [ErrInvalid].
type ValidationError struct {
	Kind     string    `json:"kind,omitempty"`
	Action   string    `json:"action,omitempty"`
	Problems []Problem `json:"problems"`
}

func (e *ValidationError) Error() string {
	parts := make([]string, len(e.Problems))
	for i, p := range e.Problems {
		parts[i] = p.String()
	}
	return subject(e.Kind, "", e.Action) + "invalid: " + strings.Join(parts, "; ")
}

// Is makes errors.Is(e, ErrInvalid) hold.
func (e *ValidationError) Is(target error) bool { return target == ErrInvalid }

// Invalid returns a [ValidationError] with one problem. The parameters are pairs of name and value. An
// [Action] returns it for an input that it cannot accept.
func Invalid(path, code string, params ...string) error {
	return &ValidationError{Problems: []Problem{problem(path, code, params)}}
}

func problem(path, code string, params []string) Problem {
	p := Problem{Path: path, Code: code}
	for i := 0; i+1 < len(params); i += 2 {
		if p.Params == nil {
			p.Params = make(map[string]string, len(params)/2)
		}
		p.Params[params[i]] = params[i+1]
	}
	return p
}

// Reason says why an action is not possible now, whatever its input: the text of a grey button. It is
// [ErrNotAllowed]. A [Guard] returns it through [Deny].
type Reason struct {
	Code   string            `json:"code"`
	Params map[string]string `json:"params,omitempty"`
}

func (r *Reason) Error() string { return Problem{Code: r.Code, Params: r.Params}.String() }

// Is makes errors.Is(r, ErrNotAllowed) hold.
func (r *Reason) Is(target error) bool { return target == ErrNotAllowed }

// Deny returns a [Reason] with a stable code and pairs of parameter name and value.
func Deny(code string, params ...string) error {
	p := problem("", code, params)
	return &Reason{Code: p.Code, Params: p.Params}
}

// TransitionError says that an action is not possible for a record: its lifecycle has no rule for it in this
// state, or a guard refuses it (then Reason is set). It is [ErrNotAllowed].
type TransitionError struct {
	Kind    string          `json:"kind"`
	Number  string          `json:"number,omitempty"`
	From    lifecycle.State `json:"from"`
	Action  string          `json:"action"`
	Allowed []string        `json:"allowed"`          // the actions that the lifecycle has in this state
	Reason  *Reason         `json:"reason,omitempty"` // set by a guard
}

func (e *TransitionError) Error() string {
	s := subject(e.Kind, e.Number, e.Action)
	if e.Reason != nil {
		return s + "not allowed: " + e.Reason.Error()
	}
	from := string(e.From)
	if from == "" {
		from = "a record that does not exist yet"
	}
	return fmt.Sprintf("%snot allowed in %s (allowed: %s)", s, from, strings.Join(e.Allowed, ", "))
}

// Is makes errors.Is(e, ErrNotAllowed) hold.
func (e *TransitionError) Is(target error) bool { return target == ErrNotAllowed }

// ConflictError says that a record is no longer what the caller saw, or that an idempotency key was used
// before with another input. It is [ErrConflict].
type ConflictError struct {
	Of       Ref    `json:"of,omitzero"`
	Expected int64  `json:"expected,omitempty"` // the version that the caller relied on
	Stored   int64  `json:"stored,omitempty"`   // the version that is stored
	Key      string `json:"key,omitempty"`      // the idempotency key that was used again
}

func (e *ConflictError) Error() string {
	if e.Key != "" {
		return fmt.Sprintf("conflict: idempotency key %q was used with another input", e.Key)
	}
	return fmt.Sprintf("conflict: %s has version %d, expected %d", e.Of, e.Stored, e.Expected)
}

// Is makes errors.Is(e, ErrConflict) hold.
func (e *ConflictError) Is(target error) bool { return target == ErrConflict }

// DuplicateError says that a unique value, or an idempotency key (index "key"), is taken by another record.
// It is [ErrDuplicate].
type DuplicateError struct {
	Index IndexName `json:"index"`
	Value string    `json:"value"`
	Of    Ref       `json:"of"` // the record that has the value
}

func (e *DuplicateError) Error() string {
	return fmt.Sprintf("duplicate: %s %q is taken by %s", e.Index, e.Value, e.Of)
}

// Is makes errors.Is(e, ErrDuplicate) hold.
func (e *DuplicateError) Is(target error) bool { return target == ErrDuplicate }

// ForbiddenError says what the actor may not do, and why. It is [ErrForbidden].
type ForbiddenError struct {
	Why   string // for a person
	Hint  string // what is allowed instead
	Cause error  // the policy's own error, if any
}

func (e *ForbiddenError) Error() string {
	s := "forbidden: " + e.Why
	if e.Hint != "" {
		s += " (" + e.Hint + ")"
	}
	if e.Cause != nil {
		s += ": " + e.Cause.Error()
	}
	return s
}

// Is makes errors.Is(e, ErrForbidden) hold.
func (e *ForbiddenError) Is(target error) bool { return target == ErrForbidden }

// Unwrap returns the policy's own error.
func (e *ForbiddenError) Unwrap() error { return e.Cause }

func forbidden(why, hint string, cause error) error {
	return &ForbiddenError{Why: why, Hint: hint, Cause: cause}
}

// subject begins a message with what it is about: "incident INC0000007: resolve: ".
func subject(kind, number, action string) string {
	s := kind
	if number != "" {
		s += " " + number
	}
	if s != "" {
		s += ": "
	}
	if action != "" {
		s += action + ": "
	}
	return s
}
