// Package register is the fixed asset register: assets as records, each with several books that write it off by their own
// rules, from capitalisation to disposal.
//
//	desk, err := itsm.NewDesk(register.Kind(), itsm.Config[register.Asset]{Repository: repository, Policy: policy,
//		Facts: register.Facts(repository)})
//	a, err := desk.Open(ctx, register.Capitalise{Title: "Rack 7", Books: []register.Terms{
//		{Name: "statutory", Plan: statutory}, {Name: "tax", Plan: tax},
//	}})
//	n, err := register.DepreciateAll(itsm.System(ctx, tenant), desk, yearEnd, now) // as often as you like
//	a, err = desk.Do(ctx, a.ID, register.Dispose{On: sold, Proceeds: price, Reason: "sold"})
//	p, err := a.Position("tax", day) // cost, depreciation and value on any day
//
// # Words
//
// A book has terms, a [depreciation.Plan], and by it charges: what is written off over some days. A charge is planned until
// it is posted. All else that changes a book is a movement: an acquisition, a revaluation, a disposal. A [Position] adds both
// up: the value is cost plus adjustments less accumulated depreciation.
//
// # What never changes
//
// A posted charge, and a movement. A change is prospective: it is effective on a day (see [Movement] for conventions), posts
// what lies before it, and shares out anew what lies ahead. So it cannot be dated before what was posted, or before an
// earlier change. The charges of a record always write off what the book is worth down to its salvage, to the coin; the kind
// refuses a record for which that does not hold. Books never touch one another: [Revalue], [Impair], [Revise] and [Use]
// name one. What happens to the thing itself, [Dispose] and [Divide], happens to all.
//
// # What others do with it
//
// The event of an action has what it posted: [EntryOf]. A ledger books that once for each event; charges and movements are
// numbered in each book, so that nothing is booked twice. What was known at an instant is told by the record as of then:
// [itsm.Desk.AsRecorded] with [Asset.Position].
//
// # Limits
//
// All books of an asset are in one currency. A book is charged by whole periods of its plan: for charges by month take a
// plan by month. Days may lie ahead of the clock, as those of a run some days before the end of a month do; whether an
// accounting period is open is the ledger's to say. What was posted by mistake is made good by a later change, or reversed
// in the ledger; an asset that left before the last charge is disposed of on the day behind that, with the gain changed
// by as much. The value on a day within a period is by days, or by the months that are over; when a change later cuts that
// period, it may differ by the coin that the cut rounds. A revaluation keeps the proportions of the charges ahead; [Revise]
// makes them anew.
//
// The package is safe for concurrent use as its desk is.
package register
