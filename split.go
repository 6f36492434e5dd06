package itsm

import (
	"encoding/binary"
	"math"
	"strings"
)

// Split takes a key of the i-th index apart into those of its parts: the reverse of [Shape.Keys], for stores with a
// column for each part.
func (s *Shape) Split(i int, k Key) []Key {
	parts := s.indexes[i].parts
	out := make([]Key, len(parts))
	rest := k.S
	for n, p := range parts {
		switch {
		case n == len(parts)-1:
			out[n] = Key{S: rest}
			if p.typ.numeric() {
				out[n] = Key{N: k.N}
			}
		case p.typ.numeric():
			out[n], rest = Key{N: int64(binary.BigEndian.Uint64([]byte(rest[:8])) ^ 1<<63)}, rest[8:]
		case n == 0 && len(parts) == 2 && parts[1].typ.numeric():
			out[n], rest = Key{S: rest}, "" // combine writes no end
		default:
			head, tail, _ := strings.Cut(rest, "\x00")
			out[n], rest = Key{S: head}, tail
		}
	}
	return out
}

// Open tells of a span of a single value of a type which of its ends are open: the span as [Condition.Spans] and
// [Selection.Access] make it where no bound is asked for.
func (s Span) Open(t ValueType) (from, to bool) {
	if t.numeric() {
		return s.From.N == math.MinInt64, s.To.N == math.MaxInt64
	}
	return s.From.S == "", s.To.S == above
}
