package invoice_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/finance/charging"
	"github.com/itsmkit/itsm/finance/charging/invoice"
	"github.com/itsmkit/itsm/money"
	"github.com/itsmkit/itsm/sla"
	"github.com/itsmkit/itsm/store/memory"
)

// gold is an agreement of cleo's: below 95 % met 5 % of the fee of 2000 are due, below 80 % a quarter.
var gold = sla.Agreement{Header: itsm.Header{ID: itsm.ID{7}}, Type: sla.SLA, Customers: []string{"cleo"}, Goal: 9500, Fee: eur("2000.00"),
	Credits: []sla.Credit{{Below: 9500, Share: 500}, {Below: 8000, Share: 2500}}}

// levels is a bureau with the clocks of service levels beside it.
type levels struct {
	*bureau
	clocks  *itsm.Desk[sla.Clock]
	handler invoice.ServiceCredits
}

func newLevels(t *testing.T) *levels {
	l := &levels{bureau: newBureau(t)}
	var err error
	l.clocks, err = itsm.NewDesk(sla.ClockKind(), itsm.Config[sla.Clock]{
		Repository: memory.For(l.store, sla.ClockKind()), Policy: itsm.AllowAll, Clock: func() time.Time { return l.now },
	})
	require.NoError(t, err)
	l.handler = invoice.ServiceCredits{Desk: l.desk, Due: l.due, TaxMode: charging.PerInvoice, Rounding: money.HalfUp}
	return l
}

// due is what a host does: attainment of the agreement from the clocks, and what it means by the agreement.
func (l *levels) due(ctx context.Context, events []itsm.Event) ([]invoice.Due, error) {
	rows, err := sla.Attain(l.clocks.All(ctx, itsm.Where(sla.ByAgreement.Is(gold.Ref(sla.AgreementName)))), sla.AttainOptions{Now: l.now, By: []sla.Dimension{sla.PerAgreement}})
	if err != nil {
		return nil, err
	}
	credits, err := sla.Credits(gold, rows, money.HalfUp)
	var out []invoice.Due
	for _, c := range credits {
		out = append(out, invoice.Due{Customer: "cleo", Agreement: gold.Ref(sla.AgreementName), Amount: c.Amount, Tax: number("0.19"), Text: "Service credit " + c.Attained.Period,
			Period: charging.MonthOf(day(c.Attained.From.Format(time.DateOnly)))})
	}
	require.NotEmpty(l.t, events)
	return out, err
}

// decide opens a clock and stops it.
func (l *levels) decide(state itsm.ID, missed bool) sla.Clock {
	r := sla.Reading{Agreement: gold.Ref(sla.AgreementName), Type: sla.SLA, Target: "resolution", StartedAt: l.now}
	c, err := l.clocks.Open(l.ctx(), sla.Begin{Of: itsm.Ref{Kind: "incident", ID: state}, Follow: sla.Following{State: sla.Running, Reading: r}})
	require.NoError(l.t, err)
	r.StoppedAt = l.now
	stop := sla.Following{State: sla.Met, Reading: r}
	if missed {
		stop.State = sla.Missed
	}
	c, err = l.clocks.Do(l.ctx(), c.ID, sla.Stop{Follow: stop})
	require.NoError(l.t, err)
	return c
}

func (l *levels) follow() {
	require.NoError(l.t, itsm.NewRelay(l.store).Run(context.Background(), l.handler))
}

// Misses raise the draft, and what is met lowers it: of 1 of 1, 1 of 5, 1 of 21 missed 25 %, 5 % and nothing of the fee.
func TestServiceCreditsFollowTheClocks(t *testing.T) {
	l := newLevels(t)
	l.follow()
	require.Empty(t, l.all())
	l.decide(itsm.ID{1}, true)
	l.follow()
	require.Len(t, l.all(), 1)
	note := l.all()[0]
	require.Equal(t, invoice.CreditNote, note.Content.Type)
	require.Equal(t, eur("500.00"), note.Totals.Net)
	require.Equal(t, gold.Ref(sla.AgreementName), note.Content.Lines[0].Because)
	require.Empty(t, note.Charges(), "a credit is no charge that would be billed again")

	for n := range byte(4) {
		l.decide(itsm.ID{2, n}, false)
	}
	l.follow()
	require.Equal(t, eur("100.00"), l.get(note.ID).Totals.Net)

	for n := range byte(16) {
		l.decide(itsm.ID{3, n}, false)
	}
	l.follow()
	require.Equal(t, invoice.Cancelled, l.get(note.ID).State)
	require.Len(t, l.all(), 1)
}

// Events that come again change nothing. What was issued stays, and only what is due beyond it is drafted.
func TestServiceCreditsAreGivenOnce(t *testing.T) {
	l := newLevels(t)
	clock := l.decide(itsm.ID{1}, true)
	for n := range byte(4) {
		l.decide(itsm.ID{2, n}, false)
	}
	l.follow()
	history, err := l.clocks.History(l.ctx(), clock.ID, itsm.PageRequest{})
	require.NoError(t, err)
	again := func() {
		done, err := l.handler.Handle(l.system(), history.Items)
		require.NoError(t, err)
		require.Equal(t, len(history.Items), done)
	}
	again()
	require.Len(t, l.all(), 1)
	note := l.all()[0]
	require.Equal(t, int64(1), note.Version)
	require.Equal(t, "INV0000001", l.do(note, invoice.Issue{}).Number)
	again()
	require.Len(t, l.all(), 1)

	l.decide(itsm.ID{3}, true) // 4 of 6: the lower step, 500 in all
	l.follow()
	require.Len(t, l.all(), 2)
	second := l.all()[1]
	require.Equal(t, eur("400.00"), second.Totals.Net)
	l.now = l.now.AddDate(0, 1, 0)
	l.decide(itsm.ID{4}, true) // another month: a note of its own
	l.follow()
	require.Len(t, l.all(), 3)
	require.Equal(t, eur("400.00"), l.get(second.ID).Totals.Net)
}

// A person may add to the draft; only the handler's own line follows.
func TestServiceCreditsLeaveOtherLinesAlone(t *testing.T) {
	l := newLevels(t)
	l.decide(itsm.ID{1}, true)
	l.follow()
	note := l.all()[0]
	c := note.Content
	c.Lines = append(c.Lines, invoice.Line{Text: "goodwill", Charge: charging.Line{Customer: "cleo", Of: charging.OfCredit, Amount: eur("10.00")}})
	note = l.do(note, invoice.Edit{Content: c})
	for n := range byte(4) {
		l.decide(itsm.ID{2, n}, false)
	}
	l.follow()
	require.Equal(t, eur("110.00"), l.get(note.ID).Totals.Net)
	for n := range byte(16) {
		l.decide(itsm.ID{3, n}, false)
	}
	l.follow()
	require.Equal(t, eur("10.00"), l.get(note.ID).Totals.Net)
}

func TestServiceCreditsThatAreRefused(t *testing.T) {
	l := newLevels(t)
	missed := []itsm.Event{{Subject: itsm.Ref{Kind: sla.ClockName}, Action: "stop", From: sla.Running, To: sla.Missed}}
	for _, due := range []invoice.Due{
		{Agreement: gold.Ref(sla.AgreementName), Period: march, Amount: eur("1.00")},
		{Customer: "cleo", Period: march, Amount: eur("1.00")},
		{Customer: "cleo", Agreement: gold.Ref(sla.AgreementName), Period: march, Amount: eur("-1.00")},
		{Customer: "cleo", Agreement: gold.Ref(sla.AgreementName), Period: march},
	} {
		l.handler.Due = func(context.Context, []itsm.Event) ([]invoice.Due, error) { return []invoice.Due{due}, nil }
		done, err := l.handler.Handle(l.system(), missed)
		require.Zero(t, done)
		require.ErrorIs(t, err, itsm.ErrInvalid)
	}
	broken := errors.New("no database")
	l.handler.Due = func(context.Context, []itsm.Event) ([]invoice.Due, error) { return nil, broken }
	_, err := l.handler.Handle(l.system(), missed)
	require.ErrorIs(t, err, broken)
	require.Empty(t, l.all())
}

// The handler knows package sla by its words alone; these are they.
func TestServiceCreditsKnowTheWordsOfClocks(t *testing.T) {
	l := newLevels(t)
	require.Equal(t, []string{sla.ClockName}, l.handler.Kinds())
	asked := 0
	l.handler.Due = func(context.Context, []itsm.Event) ([]invoice.Due, error) { asked++; return nil, nil }
	for _, e := range []itsm.Event{
		{Action: sla.Breach{}.Name(), From: sla.Running, To: sla.Running},
		{Action: sla.Stop{}.Name(), From: sla.Running, To: sla.Missed},
		{Action: sla.Stop{}.Name(), From: sla.Paused, To: sla.Met},
		{Action: sla.Continue{}.Name(), From: sla.Missed, To: sla.Running},
	} {
		asked = 0
		_, err := l.handler.Handle(l.system(), []itsm.Event{e})
		require.NoError(t, err)
		require.Equal(t, 1, asked, e.Action)
	}
	asked = 0
	_, err := l.handler.Handle(l.system(), []itsm.Event{{Action: sla.Pause{}.Name(), From: sla.Running, To: sla.Paused}, {Action: sla.Cross{}.Name(), From: sla.Missed, To: sla.Missed}})
	require.NoError(t, err)
	require.Zero(t, asked)
}
