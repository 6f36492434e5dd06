package cmdb

// risk finds what would bring items down beside what is down. It is one walk's state, for one goroutine.
type risk struct {
	g *Graph
	s *scratch
}

// risk brings down again what the impact found down.
func (im *Impact) risk() *risk {
	s := im.g.borrow()
	items := make([]int32, 0, im.downs)
	for _, h := range im.hits[:im.downs] {
		items = append(items, h.item)
	}
	im.g.fail(s, items, becauseFailed)
	return &risk{im.g, s}
}

func (r *risk) close() {
	if r != nil {
		r.g.release(r.s)
	}
}

// next returns an item whose failure would bring v down: an input where one does, else one that inputs have in common.
func (r *risk) next(v int32) (next int32, ok bool) {
	r.g.points(r.s, v, func(y int32) bool {
		next, ok = y, true
		return false
	})
	return next, ok
}
