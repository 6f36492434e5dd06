package allocation

import (
	"hash/maphash"
	"math/bits"

	"github.com/itsmkit/itsm/money"
)

// lines is cost lines, column by column. A column without pointers costs the collector nothing, and the slots are a
// quarter of what a map from IDs would take.
type lines struct {
	ids   []string
	at    []int32 // members
	coins []int64

	seed  maphash.Seed
	slots []int32 // the number of a line, from 1, at a place that its ID's hash leads to; 0 is free
}

func newLines(n int) *lines {
	return &lines{
		ids: make([]string, 0, n), at: make([]int32, 0, n), coins: make([]int64, 0, n),
		seed: maphash.MakeSeed(), slots: make([]int32, 1<<bits.Len(uint(2*n))),
	}
}

// add adds a line, unless there is one with its ID.
func (l *lines) add(id string, at int32, coins int64) bool {
	slot, number := l.find(id)
	if number >= 0 {
		return false
	}
	l.ids, l.at, l.coins = append(l.ids, id), append(l.at, at), append(l.coins, coins)
	l.slots[slot] = int32(len(l.ids))
	return true
}

// find returns the number of the line with an ID, -1 if there is none, and its slot. At least half of all slots are
// free, so that each search ends.
func (l *lines) find(id string) (slot uint64, number int) {
	last := uint64(len(l.slots) - 1)
	for slot = maphash.String(l.seed, id) & last; l.slots[slot] != 0; slot = (slot + 1) & last {
		if number := int(l.slots[slot]) - 1; l.ids[number] == id {
			return slot, number
		}
	}
	return slot, -1
}

// line returns a line as it came.
func (r *Result) line(number int) Line {
	amount, _ := money.New(r.lines.coins[number], r.currency) // both were an amount's
	return Line{ID: r.lines.ids[number], To: r.names[r.lines.at[number]], Amount: amount}
}

// lineOf returns the number of the line with an ID.
func (r *Result) lineOf(id string) (int, error) {
	_, number := r.lines.find(id)
	if number < 0 {
		return 0, refuse(ErrName, "there is no line %q", id)
	}
	return number, nil
}
