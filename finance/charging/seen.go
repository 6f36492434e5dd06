package charging

import "hash/maphash"

// seen finds usage records that have come before. It is an open hash table with linear probing: a slot has the upper half of
// the ID's hash and the place of the record, from 1. A map would hash each ID twice and keep it once more.
type seen struct {
	seed  maphash.Seed
	slots []uint64 // a power of two, at most half of them used
}

func newSeen(records int) *seen {
	size := 2
	for size < 2*records {
		size *= 2
	}
	return &seen{maphash.MakeSeed(), make([]uint64, size)}
}

// first returns the place of the first record with the ID of the i-th, which is i itself where it has not come before.
func (s *seen) first(usage []Usage, i int) int {
	const placeBits = 32
	hash := maphash.String(s.seed, usage[i].ID)
	tag, mask := hash>>placeBits<<placeBits, uint64(len(s.slots)-1)
	for at := hash & mask; ; at = (at + 1) & mask {
		slot := s.slots[at]
		if slot == 0 {
			s.slots[at] = tag | uint64(i+1)
			return i
		}
		if slot>>placeBits<<placeBits == tag {
			if place := int(uint32(slot)) - 1; usage[place].ID == usage[i].ID {
				return place
			}
		}
	}
}
