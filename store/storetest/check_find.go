package storetest

import (
	"fmt"
	"slices"
	"time"

	"github.com/itsmkit/itsm"
)

func findChecks() []Check {
	return []Check{
		check("find/index", "Every index finds records by each of their values, by several and by a range, and orders them.", findIndex),
		check("find/case", "Values are compared byte by byte. "+
			"A store fails whose columns take Bo for bo, é for e, or leave out blanks at the end.", findCase),
		check("find/false", "A condition on the empty value finds the records that have it, where the index does not leave them out; an attribute that is false has a value.", findFalse),
		check("find/list", "A record is found by each element of its lists and links, once, and no longer by an element that went.", findList),
		check("find/moved", "A record that changed is found by its new values and not by its old ones. "+
			"A store fails that leaves old entries in an index.", findMoved),
		check("find/scope", "A scope with filters shows the records that meet one of them; an empty list of filters shows none. "+
			"A store fails that takes the empty list for no limit.", findScope),
		check("find/unserved", "A query that no index serves is an error matching ErrInvalid, unless it may scan; so is an unknown index, a value of another type, an order by a list.", findUnserved),
		check("find/count", "Count returns the total, and for each index how many records have each value, in the order of the values. "+
			"A store fails that counts the elements of lists twice, or the page instead of the whole.", findCount),
	}
}

// mixture opens some dozens of things that have few values in common and many apart.
func (t *trial) mixture(n int) []*Thing {
	var all []*Thing
	for i := range n {
		pick := func(from ...string) string { return from[i%len(from)] }
		c := Content{
			Title: pick("mail down", "Mail down", "printer", "", "straße"), Code: fmt.Sprintf("C%d", i), Group: pick("", "bo", "Bo", "çy"), Level: Level(pick("", "low", "high")),
			Flag: i%3 == 0, Count: i%5 - 2, Big: int64(i%4) << 40, At: time.UnixMilli(int64(i%6-2) * 250).UTC(), Tags: []string{"a", "b", "c"}[:i%4],
		}
		if i%3 > 0 {
			c.Due = time.Date(2026, 1, 1+i%2, 0, 0, 0, 0, time.UTC)
			c.About = itsm.Ref{Kind: "asset", ID: itsm.ID{9, 15: byte(i % 4)}}
			c.Items = []itsm.Ref{c.About, {Kind: "asset", ID: itsm.ID{9, 15: 7}}}
		}
		var a itsm.Attributes
		if i%2 == 0 {
			a = attributes("serial", fmt.Sprint(i), "price", pick("1.0", "1.00", "2.5", "-3"), "vip", pick("true", "false"), "bought", pick(`"2026-01-01"`, `"2026-01-02"`),
				"seen", pick(`"2026-01-01T00:00:00Z"`, `"1970-01-01T00:00:00Z"`), "floor", pick(`"ground"`, `"first"`), "site", `{"kind":"site","id":"01890a5d-ac96-774b-bcce-b302099a8057"}`)
		}
		rec := t.open(acme, Create{Content: c, Attributes: a, Every: itsm.Period{Months: i % 3}})
		if i%4 == 0 {
			rec = t.do(rec, itsm.Relate[Thing]{Type: "about", To: itsm.Ref{Kind: "asset", ID: itsm.ID{9, 15: 7}}})
			rec = t.do(rec, itsm.Relate[Thing]{Type: "below", To: itsm.Ref{Kind: "asset", ID: itsm.ID{9, 15: 7}}})
		}
		if i%5 == 0 {
			rec = t.do(rec, Finish{})
		}
		all = append(all, &rec)
	}
	return all
}

// everyIndex asks for each value of each index of a kind, for several, for ranges and in both orders, and
// compares all answers with the definition.
func everyIndex[T any](k *itsm.Kind[T], all []*T, ask func(q itsm.Query[T], by ...itsm.IndexName) error) error {
	shape := k.Shape()
	for _, p := range parts(shape) {
		var keys []itsm.Key
		for _, rec := range all {
			keys = shape.Values(p.Name, rec, keys)
		}
		slices.SortFunc(keys, itsm.Key.Compare)
		keys = slices.Compact(keys)
		conditions := []itsm.Condition{{In: []itsm.Key{}}, {In: []itsm.Key{{}}}, {}}
		for i := range keys {
			if i%max(1, len(keys)/8) == 0 {
				conditions = append(conditions, itsm.Condition{In: keys[i : i+1]})
			}
		}
		if n := len(keys); n > 0 {
			low, high := keys[n/3], keys[n*2/3]
			conditions = append(conditions, itsm.Condition{In: []itsm.Key{high, low, high}}, itsm.Condition{Min: &low, Max: &high},
				itsm.Condition{Min: &high}, itsm.Condition{Max: &low}, itsm.Condition{Min: &high, Max: &low})
		}
		orders := []itsm.Order{{}}
		if !p.Multi {
			orders = append(orders, itsm.Order{Index: p.Name}, itsm.Order{Index: p.Name, Desc: true})
			if err := ask(itsm.Query[T]{}.Sorted(orders[2])); err != nil {
				return err
			}
		}
		for _, c := range conditions {
			c.Index, c.Type = p.Name, p.Type
			for _, o := range orders {
				q := itsm.Query[T]{Select: itsm.Select{Where: []itsm.Condition{c}, Order: o}}
				if err := ask(q, p.Name, itsm.IndexState); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

func findIndex(t *trial) {
	all := t.mixture(40)
	t.ok(everyIndex(Things(), all, func(q itsm.Query[Thing], by ...itsm.IndexName) error {
		return asDefined(t.base, Things(), t.h.Things, scope, q, all, 9, by...)
	}), "every index")
}

func findCase(t *trial) {
	words := []string{"bo", "Bo", "BO", "b\u00f6", "bo\u0308", "bo ", " bo", "b%", "b_", "bo\t", "stra\u00dfe", "strasse", "STRASSE", "\u0131", "i", "I", "\u212a", "k", "K", "\ufb01", "fi"}
	for _, w := range words {
		t.create(Content{Title: w, Code: w, Group: w, Tags: []string{w}})
	}
	for _, w := range words {
		for what, q := range map[string]itsm.Query[Thing]{
			"a title": itsm.Where(byTitle().Is(w)), "a unique code": itsm.Where(byCode().Is(w)), "a group": itsm.Where(byGroup().Is(w)),
			"a tag": itsm.Where(byTag().Is(w)), "a range": itsm.Where(byGroup().Between(w, w)), "a group in an order": itsm.Where(byGroup().Is(w)).Sorted(byCount().Asc()),
		} {
			t.same([]string{w}, titles(t.all(scope, q, 50)), "Find by %s %+q", what, w)
			counts, err := t.h.Things.Count(t.base, scope, q)
			t.ok(err, "Count")
			if counts.Total != 1 {
				t.failf("Count by %s %+q: wanted 1, got %d", what, w, counts.Total)
			}
		}
	}
	counts, err := t.h.Things.Count(t.base, scope, itsm.Query[Thing]{}, "group", "title", "tag")
	t.ok(err, "Count")
	for _, f := range counts.Facets {
		if len(f.Buckets) != len(words) {
			t.failf("Count by %s: wanted %d values, got %d", f.Index, len(words), len(f.Buckets))
		}
	}
	t.create(Content{Title: "external"}, itsm.External("Ext"))
	t.same([]string{}, titles(t.all(scope, itsm.Where(itsm.ByExternal[Thing]().Is("ext")), 5)), "Find by an external key in small letters")
}

func findFalse(t *trial) {
	t.open(acme, Create{Content: Content{Title: "yes", Flag: true, Count: 1}, Attributes: attributes("vip", "true", "price", "1", "seen", `"2026-01-01T00:00:00Z"`)})
	t.open(acme, Create{Content: Content{Title: "no", Count: 0}, Attributes: attributes("vip", "false", "price", "0", "seen", `"1970-01-01T00:00:00Z"`)})
	t.open(acme, Create{Content: Content{Title: "none"}})
	vip, price, seen := itsm.ByAttribute[Thing](fieldVIP()), itsm.ByAttribute[Thing](fieldPrice()), itsm.ByAttribute[Thing](fieldSeen())
	for _, x := range []struct {
		what string
		q    itsm.Query[Thing]
		want []string
	}{
		{"a flag that is false", itsm.Where(byFlag().Is(false)), []string{"no", "none"}},
		{"a number that is 0", itsm.Where(byCount().Is(0)), []string{"no", "none"}},
		{"an instant that is absent", itsm.Where(byAt().Is(time.Time{})), []string{"yes", "no", "none"}},
		{"a text that is empty", itsm.Where(byLevel().Is("")), []string{"yes", "no", "none"}},
		{"a text that is empty, where those are left out", itsm.Where(byGroup().Is("")), []string{}},
		{"an attribute that is false", itsm.Where(vip.Is([]byte("false"))), []string{"no"}},
		{"an attribute that is true or false", itsm.Query[Thing]{}.Sorted(vip.Asc()), []string{"no", "yes"}},
		{"an attribute that is 0", itsm.Where(price.Is([]byte("0.0"))), []string{"no"}},
		{"an attribute that is the first instant of 1970", itsm.Where(seen.Is([]byte(`"1970-01-01T00:00:00Z"`))), []string{"no"}},
	} {
		t.same(x.want, titles(t.all(scope, x.q, 10)), "Find by %s", x.what)
	}
}

func findList(t *trial) {
	a := t.create(Content{Title: "a", Tags: []string{"x", "y", "z"}})
	b := t.create(Content{Title: "b", Tags: []string{"y"}})
	target := itsm.Ref{Kind: "asset", ID: itsm.ID{5}}
	find := func(want []string, q itsm.Query[Thing], when string) {
		for _, limit := range []int{1, 2, 10} {
			t.same(want, titles(t.all(scope, q, limit)), "%s, limit %d", when, limit)
		}
	}
	find([]string{"a", "b"}, itsm.Where(byTag().Is("y")), "Find by a tag of both")
	find([]string{"a", "b"}, itsm.Where(byTag().In("z", "y", "x")), "Find by several tags of one record: it comes once")
	find([]string{}, itsm.Where(byTag().In()), "Find by no tag")
	most := []string{"x", "z"} // as many values as a condition may have
	for i := len(most); i < 1000; i++ {
		most = append(most, fmt.Sprint("t", i))
	}
	find([]string{"a"}, itsm.Where(byTag().In(most...)), "Find by a thousand tags")
	a = t.do(a, itsm.Relate[Thing]{Type: "about", To: target})
	a = t.do(a, itsm.Relate[Thing]{Type: "below", To: target})
	find([]string{"a"}, itsm.Where(itsm.ByLink[Thing]().Is(target)), "Find by the target of two links")
	a = t.do(a, itsm.Unrelate[Thing]{Type: "about", To: target})
	find([]string{"a"}, itsm.Where(itsm.ByLink[Thing]().Is(target)), "Find by the target of the link that is left")
	a = t.do(a, itsm.Unrelate[Thing]{Type: "below", To: target})
	find([]string{}, itsm.Where(itsm.ByLink[Thing]().Is(target)), "Find by a target without a link")
	a = t.put(a, func(c *Content) { c.Tags = []string{"x"} })
	find([]string{"b"}, itsm.Where(byTag().Is("y")), "Find by a tag that went")
	t.put(a, func(c *Content) { c.Tags = nil })
	t.put(b, func(c *Content) { c.Tags = []string{"x"} })
	find([]string{"b"}, itsm.Where(byTag().Is("x")), "Find by a tag that moved")
	find([]string{"b"}, itsm.Where(byTag().From("")).Scanning(), "Find of all that have a tag")
}

func findMoved(t *trial) {
	all := t.mixture(12)
	for i, rec := range all {
		next := all[(i+5)%len(all)].Content
		next.Code = fmt.Sprintf("D%d", i)
		if rec.State != StateDone {
			moved := t.do(*rec, Put{next})
			moved = t.do(moved, itsm.SetAttributes[Thing]{Attributes: attributes("price", fmt.Sprint(i%3), "vip", "true", "floor", `"first"`)})
			all[i] = &moved
		} else {
			moved := t.do(*rec, Reopen{})
			all[i] = &moved
		}
	}
	t.ok(everyIndex(Things(), all, func(q itsm.Query[Thing], by ...itsm.IndexName) error {
		return asDefined(t.base, Things(), t.h.Things, scope, q, all, 100, by...)
	}), "after every record changed")
}

func findScope(t *trial) {
	all := t.mixture(30)
	group, tag := byGroup().Is("bo").Condition, byTag().In("a", "c").Condition
	open, late := itsm.ByState[Thing]().Is(StateDone).Condition, byCount().From(1).Condition
	for _, limits := range [][]itsm.Condition{{}, {group}, {tag}, {group, tag}, {open, late}, {group, group}, {byGroup().In().Condition}} {
		in := itsm.Scope{Tenant: acme, Any: limits}
		for _, q := range []itsm.Query[Thing]{
			{}, itsm.Where(byLevel().Is(Low)), itsm.Query[Thing]{}.Sorted(byCount().Desc()), itsm.Where(byGroup().In("bo", "Bo")).Sorted(byCount().Asc()),
			itsm.Query[Thing]{}.Matching("mail"), itsm.Where(byTag().Is("b")),
		} {
			for _, limit := range []int{1, 4, 100} {
				t.ok(asDefined(t.base, Things(), t.h.Things, in, q, all, limit, "group", "tag"), "a scope")
			}
		}
	}
	page, err := t.h.Things.Find(t.base, itsm.Scope{Tenant: acme, Any: []itsm.Condition{}}, itsm.Query[Thing]{}, itsm.PageRequest{})
	t.ok(err, "Find")
	if len(page.Items) != 0 {
		t.failf("Find in a scope of no filter: wanted nothing, got %d records", len(page.Items))
	}
}

func findUnserved(t *trial) {
	all := t.mixture(20)
	unserved := []itsm.Query[Thing]{
		itsm.Where(byFlag().Is(true)).Sorted(byTitle().Asc()), itsm.Where(byTag().From("b")), itsm.Where(byLevel().Is(Low)).Sorted(byCount().Desc()),
		itsm.Where(byTag().Is("a")).Sorted(itsm.ByNumber[Thing]().Asc()),
	}
	for _, q := range unserved {
		_, err := t.h.Things.Find(t.base, scope, q, itsm.PageRequest{})
		t.refused(err, itsm.ErrInvalid, "Find, %s, which no index serves", describe(scope, q.Select))
		_, err = t.h.Things.Count(t.base, scope, q)
		t.refused(err, itsm.ErrInvalid, "Count, %s, which no index serves", describe(scope, q.Select))
		t.ok(asDefined(t.base, Things(), t.h.Things, scope, q.Scanning(), all, 3, "level"), "a query that may scan")
	}
	bad := map[string]itsm.Select{
		"an unknown index":       {Where: []itsm.Condition{{Index: "absent", Type: itsm.TypeText, In: []itsm.Key{{S: "x"}}}}},
		"an unknown order":       {Order: itsm.Order{Index: "absent"}},
		"a value of other type":  {Where: []itsm.Condition{{Index: "count", Type: itsm.TypeText, In: []itsm.Key{{S: "1"}}}}},
		"an order by a list":     {Order: itsm.Order{Index: "tag"}},
		"a search without words": {Text: "!?"},
	}
	for what, s := range bad {
		for _, scan := range []bool{false, true} {
			s.Scan = scan
			_, err := t.h.Things.Find(t.base, scope, itsm.Query[Thing]{Select: s}, itsm.PageRequest{})
			t.refused(err, itsm.ErrInvalid, "Find with %s", what)
			_, err = t.h.Things.Count(t.base, scope, itsm.Query[Thing]{Select: s})
			t.refused(err, itsm.ErrInvalid, "Count with %s", what)
		}
	}
	_, err := t.h.Things.Find(t.base, itsm.Scope{Tenant: acme, Any: []itsm.Condition{{Index: "absent", Type: itsm.TypeText}}}, itsm.Query[Thing]{}, itsm.PageRequest{})
	t.refused(err, itsm.ErrInvalid, "Find in a scope with an unknown index")
}

func findCount(t *trial) {
	all := t.mixture(33)
	t.do(*all[1], itsm.Comment[Thing]{Text: "hm"})
	all[1] = t.get(acme, all[1].ID)
	var names []itsm.IndexName
	for _, p := range parts(Things().Shape()) {
		names = append(names, p.Name)
	}
	for _, q := range []itsm.Query[Thing]{
		{}, itsm.Where(byLevel().Is(High)), itsm.Where(byTag().In("a", "b")), itsm.Query[Thing]{}.Sorted(byGroup().Asc()), itsm.Query[Thing]{}.Matching("mail"),
		itsm.Where(byTitle().Is("absent")), itsm.Where(byFlag().Is(true), byCount().From(0)), itsm.Where(byTag().In()),
	} {
		want, err := answerOf(Things(), scope, q, all)
		t.ok(err, "%s", describe(scope, q.Select))
		for _, by := range [][]itsm.IndexName{nil, {"tag"}, {"group", "state"}, {"state", "group"}, names} {
			got, err := t.h.Things.Count(t.base, scope, q, by...)
			t.ok(err, "Count")
			t.same(want.counts(by...).Total, got.Total, "%s: the total", describe(scope, q.Select))
			t.ok(asDefined(t.base, Things(), t.h.Things, scope, q, all, 100, by...), "counting")
		}
	}
	counts, err := t.h.Things.Count(t.base, scope, itsm.Query[Thing]{}, "tag", "group")
	t.ok(err, "Count")
	// Of 33 things, i%4 says how many of the tags a, b, c the i-th has, and which of "", bo, Bo, çy is its group.
	t.same([]itsm.Bucket{{Value: "a", Count: 24}, {Value: "b", Count: 16}, {Value: "c", Count: 8}}, counts.Facet("tag").Buckets, "Count by tag")
	t.same([]itsm.Bucket{{Value: "Bo", Count: 8}, {Value: "bo", Count: 8}, {Value: "çy", Count: 8}}, counts.Facet("group").Buckets, "Count by group, a sparse index")
}
