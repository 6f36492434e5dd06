package itsm

import (
	"bytes"
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"
)

// FuzzScan: the scanner passes what encoding/json holds for valid and nothing else, and reads names, texts and
// lengths as it does.
func FuzzScan(f *testing.F) {
	for _, seed := range []string{
		`{"a":[1,-0.5e+3,true,false,null,"x"],"b":{}}`, ` [ ] `, `{"a":1,}`, `[1,]`, `[,1]`, `{,}`, `{"a"}`, `{"a":}`, `{1:2}`, `{"a" : 1}}`, `[1]]`, `[1}`, "",
		`01`, `-`, `1.`, `.5`, `1e`, `1E+`, `-0`, `+1`, `1_0`, `0x1`, `nul`, `nulll`, `True`, `NaN`,
		`"`, `"\"`, `"\u12"`, `"\u12G4"`, `"\x"`, `"\ud83d\ude00\ud800\u0041\udc00"`, `"\/\b\f\n\r\t\\\""`, "\"\x1f\"", "\"\x7f\xff\"", "\"ä\u2028\"", "1\x00", "\v1",
		`{"\u0061\ud800":1,"ä":2}`, `[[["a",[]],{"b":[{}]}]]`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		s := scanner{raw: raw}
		value := s.skip()
		s.peek()
		require.Equal(t, json.Valid(raw), !s.broken && s.at == len(raw))
		if s.broken || s.at < len(raw) {
			return
		}
		require.Equal(t, bytes.Trim(raw, " \t\r\n"), value)
		require.Zero(t, s.depth)
		switch value[0] {
		case '"':
			var want string
			require.NoError(t, json.Unmarshal(value, &want))
			got, ok := readString(value)
			if require.Equal(t, utf8.Valid(value), ok); ok {
				require.Equal(t, want, got)
			}
		case '[':
			var want []json.RawMessage
			require.NoError(t, json.Unmarshal(value, &want))
			in := scanner{raw: value}
			require.Equal(t, len(want), in.count())
			in.open()
			for i := 0; in.more(']'); i++ {
				require.Equal(t, string(want[i]), string(in.skip()))
			}
			require.Equal(t, len(value), in.at)
		case '{':
			var want, got map[string]json.RawMessage
			require.NoError(t, json.Unmarshal(value, &want))
			got = map[string]json.RawMessage{}
			in := scanner{raw: value}
			count, n := in.count(), 0
			for in.open(); in.more('}'); n++ {
				name := string(in.name())
				got[name] = in.skip()
			}
			require.Equal(t, want, got)
			require.Equal(t, count, n)
		}
	})
}

// TestScanDepth: nesting ends where it does in encoding/json, whatever is nested.
func TestScanDepth(t *testing.T) {
	for depth, valid := range map[int]bool{maxDepth: true, maxDepth + 1: false} {
		for _, pair := range [][2]string{{"[", "]"}, {`{"a":`, "}"}} {
			raw := []byte(strings.Repeat(pair[0], depth) + "1" + strings.Repeat(pair[1], depth))
			require.Equal(t, valid, json.Valid(raw))
			s := scanner{raw: raw}
			s.skip()
			require.Equal(t, valid, !s.broken, depth)
		}
	}
}

// TestReadManyFields: a field that occurs twice is found in a struct of any size.
func TestReadManyFields(t *testing.T) {
	for _, size := range []int{1, 64, 65, 128, 129, 300} {
		var declared []reflect.StructField
		var b strings.Builder
		for i := range size {
			name := fmt.Sprintf("f%d", i)
			declared = append(declared, reflect.StructField{Name: "F" + name, Type: reflect.TypeFor[string](), Tag: reflect.StructTag(`json:"` + name + `"`)})
			fmt.Fprintf(&b, `"%s":"%d",`, name, i)
		}
		p, err := newPlan(reflect.StructOf(declared))
		require.NoError(t, err)
		once := strings.TrimSuffix(b.String(), ",")
		for i := range size {
			v := reflect.New(p.typ).Elem()
			r := newReader([]byte("{" + once + "}"))
			r.record(p.root, v)
			require.NoError(t, r.err())
			require.Equal(t, fmt.Sprint(i), v.Field(i).String())
			r = newReader(fmt.Appendf(nil, `{%s,"f%d":""}`, once, i))
			r.record(p.root, v)
			require.Equal(t, []Problem{{Path: fmt.Sprintf("f%d", i), Code: "twice"}}, r.problems)
		}
	}
}
