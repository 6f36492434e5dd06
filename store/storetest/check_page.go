package storetest

import (
	"fmt"
	"slices"

	"github.com/itsmkit/itsm"
)

func pageChecks() []Check {
	return []Check{
		check("page/limit", "A page has just as many records as were asked for, as long as there are so many, and the next cursor only if there are more. "+
			"A store fails that is off by one, or that has a last page of nothing.", pageLimit),
		check("page/ties", "A page goes on behind the last record of the one before, also among records with the same value. "+
			"A store fails whose cursor holds the value without the ID: it leaves out or repeats what has the same value.", pageTies),
		check("page/moving", "A page begins behind the place of its cursor, whatever happened to that record since. "+
			"A store fails that counts rows (offset): it repeats or leaves out records when others come and go.", pageMoving),
	}
}

func cursorChecks() []Check {
	return []Check{
		check("cursor/foreign", "A cursor of another query, order, tenant, kind or history is an error matching ErrInvalid. "+
			"A store fails that takes any cursor: pages of two queries get mixed up.", cursorForeign),
		check("cursor/damaged", "A cursor that was cut or changed is an error matching ErrInvalid.", cursorDamaged),
		check("cursor/again", "A cursor may be used again, with another limit, and goes on with the permission to scan or without.", cursorAgain),
	}
}

func pageLimit(t *trial) {
	var want []string
	for i := range 60 {
		want = append(want, fmt.Sprintf("t%02d", i))
		t.create(Content{Title: want[i], Group: "g"})
	}
	queries := []itsm.Query[Thing]{{}, itsm.Query[Thing]{}.Sorted(byTitle().Asc()), itsm.Where(byGroup().Is("g")), itsm.Query[Thing]{}.Matching("t")}
	for _, q := range queries {
		for _, limit := range []int{0, 1, 2, 29, 30, 59, 60, 61, itsm.MaxPage} {
			size := limit
			if limit == 0 {
				size = 50
			}
			var got []string
			p := itsm.PageRequest{Limit: limit}
			for {
				page, err := t.h.Things.Find(t.base, scope, q, p)
				t.ok(err, "Find, limit %d", limit)
				if wanted := min(size, len(want)-len(got)); len(page.Items) != wanted {
					t.failf("Find, limit %d, after %d of 60 records: wanted %d, got %d", limit, len(got), wanted, len(page.Items))
				}
				got = append(got, titles(page.Items)...)
				if more := len(got) < len(want); more != (page.Next != "") {
					t.failf("Find, limit %d, after %d of 60 records: the next cursor is %q", limit, len(got), page.Next)
				}
				if p.Cursor = page.Next; p.Cursor == "" {
					break
				}
			}
			t.same(want, got, "%s, limit %d", describe(scope, q.Select), limit)
		}
	}
	for _, limit := range []int{-1, itsm.MaxPage + 1} {
		_, err := t.h.Things.Find(t.base, scope, itsm.Query[Thing]{}, itsm.PageRequest{Limit: limit})
		t.refused(err, itsm.ErrInvalid, "Find, limit %d", limit)
	}
	page, err := t.h.Things.Find(t.base, scope, itsm.Where(byTitle().Is("none")), itsm.PageRequest{Limit: 1})
	t.ok(err, "Find of nothing")
	if len(page.Items) != 0 || page.Next != "" {
		t.failf("Find of nothing: wanted an empty last page, got %d records and the cursor %q", len(page.Items), page.Next)
	}
}

func pageTies(t *trial) {
	var all []*Thing
	for i := range 21 {
		rec := t.create(Content{Title: "same", Group: []string{"a", "b"}[i%2], Count: i / 10, Level: Low, Tags: []string{"x", "y"}[:i%3]})
		all = append(all, &rec)
	}
	for _, q := range []itsm.Query[Thing]{
		itsm.Query[Thing]{}.Sorted(byTitle().Asc()), itsm.Query[Thing]{}.Sorted(byTitle().Desc()), itsm.Query[Thing]{}.Sorted(byCount().Desc()),
		itsm.Query[Thing]{}.Sorted(byFlag().Asc()), itsm.Where(byTitle().Is("same")), itsm.Where(byGroup().In("a", "b")).Sorted(byCount().Asc()),
		itsm.Where(byTag().In("x", "y")), itsm.Where(byCount().Between(0, 1)), itsm.Query[Thing]{}.Matching("same").Sorted(byCount().Desc()),
		itsm.Where(byGroup().In("a", "b")).Sorted(byGroup().Desc()),
	} {
		for _, limit := range []int{1, 2, 3, 20, 21} {
			t.ok(asDefined(t.base, Things(), t.h.Things, scope, q, all, limit), "pages of records with the same value")
		}
	}
}

func pageMoving(t *trial) {
	var recs []Thing
	for i := range 10 {
		recs = append(recs, t.create(Content{Title: fmt.Sprintf("t%d", i), Group: "g"}))
	}
	q := itsm.Query[Thing]{}.Sorted(byTitle().Asc())
	first, err := t.h.Things.Find(t.base, scope, q, itsm.PageRequest{Limit: 4})
	t.ok(err, "Find")
	t.same([]string{"t0", "t1", "t2", "t3"}, titles(first.Items), "the first page")
	t.create(Content{Title: "t00"})                                                 // before the place: not seen any more
	t.create(Content{Title: "t35"})                                                 // behind it: seen
	t.put(recs[3], func(c *Content) { c.Title = "t9z" })                            // the record at the place moves behind it: seen again
	t.put(recs[8], func(c *Content) { c.Title = "a" })                              // moves before the place: not seen
	t.do(recs[5], Finish{})                                                         // changes, and stays where it is
	gone := itsm.Erasure[Thing]{Of: recs[6].Ref("thing"), Version: recs[6].Version} // is removed
	t.ok(t.h.Things.Erase(t.base, scope, gone), "Erase")
	rest, err := t.h.Things.Find(t.base, scope, q, itsm.PageRequest{Limit: 40, Cursor: first.Next})
	t.ok(err, "Find")
	t.same([]string{"t35", "t4", "t5", "t7", "t9", "t9z"}, titles(rest.Items), "the second page, after changes")
	gone = itsm.Erasure[Thing]{Of: recs[3].Ref("thing"), Version: 2}
	t.ok(t.h.Things.Erase(t.base, scope, gone), "Erase of the record at the cursor")
	rest, err = t.h.Things.Find(t.base, scope, q, itsm.PageRequest{Limit: 2, Cursor: first.Next})
	t.ok(err, "Find")
	t.same([]string{"t35", "t4"}, titles(rest.Items), "the second page, its cursor's record gone")
}

// next returns the cursor behind the first page of one record.
func (t *trial) cursor(in itsm.Scope, q itsm.Query[Thing]) string {
	page, err := t.h.Things.Find(t.base, in, q, itsm.PageRequest{Limit: 1})
	t.ok(err, "Find")
	if page.Next == "" {
		t.failf("%s, limit 1: wanted a next cursor, there are more records", describe(in, q.Select))
	}
	return page.Next
}

func cursorForeign(t *trial) {
	for i := range 3 {
		t.create(Content{Title: "a", Group: "g", Count: i, Level: Low})
		t.open(zeta, Create{Content: Content{Title: "a", Group: "g", Count: i}})
		t.found(fmt.Sprint("o", i))
	}
	in := []itsm.Scope{scope, scope, scope, scope, scope, scope, scope, {Tenant: zeta}, scope}
	queries := []itsm.Query[Thing]{
		{}, itsm.Query[Thing]{}.Sorted(itsm.Order{Desc: true}), itsm.Query[Thing]{}.Sorted(byCount().Asc()), itsm.Query[Thing]{}.Sorted(byCount().Desc()),
		itsm.Where(byGroup().Is("g")), itsm.Where(byGroup().In("g", "h")), itsm.Query[Thing]{}.Matching("a"), {},
		itsm.Where(byGroup().Is("g")).Sorted(byCount().Asc()),
	}
	for i, from := range queries {
		cursor := t.cursor(in[i], from)
		for j, q := range queries {
			_, err := t.h.Things.Find(t.base, in[j], q, itsm.PageRequest{Limit: 1, Cursor: cursor})
			if i == j {
				t.ok(err, "%s with its own cursor", describe(in[j], q.Select))
				continue
			}
			t.refused(err, itsm.ErrInvalid, "%s with the cursor of the %s", describe(in[j], q.Select), describe(in[i], from.Select))
		}
		_, err := t.h.Others.Find(t.base, in[i], itsm.Query[Other]{}, itsm.PageRequest{Cursor: cursor})
		t.refused(err, itsm.ErrInvalid, "Find of others with the cursor of things")
	}
	a, b := t.create(Content{Title: "h"}), t.create(Content{Title: "h"})
	a, b = t.do(a, Hold{}), t.do(b, Hold{})
	page, err := t.h.Things.History(t.base, scope, a.Ref("thing"), itsm.PageRequest{Limit: 1})
	t.ok(err, "History")
	_, err = t.h.Things.History(t.base, scope, b.Ref("thing"), itsm.PageRequest{Limit: 1, Cursor: page.Next})
	t.refused(err, itsm.ErrInvalid, "History with the cursor of another record")
	_, err = t.h.Things.History(t.base, scope, b.Ref("thing"), itsm.PageRequest{Limit: 1, Cursor: t.cursor(scope, queries[0])})
	t.refused(err, itsm.ErrInvalid, "History with the cursor of a query")
	_, err = t.h.Things.Find(t.base, scope, queries[0], itsm.PageRequest{Limit: 1, Cursor: page.Next})
	t.refused(err, itsm.ErrInvalid, "Find with the cursor of a history")
}

func cursorDamaged(t *trial) {
	rec := t.create(Content{Title: "a"})
	t.do(rec, Hold{})
	t.create(Content{Title: "b"})
	q := itsm.Query[Thing]{}.Sorted(byTitle().Asc())
	page, err := t.h.Things.History(t.base, scope, rec.Ref("thing"), itsm.PageRequest{Limit: 1})
	t.ok(err, "History")
	for what, cursor := range map[string]string{"of Find": t.cursor(scope, q), "of History": page.Next} {
		for how, damaged := range map[string]string{
			"cut in half": cursor[:len(cursor)/2], "cut by one": cursor[:len(cursor)-1], "longer": cursor + "A", "turned round": string(reversed(cursor)),
			"no cursor": "x", "blank": " ", "no base 64": "!!!", "quoted": `"` + cursor + `"`,
		} {
			_, err := t.h.Things.Find(t.base, scope, q, itsm.PageRequest{Cursor: damaged})
			t.refused(err, itsm.ErrInvalid, "Find with a cursor %s, %s", what, how)
			_, err = t.h.Things.History(t.base, scope, rec.Ref("thing"), itsm.PageRequest{Cursor: damaged})
			t.refused(err, itsm.ErrInvalid, "History with a cursor %s, %s", what, how)
		}
	}
}

func reversed(s string) []byte {
	b := []byte(s)
	slices.Reverse(b)
	return b
}

func cursorAgain(t *trial) {
	for i := range 9 {
		t.create(Content{Title: fmt.Sprintf("t%d", i)})
	}
	q := itsm.Query[Thing]{}.Sorted(byTitle().Desc())
	cursor := t.cursor(scope, q)
	for range 2 {
		for _, limit := range []int{1, 3, 8, 100} {
			for _, q := range []itsm.Query[Thing]{q, q.Scanning()} {
				page, err := t.h.Things.Find(t.base, scope, q, itsm.PageRequest{Limit: limit, Cursor: cursor})
				t.ok(err, "Find with a cursor, limit %d", limit)
				t.same([]string{"t7", "t6", "t5", "t4", "t3", "t2", "t1", "t0"}[:min(limit, 8)], titles(page.Items), "Find with a cursor, limit %d", limit)
			}
		}
	}
}
