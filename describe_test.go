package itsm_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"testing"
	"time"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/store/memory"
	"github.com/stretchr/testify/require"
)

var update = flag.Bool("update", false, "write the golden description of the test kind anew")

// described is what a client reads of a description.
type described struct {
	Record  map[string]any `json:"record"`
	Actions []struct {
		Name  string         `json:"name"`
		Opens bool           `json:"opens"`
		From  []string       `json:"from"`
		Input map[string]any `json:"input"`
	} `json:"actions"`
	States []struct {
		Name    string   `json:"name"`
		Final   bool     `json:"final"`
		Actions []string `json:"actions"`
	} `json:"states"`
	Labels map[string]string `json:"labels"`
}

func describe(t *testing.T, k *itsm.Kind[Ticket]) described {
	raw, err := json.Marshal(k.Describe())
	require.NoError(t, err)
	var d described
	require.NoError(t, json.Unmarshal(raw, &d))
	return d
}

// TestDescription compares the whole document with testdata/ticket_description.json.
func TestDescription(t *testing.T) {
	const file = "testdata/ticket_description.json"
	raw, err := json.Marshal(ticketKind(t).Describe())
	require.NoError(t, err)
	var pretty bytes.Buffer
	require.NoError(t, json.Indent(&pretty, raw, "", "  "))
	pretty.WriteByte('\n')
	if *update {
		require.NoError(t, os.WriteFile(file, pretty.Bytes(), 0o644))
	}
	want, err := os.ReadFile(file)
	require.NoError(t, err)
	require.Equal(t, string(want), pretty.String(), "go test -run TestDescription -update . writes it anew")
}

// TestSchemas: each schema is one, and the JSON of records through their whole life and of inputs follow them.
func TestSchemas(t *testing.T) {
	k := ticketKind(t)
	d := describe(t, k)
	require.Empty(t, checkSchema("record", d.Record))
	inputs := map[string]map[string]any{}
	for _, a := range d.Actions {
		require.Empty(t, checkSchema(a.Name, a.Input))
		require.Equal(t, a.Name == "raise", a.Opens)
		require.Equal(t, "object", a.Input["type"])
		inputs[a.Name] = a.Input
	}
	require.Len(t, inputs, len(k.Actions()))
	b := benchOn(t, k, memory.New(), everything)
	follows := func(schema map[string]any, v any) {
		t.Helper()
		var decoded any
		require.NoError(t, json.Unmarshal([]byte(marshal(t, v)), &decoded))
		require.Empty(t, validate("", schema, decoded), marshal(t, v))
	}
	ref := itsm.Ref{Kind: "person", ID: itsm.NewID(noon)}
	attributes, err := itsm.AttributesOf(map[string]any{"floor": "3", "cost": json.Number("1.5"), "due": "2026-02-28", "seen": noon, "ok": true, "owner": ref})
	require.NoError(t, err)
	opening := Raise{Title: "t", Caller: "bo", Tags: []string{"a"}, Attributes: attributes}
	follows(inputs["raise"], opening)
	rec := b.raise(t, opening, itsm.External("x"))
	follows(d.Record, rec)
	for _, a := range []itsm.Action[Ticket]{
		itsm.Relate[Ticket]{Type: "affects", To: ref}, DoPause{Reason: "r"},
		Change{Title: &Text{"t2"}, Body: "b", Urg: "high", Count: 3, Group: "g", Worked: itsm.Duration(90 * time.Minute), About: ref, Tags: []string{"b"},
			Lines: []string{"x"}, Items: []itsm.Ref{ref}, Parts: []Part{{ID: "p", Of: ref}}, Every: itsm.Period{Months: 1}, At: noon},
		itsm.Review[Ticket]{Outcome: "confirmed"}, itsm.Comment[Ticket]{Text: "c"}, Resume{}, Finish{Code: "c"}, Reopen{},
	} {
		follows(inputs[a.Name()], a)
		rec, err = b.Do(ann(), rec.ID, a)
		require.NoError(t, err)
		follows(d.Record, rec)
	}
	room, err := k.WithFields(itsm.Field{Key: "room", Type: itsm.FieldText, Required: true})
	require.NoError(t, err)
	follows(describe(t, room).Record, rec) // of an earlier declaration
	var wrong any
	require.NoError(t, json.Unmarshal([]byte(`{"title":1,"colour":"red"}`), &wrong))
	require.ElementsMatch(t, []string{".title: a number, want string", ": property colour"}, validate("", inputs["raise"], wrong), "the validator finds something")
	require.NotEmpty(t, checkSchema("", map[string]any{"type": "text", "maxLength": "1"}))
}

// TestDescriptionFollowsTheVendor: choices, labels and limits of a variant are in its description, in the inputs
// of its actions too.
func TestDescriptionFollowsTheVendor(t *testing.T) {
	d := ticketDeclaration(t)
	d.Choices = map[string][]string{"urgency": {"now", "later"}}
	d.Max = map[string]int{"title": 80}
	d.Labels = map[string]string{"ticket.choice.urgency.now": "Right now", "ticket.action.raise": "Call us"}
	k, err := itsm.NewKind("ticket", d)
	require.NoError(t, err)
	got := describe(t, k)
	properties := got.Record["properties"].(map[string]any)
	require.Equal(t, []any{"now", "later"}, properties["urgency"].(map[string]any)["enum"])
	require.EqualValues(t, 80, properties["title"].(map[string]any)["maxLength"])
	for _, a := range got.Actions {
		if a.Name == "change" {
			require.Equal(t, []any{"now", "later"}, a.Input["properties"].(map[string]any)["urgency"].(map[string]any)["enum"])
		}
	}
	require.Equal(t, "Right now", got.Labels["ticket.choice.urgency.now"])
	require.Equal(t, "Later", got.Labels["ticket.choice.urgency.later"])
	require.Equal(t, "Call us", got.Labels["ticket.action.raise"])
	require.Equal(t, "Set attributes", got.Labels["ticket.action.set_attributes"])
	require.NotContains(t, got.Labels, "ticket.choice.urgency.high")
	b := benchOn(t, k, memory.New(), everything)
	rec := b.raise(t, Raise{})
	_, err = b.Do(ann(), rec.ID, Change{Urg: "high"})
	require.Equal(t, "urgency:choice", code(t, err))
	require.ErrorContains(t, err, "allowed now, later")
	_, err = b.Do(ann(), rec.ID, Change{Urg: "now"})
	require.NoError(t, err)
	_, err = b.Open(ann(), Raise{Title: long(81)})
	require.Equal(t, "title:too_long", code(t, err))
}

// TestInputsFollowTheRecord: a text of an input that bears the name of one of the record's has its limit and its list, which
// a vendor may give to a text of any type. Others may be as long as any text.
func TestInputsFollowTheRecord(t *testing.T) {
	d := ticketDeclaration(t)
	d.Choices = map[string][]string{"group": {"network", "desk"}}
	d.Max = map[string]int{"title": 80}
	k, err := itsm.NewKind("ticket", d)
	require.NoError(t, err)
	inputs := map[string]map[string]any{}
	for _, a := range describe(t, k).Actions {
		inputs[a.Name] = a.Input["properties"].(map[string]any)
	}
	of := func(action, field, what string) any { return inputs[action][field].(map[string]any)[what] }
	require.Equal(t, []any{"network", "desk"}, of("change", "group", "enum"))
	require.EqualValues(t, 80, of("raise", "title", "maxLength"))
	require.EqualValues(t, itsm.MaxLine, of("raise", "caller", "maxLength"))
	require.EqualValues(t, itsm.MaxText, of("change", "body", "maxLength"), "it is long in the record too")
	require.EqualValues(t, itsm.MaxText, of("comment", "text", "maxLength"))
	require.EqualValues(t, itsm.MaxText, of("finish", "code", "maxLength"), "code is not outcome.code")
	require.Nil(t, of("change", "body", "enum"))
}

// TestJSONDesk goes through a ticket's life in JSON alone.
func TestJSONDesk(t *testing.T) {
	b := newBench(t, everything)
	d := b.JSON()
	require.Equal(t, "ticket", d.Kind())
	raw, err := d.Describe(ann())
	require.NoError(t, err)
	require.Equal(t, marshal(t, b.Kind().Describe()), string(raw))
	raw, err = d.Options(ann(), itsm.ID{})
	require.NoError(t, err)
	require.Contains(t, string(raw), `{"action":"raise","allowed":true,"to":["new"]}`)
	raw, err = d.Open(ann(), "raise", []byte(`{"title":"Mail","caller":"bo","attributes":{"cost":12.50}}`), itsm.IdempotencyKey("k"))
	require.NoError(t, err)
	var rec Ticket
	require.NoError(t, json.Unmarshal(raw, &rec))
	want, err := b.Get(ann(), rec.ID)
	require.NoError(t, err)
	require.Equal(t, want, rec)
	require.Equal(t, marshal(t, want), string(raw))
	again, err := d.Open(ann(), "raise", []byte(`{"title":"Mail","caller":"bo","attributes":{"cost":12.50}}`), itsm.IdempotencyKey("k"))
	require.NoError(t, err)
	require.Equal(t, string(raw), string(again))
	require.NoError(t, d.Check(ann(), rec.ID, "start", nil))
	require.Equal(t, "code:required", code(t, d.Check(ann(), rec.ID, "finish", []byte(`{"code":""}`))))
	b.clock.now = noon.Add(time.Hour)
	_, err = d.Do(ann(), rec.ID, "start", nil, itsm.IfVersion(1))
	require.NoError(t, err)
	raw, err = d.Options(ann(), rec.ID)
	require.NoError(t, err)
	require.Contains(t, string(raw), `{"action":"start","allowed":false,"why":{"code":"state","params":{"state":"open"}}}`)
	raw, err = d.AsOf(ann(), rec.ID, noon)
	require.NoError(t, err)
	require.Equal(t, marshal(t, want), string(raw))
	raw, err = d.Find(ann(), []byte(`{"where":[{"index":"attributes.cost","in":[12.5]}]}`), itsm.PageRequest{})
	require.NoError(t, err)
	require.Contains(t, string(raw), `"number":"TKT0000001"`)
	raw, err = d.Find(ann(), []byte(`{"where":[{"index":"caller","in":["nobody"]}]}`), itsm.PageRequest{})
	require.NoError(t, err)
	require.JSONEq(t, `{"items":[]}`, string(raw))
	raw, err = d.Count(ann(), []byte(`{}`), "state", "attributes.cost")
	require.NoError(t, err)
	require.JSONEq(t, `{"total":1,"facets":[{"index":"state","type":"text","buckets":[{"value":"open","count":1}]},
		{"index":"attributes.cost","type":"decimal","buckets":[{"value":"12.5","count":1}]}]}`, string(raw))
	raw, err = d.History(ann(), rec.ID, itsm.PageRequest{Limit: 1})
	require.NoError(t, err)
	var page itsm.Page[itsm.Event]
	require.NoError(t, json.Unmarshal(raw, &page))
	require.Len(t, page.Items, 1)
	require.NotEmpty(t, page.Next)
	_, err = d.Get(ann(), itsm.NewID(noon))
	require.Equal(t, "not_found", itsm.DescribeError(err).Code)
	_, err = d.Do(ann(), rec.ID, "start", nil)
	document := itsm.DescribeError(err)
	require.Equal(t, "not_allowed", document.Code)
	require.Equal(t, "start", document.Transition.Action)
	_, err = d.Do(ann(), rec.ID, "start", nil, itsm.IfVersion(1))
	require.EqualValues(t, 2, itsm.DescribeError(err).Conflict.Stored)
	_, err = d.Do(ann(), rec.ID, "finish", []byte(`{"code":"c","colour":"red"}`))
	require.JSONEq(t, `{"code":"invalid","message":"ticket: finish: invalid: colour: unknown field (allowed code, text)",
		"problems":[{"path":"colour","code":"unknown_field","params":{"allowed":"code, text"}}]}`, marshal(t, itsm.DescribeError(err)))
	_, err = d.Open(ann(), "raise", []byte(`{"title":"t"}`), itsm.Numbered("TKT0000001"))
	require.Equal(t, itsm.IndexNumber, itsm.DescribeError(err).Duplicate.Index)
}
