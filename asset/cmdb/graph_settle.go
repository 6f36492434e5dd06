package cmdb

// settled is what follows from the inputs of one item and its needs.
type settled struct {
	flags     uint8    // allGroup
	margins   []int64  // of each need; none where the item needs all its inputs
	effective []uint16 // of each input: what its failure counts for
	bears     uint16   // the one margin that counts, or inCounts
	unmet     bool     // a need asks for more inputs than there are
}

// settle gives each of the sorted inputs its group and computes the rest. Relations of several types to one input
// count once in a need, with the largest weight: the input is one item.
func (s *settled) settle(names *snapshot, classOf func(int32) int32, set *needSet, needs []link) {
	s.flags, s.unmet, s.bears = 0, false, inCounts
	s.margins, s.effective = s.margins[:0], s.effective[:0]
	for i := range needs {
		e := &needs[i]
		group, bears := names.group(set, e.typ, classOf(e.item))
		e.bits = group
		weight := uint16(0)
		if bears {
			e.bits |= counted
			weight = 1
			if set.needs[group].weighted {
				weight = e.weight
			}
			for k := i - 1; k >= 0 && needs[k].item == e.item; k-- {
				if needs[k].bits != e.bits {
					continue
				}
				if s.effective[k] < weight {
					s.effective[k] = 0
				} else {
					weight = 0
				}
			}
		}
		s.effective = append(s.effective, weight)
	}
	if set.counted == 0 {
		if len(needs) > 0 {
			s.flags = allGroup
		}
		return
	}
	for _, n := range set.needs {
		margin := int64(0)
		if !n.all {
			margin = -n.min
		}
		s.margins = append(s.margins, margin)
	}
	for i, e := range needs {
		if e.bits&counted != 0 {
			s.margins[e.bits&groupMask] += int64(s.effective[i])
		}
	}
	for i, e := range needs {
		if e.bits&counted == 0 || int64(s.effective[i]) > s.margins[e.bits&groupMask] {
			s.flags = allGroup
		}
	}
	for i, m := range s.margins {
		s.unmet = s.unmet || m < 0
		if !set.needs[i].all && set.counted == 1 && m >= 0 && m < inCounts {
			s.bears = uint16(m)
		}
	}
}

func (g *Graph) classNumber(v int32) int32 {
	p, at := g.at(v)
	return int32(p.class[at])
}
