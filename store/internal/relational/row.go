package relational

import (
	"crypto/sha256"
	"encoding/binary"
	"slices"
	"strings"

	"github.com/itsmkit/itsm"
)

// Values returns what the columns of a record hold, in the order of Columns; nil is NULL.
func (t *Table) Values(d Dialect, rec any) []any {
	out := make([]any, len(t.Columns))
	var buf [1]itsm.Key
	for i, c := range t.Columns {
		if keys := t.Shape.Values(c.Part.Name, rec, buf[:0]); len(keys) > 0 {
			out[i] = d.Value(c.Part.Type, keys[0])
		}
	}
	return out
}

// row is what is stored of a record beside its header.
type row struct {
	values  []any // parallel to Columns
	entries []Entry
	lists   int64
	wordSum int64
}

func (t *Table) row(d Dialect, rec any) row {
	r := row{values: t.Values(d, rec), entries: t.Entries(rec), wordSum: t.Shape.TokensSum(rec)}
	r.lists = Sum(r.entries)
	return r
}

// Entry is a value of a list.
type Entry struct {
	List string
	S    []byte
	N    int64
}

func (e Entry) compare(o Entry) int {
	if c := strings.Compare(e.List, o.List); c != 0 {
		return c
	}
	return itsm.Key{S: string(e.S), N: e.N}.Compare(itsm.Key{S: string(o.S), N: o.N})
}

// Entries returns the values of a record's lists, sorted, each once.
func (t *Table) Entries(rec any) []Entry {
	var out []Entry
	var buf []itsm.Key
	for _, l := range t.Lists {
		if buf = buf[:0]; l.index >= 0 {
			buf = t.Shape.Keys(l.index, rec, buf)
		} else {
			buf = t.Shape.Values(l.Name, rec, buf)
		}
		for _, k := range buf {
			out = append(out, Entry{string(l.Name), []byte(k.S), k.N})
		}
	}
	slices.SortFunc(out, Entry.compare)
	return slices.CompactFunc(out, func(a, b Entry) bool { return a.compare(b) == 0 })
}

// Sum returns a checksum of entries, 0 for none: where it is the same, they are.
func Sum(entries []Entry) int64 {
	if len(entries) == 0 {
		return 0
	}
	h := sha256.New()
	var b []byte
	for _, e := range entries {
		b = binary.AppendUvarint(b[:0], uint64(len(e.List)))
		b = append(b, e.List...)
		b = binary.AppendUvarint(b, uint64(len(e.S)))
		b = append(b, e.S...)
		h.Write(binary.AppendVarint(b, e.N))
	}
	var sum [sha256.Size]byte
	return int64(binary.BigEndian.Uint64(h.Sum(sum[:0])))
}
