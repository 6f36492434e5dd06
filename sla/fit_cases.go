package sla

import (
	"fmt"
	"time"

	"github.com/itsmkit/itsm"
)

// FitCases makes cases of the records of a history for which there is a verdict, in its order. Records of another kind than the
// subject's are left out. The options are those of the fit, since they say which starts, stops and waits there are. The
// priority of a case is the one that it had when the last of its stops happened.
func FitCases(h History, met map[itsm.Ref]bool, o FitOptions) ([]FitCase, error) {
	o = o.filled()
	w := newWatch(o)
	var out []FitCase
	for _, p := range h.records {
		verdict, known := met[p.of]
		if !known || p.of.Kind != o.Subject.Kind {
			continue
		}
		c, err := w.read(p)
		if err != nil {
			return nil, err
		}
		c.Met = verdict
		out = append(out, c)
	}
	return out, nil
}

// watch is the conditions of a fit, compiled.
type watch struct {
	slots    *slots
	priority int
	starts   []*test
	stops    []*test
	waits    []*test
	o        FitOptions
}

func newWatch(o FitOptions) *watch {
	w := &watch{slots: newSlots(), priority: -1, o: o}
	if o.Subject.Priority != "" {
		w.priority = w.slots.field(o.Subject.Priority)
	}
	for _, x := range o.Starts {
		w.starts = append(w.starts, w.slots.compile(x.When))
	}
	for _, x := range o.Stops {
		w.stops = append(w.stops, w.slots.compile(x.When))
	}
	for _, x := range o.Waits {
		w.waits = append(w.waits, w.slots.compile(x.While))
	}
	return w
}

// read follows a record through its events.
func (w *watch) read(p past) (FitCase, error) {
	n := len(w.slots.pointers)
	now := scene{values: make([]string, n), changed: make([]bool, n)}
	c := FitCase{Opened: p.events[0].Time, Marks: map[string]time.Time{}, Waits: map[string][]Waiting{}}
	stopped, waiting := make([]bool, len(w.stops)), make([]time.Time, len(w.waits))
	last := c.Opened
	for _, e := range p.events {
		if e.Time.Before(last) {
			return FitCase{}, fmt.Errorf("sla: event %s lies before the one before it", e.ID())
		}
		before := w.value(&now)
		w.slots.take(now.values, now.changed, e)
		now.event, last = e, e.Time
		for i, x := range w.starts {
			if _, begun := c.Marks[w.o.Starts[i].Name]; !begun && x.holds(&now) {
				c.Marks[w.o.Starts[i].Name] = e.Time
			}
		}
		for i, x := range w.stops {
			if w.stop(&c, i, x.holds(&now), stopped, e) {
				c.Priority = before // a clock is judged by what it had until then
			}
		}
		for i, x := range w.waits {
			switch holds := x.holds(&now); {
			case holds && waiting[i].IsZero():
				waiting[i] = e.Time
			case !holds && !waiting[i].IsZero():
				c.wait(w.o.Waits[i].Name, waiting[i], e.Time)
				waiting[i] = time.Time{}
			}
		}
	}
	for i, from := range waiting {
		if !from.IsZero() {
			c.wait(w.o.Waits[i].Name, from, last)
		}
	}
	if c.Priority == "" {
		c.Priority = w.value(&now)
	}
	return c, nil
}

// stop notes a stop that holds or does no longer, and tells whether it is the one that counts so far.
func (w *watch) stop(c *FitCase, i int, holds bool, stopped []bool, e *itsm.Event) bool {
	name := w.o.Stops[i].Name
	at, once := c.Marks[name]
	switch {
	case holds && !stopped[i]:
		stopped[i] = true
		if once && w.o.Stops[i].Reopening != GoOn {
			return false
		}
		c.Marks[name] = e.Time
		return true
	case !holds && stopped[i]:
		stopped[i] = false
		if w.o.Stops[i].Reopening == GoOn {
			c.wait(name, at, e.Time)
		}
	}
	return false
}

func (c *FitCase) wait(name string, from, to time.Time) {
	if to.After(from) {
		c.Waits[name] = append(c.Waits[name], Waiting{from, to})
	}
}

// value returns the priority in a scene.
func (w *watch) value(s *scene) string {
	if w.priority < 0 {
		return ""
	}
	return text(s.values[w.priority])
}
