package asset_test

import (
	"encoding/json"
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/asset"
	"github.com/itsmkit/itsm/calendar"
	"github.com/itsmkit/itsm/lifecycle"
	"github.com/itsmkit/itsm/money"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// chance is where arbitrary inputs come from.
type chance interface{ IntN(n int) int }

// drawn is the chance of a property test.
type drawn struct{ t *rapid.T }

func (d drawn) IntN(n int) int { return rapid.IntRange(0, n-1).Draw(d.t, "chance") }

func pick[V any](c chance, of ...V) V { return of[c.IntN(len(of))] }

func word(c chance) string {
	return pick(c, "", "as agreed", "nicht mehr", "ΑΒΓ", "a\x00b", "\xff", "x", "y", "z")
}
func who(c chance) string { return pick(c, "", "ann", "bo", "cleo") }

func date(c chance) calendar.Date {
	return pick(c, calendar.Date{}, on(2026, 3, 1), on(2026, 3, 9), on(2027, 1, 31))
}

func amount(c chance) money.Amount {
	return pick(c, money.Amount{}, eur(100), eur(-1), money.Must(money.New(5, money.USD)))
}

func when(c chance, now time.Time) time.Time {
	return pick(c, time.Time{}, now.Add(-time.Hour), now, now.Add(time.Hour), now.Add(50*time.Hour))
}

func particulars(c chance) asset.Particulars {
	p := asset.Particulars{Title: pick(c, "Thing", "Thing", "Größe", word(c)), Class: pick(c, "laptop", "mobile", "consumable", "licence", "subscription", "software", "computer", "none"),
		Manufacturer: pick(c, "", "Example", "Beispiel"), Tag: pick(c, "", "", "T1", "t1"), Location: pick(c, "", "Oslo", "Bergen"),
		CostCentre: pick(c, "", "4100"), WarrantyEnds: date(c), SupportEnds: date(c)}
	switch p.Class {
	case "laptop":
		p.Serial = pick(c, "", "S1", "s1", "S2")
		p.Specification = pick(c, nil, itsm.Attributes{{Key: "memory_gb", Value: "16"}}, itsm.Attributes{{Key: "memory_gb", Value: `"x"`}})
	case "mobile":
		p.Specification = pick(c, nil, itsm.Attributes{{Key: "imei", Value: `"1"`}}, itsm.Attributes{{Key: "imei", Value: `"2"`}})
	case "consumable":
		p.Stock = pick(c, nil, &asset.Stock{OnHand: 3}, &asset.Stock{OnHand: -3})
	case "licence", "subscription":
		p.Grant = pick(c, nil, grant(c))
	}
	return p
}

func grant(c chance) *asset.Entitlement {
	return &asset.Entitlement{Product: pick(c, "d3", ""), Metric: pick(c, asset.PerUser, asset.PerCore, "x"), Quantity: int64(c.IntN(3)), From: date(c), Until: date(c), Cost: amount(c)}
}

// draw makes an arbitrary input, right or wrong, for an action of the kind.
func draw(c chance, k *itsm.Kind[asset.Asset], name string, now time.Time) itsm.Action[asset.Asset] {
	other := itsm.Ref{Kind: "supplier", ID: itsm.ID{1}}
	switch name {
	case "plan":
		return asset.Plan{Asset: particulars(c), Cost: amount(c)}
	case "register":
		return asset.Register{Asset: particulars(c), Purchase: asset.Purchase{Cost: amount(c), ReceivedOn: date(c)}, InServiceOn: date(c)}
	case "order":
		return asset.Order{Order: word(c), ExpectedOn: date(c), Cost: amount(c), Supplier: pick(c, itsm.Ref{}, other)}
	case "receive":
		return asset.Receive{Serial: pick(c, "", "S1", "S3"), Location: word(c), Cost: amount(c), Quantity: int64(c.IntN(3) - 1)}
	case "cancel":
		return asset.Cancel{Reason: word(c)}
	case "check_out":
		return asset.CheckOut{To: who(c), Location: pick(c, "", "Home"), DueBack: when(c, now), Acceptance: c.IntN(2) == 0}
	case "decline":
		return asset.Decline{Reason: word(c)}
	case "check_in":
		return asset.CheckIn{Location: pick(c, "", "Oslo"), Condition: word(c)}
	case "extend":
		return asset.Extend{DueBack: when(c, now)}
	case "transfer":
		return asset.Transfer{To: who(c), CostCentre: pick(c, "", "4200"), DueBack: when(c, now), Acceptance: c.IntN(2) == 0}
	case "assign":
		return asset.Assign{Location: pick(c, "", "Bergen"), CostCentre: pick(c, "", "4300"), Owner: who(c)}
	case "reserve":
		return asset.Reserve{ID: pick(c, "", "r1", "r2"), For: who(c), From: when(c, now), Until: when(c, now)}
	case "release":
		return asset.Release{ID: pick(c, "r1", "r2")}
	case "maintain":
		return asset.Maintain{Reason: word(c), BackBy: date(c)}
	case "return":
		return asset.Return{ToStock: c.IntN(2) == 0}
	case "replenish":
		return asset.Replenish{Quantity: int64(c.IntN(4))}
	case "issue":
		return asset.Issue{Quantity: int64(c.IntN(4)), To: who(c)}
	case "count":
		return asset.Count{OnHand: int64(c.IntN(4) - 1), Reason: word(c)}
	case "set_reorder":
		return asset.SetReorder{Point: int64(c.IntN(3) - 1), Quantity: int64(c.IntN(3))}
	case "entitle":
		return asset.Entitle{Grant: *grant(c)}
	case "report_lost":
		return asset.ReportLost{Text: word(c)}
	case "report_stolen":
		return asset.ReportStolen{Text: word(c), Report: word(c)}
	case "recover":
		return asset.Recover{Location: pick(c, "", "Oslo")}
	case "retire":
		return asset.Retire{Reason: word(c)}
	case "reinstate":
		return asset.Reinstate{Reason: word(c)}
	case "dispose":
		return asset.Dispose{Method: pick(c, "", asset.Sold, asset.WrittenOff), Wiped: pick(c, "", asset.NoData, asset.Purged), WipedBy: word(c), Certificate: word(c), Proceeds: amount(c)}
	case "write_off":
		return asset.WriteOff{Reason: word(c), Proceeds: amount(c)}
	case "edit":
		return asset.Edit{Title: word(c), Product: word(c)}
	case "identify":
		return asset.Identify{Manufacturer: pick(c, "", "Example"), Serial: pick(c, "", "S1", "S4"), Tag: pick(c, "", "T1", "T2")}
	case "reorder":
		return asset.Reorder{Quantity: int64(c.IntN(4) - 1)}
	case "specify":
		return asset.Specify{Specification: pick(c, nil, itsm.Attributes{{Key: "memory_gb", Value: "32"}}, itsm.Attributes{{Key: "imei", Value: `"3"`}})}
	case "reclassify":
		return asset.Reclassify{Class: pick(c, "desktop", "mobile", "consumable")}
	case "set_value":
		return asset.SetValue{Cost: amount(c), InServiceOn: date(c), Reason: word(c)}
	case "set_dates":
		return asset.SetDates{WarrantyEnds: date(c), LifeEnds: date(c)}
	case "sight":
		return asset.Sight{Location: word(c)}
	case "comment":
		return asset.Comment{Text: word(c)}
	case "relate":
		return asset.Relate{Type: pick(c, "bought_by", "No name"), To: other}
	case "unrelate":
		return asset.Unrelate{Type: "bought_by", To: other}
	}
	a, err := k.Decode(name, nil) // those without input
	if err != nil {
		panic(err)
	}
	return a
}

// Every path of the lifecycle: arbitrary actions on one asset beside others that have serial numbers and labels too.
func TestAssetPaths(t *testing.T) {
	k := asset.Kind()
	rapid.Check(t, func(t *rapid.T) {
		d := newDepot(t, k)
		d.open(laptop())
		r := laptop()
		r.Asset.Serial, r.Asset.Tag = "S4", "T1"
		d.open(r)
		var x asset.Asset
		for x.Version == 0 {
			var err error
			if x, err = d.desk.Open(d.as("ann"), draw(drawn{t}, k, pick[string](drawn{t}, "plan", "register"), d.now)); err != nil {
				require.True(t, errors.Is(err, itsm.ErrInvalid) || errors.Is(err, itsm.ErrDuplicate), "%v", err)
			}
		}
		step := func(t *rapid.T, name string) {
			d.t = t
			d.now = d.now.Add(time.Duration(rapid.IntRange(0, 30).Draw(t, "hours")) * time.Hour)
			actor := rapid.SampledFrom([]string{"ann", "bo", "cleo"}).Draw(t, "actor")
			offered, err := d.desk.Options(d.as(actor), x)
			require.NoError(t, err)
			option := offered[slices.IndexFunc(offered, func(o itsm.Option) bool { return o.Action == name })]
			before := x
			after, err := d.desk.Do(d.as(actor), x.ID, draw(drawn{t}, k, name, d.now))
			stored, failed := d.desk.Get(d.as("ann"), x.ID)
			require.NoError(t, failed)
			if err != nil {
				require.True(t, errors.Is(err, itsm.ErrInvalid) || errors.Is(err, itsm.ErrNotAllowed) || errors.Is(err, itsm.ErrDuplicate), "%v", err)
				require.True(t, !errors.Is(err, itsm.ErrNotAllowed) || !option.Allowed, "%s was offered, then: %v", name, err)
				require.Equal(t, before, stored, "a failure changes nothing")
				return
			}
			require.True(t, option.Allowed, "%s succeeded but was not offered: %v", name, option.Why)
			require.Contains(t, option.To, string(after.State))
			require.Equal(t, after, stored)
			require.Equal(t, before.Version+1, after.Version)
			x = after
			holds(t, d, k, x)
		}
		t.Repeat(map[string]func(*rapid.T){
			"any":      func(t *rapid.T) { step(t, rapid.SampledFrom(k.Actions()).Draw(t, "action")) },
			"possible": func(t *rapid.T) { step(t, rapid.SampledFrom(k.Lifecycle().Allowed(x.State)).Draw(t, "action")) },
			"move": func(t *rapid.T) {
				step(t, rapid.SampledFrom([]string{"receive", "check_out", "accept", "check_in", "reserve", "maintain", "return", "retire", "dispose", "recover"}).Draw(t, "action"))
			},
		})
	})
}

// holds checks what is true of every asset at every time.
func holds(t *rapid.T, d *depot, k *itsm.Kind[asset.Asset], x asset.Asset) {
	events := d.history(x)
	rebuilt, err := k.Replay(events, time.Time{})
	require.NoError(t, err)
	require.Equal(t, x, rebuilt, "the events give the record")
	raw, err := json.Marshal(x)
	require.NoError(t, err)
	read, err := k.Shape().Decode(raw)
	require.NoError(t, err)
	require.Equal(t, &x, read, "JSON keeps the record")

	handed := x.State == asset.Deployed || x.State == asset.InMaintenance && x.Maintenance.From == asset.Deployed
	require.Equal(t, handed, x.Custody != nil)
	require.True(t, x.Holder == "" || x.Custody != nil, "only what is handed out has a holder")
	require.Equal(t, x.State == asset.InMaintenance, x.Maintenance != nil)
	require.Equal(t, x.State == asset.Lost || x.State == asset.Stolen || x.State == asset.Disposed && x.Disposal.Method == asset.WrittenOff, x.Loss != nil)
	require.Equal(t, x.State == asset.Disposed, x.Disposal != nil)
	if x.Disposal != nil && x.Validated.HoldsData && x.Disposal.Method != asset.WrittenOff {
		require.NotEmpty(t, x.Disposal.Wiped, "no data leaves the house without evidence")
	}
	for i, r := range x.Reservations {
		require.True(t, r.Until.After(x.UpdatedAt))
		for _, o := range x.Reservations[:i] {
			require.True(t, !r.From.Before(o.Until) || !o.From.Before(r.Until), "reservations never overlap")
		}
		if x.Custody != nil && r.For != x.Holder {
			require.False(t, x.Custody.DueBack.IsZero(), "nobody has without an end what another reserved")
			require.False(t, r.From.Before(x.Custody.DueBack))
		}
	}
	if x.Stock != nil {
		require.GreaterOrEqual(t, x.Stock.OnHand, int64(0))
	}
	checked, err := asset.StandardModel().Check(x.Class, x.Specification)
	require.NoError(t, err, "a stored specification is valid under the model that it names")
	require.Equal(t, checked.Values, x.Specification)
	booked(t, x, events)
}

// booked: what the history tells accounting adds up to the record.
func booked(t *rapid.T, x asset.Asset, events []itsm.Event) {
	list, err := asset.Valuation(events)
	require.NoError(t, err)
	var cost int64
	inUse, gone, acquired := true, false, false
	for _, e := range list {
		require.False(t, gone, "nothing comes after the end")
		switch e.Type {
		case asset.Acquired, asset.CostAdjusted:
			require.Equal(t, e.Type == asset.CostAdjusted, acquired, "it is acquired once, and first")
			acquired = true
			cost += e.Amount.Coins()
		case asset.OutOfService:
			require.True(t, inUse)
			inUse = false
		case asset.BackInUse:
			require.False(t, inUse)
			inUse = true
		case asset.Derecognised:
			gone = true
		}
	}
	switch x.State {
	case asset.Planned, asset.Ordered, asset.Cancelled:
		require.Empty(t, list)
		return
	}
	require.True(t, acquired)
	require.Equal(t, x.Purchase.Cost.Coins(), cost)
	require.Equal(t, x.State == asset.Disposed, gone)
	require.Equal(t, x.IsHeld(), inUse)
}

// The table is the kind's, and its final states are final.
func TestTableIsTheKinds(t *testing.T) {
	l := asset.Lifecycle()
	require.Equal(t, l.Actions(), asset.Kind().Actions())
	require.ElementsMatch(t, []lifecycle.State{asset.Disposed, asset.Cancelled}, l.Final())
}
