package itsm_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/store/memory"
	"github.com/stretchr/testify/require"
)

// policy allows what a test says, and tells it what is asked.
type policy struct {
	see  itsm.View
	deny func(itsm.Request) error
	on   func(step string)
}

func (p policy) Allow(_ context.Context, r itsm.Request) error {
	if p.on != nil {
		p.on("allow")
	}
	if p.deny != nil {
		return p.deny(r)
	}
	return nil
}

func (p policy) See(context.Context, *itsm.Actor, string) (itsm.View, error) {
	if p.on != nil {
		p.on("see")
	}
	return p.see, nil
}

// guest sees the tickets of its own calls, without the attribute cost, the body and the links, and only what
// is public of their history.
func guest(caller string) policy {
	return policy{see: itsm.View{
		Any:        []itsm.Condition{byCaller.Is(caller).Condition},
		PublicOnly: true,
		Hidden:     []string{"attributes.cost", "body", "links", "outcome.text", "group", "pause"},
	}}
}

// secretive is a ticket with something in each field that a guest must not see.
func secretive(t *testing.T, b *bench) Ticket {
	attributes, err := itsm.AttributesOf(map[string]any{"cost": 4711, "floor": "3"})
	require.NoError(t, err)
	rec := b.raise(t, Raise{Caller: "bo", Attributes: attributes})
	for _, a := range []itsm.Action[Ticket]{
		Change{Body: "secret body", Group: "secret group", Count: 5},
		itsm.Relate[Ticket]{Type: "affects", To: itsm.Ref{Kind: "secret", ID: itsm.NewID(noon)}},
		itsm.Comment[Ticket]{Text: "secret comment"}, itsm.Comment[Ticket]{Text: "we are on it", Public: true},
		DoPause{Reason: "secret reason"},
	} {
		b.clock.now = b.clock.now.Add(time.Minute)
		rec, err = b.Do(ann(), rec.ID, a, itsm.IdempotencyKey(a.Name()+fmt.Sprint(rec.Version)))
		require.NoError(t, err)
	}
	return rec
}

// TestViewEverywhere asks a desk in every way that it has for a record within and outside of a view, and looks
// for what is hidden in each answer.
func TestViewEverywhere(t *testing.T) {
	b := newBench(t, everything)
	rec := secretive(t, b)
	inside := benchOn(t, b.Kind(), b.store, guest("bo"))
	inside.clock = b.clock
	outside := benchOn(t, b.Kind(), b.store, guest("cy"))
	nothing := benchOn(t, b.Kind(), b.store, policy{see: itsm.View{Any: []itsm.Condition{}}})
	for _, d := range []*bench{outside, nothing} {
		for _, name := range []string{"Get", "Do", "Check", "History", "AsOf", "AsRecorded", "Options", "Redact", "Batch"} {
			require.ErrorIs(t, d.everyCall(rec.ID)[name](ann()), itsm.ErrNotFound, name)
		}
		_, err := d.Options(ann(), rec)
		require.ErrorIs(t, err, itsm.ErrNotFound)
		_, err = d.Numbered(ann(), rec.Number)
		require.ErrorIs(t, err, itsm.ErrNotFound)
		_, err = d.Do(ann(), rec.ID, DoPause{Reason: "secret reason"}, itsm.IdempotencyKey("pause5"))
		require.ErrorIs(t, err, itsm.ErrNotFound, "the key of another's action")
		_, _, err = d.Prepare(ann(), rec.ID, itsm.Comment[Ticket]{Text: "x"})
		require.ErrorIs(t, err, itsm.ErrNotFound)
		page, err := d.Find(ann(), itsm.Query[Ticket]{}, itsm.PageRequest{})
		require.NoError(t, err)
		require.Empty(t, page.Items)
		counts, err := d.Count(ann(), itsm.Query[Ticket]{}, "caller")
		require.NoError(t, err)
		require.Zero(t, counts.Total)
		require.Empty(t, counts.Facet("caller").Buckets)
		n, err := d.Purge(ann(), noon.AddDate(1, 0, 0), 0)
		require.NoError(t, err)
		require.Zero(t, n)
	}

	desk := inside.JSON()
	ctx := ann()
	for name, answer := range map[string]func() ([]byte, error){
		"Get":  func() ([]byte, error) { return desk.Get(ctx, rec.ID) },
		"Find": func() ([]byte, error) { return desk.Find(ctx, []byte(`{}`), itsm.PageRequest{}) },
		"Find a word": func() ([]byte, error) {
			return desk.Find(ctx, []byte(`{"where":[{"index":"caller","in":["bo"]}]}`), itsm.PageRequest{})
		},
		"History": func() ([]byte, error) { return desk.History(ctx, rec.ID, itsm.PageRequest{}) },
		"AsOf":    func() ([]byte, error) { return desk.AsOf(ctx, rec.ID, b.clock.now) },
		"Do": func() ([]byte, error) {
			return desk.Do(ctx, rec.ID, "comment", []byte(`{"text":"mine","public":true}`))
		},
		"Options": func() ([]byte, error) { return desk.Options(ctx, rec.ID) },
		"Count":   func() ([]byte, error) { return desk.Count(ctx, nil, "caller", "state") },
		"Prepare": func() ([]byte, error) {
			_, out, err := inside.Prepare(ctx, rec.ID, itsm.Comment[Ticket]{Text: "x"})
			require.NoError(t, err)
			return json.Marshal(out)
		},
		"a repeated key": func() ([]byte, error) {
			out, err := inside.Do(ctx, rec.ID, DoPause{Reason: "secret reason"}, itsm.IdempotencyKey("pause5"))
			require.NoError(t, err)
			require.EqualValues(t, 6, out.Version)
			return json.Marshal(out)
		},
	} {
		raw, err := answer()
		require.NoError(t, err, name)
		require.NotEmpty(t, raw, name)
		require.NotContains(t, string(raw), "secret", name)
		require.NotContains(t, string(raw), "4711", name)
	}
	history, err := inside.History(ctx, rec.ID, itsm.PageRequest{})
	require.NoError(t, err)
	require.Len(t, history.Items, 2, "the two public comments")
	require.Equal(t, "we are on it", history.Items[0].Note)
	got, err := inside.Get(ctx, rec.ID)
	require.NoError(t, err)
	require.Equal(t, `"3"`, got.Attributes.Raw("floor"))
	require.EqualValues(t, 5, got.Count)

	for name, q := range map[string]itsm.Query[Ticket]{
		"hidden index": itsm.Where(byGroup.Is("secret group")), "hidden order": itsm.Query[Ticket]{}.Sorted(byGroup.Asc()),
		"hidden attribute": itsm.Where(itsm.ByAttribute[Ticket](b.Kind().Fields()[1]).Is([]byte("4711"))),
		"hidden links":     itsm.Where(itsm.ByLink[Ticket]().Is(rec.Links[0].To)), "hidden words": itsm.Query[Ticket]{}.Matching("secret"),
	} {
		_, err := inside.Find(ctx, q, itsm.PageRequest{})
		require.ErrorIs(t, err, itsm.ErrForbidden, name)
		_, err = inside.Count(ctx, q)
		require.ErrorIs(t, err, itsm.ErrForbidden, name)
	}
	for _, by := range []itsm.IndexName{"group", "attributes.cost", "link"} {
		_, err := inside.Count(ctx, itsm.Query[Ticket]{}, by)
		require.ErrorIs(t, err, itsm.ErrForbidden, by)
	}
	raw, err := desk.Describe(ctx)
	require.NoError(t, err)
	var described struct {
		Record struct {
			Properties map[string]any `json:"properties"`
		} `json:"record"`
		Indexes []struct{ Name string } `json:"indexes"`
		Search  []string                `json:"search"`
		Fields  []itsm.Field            `json:"fields"`
	}
	require.NoError(t, json.Unmarshal(raw, &described))
	for _, hidden := range []string{"body", "links", "group", "pause"} {
		require.NotContains(t, described.Record.Properties, hidden)
	}
	require.NotContains(t, described.Search, "body")
	for _, i := range described.Indexes {
		require.NotContains(t, []string{"group", "attributes.cost", "link"}, i.Name)
	}
	for _, f := range described.Fields {
		require.NotEqual(t, "cost", f.Key)
	}
}

// TestHiddenUnderItsOldName: an event from before a field was renamed does not show it.
func TestHiddenUnderItsOldName(t *testing.T) {
	d := ticketDeclaration(t)
	d.Renamed = map[string]string{"/solution": "/outcome/text"}
	k, err := itsm.NewKind("ticket", d)
	require.NoError(t, err)
	b := benchOn(t, k, memory.New(), policy{see: itsm.View{Hidden: []string{"outcome.text"}}})
	rec, e, err := k.Apply(Ticket{}, Raise{Title: "t"}, itsm.Moment{Time: noon})
	require.NoError(t, err)
	rec.Outcome.Text = "secret"
	e.Changes = append(e.Changes, itsm.Change{Path: "/solution", New: []byte(`"secret"`)})
	e.Facts = []itsm.Fact{{Name: "outcome.text", Value: []byte(`"secret"`)}, {Name: "other", Value: []byte(`1`)}}
	require.NoError(t, b.repo.Save(ann(), itsm.Scope{}, itsm.Commit[Ticket]{Record: &rec, Event: e}))
	raw, err := b.JSON().History(ann(), rec.ID, itsm.PageRequest{})
	require.NoError(t, err)
	require.NotContains(t, string(raw), "secret")
	require.Contains(t, string(raw), "other")
	b = benchOn(t, k, b.store, everything)
	back, err := b.AsOf(ann(), rec.ID, noon)
	require.NoError(t, err)
	require.Equal(t, rec, back, "the old event replays")
	_, err = b.Redact(ann(), rec.ID, itsm.Redaction{Paths: []string{"outcome.text"}, Reason: "r"})
	require.NoError(t, err)
	raw, err = b.JSON().History(ann(), rec.ID, itsm.PageRequest{})
	require.NoError(t, err)
	require.NotContains(t, string(raw), "secret", "redacted under its old name")
}

// TestRequest: a policy gets who, what and the record as it is before the action, for each permission.
func TestRequest(t *testing.T) {
	var asked []itsm.Request
	b := newBench(t, policy{deny: func(r itsm.Request) error { asked = append(asked, r); return nil }})
	rec, err := b.Open(as("ann", "red", "agent"), Raise{Title: "t"}, itsm.Numbered("N1"), itsm.At(noon))
	require.NoError(t, err)
	require.Len(t, asked, 3)
	for i, p := range []itsm.Permission{itsm.Act, itsm.Backdate, itsm.Import} {
		require.Equal(t, p, asked[i].Permission)
		require.Equal(t, "raise", asked[i].Action)
		require.Equal(t, "ticket", asked[i].Kind)
		require.Nil(t, asked[i].Record, "nothing is there yet")
		require.Equal(t, Raise{Title: "t"}, asked[i].Input)
		require.True(t, asked[i].Actor.Has("agent"))
		require.False(t, asked[i].Actor.Has("chief"))
	}
	asked = nil
	_, err = b.Do(as("ann", "red"), rec.ID, Start{}, itsm.By(itsm.Actor{ID: "bo"}))
	require.NoError(t, err)
	require.Len(t, asked, 2)
	require.Equal(t, itsm.OnBehalf, asked[1].Permission)
	require.Equal(t, &rec, asked[1].Record)
	require.Equal(t, "ann", asked[1].Actor.ID)
}

// TestOptions: each action of the kind with where it leads, or why not: the state, a guard, the policy.
func TestOptions(t *testing.T) {
	b := newBench(t, policy{deny: func(r itsm.Request) error {
		if r.Action == "finish" {
			return errors.New("agents only")
		}
		return nil
	}})
	rec := b.raise(t, Raise{})
	find := func(options []itsm.Option, action string) itsm.Option {
		for _, o := range options {
			if o.Action == action {
				return o
			}
		}
		t.Fatal("no option " + action)
		return itsm.Option{}
	}
	options, err := b.Options(ann(), rec)
	require.NoError(t, err)
	require.Len(t, options, len(b.Kind().Actions()))
	require.Equal(t, itsm.Option{Action: "start", Allowed: true, To: []string{"open"}}, find(options, "start"))
	require.Equal(t, itsm.Option{Action: "change", Allowed: true, To: []string{"new"}}, find(options, "change"))
	require.Equal(t, itsm.Option{Action: "finish", To: []string{"done"}, Why: &itsm.Reason{Code: "forbidden"}}, find(options, "finish"))
	require.Equal(t, itsm.Option{Action: "resume", Why: &itsm.Reason{Code: "state", Params: map[string]string{"state": "new"}}}, find(options, "resume"))
	options, err = b.Options(ann(), Ticket{})
	require.NoError(t, err)
	require.Equal(t, itsm.Option{Action: "raise", Allowed: true, To: []string{"new"}}, find(options, "raise"))
	require.False(t, find(options, "start").Allowed)

	open := newBench(t, itsm.AllowAll)
	rec, err = open.Do(ann(), open.raise(t, Raise{}).ID, Finish{Code: "c"})
	require.NoError(t, err)
	options, err = open.Options(ann(), rec)
	require.NoError(t, err)
	require.True(t, find(options, "reopen").Allowed)
	open.clock.now = noon.Add(25 * time.Hour)
	options, err = open.Options(ann(), rec)
	require.NoError(t, err)
	require.Equal(t, &itsm.Reason{Code: "window_passed", Params: map[string]string{"hours": "24"}}, find(options, "reopen").Why)
	_, err = open.Do(ann(), rec.ID, Reopen{})
	require.ErrorIs(t, err, itsm.ErrNotAllowed)
	require.ErrorContains(t, err, "window passed (hours 24)")
}
