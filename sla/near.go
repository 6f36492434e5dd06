package sla

import (
	"cmp"
	"maps"
	"slices"
	"strings"
)

// near returns the names that one may have been meant to be, three at most: those with the same last part, and those that
// a few strokes make of it.
func near(name string, among []string) string {
	type guess struct {
		name     string
		distance int
	}
	var found []guess
	last := name[strings.LastIndexByte(name, '.')+1:]
	for _, other := range among {
		d := strokes(clip(name), other)
		if last == other[strings.LastIndexByte(other, '.')+1:] {
			d = min(d, 1)
		}
		if d <= 1+len(name)/4 {
			found = append(found, guess{other, d})
		}
	}
	slices.SortFunc(found, func(a, b guess) int {
		return cmp.Or(cmp.Compare(a.distance, b.distance), cmp.Compare(a.name, b.name))
	})
	var out []string
	for _, g := range found[:min(3, len(found))] {
		out = append(out, g.name)
	}
	return strings.Join(out, ", ")
}

// strokes is the edit distance of two names (Levenshtein's), in bytes.
func strokes(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			step := 1
			if a[i] == b[j] {
				step = 0
			}
			diagonal, row[j+1] = row[j+1], min(diagonal+step, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}

// names returns the keys of a map in order.
func names[V any](of map[string]V) []string { return slices.Sorted(maps.Keys(of)) }
