package main

import (
	"bytes"
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// pool collects texts, each once.
type pool struct {
	b  strings.Builder
	at map[string]uint16
}

func (p *pool) add(s string) uint16 {
	at, ok := p.at[s]
	if !ok {
		at = uint16(p.b.Len())
		p.at[s] = at
		p.b.WriteByte(byte(mappingBase + len(s)))
		p.b.WriteString(s)
	}
	return at
}

// trie writes an index by block of 64 code points and the places of the mappings in the pool.
func (p *pool) trie(b *bytes.Buffer, name string, m map[rune]string) {
	last := slices.Max(slices.Collect(maps.Keys(m)))
	at := make([]uint16, (int(last)/block+1)*block)
	for r, s := range sorted(m) {
		at[r] = p.add(s)
	}
	blocks := newBlocks[uint16]()
	var index []uint16
	for i := 0; i < len(at); i += block {
		index = append(index, blocks.add(at[i:i+block]))
	}
	array(b, name+"Index", "has the block of "+name+"At of every 64 code points", "uint8", index)
	array(b, name+"At", "has the places in mappings", "uint16", blocks.all)
}

// runs returns runs of code points whose mapping is at the same distance, and that distance. A mapping to more than
// one code point is a run of its own.
func (p *pool) runs(m map[rune]string) (from []uint32, by []int32) {
	for r, s := range sorted(m) {
		v := firstRune(s) - r
		if s != string(r+v) {
			v = foldFull + rune(p.add(s))
		}
		if n := len(by); n == 0 || by[n-1] != v || v >= foldFull {
			from, by = append(from, uint32(r)), append(by, v)
		}
	}
	return from, by
}

func sorted[K cmp.Ordered, V any](m map[K]V) func(func(K, V) bool) {
	return func(yield func(K, V) bool) {
		for _, k := range slices.Sorted(maps.Keys(m)) {
			if !yield(k, m[k]) {
				return
			}
		}
	}
}

// blocks collects blocks of values, each once.
type blocks[T byte | uint16] struct {
	all []T
	at  map[string]uint16
}

func newBlocks[T byte | uint16]() *blocks[T] { return &blocks[T]{at: map[string]uint16{}} }

func (t *blocks[T]) add(values []T) uint16 {
	key := fmt.Sprint(values)
	n, ok := t.at[key]
	if !ok {
		n = uint16(len(t.all) / block)
		t.at[key] = n
		t.all = append(t.all, values...)
	}
	return n
}
