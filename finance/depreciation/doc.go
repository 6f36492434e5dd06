// Package depreciation writes the cost of an asset off over its life: straight line, declining and double declining
// balance with the switch to straight line, sum of the years' digits and units of use, for whole periods or from a date
// in service on, by month, half period or day.
//
//	plan := depreciation.Plan{
//		Method: depreciation.StraightLine, Cost: cost, Salvage: salvage, Periods: 5, Rounding: money.HalfUp,
//	}
//	amounts, err := plan.Amounts()
//
// # Words
//
// The salvage is what the asset is worth at the end of its life. The base, cost less salvage, is what is written off. The
// book value is cost less what was written off so far. A convention says which share of a charge the first period bears
// when the asset came into service within it; what it does not bear falls to one more period at the end.
//
// # Exact to the coin
//
// Each charge is computed exactly, rounded once as the plan names it, and is never more than what is left; the last one
// takes the rest. So the charges of a whole life add up to the base, and declining balances go by the book value as it
// was posted, not by an unrounded one.
//
// [SLN], [SYD], [DB], [DDB] and [VDB] are the functions of that name in spreadsheets: one figure, an exact fraction that the
// caller rounds. [DB] rounds the rate to three decimals, as spreadsheets do.
//
// A plan is a value; everything here is pure and safe for concurrent use. Assets as records, with several books, opening
// balances, revaluation, impairment, division and disposal, are package register below this one.
package depreciation
