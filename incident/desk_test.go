package incident_test

import (
	"context"
	"sync/atomic"
	"testing"
	"time"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/incident"
	"github.com/itsmkit/itsm/store/memory"
	"github.com/stretchr/testify/require"
)

// bench is a desk under test with a clock that only moves when it is told to.
type bench struct {
	t     require.TestingT
	store *memory.Store
	desk  *itsm.Desk[incident.Incident]
	now   time.Time
	ids   atomic.Int64
}

const tenant = "acme"

func newBench(t require.TestingT, k *itsm.Kind[incident.Incident]) *bench {
	b := &bench{t: t, store: memory.New(), now: time.Date(2026, 3, 2, 8, 0, 0, 0, time.UTC)}
	repository := memory.For(b.store, k)
	desk, err := itsm.NewDesk(k, itsm.Config[incident.Incident]{
		Repository: repository, Policy: itsm.AllowAll, Clock: func() time.Time { return b.now },
		Facts: incident.Facts(repository),
		NewID: func(t time.Time) itsm.ID { // the same IDs in every run
			var id itsm.ID
			n := b.ids.Add(1)
			id[6], id[8], id[14], id[15] = 0x70, 0x80, byte(n>>8), byte(n)
			return id
		},
	})
	require.NoError(t, err)
	b.desk = desk
	return b
}

func variant(t require.TestingT, o incident.Options) *itsm.Kind[incident.Incident] {
	k, err := incident.NewKind(o)
	require.NoError(t, err)
	return k
}

// as returns the context of a person of the tenant.
func (b *bench) as(id string) context.Context {
	return itsm.WithActor(context.Background(), itsm.Actor{ID: id, Tenant: tenant})
}

func (b *bench) system() context.Context { return itsm.System(context.Background(), tenant) }

// report is an ordinary incident.
func report() incident.Report {
	return incident.Report{Title: "Mail is down", Caller: "cleo", Impact: incident.Medium, Urgency: incident.Medium}
}

func (b *bench) open(a itsm.Action[incident.Incident]) incident.Incident {
	i, err := b.desk.Open(b.as("ann"), a)
	require.NoError(b.t, err)
	return i
}

// do lets ann do actions on an incident, which must all succeed.
func (b *bench) do(i incident.Incident, actions ...itsm.Action[incident.Incident]) incident.Incident {
	return b.doAs("ann", i, actions...)
}

func (b *bench) doAs(who string, i incident.Incident, actions ...itsm.Action[incident.Incident]) incident.Incident {
	for _, a := range actions {
		var err error
		i, err = b.desk.Do(b.as(who), i.ID, a)
		require.NoError(b.t, err, a.Name())
	}
	return i
}

func (b *bench) get(id itsm.ID) incident.Incident {
	i, err := b.desk.Get(b.as("ann"), id)
	require.NoError(b.t, err)
	return i
}

// invalid does an action that must fail with one problem, and returns the problem.
func (b *bench) invalid(i incident.Incident, a itsm.Action[incident.Incident]) itsm.Problem {
	_, err := b.desk.Do(b.as("ann"), i.ID, a)
	return problem(b.t, err)
}

func problem(t require.TestingT, err error) itsm.Problem {
	var invalid *itsm.ValidationError
	require.ErrorAs(t, err, &invalid)
	require.Len(t, invalid.Problems, 1)
	return invalid.Problems[0]
}

// denied does an action that a guard must refuse, and returns the code of the reason.
func (b *bench) denied(i incident.Incident, who string, a itsm.Action[incident.Incident]) string {
	_, err := b.desk.Do(b.as(who), i.ID, a)
	var refused *itsm.TransitionError
	require.ErrorAs(b.t, err, &refused)
	require.NotNil(b.t, refused.Reason, "%s is not in the lifecycle of %s", a.Name(), i.State)
	// The button says the same.
	options, err := b.desk.Options(b.as(who), i)
	require.NoError(b.t, err)
	for _, o := range options {
		if o.Action == a.Name() {
			require.False(b.t, o.Allowed)
			require.Equal(b.t, refused.Reason, o.Why)
		}
	}
	return refused.Reason.Code
}

func (b *bench) sweep(after time.Duration) incident.Swept {
	b.now = b.now.Add(after)
	done, err := incident.Sweep(b.system(), b.desk, b.now)
	require.NoError(b.t, err)
	return done
}

func TestPathOfAnIncident(t *testing.T) {
	b := newBench(t, incident.Kind())
	i := b.open(report())
	require.Equal(t, incident.New, i.State)
	require.Equal(t, "INC0000001", i.Number)
	require.Equal(t, incident.P3, i.Priority)
	require.Equal(t, "ann", i.ReportedBy)

	i = b.do(i, incident.Assign{Group: "desk"})
	require.Equal(t, incident.New, i.State, "a group alone leaves it in the queue")
	i = b.do(i, incident.Assign{Group: "desk", To: "bo"})
	require.Equal(t, incident.Assigned, i.State)
	require.Zero(t, i.Reassignments, "the same group")
	i = b.doAs("bo", i, incident.Accept{}, incident.Start{})
	require.Equal(t, incident.InProgress, i.State)
	require.Equal(t, b.now, i.AcceptedAt)

	i = b.doAs("bo", i, incident.Escalate{Group: "network", To: "eve", Reason: "a switch"})
	require.Equal(t, 1, i.Tier)
	require.Equal(t, 1, i.Reassignments)
	require.True(t, i.AcceptedAt.IsZero(), "eve has not accepted yet")
	require.Equal(t, incident.InProgress, i.State)

	i = b.doAs("eve", i, incident.LogWork{Time: itsm.Duration(20 * time.Minute), Text: "looked"}, incident.LogWork{Time: itsm.Duration(time.Hour)})
	require.Equal(t, itsm.Duration(80*time.Minute), i.Worked)
	b.now = b.now.Add(3 * time.Hour)
	i = b.doAs("eve", i, incident.Resolve{Code: incident.Fixed, Text: "New switch"})
	require.Equal(t, incident.Resolution{Code: incident.Fixed, Text: "New switch", By: "eve", At: b.now}, i.Resolution)
	require.Equal(t, b.now.Add(5*24*time.Hour), i.AutoCloseAt)

	i = b.doAs("cleo", i, incident.Reopen{Reason: "down again"})
	require.Equal(t, incident.InProgress, i.State)
	require.Equal(t, 1, i.Reopenings)
	require.Zero(t, i.Resolution)
	require.True(t, i.AutoCloseAt.IsZero())

	i = b.doAs("eve", i, incident.Resolve{Code: incident.Workaround, Text: "The other switch"})
	i = b.doAs("cleo", i, incident.Confirm{Text: "thanks"})
	require.Equal(t, incident.Closed, i.State)
	require.Equal(t, b.now, i.ConfirmedAt)
	require.Equal(t, b.now, i.ClosedAt)
}

// The lifecycle that imports rely on: no special case for histories.
func TestResolveFromEveryOpenStateAndHoldFromNew(t *testing.T) {
	b := newBench(t, incident.Kind())
	resolve := incident.Resolve{Code: incident.NoFault, Text: "none"}
	require.Equal(t, incident.Resolved, b.do(b.open(report()), resolve).State)
	require.Equal(t, incident.Resolved, b.do(b.open(report()), incident.Assign{To: "bo"}, resolve).State)
	require.Equal(t, incident.Resolved, b.do(b.open(report()), incident.Start{}, resolve).State)
	i := b.do(b.open(report()), incident.PutOnHold{Reason: incident.ForProblem})
	require.Equal(t, incident.OnHold, i.State)
	require.Equal(t, incident.Resolved, b.do(i, resolve).State)
}

func TestHoldGoesBackToWhereItWas(t *testing.T) {
	for _, c := range []struct {
		name   string
		before []itsm.Action[incident.Incident]
		want   incident.State
	}{
		{"new", nil, incident.New},
		{"assigned", []itsm.Action[incident.Incident]{incident.Assign{To: "bo"}}, incident.Assigned},
		{"in progress", []itsm.Action[incident.Incident]{incident.Start{}}, incident.InProgress},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := newBench(t, incident.Kind())
			i := b.do(b.open(report()), c.before...)
			i = b.do(i, incident.PutOnHold{Reason: incident.ForSupplier})
			b.now = b.now.Add(time.Hour)
			i = b.do(i, incident.PutOnHold{Reason: incident.ForChange}) // another reason, the same hold
			require.Equal(t, 1, i.Holds)
			b.now = b.now.Add(time.Hour)
			i = b.do(i, incident.Resume{})
			require.Equal(t, c.want, i.State)
			require.Nil(t, i.Hold)
			require.Equal(t, itsm.Duration(2*time.Hour), i.HeldFor)
		})
	}
	t.Run("assigned during the hold", func(t *testing.T) {
		b := newBench(t, incident.Kind())
		i := b.do(b.open(report()), incident.PutOnHold{Reason: incident.ForProblem}, incident.Assign{To: "bo"}, incident.Resume{})
		require.Equal(t, incident.Assigned, i.State)
	})
}

func TestCallerReply(t *testing.T) {
	b := newBench(t, incident.Kind())
	i := b.do(b.open(report()), incident.Start{})
	i = b.doAs("cleo", i, incident.CallerReply{Text: "any news?"})
	require.Equal(t, incident.InProgress, i.State)

	i = b.do(i, incident.PutOnHold{Reason: incident.ForSupplier})
	i = b.doAs("cleo", i, incident.CallerReply{Text: "any news?"})
	require.Equal(t, incident.OnHold, i.State, "the supplier is still waited for")

	i = b.do(i, incident.PutOnHold{Reason: incident.ForCaller, Text: "which one?"})
	i = b.doAs("cleo", i, incident.CallerReply{Text: "the grey one"})
	require.Equal(t, incident.InProgress, i.State)

	history, err := b.desk.History(b.as("ann"), i.ID, itsm.PageRequest{})
	require.NoError(t, err)
	last := history.Items[len(history.Items)-1]
	require.Equal(t, "the grey one", last.Note)
	require.True(t, last.Public)
}

func TestSweepIsDoneOnce(t *testing.T) {
	b := newBench(t, incident.Kind())
	held := b.do(b.open(report()), incident.PutOnHold{Reason: incident.ForEvidence, WakeAt: b.now.Add(time.Hour)})
	solved := b.do(b.open(report()), incident.Resolve{Code: incident.Fixed, Text: "fixed"})
	major := b.do(b.open(report()), incident.AcceptMajor{Manager: "mia", Reason: "all shops"})

	require.Equal(t, incident.Swept{}, b.sweep(time.Hour-time.Millisecond))
	require.Equal(t, incident.Swept{Woken: 1, Reminded: 1}, b.sweep(time.Millisecond))
	require.Equal(t, incident.Swept{}, b.sweep(0), "a second sweep of the moment does nothing")
	require.Equal(t, incident.New, b.get(held.ID).State)
	require.Equal(t, b.now, b.get(major.ID).Major.RemindedAt)

	b.do(major, incident.PostUpdate{Text: "we know the cause"})
	require.Equal(t, incident.Swept{Reminded: 1}, b.sweep(time.Hour), "once for each update that is overdue")

	require.Equal(t, incident.Swept{Closed: 1}, b.sweep(5*24*time.Hour))
	require.Equal(t, incident.Closed, b.get(solved.ID).State)

	endless := b.do(b.open(report()), incident.PutOnHold{Reason: incident.ForEvidence})
	require.Equal(t, "never_due", b.denied(endless, "ann", incident.Wake{}))
}

func TestSweepLeavesWhatSomebodyTouchedSince(t *testing.T) {
	b := newBench(t, incident.Kind())
	i := b.do(b.open(report()), incident.PutOnHold{Reason: incident.ForEvidence, WakeAt: b.now.Add(time.Hour)})
	due := b.now.Add(time.Hour)
	b.now = b.now.Add(2 * time.Hour)
	b.do(i, incident.Comment{Text: "still none"})
	done, err := incident.Sweep(b.system(), b.desk, due)
	require.NoError(t, err)
	require.Zero(t, done)
	require.Equal(t, incident.OnHold, b.get(i.ID).State)
	require.Equal(t, incident.Swept{Woken: 1}, b.sweep(0))
}

func TestSweepNeedsThePermissionToDateBack(t *testing.T) {
	b := newBench(t, incident.Kind())
	b.do(b.open(report()), incident.PutOnHold{Reason: incident.ForEvidence, WakeAt: b.now.Add(time.Hour)})
	b.now = b.now.Add(time.Hour)
	done, err := incident.Sweep(b.as("ann"), b.desk, b.now)
	require.ErrorIs(t, err, itsm.ErrForbidden)
	require.Zero(t, done)
}

func TestReopenWindow(t *testing.T) {
	b := newBench(t, incident.Kind())
	i := b.do(b.open(report()), incident.Resolve{Code: incident.Fixed, Text: "fixed"}, incident.Close{})
	b.now = b.now.Add(14 * 24 * time.Hour)
	again := b.do(i, incident.Reopen{Reason: "again"}, incident.Resolve{Code: incident.Fixed, Text: "fixed"}, incident.Close{})
	b.now = b.now.Add(14*24*time.Hour + time.Millisecond)
	require.Equal(t, "reopen_window", b.denied(again, "ann", incident.Reopen{Reason: "again"}))
}

func TestFirstContact(t *testing.T) {
	b := newBench(t, incident.Kind())
	solved := incident.Resolve{Code: incident.Fixed, Text: "told how", FirstContact: true}
	require.True(t, b.do(b.open(report()), solved).FirstContact)
	held := b.do(b.open(report()), incident.PutOnHold{Reason: incident.ForProblem}, incident.Resume{})
	p := b.invalid(held, solved)
	require.Equal(t, "first_contact", p.Path)
	require.Equal(t, "not_first", p.Code)
}

func TestMajorTrack(t *testing.T) {
	b := newBench(t, variant(t, incident.Options{RequireReview: true}))
	i := b.open(report())
	require.Equal(t, "not_proposed", b.denied(i, "ann", incident.RejectMajor{Reason: "x"}))
	require.Equal(t, "not_major", b.denied(i, "ann", incident.PostUpdate{Text: "x"}))
	i = b.do(i, incident.ProposeMajor{Reason: "many calls"})
	require.Equal(t, "proposed_already", b.denied(i, "ann", incident.ProposeMajor{Reason: "x"}))
	require.True(t, i.Major.NextUpdateAt.IsZero(), "nobody waits for news of a proposal")
	i = b.do(i, incident.RejectMajor{Reason: "one office only"})
	i = b.do(i, incident.ProposeMajor{Reason: "all offices now"}, incident.AcceptMajor{Manager: "mia"})
	require.Equal(t, "all offices now", i.Major.Reason)
	require.Equal(t, b.now.Add(time.Hour), i.Major.NextUpdateAt)
	require.Equal(t, "major_already", b.denied(i, "ann", incident.AcceptMajor{Manager: "mia"}))

	i = b.do(i, incident.Appoint{Communications: "cleo"}, incident.Resolve{Code: incident.Fixed, Text: "fixed"})
	require.True(t, i.AutoCloseAt.IsZero(), "a major incident never closes by itself")
	require.True(t, i.Major.NextUpdateAt.IsZero())
	require.Equal(t, "major_manager", b.denied(i, "ann", incident.Close{}))
	require.Equal(t, "review_required", b.denied(i, "mia", incident.Close{}))
	i = b.doAs("mia", i, incident.ReviewMajor{Summary: "a disk", Actions: []string{"watch disks"}}, incident.Close{})
	require.Equal(t, incident.Closed, i.State)
	require.Equal(t, "mia", i.Major.Review.By)

	rare := b.do(b.open(report()), incident.AcceptMajor{Manager: "mia", Reason: "x", UpdateEvery: incident.Unlimited})
	require.True(t, rare.Major.NextUpdateAt.IsZero(), "no cadence")
	rare = b.do(rare, incident.PostUpdate{Text: "more at noon", NextAt: b.now.Add(4 * time.Hour)})
	require.Equal(t, b.now.Add(4*time.Hour), rare.Major.NextUpdateAt, "but what is promised is due")
	rare = b.do(rare, incident.PostUpdate{Text: "more some day"})
	require.True(t, rare.Major.NextUpdateAt.IsZero())

	demoted := b.do(b.open(report()), incident.AcceptMajor{Manager: "mia", Reason: "x"}, incident.DemoteMajor{Reason: "no"})
	require.Equal(t, incident.New, demoted.State, "the state stays")
	require.True(t, demoted.Major.NextUpdateAt.IsZero())
	demoted = b.do(demoted, incident.Resolve{Code: incident.Fixed, Text: "fixed"})
	require.False(t, demoted.AutoCloseAt.IsZero())
}

func TestTriggers(t *testing.T) {
	service := itsm.Ref{Kind: "service", ID: itsm.ID{1}}
	b := newBench(t, variant(t, incident.Options{Triggers: []incident.Trigger{
		{Name: "payments", Services: []itsm.Ref{service}, Manager: "mia"},
		{Name: "every P1", Priorities: []incident.Priority{incident.P1}},
	}}))
	low := b.open(report())
	require.Nil(t, low.Major)
	raised := b.do(low, incident.Prioritise{Impact: incident.High, Urgency: incident.High})
	require.Equal(t, incident.Proposed, raised.Major.Status)
	require.Equal(t, "every P1", raised.Major.Trigger)
	raised = b.do(raised, incident.RejectMajor{Reason: "no"}, incident.Edit{Title: "Mail is slow"})
	require.Equal(t, incident.Rejected, raised.Major.Status, "what was on the track is left alone")

	paid := b.do(b.open(report()), incident.Affect{Items: []itsm.Ref{service}})
	require.True(t, paid.IsMajor(), "the first trigger that fits counts")
	require.Equal(t, "mia", paid.Major.Manager)
}

func TestFamily(t *testing.T) {
	b := newBench(t, incident.Kind())
	parent, child, other := b.open(report()), b.open(report()), b.open(report())
	ref := func(i incident.Incident) itsm.Ref { return i.Ref(incident.Name) }
	child = b.do(child, incident.SetParent{Parent: ref(parent)})
	require.Equal(t, "has_parent", b.denied(child, "ann", incident.SetParent{Parent: ref(other)}))
	require.Equal(t, "has_parent", b.denied(child, "ann", incident.AcceptMajor{Manager: "mia", Reason: "x"}))

	require.Equal(t, "required", b.invalid(other, incident.SetParent{}).Code)
	require.Equal(t, "itself", b.invalid(parent, incident.SetParent{Parent: ref(parent)}).Code)
	require.Equal(t, "has_children", b.invalid(parent, incident.SetParent{Parent: ref(other)}).Code)
	require.Equal(t, "has_parent", b.invalid(other, incident.SetParent{Parent: ref(child)}).Code)
	require.Equal(t, "not_found", b.invalid(other, incident.SetParent{Parent: itsm.Ref{Kind: incident.Name, ID: itsm.ID{9}}}).Code)
	require.Equal(t, "kind", b.invalid(other, incident.SetParent{Parent: itsm.Ref{Kind: "problem", ID: parent.ID}}).Code)

	for _, a := range []itsm.Action[incident.Incident]{incident.SetParent{Parent: ref(parent)}, incident.MarkDuplicate{Of: ref(parent)}} {
		_, err := b.desk.Open(b.as("ann"), a)
		require.ErrorIs(t, err, itsm.ErrNotAllowed, "there is no incident yet to look around from")
	}

	major := b.do(b.open(report()), incident.AcceptMajor{Manager: "mia", Reason: "x"})
	require.Equal(t, "is_major", b.denied(major, "ann", incident.MarkDuplicate{Of: ref(parent)}))
	require.Equal(t, "is_major", b.denied(major, "ann", incident.SetParent{Parent: ref(parent)}))

	child = b.do(child, incident.ClearParent{})
	require.Equal(t, "no_parent", b.denied(child, "ann", incident.ClearParent{}))
	parent = b.do(parent, incident.Resolve{Code: incident.Fixed, Text: "fixed"})
	require.Equal(t, "not_open", b.invalid(child, incident.SetParent{Parent: ref(parent)}).Code)
	child = b.do(child, incident.MarkDuplicate{Of: ref(parent)})
	require.Equal(t, child.Parent, child.DuplicateOf)
}

func TestOptionsAreChecked(t *testing.T) {
	broken := incident.StandardMatrix()
	delete(broken[incident.Low], incident.Low)
	for name, c := range map[string]struct {
		options incident.Options
		want    string
	}{
		"matrix":   {incident.Options{Matrix: broken}, "impact low, urgency low"},
		"codes":    {incident.Options{ClosureCodes: []string{}}, "Options.ClosureCodes"},
		"span":     {incident.Options{ReopenWithin: -2}, "Options.ReopenWithin"},
		"trigger":  {incident.Options{Triggers: []incident.Trigger{{Name: "all"}}}, "Options.Triggers[0] (all): want at least one condition"},
		"priority": {incident.Options{Triggers: []incident.Trigger{{Name: "all", Priorities: []incident.Priority{"p9"}}}}, `unknown priority "p9"`},
		"field":    {incident.Options{Fields: []itsm.Field{{Key: "Floor", Type: itsm.FieldText}}}, `attribute "Floor"`},
		"action":   {incident.Options{Actions: []itsm.Offer[incident.Incident]{itsm.Do(itsm.Review[incident.Incident]{})}}, "no rule of the lifecycle has it"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := incident.NewKind(c.options)
			require.ErrorContains(t, err, c.want)
		})
	}
}
