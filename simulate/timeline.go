package simulate

import "strings"

// event is a step that is not written yet.
type event struct {
	at     int64 // seconds since the start
	kind   StepKind
	letter byte // the state that a Hold leads to
}

// timeline lays out the steps of a case: first the changes of state, then between them what else happened. It
// reuses the writer's buffers.
func (w *writer) timeline(d *draft) {
	path := d.letters()
	w.enter(d, path)
	w.events = w.events[:0]
	w.add(d.opened, Assign, 0)
	for i, at := range w.entered {
		l := path[i]
		before := byte('N')
		if i > 0 {
			before = path[i-1]
		}
		switch {
		case l == 'N':
		case l == 'R':
			w.add(at, Resolve, 0)
		case l == 'C':
			w.add(at, Close, 0)
		case l != 'A':
			w.add(at, Hold, l)
		case before == 'R':
			w.add(at, Reopen, 0)
		case before == 'N':
			w.add(at, Start, 0)
		default:
			w.add(at, Resume, 0)
		}
		// Who was asked answers before the work goes on, and often before it turns out to be done.
		if l == 'U' && (path[i+1] == 'A' || w.r.IntN(2) == 0) {
			next := w.entered[i+1]
			reply := next - 1 - w.r.Int64N(min(next-at, 4*hour))
			w.add(nearOffice(w.options, reply, at, next, w.r.Int64N(3*hour)), CallerReply, 0)
		}
	}
	for range d.moves {
		w.add(w.someTime(d, true), Assign, 0)
	}
	for range d.comments {
		w.add(w.someTime(d, false), Comment, 0)
	}
	w.addOnce(d, path)
}

// addOnce adds what happens at most once in a case.
func (w *writer) addOnce(d *draft, path string) {
	soon := d.opened + min(d.solve/3, hour/2)
	if d.before >= 0 {
		soon = max(soon, d.opened+d.solve/4)
		w.add(w.whileOpen(d, d.opened+d.solve/4), Reprioritise, 0)
	}
	switch {
	case d.priority() == 1, d.priority() == 2 && w.r.IntN(2) == 0:
		w.add(w.whileOpen(d, soon), Escalate, 0)
	case d.moves > 8:
		w.add(w.workTime(d, w.whileOpen(d, d.opened+d.solve*4/5)), Escalate, 0)
	}
	if d.problem > 0 {
		at := w.workTime(d, w.whileOpen(d, d.opened+d.solve/2))
		if i := strings.IndexByte(path, 'P'); i >= 0 {
			at = w.whileOpen(d, w.entered[i]-1) // it is known when the case begins to wait for it
		}
		w.add(at, LinkProblem, 0)
	}
	if d.change > 0 {
		w.add(w.workTime(d, w.whileOpen(d, d.opened+d.solve*3/4)), LinkChange, 0)
	}
}

// enter decides when each state of the path begins. The whole time is given; it is split by weights, and the
// cuts move into working hours where there is room.
func (w *writer) enter(d *draft, path string) {
	last := len(path) - 1
	w.entered = append(w.entered[:0], make([]int64, len(path))...)
	w.entered[last] = d.opened + d.solve + d.wait
	w.entered[last-1] = d.opened + d.solve
	w.entered[0] = d.opened
	if last == 1 { // solved in the call
		w.entered[0] = d.opened + d.solve
		return
	}
	if path[0] != 'N' { // taken on in the call
		w.entered[0] += min(20+w.r.Int64N(580), d.solve/8) // never 0, as solve has a least value
	}
	var parts [24]int64
	var sum int64
	for i := range last - 1 {
		parts[i] = w.stay(path, i)
		sum += parts[i]
	}
	length, done := w.entered[last-1]-w.entered[0], int64(0)
	for i := 1; i < last-1; i++ {
		done += parts[i-1]
		at := w.entered[0] + length*done/sum
		at = max(at, w.entered[i-1]+1)
		at = min(at, w.entered[last-1]-int64(last-1-i))
		if length > 2*hour && d.priority() > 2 {
			at = nearOffice(w.options, at, w.entered[i-1], w.entered[last-1]-int64(last-1-i), w.r.Int64N(3*hour))
		}
		w.entered[i] = at
	}
}

// stay weighs how long a state lasts beside the others of its case, roughly as in the log. Most stays are short
// and a few take nearly all the time, which is what a cube of chance gives.
func (w *writer) stay(path string, i int) int64 {
	chance := 20 + w.r.Int64N(1000)
	chance = chance * chance / 1000 * chance / 1000
	weight := int64(40)
	switch path[i] {
	case 'N':
		weight = 8
	case 'U':
		weight = 80
	case 'P', 'V', 'E':
		weight = 120
	case 'R':
		weight = 6
	}
	const least = 40 // a wait of seconds would not be believed
	return 1 + weight*(chance+least)
}

// someTime returns a moment while the case is open, in working hours where there is room. An early one leans
// towards the opening and avoids the times of waiting.
func (w *writer) someTime(d *draft, early bool) int64 {
	path := d.letters()
	at := int64(0)
	for range 3 {
		chance := w.r.Int64N(1000)
		if early {
			chance = chance * w.r.Int64N(1000) / 1000
		}
		at = w.whileOpen(d, d.opened+max(d.solve*chance/1000, min(d.solve/4, 90)))
		if i := w.during(at); !early || i < 0 || path[i] == 'N' || path[i] == 'A' {
			break
		}
	}
	return w.workTime(d, at)
}

// workTime moves a moment into working hours within the same state, if it matters and there are any.
func (w *writer) workTime(d *draft, at int64) int64 {
	if d.solve < 2*hour || d.priority() < 3 {
		return at
	}
	i, from := w.during(at), d.opened
	if i >= 0 {
		from = w.entered[i]
	}
	return nearOffice(w.options, at, from, w.entered[i+1], w.r.Int64N(3*hour))
}

// whileOpen returns the moment, or the last one before it at which the case is not resolved.
func (w *writer) whileOpen(d *draft, at int64) int64 {
	path := d.letters()
	at = min(at, d.opened+d.solve-1)
	if i := w.during(at); i >= 0 && path[i] == 'R' {
		return w.entered[i] - 1
	}
	return at
}

// during returns the place in the path of the state at a moment, -1 before the first one.
func (w *writer) during(at int64) int {
	i := len(w.entered) - 1
	for i >= 0 && w.entered[i] > at {
		i--
	}
	return i
}

// add puts an event where it belongs; of equal times the earlier added stays first.
func (w *writer) add(at int64, kind StepKind, letter byte) {
	w.events = append(w.events, event{at, kind, letter})
	for i := len(w.events) - 1; i > 0 && w.events[i].at < w.events[i-1].at; i-- {
		w.events[i], w.events[i-1] = w.events[i-1], w.events[i]
	}
}
