package itsm_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/itsmkit/itsm"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// TestDecodeAnyForm: a record is the same whatever the order of its members, the spaces between them and the
// escapes in its texts.
func TestDecodeAnyForm(t *testing.T) {
	shape := ticketKind(t).Shape()
	want := goldenTicket()
	raw, err := shape.Encode(&want)
	require.NoError(t, err)
	rapid.Check(t, func(t *rapid.T) {
		var b bytes.Buffer
		rewrite(t, &b, raw)
		got, err := shape.Decode(b.Bytes())
		require.NoError(t, err, b.String())
		require.Equal(t, &want, got, b.String())
	})
}

// rewrite writes a JSON value in another form of itself. Numbers keep their digits.
func rewrite(t *rapid.T, b *bytes.Buffer, raw json.RawMessage) {
	space := func() {
		b.WriteString(rapid.StringOfN(rapid.SampledFrom([]rune(" \t\r\n")), 0, 2, -1).Draw(t, "space"))
	}
	space()
	switch raw[0] {
	case '{':
		var members map[string]json.RawMessage
		require.NoError(t, json.Unmarshal(raw, &members))
		b.WriteByte('{')
		for i, name := range rapid.Permutation(slices.Sorted(maps.Keys(members))).Draw(t, "order") {
			if i > 0 {
				b.WriteByte(',')
			}
			rewrite(t, b, fmt.Appendf(nil, "%q", name))
			b.WriteByte(':')
			rewrite(t, b, members[name])
		}
		b.WriteByte('}')
	case '[':
		var items []json.RawMessage
		require.NoError(t, json.Unmarshal(raw, &items))
		b.WriteByte('[')
		for i, item := range items {
			if i > 0 {
				b.WriteByte(',')
			}
			rewrite(t, b, item)
		}
		b.WriteByte(']')
	case '"':
		var s string
		require.NoError(t, json.Unmarshal(raw, &s))
		// Times are compared as they are written: encoding/json resolves no escapes in them either.
		if len(s) > 10 && s[4] == '-' && s[10] == 'T' {
			b.Write(raw)
			break
		}
		b.WriteByte('"')
		for _, r := range s {
			if r >= ' ' && r != '"' && r != '\\' && !rapid.Bool().Draw(t, "escape") {
				b.WriteRune(r)
				continue
			}
			for _, u := range utf16.Encode([]rune{r}) {
				fmt.Fprintf(b, rapid.SampledFrom([]string{`\u%04x`, `\u%04X`}).Draw(t, "hex"), u)
			}
		}
		b.WriteByte('"')
	default:
		b.Write(raw)
	}
	space()
}

// TestDecodeBroken changes each byte of a stored record, and cuts it there: what encoding/json does not hold
// for JSON is never read, and has that one problem.
func TestDecodeBroken(t *testing.T) {
	shape := ticketKind(t).Shape()
	stored, err := os.ReadFile("testdata/ticket_v1.json")
	require.NoError(t, err)
	var b bytes.Buffer
	require.NoError(t, json.Compact(&b, stored))
	good, broken := b.Bytes(), 0
	refused := func(raw []byte) {
		_, err := shape.Decode(raw)
		if json.Valid(raw) {
			return
		}
		broken++
		var v *itsm.ValidationError
		require.ErrorAs(t, err, &v, "%s", raw)
		require.Len(t, v.Problems, 1, "%s", raw)
		require.Contains(t, []string{"json", "type"}, v.Problems[0].Code, "%s", raw)
		require.Empty(t, v.Problems[0].Path, "%s", raw)
	}
	for i := range good {
		refused(good[:i])
		for _, c := range []byte("\"\\{}[]:,0-.eu \x00\x1f\xff") {
			refused(slices.Concat(good[:i], []byte{c}, good[i+1:]))
			refused(slices.Concat(good[:i], []byte{c}, good[i:]))
		}
	}
	require.Greater(t, broken, 10*len(good))
	for raw, text := range map[string]string{
		`{"title":"t"`:     "unexpected end of JSON input",
		`{"title":"t",}`:   "invalid character '}'",
		`{"title":"t"}}`:   "invalid character '}' after top-level value",
		`{"x":1,"pause":{`: "unexpected end of JSON input",
	} {
		_, err := shape.Decode([]byte(raw))
		require.ErrorContains(t, err, "stored ticket: invalid: json (error "+text, raw)
	}
}

// TestDecodeRefuses: each problem of a stored record has its path, all of them are found, and none is found in
// what is read leniently: what the kernel alone writes.
func TestDecodeRefuses(t *testing.T) {
	shape := ticketKind(t).Shape()
	for raw, want := range map[string]string{
		`{"version":"3","state":1,"id":"x","created_at":"noon","number":7,"tenant":true}`: "version:type state:type id:type created_at:type number:type tenant:type",
		`{"outcome":{"code":1,"at":2,"x":3},"outcome":4,"pause":{"notes":["a",5,[]]}}`:    "outcome.code:type outcome.at:type outcome.x:unknown_field outcome:twice outcome:type pause.notes[1]:type pause.notes[2]:type",
		`{"parts":[{"of":{"kind":1,"id":"2","kind":"k","x":{}}},7,null]}`:                 "parts[0].of.kind:type parts[0].of.id:type parts[0].of.kind:twice parts[0].of.x:unknown_field parts[1]:type",
		`{"attributes":{"b":1,"a":2,"b":3},"links":[{"to":[]}],"items":{}}`:               "attributes.b:twice links[0].to:type items:type",
		`{"worked":"1h","review":{"every":1},"flag":"yes","token":"7","count":1e3}`:       "worked:format review.every:type flag:type token:type count:type",
		"{\"title\":\"\xff\",\"urgency\":\"\xff\",\"external\":\"\xff\"}":                 "title:utf8 urgency:utf8 external:utf8",
		`{"lines":[` + strings.Repeat("1,", itsm.MaxList) + `1]}`:                         "lines:too_many",
		`{"Title":"t","":1}`: "Title:unknown_field :unknown_field",
	} {
		_, err := shape.Decode([]byte(raw))
		var v *itsm.ValidationError
		require.ErrorAs(t, err, &v, raw)
		var got []string
		for _, p := range v.Problems {
			got = append(got, p.Path+":"+p.Code)
		}
		require.Equal(t, want, strings.Join(got, " "), "%.100s", raw)
	}
	_, err := shape.Decode([]byte(`{"lines":[` + strings.Repeat("1,", 200) + `1],"x":1}`))
	var v *itsm.ValidationError
	require.ErrorAs(t, err, &v)
	require.Len(t, v.Problems, 100)

	rec, err := shape.Decode([]byte("{\"number\":\"\xff\",\"tenant\":\"\\u0061ä\",\"id\":\"{01890A5D-ac96-774b-bcce-b302099a8057}\",\"version\":null,\"outcome\":null,\"links\":[],\"lines\":[]}"))
	require.NoError(t, err)
	id, err := itsm.ParseID("01890a5d-ac96-774b-bcce-b302099a8057")
	require.NoError(t, err)
	require.Equal(t, &Ticket{Header: itsm.Header{ID: id, Number: "\uFFFD", Tenant: "aä"}}, rec)
}

// TestDecodedKeepsNoInput: a record shares no memory with the JSON that it was read from, and its lists have no room
// that its copies would share.
func TestDecodedKeepsNoInput(t *testing.T) {
	shape := ticketKind(t).Shape()
	want := goldenTicket()
	raw, err := shape.Encode(&want)
	require.NoError(t, err)
	rec, err := shape.Decode(raw)
	require.NoError(t, err)
	clear(raw)
	require.Equal(t, &want, rec)

	rec, err = shape.Decode([]byte(`{"lines":["` + strings.Repeat(`a","`, 16) + `a"]}`))
	require.NoError(t, err)
	lines := rec.(*Ticket).Lines
	require.Len(t, lines, 17)
	require.Equal(t, 17, cap(lines), "what copies of the record append must not meet")
}
