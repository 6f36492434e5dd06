// Package invoice is the bill of a customer as a record: drafted from charges, issued under a number without gaps, and
// unchangeable from then on; paid, disputed, credited.
//
// # The story
//
// [Of] makes the content of an invoice from rated lines, [Draft] opens it and [Edit] replaces what it says. [Issue] gives it
// its number and makes it binding. [Pay] records payments until the balance is 0; the customer may object ([OpenDispute],
// [Settle]). An issued invoice is never edited or cancelled: a [Credit] takes it back, or parts of it, and [Notes] issues
// the credit note for that. A notional invoice (showback) is published instead, has no number and is not to be paid.
//
// # The smallest program
//
//	desk, err := itsm.NewDesk(invoice.Kind(), itsm.Config[invoice.Invoice]{
//		Repository: memory.For(memory.New(), invoice.Kind()), Policy: itsm.AllowAll,
//	})
//	content, err := invoice.Of("cleo", money.EUR, lines, charging.PerInvoice, money.HalfUp)
//	inv, err := desk.Open(ctx, invoice.Draft{Content: content})
//	inv, err = desk.Do(ctx, inv.ID, invoice.Issue{})
//	inv, err = desk.Do(ctx, inv.ID, invoice.Pay{ID: "transfer 17", Amount: inv.Balance})
//
// # Late usage
//
// What was billed for a period is told by [Billed], and what is still to be billed by charging.Unbilled: late usage becomes
// a line of the next invoice, or of a credit note, and the invoice of the closed period stays as it is.
//
// # Service credits
//
// [ServiceCredits] follows the clocks of service levels and drafts credit notes for missed agreements. What is due it asks
// the host, who knows the agreements.
//
// # Limits
//
// One currency and one customer an invoice, itsm.MaxList lines. A payment is never more than is owed: what a customer paid
// beyond that is the host's to keep or to send back. Nothing is written off: what will not be paid is credited or stays open.
// Invoices and credit notes share one series of numbers. Dates of payments are the caller's. Reminders and layout are the
// host's.
package invoice
