package itsm_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/lifecycle"
	"github.com/itsmkit/itsm/store/memory"
)

// must ends an example at an error.
func must[V any](v V, err error) V {
	if err != nil {
		panic(err)
	}
	return v
}

// office is what the examples work with: a desk on a memory store, at nine o'clock.
type office struct {
	*itsm.Desk[Case]
	store *memory.Store
	now   time.Time
	ctx   context.Context
}

// newOffice returns an office with three cases, of which ann has the second.
func newOffice(p itsm.Policy) *office {
	cases := must(newCases())
	o := &office{store: memory.New(), now: time.Date(2026, 11, 24, 9, 0, 0, 0, time.UTC)}
	opened := byte(0)
	o.Desk = must(itsm.NewDesk(cases, itsm.Config[Case]{
		Repository: memory.For(o.store, cases),
		Policy:     p,
		Clock:      func() time.Time { return o.now },
		NewID: func(time.Time) itsm.ID { // what is printed must repeat itself
			opened++
			return itsm.ID{0: 0x01, 6: 0x70, 8: 0x80, 15: opened}
		},
	}))
	o.ctx = itsm.WithActor(context.Background(), itsm.Actor{ID: "ann", Roles: []string{"agent"}})
	for _, a := range []Ask{{"How do I print?", "bo"}, {"Where is my file?", "cy"}, {"Screen is black", "bo"}} {
		must(o.Open(o.ctx, a))
	}
	o.now = o.now.Add(time.Hour)
	must(o.Do(o.ctx, o.id(2), Take{Agent: "ann"}))
	return o
}

func (o *office) id(n byte) itsm.ID { return itsm.ID{0: 0x01, 6: 0x70, 8: 0x80, 15: n} }

// Why a button is grey: the state has no rule for the action, or a guard says no.
func ExampleDesk_Options() {
	o := newOffice(itsm.AllowAll)
	bo := itsm.WithActor(context.Background(), itsm.Actor{ID: "bo"})
	c := must(o.Get(bo, o.id(2)))
	for _, option := range must(o.Options(bo, c)) {
		fmt.Println(option.Action, option.Allowed, option.To, option.Why)
	}
	// Output:
	// ask false [] state (state taken)
	// take true [taken] <nil>
	// solve false [solved] not your case (agent ann)
	// set_attributes true [taken] <nil>
}

// A dry run finds every wrong field, and stores nothing.
func ExampleDesk_Check() {
	o := newOffice(itsm.AllowAll)
	err := o.Check(o.ctx, itsm.ID{}, Ask{Title: strings.Repeat("x", 1001)})
	var invalid *itsm.ValidationError
	if errors.As(err, &invalid) {
		for _, p := range invalid.Problems {
			fmt.Println(p.Path, p.Code, p.Params)
		}
	}
	fmt.Println(o.Check(o.ctx, o.id(1), Solve{Answer: "Press the button"}))
	// Output:
	// caller required map[]
	// title too_long map[max:1000]
	// case C001: solve: not allowed in open (allowed: take, set_attributes)
}

// A query by typed handles, with an order; and how many there are of each state.
func ExampleDesk_Find() {
	o := newOffice(itsm.AllowAll)
	page := must(o.Find(o.ctx, itsm.Where(caseByCaller.In("bo", "cy")).Sorted(itsm.ByNumber[Case]().Desc()), itsm.PageRequest{Limit: 2}))
	for _, c := range page.Items {
		fmt.Println(c.Number, c.Title)
	}
	fmt.Println("more:", page.Next != "")
	counts := must(o.Count(o.ctx, itsm.Query[Case]{}, itsm.IndexState, "caller"))
	fmt.Println(counts.Total, counts.Facet(itsm.IndexState).Buckets, counts.Facet("caller").Buckets)
	// Output:
	// C003 Screen is black
	// C002 Where is my file?
	// more: true
	// 3 [{open 2} {taken 1}] [{bo 2} {cy 1}]
}

// Each action left an event: who did what when, and which fields changed.
func ExampleDesk_History() {
	o := newOffice(itsm.AllowAll)
	must(o.Do(o.ctx, o.id(2), Solve{Answer: "In the cellar"}))
	for _, e := range must(o.History(o.ctx, o.id(2), itsm.PageRequest{})).Items {
		fmt.Printf("%d %s %s: %s, %s %q\n", e.Version, e.Time.Format(time.TimeOnly), e.Actor.ID, e.Action, e.To, e.Note)
		for _, c := range e.Changes {
			fmt.Printf("  %s: %s -> %s\n", c.Path, c.Old, c.New)
		}
	}
	// Output:
	// 1 09:00:00 ann: ask, open ""
	//   /title:  -> "Where is my file?"
	//   /caller:  -> "cy"
	// 2 10:00:00 ann: take, taken ""
	//   /agent:  -> "ann"
	// 3 10:00:00 ann: solve, solved "In the cellar"
	//   /answer:  -> "In the cellar"
}

// A record as it was at half past nine.
func ExampleDesk_AsOf() {
	o := newOffice(itsm.AllowAll)
	now := must(o.Get(o.ctx, o.id(2)))
	then := must(o.AsOf(o.ctx, o.id(2), o.now.Add(-30*time.Minute)))
	fmt.Printf("%s, agent %q\n", now.State, now.Agent)
	fmt.Printf("%s, agent %q\n", then.State, then.Agent)
	// Output:
	// taken, agent "ann"
	// open, agent ""
}

// A call whose answer got lost is repeated with its key: it is done once.
func ExampleIdempotencyKey() {
	o := newOffice(itsm.AllowAll)
	for range 2 {
		c := must(o.Open(o.ctx, Ask{Title: "Mail is down", Caller: "bo"}, itsm.IdempotencyKey("form-4711")))
		fmt.Println(c.Number)
	}
	_, err := o.Open(o.ctx, Ask{Title: "Something else", Caller: "bo"}, itsm.IdempotencyKey("form-4711"))
	fmt.Println(errors.Is(err, itsm.ErrConflict), err)
	// Output:
	// C004
	// C004
	// true conflict: idempotency key "form-4711" was used with another input
}

// A field that the host adds while the desk is open: indexed, without a line of code for it.
func ExampleDesk_Use() {
	o := newOffice(itsm.AllowAll)
	room := itsm.Field{Key: "room", Type: itsm.FieldText, Label: "Room", Indexed: true}
	cases := must(o.Kind().WithFields(room))
	if err := o.Use(o.ctx, cases); err != nil {
		fmt.Println(err)
	}
	must(o.Do(o.ctx, o.id(1), itsm.SetAttributes[Case]{Attributes: must(itsm.AttributesOf(map[string]any{"room": "B 12"}))}))
	page := must(o.Find(o.ctx, itsm.Where(itsm.ByAttribute[Case](room).Is(json.RawMessage(`"B 12"`))), itsm.PageRequest{}))
	for _, c := range page.Items {
		fmt.Println(c.Number, c.Attributes.Text("room"))
	}
	_, err := o.Do(o.ctx, o.id(1), itsm.SetAttributes[Case]{Attributes: must(itsm.AttributesOf(map[string]any{"floor": 3}))})
	fmt.Println(err)
	// Output:
	// C001 B 12
	// case: set_attributes: invalid: attributes.floor: undeclared (allowed room)
}

// A value is replaced in the record and in its whole history, and the history says so.
func ExampleDesk_Redact() {
	o := newOffice(itsm.AllowAll | itsm.AllowRedact)
	c := must(o.Redact(o.ctx, o.id(2), itsm.Redaction{Paths: []string{"title"}, Reason: "asked for by the caller"}))
	fmt.Println(c.Title)
	for _, e := range must(o.History(o.ctx, c.ID, itsm.PageRequest{})).Items {
		fmt.Printf("%s %q\n", e.Action, e.Note)
		for _, change := range e.Changes {
			fmt.Printf("  %s: %s\n", change.Path, change.New)
		}
	}
	// Output:
	// [redacted]
	// ask ""
	//   /title: "[redacted]"
	//   /caller: "cy"
	// take ""
	//   /agent: "ann"
	// redact "asked for by the caller"
}

// The same desk in JSON, as an HTTP handler uses it for every kind.
func ExampleDesk_JSON() {
	o := newOffice(itsm.AllowAll)
	desk := o.JSON()
	raw := must(desk.Do(o.ctx, o.id(1), "take", []byte(`{"agent":"cy"}`), itsm.IfVersion(1)))
	fmt.Println(string(raw))
	_, err := desk.Do(o.ctx, o.id(1), "take", []byte(`{"agnet":"cy"}`))
	_ = json.NewEncoder(os.Stdout).Encode(itsm.DescribeError(err))
	raw = must(desk.Count(o.ctx, []byte(`{"where":[{"index":"state","in":["taken"]}]}`), "agent"))
	fmt.Println(string(raw))
	// Output:
	// {"id":"01000000-0000-7000-8000-000000000001","number":"C001","state":"taken","version":2,"revision":2,"created_at":"2026-11-24T09:00:00Z","updated_at":"2026-11-24T10:00:00Z","title":"How do I print?","caller":"bo","agent":"cy"}
	// {"code":"invalid","message":"case: take: invalid: agnet: unknown field (allowed agent)","problems":[{"path":"agnet","code":"unknown_field","params":{"allowed":"agent"}}]}
	// {"total":2,"facets":[{"index":"agent","type":"text","buckets":[{"value":"ann","count":1},{"value":"cy","count":1}]}]}
}

// mailer tells callers what became of their cases.
type mailer struct{ down bool }

func (mailer) Consumer() string { return "mailer" }
func (mailer) Kinds() []string  { return []string{"case"} }
func (m *mailer) Handle(_ context.Context, events []itsm.Event) (int, error) {
	return itsm.Each(events, func(e itsm.Event) error {
		if m.down {
			return errors.New("the mail server is down")
		}
		fmt.Println("mail:", e.Number, e.Action)
		return nil
	})
}

// Events are handed to a handler in order, at least once; one that fails is tried again later.
func ExampleRelay() {
	o := newOffice(itsm.AllowAll)
	relay := itsm.NewRelay(o.store)
	relay.Clock = func() time.Time { return o.now }
	m := &mailer{down: true}
	err := relay.Run(o.ctx, m)
	fmt.Println(err)
	lag := must(relay.Lag(o.ctx, m))
	fmt.Println("waiting:", lag.Events, "the oldest for", lag.Oldest)
	m.down, o.now = false, o.now.Add(time.Second)
	if err := relay.Run(o.ctx, m); err != nil {
		fmt.Println(err)
	}
	// Output:
	// itsm: consumer mailer: event case/01000000-0000-7000-8000-000000000001/1 (ask), attempt 1: the mail server is down
	// waiting: 4 the oldest for 1h0m0s
	// mail: C001 ask
	// mail: C002 ask
	// mail: C003 ask
	// mail: C002 take
}

// What a screen or a list of tools needs of a kind; here the schema of one input, and some labels.
func ExampleKind_Describe() {
	d := must(newCases()).Describe()
	fmt.Println(d.Kind, d.Numbers)
	for _, s := range d.States {
		fmt.Println(s.Name, s.Actions, s.Final)
	}
	for _, a := range d.Actions {
		if a.Name == "take" {
			fmt.Println(string(must(json.MarshalIndent(a.Input, "", "  "))))
		}
	}
	fmt.Println(d.Labels["case.action.set_attributes"], "/", d.Labels["case.field.caller"])
	// Output:
	// case C001
	// open [take set_attributes] false
	// taken [take solve set_attributes] false
	// solved [] true
	// {
	//   "$schema": "https://json-schema.org/draft/2020-12/schema",
	//   "type": "object",
	//   "properties": {
	//     "agent": {
	//       "title": "Agent",
	//       "type": "string",
	//       "maxLength": 1000
	//     }
	//   },
	//   "required": [
	//     "agent"
	//   ],
	//   "additionalProperties": false
	// }
	// Set attributes / Caller
}

// callers lets agents do everything, and callers see their own cases, without the name of the agent.
type callers struct{}

func (callers) Allow(_ context.Context, r itsm.Request) error {
	if r.Actor.Has("agent") || r.Action == "ask" {
		return nil
	}
	return errors.New("agents only")
}

func (callers) See(_ context.Context, a *itsm.Actor, _ string) (itsm.View, error) {
	if a.Has("agent") {
		return itsm.View{}, nil
	}
	return itsm.View{Any: []itsm.Condition{caseByCaller.Is(a.ID).Condition}, PublicOnly: true, Hidden: []string{"agent"}}, nil
}

// A policy says who may do what, and which records, fields and events each actor sees.
func ExamplePolicy() {
	o := newOffice(callers{})
	bo := itsm.WithActor(context.Background(), itsm.Actor{ID: "bo"})
	for c, err := range o.All(bo, itsm.Query[Case]{}) {
		fmt.Println(c.Number, c.Title, err)
	}
	_, err := o.Get(bo, o.id(2))
	fmt.Println(err)
	_, err = o.Do(bo, o.id(1), Take{Agent: "bo"})
	fmt.Println(err)
	_, err = o.Find(bo, itsm.Where(caseByAgent.Is("ann")), itsm.PageRequest{})
	fmt.Println(err)
	// Output:
	// C001 How do I print? <nil>
	// C003 Screen is black <nil>
	// case 01000000-0000-7000-8000-000000000002: not found
	// forbidden: bo may not act on case: agents only
	// forbidden: the index agent is hidden from bo
}

// A kind is declared once: the lifecycle as a table, the actions, what it is found by, its numbers.
func ExampleNewKind() {
	rules, err := lifecycle.New([]lifecycle.Rule{
		{On: "ask", From: []lifecycle.State{""}, To: "open"},
		{On: "take", From: []lifecycle.State{"open"}, To: "taken"},
		{On: "solve", From: []lifecycle.State{"open", "taken"}, To: "solved"},
	}, "solved")
	if err != nil {
		fmt.Println(err)
	}
	cases, err := itsm.NewKind("case", itsm.Declaration[Case]{
		Lifecycle: rules,
		Actions:   []itsm.Offer[Case]{itsm.Do(Ask{}), itsm.Do(Take{}), itsm.Do(Solve{})},
		Indexes:   []itsm.Indexed[Case]{caseByCaller, itsm.Then(caseByCaller, itsm.ByCreated[Case]())},
		Number:    itsm.Numbering{Prefix: "C"},
		Search:    []string{"title", "answer"},
		Long:      []string{"answer"},
	})
	fmt.Println(cases.Name(), cases.Actions(), err)
	_, err = itsm.NewKind("case", itsm.Declaration[Case]{
		Lifecycle: rules,
		Actions:   []itsm.Offer[Case]{itsm.Do(Ask{}), itsm.Do(Take{})},
		Search:    []string{"titel"},
	})
	fmt.Println(err)
	// Output:
	// case [ask take solve] <nil>
	// itsm: kind case: Search "titel": there is no such text
	// itsm: kind case: action solve has a rule in the lifecycle but is not offered in Declaration.Actions
}
