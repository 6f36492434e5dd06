package itsm

import (
	"cmp"
	"encoding/binary"
	"math"
	"strconv"
	"strings"
	"time"
)

// ValueType is the type of an index value.
type ValueType string

// The types of index values.
const (
	TypeText    ValueType = "text"    // ordered by bytes
	TypeNumber  ValueType = "number"  // a whole number
	TypeTime    ValueType = "time"    // an instant
	TypeBool    ValueType = "boolean" // false before true
	TypeRef     ValueType = "reference"
	TypeDate    ValueType = "date"    // a day without zone: 2026-11-24
	TypeDecimal ValueType = "decimal" // a number with decimals, of any size
)

// Key is a value of an index in a form that stores can keep and compare without knowing the type: texts,
// references, dates and decimals in S, numbers, instants (milliseconds since the beginning of year 1) and
// booleans in N. The zero Key is the empty value.
type Key struct {
	S string
	N int64
}

// Compare orders keys: by S as bytes, then by N.
func (k Key) Compare(o Key) int {
	if k.S != o.S {
		return strings.Compare(k.S, o.S)
	}
	return cmp.Compare(k.N, o.N)
}

// IsZero tells that k is the empty value.
func (k Key) IsZero() bool { return k.S == "" && k.N == 0 }

// numeric tells that values of the type are kept in N.
func (t ValueType) numeric() bool { return t == TypeNumber || t == TypeTime || t == TypeBool }

func (t ValueType) valid() bool {
	switch t {
	case TypeText, TypeNumber, TypeTime, TypeBool, TypeRef, TypeDate, TypeDecimal:
		return true
	}
	return false
}

// yearOne is the zero time in Unix milliseconds. Counted from there the zero time is the empty value and comes
// first, and the beginning of 1970 is a value like any other.
const yearOne = -62_135_596_800_000

func timeKey(t time.Time) Key { return Key{N: t.UnixMilli() - yearOne} }

func boolKey(b bool) Key {
	if b {
		return Key{N: 1}
	}
	return Key{}
}

// lead returns the key of a leading part of a composite index: its bytes order as the parts do. Texts hold no
// NUL, so that NUL may end them.
func lead(t ValueType, k Key) string {
	if t.numeric() {
		var b [8]byte
		binary.BigEndian.PutUint64(b[:], uint64(k.N)^1<<63)
		return string(b[:])
	}
	return k.S + "\x00"
}

// Span is a range of keys of one index, both ends included.
type Span struct{ From, To Key }

// Contains tells whether k lies in the span.
func (s Span) Contains(k Key) bool { return s.From.Compare(k) <= 0 && k.Compare(s.To) <= 0 }

// above is greater than every text: no valid UTF-8 holds this byte.
const above = "\xff"

// everything returns the span of all values of a type that begin with a lead.
func everything(prefix string, t ValueType) Span {
	if t.numeric() {
		return Span{Key{S: prefix, N: math.MinInt64}, Key{S: prefix, N: math.MaxInt64}}
	}
	return Span{Key{S: prefix}, Key{S: prefix + above}}
}

// decimalOf returns the JSON number of a decimalKey in its shortest form: 12.5, 0, -3e41.
func decimalOf(key string) (string, bool) {
	if key == "1" {
		return "0", true
	}
	b, sign := []byte(key), ""
	if len(b) > 1 && b[0] == '0' && b[len(b)-1] == '~' {
		b, sign = b[:len(b)-1], "-"
		for i := range b {
			b[i] = '0' + 'z' - b[i]
		}
		b[0] = '2'
	}
	if len(b) < 10 || b[0] != '2' || !digits(string(b[9:])) {
		return "", false
	}
	biased, err := strconv.ParseUint(string(b[1:9]), 16, 32)
	if err != nil {
		return "", false
	}
	point, number := int(int32(uint32(biased)^1<<31)), string(b[9:]) // the number is 0.DIGITS times ten to the point
	switch {
	case point > 40 || point < -5:
		if point--; len(number) > 1 {
			number = number[:1] + "." + number[1:]
		}
		return sign + number + "e" + strconv.Itoa(point), true
	case point <= 0:
		return sign + "0." + strings.Repeat("0", -point) + number, true
	case point >= len(number):
		return sign + number + strings.Repeat("0", point-len(number)), true
	}
	return sign + number[:point] + "." + number[point:], true
}

// decimalKey returns a text whose byte order is the numeric order of JSON numbers: 1.0 and 1.00 are equal.
// The form is sign, exponent, digits; negative numbers have all bytes but the sign complemented.
func decimalKey(number string) string {
	mantissa, exponent := number, 0
	if i := strings.IndexAny(number, "eE"); i >= 0 {
		exponent, _ = strconv.Atoi(strings.TrimPrefix(number[i+1:], "+"))
		mantissa = number[:i]
	}
	negative := strings.HasPrefix(mantissa, "-")
	whole, fraction, _ := strings.Cut(strings.TrimPrefix(mantissa, "-"), ".")
	all := whole + fraction
	trimmed := strings.TrimLeft(all, "0")
	exponent += len(whole) - (len(all) - len(trimmed))
	trimmed = strings.TrimRight(trimmed, "0")
	if trimmed == "" {
		return "1"
	}
	b := []byte{'2', 0, 0, 0, 0}
	binary.BigEndian.PutUint32(b[1:], uint32(exponent)^1<<31)
	hexed := make([]byte, 0, 9+len(trimmed)+1)
	hexed = append(hexed, b[0])
	for _, c := range b[1:] { // hexadecimal keeps the key valid text
		hexed = append(hexed, "0123456789abcdef"[c>>4], "0123456789abcdef"[c&15])
	}
	hexed = append(hexed, trimmed...)
	if !negative {
		return string(hexed)
	}
	for i := range hexed {
		hexed[i] = '0' + 'z' - hexed[i] // both ranges stay printable
	}
	hexed[0] = '0'
	return string(append(hexed, '~'))
}
