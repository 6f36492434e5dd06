package main

import (
	"context"
	"fmt"
	"time"

	"github.com/itsmkit/itsm/calendar"
	"github.com/itsmkit/itsm/finance"
)

// contracts are paid for the whole year and used month by month.
var contracts = []contract{ // never written to
	{text: "Axon Software, ERP licences", account: software, service: "ERP", price: 612_000},
	{text: "Paperclip, workplace licences", account: software, service: "Workplace", price: 236_400},
	{text: "Paperclip, mail and meetings", account: software, service: "Mail and meetings", price: 158_900},
	{text: "Draftline, design seats", account: software, service: "Design", price: 187_500},
	{text: "Tillworks, tills and web shop", account: software, service: "Retail systems", price: 96_300},
	{text: "Hyperplane, virtualisation", account: software, centre: "C30", price: 141_700},
	{text: "Ticketry, service desk tool", account: software, centre: "C60", price: 48_200},
	{text: "Ironrack, care of servers", account: maintenance, centre: "C30", price: 66_000},
	{text: "Ironrack, care of storage", account: maintenance, centre: "C40", price: 57_500},
}

type contract struct {
	text, account   string
	centre, service string // one of the two: a contract of a service alone is its direct cost
	price           int64  // euros a year
}

// invoices come each month; a spread of 10 means that they differ by up to 10 %.
var invoices = []monthly{ // never written to
	{text: "Brickyard Estates, rent", account: rent, centre: "C20", price: 31_500},
	{text: "Volt, power of the data centre", account: rent, centre: "C30", price: 14_800, spread: 18},
	{text: "Volt, power of the offices", account: rent, centre: "C20", price: 3_900, spread: 25},
	{text: "Longwire, lines between sites", account: external, centre: "C50", price: 27_600, spread: 4},
	{text: "Nightwatch, desk out of hours", account: external, centre: "C60", price: 18_400, spread: 10},
	{text: "Handyprint, prints", account: external, service: "Workplace", price: 6_200, spread: 30},
	{text: "Beltline, scanners on hire", account: external, service: "Plant systems", price: 8_700, spread: 5},
}

type monthly struct {
	text, account   string
	centre, service string
	price           int64 // euros a month, about
	spread          int64 // percent
}

// suppliers posts what contracts and invoices cost in a month. The yearly price of a contract is shared out over the months
// to the coin.
func (y *year) suppliers(ctx context.Context, m time.Month) error {
	for i, c := range contracts {
		whole := y.line(c.account, m, eur(c.price))
		whole.ID, whole.Text, whole.Origin = fmt.Sprintf("K-%02d", i+1), c.text, finance.FromContract
		whole.From, whole.Until = date(time.January, 1), date(time.December, 31)
		whole.Cause = documentRef("contract", uint32(i+1))
		months, err := whole.Monthly()
		if err != nil {
			return err
		}
		if err := y.post(ctx, whole.ID, date(m, 2), payables, placed(months[m-1], c.centre, c.service)); err != nil {
			return err
		}
	}
	for _, s := range invoices {
		amount := cents(s.price * (10_000 + y.random.Int64N(200*s.spread+1) - 100*s.spread) / 100)
		if err := y.invoice(ctx, date(m, 20), placed(y.line(s.account, m, amount), s.centre, s.service), s.text); err != nil {
			return err
		}
	}
	if m == time.September { // the supplier gives back what it had billed too much in spring
		back := placed(y.line(external, m, eur(-4_150)), "C50", "")
		back.From, back.Until = date(time.April, 1), date(time.May, 31)
		return y.invoice(ctx, date(m, 24), back, "Longwire, credit note for outages")
	}
	return nil
}

// invoice posts an invoice of one line.
func (y *year) invoice(ctx context.Context, on calendar.Date, l finance.CostLine, text string) error {
	y.documents++
	number := fmt.Sprintf("ER-%04d", y.documents)
	l.ID, l.Text, l.Origin, l.Cause = number+"/1", text, finance.FromInvoice, documentRef("supplier_invoice", y.documents)
	return y.post(ctx, number, on, payables, l)
}

// placed puts a line on a pool's cost centre, or on a service.
func placed(l finance.CostLine, centre, service string) finance.CostLine {
	if l.CostCentre = centre; service != "" {
		l.Service = serviceRef(service)
	}
	return l
}
