package cmdb

// fail brings items down, unless they are, and all that cannot be up without them: the least set that holds them and
// every item one of whose needs is not met by the items outside the set. Items that are reached and stay up are
// collected in soft.
func (g *Graph) fail(s *scratch, items []int32, because uint8) {
	from := len(s.down)
	for _, v := range items {
		if s.mark(v) != isDown {
			s.set(v, isDown)
			s.down = append(s.down, hit{item: v, cause: -1, group: because, state: down})
		}
	}
	downMark, touchedMark := s.epoch*marks+isDown, s.epoch*marks+touched
	read := uint32(0)
	fallen, cells := s.down, s.cells // where the loop finds them at once
	for ; from < len(fallen); from++ {
		if next := from + ahead; next < len(fallen) {
			read += g.peek(fallen[next].item)
		}
		feeds := g.feeds(fallen[from].item)
		for i := range feeds {
			e := &feeds[i]
			c := &cells[e.item]
			stamp := c.stamp()
			if stamp == downMark {
				continue
			}
			if e.bits&counted != 0 {
				first, left := stamp != touchedMark, c.left()
				if first {
					left = g.bears(e.item)
				}
				bears := left != inCounts && left >= uint32(e.weight)
				if bears {
					*c = cell(touchedMark).bearing(left - uint32(e.weight))
				} else if left == inCounts {
					bears = g.spend(s, e.item, e.bits&groupMask, int64(e.weight)) >= 0
				}
				if bears && first {
					s.soft = append(s.soft, hit{})
					s.soft[len(s.soft)-1].set(e, from, degraded)
				}
				if bears {
					continue
				}
			}
			*c = c.stamped(downMark)
			fallen = append(fallen, hit{})
			fallen[len(fallen)-1].set(e, from, down)
		}
	}
	s.down, s.read = fallen, read
}

// set fills in a hit in its place in the list. One that is made whole is made beside the list and copied, which costs an
// impact of a thousand items a tenth of its time.
func (h *hit) set(e *link, cause int, state uint8) {
	h.item, h.cause, h.typ, h.group, h.state = e.item, int32(cause), e.typ, e.bits&groupMask, state
}

// ahead is how many items a walk looks ahead: while it deals with one, the memory of a later one comes. A walk of half a
// million items takes a sixth less time for it.
const ahead = 16

// peek reads what the walk will need of an item.
func (g *Graph) peek(v int32) uint32 {
	p, at := g.at(v)
	if first := int(p.feedsAt[at]); first < len(p.feeds) {
		return uint32(p.feeds[first].item)
	}
	return 0
}

// degrade turns soft into the items that are not down and that failures reach, nearest first. The causes of soft
// follow those of down: cause len(down) is the first of soft.
func (g *Graph) degrade(s *scratch) {
	kept := s.soft[:0]
	for _, h := range s.soft {
		if s.mark(h.item) != isDown {
			kept = append(kept, h)
		}
	}
	s.soft = kept
	first := s.epoch*marks + touched // all marks of the epoch are this or more
	read := uint32(0)
	for from := 0; from < len(s.soft); from++ {
		if next := from + ahead; next < len(s.soft) {
			read += g.peek(s.soft[next].item)
		}
		feeds := g.feeds(s.soft[from].item)
		for i := range feeds {
			e := &feeds[i]
			c := &s.cells[e.item]
			if c.stamp() >= first {
				continue
			}
			*c = c.stamped(s.epoch*marks + reached)
			s.soft = append(s.soft, hit{})
			s.soft[len(s.soft)-1].set(e, len(s.down)+from, degraded)
		}
	}
	s.read = read
	for i := range s.soft {
		s.soft[i].state = g.exposure(s, s.soft[i].item)
	}
}

// exposure tells whether one input of a degraded item can bring it down alone.
func (g *Graph) exposure(s *scratch, v int32) uint8 {
	p, at := g.at(v)
	if p.flags[at]&allGroup != 0 {
		return atRisk
	}
	set := &g.sets[p.set[at]]
	for group, n := range set.needs {
		if !n.all && !n.weighted && g.left(s, v, uint8(group)) == 0 { // some input is up, or the need would not be met
			return atRisk
		}
	}
	for _, e := range g.needs(v) {
		group := e.bits & groupMask
		if e.bits&counted != 0 && set.needs[group].weighted && s.mark(e.item) != isDown && int64(e.weight) > g.left(s, v, group) {
			return atRisk
		}
	}
	return slack
}
