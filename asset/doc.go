// Package asset is asset management: hardware, software, licences, subscriptions and consumables, from the plan to buy
// them until they are gone, with who has them, where they are, what they cost and what they may be used for.
//
// # The story
//
// [Plan] and [Register] open an asset of a class. It is ordered, received into stock, handed out with [CheckOut] and
// accepted, lent with a date at which it is due back, transferred, repaired, taken back, retired and disposed of with
// the evidence that nothing is left of the data. It may be lost or stolen on the way, and be found again. Consumables
// are stock that is reordered, replenished, issued and counted.
//
// # Classes
//
// What is known of an asset beside that depends on its class. Classes inherit: a laptop is a computer, a computer is
// hardware. They and their typed attributes are data that a host changes at run time: a [ClassModel] is a record, each
// change of it is an edition, and an asset says under which edition its specification was valid. [Compile] checks
// classes, [Model.Check] a specification. A tenant that declares nothing has [StandardClasses].
//
// # Licences
//
// An asset of the category licence or subscription carries an [Entitlement]. [Position] compares entitlements with
// what was found in use: an effective licence position, with the way by which each figure was reached. [Ahead] shows
// what expiries will do to it.
//
// # The smallest program
//
//	store := memory.New()
//	models := memory.For(store, asset.ModelKind())
//	desk, err := itsm.NewDesk(asset.Kind(), itsm.Config[asset.Asset]{
//		Repository: memory.For(store, asset.Kind()), Policy: itsm.AllowAll, Facts: asset.Facts(models, ""),
//	})
//	laptop, err := desk.Open(ctx, asset.Register{Asset: asset.Particulars{Title: "Laptop", Class: "laptop", Serial: "C02X"}})
//	laptop, err = desk.Do(ctx, laptop.ID, asset.CheckOut{To: "cleo", Acceptance: true})
//
// # Looking ahead, looking around
//
// [Due] lists what ends between two dates: warranties, support, loans, terms. [Audit] compares scans with records.
// [Levels] and [Shortages] say what to order. [Valuation] reads from an asset's history what accounting has to know;
// depreciation itself is not here.
//
// # Limits
//
// An asset has up to 4 unique attributes beside serial number and label, along its line of classes. A changed class
// model does not touch assets that are there: they are validated anew when their specification changes, or by
// [Revalidate]. So an attribute that was made unique, or was dropped and declared again, is unique among the assets that
// were validated since. Dates of instants are those of UTC. Licences of virtual machines are counted by the processors that
// the host gives for them. The lifecycles as diagrams are in docs/asset-lifecycles.md.
package asset
