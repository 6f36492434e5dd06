// Package charging makes charges of usage and subscriptions: price lists with effective dates, tariffs, minimum commitments,
// taxes, bills and their corrections, exact to the coin.
//
//	list, err := charging.NewList(charging.Entry{Item: "storage", From: january, Tariff: charging.Tariff{
//		Model: charging.PerUnit, Price: price, Rounding: money.HalfUp,
//	}})
//	rated, err := list.Rate(charging.MonthOf(day), usage) // all usage of the month, as lines
//	bill, err := charging.Unbilled(rated, nil)            // the first time: all of them
//	late, err := charging.Unbilled(rated, bill)           // later: what became different
//
// # Words
//
// A [Tariff] is what a quantity costs: flat, per unit, by packages, graduated or by volume, on request with a markup on
// cost. A price [List] says which tariff an item has on a day. [Usage] is what was used on a day, a [Subscription] what a
// customer has by the month, and what happens once is usage of 1. [List.Rate] and [List.Recur] make a [Line] for each
// customer, item and price of a billing period; a [Commitment] adds what is missing to a minimum.
//
// # Late usage
//
// A bill is what was rated less what was billed before: [Unbilled]. For a period that was billed that is the correction, so
// that a bill is never changed, and late usage costs what timely usage does, also with tiers and minimums. A usage record
// counts once, however often it comes.
//
// # Where it rounds
//
// A charge is computed exactly and rounded once, at the end, as its tariff names it. What is charged by the day is rounded
// once for each month and price ([Prorate], [PlanChange]); taxes for each line or for each rate of an invoice ([Tax]).
// [Tariff.Steps] shows how a charge came about, [Line.Covers] which usage records a line charges.
//
// Everything here is pure, keeps no state and is safe for concurrent use; the invoice as a record is in the package
// charging/invoice.
//
// # Limits
//
// Days are days: which day an instant falls on is the host's to say. Usage is held in memory while it is rated, and an ID is
// known within the period that is rated. Charges do not depend on one another but through minimums: no discounts over
// several items. A list is for one currency; customers with other prices have other lists.
package charging
