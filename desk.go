package itsm

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"sync"
	"sync/atomic"
	"time"
)

// Config is what a [Desk] works with. Repository and Policy are required.
type Config[T any] struct {
	Repository Repository[T]
	Policy     Policy
	// Clock tells the time; nil is the system's. Nothing else in the library reads one.
	Clock Clock
	// NewID makes the IDs of records; nil is [NewID]. A test or a simulation that must repeat itself gives
	// its own.
	NewID func(time.Time) ID
	// Facts loads what a rule needs from elsewhere (an open period, the number of open children) into
	// Moment.Facts, so that Apply stays pure. It is asked for actions that the lifecycle has in the record's state. rec is nil
	// for a record that is opened, and must not be written to. See [Serial] for facts that another's write must not make untrue.
	Facts func(ctx context.Context, rec *T, a Action[T]) (any, error)
	// Middleware is wrapped around each action, the first outermost: for tracing, metrics, limits.
	Middleware []Middleware
	// Retries is how often an action without IfVersion is tried again after a conflict; 0 is 5.
	Retries int
}

// Call is an action on its way through the middleware.
type Call struct {
	Kind   string
	Action string
	ID     ID // zero for a record that is opened, until next has returned
	Input  any
}

// Middleware wraps the handling of an action. It must call next at most once, and returns its error.
type Middleware func(ctx context.Context, c *Call, next func(context.Context) error) error

// Desk opens records, does actions and reads, for one kind. It is safe for concurrent use.
type Desk[T any] struct {
	config Config[T]
	alone  Transactor // the repository, if it is one
	kind   atomic.Pointer[Kind[T]]
	locks  [64]sync.Mutex // by ID: a hot record is worked on in turn instead of in conflict
}

// NewDesk returns a desk for the records of a kind.
func NewDesk[T any](k *Kind[T], c Config[T]) (*Desk[T], error) {
	switch {
	case k == nil:
		return nil, errors.New("itsm: NewDesk: the kind is nil")
	case c.Repository == nil:
		return nil, fmt.Errorf("itsm: NewDesk(%s): Config.Repository is required", k.Name())
	case c.Policy == nil:
		return nil, fmt.Errorf("itsm: NewDesk(%s): Config.Policy is required (itsm.AllowAll allows everything)", k.Name())
	case c.Retries < 0:
		return nil, fmt.Errorf("itsm: NewDesk(%s): Config.Retries is %d, want 0 or more", k.Name(), c.Retries)
	}
	if c.NewID == nil {
		c.NewID = NewID
	}
	if c.Retries == 0 {
		c.Retries = 5
	}
	d := &Desk[T]{config: c}
	d.alone, _ = c.Repository.(Transactor)
	d.kind.Store(k)
	return d, nil
}

// Kind returns the declaration that is in use.
func (d *Desk[T]) Kind() *Kind[T] { return d.kind.Load() }

// Use puts another declaration of the same kind in use, for fields that are added at run time. The repository
// builds the new indexes first; if that fails nothing changes. Actions that are under way end under the old
// declaration. It is not for a transaction, which could undo what the desk has taken into use.
func (d *Desk[T]) Use(ctx context.Context, k *Kind[T]) error {
	if k == nil || k.Name() != d.Kind().Name() {
		return fmt.Errorf("itsm: Use: want another declaration of kind %s", d.Kind().Name())
	}
	if InTx(ctx) {
		return Invalid("kind", "in_transaction", "want", "a call of its own")
	}
	if err := d.config.Repository.Adopt(ctx, k); err != nil {
		return fmt.Errorf("itsm: Use(%s): %w", k.Name(), err)
	}
	d.kind.Store(k)
	return nil
}

// DoOption changes how an action is done. The options are made by the functions below.
type DoOption struct {
	what    optionKind
	version int64
	at      time.Time
	text    string
	public  bool
	actor   Actor
}

type optionKind uint8

const (
	optIfVersion optionKind = iota
	optAt
	optNote
	optKey
	optBy
	optNumber
	optExternal
)

// IfVersion lets the action happen only if no field has changed since the caller saw the record with that
// version; else the error is a [ConflictError]. Comments in between do not count.
func IfVersion(v int64) DoOption { return DoOption{what: optIfVersion, version: v} }

// At dates the action: it needs the permission [Backdate]. It may not lie before the record's last event, nor
// after now.
func At(t time.Time) DoOption { return DoOption{what: optAt, at: t} }

// Note puts a comment on the action's event: public, for the caller to read, or internal.
func Note(text string, public bool) DoOption {
	return DoOption{what: optNote, text: text, public: public}
}

// IdempotencyKey makes a repeated call harmless: the same key with the same action returns the first result,
// with another one it is a [ConflictError]. A key is unique in the tenant and kind, 1 to 200 bytes, and is
// kept until [Desk.ForgetKeys].
func IdempotencyKey(key string) DoOption { return DoOption{what: optKey, text: key} }

// By does the action in another's name: it needs the permission [OnBehalf]. The event names both.
func By(author Actor) DoOption { return DoOption{what: optBy, actor: author} }

// Numbered gives a record that is opened a number that it has elsewhere: it needs the permission [Import].
func Numbered(number string) DoOption { return DoOption{what: optNumber, text: number} }

// External gives a record that is opened the host's own key.
func External(key string) DoOption { return DoOption{what: optExternal, text: key} }

// settings are the options of one call.
type settings struct {
	ifVersion        int64
	at               time.Time
	note             string
	public           bool
	key              string
	by               *Actor
	number, external string
}

func readOptions(opts []DoOption, opening bool) (s settings, err error) {
	for i := range opts {
		o := &opts[i]
		switch o.what {
		case optIfVersion:
			if s.ifVersion = o.version; o.version < 1 {
				return s, Invalid("if_version", "range", "min", "1")
			}
		case optAt:
			if s.at = Instant(o.at); s.at.IsZero() || s.at.Year() < 1 || s.at.Year() > 9999 {
				return s, Invalid("at", "range", "want", "an instant in the years 1 to 9999")
			}
		case optNote:
			s.note, s.public = o.text, o.public
		case optKey:
			if s.key = o.text; o.text == "" || checkText(o.text, 200) != "" {
				return s, Invalid("key", "format", "want", "1 to 200 bytes of valid text")
			}
		case optBy:
			if s.by = &o.actor; o.actor.ID == "" {
				return s, Invalid("by.id", "required")
			}
			if err := o.actor.check("by"); err != nil {
				return s, err
			}
		case optNumber:
			s.number = o.text
		case optExternal:
			s.external = o.text
		}
	}
	for _, given := range [...]struct {
		path, text string
		max        int
	}{{"number", s.number, maxNumber}, {"external", s.external, maxIndexed}} {
		if code := checkText(given.text, given.max); code != "" {
			return s, Invalid(given.path, code, "max", strconv.Itoa(given.max))
		}
		if !opening && given.text != "" {
			return s, Invalid(given.path, "opening_only", "want", "the option with an action that opens a record")
		}
	}
	if opening && s.ifVersion != 0 {
		return s, Invalid("if_version", "not_opening")
	}
	return s, nil
}
