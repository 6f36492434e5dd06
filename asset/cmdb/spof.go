package cmdb

import (
	"errors"
	"fmt"

	"github.com/itsmkit/itsm"
)

// ErrDown says that an item is down already, so that what would bring it down has no answer.
var ErrDown = errors.New("down already")

// SinglePoints returns the items whose sole failure brings an item down, that item left out: with nothing failed, or
// beside items that have failed. An item that is down already gives an error that matches [ErrDown].
//
// The answer is exact for every redundancy and with cycles. Where all inputs are needed the time is that of one walk
// over what the item stands on. Elsewhere one item after the other is tried, the farthest first; what fails with one
// that does no harm is not tried again, and what cannot be up without one that does needs no trial.
func (g *Graph) SinglePoints(of itsm.Ref, failed ...itsm.Ref) ([]itsm.Ref, error) {
	numbers, err := g.numbers(append([]itsm.Ref{of}, failed...))
	if err != nil {
		return nil, err
	}
	s := g.borrow()
	defer g.release(s)
	g.fail(s, numbers[1:], becauseFailed)
	g.fail(s, g.unmet, becauseUnmet)
	if s.mark(numbers[0]) == isDown {
		return nil, fmt.Errorf("cmdb: item %s: %w", of, ErrDown)
	}
	out := []itsm.Ref{}
	g.points(s, numbers[0], func(v int32) bool {
		out = append(out, g.ref(v))
		return true
	})
	return out, nil
}

// The marks of a search for single points.
const (
	open     = iota + 1 // what the item stands on, not decided
	harmful             // its failure brings the item down
	harmless            // it does not
)

// points calls visit for each item whose failure, beside what is down in s, brings x down, until visit returns false.
// x itself is left out, and must not be down. s is as before when it returns.
func (g *Graph) points(s *scratch, x int32, visit func(int32) bool) {
	t := g.borrow()
	defer g.release(t)
	t.set(x, harmful)
	t.queue = append(t.queue[:0], x)
	if !g.spreadHarm(s, t, 0, visit) {
		return
	}
	for from := 0; from < len(t.queue); from++ { // all that x stands on, from here on not in the order of harm
		for _, e := range g.needs(t.queue[from]) {
			if t.mark(e.item) == unmarked && s.mark(e.item) != isDown {
				t.set(e.item, open)
				t.queue = append(t.queue, e.item)
			}
		}
	}
	for i := len(t.queue) - 1; i >= 0; i-- {
		y := t.queue[i]
		if t.mark(y) != open {
			continue
		}
		if !g.try(s, t, y) {
			continue
		}
		t.set(y, harmful)
		t.second = append(t.second[:0], y)
		if !visit(y) || !g.spreadHarmTo(s, t, visit) {
			return
		}
	}
}

// spreadHarm finds what brings the items in the queue down one by one: their inputs that they cannot do without, the
// inputs of these, and so on.
func (g *Graph) spreadHarm(s, t *scratch, from int, visit func(int32) bool) bool {
	for ; from < len(t.queue); from++ {
		for _, e := range g.needs(t.queue[from]) {
			if t.mark(e.item) != harmful && s.mark(e.item) != isDown && g.critical(s, t.queue[from], e) {
				t.set(e.item, harmful)
				t.queue = append(t.queue, e.item)
				if !visit(e.item) {
					return false
				}
			}
		}
	}
	return true
}

// spreadHarmTo does the same from the items in second, which are in the queue already.
func (g *Graph) spreadHarmTo(s, t *scratch, visit func(int32) bool) bool {
	for from := 0; from < len(t.second); from++ {
		for _, e := range g.needs(t.second[from]) {
			if t.mark(e.item) == open && g.critical(s, t.second[from], e) {
				t.set(e.item, harmful)
				t.second = append(t.second, e.item)
				if !visit(e.item) {
					return false
				}
			}
		}
	}
	return true
}

// critical tells whether the failure of an input that is up brings v down, which is not down.
func (g *Graph) critical(s *scratch, v int32, e link) bool {
	if e.bits&counted == 0 {
		return true
	}
	group, weight := e.bits&groupMask, int64(1)
	if g.setOf(v).needs[group].weighted {
		weight = int64(e.weight)
	}
	return weight > g.left(s, v, group)
}

// undone is what a trial has to set back.
type undone struct {
	item   int32
	mark   uint32 // of an item that went down
	weight int64  // that was counted in a group; 0 for a mark
	group  uint8
}

// try tells whether the failure of y brings something harmful down. If not, nothing that fails with y does.
func (g *Graph) try(s, t *scratch, y int32) bool {
	s.undo = append(s.undo[:0], undone{item: y, mark: s.cells[y].stamp()})
	s.set(y, isDown)
	s.queue = append(s.queue[:0], y)
	found := g.tryAll(s, t)
	for i := len(s.undo) - 1; i >= 0; i-- {
		u := s.undo[i]
		if u.weight > 0 {
			g.spend(s, u.item, u.group, -u.weight)
			continue
		}
		s.cells[u.item] = s.cells[u.item].stamped(u.mark)
	}
	if !found {
		for _, v := range s.queue {
			t.set(v, harmless)
		}
	}
	return found
}

func (g *Graph) tryAll(s, t *scratch) bool {
	for from := 0; from < len(s.queue); from++ {
		for _, e := range g.feeds(s.queue[from]) {
			if t.mark(e.item) == unmarked || s.mark(e.item) == isDown {
				continue // the item does not stand on it, or it is down already
			}
			if e.bits&counted != 0 && e.weight > 0 {
				group := e.bits & groupMask
				if g.spend(s, e.item, group, int64(e.weight)) >= 0 {
					s.undo = append(s.undo, undone{item: e.item, weight: int64(e.weight), group: group})
					continue
				}
			} else if e.bits&counted != 0 {
				continue
			}
			if t.mark(e.item) == harmful {
				return true
			}
			s.undo = append(s.undo, undone{item: e.item, mark: s.cells[e.item].stamp()})
			s.set(e.item, isDown)
			s.queue = append(s.queue, e.item)
		}
	}
	return false
}
