package kinds

import (
	"context"
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/asset/cmdb"
	"github.com/itsmkit/itsm/store/memory"
)

// trusted are the sources that report items in tests: what the agent says is stale after an hour.
var trusted = cmdb.Reconciliation{Identify: cmdb.StandardIdentification(), Sources: []cmdb.Source{{Name: "agent", Stale: itsm.Duration(time.Hour)}, {Name: "scan"}},
	Precedence: []cmdb.Precedence{{Class: "hardware", Fields: []string{"location"}, Sources: []string{"scan"}}}}

// Items lets a desk for items know the sources.
func Items(c *itsm.Config[cmdb.Item]) {
	known, err := cmdb.NewKnown(trusted, nil)
	if err != nil {
		panic(err) // the sources are constants
	}
	c.Facts = func(context.Context, *cmdb.Item, itsm.Action[cmdb.Item]) (any, error) { return known, nil }
}

var started = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)

// claims are values that a source may report, right and wrong.
func claims(rnd *rand.Rand) itsm.Attributes {
	all := itsm.Attributes{{Key: "title", Value: `"web"`}, {Key: "host", Value: one(rnd, `"web1"`, `"WEB1"`, `""`)}, {Key: "domain", Value: `"example.org"`}, {Key: "serial", Value: one(rnd, `"S1"`, `"none"`, `"s/2"`)},
		{Key: "location", Value: one(rnd, `"Oslo"`, `"Tromsø"`, "null")}, {Key: "cores", Value: one(rnd, "4", "8.0", `"four"`)}, {Key: "address", Value: `"10.0.0.1"`}, {Key: "colour", Value: `"red"`}}
	rnd.Shuffle(len(all), func(i, k int) { all[i], all[k] = all[k], all[i] })
	return all[:rnd.IntN(5)]
}

// Item makes an action of a configuration item.
func Item(rnd *rand.Rand, x *cmdb.Item) itsm.Action[cmdb.Item] {
	w, source, key, class := word(rnd), one(rnd, "agent", "scan", "rumour"), one(rnd, "", "7", "8"), one(rnd, "server", "virtual_machine", "database", "hardware")
	field := one(rnd, "title", "location", "cores", "host", "colour")
	needs := one(rnd, nil, &cmdb.OwnNeeds{}, &cmdb.OwnNeeds{Of: []cmdb.Need{{Relation: "depends_on", Redundancy: cmdb.KOfN, Min: rnd.IntN(3)}}})
	report := cmdb.Report{Source: one(rnd, "agent", "scan"), Keys: []string{fmt.Sprint(rnd.IntN(9))}, FirstAt: started, LastAt: started, Values: itsm.Attributes{{Key: "host", Value: `"web2"`}}}
	if x == nil {
		p := cmdb.Particulars{Class: class, Title: w, Serial: one(rnd, "", "S1"), Location: w, Needs: needs, Asset: one(rnd, itsm.Ref{}, ref(rnd, "asset"))}
		return one[itsm.Action[cmdb.Item]](rnd, cmdb.Plan{Item: p}, cmdb.Register{Item: p}, cmdb.Discover{Class: class, Source: source, Key: key, Values: claims(rnd)},
			cmdb.Branch{Class: class, From: ref(rnd, cmdb.ItemName), Reports: []cmdb.Report{report}})
	}
	if len(x.Reports) > 0 && rnd.IntN(2) == 0 {
		if r := one(rnd, x.Reports...); len(r.Values) > 0 {
			source, field = r.Source, one(rnd, r.Values...).Key
		}
	}
	if len(x.Locks) > 0 && rnd.IntN(2) == 0 {
		field = one(rnd, x.Locks...).Field
	}
	return likely[cmdb.Item](rnd, cmdb.ItemKind(), x.State, cmdb.Activate{}, cmdb.TakeOut{Reason: w}, cmdb.BringBack{}, cmdb.Retire{Reason: w}, cmdb.Reinstate{}, cmdb.Edit{Values: claims(rnd)},
		cmdb.Reclassify{Class: class}, cmdb.Revalidate{}, cmdb.SetNeeds{Needs: needs}, cmdb.Represent{Asset: one(rnd, itsm.Ref{}, ref(rnd, "asset"))}, cmdb.LockFields{Fields: []string{field}, Reason: w},
		cmdb.UnlockFields{Fields: []string{field}}, cmdb.RestoreValue{Field: field, Source: source}, cmdb.Observe{Source: source, Key: key, Values: claims(rnd)}, cmdb.Observe{Source: source, Key: key, Values: claims(rnd)},
		cmdb.Miss{Source: source}, cmdb.Forget{Sources: []string{source}}, cmdb.Absorb{From: ref(rnd, cmdb.ItemName), Reports: []cmdb.Report{report}}, cmdb.MergeInto{Into: ref(rnd, cmdb.ItemName), Reason: w},
		cmdb.Separate{Reports: []cmdb.Report{report}}, itsm.Comment[cmdb.Item]{Text: w}, itsm.Relate[cmdb.Item]{Type: "see_also", To: ref(rnd, "change")}, itsm.Unrelate[cmdb.Item]{Type: "see_also", To: ref(rnd, "change")})
}

// Relations gives a desk for relations the ends that they join: four items that [Relation] names.
func Relations(c *itsm.Config[cmdb.Relation]) {
	store, next := memory.New(), 0
	db, err := cmdb.New(cmdb.Config{Items: memory.For(store, cmdb.ItemKind()), Relations: c.Repository, Saver: store, Policy: itsm.AllowAll, Reconciliation: trusted,
		NewID: func(time.Time) itsm.ID { next++; return itsm.ID{15: byte(next)} }})
	if err != nil {
		panic(err) // all that it needs is there
	}
	c.Facts = func(ctx context.Context, r *cmdb.Relation, a itsm.Action[cmdb.Relation]) (any, error) {
		for next < 4 { // the actor tells whose items they are
			if _, err := db.Items.Open(ctx, cmdb.Register{Item: cmdb.Particulars{Class: "server", Title: fmt.Sprint(next)}}); err != nil {
				return nil, err
			}
		}
		return db.RelationFacts(ctx, r, a)
	}
}

// Relation makes an action of a relation between items.
func Relation(rnd *rand.Rand, r *cmdb.Relation) itsm.Action[cmdb.Relation] {
	by := one(rnd, "", "agent", "scan", cmdb.Manual)
	if r == nil {
		return cmdb.Connect{Source: one(rnd, ref(rnd, cmdb.ItemName), ref(rnd, "service")), Type: one(rnd, "depends_on", "runs_on", "located_in", "likes"),
			Target: itsm.Ref{Kind: cmdb.ItemName, ID: itsm.ID{15: byte(rnd.IntN(6))}}, Weight: rnd.IntN(4) - 1, By: by}
	}
	return likely[cmdb.Relation](rnd, cmdb.RelationKind(), r.State, cmdb.Confirm{By: by, Weight: rnd.IntN(3)}, cmdb.SetWeight{Weight: rnd.IntN(4) - 1}, cmdb.Support{Says: r.Says[:rnd.IntN(len(r.Says)+1)]}, cmdb.Withdraw{By: by, Reason: word(rnd)},
		cmdb.Disconnect{Reason: word(rnd)}, itsm.Comment[cmdb.Relation]{Text: word(rnd)})
}

// Seals lets a desk seal baselines: there is no history that it could reckon from.
func Seals(c *itsm.Config[cmdb.Baseline]) {
	c.Facts = func(_ context.Context, b *cmdb.Baseline, a itsm.Action[cmdb.Baseline]) (any, error) {
		if _, seals := a.(cmdb.SealBaseline); seals {
			return cmdb.Seal{Items: len(b.Title), Relations: int(b.Version), Digest: b.Number}, nil
		}
		return nil, nil // the standard classes
	}
}

// Baseline makes an action of a baseline.
func Baseline(rnd *rand.Rand, b *cmdb.Baseline) itsm.Action[cmdb.Baseline] {
	w, other := word(rnd), ref(rnd, cmdb.BaselineName)
	if b == nil {
		return cmdb.ProposeBaseline{Title: w, Description: word(rnd), At: one(rnd, time.Time{}, started, started.AddDate(1, 0, 0)),
			Scope: cmdb.Scope{Classes: one(rnd, nil, []string{"server"}, []string{"database", "site"}, []string{"serber"}), Environments: one(rnd, nil, []string{"test"})}}
	}
	return likely[cmdb.Baseline](rnd, cmdb.BaselineKind(), b.State, cmdb.SealBaseline{}, cmdb.SealBaseline{}, cmdb.AuthoriseBaseline{Supersedes: one(rnd, itsm.Ref{}, other, ref(rnd, cmdb.ItemName))},
		cmdb.SupersedeBaseline{By: one(rnd, other, ref(rnd, cmdb.ItemName))}, cmdb.WithdrawBaseline{Reason: w}, itsm.Comment[cmdb.Baseline]{Text: w},
		itsm.Relate[cmdb.Baseline]{Type: "see_also", To: ref(rnd, "change")}, itsm.Unrelate[cmdb.Baseline]{Type: "see_also", To: ref(rnd, "change")},
		itsm.SetAttributes[cmdb.Baseline]{Attributes: itsm.Attributes{{Key: "board", Value: one(rnd, `"ann"`, `"çy"`, "null")}}})
}

// Candidate makes an action of a candidate. Match and create are refused here, as a database does them with the item's
// action in one write: package sample plays them.
func Candidate(rnd *rand.Rand, c *cmdb.Candidate) itsm.Action[cmdb.Candidate] {
	class, why := one(rnd, "server", "database"), one(rnd, cmdb.WhySeveral, cmdb.WhyDisputed, "")
	found := []cmdb.Evidence{{Rule: "serial", Item: ref(rnd, cmdb.ItemName)}, {Rule: "host", Item: ref(rnd, cmdb.ItemName)}}[:rnd.IntN(3)]
	if c == nil {
		key := fmt.Sprint(rnd.IntN(40))
		return cmdb.Raise{Source: one(rnd, "agent", "scan", ""), Key: key, Class: class, Values: claims(rnd), Claim: "key=" + key, Why: why, Found: found}
	}
	return likely[cmdb.Candidate](rnd, cmdb.CandidateKind(), c.State, cmdb.Renew{Class: class, Values: claims(rnd), Why: why, Found: found}, cmdb.Match{Item: ref(rnd, cmdb.ItemName)}, cmdb.Create{},
		cmdb.Discard{Reason: word(rnd)}, cmdb.Discard{Reason: "a toaster"}, itsm.Comment[cmdb.Candidate]{Text: word(rnd)}, itsm.SetAttributes[cmdb.Candidate]{Attributes: itsm.Attributes{{Key: "shelf", Value: one(rnd, "4", "null")}}})
}
