package sla

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/itsmkit/itsm"
)

// Alternative is rules to replay a history under, with a name for people.
type Alternative struct {
	Name  string
	Rules *Rules
}

// replayChunk is how many records are replayed at a time.
const replayChunk = 256

// WhatIf replays a history under each of some rules and tells how it would have ended, in their order. What is running
// at the end of the history is judged as it stands then. At most workers goroutines share the work (less than one
// is one), and all have ended when WhatIf returns. A cancelled context is returned as its own error. The outcome does
// not depend on the number of workers.
func WhatIf(ctx context.Context, h History, alternatives []Alternative, workers int) ([]Outcome, error) {
	for i, a := range alternatives {
		if a.Rules == nil {
			return nil, fmt.Errorf("sla: WhatIf: alternatives[%d] (%s): the rules are required", i, a.Name)
		}
	}
	j := newReplay(h, alternatives)
	var wait sync.WaitGroup
	for range min(max(1, workers), len(j.chunks)) {
		wait.Go(func() { j.work(ctx) })
	}
	wait.Wait()
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	outcomes := make([]Outcome, len(alternatives))
	for n, a := range alternatives {
		o := &outcomes[n]
		*o = Outcome{Name: a.Name, End: h.end, rules: a.Rules, history: h}
		var problems []error
		total := 0
		for i := range j.chunks {
			total += len(j.chunks[i].judged[n])
		}
		o.judged = make([]judged, 0, total)
		for i := range j.chunks {
			problems = append(problems, j.chunks[i].errs[n])
			o.judged = append(o.judged, j.chunks[i].judged[n]...)
		}
		if err := errors.Join(problems...); err != nil {
			return nil, fmt.Errorf("sla: WhatIf: alternative %s: %w", a.Name, err)
		}
		o.count()
	}
	return outcomes, nil
}

// replay is a call of WhatIf: what is common to its workers.
type replay struct {
	history History
	slots   map[string]*slots // by kind: what any of the alternatives asks for
	views   []map[string]*view
	chunks  []chunk
	next    atomic.Int64
}

// view is a kind of records under one alternative: where in its own slots it holds those of the replay, -1 for nowhere.
type view struct {
	of   *subject
	slot []int
}

// chunk is some records, and what became of them under each alternative.
type chunk struct {
	from, to int
	judged   [][]judged
	errs     []error
}

// move is an event of a record, with the slots that it changes.
type move struct {
	event *itsm.Event
	sets  []slotValue
}

type slotValue struct {
	slot  int
	value string
}

func newReplay(h History, alternatives []Alternative) *replay {
	j := &replay{history: h, slots: map[string]*slots{}}
	for _, a := range alternatives {
		views := map[string]*view{}
		for kind, s := range a.Rules.subjects {
			if len(s.types) == 0 {
				continue
			}
			if j.slots[kind] == nil {
				j.slots[kind] = newSlots()
			}
			for _, pointer := range s.slots.pointers {
				j.slots[kind].of(pointer)
			}
			views[kind] = &view{of: s}
		}
		j.views = append(j.views, views)
	}
	for _, views := range j.views {
		for kind, v := range views {
			for _, pointer := range j.slots[kind].pointers {
				v.slot = append(v.slot, slices.Index(v.of.slots.pointers, pointer))
			}
		}
	}
	for from := 0; from < len(h.records); from += replayChunk {
		j.chunks = append(j.chunks, chunk{from: from, to: min(from+replayChunk, len(h.records)),
			judged: make([][]judged, len(alternatives)), errs: make([]error, len(alternatives))})
	}
	return j
}

// work replays chunks until there are none left or the context is cancelled.
func (j *replay) work(ctx context.Context) {
	cases := make([]map[string]*Case, len(j.views))
	for n, views := range j.views {
		cases[n] = map[string]*Case{}
		for kind, v := range views {
			c := v.of.of(itsm.Ref{Kind: kind})
			c.hasty = true
			cases[n][kind] = c
		}
	}
	r := reader{words: map[string]string{}}
	var scratch []judged
	for {
		i := int(j.next.Add(1)) - 1
		if i >= len(j.chunks) {
			return
		}
		k := &j.chunks[i]
		moves := r.read(j, k)
		for n, views := range j.views {
			if ctx.Err() != nil {
				return
			}
			scratch = scratch[:0]
			for at, of := range j.history.records[k.from:k.to] {
				v := views[of.of.Kind]
				if v == nil {
					continue
				}
				c := cases[n][of.of.Kind]
				if err := c.replay(of.of, moves[at], v.slot, j.history.end); err != nil {
					k.errs[n] = errors.Join(k.errs[n], err)
					continue
				}
				for _, x := range c.runs {
					scratch = append(scratch, judge(k.from+at, x))
				}
			}
			k.judged[n] = slices.Clone(scratch)
		}
	}
}

// reader turns events into moves. It keeps one text for equal values.
type reader struct {
	words map[string]string
	sets  []slotValue
}

// read returns the moves of the records of a chunk.
func (r *reader) read(j *replay, k *chunk) [][]move {
	moves := make([][]move, 0, k.to-k.from)
	for _, of := range j.history.records[k.from:k.to] {
		s := j.slots[of.of.Kind]
		if s == nil {
			moves = append(moves, nil)
			continue
		}
		values, changed := make([]string, len(s.pointers)), make([]bool, len(s.pointers))
		list := make([]move, 0, len(of.events))
		for _, e := range of.events {
			m := move{event: e}
			if s.take(values, changed, e) || slices.Contains(changed, true) {
				from := len(r.sets)
				for slot, is := range changed {
					if is {
						r.sets = append(r.sets, slotValue{slot, r.word(values[slot])})
					}
				}
				m.sets = r.sets[from:len(r.sets):len(r.sets)]
			}
			list = append(list, m)
		}
		moves = append(moves, list)
		r.sets = r.sets[len(r.sets):]
	}
	return moves
}

// word returns the same text for equal values, as long as they are not too many.
func (r *reader) word(s string) string {
	if w, known := r.words[s]; known {
		return w
	}
	if len(r.words) < 1<<16 {
		r.words[s] = s
	}
	return s
}

// replay takes a record from its first event to an instant. The case forgets the record before.
func (c *Case) replay(ref itsm.Ref, moves []move, slot []int, end time.Time) error {
	c.ref, c.version, c.last, c.mark = ref, 0, time.Time{}, 0
	c.spare, c.runs = append(c.spare, c.runs...), c.runs[:0]
	clear(c.now.values)
	for i := range moves {
		m := &moves[i]
		e := m.event
		if e.Time.Before(c.last) {
			return itsm.Invalid("time", "before_last_event", "event", e.ID(), "last", c.last.Format(time.RFC3339Nano))
		}
		dated := c.of.dated(c.last, e.Time)
		if dated {
			if err := c.moveTo(e.Time, e); err != nil {
				return err
			}
		}
		clear(c.now.changed)
		changed := false
		for _, set := range m.sets {
			if own := slot[set.slot]; own >= 0 {
				c.now.values[own], c.now.changed[own], changed = set.value, true, true
			}
		}
		if err := c.follow(e, changed || dated); err != nil {
			return err
		}
	}
	if err := c.Advance(end); err != nil {
		return err
	}
	for _, r := range c.runs {
		if !goes(r.state) {
			r.DueAt = time.Time{}
			continue
		}
		c.place(r)
		m := r.meter()
		if err := m.settle(end); err != nil {
			return r.failed(err)
		}
		if err := r.foresee(); err != nil {
			return err
		}
		r.Elapsed = itsm.Duration(m.elapsed) // up to the end, for the verdict: the run is not used any more
	}
	return nil
}
