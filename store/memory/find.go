package memory

import (
	"context"
	"slices"
	"strings"

	"github.com/itsmkit/itsm"
)

// fewEnough is how many candidates are taken and sorted where they are fewer than a walk would meet.
const fewEnough = 10_000

// find returns a page of the records that match, and the cursor behind it.
func (s *Store) find(ctx context.Context, name string, in itsm.Scope, q itsm.Select, p itsm.PageRequest) ([]any, string, error) {
	limit, err := p.Size()
	if err != nil {
		return nil, "", err
	}
	k, sel, unlock, err := s.open(ctx, name, in, q)
	if err != nil {
		return nil, "", err
	}
	defer unlock()
	after, err := sel.Resume(p.Cursor)
	if err != nil {
		return nil, "", err
	}
	var found []any
	k.matches(sel, after, func(rec any) bool {
		found = append(found, rec)
		return len(found) <= limit
	})
	if len(found) <= limit {
		return found, "", nil
	}
	found = found[:limit]
	return found, sel.Cursor(found[limit-1]), nil
}

// matches yields the records that match, in order, behind a place.
func (k *kind) matches(sel *itsm.Selection, after *itsm.Place, yield func(any) bool) {
	t := k.tenants[sel.Scope().Tenant]
	if t == nil {
		return
	}
	if few, ok := k.candidates(t, sel); ok {
		sorted(sel, few, after, yield)
		return
	}
	access := sel.Access()
	exact := access.Exact && sel.Scope().Any == nil
	k.walk(t, sel, after, func(at *slot) bool {
		if !exact && (!sel.Visible(at.rec) || !sel.Holds(at.rec) || !t.hasWords(at, sel.Words())) {
			return true
		}
		return yield(at.rec)
	})
}

// walk yields the slots of the selection's access in its order, each once, behind a place.
func (k *kind) walk(t *table, sel *itsm.Selection, after *itsm.Place, yield func(*slot) bool) {
	access := sel.Access()
	if access.Index < 0 {
		from := begin(itsm.Span{}, access.Desc)
		if after != nil {
			from = place{id: after.ID}
		}
		for w := t.all.walk(from, access.Desc); ; {
			if e := w.next(); e == nil || !yield(e.slot) {
				return
			}
		}
	}
	runs := merge{sel: sel}
	for i, span := range access.Spans {
		r := &run{span: span, walker: t.indexes[access.Index].walk(resume(sel, span, access.Leads[i], after), access.Desc)}
		if r.next(sel, len(access.Spans) > 1) {
			runs.list = append(runs.list, r)
		}
	}
	runs.begin()
	var last *slot
	for len(runs.list) > 0 {
		at := runs.list[0].head
		if at != last && !yield(at) {
			return
		}
		last = at
		runs.next(len(access.Spans) > 1)
	}
}

// merge is a heap of runs: the one whose head comes first is in front.
type merge struct {
	sel  *itsm.Selection
	list []*run
}

func (m *merge) begin() {
	for i := len(m.list)/2 - 1; i >= 0; i-- {
		m.down(i)
	}
}

// next moves the run in front.
func (m *merge) next(merged bool) {
	if last := len(m.list) - 1; !m.list[0].next(m.sel, merged) {
		m.list[0], m.list = m.list[last], m.list[:last]
	}
	m.down(0)
}

// down moves a run behind those that come before it.
func (m *merge) down(i int) {
	for {
		first := i
		for child := 2*i + 1; child <= 2*i+2 && child < len(m.list); child++ {
			if m.sel.ComparePlaces(m.list[child].place, m.list[first].place) < 0 {
				first = child
			}
		}
		if first == i {
			return
		}
		m.list[i], m.list[first] = m.list[first], m.list[i]
		i = first
	}
}

// run is the entries of one span, in order.
type run struct {
	walker walker
	span   itsm.Span
	head   *slot
	place  itsm.Place
}

// next moves to the next entry of the span; false at its end.
func (r *run) next(sel *itsm.Selection, merged bool) bool {
	e := r.walker.next()
	if e == nil || !r.span.Contains(e.key) {
		return false
	}
	if r.head = e.slot; merged {
		r.place = sel.Place(e.slot.rec)
	}
	return true
}

// begin returns the place before the first entry of a span, in the direction of the walk.
func begin(s itsm.Span, desc bool) place {
	if desc {
		return place{key: s.To, edge: 1}
	}
	return place{key: s.From, edge: -1}
}

// resume returns where a walk of a span goes on behind a place of the result.
func resume(sel *itsm.Selection, span itsm.Span, lead string, after *itsm.Place) place {
	if after == nil {
		return begin(span, sel.Access().Desc)
	}
	if span.From == span.To { // all entries have one key: they stand by ID
		by, desc := sel.Order()
		if by == "" {
			return place{key: span.From, id: after.ID}
		}
		// The span holds one value of the order itself: it lies behind, before or at the place.
		at := span.From
		value := itsm.Key{S: strings.TrimPrefix(at.S, lead), N: at.N}
		switch c := value.Compare(after.Key); {
		case c == 0:
			return place{key: at, id: after.ID}
		case (c > 0) != desc:
			return begin(span, desc)
		case desc:
			return place{key: at, edge: -1}
		default:
			return place{key: at, edge: 1}
		}
	}
	at := place{key: itsm.Key{S: lead + after.Key.S, N: after.Key.N}, id: after.ID}
	if !span.Contains(at.key) { // the place lies outside of this span: all of it, or nothing
		if start := begin(span, sel.Access().Desc); (start.key.Compare(at.key) > 0) != sel.Access().Desc {
			return start
		}
	}
	return at
}

// hasWords tells whether a slot stands under a token for each word.
func (t *table) hasWords(at *slot, words []string) bool {
	for _, word := range words {
		if !t.hasWord(at, word) {
			return false
		}
	}
	return true
}

// hasWord looks the slot up under each token that begins with the word, skipping the token's other entries.
func (t *table) hasWord(at *slot, word string) bool {
	from := place{key: itsm.Key{S: word}, edge: -1}
	for {
		w := t.words.walk(from, false)
		e := w.next()
		if e == nil || !strings.HasPrefix(e.key.S, word) {
			return false
		}
		if t.words.has(place{key: e.key, id: at.id}) {
			return true
		}
		from = place{key: e.key, edge: 1}
	}
}

// wordSpan is the span of all tokens with a prefix.
func wordSpan(word string) itsm.Span {
	return itsm.Span{From: itsm.Key{S: word}, To: itsm.Key{S: word + "\xff"}}
}

// candidates returns the records among which all matches are, where words or the scope leave fewer of them
// than the access would walk.
func (k *kind) candidates(t *table, sel *itsm.Selection) ([]any, bool) {
	if len(sel.Words()) == 0 && sel.Scope().Any == nil {
		return nil, false
	}
	access := sel.Access()
	walked := t.all.len()
	if access.Index >= 0 {
		walked = 0
		for _, span := range access.Spans {
			walked += t.indexes[access.Index].within(span)
		}
	}
	best := min(walked, fewEnough+1)
	var spans []itsm.Span
	var of []*tree
	for _, word := range sel.Words() {
		if n := t.words.within(wordSpan(word)); n < best {
			best, of, spans = n, []*tree{&t.words}, []itsm.Span{wordSpan(word)}
		}
	}
	if trees, ranges, n := k.scoped(t, sel); n < best {
		best, of, spans = n, trees, ranges
	}
	if of == nil {
		return nil, best == 0 && walked == 0
	}
	seen := make(map[*slot]bool, best)
	out := make([]any, 0, best)
	for i, span := range spans {
		for w := of[i].walk(begin(span, false), false); ; {
			e := w.next()
			if e == nil || !span.Contains(e.key) {
				break
			}
			if !seen[e.slot] && sel.Visible(e.slot.rec) && sel.Holds(e.slot.rec) && t.hasWords(e.slot, sel.Words()) {
				out = append(out, e.slot.rec)
			}
			seen[e.slot] = true
		}
	}
	return out, true
}

// scoped returns the spans of the scope's own indexes and how many entries they hold; a great number where the
// scope does not narrow, or one of its filters has no index of its own.
func (k *kind) scoped(t *table, sel *itsm.Selection) (of []*tree, spans []itsm.Span, total int) {
	const none = int(^uint(0) >> 1)
	if sel.Scope().Any == nil {
		return nil, nil, none
	}
	of = []*tree{}
	for _, c := range sel.Scope().Any {
		i := k.index(c.Index)
		if i < 0 {
			return nil, nil, none
		}
		ranges := c.Spans()
		for _, span := range ranges {
			of, spans = append(of, &t.indexes[i]), append(spans, span)
			total += t.indexes[i].within(span)
		}
	}
	return of, spans, total
}

// sorted yields candidates in order, behind a place.
func sorted(sel *itsm.Selection, found []any, after *itsm.Place, yield func(any) bool) {
	slices.SortFunc(found, sel.Compare)
	for _, rec := range found {
		if after != nil && sel.ComparePlaces(sel.Place(rec), *after) <= 0 {
			continue
		}
		if !yield(rec) {
			return
		}
	}
}
