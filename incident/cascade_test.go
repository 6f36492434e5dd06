package incident_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/incident"
	"github.com/itsmkit/itsm/store/memory"
	"github.com/stretchr/testify/require"
)

// relay hands the events that there are to the cascade.
func (b *bench) relay(triggers ...incident.Trigger) {
	r := itsm.NewRelay(b.store)
	r.Clock = func() time.Time { return b.now }
	require.NoError(b.t, r.Run(context.Background(), incident.Cascade{Desk: b.desk, Triggers: triggers}))
}

func (b *bench) family(children int) (incident.Incident, []incident.Incident) {
	parent := b.open(report())
	var out []incident.Incident
	for range children {
		out = append(out, b.do(b.open(report()), incident.SetParent{Parent: parent.Ref(incident.Name)}))
	}
	return parent, out
}

func TestCascadeResolvesAndReopens(t *testing.T) {
	b := newBench(t, incident.Kind())
	parent, children := b.family(4)
	b.do(children[1], incident.Resolve{Code: incident.UserError, Text: "on its own"})
	b.do(children[2], incident.ClearParent{})
	b.do(children[3], incident.PutOnHold{Reason: incident.ForCaller, Text: "?"})
	b.do(parent, incident.Resolve{Code: incident.Fixed, Text: "fixed"})
	b.relay()
	b.relay() // at least once: handed again, nothing more happens
	first := b.get(children[0].ID)
	require.Equal(t, incident.Resolved, first.State)
	require.Equal(t, incident.Fixed, first.Resolution.Code)
	require.Equal(t, parent.Ref(incident.Name), first.Resolution.With)
	require.Equal(t, int64(3), first.Version)
	require.Equal(t, itsm.SystemID, first.Resolution.By)
	require.Equal(t, "on its own", b.get(children[1].ID).Resolution.Text)
	require.Equal(t, incident.New, b.get(children[2].ID).State, "it has left the parent")
	require.Equal(t, incident.Resolved, b.get(children[3].ID).State)

	b.doAs("cleo", parent, incident.Reopen{Reason: "still down for me"}) // the caller's own
	b.relay()
	require.Equal(t, incident.Resolved, b.get(children[0].ID).State)

	b.do(parent, incident.Resolve{Code: incident.Fixed, Text: "fixed again"}, incident.Reopen{Reason: "for all"})
	b.relay()
	require.Equal(t, incident.InProgress, b.get(children[0].ID).State)
	require.Equal(t, incident.Resolved, b.get(children[1].ID).State, "it was resolved on its own")
}

func TestCascadeIsIdempotent(t *testing.T) {
	b := newBench(t, incident.Kind())
	parent, children := b.family(2)
	b.do(parent, incident.AcceptMajor{Manager: "mia", Reason: "all shops"}, incident.PostUpdate{Text: "we know the cause"},
		incident.Resolve{Code: incident.Fixed, Text: "fixed"})
	events, _, err := b.store.Since(context.Background(), "", 100)
	require.NoError(t, err)
	for range 3 { // each event three times, as after crashes
		for i := range events {
			_, err := incident.Cascade{Desk: b.desk}.Handle(b.system(), events[i:i+1])
			require.NoError(t, err)
		}
	}
	for _, c := range children {
		history, err := b.desk.History(b.as("ann"), c.ID, itsm.PageRequest{})
		require.NoError(t, err)
		var did []string
		for _, e := range history.Items {
			did = append(did, e.Action)
		}
		// The relay runs late: when it sees set_parent, the parent is resolved already.
		require.Equal(t, []string{"report", "set_parent", "resolve", "comment"}, did)
		require.Equal(t, parent.Number+": we know the cause", history.Items[3].Note)
		require.True(t, history.Items[3].Public)
	}
}

func TestCascadeOfALateDuplicate(t *testing.T) {
	b := newBench(t, incident.Kind())
	parent := b.do(b.open(report()), incident.Resolve{Code: incident.Fixed, Text: "fixed"})
	late := b.do(b.open(report()), incident.MarkDuplicate{Of: parent.Ref(incident.Name)})
	b.relay()
	require.Equal(t, incident.Resolved, b.get(late.ID).State)
}

func TestCascadeCountsChildren(t *testing.T) {
	b := newBench(t, incident.Kind())
	parent, _ := b.family(2)
	rule := incident.Trigger{Name: "many callers", MinChildren: 3}
	b.relay(rule)
	require.Nil(t, b.get(parent.ID).Major)
	b.do(b.open(report()), incident.MarkDuplicate{Of: parent.Ref(incident.Name)})
	b.relay(rule)
	got := b.get(parent.ID)
	require.Equal(t, incident.Proposed, got.Major.Status)
	require.Equal(t, "many callers", got.Major.Trigger)
	require.Equal(t, "rule many callers: 3 children", got.Major.Reason)
}

// A handler gets an event again where a later one of its batch failed. Somebody may have reopened a child since.
func TestCascadeLeavesWhatWasReopenedSince(t *testing.T) {
	b := newBench(t, incident.Kind())
	parent, children := b.family(1)
	b.do(parent, incident.Resolve{Code: incident.Fixed, Text: "fixed"})
	late := b.do(b.open(report()), incident.MarkDuplicate{Of: parent.Ref(incident.Name)})
	events, _, err := b.store.Since(context.Background(), "", 100)
	require.NoError(t, err)
	b.relay()
	b.now = b.now.Add(time.Minute)
	for _, child := range []incident.Incident{children[0], late} {
		b.doAs("cleo", child, incident.Reopen{Reason: "still down for me"})
	}
	_, err = incident.Cascade{Desk: b.desk}.Handle(b.system(), events)
	require.NoError(t, err)
	require.Equal(t, incident.InProgress, b.get(children[0].ID).State)
	require.Equal(t, incident.InProgress, b.get(late.ID).State)

	_, err = b.desk.Redact(b.system(), parent.ID, itsm.Redaction{Paths: []string{"resolution.text"}, Reason: "asked for"})
	require.NoError(t, err)
	_, err = incident.Cascade{Desk: b.desk}.Handle(b.system(), events)
	require.NoError(t, err)
	require.Equal(t, incident.InProgress, b.get(children[0].ID).State)

	b.do(parent, incident.Reopen{Reason: "for all"})
	b.now = b.now.Add(time.Minute)
	b.do(parent, incident.Resolve{Code: incident.Fixed, Text: "fixed for all"})
	b.relay()
	require.Equal(t, incident.Resolved, b.get(children[0].ID).State, "resolved once more with the parent")
}

// What is said to a child has a word more than what was said to the parent: a text as long as one may be stops nothing.
func TestCascadeOfTheLongestText(t *testing.T) {
	b := newBench(t, incident.Kind())
	parent, children := b.family(1)
	long := strings.Repeat("é", itsm.MaxText/2)
	b.do(parent, incident.AcceptMajor{Manager: "mia", Reason: "x"}, incident.PostUpdate{Text: long})
	b.relay()
	b.do(parent, incident.Resolve{Code: incident.Fixed, Text: long})
	b.relay()
	require.Equal(t, incident.Resolved, b.get(children[0].ID).State)
	b.do(parent, incident.Reopen{Reason: long})
	b.relay()
	require.Equal(t, incident.InProgress, b.get(children[0].ID).State)
}

// A rule with a manager proposes, then accepts: where the second fails the next try does it.
func TestCascadeAcceptsAtTheNextTry(t *testing.T) {
	b := newBench(t, incident.Kind())
	parent, _ := b.family(2)
	failed := false
	desk, err := itsm.NewDesk(incident.Kind(), itsm.Config[incident.Incident]{
		Repository: memory.For(b.store, incident.Kind()), Policy: itsm.AllowAll, Clock: func() time.Time { return b.now },
		Middleware: []itsm.Middleware{func(ctx context.Context, c *itsm.Call, next func(context.Context) error) error {
			if c.Action == "accept_major" && !failed {
				failed = true
				return errors.New("the store is away")
			}
			return next(ctx)
		}},
	})
	require.NoError(t, err)
	c := incident.Cascade{Desk: desk, Triggers: []incident.Trigger{{Name: "many callers", MinChildren: 2, Manager: "mia"}}}
	events, _, err := b.store.Since(context.Background(), "", 100)
	require.NoError(t, err)
	done, err := c.Handle(b.system(), events)
	require.ErrorContains(t, err, "the store is away")
	require.Equal(t, incident.Proposed, b.get(parent.ID).Major.Status)
	_, err = c.Handle(b.system(), events[done:])
	require.NoError(t, err)
	require.Equal(t, incident.Accepted, b.get(parent.ID).Major.Status)
	require.Equal(t, "mia", b.get(parent.ID).Major.Manager)

	other, _ := b.family(2) // what a person proposed is for a person to accept
	b.do(other, incident.ProposeMajor{Reason: "I think so"})
	events, _, err = b.store.Since(context.Background(), "", 100)
	require.NoError(t, err)
	_, err = c.Handle(b.system(), events)
	require.NoError(t, err)
	require.Equal(t, incident.Proposed, b.get(other.ID).Major.Status)
}
