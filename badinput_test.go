package itsm_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/itsmkit/itsm"
	"github.com/stretchr/testify/require"
)

// TestBadInput holds what the kernel answers to what it must not accept, one subtest each. Whatever is refused
// changes nothing.
func TestBadInput(t *testing.T) {
	for name, check := range map[string]func(*testing.T){
		"unknown state in a stored record":             unknownState,
		"unknown action name":                          unknownAction,
		"JSON with unknown or wrong fields":            wrongJSON,
		"texts over their maximum":                     longTexts,
		"NUL and invalid UTF-8":                        brokenTexts,
		"another tenant's ID":                          otherTenant,
		"no actor":                                     noActor,
		"a policy that fails":                          failingPolicy,
		"a repository that fails at each call":         failingRepository,
		"a cancelled context at each step":             cancelledContext,
		"an attribute that is not declared":            undeclaredAttribute,
		"a cursor from another query or cut in half":   brokenCursor,
		"an idempotency key used again":                keyUsedAgain,
		"an action dated before the last event":        datedBack,
		"a handler that always fails":                  failingHandler,
		"an option with a value that it does not have": wrongOptions,
		"values that have no JSON":                     valuesWithoutJSON,
	} {
		t.Run(name, check)
	}
}

// unknownState puts a record in a state that the lifecycle has not into the store, past the desk.
func unknownState(t *testing.T) {
	b := newBench(t, everything)
	rec := b.raise(t, Raise{})
	lost := rec
	lost.State, lost.Version = "lost", 2
	require.NoError(t, b.repo.Save(ann(), itsm.Scope{}, itsm.Commit[Ticket]{Record: &lost, Event: itsm.Event{
		Subject: rec.Ref("ticket"), Version: 2, Action: "lose", From: stateNew, To: "lost", Time: noon, RecordedAt: noon}}))
	for _, name := range []string{"Do", "Check", "Get", "Find", "History", "AsOf", "Options", "All", "Batch"} {
		err := b.everyCall(rec.ID)[name](ann())
		require.Equal(t, "state:unknown", code(t, err), name)
		require.ErrorContains(t, err, "lost", name)
		require.ErrorContains(t, err, "allowed new, open, paused, done", name)
		require.ErrorContains(t, err, rec.ID.String(), name)
	}
	raw, err := b.Kind().Shape().Encode(&lost)
	require.NoError(t, err)
	_, err = b.Kind().Shape().Decode(raw)
	require.Equal(t, "state:unknown", code(t, err))
}

// explode is an action that no kind offers, and raiseToo one of another type under an offered name.
type explode struct{}

func (explode) Name() string                     { return "explode" }
func (explode) Apply(*Ticket, itsm.Moment) error { return nil }

type raiseToo struct{}

func (raiseToo) Name() string                     { return "raise" }
func (raiseToo) Apply(*Ticket, itsm.Moment) error { return nil }

func unknownAction(t *testing.T) {
	b := newBench(t, everything)
	_, err := b.Kind().Decode("explode", nil)
	require.Equal(t, "action:unknown", code(t, err))
	require.ErrorContains(t, err, `ticket: invalid: action: unknown (allowed raise, change, start,`)
	for name, a := range map[string]itsm.Action[Ticket]{"explode": explode{}, "nil": nil} {
		_, err = b.Open(ann(), a)
		require.Equal(t, "action:unknown", code(t, err), name)
	}
	_, err = b.Open(ann(), raiseToo{})
	require.Equal(t, "action:type", code(t, err))
	require.ErrorContains(t, err, "want itsm_test.Raise")
	_, err = b.Open(ann(), &Raise{Title: "t"})
	require.Equal(t, "action:type", code(t, err), "a pointer is not the value that was offered")
	_, err = b.JSON().Do(ann(), itsm.NewID(noon), "explode", []byte(`{}`))
	require.Equal(t, "action:unknown", code(t, err))
	require.Zero(t, b.events(t))
}

func wrongJSON(t *testing.T) {
	b := newBench(t, everything)
	ref := `{"kind":"asset","id":"01890a5d-ac96-774b-bcce-b302099a8057"}`
	for raw, want := range map[string]string{
		`{"titel":"x"}`:                        "titel:unknown_field",
		`{"Body":"x"}`:                         "Body:unknown_field", // names are case-sensitive
		`{"body":1}`:                           "body:type",
		`{"body":"a","body":"b"}`:              "body:twice",
		`{"count":1.5}`:                        "count:type",
		`{"count":"1"}`:                        "count:type",
		`{"count":99999999999999999999}`:       "count:type",
		`{"tags":"a"}`:                         "tags:type",
		`{"tags":["a",2]}`:                     "tags[1]:type",
		`{"at":"yesterday"}`:                   "at:type",
		`{"worked":"90 minutes"}`:              "worked:format",
		`{"every":"P1H"}`:                      "every:format",
		`{"about":{"kind":"x","Id":""}}`:       "about.Id:unknown_field",
		`{"about":{"kind":"x","id":"7"}}`:      "about.id:type",
		`{"about":"asset/7"}`:                  "about:type",
		`{"parts":[` + `{"id":"a"},{"no":1}]}`: "parts[1].no:unknown_field",
		`{"items":[` + ref + `,{"x":1}]}`:      "items[1].x:unknown_field",
		`{"title":{"value":7}}`:                "title.value:type",
		`[]`:                                   ":type",
		`"text"`:                               ":type",
		`{"body":"a"} {}`:                      ":json",
		`{"body":"a"`:                          ":json",
		"{\"body\":\"a\xff\"}":                 "body:utf8",
	} {
		_, err := b.Kind().Decode("change", []byte(raw))
		require.Equal(t, want, code(t, err), raw)
		require.ErrorContains(t, err, "ticket: change: invalid", raw)
	}
	_, err := b.Kind().Decode("change", []byte(`{"boddy":"x","count":"1","group":{}}`))
	var v *itsm.ValidationError
	require.ErrorAs(t, err, &v)
	require.Len(t, v.Problems, 3, "all problems at once")
	require.Contains(t, v.Problems[0].Params["allowed"], "body")
	a, err := b.Kind().Decode("change", []byte(`{"body":null,"about":null,"title":null,"tags":null,"count":null}`))
	require.NoError(t, err, "null is the zero value")
	require.Equal(t, Change{}, a)
	for raw, want := range map[string]string{
		`{"wher":[]}`:          "wher:unknown_field",
		`{"where":{}}`:         "where:type",
		`{"where":["state"]}`:  "where[0]:type",
		`{"where":[{"in":1}]}`: "where[0].index:unknown_index",
		`{"where":[{"index":"state","in":["new"],"min":"a"}]}`:   "where[0]:in_or_range",
		`{"where":[{"index":"state","in":["new",1]}]}`:           "where[0].in[1]:type",
		`{"where":[{"index":"state","is":"new"}]}`:               "where[0].is:unknown_field",
		`{"where":[{"index":"state","type":"number","in":[1]}]}`: "where[0]:type",
		`{"where":[{"index":"state","type":"colour","in":[1]}]}`: "where[0].type:unknown",
		`{"where":[{"index":"count","min":"1"}]}`:                "where[0].min:type",
		`{"where":[{"index":"created","max":"noon"}]}`:           "where[0].max:type",
		`{"where":[{"index":"link","in":["asset"]}]}`:            "where[0].in[0]:type",
		`{"where":[{"index":"flag","in":["yes"]}]}`:              "where[0].in[0]:type",
		`{"where":[{"index":"attributes.cost","in":["12"]}]}`:    "where[0].in[0]:type",
		`{"order":"state"}`:                        "order:type",
		`{"order":{"index":"tags"}}`:               "order.index:list",
		`{"order":{"index":"colour"}}`:             "order.index:unknown_index",
		`{"order":{"index":"state","desc":"yes"}}`: "order.desc:type",
		`{"text":7}`:                               "text:type",
		`{"text":"--"}`:                            "text:no_words",
		`{"scan":1}`:                               "scan:type",
		`{"where":[{"index":"flag","in":[true]}],"order":{"index":"count"}}`: "where:no_index",
	} {
		_, err := b.Kind().DecodeQuery([]byte(raw))
		require.Equal(t, want, code(t, err), raw)
		_, err = b.JSON().Find(ann(), []byte(raw), itsm.PageRequest{})
		require.ErrorIs(t, err, itsm.ErrInvalid, raw)
	}
}

// longTexts stands beside TestTexts, which holds every limit at its edge: here they pass through the desk.
func longTexts(t *testing.T) {
	b := newBench(t, everything)
	_, err := b.Open(ann(), Raise{Title: long(itsm.MaxLine + 1)})
	require.Equal(t, "title:too_long", code(t, err))
	require.ErrorContains(t, err, "max 1000")
	rec := b.raise(t, Raise{})
	for name, c := range map[string]struct {
		do   func() error
		want string
	}{
		"note": {func() error {
			_, err := b.Do(ann(), rec.ID, Start{}, itsm.Note(long(itsm.MaxText+1), false))
			return err
		}, "note:too_long"},
		"key":      {func() error { _, err := b.Do(ann(), rec.ID, Start{}, itsm.IdempotencyKey(long(201))); return err }, "key:format"},
		"number":   {func() error { _, err := b.Open(ann(), Raise{Title: "t"}, itsm.Numbered(long(65))); return err }, "number:too_long"},
		"external": {func() error { _, err := b.Open(ann(), Raise{Title: "t"}, itsm.External(long(513))); return err }, "external:too_long"},
		"author":   {func() error { _, err := b.Do(ann(), rec.ID, Start{}, itsm.By(itsm.Actor{ID: long(257)})); return err }, "by.id:too_long"},
		"actor":    {func() error { _, err := b.Get(as(long(257), ""), rec.ID); return err }, "actor.id:too_long"},
		"search": {func() error {
			_, err := b.Find(ann(), itsm.Query[Ticket]{}.Matching(long(1001)), itsm.PageRequest{})
			return err
		}, "text:too_long"},
		"reason": {func() error {
			_, err := b.Redact(ann(), rec.ID, itsm.Redaction{Paths: []string{"title"}, Reason: long(1001)})
			return err
		}, "reason:too_long"},
		"limit": {func() error { _, err := b.Find(ann(), itsm.Query[Ticket]{}, itsm.PageRequest{Limit: 1001}); return err }, "limit:range"},
		"line":  {func() error { _, err := b.Do(ann(), rec.ID, Change{Lines: []string{"a", long(1001)}}); return err }, "lines[1]:too_long"},
		"list":  {func() error { _, err := b.Do(ann(), rec.ID, Change{Lines: make([]string, itsm.MaxList+1)}); return err }, "lines:too_many"},
		"element": {func() error {
			_, err := b.Do(ann(), rec.ID, Change{Parts: []Part{{ID: "a"}, {ID: "b", Name: long(1001)}}})
			return err
		}, "parts.b.name:too_long"},
		"attribute": {func() error { return b.set(rec.ID, "floor", long(513)) }, "attributes.floor:too_long"},
		"many values": {func() error {
			_, err := b.Find(ann(), itsm.Where(byCaller.In(make([]string, 1001)...)), itsm.PageRequest{})
			return err
		}, "where[0].in:too_many"},
		"many conditions": {func() error {
			_, err := b.Find(ann(), itsm.Where(slices.Repeat([]itsm.Cond[Ticket]{byCaller.From("a")}, 101)...), itsm.PageRequest{})
			return err
		}, "where:too_many"},
		"many values of many conditions": {func() error {
			_, err := b.Find(ann(), itsm.Where(slices.Repeat([]itsm.Cond[Ticket]{byCaller.In(make([]string, 1000)...)}, 11)...), itsm.PageRequest{})
			return err
		}, "where:too_many_values"},
	} {
		require.Equal(t, c.want, code(t, c.do()), name)
	}
	now, _ := b.stored(t, "", rec.ID)
	require.Equal(t, rec, now)
}

// set sets one attribute.
func (b *bench) set(id itsm.ID, key string, value any) error {
	attributes, err := itsm.AttributesOf(map[string]any{key: value})
	if err == nil {
		_, err = b.Do(ann(), id, itsm.SetAttributes[Ticket]{Attributes: attributes})
	}
	return err
}

func brokenTexts(t *testing.T) {
	b := newBench(t, everything)
	rec := b.raise(t, Raise{})
	for text, want := range map[string]string{"a\x00b": "nul", "a\xffb": "utf8"} {
		for name, c := range map[string]struct {
			do   func() error
			path string
		}{
			"field":     {func() error { _, err := b.Open(ann(), Raise{Title: text}); return err }, "title"},
			"optional":  {func() error { _, err := b.Do(ann(), rec.ID, DoPause{Reason: text}); return err }, "pause.reason"},
			"note":      {func() error { _, err := b.Do(ann(), rec.ID, Start{}, itsm.Note(text, true)); return err }, "note"},
			"comment":   {func() error { _, err := b.Do(ann(), rec.ID, itsm.Comment[Ticket]{Text: text}); return err }, "note"},
			"external":  {func() error { _, err := b.Open(ann(), Raise{Title: "t"}, itsm.External(text)); return err }, "external"},
			"attribute": {func() error { return b.set(rec.ID, "floor", text) }, "attributes.floor"},
			"actor":     {func() error { _, err := b.Get(as(text, ""), rec.ID); return err }, "actor.id"},
			"tenant":    {func() error { _, err := b.Get(as("ann", text), rec.ID); return err }, "actor.tenant"},
			"search": {func() error {
				_, err := b.Find(ann(), itsm.Query[Ticket]{}.Matching(text), itsm.PageRequest{})
				return err
			}, "text"},
			"reason": {func() error {
				_, err := b.Redact(ann(), rec.ID, itsm.Redaction{Paths: []string{"title"}, Reason: text})
				return err
			}, "reason"},
		} {
			require.Equal(t, c.path+":"+want, code(t, c.do()), name)
		}
	}
	_, err := b.JSON().Open(ann(), "raise", []byte(`{"title":"a\u0000b"}`))
	require.Equal(t, "title:nul", code(t, err))
	now, _ := b.stored(t, "", rec.ID)
	require.Equal(t, rec, now)
}

func otherTenant(t *testing.T) {
	b := newBench(t, everything)
	rec, err := b.Open(as("ann", "red"), Raise{Title: "t", Caller: "bo"}, itsm.IdempotencyKey("first"))
	require.NoError(t, err)
	blue := as("bo", "blue")
	for _, name := range []string{"Do", "Check", "Get", "History", "AsOf", "AsRecorded", "Options", "Redact", "Batch"} {
		require.ErrorIs(t, b.everyCall(rec.ID)[name](blue), itsm.ErrNotFound, name)
	}
	_, err = b.Options(blue, rec)
	require.ErrorIs(t, err, itsm.ErrNotFound)
	_, err = b.Numbered(blue, rec.Number)
	require.ErrorIs(t, err, itsm.ErrNotFound)
	require.ErrorContains(t, err, "ticket TKT0000001: not found")
	_, err = b.Numbered(as("ann", "red"), "")
	require.ErrorIs(t, err, itsm.ErrNotFound)
	same, err := b.Numbered(as("ann", "red"), rec.Number)
	require.NoError(t, err)
	require.Equal(t, rec, same)
	page, err := b.Find(blue, itsm.Where(byCaller.Is("bo")), itsm.PageRequest{})
	require.NoError(t, err)
	require.Empty(t, page.Items)
	counts, err := b.Count(blue, itsm.Query[Ticket]{}, "state")
	require.NoError(t, err)
	require.Zero(t, counts.Total)
	other, err := b.Open(blue, Raise{Title: "other"}, itsm.IdempotencyKey("first"), itsm.External("x"))
	require.NoError(t, err, "keys and numbers are a tenant's own")
	require.Equal(t, rec.Number, other.Number)
	require.Equal(t, "blue", other.Tenant)
	now, _ := b.stored(t, "red", rec.ID)
	require.Equal(t, rec, now)
}

func noActor(t *testing.T) {
	b := newBench(t, everything)
	rec := b.raise(t, Raise{}, itsm.IdempotencyKey("first"))
	before := b.events(t)
	b.repo.heal()
	for name, do := range b.everyCall(rec.ID) {
		if name == "Use" { // an administrator's call of the host, it has no actor
			continue
		}
		for _, ctx := range []context.Context{context.Background(), itsm.WithActor(context.Background(), itsm.Actor{Name: "nobody"})} {
			err := do(ctx)
			require.ErrorIs(t, err, itsm.ErrForbidden, name)
			require.ErrorContains(t, err, "actor", name)
		}
	}
	_, err := b.Describe(context.Background())
	require.ErrorIs(t, err, itsm.ErrForbidden)
	require.Empty(t, b.repo.calls, "the store was asked")
	require.Equal(t, before, b.events(t))
}

// brokenPolicy fails where it is told to.
type brokenPolicy struct {
	allow, see error
}

func (p brokenPolicy) Allow(context.Context, itsm.Request) error { return p.allow }
func (p brokenPolicy) See(context.Context, *itsm.Actor, string) (itsm.View, error) {
	return itsm.View{}, p.see
}

// failingPolicy: whatever error a policy returns denies, also one of the library's own; the caller gets it as
// the cause, a client does not.
func failingPolicy(t *testing.T) {
	good := newBench(t, everything)
	rec := good.raise(t, Raise{}, itsm.IdempotencyKey("first"))
	before := good.events(t)
	for _, cause := range []error{errors.New("no route to the directory"), itsm.ErrNotFound, &itsm.ConflictError{}, itsm.Invalid("x", "y")} {
		for where, p := range map[string]brokenPolicy{"See": {see: cause}, "Allow": {allow: cause}} {
			b := benchOn(t, good.Kind(), good.store, p)
			for name, do := range b.everyCall(rec.ID) {
				reads := name == "Get" || name == "Find" || name == "Count" || name == "History" || name == "AsOf" || name == "AsRecorded" || name == "All"
				switch {
				case name == "Use" || where == "Allow" && reads:
					continue
				case where == "Allow" && name == "repeat a key": // it was allowed when it was done
					require.NoError(t, do(ann()), name)
					continue
				case where == "Allow" && name == "Options":
					options, err := b.Options(ann(), rec)
					require.NoError(t, err)
					for _, o := range options {
						require.False(t, o.Allowed, o.Action)
						require.Contains(t, []string{"forbidden", "state"}, o.Why.Code)
					}
					continue
				}
				err := do(ann())
				require.ErrorIs(t, err, itsm.ErrForbidden, "%s, %s fails", name, where)
				require.ErrorIs(t, err, cause, "%s, %s fails", name, where)
				document := itsm.DescribeError(err)
				require.Equal(t, "forbidden", document.Code)
				require.NotContains(t, document.Message, "directory")
			}
		}
	}
	b := benchOn(t, good.Kind(), good.store, policy{see: itsm.View{Hidden: []string{"colour"}}})
	require.ErrorIs(t, b.everyCall(rec.ID)["Get"](ann()), itsm.ErrForbidden, "a policy that hides what is not there")
	b = benchOn(t, good.Kind(), good.store, policy{see: itsm.View{Any: []itsm.Condition{{Index: "colour"}}}})
	for _, name := range []string{"Get", "Find", "Count", "Do", "Options"} {
		require.ErrorIs(t, b.everyCall(rec.ID)[name](ann()), itsm.ErrForbidden, "a policy of an index that is not there: %s", name)
	}
	require.Equal(t, before, good.events(t))
}

// failingRepository fails each call that each method of the desk makes, in turn: the caller gets the cause, and
// the record and its events agree, whether the store failed before the work or behind it.
func failingRepository(t *testing.T) {
	for name := range newBench(t, everything).everyCall(itsm.ID{}) {
		for n := 0; ; n++ {
			b := newBench(t, everything)
			b.clock.now = noon
			rec := b.raise(t, Raise{}, itsm.IdempotencyKey("first"))
			before := b.events(t)
			b.repo.failAt(n, fmt.Errorf("postgres: %w", errStore))
			err := b.everyCall(rec.ID)[name](ann())
			if len(b.repo.calls) <= n {
				require.NoError(t, err, name)
				require.Positive(t, n, "%s makes no call", name)
				break
			}
			require.ErrorIs(t, err, errStore, "%s, call %d", name, n)
			require.Equal(t, "internal", itsm.DescribeError(err).Code)
			now, _ := b.stored(t, "", rec.ID)
			require.Equal(t, rec, now, "%s, call %d", name, n)
			require.Equal(t, before, b.events(t))
		}
	}
	b := newBench(t, everything) // the answer of a write that was done got lost: the key finds its result
	b.repo.after = func(string) error { return errStore }
	_, err := b.Open(ann(), Raise{Title: "t"}, itsm.IdempotencyKey("once"))
	require.ErrorIs(t, err, errStore)
	b.repo.heal()
	rec, err := b.Open(ann(), Raise{Title: "t"}, itsm.IdempotencyKey("once"))
	require.NoError(t, err)
	now, events := b.stored(t, "", rec.ID)
	require.Equal(t, now, rec)
	require.Len(t, events, 1)
	require.Equal(t, 1, b.events(t))
}

// cancelledContext cancels before each call of the repository, and in each hook of the host.
func cancelledContext(t *testing.T) {
	for name := range newBench(t, everything).everyCall(itsm.ID{}) {
		for n := -1; ; n++ { // -1: before the desk is called
			b := newBench(t, everything)
			rec := b.raise(t, Raise{}, itsm.IdempotencyKey("first"))
			before := b.events(t)
			ctx, cancel := context.WithCancel(ann())
			b.repo.heal()
			b.repo.before = func(string) error {
				if len(b.repo.calls) == n+1 {
					cancel()
				}
				return nil
			}
			if n < 0 {
				cancel()
			}
			err := b.everyCall(rec.ID)[name](ctx)
			cancel()
			if n >= 0 && len(b.repo.calls) <= n {
				require.NoError(t, err, name)
				break
			}
			require.ErrorIs(t, err, context.Canceled, "%s, call %d", name, n)
			now, _ := b.stored(t, "", rec.ID)
			require.Equal(t, rec, now)
			require.Equal(t, before, b.events(t), "%s, call %d", name, n)
		}
	}
	for _, step := range []string{"middleware", "see", "allow", "facts", "apply"} {
		ctx, cancel := context.WithCancel(ann())
		at := func(s string) {
			if s == step {
				cancel()
			}
		}
		b := newBench(t, policy{on: at}, func(c *itsm.Config[Ticket]) {
			c.Facts = func(context.Context, *Ticket, itsm.Action[Ticket]) (any, error) { at("facts"); return nil, nil }
			c.NewID = func(now time.Time) itsm.ID { at("apply"); return itsm.NewID(now) }
			c.Middleware = []itsm.Middleware{func(ctx context.Context, _ *itsm.Call, next func(context.Context) error) error {
				at("middleware")
				return next(ctx)
			}}
		})
		_, err := b.Open(ctx, Raise{Title: "t"})
		require.ErrorIs(t, err, context.Canceled, step)
		require.NotErrorIs(t, err, itsm.ErrForbidden, step)
		require.Zero(t, b.events(t), step)
	}
}

func undeclaredAttribute(t *testing.T) {
	b := newBench(t, everything)
	rec := b.raise(t, Raise{})
	err := b.set(rec.ID, "colour", "red")
	require.Equal(t, "attributes.colour:undeclared", code(t, err))
	require.ErrorContains(t, err, "allowed floor, cost, serial")
	_, err = b.JSON().Open(ann(), "raise", []byte(`{"title":"t","attributes":{"colour":"red","floor":3,"size":"xl"}}`))
	var v *itsm.ValidationError
	require.ErrorAs(t, err, &v)
	require.Equal(t, []string{"attributes.colour: undeclared", "attributes.floor: type", "attributes.size: choice"}, heads(v))
	require.ErrorContains(t, err, "allowed s, m")
	now, _ := b.stored(t, "", rec.ID)
	require.Equal(t, rec, now)
}

// heads returns path and code of each problem.
func heads(v *itsm.ValidationError) []string {
	var out []string
	for _, p := range v.Problems {
		out = append(out, p.Path+": "+p.Code)
	}
	return out
}

func brokenCursor(t *testing.T) {
	b := newBench(t, everything)
	for range 3 {
		b.raise(t, Raise{Caller: "bo"})
	}
	one := itsm.PageRequest{Limit: 1}
	q := itsm.Where(byCaller.Is("bo")).Sorted(byOpened.Asc())
	page, err := b.Find(ann(), q, one)
	require.NoError(t, err)
	require.NotEmpty(t, page.Next)
	ask := func(q itsm.Query[Ticket], cursor string) error {
		_, err := b.Find(ann(), q, itsm.PageRequest{Limit: 1, Cursor: cursor})
		return err
	}
	require.NoError(t, ask(q, page.Next))
	require.NoError(t, ask(q.Scanning(), page.Next), "the permission to scan changes no result")
	for name, other := range map[string]itsm.Query[Ticket]{
		"other value": itsm.Where(byCaller.Is("cy")).Sorted(byOpened.Asc()), "other order": q.Sorted(byOpened.Desc()),
		"no order": itsm.Where(byCaller.Is("bo")), "more words": q.Matching("t"),
	} {
		require.Equal(t, "cursor:other_query", code(t, ask(other, page.Next)), name)
	}
	_, err = b.Find(as("ann", "blue"), q, itsm.PageRequest{Cursor: page.Next})
	require.Equal(t, "cursor:other_query", code(t, err), "another tenant's")
	for n := 1; n < len(page.Next); n++ {
		require.Equal(t, "cursor:damaged", code(t, ask(q, page.Next[:n])), "cut to %d", n)
	}
	require.Equal(t, "cursor:damaged", code(t, ask(q, "!"+page.Next[1:])))
	one.Cursor = page.Next
	_, err = b.History(ann(), page.Items[0].ID, one)
	require.Equal(t, "cursor:other_query", code(t, err), "a cursor of Find for a history")
	_, err = b.Do(ann(), page.Items[0].ID, Start{})
	require.NoError(t, err)
	history, err := b.History(ann(), page.Items[0].ID, itsm.PageRequest{Limit: 1})
	require.NoError(t, err)
	require.NotEmpty(t, history.Next)
	_, err = b.History(ann(), b.raise(t, Raise{}).ID, itsm.PageRequest{Cursor: history.Next})
	require.Equal(t, "cursor:other_query", code(t, err), "the history of another record")
	_, err = b.History(ann(), page.Items[0].ID, itsm.PageRequest{Cursor: history.Next[:10]})
	require.Equal(t, "cursor:damaged", code(t, err))
}

func keyUsedAgain(t *testing.T) {
	b := newBench(t, everything)
	key := itsm.IdempotencyKey("k1")
	rec := b.raise(t, Raise{Title: "one"}, key)
	for name, do := range map[string]func() error{
		"other input":    func() error { _, err := b.Open(ann(), Raise{Title: "two"}, key); return err },
		"other action":   func() error { _, err := b.Do(ann(), rec.ID, Start{}, key); return err },
		"other external": func() error { _, err := b.Open(ann(), Raise{Title: "one"}, key, itsm.External("x")); return err },
		"in a check":     func() error { return b.Check(ann(), itsm.ID{}, Raise{Title: "two"}, key) },
	} {
		err := do()
		require.ErrorIs(t, err, itsm.ErrConflict, name)
		var c *itsm.ConflictError
		require.ErrorAs(t, err, &c, name)
		require.Equal(t, "k1", c.Key, name)
		require.Equal(t, rec.Ref("ticket"), c.Of, name)
	}
	_, err := b.Open(ann(), Raise{Title: "one"}, itsm.IdempotencyKey(""))
	require.Equal(t, "key:format", code(t, err))
	_, err = b.Batch().Open(ann(), Raise{Title: "one"}, key)
	require.Equal(t, "key:not_in_a_batch", code(t, err))
	require.Equal(t, 1, b.events(t))
}

func datedBack(t *testing.T) {
	b := newBench(t, everything)
	rec := b.raise(t, Raise{})
	b.clock.now = noon.Add(2 * time.Hour)
	rec, err := b.Do(ann(), rec.ID, Start{}, itsm.At(noon.Add(time.Hour)))
	require.NoError(t, err)
	require.Equal(t, noon.Add(time.Hour), rec.UpdatedAt)
	_, err = b.Do(ann(), rec.ID, Finish{Code: "c"}, itsm.At(noon.Add(time.Hour-time.Millisecond)))
	require.Equal(t, "at:before_last_event", code(t, err))
	require.ErrorContains(t, err, "last 2026-03-02T13:00:00Z")
	_, err = b.Do(ann(), rec.ID, Finish{Code: "c"}, itsm.At(noon.Add(3*time.Hour)))
	require.Equal(t, "at:future", code(t, err))
	require.ErrorContains(t, err, "now 2026-03-02T14:00:00Z")
	_, err = b.Do(ann(), rec.ID, Finish{Code: "c"}, itsm.At(time.Time{}))
	require.Equal(t, "at:range", code(t, err))
	now, _ := b.stored(t, "", rec.ID)
	require.Equal(t, rec, now)
	b.clock.now = noon // the clock was set back: the record's time does not go back with it
	rec, err = b.Do(ann(), rec.ID, Finish{Code: "c"})
	require.NoError(t, err)
	require.Equal(t, noon.Add(time.Hour), rec.UpdatedAt)
	_, events := b.stored(t, "", rec.ID)
	require.Equal(t, noon.Add(time.Hour), events[2].RecordedAt)
}

// stubborn is a handler that always fails.
type stubborn struct{ tried []string }

func (*stubborn) Consumer() string { return "stubborn" }
func (*stubborn) Kinds() []string  { return nil }
func (h *stubborn) Handle(_ context.Context, events []itsm.Event) (int, error) {
	h.tried = append(h.tried, events[0].Action)
	return 0, errStore
}

// failingHandler: the position does not move, the pauses grow, and the event that it fails on can be read.
func failingHandler(t *testing.T) {
	b := newBench(t, everything)
	rec := b.raise(t, Raise{})
	_, err := b.Do(ann(), rec.ID, Start{})
	require.NoError(t, err)
	relay := itsm.NewRelay(b.store)
	relay.Clock = b.clock.time
	h := &stubborn{}
	pause := time.Second
	for n := 1; n <= 12; n++ {
		done, err := relay.Step(ann(), h)
		require.ErrorIs(t, err, errStore)
		require.Zero(t, done)
		var failed *itsm.HandlerError
		require.ErrorAs(t, err, &failed)
		require.Equal(t, n, failed.Attempts)
		require.Equal(t, "raise", failed.Event.Action)
		c, err := relay.Status(ann(), "stubborn")
		require.NoError(t, err)
		require.Equal(t, itsm.Position(""), c.Position)
		require.Equal(t, rec.ID, c.Failing.Subject.ID)
		require.Equal(t, b.clock.now.Add(pause), c.Next)
		require.Equal(t, "disk on fire", c.Error)
		done, err = relay.Step(ann(), h)
		require.NoError(t, err, "it waits for the next try")
		require.Zero(t, done)
		lag, err := relay.Lag(ann(), h)
		require.NoError(t, err)
		require.Equal(t, 2, lag.Events)
		b.clock.now, pause = c.Next, min(2*pause, 10*time.Minute)
	}
	require.Len(t, h.tried, 12)
	require.NotContains(t, h.tried, "start", "an event was handed over before its turn")
}

func wrongOptions(t *testing.T) {
	b := newBench(t, everything)
	rec := b.raise(t, Raise{})
	for want, do := range map[string]func() error{
		"id:required":            func() error { _, err := b.Do(ann(), itsm.ID{}, Start{}); return err },
		"if_version:range":       func() error { _, err := b.Do(ann(), rec.ID, Start{}, itsm.IfVersion(0)); return err },
		"if_version:not_opening": func() error { _, err := b.Open(ann(), Raise{Title: "t"}, itsm.IfVersion(1)); return err },
		"number:opening_only":    func() error { _, err := b.Do(ann(), rec.ID, Start{}, itsm.Numbered("T1")); return err },
		"external:opening_only":  func() error { _, err := b.Do(ann(), rec.ID, Start{}, itsm.External("T1")); return err },
		"by.id:required":         func() error { _, err := b.Do(ann(), rec.ID, Start{}, itsm.By(itsm.Actor{})); return err },
		"limit:range":            func() error { _, err := b.History(ann(), rec.ID, itsm.PageRequest{Limit: -1}); return err },
		"before:required":        func() error { return b.ForgetKeys(ann(), time.Time{}) },
		"before:too_early":       func() error { return b.ForgetKeys(ann(), noon.Add(-itsm.KeepKeys+time.Millisecond)) },
		"by:unknown_index":       func() error { _, err := b.Count(ann(), itsm.Query[Ticket]{}, "colour"); return err },
	} {
		require.Equal(t, want, code(t, do()))
	}
}

func valuesWithoutJSON(t *testing.T) {
	b := newBench(t, everything)
	rec := b.raise(t, Raise{})
	for _, p := range []itsm.Period{{Months: -1}, {Days: -1}, {Months: 120_001}, {Days: 3_660_001}} {
		_, err := b.Do(ann(), rec.ID, Change{Every: p})
		require.Equal(t, "review.every:value", code(t, err))
	}
	now, _ := b.stored(t, "", rec.ID)
	require.Equal(t, rec, now)
}
