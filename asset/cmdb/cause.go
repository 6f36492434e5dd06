package cmdb

import (
	"cmp"
	"errors"
	"fmt"
	"slices"

	"github.com/itsmkit/itsm"
)

// ErrNoSymptoms says that nothing is known to be down.
var ErrNoSymptoms = errors.New("cmdb: causes: Symptoms.Down is required")

// Symptoms is what is known when something has failed.
type Symptoms struct {
	Down    []itsm.Ref // known to be down; at least one
	Up      []itsm.Ref // known to be up; none that is in Down
	Changed []itsm.Ref // changed of late, and so the first to be suspected
}

// Cause is an item whose failure alone would explain symptoms.
type Cause struct {
	Item        itsm.Ref
	Class       string
	Explains    []itsm.Ref // of those that are down: these would be
	Contradicts []itsm.Ref // of those that are up: these would be down
	Changed     bool       // it changed of late
	Others      int        // further items that would be down, of which nothing is known
}

// Causes returns the items whose failure alone would bring down at least one of the items that are down, the likeliest
// first, and no more than limit of them (0: all). An item is likelier than another
//
//  1. if it explains more of what is down, less what it contradicts;
//  2. or else if it changed of late;
//  3. or else if fewer others would be down.
//
// Where no cause explains every symptom, more than one item has failed, or the graph lacks a relation.
//
// The cost is that of the single points of each item in Down and Up, and an impact for each cause that is returned or
// is equal to one of these by the first two rules.
func (g *Graph) Causes(s Symptoms, limit int) ([]Cause, error) {
	if len(s.Down) == 0 {
		return nil, ErrNoSymptoms
	}
	if err := s.agree(); err != nil {
		return nil, err
	}
	found := map[int32]*Cause{}
	err := g.suspects(s.Down, func(v int32, symptom itsm.Ref) {
		if found[v] == nil {
			found[v] = &Cause{Item: g.ref(v), Class: g.classOf(v)}
		}
		found[v].Explains = append(found[v].Explains, symptom)
	})
	if err != nil {
		return nil, err
	}
	err = g.suspects(s.Up, func(v int32, symptom itsm.Ref) {
		if c := found[v]; c != nil {
			c.Contradicts = append(c.Contradicts, symptom)
		}
	})
	if err != nil {
		return nil, err
	}
	changed, err := g.numbers(s.Changed)
	if err != nil {
		return nil, err
	}
	for _, v := range changed {
		if c := found[v]; c != nil {
			c.Changed = true
		}
	}
	return g.rank(found, limit), nil
}

// agree refuses what is said to be down and up.
func (s *Symptoms) agree() error {
	isDown := make(map[itsm.Ref]bool, len(s.Down))
	for _, r := range s.Down {
		isDown[r] = true
	}
	var p problems
	for _, r := range s.Up {
		if isDown[r] {
			p.add(fmt.Errorf("cmdb: item %s: known to be down and to be up, want one of the two", r))
		}
	}
	return p.err()
}

// suspects calls visit for each symptom with every item whose failure brings it down, the symptom itself among them.
func (g *Graph) suspects(symptoms []itsm.Ref, visit func(int32, itsm.Ref)) error {
	numbers, err := g.numbers(symptoms)
	if err != nil {
		return err
	}
	s := g.borrow()
	defer g.release(s)
	g.fail(s, g.unmet, becauseUnmet)
	seen := map[int32]bool{}
	for i, v := range numbers {
		if s.mark(v) == isDown {
			return fmt.Errorf("cmdb: item %s: %w, with nothing failed", symptoms[i], ErrDown)
		}
		if seen[v] {
			continue
		}
		seen[v] = true
		visit(v, symptoms[i])
		g.points(s, v, func(y int32) bool {
			visit(y, symptoms[i])
			return true
		})
	}
	return nil
}

// rank sorts the causes and counts the others where that decides.
func (g *Graph) rank(found map[int32]*Cause, limit int) []Cause {
	numbers := make([]int32, 0, len(found))
	for v := range found {
		numbers = append(numbers, v)
	}
	first := func(a, b int32) int {
		x, y := found[a], found[b]
		return cmp.Or(
			cmp.Compare(len(y.Explains)-len(y.Contradicts), len(x.Explains)-len(x.Contradicts)),
			cmp.Compare(btoi(y.Changed), btoi(x.Changed)),
		)
	}
	slices.SortFunc(numbers, func(a, b int32) int { return cmp.Or(first(a, b), cmp.Compare(a, b)) })
	if limit > 0 && limit < len(numbers) {
		end := limit
		for end < len(numbers) && first(numbers[end-1], numbers[end]) == 0 {
			end++
		}
		numbers = numbers[:end]
	}
	s := g.borrow()
	defer g.release(s)
	g.fail(s, g.unmet, becauseUnmet)
	base := len(s.down)
	for _, v := range numbers {
		s.next()
		g.fail(s, []int32{v}, becauseFailed)
		g.fail(s, g.unmet, becauseUnmet)
		c := found[v]
		itself := slices.Contains(c.Explains, c.Item) || slices.Contains(c.Contradicts, c.Item)
		c.Others = len(s.down) - base - len(c.Explains) - len(c.Contradicts) - btoi(!itself)
	}
	slices.SortStableFunc(numbers, func(a, b int32) int {
		return cmp.Or(first(a, b), cmp.Compare(found[a].Others, found[b].Others))
	})
	if limit > 0 {
		numbers = numbers[:min(limit, len(numbers))]
	}
	out := make([]Cause, len(numbers))
	for i, v := range numbers {
		out[i] = *found[v]
	}
	return out
}
