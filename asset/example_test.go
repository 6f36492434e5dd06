package asset_test

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/asset"
	"github.com/itsmkit/itsm/calendar"
	"github.com/itsmkit/itsm/money"
	"github.com/itsmkit/itsm/store/memory"
)

// A laptop from its order to the shredder.
func Example() {
	store := memory.New()
	now := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	desk, err := itsm.NewDesk(asset.Kind(), itsm.Config[asset.Asset]{
		Repository: memory.For(store, asset.Kind()), Policy: itsm.AllowAll,
		Facts: asset.Facts(memory.For(store, asset.ModelKind()), ""),
		Clock: func() time.Time { return now },
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	as := func(who string) context.Context {
		return itsm.WithActor(context.Background(), itsm.Actor{ID: who, Tenant: "acme"})
	}
	price := money.Must(money.New(124990, money.EUR))
	laptop, err := desk.Open(as("ann"), asset.Plan{Cost: price, Asset: asset.Particulars{Title: "Laptop of Cleo", Class: "laptop",
		Manufacturer: "Example", Product: "Book 14", Location: "Oslo", CostCentre: "4100"}})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, step := range []struct {
		who string
		do  itsm.Action[asset.Asset]
	}{
		{"ann", asset.Order{Order: "PO-7", ExpectedOn: calendar.Date{Year: 2026, Month: 3, Day: 9}}},
		{"ann", asset.Receive{Serial: "EX-0042", Tag: "A-1001", WarrantyEnds: calendar.Date{Year: 2029, Month: 3, Day: 1}}},
		{"ann", asset.CheckOut{To: "cleo", Acceptance: true}},
		{"cleo", asset.Accept{}},
		{"ann", asset.Retire{Reason: "display broken, no repair"}},
		{"ann", asset.Dispose{Method: asset.Recycled}},
		{"ann", asset.Dispose{Method: asset.Recycled, Wiped: asset.MediaDestroyed, WipedBy: "Shred Ltd", Certificate: "SH-2026-118"}},
	} {
		next, err := desk.Do(as(step.who), laptop.ID, step.do)
		if err != nil {
			fmt.Println(err)
			continue
		}
		laptop = next
		fmt.Printf("%s %q\n", laptop.State, laptop.Holder)
	}
	// Output:
	// ordered ""
	// in_stock ""
	// deployed "cleo"
	// deployed "cleo"
	// retired ""
	// asset: dispose: invalid: wiped: required (because class laptop holds data)
	// disposed ""
}

// A host declares classes at run time, as data.
func ExampleClassModel() {
	store := memory.New()
	models, err := itsm.NewDesk(asset.ModelKind(), itsm.Config[asset.ClassModel]{
		Repository: memory.For(store, asset.ModelKind()), Policy: itsm.AllowAll})
	if err != nil {
		fmt.Println(err)
		return
	}
	assets, err := itsm.NewDesk(asset.Kind(), itsm.Config[asset.Asset]{
		Repository: memory.For(store, asset.Kind()), Policy: itsm.AllowAll, Facts: asset.Facts(memory.For(store, asset.ModelKind()), "")})
	if err != nil {
		fmt.Println(err)
		return
	}
	ctx := itsm.WithActor(context.Background(), itsm.Actor{ID: "ann", Tenant: "acme"})
	classes := append(asset.StandardClasses(), asset.Class{Name: "projector", Extends: "peripheral", Attributes: []asset.AttributeDefinition{
		{Key: "lumens", Type: itsm.FieldNumber, Required: true},
		{Key: "mount", Type: itsm.FieldChoice, Choices: []string{"ceiling", "table"}},
	}})
	if _, err := models.Open(ctx, asset.Define{Model: "standard", Classes: classes}); err != nil {
		fmt.Println(err)
		return
	}
	of := func(values map[string]any) asset.Register {
		specification, err := itsm.AttributesOf(values)
		if err != nil {
			fmt.Println(err)
		}
		return asset.Register{Asset: asset.Particulars{Title: "Projector", Class: "projector", Specification: specification}}
	}
	_, err = assets.Open(ctx, of(map[string]any{"mount": "wall"}))
	var wrong *itsm.ValidationError
	if errors.As(err, &wrong) {
		for _, p := range wrong.Problems {
			fmt.Println(p)
		}
	}
	good, err := assets.Open(ctx, of(map[string]any{"lumens": 3200, "mount": "table"}))
	fmt.Println(good.Specification.Text("lumens"), "valid under edition", good.Validated.Edition, err)
	// Output:
	// specification.lumens: required (class projector)
	// specification.mount: choice (allowed ceiling, table, value "wall")
	// 3200 valid under edition 1 <nil>
}

// Licences against installations: what is missing, what is idle, and why.
func ExamplePosition() {
	eur := func(euros int64) money.Amount { return money.Must(money.New(euros*100, money.EUR)) }
	day := func(y, m, d int) calendar.Date { return calendar.Date{Year: y, Month: time.Month(m), Day: d} }
	p, err := asset.Position(asset.Estate{
		On: day(2026, 6, 30), Currency: money.EUR,
		Products: []asset.Product{
			{Name: "Draw 3", Line: "Draw", Release: 3, Metric: asset.PerDevice, Price: eur(90)},
			{Name: "Draw 4", Line: "Draw", Release: 4, Metric: asset.PerDevice, Price: eur(120), ReleasedOn: day(2026, 2, 1)},
			{Name: "Base", Metric: asset.PerCore, Price: eur(800), Cores: asset.CoreRule{Factors: "usual", Total: true}},
		},
		Holdings: []asset.Holding{
			{ID: "L1", Entitlement: asset.Entitlement{Product: "Draw 4", Metric: asset.PerDevice, Quantity: 2, Downgrade: true, Cost: eur(110)}},
			{ID: "L2", Entitlement: asset.Entitlement{Product: "Draw 3", Metric: asset.PerDevice, Quantity: 1, UpgradeUntil: day(2026, 3, 31), Cost: eur(80)}},
			{ID: "L3", Entitlement: asset.Entitlement{Product: "Base", Metric: asset.PerCore, Quantity: 4, Until: day(2026, 12, 31), Cost: eur(750)}},
		},
		Installations: []asset.Installation{
			{Product: "Draw 3", Device: "pc-1"}, {Product: "Draw 3", Device: "pc-2"}, {Product: "Draw 4", Device: "pc-3"},
			{Product: "Base", Device: "db-1"}, {Product: "Base", Device: "db-2"},
		},
		Devices: []asset.Device{
			{Name: "db-1", Processors: []asset.Processor{{Type: "x86", Cores: 5}}},
			{Name: "db-2", Processors: []asset.Processor{{Type: "x86", Cores: 6}}},
		},
		Factors: map[string]asset.Factors{"usual": {"x86": number("0.5")}},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Print(p.Explain())
	// Output:
	// Licence position on 2026-06-30
	//
	// product  metric  needed  covered  missing  short
	// Draw 3   device  2       2        0        0.00 EUR
	// Draw 4   device  1       1        0        0.00 EUR
	// Base     core    6       4        2        1600.00 EUR
	//
	// holding  for     quantity  used  unused  idle
	// L1       Draw 4  2         2     0       0.00 EUR
	// L2       Draw 3  1         1     0       0.00 EUR
	// L3       Base    4         4     0       0.00 EUR
	//
	// Draw 3: 1 of L2, its own
	// Draw 3: 1 of L1, by the right to earlier releases
	// Draw 4: 1 of L1, its own
	// Base: x86 needs 6: 11 cores × 0.5 = 5.5
	// Base: 4 of L3, its own
	// short 1600.00 EUR, idle 0.00 EUR
}

func number(text string) money.Number {
	n, err := money.ParseNumber(text)
	if err != nil {
		panic(err)
	}
	return n
}
