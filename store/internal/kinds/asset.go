package kinds

import (
	"math/rand/v2"
	"time"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/asset"
	"github.com/itsmkit/itsm/asset/supplier"
	"github.com/itsmkit/itsm/calendar"
	"github.com/itsmkit/itsm/money"
)

// dated is a date around those of the clock that plays, or none.
func dated(rnd *rand.Rand) calendar.Date {
	return one(rnd, calendar.Date{}, day(rnd.IntN(90)), day(400))
}

// spec is a specification that mostly fits a class.
func spec(rnd *rand.Rand, class string) itsm.Attributes {
	if class == "mobile" {
		return itsm.Attributes{{Key: "imei", Value: one(rnd, `"1"`, `"2"`, `"a/é"`, `"4"`, `"5"`)}}
	}
	return one(rnd, nil, itsm.Attributes{{Key: "memory_gb", Value: one(rnd, "16", "16.50", `"x"`)}})
}

// Asset makes an action of an asset.
func Asset(rnd *rand.Rand, x *asset.Asset) itsm.Action[asset.Asset] {
	w, who, place := word(rnd), one(rnd, "", "ann", "bo"), one(rnd, "", "Oslo", "Tromsø")
	cost, n := one(rnd, money.Amount{}, euros(rnd.Int64N(1000_00)-10)), rnd.Int64N(5)-1
	at := time.Date(2026, 1, 1+rnd.IntN(60), 9, 0, 0, 0, time.UTC)
	grant := asset.Entitlement{Product: "d3", Metric: one(rnd, asset.PerUser, asset.PerCore, "x"), Quantity: n, From: day(0), Until: dated(rnd), Cost: cost}
	if x == nil {
		p := asset.Particulars{Title: "Thing " + w, Class: one(rnd, "laptop", "laptop", "mobile", "consumable", "licence", "none"), Serial: one(rnd, "", "", "S1", "s1", "S2"),
			Tag: one(rnd, "", "", "", "T1", "T2"), Location: place, WarrantyEnds: dated(rnd)}
		switch p.Class {
		case "consumable":
			p.Serial, p.Stock = "", &asset.Stock{OnHand: n}
		case "licence":
			p.Serial, p.Grant = "", &grant
		default:
			p.Specification = spec(rnd, p.Class)
		}
		return one[itsm.Action[asset.Asset]](rnd, asset.Plan{Asset: p, Cost: cost},
			asset.Register{Asset: p, Purchase: asset.Purchase{Supplier: ref(rnd, supplier.Name), Cost: cost, ReceivedOn: dated(rnd)}, InServiceOn: dated(rnd)})
	}
	return likely[asset.Asset](rnd, asset.Kind(), x.State, asset.Order{Order: w, ExpectedOn: dated(rnd), Cost: cost, Supplier: ref(rnd, supplier.Name)}, asset.Receive{Serial: one(rnd, "", "S3"), Cost: cost, Quantity: n},
		asset.Cancel{Reason: w}, asset.CheckOut{To: who, Location: place, DueBack: at, Acceptance: n > 1}, asset.CheckOut{To: who, Acceptance: true}, asset.Accept{Text: w}, asset.Decline{Reason: w},
		asset.CheckIn{Location: place, Condition: w}, asset.Extend{DueBack: at}, asset.Transfer{To: who, CostCentre: "4100"}, asset.Assign{Location: place, Owner: who},
		asset.Reserve{ID: one(rnd, "r1", "r2"), For: who, From: at, Until: at.Add(time.Hour)}, asset.Release{ID: "r1"}, asset.Maintain{Reason: w, BackBy: dated(rnd)}, asset.Return{ToStock: n == 1},
		asset.Reorder{Quantity: n}, asset.Replenish{Quantity: n}, asset.Issue{Quantity: n, To: who}, asset.Count{OnHand: n, Reason: w}, asset.SetReorder{Point: n, Quantity: n}, asset.Entitle{Grant: grant},
		asset.ReportLost{Text: one(rnd, "", "", w)}, asset.ReportStolen{Text: one(rnd, "", "", w), Report: w}, asset.Recover{Location: place}, asset.Retire{Reason: one(rnd, "", "", "old")}, asset.Reinstate{Reason: w},
		asset.Dispose{Method: one(rnd, asset.Sold, asset.WrittenOff), Wiped: one(rnd, asset.NoData, asset.Purged), WipedBy: who, Certificate: w, Proceeds: cost},
		asset.WriteOff{Reason: w, Proceeds: cost}, asset.Edit{Title: w}, asset.Identify{Manufacturer: w, Serial: one(rnd, "", "S1", "S4"), Tag: one(rnd, "", "T1")}, asset.Edit{Description: "a\x00b"}, asset.Specify{Specification: spec(rnd, x.Class)},
		asset.Reclassify{Class: one(rnd, "desktop", "mobile", "licence")}, asset.Revalidate{}, asset.SetValue{Cost: cost, InServiceOn: dated(rnd), Reason: w}, asset.SetDates{LifeEnds: dated(rnd)},
		asset.Sight{Location: place}, asset.Comment{Text: w}, asset.Relate{Type: one(rnd, "bought_by", "No name"), To: ref(rnd, supplier.Name)},
		asset.Unrelate{Type: "bought_by", To: ref(rnd, supplier.Name)})
}

// ClassModel makes an action of a class model.
func ClassModel(rnd *rand.Rand, m *asset.ClassModel) itsm.Action[asset.ClassModel] {
	if m == nil {
		return asset.Define{Model: one(rnd, "standard", "other", "third", ""), Classes: asset.StandardClasses()}
	}
	class := one(rnd, "laptop", "mobile", "hardware", "new_one", "Bad name")
	a := asset.AttributeDefinition{Key: one(rnd, "imei", "colour", "bad key"), Type: one(rnd, itsm.FieldText, itsm.FieldNumber), Unique: rnd.IntN(3) == 0}
	return one[itsm.Action[asset.ClassModel]](rnd, asset.Revise{Classes: asset.StandardClasses()[:rnd.IntN(len(asset.StandardClasses()))]}, asset.Revise{Classes: asset.StandardClasses()},
		asset.DeclareClass{Class: asset.Class{Name: class, Extends: one(rnd, "hardware", "laptop", "none", class), Attributes: []asset.AttributeDefinition{a}}}, asset.DropClass{Class: class},
		asset.DeclareAttribute{Class: class, Attribute: a}, asset.DropAttribute{Class: class, Key: a.Key}, asset.Withdraw{}, asset.Restore{}, itsm.Comment[asset.ClassModel]{Text: word(rnd)})
}

// Supplier makes an action of a supplier.
func Supplier(rnd *rand.Rand, s *supplier.Supplier) itsm.Action[supplier.Supplier] {
	w, code := word(rnd), one(rnd, "", "4711", "4712", "ÅÄÖ")
	people := []supplier.Contact{{Role: one(rnd, "desk", "sales"), Name: one(rnd, "Dan", "Eve", "")}, {Role: "boss", Name: "Bo"}}[:rnd.IntN(3)]
	if s == nil {
		return supplier.Propose{Title: w, Code: code, Contacts: people}
	}
	level := func() supplier.Level { return one(rnd, supplier.High, supplier.Medium, supplier.Low, "") }
	return likely[supplier.Supplier](rnd, supplier.Kind(), s.State, supplier.Reject{Reason: one(rnd, "", "", "no")}, supplier.Assess{Value: level(), Risk: level(), Reason: w, ReviewEvery: itsm.Period{Months: rnd.IntN(13) - 1}}, supplier.Approve{}, supplier.Approve{},
		supplier.Suspend{Reason: w}, supplier.Readmit{Reason: w}, supplier.End{Reason: one(rnd, "", "", "over")}, supplier.Edit{Title: w, Code: code}, supplier.SetContacts{Contacts: people},
		itsm.Review[supplier.Supplier]{Outcome: w}, itsm.Comment[supplier.Supplier]{Text: w}, itsm.Relate[supplier.Supplier]{Type: "part_of", To: ref(rnd, supplier.Name)}, itsm.Unrelate[supplier.Supplier]{Type: "part_of", To: ref(rnd, supplier.Name)})
}

// Contract makes an action of a contract with a supplier.
func Contract(rnd *rand.Rand, c *supplier.Contract) itsm.Action[supplier.Contract] {
	w, party, id := word(rnd), one(rnd, supplier.Us, supplier.Them, ""), one(rnd, "o1", "o2")
	period := func() itsm.Period {
		return one(rnd, itsm.Period{}, itsm.Period{Months: 1 + rnd.IntN(3)}, itsm.Period{Days: rnd.IntN(30)})
	}
	terms := supplier.Terms{From: day(rnd.IntN(9)), Until: one(rnd, calendar.Date{}, day(1), day(3000)), Annual: euros(rnd.Int64N(100)),
		Renewal:  supplier.Renewal{Mode: one(rnd, "", supplier.Automatic, supplier.Optional), Term: period(), Notice: period(), Lead: period()},
		Delivers: []itsm.Ref{ref(rnd, "ci"), ref(rnd, "service")}, Agreements: []itsm.Ref{ref(rnd, "agreement")}}
	if c == nil {
		return supplier.Draft{Title: "Network " + w, Reference: w, Supplier: ref(rnd, supplier.Name), Terms: terms, ReviewEvery: period()}
	}
	due, end := dated(rnd), dated(rnd)
	if len(c.Obligations) > 0 {
		due = c.Obligations[0].From
	}
	return likely[supplier.Contract](rnd, supplier.ContractKind(), c.State, supplier.Redraft{Terms: terms}, supplier.Sign{By: w}, supplier.Sign{By: "ann"}, supplier.Abandon{Reason: one(rnd, "", "", "no")}, supplier.Amend{Terms: terms, Reason: w},
		supplier.EditContract{Title: w, Owner: "bo"}, supplier.Renew{Until: end, Reason: w}, supplier.RollOver{}, supplier.GiveNotice{By: party, Reason: w}, supplier.WithdrawNotice{Reason: w}, supplier.Expire{},
		supplier.Terminate{By: party, On: end, Reason: one(rnd, "", "", "over"), Cause: rnd.IntN(2) == 0},
		supplier.Oblige{Obligations: []supplier.Obligation{{ID: id, Text: w, By: party, From: dated(rnd), Every: period()}}}, supplier.Deliver{Obligation: id, Due: due, Evidence: w},
		supplier.Waive{Obligation: id, Due: due, Reason: w}, supplier.OpenDispute{ID: one(rnd, "d1", "d2", ""), About: w, By: party, Amount: euros(5)}, supplier.Settle{ID: one(rnd, "d1", "d2"), Outcome: w},
		itsm.Review[supplier.Contract]{Outcome: w}, itsm.Comment[supplier.Contract]{Text: w}, itsm.Relate[supplier.Contract]{Type: "see_also", To: ref(rnd, "ci")}, itsm.Unrelate[supplier.Contract]{Type: "see_also", To: ref(rnd, "ci")})
}
