package sla_test

import (
	"context"
	"encoding/json"
	"testing"
	"time"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/incident"
	"github.com/itsmkit/itsm/lifecycle"
	"github.com/itsmkit/itsm/money"
	"github.com/itsmkit/itsm/sla"
	"github.com/itsmkit/itsm/store/memory"
	"github.com/stretchr/testify/require"
)

// bureau is a desk for agreements about incidents, whose clock only moves when it is told to.
type bureau struct {
	t    require.TestingT
	kind *itsm.Kind[sla.Agreement]
	desk *itsm.Desk[sla.Agreement]
	now  time.Time
	ids  byte
}

func newBureau(t require.TestingT) *bureau {
	b := &bureau{t: t, now: monday}
	var err error
	b.kind, err = sla.NewAgreementKind(incident.Kind().Describe())
	require.NoError(t, err)
	repository := memory.For(memory.New(), b.kind)
	b.desk, err = itsm.NewDesk(b.kind, itsm.Config[sla.Agreement]{Repository: repository, Policy: itsm.AllowAll,
		Clock: func() time.Time { return b.now }, Facts: sla.AgreementFacts(repository),
		NewID: func(time.Time) itsm.ID { b.ids++; return itsm.ID{6: 0x70, 8: 0x80, 15: b.ids} }})
	require.NoError(t, err)
	return b
}

func (b *bureau) ctx() context.Context {
	return itsm.WithActor(context.Background(), itsm.Actor{ID: "sam", Tenant: tenant})
}

func (b *bureau) system() context.Context { return itsm.System(context.Background(), tenant) }

func (b *bureau) open(a itsm.Action[sla.Agreement]) sla.Agreement {
	g, err := b.desk.Open(b.ctx(), a)
	require.NoError(b.t, err)
	return g
}

func (b *bureau) do(g sla.Agreement, actions ...itsm.Action[sla.Agreement]) sla.Agreement {
	for _, a := range actions {
		var err error
		g, err = b.desk.Do(b.ctx(), g.ID, a)
		require.NoError(b.t, err)
	}
	return g
}

// sign takes terms through to a signed agreement.
func (b *bureau) sign(c sla.Clauses) sla.Agreement {
	return b.do(b.open(sla.Draft{Terms: c}), sla.Offer{}, sla.Sign{By: "cleo"})
}

func (b *bureau) history(g sla.Agreement) []itsm.Event {
	page, err := b.desk.History(b.ctx(), g.ID, itsm.PageRequest{Limit: itsm.MaxPage})
	require.NoError(b.t, err)
	return page.Items
}

// clauses are the terms of an ordinary agreement.
func clauses(t require.TestingT, targets ...sla.Target) sla.Clauses {
	if len(targets) == 0 {
		targets = []sla.Target{resolution()}
	}
	return agreement(t, targets...).Clauses()
}

// refused requires an action to be refused as invalid with one problem, and returns that.
func refused(t require.TestingT, err error) itsm.Problem {
	require.ErrorIs(t, err, itsm.ErrInvalid)
	var invalid *itsm.ValidationError
	require.ErrorAs(t, err, &invalid)
	require.Len(t, invalid.Problems, 1, "%v", err)
	return invalid.Problems[0]
}

func TestAgreementLife(t *testing.T) {
	b := newBureau(t)
	c := clauses(t)
	c.ValidFrom, c.ReviewEvery = monday.Add(24*time.Hour), itsm.Period{Months: 6}
	g := b.open(sla.Draft{Terms: c})
	require.Equal(t, "AGR0000001", g.Number)
	require.Equal(t, 1, g.Edition)
	c.Title = "Gold"
	g = b.do(g, sla.Edit{Terms: c}, sla.Offer{})
	require.Equal(t, sla.InNegotiation, g.State)
	c.Goal = 9500
	g = b.do(g, sla.Edit{Terms: c}, sla.Sign{By: "cleo"})
	require.Equal(t, sla.Active, g.State)
	require.Equal(t, monday, g.SignedAt)
	require.Equal(t, monday.Add(24*time.Hour), g.ValidFrom, "it takes effect ahead")
	require.Equal(t, c.Title, g.Title)

	b.now = monday.AddDate(0, 6, 0)
	g = b.do(g, sla.BeginReview{Text: "half a year is over"})
	require.Equal(t, sla.InReview, g.State)
	g = b.do(g, sla.EndReview{Outcome: "confirmed"})
	require.Equal(t, b.now, g.Review.Last)
	require.Equal(t, monday.AddDate(0, 12, 0), g.Review.Due, "six months behind the review")

	g = b.do(g, sla.Terminate{Reason: "the customer leaves", At: b.now.AddDate(0, 1, 0)})
	require.Equal(t, sla.Active, g.State, "notice was given")
	n, err := sla.SweepAgreements(b.system(), b.desk, b.now)
	require.NoError(t, err)
	require.Zero(t, n)
	end := b.now.AddDate(0, 1, 0)
	b.now = end.Add(time.Hour)
	for _, want := range []int{1, 0} { // a second sweep finds nothing
		n, err = sla.SweepAgreements(b.system(), b.desk, end)
		require.NoError(t, err)
		require.Equal(t, want, n)
	}
	g, err = b.desk.Get(b.ctx(), g.ID)
	require.NoError(t, err)
	require.Equal(t, sla.Terminated, g.State)
	require.Equal(t, end, g.UpdatedAt, "dated at the moment of the sweep")
	rebuilt, err := b.kind.Replay(b.history(g), time.Time{})
	require.NoError(t, err)
	require.Equal(t, g, rebuilt)
}

func TestWhatIsSignedNeverChanges(t *testing.T) {
	b := newBureau(t)
	g := b.sign(clauses(t))
	require.Equal(t, monday, g.ValidFrom, "without a date it takes effect when it is signed")
	_, err := b.desk.Do(b.ctx(), g.ID, sla.Edit{Terms: clauses(t)})
	var not *itsm.TransitionError
	require.ErrorAs(t, err, &not)
	require.Equal(t, "signed", not.Reason.Code)
	_, err = b.desk.Do(b.ctx(), g.ID, sla.Sign{By: "cleo"})
	require.ErrorIs(t, err, itsm.ErrNotAllowed)
}

// No action but the ones that end it touches the terms of a signed agreement.
func TestTermsAfterSigning(t *testing.T) {
	b := newBureau(t)
	g := b.sign(clauses(t))
	b.now = b.now.Add(time.Hour)
	before := g.Clauses()
	g = b.do(g, sla.BeginReview{}, sla.EndReview{Outcome: "confirmed"}, itsm.Comment[sla.Agreement]{Text: "kept"},
		itsm.Relate[sla.Agreement]{Type: "see", To: itsm.Ref{Kind: "contract", ID: itsm.ID{1}}}, sla.Supersede{At: b.now.Add(time.Hour)})
	before.ValidUntil = b.now.Add(time.Hour)
	require.Equal(t, before, g.Clauses())
}

func TestEditions(t *testing.T) {
	b := newBureau(t)
	first := b.sign(clauses(t))
	change := monday.AddDate(0, 1, 0)
	c := first.Clauses()
	c.ValidFrom, c.Transition = change, sla.Move
	c.Targets[0].Amounts[0].Working = hours(2)
	second := b.open(sla.Revise{Supersedes: first.Ref(sla.AgreementName), Terms: c})
	require.Equal(t, 2, second.Edition)
	second = b.do(second, sla.Offer{})
	_, err := b.desk.Do(b.ctx(), second.ID, sla.Sign{By: "cleo"})
	p := refused(t, err)
	require.Equal(t, "overlaps", p.Code)
	require.Equal(t, first.Number, p.Params["agreement"])

	first = b.do(first, sla.Supersede{At: change})
	second = b.do(second, sla.Sign{By: "cleo"})
	require.Equal(t, hours(1), first.Targets[0].Amounts[0].Working, "what is signed never changes")
	b.now = change
	_, err = sla.SweepAgreements(b.system(), b.desk, change)
	require.NoError(t, err)

	terms, err := sla.TermsOf(b.ctx(), b.desk, sla.IncidentSubject())
	require.NoError(t, err)
	require.Len(t, terms.Agreements, 2, "clocks name the edition that has expired")
	require.Equal(t, sla.Expired, terms.Agreements[0].State)
	_, err = sla.Compile(terms)
	require.NoError(t, err)

	h := newHouse(t, compiled(t, terms.Agreements...))
	i := h.open(report())
	require.Equal(t, first.Ref(sla.AgreementName), h.clock(i).Reading.Agreement)
	h.now = change
	require.Equal(t, second.Ref(sla.AgreementName), h.clock(h.open(report())).Reading.Agreement)
	found, err := b.desk.Find(b.ctx(), itsm.Where(sla.AgreementsBySupersedes.Is(first.Ref(sla.AgreementName))), itsm.PageRequest{})
	require.NoError(t, err)
	require.Equal(t, second.ID, found.Items[0].ID)
}

func TestAgreementEnds(t *testing.T) {
	for name, c := range map[string]struct {
		action itsm.Action[sla.Agreement]
		path   string
		code   string
	}{
		"superseded in the past":       {sla.Supersede{At: monday.Add(90 * time.Minute)}, "at", "past"},
		"superseded without a date":    {sla.Supersede{}, "at", "required"},
		"superseded before it began":   {sla.Supersede{At: monday}, "at", "before_valid_from"},
		"superseded behind its end":    {sla.Supersede{At: monday.AddDate(1, 0, 1)}, "at", "after_valid_until"},
		"terminated without a reason":  {sla.Terminate{}, "reason", "required"},
		"terminated in the past":       {sla.Terminate{Reason: "x", At: monday.Add(time.Hour)}, "at", "past"},
		"terminated behind its end":    {sla.Terminate{Reason: "x", At: monday.AddDate(2, 0, 0)}, "at", "after_valid_until"},
		"reviewed without an outcome":  {itsm.Review[sla.Agreement]{}, "outcome", "required"},
		"commented without a comment":  {itsm.Comment[sla.Agreement]{}, "text", "required"},
		"attributes not declared":      {itsm.SetAttributes[sla.Agreement]{Attributes: itsm.Attributes{{Key: "x", Value: "1"}}}, "attributes.x", "undeclared"},
		"related to nothing":           {itsm.Relate[sla.Agreement]{Type: "see"}, "to", "required"},
		"a link removed that is not":   {itsm.Unrelate[sla.Agreement]{Type: "see", To: itsm.Ref{Kind: "ci", ID: itsm.ID{1}}}, "to", "no_such_link"},
		"another edition of no record": {sla.Revise{Terms: clauses(t)}, "supersedes", "not_found"},
	} {
		t.Run(name, func(t *testing.T) {
			b := newBureau(t)
			terms := clauses(t)
			terms.ValidUntil = monday.AddDate(1, 0, 0)
			g := b.sign(terms)
			b.now = monday.Add(2 * time.Hour)
			var err error
			if _, opens := c.action.(sla.Revise); opens {
				_, err = b.desk.Open(b.ctx(), c.action)
			} else {
				_, err = b.desk.Do(b.ctx(), g.ID, c.action)
			}
			p := refused(t, err)
			require.Equal(t, []string{c.path, c.code}, []string{p.Path, p.Code})
		})
	}
}

// An agreement that was terminated before it took effect was never in force: it is not among the terms, and does not
// stand in the way of another one.
func TestTerminatedBeforeItTookEffect(t *testing.T) {
	b := newBureau(t)
	c := clauses(t)
	c.ValidFrom = monday.AddDate(0, 1, 0)
	g := b.do(b.sign(c), sla.Terminate{Reason: "a mistake"})
	require.Equal(t, sla.Terminated, g.State)
	terms, err := sla.TermsOf(b.ctx(), b.desk)
	require.NoError(t, err)
	require.Empty(t, terms.Agreements)
	b.sign(c)
	given := b.do(b.open(sla.Draft{Terms: c}), sla.Terminate{Reason: "nobody wants it"})
	require.Equal(t, sla.Terminated, given.State)
	require.True(t, given.ValidUntil.IsZero())
}

func TestSignRefuses(t *testing.T) {
	b := newBureau(t)
	c := clauses(t)
	c.ValidFrom = monday.Add(-time.Second)
	late := b.do(b.open(sla.Draft{Terms: c}), sla.Offer{})
	_, err := b.desk.Do(b.ctx(), late.ID, sla.Sign{By: "cleo"})
	require.Equal(t, "past", refused(t, err).Code)
	_, err = b.desk.Do(b.ctx(), late.ID, sla.Sign{})
	require.Equal(t, "by", refused(t, err).Path)

	bare, err := itsm.NewDesk(b.kind, itsm.Config[sla.Agreement]{Repository: memory.For(memory.New(), b.kind), Policy: itsm.AllowAll})
	require.NoError(t, err)
	g, err := bare.Open(b.ctx(), sla.Draft{Terms: clauses(t)})
	require.NoError(t, err)
	_, err = bare.Do(b.ctx(), g.ID, sla.Offer{})
	require.NoError(t, err)
	_, err = bare.Do(b.ctx(), g.ID, sla.Sign{By: "cleo"})
	require.Equal(t, "facts_required", refused(t, err).Code, "an overlap is not missed in silence")
}

// What another tenant agreed is neither seen nor in the way.
func TestAnotherTenantsAgreements(t *testing.T) {
	b := newBureau(t)
	theirs := b.sign(clauses(t))
	ctx := itsm.WithActor(context.Background(), itsm.Actor{ID: "eve", Tenant: "other"})
	_, err := b.desk.Open(ctx, sla.Revise{Supersedes: theirs.Ref(sla.AgreementName), Terms: clauses(t)})
	require.Equal(t, "not_found", refused(t, err).Code)
	own, err := b.desk.Open(ctx, sla.Draft{Terms: clauses(t)})
	require.NoError(t, err)
	_, err = b.desk.Do(ctx, own.ID, sla.Offer{})
	require.NoError(t, err)
	_, err = b.desk.Do(ctx, own.ID, sla.Sign{By: "dan"})
	require.NoError(t, err)
	terms, err := sla.TermsOf(ctx, b.desk)
	require.NoError(t, err)
	require.Len(t, terms.Agreements, 1)
}

func TestReviseRefuses(t *testing.T) {
	b := newBureau(t)
	draft := b.open(sla.Draft{Terms: clauses(t)})
	_, err := b.desk.Open(b.ctx(), sla.Revise{Supersedes: draft.Ref(sla.AgreementName), Terms: clauses(t)})
	require.Equal(t, "not_signed", refused(t, err).Code)
	signed := b.do(draft, sla.Offer{}, sla.Sign{By: "cleo"})
	for path, edit := range map[string]func(*sla.Clauses){
		"terms.type": func(c *sla.Clauses) { c.Type = sla.OLA }, "terms.kind": func(c *sla.Clauses) { c.Kind = "change" },
	} {
		c := signed.Clauses()
		edit(&c)
		_, err := b.desk.Open(b.ctx(), sla.Revise{Supersedes: signed.Ref(sla.AgreementName), Terms: c})
		require.Equal(t, path, refused(t, err).Path)
		next := b.open(sla.Revise{Supersedes: signed.Ref(sla.AgreementName), Terms: signed.Clauses()})
		_, err = b.desk.Do(b.ctx(), next.ID, sla.Edit{Terms: c})
		require.Equal(t, "other_than_before", refused(t, err).Code)
	}
}

// A sweep leaves an agreement on which somebody acted behind its moment, and reports what else fails.
func TestSweepOfAgreements(t *testing.T) {
	b := newBureau(t)
	c := clauses(t)
	c.ValidUntil = monday.Add(time.Hour)
	g := b.sign(c)
	b.now = monday.Add(3 * time.Hour)
	b.do(g, itsm.Comment[sla.Agreement]{Text: "still in force?"})
	n, err := sla.SweepAgreements(b.system(), b.desk, monday.Add(2*time.Hour))
	require.NoError(t, err)
	require.Zero(t, n)
	_, err = sla.SweepAgreements(b.ctx(), b.desk, b.now)
	require.ErrorIs(t, err, itsm.ErrForbidden, "sam may not date back")
	require.ErrorContains(t, err, g.Number)
	cancelled, cancel := context.WithCancel(b.system())
	cancel()
	_, err = sla.SweepAgreements(cancelled, b.desk, b.now)
	require.ErrorIs(t, err, context.Canceled)
	_, err = sla.SweepAgreements(context.Background(), b.desk, b.now)
	require.ErrorIs(t, err, itsm.ErrForbidden)
}

// Expiring is offered only behind the end.
func TestExpireIsGuarded(t *testing.T) {
	b := newBureau(t)
	for code, until := range map[string]time.Time{"open_ended": {}, "not_due": monday.Add(time.Hour)} {
		c := clauses(t)
		c.ValidUntil, c.Customers = until, []string{code}
		_, err := b.desk.Do(b.ctx(), b.sign(c).ID, sla.Expire{})
		var not *itsm.TransitionError
		require.ErrorAs(t, err, &not)
		require.Equal(t, code, not.Reason.Code)
	}
}

func TestAgreementTableIsTheKinds(t *testing.T) {
	l := sla.AgreementLifecycle()
	require.Equal(t, l.Actions(), sla.AgreementKind().Actions())
	require.ElementsMatch(t, []lifecycle.State{sla.Expired, sla.Terminated}, l.Final())
}

// The caller's terms and the stored agreement share nothing, however deep.
func TestAgreementSharesNothing(t *testing.T) {
	b := newBureau(t)
	c := clauses(t)
	g := b.open(sla.Draft{Terms: c})
	c.Targets[0].Thresholds[1].Do[0].To = "somebody else"
	c.Targets[0].Amounts[0].Working = 1
	g.Targets[0].Thresholds[1].Do[0].To = "somebody else"
	stored, err := b.desk.Get(b.ctx(), g.ID)
	require.NoError(t, err)
	require.Equal(t, "assignee", stored.Targets[0].Thresholds[1].Do[0].To)
	require.Equal(t, hours(1), stored.Targets[0].Amounts[0].Working)
	copied := stored.Clauses()
	copied.Targets[0].Thresholds[1].Do[0].To = "somebody else"
	require.Equal(t, "assignee", stored.Targets[0].Thresholds[1].Do[0].To)
}

// fullClauses have a value in nearly every field.
func fullClauses(t require.TestingT) sla.Clauses {
	target := resolution()
	target.Factors = []sla.Factor{{When: sla.Fact("vip", true), Percent: 50}}
	target.Hours = []sla.HoursChoice{{When: sla.Is("priority", "p1"), Calendar: "always"}}
	target.Change, target.Reset = sla.Retroactive, sla.Changed("service")
	target.Thresholds = append(target.Thresholds, sla.Threshold{Name: "again", After: hours(1), Every: hours(2), Times: 3})
	c := clauses(t, target, sla.ResponseTarget(sla.Amount{Days: 1, By: "16:00"}))
	c.Title, c.Services, c.Customers = "Gold", []itsm.Ref{{Kind: "service", ID: itsm.ID{2}}}, []string{"cleo"}
	c.Covers = sla.All(sla.Is("impact", "high", "medium"), sla.Not(sla.Has("parent")))
	c.ValidFrom, c.ValidUntil, c.Transition = monday.AddDate(0, 1, 0), monday.AddDate(2, 0, 0), sla.Move
	c.Goal, c.Period, c.Fee = 9500, sla.Quarter, money.Must(money.Parse("1200.00", money.EUR))
	c.Credits = []sla.Credit{{Below: 9500, Share: 500}, {Below: 9000, Share: 1000}}
	c.ReviewEvery, c.ReviewOwner = itsm.Period{Months: 12}, "sam"
	return c
}

// The JSON of an agreement is kept for ever: what was stored once is read by every later version.
func TestAgreementStaysReadable(t *testing.T) {
	b := newBureau(t)
	g := b.sign(fullClauses(t))
	got := agreementGolden(t, g)
	rec, err := b.kind.Shape().Decode(got)
	require.NoError(t, err)
	require.Equal(t, &g, rec)
	_, err = sla.Compile(sla.Terms{Subjects: []sla.Subject{sla.IncidentSubject()}, Agreements: []sla.Agreement{g}})
	require.NoError(t, err)
	raw, err := json.Marshal(sla.Draft{Terms: fullClauses(t)})
	require.NoError(t, err)
	a, err := b.kind.Decode("draft", raw)
	require.NoError(t, err)
	require.Equal(t, sla.Draft{Terms: fullClauses(t)}, a, "terms come and go as JSON")
}
