package asset_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/asset"
	"github.com/itsmkit/itsm/internal/golden"
	"github.com/stretchr/testify/require"
)

func TestRecordsStayReadable(t *testing.T) {
	d := newDepot(t, asset.Kind())
	r := laptop()
	r.Asset.Specification = values(t, map[string]any{"host_name": "pc-1", "memory_gb": json.Number("16.0")})
	r.Asset.Description, r.Asset.CostCentre, r.Asset.Owner = "14 inch", "4100", "it"
	r.Asset.WarrantyEnds, r.Asset.SupportEnds, r.Asset.LifeEnds = on(2029, 3, 1), on(2031, 1, 1), on(2030, 3, 1)
	r.Purchase = asset.Purchase{Supplier: itsm.Ref{Kind: "supplier", ID: itsm.ID{7}}, Order: "PO-1", OrderedOn: on(2026, 2, 1), ExpectedOn: on(2026, 3, 1), Invoice: "I-1", Cost: eur(124990)}
	x := d.do(d.open(r), asset.CheckOut{To: "cleo", DueBack: d.now.AddDate(0, 1, 0), Acceptance: true},
		asset.Reserve{ID: "r1", For: "dan", From: d.now.AddDate(0, 2, 0), Until: d.now.AddDate(0, 3, 0)},
		asset.Sight{Location: "Home"}, asset.Maintain{Reason: "fan", BackBy: on(2026, 3, 20)})
	golden.Record(t, asset.Kind().Shape().Decode, "testdata/asset_v1.json", x)

	gone := d.do(x, asset.ReportLost{Text: "in the post", Report: "R-1"}, asset.WriteOff{Reason: "given up", Proceeds: eur(1)})
	golden.Record(t, asset.Kind().Shape().Decode, "testdata/asset_gone_v1.json", gone)
	raw := golden.JSON(t, d.history(gone))
	golden.File(t, "testdata/events_v1.json", raw)
	var events []itsm.Event
	require.NoError(t, json.Unmarshal(raw, &events))
	rebuilt, err := asset.Kind().Replay(events, time.Time{})
	require.NoError(t, err)
	require.Equal(t, gone, rebuilt)

	licence := d.open(asset.Register{Asset: asset.Particulars{Title: "Draw", Class: "licence", Grant: &asset.Entitlement{Product: "d3", Metric: asset.PerCore,
		Quantity: 16, From: on(2026, 1, 1), Until: on(2026, 12, 31), Downgrade: true, UpgradeUntil: on(2026, 6, 30), Also: []string{"d2"}, Cost: eur(5)}}})
	golden.Record(t, asset.Kind().Shape().Decode, "testdata/licence_v1.json", licence)
	toner := d.open(asset.Register{Asset: asset.Particulars{Title: "Toner", Class: "consumable", Stock: &asset.Stock{Unit: "box", OnHand: 3, ReorderPoint: 2, ReorderQuantity: 5}}})
	golden.Record(t, asset.Kind().Shape().Decode, "testdata/consumable_v1.json", toner)
	model, err := d.models.Open(d.as("ann"), asset.Define{Model: "standard", Classes: asset.StandardClasses()})
	require.NoError(t, err)
	golden.Record(t, asset.ModelKind().Shape().Decode, "testdata/class_model_v1.json", model)
}

// The diagrams in docs are those of the tables.
func TestDiagrams(t *testing.T) {
	text := "# The lifecycles of assets\n\nGenerated from the tables in package `asset`; a test compares the two.\n\n## Asset\n\n```mermaid\n" +
		asset.Lifecycle().Mermaid() + "```\n\n## Class model\n\n```mermaid\n" + asset.ModelKind().Lifecycle().Mermaid() + "```\n"
	golden.File(t, "../docs/asset-lifecycles.md", []byte(text))
}
