package torture_test

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/incident"
	"github.com/itsmkit/itsm/store/storetest"
)

// audit holds a store to what is true of every store at every moment, whatever happened to it: all events of all
// tenants, all records, and what they have to do with each other.
func audit(ctx context.Context, o *opened, l *ledger) error {
	past := map[string]map[itsm.Ref][]itsm.Event{}
	for _, t := range tenants {
		past[t] = map[itsm.Ref][]itsm.Event{}
	}
	var after itsm.Position
	for {
		events, next, err := o.store.Since(ctx, after, itsm.MaxPage)
		if err != nil {
			return fmt.Errorf("since %q: %w", after, err)
		}
		for _, e := range events {
			past[e.Tenant][e.Subject] = append(past[e.Tenant][e.Subject], e)
		}
		if after = next; len(events) < itsm.MaxPage {
			break
		}
	}
	for _, tenant := range tenants {
		versions := map[itsm.Ref]int64{}
		if err := auditKind(ctx, incident.Kind(), o.incidents, tenant, past[tenant], versions); err != nil {
			return fmt.Errorf("%s: %w", tenant, err)
		}
		if err := auditKind(ctx, storetest.Others(), o.others, tenant, past[tenant], versions); err != nil {
			return fmt.Errorf("%s: %w", tenant, err)
		}
		for of := range past[tenant] {
			if versions[of] == 0 {
				return fmt.Errorf("%s: there are events of %s and no record", tenant, of)
			}
		}
		if err := wholeGroups(past[tenant]); err != nil {
			return fmt.Errorf("%s: %w", tenant, err)
		}
		if err := l.holds(ctx, o, tenant, versions); err != nil {
			return err
		}
		if err := l.retry(ctx, o, tenant); err != nil {
			return err
		}
	}
	return nil
}

// auditKind holds all records of a kind and tenant to their events, and notes their versions.
func auditKind[T any](ctx context.Context, k *itsm.Kind[T], repo itsm.Repository[T], tenant string, past map[itsm.Ref][]itsm.Event, versions map[itsm.Ref]int64) error {
	all, err := everything(ctx, repo, tenant)
	if err != nil {
		return err
	}
	numbers := map[string]bool{}
	for _, rec := range all {
		h := k.Shape().Header(rec)
		events := past[h.Ref(k.Name())]
		if int64(len(events)) != h.Version {
			return fmt.Errorf("%s %s has version %d and %d events", k.Name(), h.ID, h.Version, len(events))
		}
		for i, e := range events {
			if e.Version != int64(i+1) {
				return fmt.Errorf("%s %s: the event at place %d has version %d", k.Name(), h.ID, i+1, e.Version)
			}
		}
		replayed, err := k.Replay(events, h.UpdatedAt)
		if err != nil {
			return err
		}
		if d := storetest.Difference(replayed, *rec); d != "" {
			return fmt.Errorf("%s %s: its events and the record differ: %s", k.Name(), h.ID, d)
		}
		if numbers[h.Number] || h.Number == "" {
			return fmt.Errorf("%s %s: the number %q is not its own", k.Name(), h.ID, h.Number)
		}
		numbers[h.Number] = true
		versions[h.Ref(k.Name())] = h.Version
	}
	if k.Shape().Sequence().GapFree { // none of these is ever erased here
		for n := range int64(len(all)) {
			if number := k.Shape().Sequence().Format(n + 1); !numbers[number] {
				return fmt.Errorf("%s: of %d records without a gap in their numbers none has %s", k.Name(), len(all), number)
			}
		}
	}
	return agrees(ctx, k, repo, tenant, all, 4)
}

// everything returns all records of a tenant.
func everything[T any](ctx context.Context, repo itsm.Repository[T], tenant string) (all []*T, err error) {
	p := itsm.PageRequest{Limit: itsm.MaxPage}
	for {
		page, err := repo.Find(ctx, itsm.Scope{Tenant: tenant}, itsm.Query[T]{}.Scanning(), p)
		if err != nil {
			return nil, fmt.Errorf("find: %w", err)
		}
		all = append(all, page.Items...)
		if p.Cursor = page.Next; p.Cursor == "" {
			return all, nil
		}
	}
}

// agrees compares what the indexes and the words find with what the records say, on the values that some of them have.
// What a query means is defined by Match and Compare of the kind.
func agrees[T any](ctx context.Context, k *itsm.Kind[T], repo itsm.Repository[T], tenant string, all []*T, some int) error {
	shape, in := k.Shape(), itsm.Scope{Tenant: tenant}
	ask := func(q itsm.Query[T]) error {
		var want []*T
		for _, rec := range all {
			match, err := k.Match(in, q, rec)
			if err != nil {
				return err
			}
			if match {
				want = append(want, rec)
			}
		}
		var wrong error
		slices.SortStableFunc(want, func(a, b *T) int {
			c, err := k.Compare(q, a, b)
			if err != nil {
				wrong = err
			}
			return c
		})
		if wrong != nil {
			return wrong
		}
		counts, err := repo.Count(ctx, in, q)
		if err != nil {
			return fmt.Errorf("count %+v: %w", q.Select, err)
		}
		page, err := repo.Find(ctx, in, q, itsm.PageRequest{Limit: 40})
		if err != nil {
			return fmt.Errorf("find %+v: %w", q.Select, err)
		}
		if counts.Total != int64(len(want)) {
			return fmt.Errorf("%s: %+v: %d records match, Count says %d", k.Name(), q.Select, len(want), counts.Total)
		}
		if d := storetest.Difference(idsOf(shape, want[:min(len(want), 40)]), idsOf(shape, page.Items)); d != "" {
			return fmt.Errorf("%s: %+v: %s", k.Name(), q.Select, d)
		}
		return nil
	}
	asked := map[itsm.IndexName]bool{}
	for _, index := range shape.Indexes() {
		for _, p := range index.Parts {
			if asked[p.Name] {
				continue
			}
			asked[p.Name] = true
			for _, key := range sample(len(all), some, func(i int) []itsm.Key { return shape.Values(p.Name, all[i], nil) }) {
				q := itsm.Query[T]{Select: itsm.Select{Where: []itsm.Condition{{Index: p.Name, Type: p.Type, In: []itsm.Key{key}}}}}
				if err := ask(q); err != nil {
					return err
				}
			}
			if !p.Multi {
				if err := ask(itsm.Query[T]{}.Sorted(itsm.Order{Index: p.Name, Desc: true}).Scanning()); err != nil {
					return err
				}
			}
		}
	}
	for _, word := range sample(len(all), 2*some, func(i int) []string { return shape.Tokens(all[i]) }) {
		if err := ask(itsm.Query[T]{}.Matching(word)); err != nil {
			return err
		}
	}
	return nil
}

func idsOf[T any](shape *itsm.Shape, recs []*T) []string {
	out := make([]string, len(recs))
	for i, rec := range recs {
		out[i] = shape.Header(rec).ID.String()
	}
	return out
}

// sample takes some of the values that n records have, spread over them, those of the last record included.
func sample[V comparable](n, some int, of func(int) []V) (out []V) {
	var all []V // each where it is first met, from the last record back
	seen := map[V]bool{}
	for i := n - 1; i >= 0; i-- {
		for _, v := range of(i) {
			if !seen[v] {
				seen[v] = true
				all = append(all, v)
			}
		}
	}
	for i := range min(some, len(all)) {
		out = append(out, all[i*len(all)/min(some, len(all))])
	}
	return out
}

// wholeGroups refuses a group of which a part is stored.
func wholeGroups(past map[itsm.Ref][]itsm.Event) error {
	sizes, found := map[string]int{}, map[string]int{}
	for _, events := range past {
		for _, e := range events {
			name, size, ok := strings.Cut(strings.TrimPrefix(e.Note, "group "), " ")
			if !ok || !strings.HasPrefix(e.Note, "group ") {
				continue
			}
			var n int
			if _, err := fmt.Sscan(size, &n); err != nil {
				return err
			}
			sizes[name] = n
			found[name]++
		}
	}
	for name, size := range sizes {
		if found[name] != size {
			return fmt.Errorf("of the group %s %d events are stored, it has %d", name, found[name], size)
		}
	}
	return nil
}
