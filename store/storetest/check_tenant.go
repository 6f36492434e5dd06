package storetest

import (
	"github.com/itsmkit/itsm"
)

func tenantChecks() []Check {
	return []Check{
		check("tenant/get", "A record of another tenant does not exist for Get and History. "+
			"A store fails that looks records up by ID alone.", tenantGet),
		check("tenant/find", "Find and Count see the records of the scope's tenant only, by every index, by words and in every scope. "+
			"A store fails whose index does not begin with the tenant.", tenantFind),
		check("tenant/save", "A commit in a tenant meets only the records of that tenant: another's are of no version there, for Save, SaveAll, Expect and Erase.", tenantSave),
		check("tenant/unique", "Unique values, numbers and idempotency keys are a tenant's own. "+
			"A store fails whose unique indexes, sequences or keys go across tenants.", tenantUnique),
		check("tenant/names", "Names of tenants differ in every byte: case, blanks and wildcards count.", tenantNames),
	}
}

func tenantGet(t *trial) {
	a, z := t.open(acme, Create{Content: full("a")}), t.open(zeta, Create{Content: full("z")})
	for _, x := range []struct {
		tenant string
		of     Thing
	}{{zeta, a}, {acme, z}, {"", a}} {
		in := itsm.Scope{Tenant: x.tenant}
		got, err := t.h.Things.Get(t.base, in, x.of.ID)
		t.ok(err, "Get")
		t.same([]*Thing{nil}, got, "Get, in tenant %q, of a record of tenant %s", x.tenant, x.of.Tenant)
		if n := len(t.history(x.tenant, x.of.Ref("thing"))); n != 0 {
			t.failf("History, in tenant %q, of a record of tenant %s: wanted no event, got %d", x.tenant, x.of.Tenant, n)
		}
	}
	got, err := t.h.Things.Get(t.base, scope, z.ID, a.ID)
	t.ok(err, "Get")
	t.same([]*Thing{nil, &a}, got, "Get of one's own and another tenant's")
}

func tenantFind(t *trial) {
	var mine []*Thing
	for i, tenant := range []string{acme, zeta, acme, zeta, zeta} {
		c := full("same")
		c.Code = "C" + string(rune('0'+i))
		rec := t.open(tenant, Create{Content: c})
		if tenant == acme {
			mine = append(mine, &rec)
		}
	}
	queries := []itsm.Query[Thing]{
		{}, itsm.Where(byTitle().Is("same")), itsm.Where(byTag().Is("a")), itsm.Where(byItem().Is(mine[0].Content.Items[0])),
		itsm.Where(itsm.ByState[Thing]().Is(StateOpen)), itsm.Query[Thing]{}.Matching("same"), itsm.Where(byCount().From(-100)),
		itsm.Query[Thing]{}.Sorted(byAt().Desc()), itsm.Where(byGroup().Is("messaging")).Sorted(byCount().Asc()),
	}
	for _, in := range []itsm.Scope{scope, {Tenant: acme, Any: []itsm.Condition{byFlag().Is(true).Condition}}} {
		for _, q := range queries {
			t.ok(asDefined(t.base, Things(), t.h.Things, in, q, mine, 2, "group", "tag", "state"), "with records of another tenant beside")
		}
	}
	counts, err := t.h.Things.Count(t.base, itsm.Scope{Tenant: "nobody"}, itsm.Query[Thing]{}, "state")
	t.ok(err, "Count")
	if counts.Total != 0 || len(counts.Facet("state").Buckets) != 0 {
		t.failf("Count in a tenant without records: wanted nothing, got %+v", counts)
	}
}

func tenantSave(t *trial) {
	one := t.draft(acme, Content{Title: "one"})
	t.saved(one)
	two := t.next(one, Put{Content{Title: "two"}})
	two.Record.Tenant, two.Event.Tenant = zeta, zeta
	in := itsm.Scope{Tenant: zeta}
	of := one.Event.Subject
	t.unchanged("a write in another tenant", func() {
		t.conflict(t.h.Things.Save(t.base, in, two), of, 1, 0, "Save, in another tenant, of version 2")
		t.conflict(t.h.Saver.SaveAll(t.base, in, []itsm.Write{write(two)}), of, 1, 0, "SaveAll, in another tenant, of version 2")
		z := t.draft(zeta, Content{Title: "z"})
		t.conflict(t.h.Saver.SaveAll(t.base, in, []itsm.Write{write(z)}, itsm.Expect{Of: of, Version: 1}), of, 1, 0, "SaveAll that expects another tenant's record")
		err := t.h.Things.Erase(t.base, in, itsm.Erasure[Thing]{Of: of, Version: 1})
		t.conflict(err, of, 1, 0, "Erase of another tenant's record")
	})
	z := t.draft(zeta, Content{Title: "z"})
	t.ok(t.h.Saver.SaveAll(t.base, in, []itsm.Write{write(z)}, itsm.Expect{Of: of}), "SaveAll that expects no such record in the tenant")
}

func tenantUnique(t *trial) {
	for _, tenant := range []string{acme, zeta} {
		rec := t.open(tenant, Create{Content: Content{Title: tenant, Code: "same"}, Attributes: attributes("serial", "7")},
			itsm.External("same"), itsm.IdempotencyKey("same"))
		if rec.Number != "TH0001" {
			t.failf("the first number of tenant %s: wanted TH0001, got %s", tenant, rec.Number)
		}
		t.kept(rec, "of tenant "+tenant)
		e, err := t.h.Things.ByKey(t.base, itsm.Scope{Tenant: tenant}, "thing", "same")
		t.ok(err, "ByKey in tenant %s", tenant)
		t.same(rec.Ref("thing"), e.Subject, "ByKey in tenant %s", tenant)
	}
	t.open(acme, Create{Content: Content{Title: "own"}}, itsm.IdempotencyKey("own"))
	_, err := t.h.Things.ByKey(t.base, itsm.Scope{Tenant: zeta}, "thing", "own")
	t.refused(err, itsm.ErrNotFound, "ByKey of another tenant's key")
}

func tenantNames(t *trial) {
	names := []string{"acme", "Acme", "ACME", "acme ", " acme", "acm_", "acm%", "%", "äcme", "a\u0308cme", "acme/1", "acme'", ""}
	for _, name := range names {
		t.open(name, Create{Content: Content{Title: "of " + name, Code: "same"}})
	}
	for _, name := range names {
		in := itsm.Scope{Tenant: name}
		t.same([]string{"of " + name}, titles(t.all(in, itsm.Query[Thing]{}, 100)), "Find in tenant %q", name)
		t.same([]string{"of " + name}, titles(t.all(in, itsm.Where(byCode().Is("same")), 100)), "Find in tenant %q by code", name)
		counts, err := t.h.Things.Count(t.base, in, itsm.Query[Thing]{})
		t.ok(err, "Count in tenant %q", name)
		if counts.Total != 1 {
			t.failf("Count in tenant %q: wanted 1, got %d", name, counts.Total)
		}
	}
}
