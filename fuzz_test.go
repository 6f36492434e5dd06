package itsm_test

import (
	"encoding/json"
	"errors"
	"reflect"
	"testing"

	"github.com/itsmkit/itsm"
	"github.com/stretchr/testify/require"
)

// invalid holds that an error is one of the library's for bad input, and can be shown to a client.
func invalid(t *testing.T, err error) {
	var v *itsm.ValidationError
	require.ErrorAs(t, err, &v)
	require.NotEmpty(t, v.Problems)
	for _, p := range v.Problems {
		require.NotEmpty(t, p.Code)
	}
	_, err = json.Marshal(itsm.DescribeError(err))
	require.NoError(t, err)
}

// FuzzDecode: whatever is given as the input of an action is refused, or is the action that encoding/json makes of
// it, is the same after JSON, and its effect on a ticket replays.
func FuzzDecode(f *testing.F) {
	f.Add("raise", []byte(`{"title":"t","tags":["b","a"],"attributes":{"cost":1.50,"owner":{"kind":"person","id":"01890a5d-ac96-774b-bcce-b302099a8057"}}}`))
	f.Add("change", []byte(`{"title":{"value":"x"},"every":"P1Y2M","worked":"PT1H0.5S","at":"2026-03-02T13:00:00.123456+01:00","parts":[{"id":"a","name":"\u2028<b>"},{"id":""}]}`))
	f.Add("change", []byte(`{"items":[{"kind":"asset","id":"01890a5d-ac96-774b-bcce-b302099a8057"}],"count":-9223372036854775808,"lines":["",null],"urgency":"high"}`))
	f.Add("relate", []byte(`{"type":"affects","to":{"kind":"asset","id":"01890a5d-ac96-774b-bcce-b302099a8057"}}`))
	f.Add("pause", []byte("{\"reason\":\"a\xff\"}"))
	f.Add("finish", []byte(`{"code":"\ud800","text":"\u0000"}`))
	f.Add("change", []byte(`{"lines":[],"parts":[],"title":null,"tags":null}`))
	f.Add("explode", []byte(`{`))
	k := ticketKind(f)
	m := itsm.Moment{Time: noon, Actor: &itsm.Actor{ID: "ann"}}
	opened, first, err := k.Apply(Ticket{}, Raise{Title: "t"}, m)
	require.NoError(f, err)
	f.Fuzz(func(t *testing.T, name string, raw []byte) {
		a, err := k.Decode(name, raw)
		if err != nil {
			invalid(t, err)
			return
		}
		if len(raw) > 0 {
			plain := reflect.New(reflect.TypeOf(a))
			require.NoError(t, json.Unmarshal(raw, plain.Interface()))
			require.Equal(t, plain.Elem().Interface(), a)
		}
		back, err := json.Marshal(a)
		require.NoError(t, err)
		again, err := k.Decode(name, back)
		require.NoError(t, err, "%s", back)
		require.Equal(t, marshalled(t, a), marshalled(t, again))
		rec, events := opened, []itsm.Event{first}
		if name == "raise" {
			rec, events = Ticket{}, nil
		}
		next, e, err := k.Apply(rec, a, m)
		if err != nil {
			require.True(t, errors.Is(err, itsm.ErrInvalid) || errors.Is(err, itsm.ErrNotAllowed), err)
			return
		}
		stored, err := json.Marshal(append(events, e))
		require.NoError(t, err)
		var read []itsm.Event
		require.NoError(t, json.Unmarshal(stored, &read))
		got, err := k.Replay(read, noon)
		require.NoError(t, err)
		require.Equal(t, next, got)
		encoded, err := k.Shape().Encode(&next)
		require.NoError(t, err)
		decoded, err := k.Shape().Decode(encoded)
		require.NoError(t, err)
		require.Equal(t, &next, decoded)
	})
}

func marshalled(t *testing.T, v any) string {
	raw, err := json.Marshal(v)
	require.NoError(t, err)
	return string(raw)
}

// FuzzQuery: a query is refused, or is the same after JSON, and can be asked of a store.
func FuzzQuery(f *testing.F) {
	for _, seed := range []string{
		`{"where":[{"index":"caller","in":["bo",""]},{"index":"opened","min":"2026-03-02T12:00:00Z","max":""}],"order":{"index":"opened","desc":true}}`,
		`{"where":[{"index":"attributes.cost","min":-1.50e3,"max":1e400}],"scan":true}`,
		`{"where":[{"index":"flag","in":[true,false]},{"index":"count","min":-9223372036854775808}],"text":"mail ä","scan":true}`,
		`{"where":[{"index":"link","in":["asset/01890a5d-ac96-774b-bcce-b302099a8057",""]}]}`, `{"where":[{"index":"state","in":[]}]}`, `{}`, `null`, `{"where":null}`,
	} {
		f.Add([]byte(seed))
	}
	b := newBench(f, everything)
	b.raise(f, Raise{Title: "mail", Caller: "bo"})
	f.Fuzz(func(t *testing.T, raw []byte) {
		q, err := b.Kind().DecodeQuery(raw)
		if err != nil {
			invalid(t, err)
			return
		}
		back, err := json.Marshal(q)
		require.NoError(t, err)
		again, err := b.Kind().DecodeQuery(back)
		require.NoError(t, err, "%s", back)
		require.Equal(t, marshalled(t, q), marshalled(t, again))
		page, err := b.repo.Repository.Find(ann(), itsm.Scope{}, q, itsm.PageRequest{})
		require.NoError(t, err, "%s", back)
		rec, _ := b.repo.Repository.Find(ann(), itsm.Scope{}, itsm.Query[Ticket]{}, itsm.PageRequest{})
		matches, err := b.Kind().Match(itsm.Scope{}, q, rec.Items[0])
		require.NoError(t, err)
		require.Equal(t, matches, len(page.Items) == 1)
	})
}

// FuzzCursor: a cursor is refused, or was made for this query.
func FuzzCursor(f *testing.F) {
	b := newBench(f, everything)
	for range 3 {
		b.raise(f, Raise{Caller: "bo"})
	}
	q := itsm.Where(byCaller.From("a"))
	page, err := b.repo.Repository.Find(ann(), itsm.Scope{}, q, itsm.PageRequest{Limit: 1})
	require.NoError(f, err)
	f.Add(page.Next)
	f.Add(page.Next[:len(page.Next)-3])
	f.Add("")
	f.Add("AAAA")
	of := page.Items[0].Ref("ticket")
	f.Add(itsm.HistoryCursor(of, 7))
	sel, err := b.Kind().Shape().Select(itsm.Scope{}, q.Select)
	require.NoError(f, err)
	f.Fuzz(func(t *testing.T, cursor string) {
		if _, err := sel.Resume(cursor); err != nil {
			invalid(t, err)
		} else {
			_, err := b.repo.Repository.Find(ann(), itsm.Scope{}, q, itsm.PageRequest{Cursor: cursor})
			require.NoError(t, err)
		}
		version, err := itsm.ResumeHistory(of, cursor)
		if err != nil {
			invalid(t, err)
		} else if cursor != "" {
			require.Equal(t, cursor, itsm.HistoryCursor(of, version))
		}
	})
}

// FuzzSpan reads durations, periods and identifiers: each is refused, or is the same after its text.
func FuzzSpan(f *testing.F) {
	for _, seed := range []string{"PT1H30M", "-PT0.25S", "PT2562047H47M16.854775807S", "-PT2562047H47M16.854775808S", "P1Y6M", "P2W3D", "P10000Y", "P0D", "PT", "P",
		"01890a5d-ac96-774b-bcce-b302099a8057", "asset/01890a5d-ac96-774b-bcce-b302099a8057", "{01890a5d-ac96-774b-bcce-b302099a8057}"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		var d, d2 itsm.Duration
		if err := d.UnmarshalText([]byte(text)); err != nil {
			invalid(t, err)
		} else {
			require.NoError(t, d2.UnmarshalText([]byte(d.String())))
			require.Equal(t, d, d2)
		}
		var p, p2 itsm.Period
		if err := p.UnmarshalText([]byte(text)); err != nil {
			invalid(t, err)
		} else {
			written, err := p.MarshalText()
			require.NoError(t, err)
			require.NoError(t, p2.UnmarshalText(written))
			require.Equal(t, p, p2)
		}
		if r, err := itsm.ParseRef(text); err != nil {
			invalid(t, err)
		} else if again, err := itsm.ParseRef(r.String()); err != nil || again != r {
			t.Fatal(again, err)
		}
		if id, err := itsm.ParseID(text); err != nil {
			invalid(t, err)
		} else if again, err := itsm.ParseID(id.String()); err != nil || again != id {
			t.Fatal(again, err)
		}
	})
}

// FuzzAttributes: attributes are refused, or are the same after JSON, and a ticket that takes them replays.
func FuzzAttributes(f *testing.F) {
	for _, seed := range []string{`{"floor":"<3>","cost":1.50,"size":"s","due":"2026-02-28","seen":"2026-03-02T13:00:00+01:00","ok":true}`,
		`{ "owner" : { "id" : "01890A5D-AC96-774B-BCCE-B302099A8057", "kind" : "person" } }`, `{"floor":"\u0000"}`, `{"floor":"\ud800"}`, "{\"floor\":\"\xff\"}",
		`{"cost":1e99999}`, `{"cost":-0.0}`, `{"floor":null,"":1}`, `{"floor":"a","floor":"b"}`, `null`, `[]`} {
		f.Add([]byte(seed))
	}
	k := ticketKind(f)
	m := itsm.Moment{Time: noon}
	f.Fuzz(func(t *testing.T, raw []byte) {
		var a, again itsm.Attributes
		if err := a.UnmarshalJSON(raw); err != nil {
			invalid(t, err)
			return
		}
		written, err := a.MarshalJSON()
		require.NoError(t, err)
		require.NoError(t, again.UnmarshalJSON(written), "%s", written)
		require.Equal(t, a, again)
		rec, e, err := k.Apply(Ticket{}, Raise{Title: "t", Attributes: a}, m)
		if err != nil {
			invalid(t, err)
			return
		}
		stored, err := json.MarshalIndent(e, "", "  ") // a store may keep the values in another form
		require.NoError(t, err)
		var read itsm.Event
		require.NoError(t, json.Unmarshal(stored, &read))
		got, err := k.Replay([]itsm.Event{read}, noon)
		require.NoError(t, err)
		require.Equal(t, rec, got)
	})
}
