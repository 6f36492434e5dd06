package storetest

import (
	"math"
	"strings"
	"time"

	"github.com/itsmkit/itsm"
)

func valueChecks() []Check {
	return []Check{
		check("value/every", "A record with every field filled comes back as it was, from Get, from Find and from a replay of its events. "+
			"A store fails that forgets a field.", valueEvery),
		check("value/text", "Texts come back byte by byte: any character, any length up to the limit, neither trimmed nor normalised. "+
			"A store fails that cuts, trims, composes or escapes.", valueText),
		check("value/number", "Whole numbers keep all 64 bits. A store fails that passes them through a float.", valueNumber),
		check("value/time", "Instants keep their milliseconds, are in UTC, and lie in the years 1 to 9999. "+
			"A store fails that cuts to seconds, or whose column holds fewer years.", valueTime),
		check("value/span", "Durations keep their nanoseconds and sign, periods their months and days.", valueSpan),
		check("value/list", "Lists keep order, repetitions and empty elements, and an empty list is an absent one. "+
			"A store fails that keeps a list as a set, or returns an empty list for none.", valueList),
		check("value/long", "A record may have more than a thousand links and list elements. "+
			"A store fails whose statements have a limit of parameters.", valueLong),
		check("value/optional", "A struct that is absent and one that is there but empty are two things.", valueOptional),
		check("value/attributes", "Attributes keep their JSON: 1.0 and 1.00 stay different, false is a value. "+
			"A store fails that reads numbers into floats or drops what is false or zero.", valueAttributes),
	}
}

// full returns a content with every field filled.
func full(title string) Content {
	at := func(ms int) time.Time { return time.Date(2026, 2, 28, 23, 59, 59, ms*1e6, time.UTC) }
	ref := func(kind string, n byte) itsm.Ref { return itsm.Ref{Kind: kind, ID: itsm.ID{1, 2, 3, 15: n}} }
	return Content{
		Title: title, Body: "line one\nline two\t\"quoted\" \\ <b>&amp;</b>", Code: "C-" + title, Group: "messaging", Level: High, Flag: true,
		Count: -42, Big: math.MaxInt64, At: at(1), Due: at(999), Worked: itsm.Duration(90*time.Minute + 1), Every: itsm.Period{Months: 1, Days: 15},
		Token: itsm.ID{0xff, 1, 2}, About: ref("asset", 1), Outcome: Outcome{Text: "fixed", At: at(7)},
		Pause: &Pause{Reason: "waiting for parts", Notes: []string{"b", "a", "b"}},
		Tags:  []string{"a", "b", "ä"}, Lines: []string{"2", "1", "2", ""}, Items: []itsm.Ref{ref("asset", 1), ref("asset", 2)},
		Route: []itsm.Ref{ref("site", 9), ref("site", 1), ref("site", 9)},
		Parts: []Part{{ID: "p1", Name: "one", Of: ref("part", 1)}, {ID: "p2"}},
		Steps: []Step{{Text: "do", At: at(0), Took: itsm.Duration(time.Second)}, {Text: "do"}, {Text: "do", Took: -1}},
	}
}

// holds opens a thing with a content, changes it and back, and looks at it from all sides after each.
func (t *trial) holds(c Content, what string) Thing {
	rec := t.create(c)
	t.kept(rec, what)
	t.same([]*Thing{&rec}, t.all(scope, itsm.Where(itsm.ByNumber[Thing]().Is(rec.Number)), 2), "%s: Find by number", what)
	rec = t.do(rec, Put{Content{Title: "without"}})
	t.kept(rec, what+", taken away")
	rec = t.do(rec, Put{c})
	t.kept(rec, what+", put back")
	return rec
}

func valueEvery(t *trial) {
	rec := t.open(acme, Create{Content: full("every"), Every: itsm.Period{Months: 12}, Attributes: attributes(
		"note", `"a note"`, "serial", `17`, "price", `12.50`, "vip", `true`, "bought", `"2026-02-28"`,
		"seen", `"2026-02-28T10:00:00.5Z"`, "floor", `"first"`, "site", `{"kind":"site","id":"01890a5d-ac96-774b-bcce-b302099a8057"}`,
	)}, itsm.External("host/1"))
	t.kept(rec, "every field")
	rec = t.do(rec, itsm.Review[Thing]{Outcome: "confirmed", Text: "looked at", Owner: "cy"})
	t.kept(rec, "after a review")
	t.same([]*Thing{&rec}, t.all(scope, itsm.Query[Thing]{}, 2), "Find of all")
	t.holds(full("again"), "every field changed")
}

func valueText(t *trial) {
	for name, text := range map[string]string{
		"quotes":            `it's "quoted", \ and % and _ and {{x}}; DROP TABLE things; --`,
		"white space":       "  two  blanks \t and \r\n lines \n",
		"control":           "bell\a, escape\x1b, \x01\x1f\x7f",
		"markup":            "<script>&amp;</script>\u2028\u2029",
		"composed":          "é\u00e9",
		"decomposed":        "e\u0301",
		"beyond 16 bits":    "😀𝒜𠀀",
		"last code points":  "\ufffd\uffff\U0010ffff",
		"direction":         "שלום العربية \u202eabc",
		"looks like null":   "null",
		"looks like number": "007",
		"looks like JSON":   `{"a":[1,"\u0000"]}`,
	} {
		t.holds(Content{Title: text, Body: text, Group: text, Lines: []string{text}, Tags: []string{text}, Outcome: Outcome{Text: text}}, "the text "+name)
	}
	t.holds(Content{Outcome: Outcome{Text: strings.Repeat("ä", itsm.MaxLine)}}, "a line of the greatest length")
	t.holds(Content{Lines: []string{strings.Repeat("😀", itsm.MaxLine)}}, "a line of the greatest length in bytes")
	t.holds(Content{Code: strings.Repeat("é", itsm.MaxIndexed/2), Group: strings.Repeat("g", itsm.MaxIndexed)}, "an indexed text of the greatest length")
	t.holds(Content{Body: strings.Repeat("0123456789abcdeß", itsm.MaxText/17)}, "a long text of the greatest length")
	t.holds(Content{Title: "long comment"}, "a title")
	rec := t.create(Content{Title: "comment"})
	t.do(rec, itsm.Comment[Thing]{Text: strings.Repeat("long ", 20_000)})
	if note := t.history(acme, rec.Ref("thing"))[1].Note; note != strings.Repeat("long ", 20_000) {
		t.failf("a comment of 100,000 bytes: got %d bytes", len(note))
	}
}

func valueNumber(t *trial) {
	for _, n := range []int64{1, -1, 1<<31 - 1, 1 << 31, -1 << 31, 1<<53 + 1, -1<<53 - 1, math.MaxInt64, math.MaxInt64 - 1, math.MinInt64, math.MinInt64 + 1} {
		rec := t.holds(Content{Title: "n", Big: n, Count: int(n >> 1)}, "a number")
		t.same([]*Thing{&rec}, t.all(scope, itsm.Where(byBig().Is(n)), 5), "Find by %d", n)
	}
}

func valueTime(t *trial) {
	for _, at := range []time.Time{
		time.Date(2026, 11, 24, 9, 0, 0, 1e6, time.UTC), time.Date(2026, 11, 24, 9, 0, 0, 999e6, time.UTC),
		time.Date(2026, 11, 24, 23, 59, 59, 0, time.UTC), time.Date(2024, 2, 29, 0, 0, 0, 120e6, time.UTC),
		time.UnixMilli(0).UTC(), time.UnixMilli(-1).UTC(), time.UnixMilli(1).UTC(),
		time.Date(1, 1, 1, 0, 0, 0, 1e6, time.UTC), time.Date(1, 12, 31, 0, 0, 0, 0, time.UTC),
		time.Date(1582, 10, 10, 12, 0, 0, 5e6, time.UTC), time.Date(9999, 12, 31, 23, 59, 59, 999e6, time.UTC),
	} {
		rec := t.holds(Content{Title: "t", At: at, Due: at, Outcome: Outcome{At: at}, Steps: []Step{{Text: "s", At: at}}}, "the instant "+at.Format(time.RFC3339Nano))
		t.same([]*Thing{&rec}, t.all(scope, itsm.Where(byAt().Is(at)), 5), "Find by the instant %s", at.Format(time.RFC3339Nano))
	}
	east := time.Date(2026, 3, 1, 8, 30, 0, 5e6, time.FixedZone("east", 5*3600+1800))
	rec := t.create(Content{Title: "zone", At: east})
	t.kept(rec, "an instant of another zone")
	t.same(east.UTC(), t.get(acme, rec.ID).Content.At, "an instant of another zone")
}

func valueSpan(t *trial) {
	for _, d := range []time.Duration{1, -1, time.Hour*24*365*100 + 1, math.MaxInt64, math.MinInt64 + 1} {
		t.holds(Content{Title: "d", Worked: itsm.Duration(d), Steps: []Step{{Text: "s", Took: itsm.Duration(d)}}}, "the duration "+d.String())
	}
	for _, p := range []itsm.Period{{Months: 1}, {Days: 30}, {Months: 119, Days: 10_000}} {
		t.holds(Content{Title: "p", Every: p}, "the period "+p.String())
	}
}

func valueList(t *trial) {
	t.holds(Content{Title: "repeated", Lines: []string{"b", "a", "b", "", "", "a"}}, "a list with repetitions")
	t.holds(Content{Title: "one empty", Lines: []string{""}}, "a list of one empty text")
	t.holds(Content{Title: "keyed", Tags: []string{"é", "B", "a", "A", "b", "~", "/", "a/b"}, Parts: []Part{{ID: "~1"}, {ID: "/"}, {ID: "a/b", Name: "x"}}}, "keys with the signs of JSON Pointers")
	t.holds(Content{Title: "steps", Steps: []Step{{Text: "x"}, {}, {Text: "x"}}}, "a list of structs with repetitions")
	rec := t.create(Content{Title: "empty", Tags: []string{}, Lines: []string{}, Items: []itsm.Ref{}, Parts: []Part{}, Steps: []Step{}, Pause: &Pause{Notes: []string{}}})
	t.kept(rec, "empty lists")
	if got := t.get(acme, rec.ID).Content; got.Tags != nil || got.Lines != nil || got.Items != nil || got.Parts != nil || got.Steps != nil || got.Pause.Notes != nil {
		t.failf("empty lists: wanted absent ones (nil), got a list of length 0")
	}
	rec = t.put(rec, func(c *Content) { c.Tags = []string{"x"} })
	rec = t.put(rec, func(c *Content) { c.Tags = nil })
	t.kept(rec, "a list that ran empty")
}

func valueLong(t *trial) {
	const n = 1200
	c := Content{Title: "long"}
	for i := range n {
		word := "w" + string(rune('a'+i%26)) + itsm.Sequence{Digits: 5}.Format(int64(i))
		c.Tags, c.Lines = append(c.Tags, word), append(c.Lines, word)
		c.Items = append(c.Items, itsm.Ref{Kind: "asset", ID: itsm.ID{1, byte(i >> 8), byte(i)}})
		c.Parts = append(c.Parts, Part{ID: word, Name: "part"})
	}
	rec := t.create(c)
	t.kept(rec, "1,200 elements")
	for _, tag := range []string{c.Tags[0], c.Tags[n/2], c.Tags[n-1]} {
		t.same([]*Thing{&rec}, t.all(scope, itsm.Where(byTag().Is(tag)), 5), "Find by one of 1,200 tags")
	}
	gone := rec.Content.Tags[500]
	rec = t.put(rec, func(c *Content) { c.Tags = append(append([]string(nil), c.Tags[:500]...), c.Tags[501:]...) })
	t.kept(rec, "one of 1,200 elements removed")
	t.same([]string{}, titles(t.all(scope, itsm.Where(byTag().Is(gone)), 5)), "Find by the tag that was removed")
	linked := t.create(Content{Title: "linked"})
	batch := t.things.Batch()
	for i := range n {
		_, err := batch.Do(t.ctx, linked.ID, itsm.Relate[Thing]{Type: "about", To: itsm.Ref{Kind: "asset", ID: itsm.ID{2, byte(i >> 8), byte(i)}}})
		t.ok(err, "relate")
	}
	t.ok(batch.Save(t.ctx), "Save of a batch of 1,200 commits")
	linked = *t.get(acme, linked.ID)
	if len(linked.Links) != n || linked.Version != n+1 {
		t.failf("after 1,200 links: wanted 1,200 links and version 1,201, got %d and %d", len(linked.Links), linked.Version)
	}
	t.kept(linked, "1,200 links")
	t.same([]*Thing{&linked}, t.all(scope, itsm.Where(itsm.ByLink[Thing]().Is(itsm.Ref{Kind: "asset", ID: itsm.ID{2, 4, 0x4c}})), 5), "Find by one of 1,200 links")
}

func valueOptional(t *trial) {
	t.holds(Content{Title: "empty", Pause: &Pause{}}, "a struct that is there but empty")
	t.holds(Content{Title: "filled", Pause: &Pause{Reason: "r"}}, "a struct that is there")
	rec := t.create(Content{Title: "none"})
	for _, p := range []*Pause{{}, nil, {Reason: "a"}, {}, {Notes: []string{"x"}}, nil} {
		rec = t.put(rec, func(c *Content) { c.Pause = p })
		t.kept(rec, "an optional struct that comes and goes")
	}
}

func valueAttributes(t *trial) {
	rec := t.open(acme, Create{Content: Content{Title: "a"}})
	t.same(attributes("floor", `"ground"`), rec.Attributes, "the default of an attribute")
	for _, a := range []itsm.Attributes{
		attributes("price", `1.0`), attributes("price", `1.00`), attributes("price", `1`), attributes("price", `-0.10`),
		attributes("price", `1e3`), attributes("price", `123456789012345678901234567890.1234567890123456789`), attributes("price", `0`),
		attributes("vip", `true`), attributes("vip", `false`), attributes("note", `""`), attributes("note", `"ä \"q\" \\ \n <>&"`),
		attributes("bought", `"0001-01-01"`), attributes("bought", `"9999-12-31"`), attributes("seen", `"2026-01-01T00:00:00.001Z"`),
		attributes("seen", `"1970-01-01T00:00:00Z"`), attributes("floor", `"first"`), attributes("serial", `12345678901234567890`),
		attributes("site", `{"kind":"site","id":"01890a5d-ac96-774b-bcce-b302099a8057"}`),
		attributes("price", `null`, "vip", `null`, "note", `null`), attributes("floor", `null`, "bought", `null`, "seen", `null`, "serial", `null`, "site", `null`),
	} {
		rec = t.do(rec, itsm.SetAttributes[Thing]{Attributes: a})
		t.kept(rec, "the attribute "+a[0].Key+" = "+a[0].Value)
		if raw := t.get(acme, rec.ID).Attributes.Raw(a[0].Key); raw != a[0].Value && a[0].Value != "null" {
			t.failf("the attribute %s: wanted the JSON %s, got %s", a[0].Key, a[0].Value, raw)
		}
	}
	if got := t.get(acme, rec.ID).Attributes; got != nil {
		t.failf("attributes that all were removed: wanted none, got %v", got)
	}
}
