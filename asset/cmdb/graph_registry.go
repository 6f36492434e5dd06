package cmdb

import (
	"encoding/binary"
	"fmt"
	"hash/maphash"
	"math"
	"sync"

	"github.com/itsmkit/itsm"
)

// registry numbers the items, classes and needs of a graph and of all that are edited from it. It only grows: a number
// means the same in each of them, and what a graph took of the lists when it was made stays as it was.
type registry struct {
	mu sync.RWMutex
	snapshot
	seed    maphash.Seed
	table   []int32 // open addressing: number + 1
	kindOf  map[string]uint8
	classNo map[string]uint16
	setNo   map[string]uint32
	scratch sync.Pool // of *scratch
}

// snapshot is what a graph knows of a registry.
type snapshot struct {
	ids       []itsm.ID // by number
	kinds     []uint8   // by number
	kindNames []string
	classes   []class
	sets      []needSet
}

// class is a class with the ones above it.
type class struct {
	name   string
	parent int32 // -1: none
	set    uint32
}

// need is a Need with numbers for names; -1 is any.
type need struct {
	typ, class int32
	min        int64
	all        bool
	weighted   bool
}

type needSet struct {
	needs   []need
	source  []Need
	counted int // how many of the needs can bear the failure of some of their inputs
}

func newRegistry() *registry {
	return &registry{
		seed: maphash.MakeSeed(), table: make([]int32, 64),
		kindOf: map[string]uint8{}, classNo: map[string]uint16{}, setNo: map[string]uint32{},
	}
}

func (s *snapshot) ref(v int32) itsm.Ref {
	return itsm.Ref{Kind: s.kindNames[s.kinds[v]], ID: s.ids[v]}
}

// below tells whether class c is the class above, or below it.
func (s *snapshot) below(c, above int32) bool {
	for c >= 0 && c != above {
		c = s.classes[c].parent
	}
	return c >= 0
}

// group returns the group of the input of a relation type and a class.
func (s *snapshot) group(set *needSet, typ uint8, class int32) (uint8, bool) {
	for i, n := range set.needs {
		if (n.typ < 0 || n.typ == int32(typ)) && (n.class < 0 || s.below(class, n.class)) {
			return uint8(i), !n.all
		}
	}
	return restGroup, false
}

func (r *registry) find(of itsm.Ref) (int32, bool) {
	r.mu.RLock()
	defer r.mu.RUnlock()
	kind, ok := r.kindOf[of.Kind]
	if !ok {
		return 0, false
	}
	_, v := r.slot(kind, of.ID)
	return v, v >= 0
}

// slot returns where the table holds an item and its number, or a free place and -1.
func (r *registry) slot(kind uint8, id itsm.ID) (int, int32) {
	var key [17]byte
	copy(key[:], id[:])
	key[16] = kind
	mask := len(r.table) - 1
	for at := int(maphash.Bytes(r.seed, key[:])) & mask; ; at = (at + 1) & mask {
		v := r.table[at] - 1
		if v < 0 || r.ids[v] == id && r.kinds[v] == kind {
			return at, v
		}
	}
}

// number returns the number of an item, a new one where it is not known.
func (r *registry) number(of itsm.Ref) (v int32, isNew bool, err error) {
	kind, ok := r.kindOf[of.Kind]
	if !ok {
		if len(r.kindNames) > math.MaxUint8 {
			return 0, false, fmt.Errorf("cmdb: kind %q: a graph holds %d kinds or fewer", of.Kind, math.MaxUint8+1)
		}
		kind = uint8(len(r.kindNames))
		r.kindNames = append(r.kindNames, of.Kind)
		r.kindOf[of.Kind] = kind
	}
	at, v := r.slot(kind, of.ID)
	if v >= 0 {
		return v, false, nil
	}
	v = int32(len(r.ids))
	r.ids, r.kinds = append(r.ids, of.ID), append(r.kinds, kind)
	r.table[at] = v + 1
	if len(r.ids)*3 > len(r.table)*2 {
		r.table = make([]int32, 2*len(r.table))
		for i := range r.ids {
			at, _ := r.slot(r.kinds[i], r.ids[i])
			r.table[at] = int32(i) + 1
		}
	}
	return v, true, nil
}

// class returns the number of a class, a new one where it is not known.
func (r *registry) class(name string) (uint16, error) {
	if c, ok := r.classNo[name]; ok {
		return c, nil
	}
	if len(r.classes) > math.MaxUint16 {
		return 0, fmt.Errorf("cmdb: class %q: a graph holds %d classes or fewer", name, math.MaxUint16+1)
	}
	c := uint16(len(r.classes))
	r.classes = append(r.classes, class{name: name, parent: -1})
	r.classNo[name] = c
	return c, nil
}

// set returns the number of a list of needs that was checked.
func (r *registry) set(needs []Need, types map[string]uint8) (uint32, error) {
	var key []byte
	for _, n := range needs {
		key = fmt.Appendf(key, "%q %q %s ", n.Relation, n.Class, n.Redundancy)
		key = binary.AppendVarint(key, int64(n.Min))
	}
	if s, ok := r.setNo[string(key)]; ok {
		return s, nil
	}
	set := needSet{source: append([]Need(nil), needs...)}
	for _, n := range needs {
		out := need{typ: -1, class: -1, min: int64(n.Min), all: n.Redundancy == AllOf, weighted: n.Redundancy == Weighted}
		if n.Redundancy == AnyOf {
			out.min = 1
		}
		if n.Relation != "" {
			out.typ = int32(types[n.Relation])
		}
		if n.Class != "" {
			c, err := r.class(n.Class)
			if err != nil {
				return 0, err
			}
			out.class = int32(c)
		}
		set.needs = append(set.needs, out)
		set.counted += btoi(!out.all)
	}
	s := uint32(len(r.sets))
	r.sets = append(r.sets, set)
	r.setNo[string(key)] = s
	return s, nil
}
