// Package focus reads cost and usage of cloud and software providers in the FOCUS format, version 1.2, and makes bills
// with cost lines of it: exact, complete, and rounded so that the lines add up to the invoice.
//
//	in, err := focus.NewReader(file, focus.Options{})
//	bills, err := focus.Bills(in.All(), focus.Billing{Rounding: money.HalfUp})
//
// FOCUS is the FinOps Open Cost and Usage Specification of the FinOps Foundation. The columns, types, allowed values and
// rules here are those of its version 1.2 of May 2025. Datasets of 1.0 and 1.1 can be read as well: every mandatory column
// was there already.
//
// # Words
//
// A [Charge] is one row: what a provider asks for a use, a purchase, a tax, a credit or an adjustment, within a charge
// period, on the bill of a billing period. The billed cost is what is invoiced; the effective cost spreads what was paid in
// advance over what it covers, so that it need not add up to any invoice. A [Line] is a charge as a cost line of the
// accounting, a [Bill] the lines of an invoice.
//
// # Reading
//
// The dataset is CSV with the column IDs as its first line; compression is the caller's. [Reader.Read] and [Reader.All]
// take one row at a time, [ReadAll] all or none. A row that breaks a rule is a [RowError] that names its line, columns,
// rules and what is allowed, and reading goes on behind it. A header without a mandatory column is a [HeaderError].
//
// By default every rule counts that can be judged from one row. [Options.Lenient] takes the datasets of generators that
// are less exact: it refuses only what leaves no sound cost line, and reports the rest.
//
// Columns that begin with x_ are the provider's own; they are kept as [Custom] values.
//
// # Exact
//
// Costs are a [money.Price]: decimals of a cloud bill are finer than a coin. [Totals] and [Bills] add them up without a
// limit of digits. Each bill is rounded once, and its lines by the method of the largest remainder, see [Bill].
//
// # Once
//
// FOCUS has no row ID, and two rows may rightly be the same. A [Line] has a key made of all that its row says and of how
// often the same was said before. It is the same at each import of the same data, in whatever order rows and columns are:
// use it as the idempotency key or external key of what is stored.
//
// # Limits
//
// Amounts must fit package money: 18 decimals and about 18 digits. Whether the product of quantity and unit price is the
// cost is not checked, since providers round both. The schema metadata that goes with a dataset is not read.
//
// A Reader is not for concurrent use; everything else is a value.
package focus
