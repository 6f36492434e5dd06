package storetest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/itsmkit/itsm"
)

// answer is what the definition says of a query: every record was looked at, one by one.
type answer[T any] struct {
	sel   *itsm.Selection
	items []*T
}

func answerOf[T any](k *itsm.Kind[T], in itsm.Scope, q itsm.Query[T], all []*T) (answer[T], error) {
	sel, err := k.Shape().Select(in, q.Select)
	if err != nil {
		return answer[T]{}, err
	}
	a := answer[T]{sel: sel}
	for _, rec := range all {
		if sel.Match(rec) {
			a.items = append(a.items, rec)
		}
	}
	slices.SortFunc(a.items, func(x, y *T) int { return sel.ComparePlaces(sel.Place(x), sel.Place(y)) })
	return a, nil
}

// counts returns the totals of the answer.
func (a answer[T]) counts(by ...itsm.IndexName) itsm.Counts {
	c := itsm.Counts{Total: int64(len(a.items))}
	shape := a.sel.Shape()
	for _, name := range by {
		tally := map[itsm.Key]int64{}
		for _, rec := range a.items {
			keys := shape.Values(name, rec, nil)
			slices.SortFunc(keys, itsm.Key.Compare)
			for _, k := range slices.Compact(keys) {
				tally[k]++
			}
		}
		f := itsm.Facet{Index: name, Type: typeOf(shape, name), Buckets: []itsm.Bucket{}}
		var keys []itsm.Key
		for k := range tally {
			keys = append(keys, k)
		}
		slices.SortFunc(keys, itsm.Key.Compare)
		for _, k := range keys {
			f.Buckets = append(f.Buckets, itsm.Bucket{Value: k.Format(f.Type), Count: tally[k]})
		}
		c.Facets = append(c.Facets, f)
	}
	return c
}

// parts returns the single values that the indexes of a kind are made of, each once.
func parts(s *itsm.Shape) []itsm.PartShape {
	var out []itsm.PartShape
	for _, i := range s.Indexes() {
		for _, p := range i.Parts {
			if !slices.ContainsFunc(out, func(o itsm.PartShape) bool { return o.Name == p.Name }) {
				out = append(out, p)
			}
		}
	}
	return out
}

func typeOf(s *itsm.Shape, name itsm.IndexName) itsm.ValueType {
	for _, p := range parts(s) {
		if p.Name == name {
			return p.Type
		}
	}
	return ""
}

// asDefined compares what a store gives for a query, over all pages and counted, with the definition.
func asDefined[T any](ctx context.Context, k *itsm.Kind[T], repo itsm.Repository[T], in itsm.Scope, q itsm.Query[T], all []*T, limit int, by ...itsm.IndexName) error {
	fail := func(what string, args ...any) error {
		return fmt.Errorf("%s: "+what, append([]any{describe(in, q.Select)}, args...)...)
	}
	want, invalid := answerOf(k, in, q, all)
	page, err := repo.Find(ctx, in, q, itsm.PageRequest{Limit: limit})
	if invalid != nil {
		if !errors.Is(err, itsm.ErrInvalid) {
			return fail("Find: wanted %q, got %d records and the error %v", invalid, len(page.Items), err)
		}
		if _, err = repo.Count(ctx, in, q, by...); !errors.Is(err, itsm.ErrInvalid) {
			return fail("Count: wanted %q, got the error %v", invalid, err)
		}
		return nil
	}
	got, err := pages(ctx, repo, in, q, limit)
	if err != nil {
		return fail("Find, limit %d: %w", limit, err)
	}
	if d := Difference(places(want.sel, want.items), places(want.sel, got)); d != "" {
		return fail("Find, limit %d: %s", limit, d)
	}
	if d := Difference(want.items, got); d != "" {
		return fail("Find, limit %d: %s", limit, d)
	}
	counts, err := repo.Count(ctx, in, q, by...)
	if err != nil {
		return fail("Count: %w", err)
	}
	for i := range counts.Facets { // no value at all may be an empty list or an absent one
		if counts.Facets[i].Buckets == nil {
			counts.Facets[i].Buckets = []itsm.Bucket{}
		}
	}
	if d := Difference(want.counts(by...), counts); d != "" {
		return fail("Count by %v: %s", by, d)
	}
	return nil
}

// places returns where records stand in a result, for messages.
func places[T any](sel *itsm.Selection, items []*T) []string {
	out := make([]string, len(items))
	by, _ := sel.Order()
	t := typeOf(sel.Shape(), by)
	for i, rec := range items {
		if rec == nil {
			out[i] = "nil"
			continue
		}
		p := sel.Place(rec)
		out[i] = fmt.Sprintf("%s(%s)", p.ID, p.Key.Format(t))
	}
	return out
}

// describe returns a query for a message.
func describe(in itsm.Scope, q itsm.Select) string {
	var b strings.Builder
	b.WriteString("query")
	conditions := func(word string, list []itsm.Condition) {
		for i, c := range list {
			if i > 0 {
				word = ","
			}
			raw, _ := c.MarshalJSON()
			fmt.Fprintf(&b, " %s %s", word, raw)
		}
	}
	conditions("where", q.Where)
	if q.Text != "" {
		fmt.Fprintf(&b, " text %q", q.Text)
	}
	if q.Order.Index != "" || q.Order.Desc {
		fmt.Fprintf(&b, " order %s desc %t", q.Order.Index, q.Order.Desc)
	}
	conditions("within any of", in.Any)
	fmt.Fprintf(&b, " in tenant %s", in.Tenant)
	return b.String()
}
