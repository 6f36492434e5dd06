// Package budget is the budget of an account, or of a service on it, for a period: planned, approved edition by edition,
// reserved by commitments, used up by actual costs, and watched.
//
//	b, err := desk.Open(ctx, budget.Draft{Title: "Cloud 2026", Account: "6200", From: from, Until: until, Plan: budget.Plan{Amount: amount}})
//	b, err = desk.Do(ctx, b.ID, budget.Submit{})
//	b, err = desk.Do(another, b.ID, budget.Approve{})
//	b, err = desk.Do(ctx, b.ID, budget.Commit{For: request, Amount: price})
//	b, err = desk.Do(ctx, b.ID, budget.Spend{For: invoice, Against: request, Amount: billed, Final: true})
//
// # Words
//
// A [Plan] is what is asked for and approved: an amount, how it spreads over the months, what happens when it is exceeded,
// and at which thresholds somebody wants to know. The plan that is in force is an edition; [Revise] begins the next one,
// and the one in force stays until that is approved. A commitment is money reserved for a purchase that is wanted but not
// billed; an actual is a cost that has arisen. Of each [Budget]
//
//	Budgeted  = Plan.Amount + Transferred + Carried
//	Available = Budgeted - Committed - Actual
//
// # Life
//
// The lifecycle is in docs/budget-lifecycle.md, generated from [Rules]. A budget is in force once its first edition is
// approved and until it is closed. Approving needs a second person: not the one who submitted, unless [Options.OwnApproval].
// A submitted edition does not change.
//
// # When it is exceeded
//
// [Stop] refuses what is more than is available, [Warn] lets it pass with the fact "over" on its event. By default
// commitments stop and actuals warn: an invoice that is owed is owed. Commitments and actuals are one calculation, so that
// an actual against its commitment changes what is available only by the difference of the two.
//
// # From budget to budget
//
// [Transfer] moves money between two budgets in one write; [CarryForward] closes a budget and moves its open commitments,
// and some of what is left, to that of a later period. Neither creates or loses a coin: the two halves are actions that
// nothing else can do. They need [Facts] as the desk's Config.Facts.
//
// # Looking ahead
//
// [Budget.Forecast] is the run rate, [Budget.Variance] the difference from the plan up to a date. Thresholds of the plan
// raise each [Alert] once in an edition: as the fact "alerts" on the event of the action that reached it, which [AlertsOf]
// reads and an [Alarm] hands on. Time reaches thresholds too, of the forecast: [Sweep] looks for them.
//
// # Limits
//
// A budget is for costs: less than planned is favourable. It is one record, and each commitment or cost is one write that
// takes time in proportion to the open commitments, of which it has up to [itsm.MaxList]; split what many buy from. Money is
// in one currency a budget; convert before. Exceeding is judged over the whole period, not month by month.
package budget
