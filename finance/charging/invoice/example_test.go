package invoice_test

import (
	"context"
	"fmt"
	"time"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/finance/charging"
	"github.com/itsmkit/itsm/finance/charging/invoice"
	"github.com/itsmkit/itsm/money"
	"github.com/itsmkit/itsm/store/memory"
)

func check(err error) {
	if err != nil {
		fmt.Println(err)
	}
}

// March is billed, then usage of March comes late: it goes on the next invoice, and that of March stays as it is.
func Example() {
	store := memory.New()
	desk, err := itsm.NewDesk(invoice.Kind(), itsm.Config[invoice.Invoice]{Repository: memory.For(store, invoice.Kind()), Policy: itsm.AllowAll})
	check(err)
	ctx := itsm.WithActor(context.Background(), itsm.Actor{ID: "ann"})

	tenth, err := money.ParsePrice("0.10", money.EUR)
	check(err)
	list, err := charging.NewList(charging.Entry{Item: "storage", From: day("2026-01-01"), Tax: number("0.19"),
		Tariff: charging.Tariff{Model: charging.PerUnit, Price: tenth, Rounding: money.HalfUp}})
	check(err)
	bill := func(usage ...charging.Usage) invoice.Invoice {
		rated, err := list.Rate(march, usage)
		check(err)
		billed, err := invoice.Billed(ctx, desk, "cleo", march, false)
		check(err)
		open, err := charging.Unbilled(rated, billed)
		check(err)
		content, err := invoice.Of("cleo", money.EUR, open, charging.PerInvoice, money.HalfUp)
		check(err)
		inv, err := desk.Open(ctx, invoice.Draft{Content: content})
		check(err)
		inv, err = desk.Do(ctx, inv.ID, invoice.Issue{})
		check(err)
		return inv
	}
	early := charging.Usage{ID: "a", Customer: "cleo", Item: "storage", On: day("2026-03-05"), Quantity: number("1000")}
	late := charging.Usage{ID: "b", Customer: "cleo", Item: "storage", On: day("2026-03-31"), Quantity: number("50")}

	first := bill(early)
	fmt.Println(first.Number, first.State, first.Totals.Net, "+", first.Totals.Tax, "=", first.Balance)
	second := bill(early, late)
	fmt.Println(second.Number, second.Content.Lines[0].Charge.Period, second.Totals.Net, "+", second.Totals.Tax, "=", second.Balance)

	_, err = desk.Do(ctx, first.ID, invoice.Edit{Content: second.Content})
	fmt.Println(err != nil, first.Totals.Gross)
	first, err = desk.Do(ctx, first.ID, invoice.Pay{ID: "transfer 17", Amount: first.Balance})
	check(err)
	fmt.Println(first.State)
	// Output:
	// INV0000001 issued 100.00 EUR + 19.00 EUR = 119.00 EUR
	// INV0000002 2026-03-01 to 2026-03-31 5.00 EUR + 0.95 EUR = 5.95 EUR
	// true 119.00 EUR
	// paid
}

// A part of an invoice is credited; a relay issues the credit note.
func ExampleNotes() {
	store := memory.New()
	desk, err := itsm.NewDesk(invoice.Kind(), itsm.Config[invoice.Invoice]{Repository: memory.For(store, invoice.Kind()), Policy: itsm.AllowAll,
		Clock: func() time.Time { return time.Date(2026, 4, 1, 8, 0, 0, 0, time.UTC) }})
	check(err)
	ctx := itsm.WithActor(context.Background(), itsm.Actor{ID: "ann"})
	inv, err := desk.Open(ctx, invoice.Draft{Content: content("100.00", "50.00")})
	check(err)
	inv, err = desk.Do(ctx, inv.ID, invoice.Issue{})
	check(err)
	inv, err = desk.Do(ctx, inv.ID, invoice.Credit{Parts: []invoice.Part{{Line: 2, Net: eur("20.00")}}, Reason: "It was slow"})
	check(err)
	check(itsm.NewRelay(store).Run(ctx, invoice.Notes{Desk: desk}))

	notes, err := desk.Find(ctx, itsm.Where(invoice.ByCorrects.Is(inv.Ref(invoice.Name))), itsm.PageRequest{})
	check(err)
	for _, note := range notes.Items {
		fmt.Println(note.Number, note.Content.Type, note.Totals.Gross, "for", inv.Number)
	}
	fmt.Println("left to pay:", inv.Balance)

	_, err = desk.Do(ctx, inv.ID, invoice.Edit{Content: content("1.00")})
	fmt.Println(err)
	// Output:
	// INV0000002 credit_note 23.80 EUR for INV0000001
	// left to pay: 154.70 EUR
	// invoice INV0000001: edit: not allowed: issued (at 2026-04-01T08:00:00Z, want a credit, or another invoice)
}
