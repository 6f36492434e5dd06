package storetest

import (
	"github.com/itsmkit/itsm"
)

func textChecks() []Check {
	return []Check{
		check("text/words", "A text search finds the records that have, for each of its words, a word that begins with it; in any order, in any of the searched fields, and by number. "+
			"A store fails that looks for the text as a whole, or for one of the words.", textWords),
		check("text/fold", "Words are the kernel's tokens: normalised (NFKC) and case-folded. "+
			"A store fails that lets its own search split or fold texts.", textFold),
		check("text/changed", "A search sees what the texts are now, not what they were.", textChanged),
		check("text/query", "A search goes with conditions, scopes, orders, pages and counts as any other query.", textQuery),
	}
}

func textWords(t *trial) {
	t.create(Content{Title: "The printer prints blank pages", Body: "since monday, floor 4", Tags: []string{"hardware", "urgent-case"}})
	t.create(Content{Title: "Mail is slow", Body: "print queue is empty", Pause: &Pause{Reason: "supplier"}})
	t.create(Content{Title: "C++ and C#", Body: "e-mail: bo@example.org, port 8080, v1.2.3", Lines: []string{"unsearched"}})
	printer, mail, code := "The printer prints blank pages", "Mail is slow", "C++ and C#"
	for search, want := range map[string][]string{
		"printer": {printer}, "print": {printer, mail}, "PRINT": {printer, mail}, "rinter": {}, "printers": {}, "pages blank": {printer}, "blank mail": {},
		"floor 4": {printer}, "4": {printer}, "hardware": {printer}, "case": {printer}, "urgent-case": {printer}, "supplier": {mail}, "print slow": {mail},
		"th0002": {mail}, "TH0002": {mail}, "TH00": {printer, mail, code}, "c": {printer, code}, "c++": {printer, code}, "example.org": {code}, "808": {code}, "1.2.3": {}, "v1.2": {code},
		"unsearched": {}, "is  \t slow": {mail}, "e-mail": {mail, code}, "%": nil, "slow is mail is": {mail}, "pri* pages": {printer}, `"blank`: {printer}, "mail OR printer": {},
	} {
		q := itsm.Query[Thing]{}.Matching(search)
		if want == nil {
			_, err := t.h.Things.Find(t.base, scope, q, itsm.PageRequest{})
			t.refused(err, itsm.ErrInvalid, "Find of the text %q, which has no word", search)
			continue
		}
		t.same(want, titles(t.all(scope, q, 2)), "Find of the text %q", search)
	}
}

func textFold(t *trial) {
	for _, s := range []string{"Straße", "ΣΊΣΥΦΟΣ", "\ufb01le", "Ａ１", "Cafe\u0301", "ИВАН", "हिन्दी", "co\u00adoperate", "ｶﾞ", "İstanbul"} {
		t.create(Content{Title: s})
	}
	for search, want := range map[string][]string{
		"strasse": {"Straße"}, "STRASS": {"Straße"}, "straß": {"Straße"}, "σίσυφος": {"ΣΊΣΥΦΟΣ"}, "σίσυφοσ": {"ΣΊΣΥΦΟΣ"}, "FILE": {"\ufb01le"}, "fil": {"\ufb01le"},
		"a1": {"Ａ１"}, "caf\u00e9": {"Cafe\u0301"}, "CAFE\u0301": {"Cafe\u0301"}, "cafe": {}, "иван": {"ИВАН"}, "हिन्दी": {"हिन्दी"},
		"cooperate": {"co\u00adoperate"}, "ガ": {"ｶﾞ"}, "i\u0307stanbul": {"İstanbul"},
	} {
		t.same(want, titles(t.all(scope, itsm.Query[Thing]{}.Matching(search), 5)), "Find of the text %+q", search)
	}
}

func textChanged(t *trial) {
	rec := t.create(Content{Title: "router", Body: "broken cable"})
	t.create(Content{Title: "switch", Tags: []string{"cable"}})
	find := func(search string, want ...string) {
		t.same(append([]string{}, want...), titles(t.all(scope, itsm.Query[Thing]{}.Matching(search), 5)), "Find of the text %q", search)
	}
	find("cable", "router", "switch")
	rec = t.put(rec, func(c *Content) { c.Body = "broken port" })
	find("cable", "switch")
	find("port broken", "router")
	rec = t.put(rec, func(c *Content) { c.Title, c.Body = "gateway", "" })
	find("broken")
	find("router")
	find("gate", "gateway")
	t.do(rec, itsm.Comment[Thing]{Text: "a secret word"})
	find("secret")
}

func textQuery(t *trial) {
	all := t.mixture(40)
	for _, q := range []itsm.Query[Thing]{
		itsm.Where(byLevel().Is(Low)).Matching("mail"), itsm.Where(byTag().In("a", "b")).Matching("down mail"), itsm.Query[Thing]{}.Matching("mail").Sorted(byCount().Desc()),
		itsm.Where(byFlag().Is(true)).Matching("m").Sorted(byTitle().Asc()), itsm.Query[Thing]{}.Matching("strasse").Sorted(byDue().Asc()),
		itsm.Query[Thing]{}.Matching("th").Sorted(itsm.ByNumber[Thing]().Desc()), itsm.Where(byGroup().Is("bo"), byCount().Between(-1, 1)).Matching("mail"),
	} {
		for _, in := range []itsm.Scope{scope, {Tenant: acme, Any: []itsm.Condition{byGroup().In("Bo", "bo").Condition}}, {Tenant: zeta}} {
			for _, limit := range []int{1, 3, 100} {
				found := all
				if in.Tenant == zeta {
					found = nil
				}
				t.ok(asDefined(t.base, Things(), t.h.Things, in, q, found, limit, "level", "tag"), "a text search")
			}
		}
	}
}
