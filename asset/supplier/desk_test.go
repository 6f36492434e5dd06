package supplier_test

import (
	"context"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/asset/supplier"
	"github.com/itsmkit/itsm/calendar"
	"github.com/itsmkit/itsm/money"
	"github.com/itsmkit/itsm/store/memory"
	"github.com/stretchr/testify/require"
)

// bureau is a desk for suppliers and one for contracts, with a clock that only moves when it is told to.
type bureau struct {
	t         require.TestingT
	suppliers *itsm.Desk[supplier.Supplier]
	contracts *itsm.Desk[supplier.Contract]
	now       time.Time
	ids       atomic.Int64
}

const tenant = "acme"

func newBureau(t require.TestingT) *bureau {
	b := &bureau{t: t, now: time.Date(2026, 1, 12, 9, 0, 0, 0, time.UTC)}
	store := memory.New()
	suppliers, contracts := memory.For(store, supplier.Kind()), memory.For(store, supplier.ContractKind())
	clock := func() time.Time { return b.now }
	id := func(time.Time) itsm.ID { // the same IDs in every run
		var id itsm.ID
		n := b.ids.Add(1)
		id[6], id[8], id[14], id[15] = 0x70, 0x80, byte(n>>8), byte(n)
		return id
	}
	var err error
	b.suppliers, err = itsm.NewDesk(supplier.Kind(), itsm.Config[supplier.Supplier]{Repository: suppliers, Policy: itsm.AllowAll, Clock: clock, NewID: id,
		Facts: supplier.Facts(contracts)})
	require.NoError(t, err)
	b.contracts, err = itsm.NewDesk(supplier.ContractKind(), itsm.Config[supplier.Contract]{Repository: contracts, Policy: itsm.AllowAll, Clock: clock, NewID: id,
		Facts: supplier.ContractFacts(suppliers)})
	require.NoError(t, err)
	return b
}

func (b *bureau) ctx() context.Context {
	return itsm.WithActor(context.Background(), itsm.Actor{ID: "ann", Tenant: tenant})
}

func (b *bureau) approved() itsm.Ref {
	s, err := b.suppliers.Open(b.ctx(), supplier.Propose{Title: "Example Networks"})
	require.NoError(b.t, err)
	for _, a := range []itsm.Action[supplier.Supplier]{supplier.Assess{Value: supplier.High, Risk: supplier.Low, Reason: "x"}, supplier.Approve{}} {
		s, err = b.suppliers.Do(b.ctx(), s.ID, a)
		require.NoError(b.t, err)
	}
	return s.Ref(supplier.Name)
}

func (b *bureau) do(c supplier.Contract, actions ...itsm.Action[supplier.Contract]) supplier.Contract {
	for _, a := range actions {
		var err error
		c, err = b.contracts.Do(b.ctx(), c.ID, a)
		require.NoError(b.t, err, a.Name())
	}
	return c
}

// refused does an action that must fail and change nothing, and returns the error.
func (b *bureau) refused(c supplier.Contract, a itsm.Action[supplier.Contract]) error {
	_, err := b.contracts.Do(b.ctx(), c.ID, a)
	require.Error(b.t, err, a.Name())
	stored, failed := b.contracts.Get(b.ctx(), c.ID)
	require.NoError(b.t, failed)
	require.Equal(b.t, c, stored, "a failure changes nothing")
	return err
}

// signed is a contract in force.
func (b *bureau) signed(t supplier.Terms, o ...supplier.Obligation) supplier.Contract {
	c, err := b.contracts.Open(b.ctx(), supplier.Draft{Title: "Network", Supplier: b.approved(), Terms: t, Obligations: o})
	require.NoError(b.t, err)
	return b.do(c, supplier.Sign{By: "the board"})
}

func on(y, m, d int) calendar.Date { return calendar.Date{Year: y, Month: time.Month(m), Day: d} }

func eur(coins int64) money.Amount { return money.Must(money.New(coins, money.EUR)) }

func at(y, m, d int) time.Time { return time.Date(y, time.Month(m), d, 9, 0, 0, 0, time.UTC) }

func yearly(mode supplier.RenewalMode) supplier.Terms {
	return supplier.Terms{From: on(2026, 1, 1), Until: on(2026, 12, 31), Annual: eur(100),
		Renewal: supplier.Renewal{Mode: mode, Term: itsm.Period{Months: 12}, Notice: itsm.Period{Months: 3}, Lead: itsm.Period{Days: 30}}}
}

func TestSupplier(t *testing.T) {
	b := newBureau(t)
	s, err := b.suppliers.Open(b.ctx(), supplier.Propose{Title: "Example", Code: "4711", Contacts: []supplier.Contact{{Role: "desk", Name: "Dan"}}})
	require.NoError(t, err)
	_, err = b.suppliers.Open(b.ctx(), supplier.Propose{Title: "Again", Code: "4711"})
	require.ErrorIs(t, err, itsm.ErrDuplicate)
	_, err = b.suppliers.Do(b.ctx(), s.ID, supplier.Approve{})
	require.ErrorContains(t, err, "not assessed")
	_, err = b.suppliers.Do(b.ctx(), s.ID, supplier.Assess{Value: supplier.High})
	require.ErrorContains(t, err, "risk: required")
	_, err = b.suppliers.Do(b.ctx(), s.ID, supplier.SetContacts{Contacts: []supplier.Contact{{Role: "x"}}})
	require.ErrorContains(t, err, "contacts[0].name: required")
	s, err = b.suppliers.Do(b.ctx(), s.ID, supplier.Assess{Value: supplier.Low, Risk: supplier.Low, Reason: "paper clips", ReviewEvery: itsm.Period{Months: 12}})
	require.NoError(t, err)
	require.Equal(t, supplier.Commodity, s.Category)
	require.Equal(t, at(2027, 1, 12), s.Review.Due)

	for _, a := range []itsm.Action[supplier.Supplier]{supplier.Approve{}, supplier.Suspend{Reason: "late"}, supplier.Readmit{Reason: "paid"}, supplier.Suspend{Reason: "late again"}} {
		s, err = b.suppliers.Do(b.ctx(), s.ID, a)
		require.NoError(t, err)
	}
	c, err := b.contracts.Open(b.ctx(), supplier.Draft{Title: "Clips", Supplier: s.Ref(supplier.Name), Terms: yearly("")})
	require.NoError(t, err)
	require.ErrorContains(t, b.refused(c, supplier.Sign{By: "ann"}), "supplier not approved (state suspended, supplier SUP0000001)")
	_, err = b.contracts.Open(b.ctx(), supplier.Draft{Title: "Clips", Supplier: itsm.Ref{Kind: supplier.Name, ID: itsm.ID{9}}, Terms: yearly("")})
	require.ErrorContains(t, err, "supplier: not found")
}

// What no input can change is the text of a grey button, not the error of a form.
func TestWhyNot(t *testing.T) {
	b := newBureau(t)
	why := func(c supplier.Contract, action string) string {
		offered, err := b.contracts.Options(b.ctx(), c)
		require.NoError(t, err)
		o := offered[slices.IndexFunc(offered, func(o itsm.Option) bool { return o.Action == action })]
		if o.Allowed {
			return ""
		}
		return o.Why.Error()
	}
	of := b.approved()
	draft, err := b.contracts.Open(b.ctx(), supplier.Draft{Title: "Network", Supplier: of, Terms: yearly(supplier.Automatic)})
	require.NoError(t, err)
	require.Empty(t, why(draft, "sign"))
	_, err = b.suppliers.Do(b.ctx(), of.ID, supplier.Suspend{Reason: "late"})
	require.NoError(t, err)
	require.Equal(t, "supplier not approved (state suspended, supplier SUP0000001)", why(draft, "sign"))
	require.ErrorIs(t, b.refused(draft, supplier.Sign{By: "ann"}), itsm.ErrNotAllowed)
	_, err = b.suppliers.Do(b.ctx(), of.ID, supplier.Readmit{Reason: "in time"})
	require.NoError(t, err)
	signed := b.do(draft, supplier.Sign{By: "ann"})
	old, err := b.contracts.Open(b.ctx(), supplier.Draft{Title: "Network", Supplier: of, Terms: yearly(supplier.Automatic)})
	require.NoError(t, err)

	b.now = at(2026, 9, 30)
	require.Empty(t, why(signed, "give_notice"))
	other := b.signed(yearly(supplier.Automatic))
	other = b.do(other, supplier.GiveNotice{By: supplier.Us, Reason: "dear"})
	b.now = at(2026, 10, 1)
	require.Equal(t, "too late (notice_by 2026-09-30, today 2026-10-01)", why(signed, "give_notice"))
	b.now = at(2026, 12, 31)
	require.Empty(t, why(old, "sign"))
	require.Empty(t, why(other, "withdraw_notice"))
	b.now = at(2027, 1, 1)
	require.Equal(t, "over (ended 2026-12-31)", why(other, "withdraw_notice"), "whether it was swept or not")
	require.Equal(t, "term over (today 2027-01-01, until 2026-12-31)", why(old, "sign"))
}

func TestMatrix(t *testing.T) {
	m := supplier.StandardMatrix()
	require.Equal(t, supplier.Strategic, m.Category(supplier.High, supplier.High))
	require.Equal(t, supplier.Tactical, m.Category(supplier.Low, supplier.High))
	require.Equal(t, supplier.Operational, m.Category(supplier.Medium, supplier.Low))
	require.Empty(t, m.Category("", supplier.Low))
	k, err := supplier.NewKind(supplier.Options{Matrix: supplier.Matrix{}})
	require.NoError(t, err)
	s, _, err := k.Apply(supplier.Supplier{}, supplier.Propose{Title: "x"}, itsm.Moment{Time: at(2026, 1, 1), Actor: &itsm.Actor{ID: "ann"}})
	require.NoError(t, err)
	s, _, err = k.Apply(s, supplier.Assess{Value: supplier.High, Risk: supplier.High, Reason: "x"}, itsm.Moment{Time: at(2026, 1, 1), Actor: &itsm.Actor{ID: "ann"}})
	require.NoError(t, err)
	require.Equal(t, supplier.Commodity, s.Category, "a vendor's matrix counts")
}

func TestNotice(t *testing.T) {
	b := newBureau(t)
	c := b.signed(yearly(supplier.Automatic))
	require.Equal(t, on(2026, 9, 30), c.NoticeBy, "three months before 31 December: September has 30 days")
	require.Equal(t, on(2026, 8, 31), c.DecideBy)
	b.now = at(2026, 10, 1)
	require.ErrorContains(t, b.refused(c, supplier.GiveNotice{By: supplier.Us, Reason: "dear"}), "too late (notice_by 2026-09-30")
	late, err := supplier.Decisions(b.ctx(), b.contracts, on(2026, 10, 1), on(2026, 10, 1))
	require.NoError(t, err)
	require.True(t, late[0].Late)

	b.now = at(2029, 3, 1) // nobody swept for years
	swept, err := supplier.Sweep(itsm.System(context.Background(), tenant), b.contracts, b.now)
	require.NoError(t, err)
	require.Equal(t, supplier.Swept{RolledOver: 1}, swept)
	c, err = b.contracts.Get(b.ctx(), c.ID)
	require.NoError(t, err)
	require.Equal(t, on(2029, 12, 31), c.Terms.Until)
	require.Equal(t, 3, c.Renewals)

	c = b.do(c, supplier.GiveNotice{By: supplier.Us, Reason: "dear"})
	require.True(t, c.DecideBy.IsZero() && c.NoticeBy.IsZero(), "it is decided")
	c = b.do(c, supplier.WithdrawNotice{Reason: "cheaper now"})
	require.Equal(t, on(2029, 9, 30), c.NoticeBy)
	c = b.do(c, supplier.GiveNotice{By: supplier.Us, Reason: "dear again"})
	require.True(t, c.IsInForce(on(2029, 12, 31)))
	require.False(t, c.IsInForce(on(2030, 1, 1)))
	require.ErrorContains(t, b.refused(c, supplier.Expire{}), "not due")
	b.now = at(2030, 1, 1)
	swept, err = supplier.Sweep(itsm.System(context.Background(), tenant), b.contracts, b.now)
	require.NoError(t, err)
	require.Equal(t, supplier.Swept{Expired: 1}, swept)
	swept, err = supplier.Sweep(itsm.System(context.Background(), tenant), b.contracts, b.now)
	require.NoError(t, err)
	require.Zero(t, swept, "once")
}

func TestOptionAndEnd(t *testing.T) {
	b := newBureau(t)
	c := b.signed(yearly(supplier.Optional))
	require.ErrorContains(t, b.refused(c, supplier.GiveNotice{By: supplier.Us, Reason: "x"}), "ends by itself")
	b.now = at(2026, 9, 30)
	c = b.do(c, supplier.Renew{Reason: "good"})
	require.Equal(t, on(2027, 12, 31), c.Terms.Until)
	b.now = at(2027, 10, 1)
	require.ErrorContains(t, b.refused(c, supplier.Renew{Reason: "good"}), "the option was open until 2027-09-30")
	c = b.do(c, supplier.Renew{Reason: "by agreement", Until: on(2028, 2, 29)})

	open := b.signed(supplier.Terms{From: on(2026, 1, 1), Renewal: supplier.Renewal{Notice: itsm.Period{Days: 30}}})
	require.ErrorContains(t, b.refused(open, supplier.Renew{Reason: "x"}), "open ended")
	require.True(t, open.DecideBy.IsZero())
	open = b.do(open, supplier.GiveNotice{By: supplier.Them, Reason: "they give up"})
	require.Equal(t, on(2027, 10, 31), open.Notice.Ends)

	require.ErrorContains(t, b.refused(c, supplier.Terminate{By: supplier.Us, Reason: "breach", On: on(2028, 3, 1)}), "on: after end")
	c = b.do(c, supplier.Terminate{By: supplier.Us, Reason: "breach", Cause: true, On: on(2027, 11, 30)})
	require.Equal(t, supplier.NoticeGiven, c.State)
	c = b.do(c, supplier.Terminate{By: supplier.Us, Reason: "breach", Cause: true, On: on(2027, 11, 15)})
	require.Equal(t, supplier.NoticeGiven, c.State, "another last day to come")
	require.Equal(t, on(2027, 11, 15), c.Notice.Ends)
	c = b.do(c, supplier.Terminate{By: supplier.Us, Reason: "breach", Cause: true})
	require.Equal(t, supplier.Over{On: on(2027, 10, 1), Reason: "breach", Cause: true}, c.Over)
	require.False(t, c.IsInForce(on(2027, 10, 1)))
}

func TestObligations(t *testing.T) {
	b := newBureau(t)
	report := supplier.Obligation{ID: "report", Text: "Monthly report", By: supplier.Them, From: on(2026, 1, 31), Every: itsm.Period{Months: 1}}
	c := b.signed(yearly(""), report)
	b.now = at(2026, 4, 15)
	c = b.do(c, supplier.Deliver{Obligation: "report", Due: on(2026, 1, 31), On: on(2026, 1, 31), Evidence: "R-1"},
		supplier.Deliver{Obligation: "report", Due: on(2026, 2, 28), On: on(2026, 3, 2), Evidence: "R-2"},
		supplier.Oblige{Obligations: []supplier.Obligation{{ID: "audit", Text: "Certificate", By: supplier.Them, From: on(2026, 4, 1)}}},
		supplier.Waive{Obligation: "audit", Due: on(2026, 4, 1), Reason: "had it in January"})
	for want, a := range map[string]itsm.Action[supplier.Contract]{
		"due: not due":         supplier.Deliver{Obligation: "report", Due: on(2026, 3, 30), Evidence: "x"},
		"due: twice":           supplier.Deliver{Obligation: "report", Due: on(2026, 1, 31), Evidence: "x"},
		"evidence: required":   supplier.Deliver{Obligation: "report", Due: on(2026, 3, 31)},
		"on: future":           supplier.Deliver{Obligation: "report", Due: on(2026, 3, 31), On: on(2026, 4, 16), Evidence: "x"},
		"on: date":             supplier.Deliver{Obligation: "report", Due: on(2026, 3, 31), On: on(2026, 2, 30), Evidence: "x"},
		"obligation: unknown":  supplier.Deliver{Obligation: "r", Due: on(2026, 3, 31), Evidence: "x"},
		"reason: required":     supplier.Waive{Obligation: "report", Due: on(2026, 3, 31)},
		"delivered (due 2026-": supplier.Oblige{Obligations: []supplier.Obligation{{ID: "report", Text: "x", By: supplier.Them, From: on(2026, 2, 1)}}},
		"[2].from: range":      supplier.Oblige{Obligations: []supplier.Obligation{{ID: "z", Text: "x", By: supplier.Them}}},
	} {
		require.ErrorContains(t, b.refused(c, a), want)
	}
	var got []string
	for _, d := range c.Duties(on(2026, 1, 1), on(2027, 12, 31), on(2026, 4, 15)) {
		got = append(got, d.Due.String()+" "+d.Obligation+" "+string(d.Status))
	}
	require.Equal(t, []string{"2026-01-31 report met", "2026-02-28 report late", "2026-03-31 report missed", "2026-04-01 audit waived", "2026-04-30 report pending"}, got[:5])
	require.Equal(t, "2026-12-31 report pending", got[len(got)-1], "nothing falls due after the end")
	require.Len(t, got, 13)
}

// A draft that was given up asks nothing of anybody; what a contract asked may be waived after its end too.
func TestDutiesAfterTheEnd(t *testing.T) {
	b := newBureau(t)
	once := supplier.Obligation{ID: "plan", Text: "Exit plan", By: supplier.Them, From: on(2026, 1, 10)}
	c, err := b.contracts.Open(b.ctx(), supplier.Draft{Title: "Network", Supplier: b.approved(), Terms: yearly(""), Obligations: []supplier.Obligation{once}})
	require.NoError(t, err)
	require.Len(t, c.Duties(on(2026, 1, 1), on(2026, 12, 31), on(2026, 1, 12)), 1)
	c = b.do(c, supplier.Abandon{Reason: "too dear"})
	require.Empty(t, c.Duties(on(2026, 1, 1), on(2026, 12, 31), on(2026, 1, 12)))

	c = b.do(b.signed(yearly(""), once), supplier.Terminate{By: supplier.Us, Reason: "by agreement"},
		supplier.Waive{Obligation: "plan", Due: on(2026, 1, 10), Reason: "part of the agreement"})
	require.Equal(t, supplier.Waived, c.Duties(on(2026, 1, 1), on(2026, 12, 31), on(2026, 1, 12))[0].Status)
}

func TestDispute(t *testing.T) {
	b := newBureau(t)
	c := b.do(b.signed(yearly("")), supplier.OpenDispute{ID: "d1", About: "invoice 7", By: supplier.Us, Amount: eur(500)})
	require.ErrorContains(t, b.refused(c, supplier.OpenDispute{ID: "d1", About: "again", By: supplier.Us}), "disputes")
	require.ErrorContains(t, b.refused(c, supplier.Settle{ID: "d2", Outcome: "x"}), "id: unknown")
	c = b.do(c, supplier.Settle{ID: "d1", Outcome: "credited"})
	require.ErrorContains(t, b.refused(c, supplier.Settle{ID: "d1", Outcome: "x"}), "id: settled")
	require.Equal(t, on(2026, 1, 12), c.Disputes[0].SettledOn)
}

func TestBadTerms(t *testing.T) {
	b := newBureau(t)
	s := b.approved()
	for want, change := range map[string]func(*supplier.Terms){
		"terms.from: range":            func(t *supplier.Terms) { t.From = on(1899, 12, 31) },
		"terms.until: date":            func(t *supplier.Terms) { t.Until = on(2026, 13, 1) },
		"terms.until: before from":     func(t *supplier.Terms) { t.Until = on(2025, 12, 31) },
		"terms.annual: negative":       func(t *supplier.Terms) { t.Annual = eur(-1) },
		"terms.renewal.notice: range":  func(t *supplier.Terms) { t.Renewal.Notice.Months = 1201 },
		"terms.renewal.term: required": func(t *supplier.Terms) { t.Renewal.Term = itsm.Period{} },
		"terms.until: required":        func(t *supplier.Terms) { t.Until = on(0, 0, 0) },
		"terms.renewal.mode: choice":   func(t *supplier.Terms) { t.Renewal.Mode = "perhaps" },
		"terms.delivers.ci/":           func(t *supplier.Terms) { t.Delivers = []itsm.Ref{{Kind: "ci"}} },
		"terms.delivers: twice": func(t *supplier.Terms) {
			t.Delivers = []itsm.Ref{{Kind: "ci", ID: itsm.ID{1}}, {Kind: "ci", ID: itsm.ID{1}}}
		},
	} {
		terms := yearly(supplier.Automatic)
		change(&terms)
		_, err := b.contracts.Open(b.ctx(), supplier.Draft{Title: "x", Supplier: s, Terms: terms})
		require.ErrorIs(t, err, itsm.ErrInvalid, want)
		if want != "terms.delivers: twice" { // the kernel's words for it are its own
			require.ErrorContains(t, err, want)
		}
	}
}
