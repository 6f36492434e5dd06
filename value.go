package itsm

import (
	"encoding"
	"encoding/json"
	"reflect"
	"strconv"
	"time"
)

// This file writes and reads the JSON of single values, as encoding/json does, without its allocations.

func appendInt(dst []byte, n int64) []byte { return strconv.AppendInt(dst, n, 10) }

func appendBool(dst []byte, b bool) []byte { return strconv.AppendBool(dst, b) }

func appendTime(dst []byte, t time.Time) []byte {
	return append(t.AppendFormat(append(dst, '"'), time.RFC3339Nano), '"')
}

// appendString writes a text as JSON, without the escapes for HTML.
func appendString(dst []byte, s string) []byte {
	dst = append(dst, '"')
	from := 0
	for i := 0; i < len(s); i++ {
		c := s[i]
		if c >= 0x20 && c != '"' && c != '\\' {
			continue
		}
		dst = append(dst, s[from:i]...)
		from = i + 1
		switch c {
		case '"', '\\':
			dst = append(dst, '\\', c)
		case '\n':
			dst = append(dst, `\n`...)
		case '\r':
			dst = append(dst, `\r`...)
		case '\t':
			dst = append(dst, `\t`...)
		default:
			dst = append(dst, `\u00`...)
			dst = append(dst, "0123456789abcdef"[c>>4], "0123456789abcdef"[c&15])
		}
	}
	return append(append(dst, s[from:]...), '"')
}

// readString reads a JSON text that is nothing else.
func readString(raw []byte) (string, bool) {
	if len(raw) == 0 || raw[0] != '"' {
		return "", false
	}
	in := scanner{raw: raw}
	if in.quoted(); in.broken || in.at < len(raw) {
		return "", false
	}
	return unquote(raw, in.plain)
}

func appendRef(dst []byte, r Ref) []byte {
	dst = appendString(append(dst, `{"kind":`...), r.Kind)
	return append(appendID(append(dst, `,"id":`...), r.ID), '}')
}

func appendID(dst []byte, id ID) []byte {
	text, _ := id.MarshalText()
	return append(append(append(dst, '"'), text...), '"')
}

// appendJSON writes a value of n.
func (n *node) appendJSON(dst []byte, v reflect.Value) []byte {
	switch n.is {
	case isText:
		return appendString(dst, v.String())
	case isBool:
		return appendBool(dst, v.Bool())
	case isInteger:
		return appendInt(dst, v.Int())
	case isInstant:
		return appendTime(dst, *timeOf(v))
	case isID:
		return appendID(dst, *v.Addr().Interface().(*ID))
	case isRef:
		return appendRef(dst, *refOf(v))
	case isAttributes:
		return attributesOf(v).appendJSON(dst)
	case isGroup:
		return n.sub.appendJSON(dst, v)
	case isOptional:
		return n.sub.appendJSON(dst, v.Elem())
	case isList:
		dst = append(dst, '[')
		for i := range v.Len() {
			if i > 0 {
				dst = append(dst, ',')
			}
			dst = n.elem.appendJSON(dst, v.Index(i))
		}
		return append(dst, ']')
	}
	if d, ok := v.Addr().Interface().(*Duration); ok { // the one that records hold most
		dst, _ = d.AppendText(append(dst, '"'))
		return append(dst, '"')
	}
	raw, err := json.Marshal(v.Addr().Interface())
	if err != nil { // no JSON holds a NUL: whoever asked finds the mark, see unmarked
		return append(append(dst, 0), err.Error()...)
	}
	return append(dst, raw...)
}

// appendJSON writes a struct without its zero fields.
func (f fields) appendJSON(dst []byte, v reflect.Value) []byte {
	dst = append(dst, '{')
	first := true
	for _, n := range f.tree {
		x := v
		if n.is != isGroup {
			if x = n.at(v); n.isZero(x) {
				continue
			}
		} else if n.at(v).IsZero() {
			continue
		}
		if !first {
			dst = append(dst, ',')
		}
		first = false
		dst = append(appendString(dst, n.name), ':')
		if n.is == isGroup { // the fields of a nested struct are indexed from the container around it
			dst = n.sub.appendJSON(dst, v)
			continue
		}
		dst = n.appendJSON(dst, x)
	}
	return append(dst, '}')
}

var _ encoding.TextMarshaler = Duration(0)
