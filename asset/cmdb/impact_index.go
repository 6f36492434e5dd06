package cmdb

import "math/bits"

// hitIndex finds the hit of an item: in a list of all items where many are hit, else in a hash table.
type hitIndex struct {
	list  []int32 // by item: the place of its hit + 1
	hits  []hit
	table []int32 // by hash, then onwards: a place + 1, or 0; at most half full
	shift int     // from a hash to the place in the table where it begins
}

// newHitIndex indexes the hits of a graph that has room for so many items.
func newHitIndex(hits []hit, items int) hitIndex {
	if len(hits) > items/32 {
		x := hitIndex{list: make([]int32, items)}
		for i, h := range hits {
			x.list[h.item] = int32(i) + 1
		}
		return x
	}
	size := bits.Len(uint(2 * len(hits)))
	x := hitIndex{hits: hits, table: make([]int32, 1<<size), shift: 32 - size}
	for i, h := range hits {
		x.table[x.place(h.item)] = int32(i) + 1
	}
	return x
}

// place returns where an item stands in the table, or would.
func (x hitIndex) place(v int32) int {
	at := int(uint32(v) * 2654435769 >> x.shift) // the golden ratio spreads numbers that follow each other
	for x.table[at] != 0 && x.hits[x.table[at]-1].item != v {
		at = (at + 1) & (len(x.table) - 1)
	}
	return at
}

// of returns the place of the hit of an item.
func (x hitIndex) of(v int32) (int32, bool) {
	if x.list != nil {
		return x.list[v] - 1, x.list[v] > 0
	}
	i := x.table[x.place(v)]
	return i - 1, i > 0
}
