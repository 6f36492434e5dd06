package cmdb

import (
	"fmt"
	"slices"

	"github.com/itsmkit/itsm"
)

// rulebook is the compiled form of Rules. It never changes.
type rulebook struct {
	types    []RelationType
	typeNo   map[string]uint8
	declared map[string]bool // for checkNeeds
	pairs    [][][2]int32    // by type; -1 is any class
	limited  []uint8         // the types with a cardinality
	settled  bool            // relations that are there may be others than the rules allow; new ones may not
}

func newRulebook(rules Rules, r *registry) (*rulebook, error) {
	if err := rules.Check(); err != nil {
		return nil, err
	}
	b := &rulebook{typeNo: map[string]uint8{}, declared: map[string]bool{}}
	for i, t := range rules.Relations {
		t.Pairs = slices.Clone(t.Pairs)
		b.types = append(b.types, t)
		b.typeNo[t.Name], b.declared[t.Name] = uint8(i), true
		if t.MaxTargets > 0 || t.MaxSources > 0 {
			b.limited = append(b.limited, uint8(i))
		}
	}
	if err := b.classes(rules.Classes, r); err != nil {
		return nil, err
	}
	for _, t := range rules.Relations {
		var pairs [][2]int32
		for _, p := range t.Pairs {
			source, err := b.pairClass(r, p.Source)
			if err != nil {
				return nil, err
			}
			target, err := b.pairClass(r, p.Target)
			if err != nil {
				return nil, err
			}
			pairs = append(pairs, [2]int32{source, target})
		}
		b.pairs = append(b.pairs, pairs)
	}
	return b, nil
}

func (b *rulebook) pairClass(r *registry, name string) (int32, error) {
	if name == "" {
		return -1, nil
	}
	c, err := r.class(name)
	return int32(c), err
}

// classes gives the registry the classes, each with its parent and with the needs of the nearest class that has any.
func (b *rulebook) classes(rules []ClassRule, r *registry) error {
	if _, err := r.set(nil, b.typeNo); err != nil { // 0: all inputs
		return err
	}
	byName := map[string]ClassRule{}
	for _, c := range rules {
		byName[c.Class] = c
		if _, err := r.class(c.Class); err != nil {
			return err
		}
	}
	for _, c := range rules {
		self := r.classNo[c.Class]
		if c.Parent != "" {
			parent, err := r.class(c.Parent)
			if err != nil {
				return err
			}
			r.classes[self].parent = int32(parent)
		}
		from := c
		for from.Needs == nil && from.Parent != "" {
			from = byName[from.Parent]
		}
		set, err := r.set(from.Needs, b.typeNo)
		if err != nil {
			return err
		}
		r.classes[self].set = set
	}
	return nil
}

// place returns the class and the needs of an item.
func (b *rulebook) place(r *registry, n Node) (class uint16, set uint32, flags uint8, err error) {
	if err := checkNeeds(n.Needs, b.declared); err != nil {
		return 0, 0, 0, fmt.Errorf("cmdb: item %s: %w", n.Ref, err)
	}
	class, err = r.class(n.Class)
	if err != nil {
		return 0, 0, 0, err
	}
	if n.Needs == nil {
		return class, r.classes[class].set, isPresent, nil
	}
	set, err = r.set(n.Needs, b.typeNo)
	return class, set, isPresent | ownNeeds, err
}

// resolve turns a relation into numbers. find returns the number of an item.
func (b *rulebook) resolve(e Edge, find func(itsm.Ref) (int32, bool)) (rawEdge, error) {
	fail := func(format string, args ...any) (rawEdge, error) {
		return rawEdge{}, fmt.Errorf("cmdb: relation %s %s %s: "+format, append([]any{e.Source, e.Type, e.Target}, args...)...)
	}
	typ, ok := b.typeNo[e.Type]
	source, okSource := find(e.Source)
	target, okTarget := find(e.Target)
	switch {
	case !ok:
		return fail("%w", ErrRelationType)
	case !okSource:
		return fail("source: %w", ErrUnknown)
	case !okTarget:
		return fail("target: %w", ErrUnknown)
	case source == target:
		return fail("%w", ErrToItself)
	case e.Weight < 0 || e.Weight > MaxWeight:
		return fail("%w: %d, want 0 to %d", ErrWeight, e.Weight, MaxWeight)
	}
	raw := rawEdge{input: target, item: source, weight: uint16(max(e.Weight, 1)), typ: typ}
	if b.types[typ].Spread != ToSource {
		raw.input, raw.item = source, target
	}
	return raw, nil
}

func unknown(r itsm.Ref) error { return fmt.Errorf("cmdb: item %s: %w", r, ErrUnknown) }
