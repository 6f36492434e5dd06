package main

import (
	"context"
	"time"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/calendar"
	"github.com/itsmkit/itsm/finance"
	"github.com/itsmkit/itsm/finance/charging"
	"github.com/itsmkit/itsm/finance/charging/invoice"
	"github.com/itsmkit/itsm/money"
	"github.com/itsmkit/itsm/store/memory"
)

// bill opens a desk for invoices and bills the year to each customer.
func (y *year) bill(ctx context.Context) (err error) {
	y.bills, err = itsm.NewDesk(invoice.Kind(), itsm.Config[invoice.Invoice]{
		Repository: memory.For(y.store, invoice.Kind()), Policy: y.policy, Clock: y.clock, NewID: y.newID})
	if err != nil {
		return err
	}
	y.now = midnight(lastDay).Add(18 * time.Hour)
	for _, c := range customers {
		i, err := y.issue(ctx, c.name)
		if err == nil {
			err = y.postBill(ctx, i)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// charges are what a customer bears of each service, as lines of a bill: at cost, so that bills and idle costs are all costs.
func (y *year) charges(customer string) []charging.Line {
	var out []charging.Line
	for f := range y.result.Flows() {
		if f.To != customer {
			continue
		}
		for _, s := range services {
			if s.name == f.From {
				out = append(out, charging.Line{Customer: customer, Item: s.name, Of: charging.OfUsage, Period: wholeYear,
					Quantity: y.units(s.unit+" of "+s.name, customer), Amount: f.Amount, Records: 1})
			}
		}
	}
	return out
}

// issue bills what a customer bears and was not billed for yet. There may be nothing.
func (y *year) issue(ctx context.Context, customer string) (*invoice.Invoice, error) {
	before, err := invoice.Billed(ctx, y.bills, customer, wholeYear, false)
	if err != nil {
		return nil, err
	}
	open, err := charging.Unbilled(y.charges(customer), before)
	if err != nil || len(open) == 0 {
		return nil, err
	}
	content, err := invoice.Of(customer, money.EUR, open, charging.PerInvoice, money.HalfUp) // no taxes within a company
	if err != nil {
		return nil, err
	}
	i, err := y.bills.Open(ctx, invoice.Draft{Content: content})
	if err == nil {
		i, err = y.bills.Do(ctx, i.ID, invoice.Issue{})
	}
	if err != nil {
		return nil, err
	}
	y.invoices = append(y.invoices, i)
	return &i, nil
}

// postBill posts an invoice or credit note: what the customer owes against what was charged for each service. Its cause is
// the invoice.
func (y *year) postBill(ctx context.Context, i *invoice.Invoice) error {
	charges := i.Charges()
	net, err := charging.Net(money.EUR, charges)
	if err != nil {
		return err
	}
	postings := []finance.Posting{signed(receivables, net)}
	for _, c := range charges {
		p := signed(charged, c.Amount.Neg())
		p.Service = serviceRef(c.Item)
		postings = append(postings, p)
	}
	_, err = y.ledger.Post(ctx, finance.Post{Chart: y.books, Date: calendar.DateOf(y.now), Text: "Bill of " + i.Content.Customer, Reference: i.Number,
		Cause: i.Ref(invoice.Name), Postings: postings})
	return err
}

// signed is a posting on the debit of an account, or on the credit if the amount is negative.
func signed(account string, a money.Amount) finance.Posting {
	if a.Sign() < 0 {
		return finance.Credit(account, a.Neg())
	}
	return finance.Debit(account, a)
}

// late is what happens when usage of the year is found after it: the costs are carried again with it, and what is different
// is billed. The bills that are out stay as they are, and so does the closed year in the ledger.
func (y *year) late(ctx context.Context) error {
	y.now = midnight(lateDay).Add(10 * time.Hour)
	_, y.refused = y.ledger.Post(ctx, finance.Post{Chart: y.books, Date: lastDay, Text: "Late usage", Cause: y.month.Ref(finance.PeriodName),
		Postings: []finance.Posting{finance.Debit(receivables, eur(1)), finance.Credit(charged, eur(1))}})

	y.before = y.result
	y.usage = append(y.usage, lateUsage(), lateUsage()) // that it comes twice does not matter
	if err := y.allocate(ctx); err != nil {
		return err
	}
	if err := y.openMonth(ctx, lateDay); err != nil {
		return err
	}
	for _, c := range customers {
		i, err := y.issue(ctx, c.name)
		if err == nil && i != nil {
			err = y.postBill(ctx, i)
		}
		if err != nil {
			return err
		}
	}
	return nil
}
