package invoice_test

import (
	"encoding/json"
	"errors"
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/finance/charging"
	"github.com/itsmkit/itsm/finance/charging/invoice"
	"github.com/itsmkit/itsm/money"
)

// 300 at 19 %: 57 of tax.
func TestIssueAndPay(t *testing.T) {
	b := newBureau(t)
	i := b.open(content("100.00", "200.00"))
	require.Empty(t, i.Number)
	require.Equal(t, []string{"300.00 EUR", "57.00 EUR", "357.00 EUR"}, []string{i.Totals.Net.String(), i.Totals.Tax.String(), i.Totals.Gross.String()})
	require.True(t, i.Balance.IsZero(), "nothing is owed for a draft")
	i = b.do(i, invoice.Issue{})
	require.Equal(t, "INV0000001", i.Number)
	require.Equal(t, eur("357.00"), i.Balance)

	due, err := b.desk.Find(b.ctx(), itsm.Where(invoice.ByDue.To(time.Date(2026, 4, 30, 0, 0, 0, 0, time.UTC))), itsm.PageRequest{})
	require.NoError(t, err)
	require.Len(t, due.Items, 1)

	require.Equal(t, "amount beyond_balance", b.invalid(i, invoice.Pay{ID: "1", Amount: eur("357.01")}))
	require.Equal(t, "amount beyond_balance", b.invalid(i, invoice.Pay{ID: "1", Amount: eur("0.00")}))
	require.Equal(t, "amount beyond_balance", b.invalid(i, invoice.Pay{ID: "1", Amount: eur("-1.00")}))
	require.Equal(t, "amount currency", b.invalid(i, invoice.Pay{ID: "1", Amount: money.Must(money.New(1, money.JPY))}))
	require.Equal(t, "id required", b.invalid(i, invoice.Pay{Amount: eur("1.00")}))
	i = b.do(i, invoice.Pay{ID: "1", Amount: eur("57.00")})
	require.Equal(t, invoice.Issued, i.State)
	require.Equal(t, day("2026-04-01"), i.Payments[0].On)
	require.Equal(t, "id recorded_before", b.invalid(i, invoice.Pay{ID: "1", Amount: eur("57.00")}))
	i = b.do(i, invoice.Pay{ID: "2", Amount: eur("300.00"), On: day("2026-03-31")})
	require.Equal(t, invoice.Paid, i.State)
	require.Equal(t, eur("0.00"), i.Balance)
	due, err = b.desk.Find(b.ctx(), itsm.Where(invoice.ByDue.To(b.now.AddDate(1, 0, 0))), itsm.PageRequest{})
	require.NoError(t, err)
	require.Empty(t, due.Items, "what is paid is not due")
	note := b.do(b.open(creditNote("1.00")), invoice.Issue{})
	require.Equal(t, eur("1.19"), note.Balance, "owed to the customer")
	due, err = b.desk.Find(b.ctx(), itsm.Where(invoice.ByDue.To(b.now.AddDate(1, 0, 0))), itsm.PageRequest{})
	require.NoError(t, err)
	require.Empty(t, due.Items)
	require.Equal(t, invoice.Paid, b.do(note, invoice.Pay{ID: "set off against INV0000003", Amount: eur("1.19")}).State)
}

// What was issued is refused in words that say what to do instead, and stays as it is.
func TestIssuedInvoicesNeverChange(t *testing.T) {
	b := newBureau(t)
	i := b.do(b.open(content("100.00")), invoice.Edit{Content: content("100.00", "1.00")}, invoice.Issue{})
	require.Equal(t, eur("120.19"), i.Totals.Gross)
	require.Equal(t, "issued", b.denied(i, invoice.Edit{Content: content("1.00")}))
	_, err := b.desk.Do(b.ctx(), i.ID, invoice.Edit{Content: content("1.00")})
	require.ErrorContains(t, err, "invoice INV0000001: edit: not allowed: issued (at 2026-04-01T08:00:00Z, want a credit, or another invoice)")
	_, err = b.desk.Do(b.ctx(), i.ID, invoice.Cancel{Reason: "wrong"})
	require.ErrorIs(t, err, itsm.ErrNotAllowed)
	_, err = b.desk.Do(b.ctx(), i.ID, invoice.Issue{})
	require.ErrorIs(t, err, itsm.ErrNotAllowed)
	require.Equal(t, i, b.get(i.ID))
}

// Drafts that were given up, and notional invoices, take no number; a refused issue takes none either.
func TestNumbersHaveNoGaps(t *testing.T) {
	b := newBureau(t)
	b.do(b.open(content("1.00")), invoice.Cancel{Reason: "twice"})
	showback := content("1.00", "-3.00")
	showback.Notional = true
	shown := b.do(b.open(showback), invoice.Publish{})
	require.Empty(t, shown.Number)
	require.True(t, shown.Balance.IsZero())
	require.Equal(t, "no_lines", b.denied(b.open(content()), invoice.Issue{}))
	require.Equal(t, "negative", b.denied(b.open(content("1.00", "-2.00")), invoice.Issue{}))
	require.Equal(t, "notional", b.denied(b.open(showback), invoice.Issue{}))
	require.Equal(t, "not_notional", b.denied(b.open(content("1.00")), invoice.Publish{}))
	for _, want := range []string{"INV0000001", "INV0000002", "INV0000003"} {
		require.Equal(t, want, b.do(b.open(content("1.00")), invoice.Issue{}).Number)
	}
	_, err := b.desk.Do(b.ctx(), shown.ID, invoice.Pay{ID: "1", Amount: eur("1.00")})
	require.ErrorIs(t, err, itsm.ErrNotAllowed, "a notional invoice is not paid")
	require.Equal(t, "issued", b.denied(shown, invoice.Edit{Content: content("1.00")}))
}

func TestAnInvoiceOverNothingIsPaid(t *testing.T) {
	b := newBureau(t)
	require.Equal(t, invoice.Paid, b.do(b.open(content("5.00", "-5.00")), invoice.Issue{}).State)
}

func TestDisputes(t *testing.T) {
	b := newBureau(t)
	i := b.do(b.open(content("100.00")), invoice.Issue{})
	require.Equal(t, "reason required", b.invalid(i, invoice.OpenDispute{Reason: " "}))
	i = b.do(i, invoice.OpenDispute{Reason: "not ordered"}, invoice.Pay{ID: "1", Amount: eur("19.00")})
	require.Equal(t, invoice.Disputed, i.State)
	require.Equal(t, "outcome required", b.invalid(i, invoice.Settle{}))
	i = b.do(i, invoice.Settle{Outcome: "it was"})
	require.Equal(t, invoice.Issued, i.State)
	require.Equal(t, "it was", i.Disputes[0].Outcome)
	i = b.do(i, invoice.OpenDispute{Reason: "but late"}, invoice.Pay{ID: "2", Amount: eur("100.00")})
	require.Equal(t, invoice.Paid, i.State)
	require.Equal(t, "it became paid", i.Disputes[1].Outcome)
}

// Three lines of 3 cents at 19 %, taxed together: 2 cents of tax, a cent for each line alone. Credited one by one the
// cents of tax are given back as they were charged, and no cent more.
func TestCreditsGiveBackJustTheTaxThatWasCharged(t *testing.T) {
	b := newBureau(t)
	i := b.do(b.open(content("0.03", "0.03", "0.03")), invoice.Issue{})
	require.Equal(t, eur("0.11"), i.Totals.Gross)
	part := func(line int, net string) invoice.Credit {
		return invoice.Credit{Parts: []invoice.Part{{Line: line, Net: eur(net)}}, Reason: "wrong"}
	}
	require.Equal(t, "parts[0].net beyond_line", b.invalid(i, part(1, "0.04")))
	require.Equal(t, "parts[0].net beyond_line", b.invalid(i, part(1, "-0.01")))
	require.Equal(t, "parts[0].net currency", b.invalid(i, invoice.Credit{Parts: []invoice.Part{{Line: 1, Net: money.Must(money.New(1, money.JPY))}}, Reason: "wrong"}))
	require.Equal(t, "parts[1].net beyond_line", b.invalid(i, invoice.Credit{Parts: []invoice.Part{{Line: 1, Net: eur("0.02")}, {Line: 1, Net: eur("0.02")}}, Reason: "wrong"}))
	require.Equal(t, "parts[0].line unknown", b.invalid(i, part(4, "0.01")))
	require.Equal(t, "parts[0].line unknown", b.invalid(i, part(0, "0.01")))
	require.Equal(t, "reason required", b.invalid(i, invoice.Credit{}))
	i = b.do(i, part(1, "0.03"), part(2, "0.03"))
	require.Equal(t, invoice.Issued, i.State)
	require.Equal(t, eur("0.03"), i.Balance)
	require.Equal(t, "parts[0].net beyond_line", b.invalid(i, part(1, "0.01")))
	i = b.do(i, invoice.Credit{Reason: "the rest"})
	require.Equal(t, invoice.Reversed, i.State)
	require.Equal(t, eur("0.00"), i.Balance)
	require.Equal(t, []money.Amount{eur("0.01"), eur("0.01"), eur("0.00")}, []money.Amount{i.Credits[0].Totals.Tax, i.Credits[1].Totals.Tax, i.Credits[2].Totals.Tax})
	_, err := b.desk.Do(b.ctx(), i.ID, invoice.Credit{Reason: "again"})
	require.ErrorIs(t, err, itsm.ErrNotAllowed)
	b.relay()
	for k, note := range b.all()[1:] {
		require.Equal(t, i.Credits[k].Totals, note.Totals, "a note says what was credited, not what its lines would be taxed alone")
	}
	require.Len(t, b.all(), 4)
}

// A paid invoice that is credited is owed back.
func TestRefunds(t *testing.T) {
	b := newBureau(t)
	i := b.do(b.open(content("100.00")), invoice.Issue{}, invoice.Pay{ID: "1", Amount: eur("119.00")})
	require.Equal(t, "nothing_overpaid", b.denied(i, invoice.Refund{ID: "2", Amount: eur("1.00")}))
	i = b.do(i, invoice.Credit{Parts: []invoice.Part{{Line: 1, Net: eur("50.00")}}, Reason: "half of it was down"})
	require.Equal(t, invoice.Paid, i.State)
	require.Equal(t, eur("-59.50"), i.Balance)
	require.Equal(t, "amount beyond_balance", b.invalid(i, invoice.Refund{ID: "2", Amount: eur("59.51")}))
	i = b.do(i, invoice.Refund{ID: "2", Amount: eur("50.00")}, invoice.Credit{Reason: "all of it"})
	require.Equal(t, invoice.Reversed, i.State)
	require.Equal(t, eur("-69.00"), i.Balance)
	i = b.do(i, invoice.Refund{ID: "3", Amount: eur("69.00")})
	require.Equal(t, eur("0.00"), i.Balance)
}

// Each credit gets one note with a number, also if the events come again; a person cannot make one.
func TestNotesFollowCredits(t *testing.T) {
	b := newBureau(t)
	i := b.do(b.open(content("100.00", "50.00")), invoice.Issue{})
	i = b.do(i, invoice.Credit{Parts: []invoice.Part{{Line: 2, Net: eur("20.00")}}, Reason: "goodwill"}, invoice.Credit{Reason: "all wrong"})
	b.relay()
	handler := invoice.Notes{Desk: b.desk}
	history, err := b.desk.History(b.ctx(), i.ID, itsm.PageRequest{})
	require.NoError(t, err)
	_, err = handler.Handle(b.system(), history.Items)
	require.NoError(t, err)

	found, err := b.desk.Find(b.ctx(), itsm.Where(invoice.ByCorrects.Is(i.Ref(invoice.Name))), itsm.PageRequest{})
	require.NoError(t, err)
	require.Len(t, found.Items, 2)
	for k, note := range found.Items {
		require.Equal(t, []string{"INV0000002", "INV0000003"}[k], note.Number)
		require.Equal(t, invoice.Paid, note.State, "it is set off against the invoice")
		require.Equal(t, i.Credits[k].Totals, note.Totals)
		require.Equal(t, invoice.CreditNote, note.Content.Type)
		require.Equal(t, k+1, note.Credit)
		require.True(t, note.Balance.IsZero())
	}
	require.Equal(t, eur("178.50"), i.Totals.Gross)
	require.Equal(t, []money.Amount{eur("23.80"), eur("154.70")}, []money.Amount{found.Items[0].Totals.Gross, found.Items[1].Totals.Gross})
	require.Equal(t, "credit_note", b.denied(b.do(b.open(creditNote("1.00")), invoice.Issue{}), invoice.Credit{Reason: "x"}))

	_, err = b.desk.Open(b.ctx(), invoice.DraftNote{Corrects: i.Ref(invoice.Name), Credit: 1, Content: found.Items[0].Content})
	require.ErrorContains(t, err, "want credit the invoice")
	_, err = b.desk.Open(b.system(), invoice.DraftNote{Corrects: i.Ref(invoice.Name), Credit: 1, Content: found.Items[0].Content, Totals: found.Items[0].Totals})
	require.ErrorIs(t, err, itsm.ErrDuplicate)
}

func creditNote(net string) invoice.Content {
	c := content(net)
	c.Type = invoice.CreditNote
	return c
}

// A note that is left as a draft by a crash is issued when the events come again; nobody edits or cancels it meanwhile.
func TestNotesAreIssuedAfterACrash(t *testing.T) {
	b := newBureau(t)
	i := b.do(b.open(content("100.00")), invoice.Issue{}, invoice.Credit{Reason: "wrong"})
	c := creditNote("100.00")
	note, err := b.desk.Open(b.system(), invoice.DraftNote{Corrects: i.Ref(invoice.Name), Credit: 1, Content: c, Totals: i.Credits[0].Totals})
	require.NoError(t, err)
	require.Equal(t, "note_for_credit", b.denied(note, invoice.Edit{Content: c}))
	require.Equal(t, "note_for_credit", b.denied(note, invoice.Cancel{Reason: "x"}))
	b.relay()
	require.Equal(t, "INV0000002", b.get(note.ID).Number)
	require.Len(t, b.all(), 2)
}

func TestContentThatIsRefused(t *testing.T) {
	b := newBureau(t)
	for want, change := range map[string]func(c *invoice.Content){
		"content.customer required":              func(c *invoice.Content) { c.Customer, c.Lines = " ", nil },
		"content.type required":                  func(c *invoice.Content) { c.Type = "" },
		"content.type choice":                    func(c *invoice.Content) { c.Type = "receipt" },
		"content.tax_mode required":              func(c *invoice.Content) { c.TaxMode = "" },
		"content.rounding required":              func(c *invoice.Content) { c.Rounding = "" },
		"content.currency choice":                func(c *invoice.Content) { c.Currency, c.Lines = "XXX", nil },
		"content.notional credit_note":           func(c *invoice.Content) { c.Type, c.Notional = invoice.CreditNote, true },
		"content.lines[0].text required":         func(c *invoice.Content) { c.Lines[0].Charge.Item = "" },
		"content.lines[0].charge.customer other": func(c *invoice.Content) { c.Lines[0].Charge.Customer = "dan" },
		"content.lines[0].charge.amount currency": func(c *invoice.Content) {
			c.Lines[0].Charge.Amount = money.Must(money.New(1, money.JPY))
		},
		"content.lines[0].charge.tax negative": func(c *invoice.Content) { c.Lines[0].Charge.Tax = number("-0.19") },
		"content.lines totals":                 func(c *invoice.Content) { c.Lines[0].Charge.Amount = money.Must(money.New(math.MaxInt64, money.EUR)) },
	} {
		c := content("1.00")
		change(&c)
		_, err := b.desk.Open(b.ctx(), invoice.Draft{Content: c})
		var invalid *itsm.ValidationError
		require.ErrorAs(t, err, &invalid, want)
		var got []string
		for _, p := range invalid.Problems {
			got = append(got, p.Path+" "+p.Code)
		}
		require.Equal(t, []string{want}, got)
	}
	require.Empty(t, b.all())
}

// Two that issue at once get two numbers, and a stale version none.
func TestIssueIsDoneOnce(t *testing.T) {
	b := newBureau(t)
	i := b.open(content("1.00"))
	errs := make(chan error, 4)
	for range cap(errs) {
		go func() {
			_, err := b.desk.Do(b.ctx(), i.ID, invoice.Issue{})
			errs <- err
		}()
	}
	done := 0
	for range cap(errs) {
		if err := <-errs; err == nil {
			done++
		} else {
			require.True(t, errors.Is(err, itsm.ErrNotAllowed), "%v", err)
		}
	}
	require.Equal(t, 1, done)
	require.Equal(t, "INV0000002", b.do(b.open(content("1.00")), invoice.Issue{}).Number)
}

func TestOfMakesACreditNoteOfNegativeCharges(t *testing.T) {
	c, err := invoice.Of("cleo", money.EUR, []charging.Line{charge("a", "2.00"), charge("b", "-5.00")}, charging.PerLine, money.HalfUp)
	require.NoError(t, err)
	require.Equal(t, invoice.CreditNote, c.Type)
	require.Equal(t, []money.Amount{eur("-2.00"), eur("5.00")}, []money.Amount{c.Lines[0].Charge.Amount, c.Lines[1].Charge.Amount})
	b := newBureau(t)
	note := b.do(b.open(c), invoice.Issue{})
	require.Equal(t, []charging.Line{charge("a", "2.00"), charge("b", "-5.00")}, note.Charges())
	_, err = invoice.Of("cleo", money.JPY, []charging.Line{charge("a", "2.00")}, charging.PerLine, money.HalfUp)
	require.ErrorIs(t, err, money.ErrCurrency)
}

// 10 cents at 19 %: 2 cents of tax, and three lines of 3 cents would have 3. The third gets none.
func TestCreditsGiveBackNoMoreTaxThanIsLeft(t *testing.T) {
	b := newBureau(t)
	i := b.do(b.open(content("0.03", "0.03", "0.03", "0.01")), invoice.Issue{})
	require.Equal(t, eur("0.02"), i.Totals.Tax)
	for line := range 3 {
		i = b.do(i, invoice.Credit{Parts: []invoice.Part{{Line: line + 1, Net: eur("0.03")}}, Reason: "wrong"})
	}
	require.Equal(t, eur("0.00"), i.Credits[2].Totals.Tax)
	require.Equal(t, eur("0.01"), i.Balance)
}

// Of an invoice with a discount no more than the whole can be credited.
func TestCreditsStayWithinTheInvoice(t *testing.T) {
	b := newBureau(t)
	i := b.do(b.open(content("1.00", "-0.50")), invoice.Issue{})
	require.Equal(t, "parts gross", b.invalid(i, invoice.Credit{Parts: []invoice.Part{{Line: 1, Net: eur("1.00")}}, Reason: "wrong"}))
	require.Equal(t, "parts gross", b.invalid(i, invoice.Credit{Parts: []invoice.Part{{Line: 2, Net: eur("-0.50")}}, Reason: "wrong"}))
	require.Equal(t, invoice.Reversed, b.do(i, invoice.Credit{Reason: "all"}).State)
}

// A line that somebody writes by hand, as a form sends it: it is of no item and no days, and its JSON follows the schema.
func TestLineByHand(t *testing.T) {
	b := newBureau(t)
	raw := `{"content":{"type":"invoice","customer":"cleo","currency":"EUR","lines":[{"text":"Moving of desks",` +
		`"charge":{"customer":"cleo","amount":{"amount":"120.00","currency":"EUR"},"tax":"0.19"}}],"tax_mode":"per_line","rounding":"half_up"}}`
	var x invoice.Draft
	require.NoError(t, json.Unmarshal([]byte(raw), &x))
	again, err := json.Marshal(x)
	require.NoError(t, err)
	require.Equal(t, raw, string(again))
	i, err := b.desk.Open(b.ctx(), x)
	require.NoError(t, err)
	require.Equal(t, "142.80 EUR", i.Totals.Gross.String())
	require.Empty(t, i.Charges(), "it is no usage that would be billed again")

	described, err := json.Marshal(invoice.Kind().Describe())
	require.NoError(t, err)
	var lines struct {
		Record struct {
			Properties struct {
				Content struct {
					Properties struct {
						Lines struct {
							Items struct {
								Properties struct{ Charge struct{ Required []string } }
							}
						}
					}
				}
			}
		}
	}
	require.NoError(t, json.Unmarshal(described, &lines))
	require.Equal(t, []string{"customer", "amount"}, lines.Record.Properties.Content.Properties.Lines.Items.Properties.Charge.Required)
}
