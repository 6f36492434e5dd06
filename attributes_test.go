package itsm_test

import (
	"context"
	"encoding/json"
	"errors"
	"testing"
	"time"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/store/memory"
	"github.com/stretchr/testify/require"
)

// TestAttributeTypes sets an attribute of each type to what it may hold, in the one form that is kept, and to
// what it may not.
func TestAttributeTypes(t *testing.T) {
	person := `{"kind":"person","id":"01890a5d-ac96-774b-bcce-b302099a8057"}`
	for _, c := range []struct{ key, raw, want string }{
		{"floor", `"3"`, `"3"`}, {"floor", `"\u003cb\u003e"`, `"<b>"`}, {"floor", `3`, "!type"}, {"floor", `["3"]`, "!type"}, {"floor", `""`, `""`},
		{"cost", `12.50`, `12.50`}, {"cost", `-0`, `-0`}, {"cost", `1e9999`, `1e9999`}, {"cost", `1e10000`, "!type"}, {"cost", `"12"`, "!type"},
		{"cost", `12345678901234567890.123456789`, `12345678901234567890.123456789`},
		{"size", `"s"`, `"s"`}, {"size", `"S"`, "!choice"}, {"size", `1`, "!choice"},
		{"due", `"2026-02-28"`, `"2026-02-28"`}, {"due", `"2026-02-29"`, "!type"}, {"due", `"0000-01-01"`, "!type"}, {"due", `20260228`, "!type"},
		{"seen", `"2026-03-02T13:00:00.1234+01:00"`, `"2026-03-02T12:00:00.123Z"`}, {"seen", `"2026-03-02"`, "!type"}, {"seen", `"12000-03-02T12:00:00Z"`, "!type"},
		{"ok", `true`, `true`}, {"ok", `"true"`, "!type"}, {"ok", `1`, "!type"},
		{"owner", person, person}, {"owner", `{"id":"01890A5D-AC96-774B-BCCE-B302099A8057","kind":"person"}`, person},
		{"owner", `{"kind":"asset","id":"01890a5d-ac96-774b-bcce-b302099a8057"}`, "!kind"}, {"owner", `{"kind":"person"}`, "!type"},
		{"owner", `{"kind":"person","id":"01890a5d-ac96-774b-bcce-b302099a8057","x":1}`, "!type"}, {"owner", `"bo"`, "!type"},
	} {
		b := newBench(t, everything)
		rec := b.raise(t, Raise{})
		raw, err := b.JSON().Do(ann(), rec.ID, "set_attributes", []byte(`{"attributes":{"`+c.key+`":`+c.raw+`}}`))
		if c.want[0] == '!' {
			require.Equal(t, "attributes."+c.key+":"+c.want[1:], code(t, err), c.raw)
			continue
		}
		require.NoError(t, err, "%s %s", c.key, c.raw)
		require.Contains(t, string(raw), `"`+c.key+`":`, c.raw)
		now, _ := b.stored(t, "", rec.ID)
		require.Equal(t, c.want, now.Attributes.Raw(c.key), c.raw)
	}
}

// TestAttributesAreMerged: what is given changes, null removes, the rest stays, and events hold just that.
func TestAttributesAreMerged(t *testing.T) {
	b := newBench(t, everything)
	asset := itsm.Ref{Kind: "person", ID: itsm.NewID(noon)}
	attributes, err := itsm.AttributesOf(map[string]any{"floor": "3", "cost": json.Number("12.50"), "ok": true, "seen": noon.Add(time.Microsecond), "owner": asset, "size": nil})
	require.NoError(t, err)
	rec := b.raise(t, Raise{Attributes: attributes})
	require.Empty(t, rec.Attributes.Raw("size"), "a default does not replace what was left out on purpose")
	require.Equal(t, "3", rec.Attributes.Text("floor"))
	require.Equal(t, "12.50", rec.Attributes.Text("cost"))
	require.True(t, rec.Attributes.Bool("ok"))
	require.Equal(t, noon, rec.Attributes.Time("seen"))
	require.Equal(t, asset, rec.Attributes.Ref("owner"))
	require.Zero(t, rec.Attributes.Ref("floor"))
	require.Zero(t, rec.Attributes.Time("none"))
	change, err := itsm.AttributesOf(map[string]any{"floor": nil, "cost": 7})
	require.NoError(t, err)
	rec, err = b.Do(ann(), rec.ID, itsm.SetAttributes[Ticket]{Attributes: change})
	require.NoError(t, err)
	require.JSONEq(t, `{"cost":7,"ok":true,"seen":"2026-03-02T12:00:00Z","owner":{"kind":"person","id":"`+asset.ID.String()+`"}}`, marshal(t, rec.Attributes))
	_, events := b.stored(t, "", rec.ID)
	require.Equal(t, []itsm.Change{{Path: "/attributes/cost", Old: []byte("12.50"), New: []byte("7")}, {Path: "/attributes/floor", Old: []byte(`"3"`)}}, events[1].Changes)
	_, err = b.Do(ann(), rec.ID, itsm.SetAttributes[Ticket]{})
	require.Equal(t, "attributes:required", code(t, err))
	_, err = itsm.AttributesOf(map[string]any{"x": 1.5})
	require.Equal(t, "attributes.x:type", code(t, err))
	_, err = itsm.AttributesOf(map[string]any{"x": json.Number("1,5")})
	require.Equal(t, "attributes.x:json", code(t, err))
}

func marshal(t *testing.T, v any) string {
	raw, err := json.Marshal(v)
	require.NoError(t, err)
	return string(raw)
}

// TestFieldsAtRunTime adds fields to a desk that has records: indexed, unique and required ones.
func TestFieldsAtRunTime(t *testing.T) {
	b := newBench(t, everything)
	old := b.raise(t, Raise{})
	require.NoError(t, b.set(old.ID, "serial", "S1"))
	room := itsm.Field{Key: "room", Type: itsm.FieldText, Indexed: true, Required: true}
	k, err := b.Kind().WithFields(append(b.Kind().Fields(), room)...)
	require.NoError(t, err)
	require.Equal(t, "attributes.room:undeclared", code(t, b.set(old.ID, "room", "12")))
	require.NoError(t, b.Use(ann(), k))
	require.NoError(t, b.set(old.ID, "room", "12"))
	_, err = b.Open(ann(), Raise{Title: "t"})
	require.Equal(t, "attributes.room:required", code(t, err))
	page, err := b.Find(ann(), itsm.Where(itsm.ByAttribute[Ticket](room).Is([]byte(`"12"`))), itsm.PageRequest{})
	require.NoError(t, err)
	require.Len(t, page.Items, 1)
	attributes, err := itsm.AttributesOf(map[string]any{"room": "13", "serial": "S1"})
	require.NoError(t, err)
	_, err = b.Open(ann(), Raise{Title: "t", Attributes: attributes})
	var taken *itsm.DuplicateError
	require.ErrorAs(t, err, &taken)
	require.Equal(t, itsm.DuplicateError{Index: "attributes.serial", Value: "S1", Of: old.Ref("ticket")}, *taken)

	attributes, err = itsm.AttributesOf(map[string]any{"room": "12"})
	require.NoError(t, err)
	other := b.raise(t, Raise{Attributes: attributes})
	room.Unique = true
	unique, err := k.WithFields(append(b.Kind().Fields()[:8], room)...)
	require.NoError(t, err)
	err = b.Use(ann(), unique)
	require.ErrorAs(t, err, &taken, "two records have that room")
	require.Equal(t, k, b.Kind(), "nothing changed")
	rec, err := b.Do(ann(), other.ID, Start{})
	require.NoError(t, err)

	none, err := k.WithFields()
	require.NoError(t, err)
	require.NoError(t, b.Use(ann(), none))
	rec, err = b.Do(ann(), rec.ID, Finish{Code: "c"})
	require.NoError(t, err, "a record keeps what an earlier declaration had")
	require.Equal(t, "12", rec.Attributes.Text("room"))
	_, err = b.Find(ann(), itsm.Where(itsm.ByAttribute[Ticket](room).Is([]byte(`"12"`))), itsm.PageRequest{})
	require.Equal(t, "where[0].index:unknown_index", code(t, err))
	b.stored(t, "", rec.ID)

	d := ticketDeclaration(t)
	another, err := itsm.NewKind("incident", d)
	require.NoError(t, err)
	err = b.store.InTx(ann(), func(ctx context.Context) error { return b.Use(ctx, k) })
	require.ErrorIs(t, err, itsm.ErrInvalid, "the store would go back to the declaration before, and the desk would not")
	require.Equal(t, none, b.Kind(), "nothing changed")
	require.ErrorContains(t, b.Use(ann(), another), "want another declaration of kind ticket")
	require.ErrorContains(t, b.Use(ann(), nil), "want another declaration of kind ticket")
}

// TestRequiredAttribute: an empty or blank text is no value, as in the fields of the record.
func TestRequiredAttribute(t *testing.T) {
	b := newBench(t, everything)
	k, err := b.Kind().WithFields(itsm.Field{Key: "room", Type: itsm.FieldText, Required: true})
	require.NoError(t, err)
	require.NoError(t, b.Use(ann(), k))
	for _, raw := range []string{`{}`, `{"room":null}`, `{"room":""}`, `{"room":" \t"}`} {
		_, err := b.JSON().Open(ann(), "raise", []byte(`{"title":"t","attributes":`+raw+`}`))
		require.Equal(t, "attributes.room:required", code(t, err), raw)
	}
	_, err = b.JSON().Open(ann(), "raise", []byte(`{"title":"t","attributes":{"room":"12"}}`))
	require.NoError(t, err)
}

// TestByAttribute: a choice that is none any more still finds the records that have it, a value of another type is
// refused.
func TestByAttribute(t *testing.T) {
	b := newBench(t, everything)
	for want, given := range map[string]struct {
		field itsm.Field
		raw   string
	}{
		"a text":        {itsm.Field{Key: "floor", Type: itsm.FieldText, Indexed: true}, `7`},
		"a number":      {itsm.Field{Key: "cost", Type: itsm.FieldNumber, Indexed: true}, `"7"`},
		"true or false": {itsm.Field{Key: "flagged", Type: itsm.FieldBoolean, Indexed: true}, `7`},
	} {
		k, err := b.Kind().WithFields(given.field)
		require.NoError(t, err)
		require.NoError(t, b.Use(ann(), k))
		_, err = b.Find(ann(), itsm.Where(itsm.ByAttribute[Ticket](given.field).Is([]byte(given.raw))), itsm.PageRequest{})
		require.Equal(t, "where[0]:type", code(t, err))
		require.ErrorContains(t, err, "want "+want)
	}
	field := itsm.Field{Key: "colour", Type: itsm.FieldChoice, Choices: []string{"red", "blue"}, Indexed: true}
	for _, choices := range [][]string{{"red", "blue"}, {"blue"}} { // red was a choice once
		field.Choices = choices
		k, err := b.Kind().WithFields(field)
		require.NoError(t, err)
		require.NoError(t, b.Use(ann(), k))
		if len(choices) == 2 {
			b.raise(t, Raise{Attributes: itsm.Attributes{{Key: "colour", Value: `"red"`}}})
		}
		page, err := b.Find(ann(), itsm.Where(itsm.ByAttribute[Ticket](field).Is([]byte(`"red"`))), itsm.PageRequest{})
		require.NoError(t, err)
		require.Len(t, page.Items, 1)
	}
}

// TestFieldsAreTheKinds: a declaration cannot be changed through what was given to it or what it returned.
func TestFieldsAreTheKinds(t *testing.T) {
	d := ticketDeclaration(t)
	k, err := itsm.NewKind("ticket", d)
	require.NoError(t, err)
	d.Fields[3].Choices[0], d.Fields[3].Default[1] = "x", 'x'
	k.Fields()[3].Choices[1] = "y"
	require.Equal(t, []string{"s", "m"}, k.Fields()[3].Choices)
	require.Equal(t, `"m"`, string(k.Fields()[3].Default))
}

// TestWrongFields: a field that cannot be is refused by name, with what is allowed.
func TestWrongFields(t *testing.T) {
	for want, f := range map[string]itsm.Field{
		`attribute "Floor": its key must be a lower-case letter`:  {Key: "Floor", Type: itsm.FieldText},
		`attribute "a.b": its key must be`:                        {Key: "a.b", Type: itsm.FieldText},
		`attribute "x": unknown type "colour"`:                    {Key: "x", Type: "colour"},
		`attribute "x": choices go with the type "choice"`:        {Key: "x", Type: itsm.FieldChoice},
		`attribute "x": a kind goes with the type "reference"`:    {Key: "x", Type: itsm.FieldText, Kind: "person"},
		`attribute "x": max must be 0 to 1048576`:                 {Key: "x", Type: itsm.FieldText, Max: -1},
		`attribute "x": an indexed text holds 512 bytes at most`:  {Key: "x", Type: itsm.FieldText, Max: 600, Indexed: true},
		`attribute "x": a unique attribute has no default`:        {Key: "x", Type: itsm.FieldText, Unique: true, Default: []byte(`"a"`)},
		`attribute "x": its default is wrong: attributes.x: type`: {Key: "x", Type: itsm.FieldNumber, Default: []byte(`"a"`)},
		`attribute "floor" is declared twice`:                     {Key: "floor", Type: itsm.FieldText},
		`attribute "x": its kind must be a lower-case letter`:     {Key: "x", Type: itsm.FieldReference, Kind: "Person"},
		`attribute "x": max goes with the type "text"`:            {Key: "x", Type: itsm.FieldBoolean, Max: 5},
		`attribute "x": its label must be valid text`:             {Key: "x", Type: itsm.FieldBoolean, Label: "a\x00b"},
		`attribute "x": choice "" must be`:                        {Key: "x", Type: itsm.FieldChoice, Choices: []string{"a", ""}},
		`attribute "x": choice "a\x00b" must be`:                  {Key: "x", Type: itsm.FieldChoice, Choices: []string{"a\x00b"}},
		`attribute "x": choice "a�" must be`:                      {Key: "x", Type: itsm.FieldChoice, Choices: []string{"a\xff"}},
		`must be 1 to 512 bytes of valid text`:                    {Key: "x", Type: itsm.FieldChoice, Choices: []string{long(513)}},
		`attribute "x": choice "a" is there twice`:                {Key: "x", Type: itsm.FieldChoice, Choices: []string{"a", "b", "a"}},
	} {
		k := ticketKind(t)
		_, err := k.WithFields(append(k.Fields(), f)...)
		require.ErrorContains(t, err, want)
	}
}

// TestKeyedByTwoTexts: the right one of two elements is removed whose keys read alike.
func TestKeyedByTwoTexts(t *testing.T) {
	d := ticketDeclaration(t)
	d.Keyed[2].By = []string{"id", "name"}
	k, err := itsm.NewKind("ticket", d)
	require.NoError(t, err)
	b := benchOn(t, k, memory.New(), everything)
	rec := b.raise(t, Raise{})
	both := []Part{{ID: "a", Name: "b c"}, {ID: "a b", Name: "c"}}
	for _, parts := range [][]Part{both, both[:1], both, both[1:], nil, both} {
		rec, err = b.Do(ann(), rec.ID, Change{Parts: parts})
		require.NoError(t, err)
		require.Equal(t, parts, rec.Parts)
		b.stored(t, "", rec.ID)
	}
}

// TestWrongDeclarations: a kind that cannot work is not made, and the error says all that is wrong.
func TestWrongDeclarations(t *testing.T) {
	for want, change := range map[string]func(*itsm.Declaration[Ticket]){
		"Declaration.Lifecycle is required":                                     func(d *itsm.Declaration[Ticket]) { d.Lifecycle = nil },
		"action start has a rule in the lifecycle but is not offered":           func(d *itsm.Declaration[Ticket]) { d.Actions = append(d.Actions[:2:2], d.Actions[3:]...) },
		"action explode is offered but no rule of the lifecycle has it":         func(d *itsm.Declaration[Ticket]) { d.Actions = append(d.Actions, itsm.Do(explode{})) },
		"action start is offered twice":                                         func(d *itsm.Declaration[Ticket]) { d.Actions = append(d.Actions, itsm.Do(Start{})) },
		"action start: offer it as the zero value of a struct, not *itsm_test.": func(d *itsm.Declaration[Ticket]) { d.Actions[2] = itsm.Do[Ticket](&Start{}) },
		`index "caller" is declared twice`:                                      func(d *itsm.Declaration[Ticket]) { d.Indexes = append(d.Indexes, byCaller) },
		`index "caller" is declared twice, with different types`:                func(d *itsm.Declaration[Ticket]) { d.Indexes = append(d.Indexes, byCaller.Sparse()) },
		`an index is nil`: func(d *itsm.Declaration[Ticket]) { d.Indexes = append(d.Indexes, nil) },
		`index "tags": an index over a list cannot be unique`: func(d *itsm.Declaration[Ticket]) { d.Indexes = []itsm.Indexed[Ticket]{byTag.Unique()} },
		`index "key": the name is the kernel's`: func(d *itsm.Declaration[Ticket]) {
			d.Indexes = append(d.Indexes, itsm.Text("key", func(t *Ticket) string { return t.Body }))
		},
		`index "Big": the name must be a lower-case letter`: func(d *itsm.Declaration[Ticket]) {
			d.Indexes = append(d.Indexes, itsm.Text("Big", func(t *Ticket) string { return t.Body }))
		},
		`keyed list "title": there is no such list`:                     func(d *itsm.Declaration[Ticket]) { d.Keyed = append(d.Keyed, itsm.Keyed{List: "title"}) },
		`keyed list "parts": its elements are structs, name the fields`: func(d *itsm.Declaration[Ticket]) { d.Keyed[2].By = nil },
		`keyed list "parts": its elements have no field "colour"`:       func(d *itsm.Declaration[Ticket]) { d.Keyed[2].By = []string{"colour"} },
		`Long "count": there is no such text`:                           func(d *itsm.Declaration[Ticket]) { d.Long = append(d.Long, "count") },
		`Choices "urgency": choice "" must be 1 to 512 bytes`:           func(d *itsm.Declaration[Ticket]) { d.Choices = map[string][]string{"urgency": {"a", ""}} },
		`Choices "urgency": choice "a" is there twice`:                  func(d *itsm.Declaration[Ticket]) { d.Choices = map[string][]string{"urgency": {"a", "a"}} },
		`Max "title": want 1 to 1000`:                                   func(d *itsm.Declaration[Ticket]) { d.Max = map[string]int{"title": 1001} },
		`Search "colour": there is no such text`:                        func(d *itsm.Declaration[Ticket]) { d.Search = append(d.Search, "colour") },
		`Number.Prefix "T1": want up to 20 bytes without digits`:        func(d *itsm.Declaration[Ticket]) { d.Number.Prefix = "T1" },
		`Number.Digits 19: want 1 to 18`:                                func(d *itsm.Declaration[Ticket]) { d.Number.Digits = 19 },
		`Number.On "explode": the kind has no such action`:              func(d *itsm.Declaration[Ticket]) { d.Number.On = "explode" },
		`Number.Prefix is required with On and GapFree`:                 func(d *itsm.Declaration[Ticket]) { d.Number = itsm.Numbering{GapFree: true} },
	} {
		d := ticketDeclaration(t)
		change(&d)
		_, err := itsm.NewKind("ticket", d)
		require.ErrorContains(t, err, want)
		require.ErrorContains(t, err, "itsm: kind ticket: ")
	}
	d := ticketDeclaration(t)
	d.Long, d.Search = []string{"a"}, []string{"b"}
	_, err := itsm.NewKind("ticket", d)
	require.ErrorContains(t, err, `Long "a"`)
	require.ErrorContains(t, err, `Search "b"`, "all of it at once")
	_, err = itsm.NewKind("Ticket", d)
	require.ErrorContains(t, err, `itsm: kind "Ticket": the name must be a lower-case letter`)
}

type (
	withFloat struct {
		itsm.Header
		A float64 `json:"a"`
	}
	withMap struct {
		itsm.Header
		A map[string]string `json:"a"`
	}
	withAny struct {
		itsm.Header
		A any `json:"a"`
	}
	withoutTag struct {
		itsm.Header
		A string
	}
	withPrivate struct {
		itsm.Header
		a string
	}
	withDuration struct {
		itsm.Header
		A time.Duration `json:"a"`
	}
	withItself struct {
		itsm.Header
		A []withItself `json:"a"`
	}
	withHeaders struct {
		itsm.Header
		A string `json:"state"`
	}
	withBytes struct {
		itsm.Header
		A []byte `json:"a"`
	}
	withListOfAll struct {
		itsm.Header
		A [][]string `json:"a"`
	}
)

func problemOf[T any, P itsm.Record[T]](t *testing.T) string {
	_, err := itsm.NewKind[T, P]("thing", itsm.Declaration[T]{Lifecycle: ticketDeclaration(t).Lifecycle})
	require.Error(t, err)
	return err.Error()
}

// TestWrongRecords: a record type that could not be kept is refused, with the field and what to use instead.
func TestWrongRecords(t *testing.T) {
	_ = withPrivate{a: "used"}
	require.Contains(t, problemOf[withFloat](t), "itsm: kind thing: field a: type float64 cannot be kept; use a text, bool,")
	require.Contains(t, problemOf[withMap](t), "field a: type map[string]string cannot be kept")
	require.Contains(t, problemOf[withAny](t), "field a: type interface {} cannot be kept")
	require.Contains(t, problemOf[withoutTag](t), `field A: needs a JSON name`)
	require.Contains(t, problemOf[withPrivate](t), "field a: must be exported")
	require.Contains(t, problemOf[withDuration](t), "field a: time.Duration is a bare number in JSON; use itsm.Duration")
	require.Contains(t, problemOf[withItself](t), "field a: type itsm_test.withItself holds itself")
	require.Contains(t, problemOf[withHeaders](t), "field state: the JSON name is taken by another field")
	require.Contains(t, problemOf[withBytes](t), "field a: a list holds texts")
	require.Contains(t, problemOf[withListOfAll](t), "field a: a list holds texts")
}

// TestErrorsAreMatched: each type is its sentinel and no other.
func TestErrorsAreMatched(t *testing.T) {
	all := []error{itsm.ErrInvalid, itsm.ErrNotFound, itsm.ErrConflict, itsm.ErrNotAllowed, itsm.ErrForbidden, itsm.ErrDuplicate}
	for i, err := range []error{&itsm.ValidationError{}, itsm.ErrNotFound, &itsm.ConflictError{}, &itsm.TransitionError{}, &itsm.ForbiddenError{}, &itsm.DuplicateError{}} {
		for j, target := range all {
			require.Equal(t, i == j, errors.Is(err, target), "%T is %v", err, target)
		}
		require.NotEmpty(t, err.Error())
		require.Equal(t, []string{"invalid", "not_found", "conflict", "not_allowed", "forbidden", "duplicate"}[i], itsm.DescribeError(err).Code)
	}
	require.ErrorIs(t, itsm.Deny("x"), itsm.ErrNotAllowed)
}

// A value has one form, whatever JSON could be written for it: a replay compares and keeps it.
func TestAttributesOfGivesTheOneForm(t *testing.T) {
	a, err := itsm.AttributesOf(map[string]any{"text": "<a> & \"b\"\u2028", "ref": itsm.Ref{Kind: "ci"}})
	require.NoError(t, err)
	require.Equal(t, `"<a> & \"b\"`+"\u2028"+`"`, a.Raw("text"))
	require.Equal(t, `{"kind":"ci","id":"00000000-0000-0000-0000-000000000000"}`, a.Raw("ref"))
}
