package storetest

import (
	"slices"
	"time"

	"github.com/itsmkit/itsm"
)

func orderChecks() []Check {
	return []Check{
		check("order/id", "Without an order records come by the bytes of their ID, whatever the order in which they were stored.", orderID),
		check("order/bytes", "Texts order by bytes: capitals before small letters, ASCII before all else, a prefix before what it begins. "+
			"A store fails that uses the collation of a language, or the order of UTF-16.", orderBytes),
		check("order/number", "Numbers order by value, the negative ones first. A store fails that orders their digits.", orderNumber),
		check("order/time", "Instants order by the millisecond, from year 1 to 9999, the zero time first. "+
			"A store fails that keeps seconds, or orders texts with fractions of different lengths.", orderTime),
		check("order/decimal", "Numbers with decimals order by value: 9 before 10, 1.0 beside 1.00. "+
			"A store fails that orders their texts or rounds them to floats.", orderDecimal),
		check("order/ties", "Records with the same value order by ID; backwards both the value and the ID go backwards. "+
			"A store fails that turns only the value round.", orderTies),
		check("order/sparse", "An order by an index that leaves out empty values leaves out the records without one; any other order has them first. "+
			"A store fails that puts nulls last, or in.", orderSparse),
		check("order/composite", "The order by the last part of a composite index holds within fixed values of the first ones, and across several of them.", orderComposite),
	}
}

func orderID(t *trial) {
	var ids []itsm.ID
	for _, ms := range []int{5, 1, 4, 1, 3, 1, 2} {
		at := time.Date(2026, 1, 1, 0, 0, 0, ms*1e6, time.UTC)
		rec := Thing{}
		rec.ID, rec.Tenant = itsm.NewID(at), acme
		c := t.step(rec, Create{Content: Content{Title: "x"}})
		t.saved(c)
		ids = append(ids, c.Record.ID)
	}
	for i, id := range []itsm.ID{{0: 1}, {0: 0x7f}, {0: 0x80}, {0: 0xff}, {0: 0x80, 15: 1}} { // signed bytes would come wrong
		rec := Thing{}
		rec.ID, rec.Tenant = id, acme
		t.saved(t.step(rec, Create{Content: Content{Count: i}}))
		ids = append(ids, id)
	}
	want := sorted(ids)
	idsOf := func(found []*Thing) []itsm.ID {
		var out []itsm.ID
		for _, rec := range found {
			out = append(out, rec.ID)
		}
		return out
	}
	t.same(want, idsOf(t.all(scope, itsm.Query[Thing]{}, 3)), "Find without an order")
	slices.Reverse(want)
	t.same(want, idsOf(t.all(scope, itsm.Query[Thing]{}.Sorted(itsm.Order{Desc: true}), 3)), "Find without an order, backwards")
}

// ordered opens a thing for each content, out of order, and compares Find in both directions with the contents
// as they are given: the expected order.
func (t *trial) ordered(what string, asc, desc itsm.Order, contents []Content, prices ...string) {
	titled := make([]string, len(contents))
	mixed := make([]int, 0, len(contents)) // every other one, then those between, backwards
	for i := 0; i < len(contents); i += 2 {
		mixed = append(mixed, i)
	}
	for i := len(contents) - 1; i >= 0; i-- {
		if i%2 == 1 {
			mixed = append(mixed, i)
		}
	}
	for _, i := range mixed {
		a := Create{Content: contents[i]}
		if len(prices) > 0 {
			a.Attributes = attributes("price", prices[i])
		}
		t.open(acme, a)
	}
	for i := range contents {
		titled[i] = contents[i].Title
	}
	for _, limit := range []int{1, 4, 1000} {
		t.same(titled, titles(t.all(scope, itsm.Query[Thing]{}.Sorted(asc), limit)), "%s, limit %d", what, limit)
	}
	slices.Reverse(titled)
	for _, limit := range []int{1, 4, 1000} {
		t.same(titled, titles(t.all(scope, itsm.Query[Thing]{}.Sorted(desc), limit)), "%s backwards, limit %d", what, limit)
	}
}

func orderBytes(t *trial) {
	var contents []Content
	for _, s := range []string{"", "\x01", " ", " a", "!", "-a", "0", "00", "1", "10", "2", "A", "AB", "Aa", "B", "Z", "_", "a", "a\x01", "a ", "a b",
		"a-b", "aA", "aB", "aa", "ab", "b", "z", "\u00c4", "\u00e4", "\u00df", "\u0131", "\u03c3", "\ufb00", "\uffee", "\U0001f600"} {
		contents = append(contents, Content{Title: s})
	}
	slices.SortFunc(contents, func(a, b Content) int { return slices.Compare([]byte(a.Title), []byte(b.Title)) })
	t.ordered("an order by text", byTitle().Asc(), byTitle().Desc(), contents)
}

func orderNumber(t *trial) {
	var contents []Content
	for _, n := range []int{-1 << 63, -1<<63 + 1, -1 << 53, -100, -99, -10, -9, -1, 0, 1, 2, 9, 10, 11, 99, 100, 1 << 31, 1<<53 + 1, 1<<63 - 2, 1<<63 - 1} {
		contents = append(contents, Content{Title: itsm.Key{N: int64(n)}.Format(itsm.TypeNumber), Count: n})
	}
	t.ordered("an order by number", byCount().Asc(), byCount().Desc(), contents)
}

func orderTime(t *trial) {
	contents := []Content{{Title: "none"}}
	for _, at := range []time.Time{
		time.Date(1, 1, 1, 0, 0, 0, 1e6, time.UTC), time.Date(999, 1, 1, 0, 0, 0, 0, time.UTC), time.Date(1969, 12, 31, 23, 59, 59, 999e6, time.UTC),
		time.UnixMilli(0).UTC(), time.UnixMilli(1).UTC(), time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC), time.Date(2026, 1, 1, 0, 0, 0, 1e6, time.UTC),
		time.Date(2026, 1, 1, 0, 0, 0, 10e6, time.UTC), time.Date(2026, 1, 1, 0, 0, 0, 100e6, time.UTC), time.Date(2026, 1, 1, 0, 0, 0, 999e6, time.UTC),
		time.Date(2026, 1, 1, 0, 0, 1, 0, time.UTC), time.Date(2026, 1, 1, 0, 0, 10, 0, time.UTC), time.Date(9999, 12, 31, 23, 59, 59, 999e6, time.UTC),
	} {
		contents = append(contents, Content{Title: at.Format(time.RFC3339Nano), At: at})
	}
	t.ordered("an order by instant", byAt().Asc(), byAt().Desc(), contents)
}

func orderDecimal(t *trial) {
	numbers := []string{
		"-1e400", "-12345678901234567890.5", "-100", "-10.5", "-10", "-9.99", "-9", "-1.0001", "-1", "-0.1", "-0.01", "-1e-400", "0", "1e-400", "0.001", "0.01",
		"0.1", "0.11", "0.2", "1", "1.0000000000000000001", "1.5", "2", "9", "9.99", "10", "10.01", "99", "100", "1e3", "9007199254740992", "9007199254740993",
		"12345678901234567890", "12345678901234567890.5", "1e30", "1e400",
	}
	contents := make([]Content, len(numbers))
	for i, n := range numbers {
		contents[i].Title = n
	}
	price := itsm.ByAttribute[Thing](fieldPrice())
	t.ordered("an order by decimal", price.Asc(), price.Desc(), contents, numbers...)
	for _, same := range [][]string{{"1", "1.0", "1.00", "10e-1", "0.1e1"}, {"0", "-0", "0.00", "0e5"}, {"100", "1e2", "1.00e+2"}} {
		for _, n := range same {
			got := titles(t.all(scope, itsm.Where(price.Is([]byte(n))), 10))
			t.same([]string{same[0]}, got, "Find by the decimal %s", n)
		}
	}
}

func orderTies(t *trial) {
	var all []*Thing
	for i := range 24 {
		rec := t.create(Content{Title: []string{"a", "b", "a", "B"}[i%4], Level: []Level{Low, High}[i%2], Count: i % 3, Flag: i%5 == 0})
		all = append(all, &rec)
	}
	for _, o := range []itsm.Order{byTitle().Asc(), byTitle().Desc(), byCount().Asc(), byCount().Desc(), byFlag().Asc(), byFlag().Desc(), byLevel().Asc(), byLevel().Desc()} {
		for _, q := range []itsm.Query[Thing]{{}, itsm.Where(byLevel().Is(Low)).Scanning(), itsm.Where(byTitle().In("a", "B")).Scanning()} {
			t.ok(asDefined(t.base, Things(), t.h.Things, scope, q.Sorted(o), all, 1000), "records with the same value")
		}
	}
	ids := titles(t.all(scope, itsm.Where(byCount().Is(1)), 10))
	if len(ids) != 8 {
		t.failf("Find by a value that 8 records have: got %d", len(ids))
	}
}

func orderSparse(t *trial) {
	t.create(Content{Title: "none"})
	t.create(Content{Title: "b", Group: "b", Big: 2, Due: time.Date(2026, 1, 2, 0, 0, 0, 0, time.UTC)})
	t.create(Content{Title: "a", Group: "a", Big: -1, Due: time.Date(1960, 1, 1, 0, 0, 0, 0, time.UTC)})
	t.create(Content{})
	for what, o := range map[string][2]itsm.Order{
		"text": {byGroup().Asc(), byGroup().Desc()}, "number": {byBig().Asc(), byBig().Desc()}, "instant": {byDue().Asc(), byDue().Desc()},
	} {
		t.same([]string{"a", "b"}, titles(t.all(scope, itsm.Query[Thing]{}.Sorted(o[0]), 10)), "an order by a sparse %s", what)
		t.same([]string{"b", "a"}, titles(t.all(scope, itsm.Query[Thing]{}.Sorted(o[1]), 10)), "an order by a sparse %s, backwards", what)
	}
	t.same([]string{"", "a", "b", "none"}, titles(t.all(scope, itsm.Query[Thing]{}.Sorted(byTitle().Asc()), 10)), "an order by a text that may be empty")
	t.same([]string{"none", "b", "a", ""}, titles(t.all(scope, itsm.Query[Thing]{}.Sorted(byTitle().Desc()), 10)), "an order by a text that may be empty, backwards")
	counts, err := t.h.Things.Count(t.base, scope, itsm.Query[Thing]{}.Sorted(byGroup().Asc()))
	t.ok(err, "Count")
	if counts.Total != 2 {
		t.failf("Count in the order of a sparse index: wanted the 2 records that have a value, got %d", counts.Total)
	}
}

func orderComposite(t *trial) {
	var all []*Thing
	for i := range 60 {
		rec := t.create(Content{
			Title: string(rune('a' + i%7)), Group: []string{"", "a", "a\u00e4", "ab", "b"}[i%5], Level: []Level{"", Low, Middle, High}[i%4], Flag: i%2 == 0,
			Count: i%3 - 1, Tags: []string{"x", "y", "z"}[:i%4%3], At: time.UnixMilli(int64(i%6-3) * 1000).UTC(),
			Due: []time.Time{{}, time.UnixMilli(int64(i) * 7).UTC()}[i%2],
		})
		all = append(all, &rec)
	}
	for _, q := range []itsm.Query[Thing]{
		itsm.Where(byGroup().Is("a")).Sorted(byCount().Asc()), itsm.Where(byGroup().Is("a")).Sorted(byCount().Desc()),
		itsm.Where(byGroup().In("a", "b", "ab", "")).Sorted(byCount().Asc()), itsm.Where(byGroup().In("b", "a")).Sorted(byCount().Desc()),
		itsm.Where(byGroup().Is("a"), byCount().Between(-1, 0)), itsm.Where(byGroup().In("a", "b"), byCount().From(0)).Sorted(byCount().Desc()),
		itsm.Where(byLevel().Is(High)).Sorted(byTitle().Asc()), itsm.Where(byLevel().In(Low, High, "")).Sorted(byTitle().Desc()),
		itsm.Where(byLevel().Is(Low), byTitle().Between("b", "e")), itsm.Where(byTag().In("x", "y")).Sorted(byDue().Asc()),
		itsm.Where(byTag().Is("y")).Sorted(byDue().Desc()), itsm.Where(byLevel().In(Low, High), byFlag().Is(true)).Sorted(byAt().Desc()),
		itsm.Where(byLevel().In(Low, High), byFlag().In(true, false), byAt().To(time.UnixMilli(0).UTC())),
		itsm.Where(itsm.ByState[Thing]().In(StateOpen, StateDone)).Sorted(itsm.ByUpdated[Thing]().Desc()),
	} {
		for _, limit := range []int{1, 7, 100} {
			t.ok(asDefined(t.base, Things(), t.h.Things, scope, q, all, limit), "a composite index")
		}
	}
}
