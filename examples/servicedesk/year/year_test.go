package year_test

import (
	"context"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/examples/servicedesk/casebook"
	"github.com/itsmkit/itsm/examples/servicedesk/year"
	"github.com/itsmkit/itsm/incident"
	"github.com/itsmkit/itsm/simulate"
)

func run(t testing.TB, o simulate.Options) ([]simulate.Case, *casebook.Book) {
	t.Helper()
	cases, err := simulate.Year(o)
	require.NoError(t, err)
	book, err := year.Run(context.Background(), cases, year.Options{Seed: o.Seed})
	require.NoError(t, err)
	return cases, book
}

// events returns all that a book has stored, in the order of the store.
func events(t testing.TB, b *casebook.Book) []itsm.Event {
	t.Helper()
	var all []itsm.Event
	after := itsm.Position("")
	for {
		some, next, err := b.Store.Since(context.Background(), after, 1000)
		require.NoError(t, err)
		if len(some) == 0 {
			return all
		}
		all, after = append(all, some...), next
	}
}

func TestSameSeedSameYear(t *testing.T) {
	_, a := run(t, simulate.Options{Seed: 7, Incidents: 400})
	_, b := run(t, simulate.Options{Seed: 7, Incidents: 400})
	one, err := json.Marshal(events(t, a))
	require.NoError(t, err)
	other, err := json.Marshal(events(t, b))
	require.NoError(t, err)
	require.Equal(t, string(one), string(other))
	_, c := run(t, simulate.Options{Seed: 8, Incidents: 400})
	require.NotEqual(t, events(t, a)[0].Subject, events(t, c)[0].Subject)
}

func TestEventsAreInTheOrderOfTime(t *testing.T) {
	_, b := run(t, simulate.Options{Seed: 1, Incidents: 500})
	last := time.Time{}
	for _, e := range events(t, b) {
		require.False(t, e.Time.Before(last))
		require.Equal(t, e.Time, e.RecordedAt, "the desk's clock stands at the moment that is being worked on")
		last = e.Time
	}
}

func TestEveryCaseEndsClosedAndReplays(t *testing.T) {
	ctx := casebook.System(context.Background())
	cases, book := run(t, simulate.Options{Seed: 2, Incidents: 1000})
	counts, err := book.Desk.Count(ctx, itsm.Query[incident.Incident]{}, "state")
	require.NoError(t, err)
	require.EqualValues(t, len(cases), counts.Total)
	histories := map[itsm.ID][]itsm.Event{}
	for _, e := range events(t, book) {
		histories[e.Subject.ID] = append(histories[e.Subject.ID], e)
	}
	for rec, err := range book.Desk.All(ctx, itsm.Query[incident.Incident]{}) {
		require.NoError(t, err)
		require.Equal(t, incident.Closed, rec.State)
		got, err := book.Desk.Kind().Replay(histories[rec.ID], time.Time{})
		require.NoError(t, err)
		require.Equal(t, rec, got)
	}
}

// What the desk has stored at the end keeps to the measured proportions, which are told again from its events.
// Only the state in which a case was first recorded is the story's: the desk has every state.
func TestProportionsOfWhatIsStored(t *testing.T) {
	cases, book := run(t, simulate.Options{Seed: 1})
	histories := map[itsm.ID][]itsm.Event{}
	for _, e := range events(t, book) {
		histories[e.Subject.ID] = append(histories[e.Subject.ID], e)
	}
	var stored []simulate.Case
	for i, c := range book.Cases {
		s := retell(t, histories[c.ID])
		s.Recorded = cases[i].Recorded
		require.Equal(t, cases[i].Opened, s.Opened)
		require.Equal(t, cases[i].Priority(), s.Priority())
		stored = append(stored, s)
	}
	all := simulate.Compare(stored)
	require.Greater(t, len(all), 140)
	for _, p := range all {
		require.True(t, p.Within(0.05), "%s, %s: measured %.5f, stored %.5f of %d", p.Name, p.Class, p.Measured, p.Simulated, p.Of)
	}
}

// retell makes a story of the events of one incident.
func retell(t testing.TB, events []itsm.Event) simulate.Case {
	t.Helper()
	first := &events[0]
	c := simulate.Case{
		Opened: first.Time, OpenedBy: first.Actor.ID, Channel: text(first, "/channel"), Caller: text(first, "/caller"),
		Impact: weight(text(first, "/impact")), Urgency: weight(text(first, "/urgency")),
	}
	impact, urgency := c.Impact, c.Urgency
	for i := range events[1:] {
		e := &events[i+1]
		s := simulate.Step{At: e.Time, By: e.Actor.ID}
		add := func(k simulate.StepKind) {
			s.Kind = k
			c.Steps = append(c.Steps, s)
		}
		if g := text(e, "/group"); g != "" {
			s.Group = g
			add(simulate.Assign)
		}
		switch {
		case e.Action == "hold":
			var hold incident.Hold
			for _, x := range e.Changes {
				if x.Path == "/hold" {
					require.NoError(t, json.Unmarshal(x.New, &hold))
				}
			}
			s.Reason = simulate.Reason(hold.Reason)
			if r := text(e, "/hold/reason"); r != "" {
				s.Reason = simulate.Reason(r)
			}
			add(simulate.Hold)
		case e.Action == "reopen":
			add(simulate.Reopen)
		case e.To == incident.InProgress && e.From == incident.OnHold:
			add(simulate.Resume)
		case e.To == incident.InProgress && e.From != incident.InProgress:
			add(simulate.Start)
		case e.Action == "resolve":
			s.Code = text(e, "/resolution/code")
			add(simulate.Resolve)
		case e.To == incident.Closed:
			add(simulate.Close)
		case e.Action == "comment" && s.By != c.Caller:
			add(simulate.Comment)
		case e.Action == "prioritise":
			for path, level := range map[string]*int{"/impact": &impact, "/urgency": &urgency} {
				if l := text(e, path); l != "" {
					*level = weight(l)
				}
			}
			s.Impact, s.Urgency = impact, urgency
			add(simulate.Reprioritise)
		case e.Action == "relate" && strings.Contains(e.Changes[0].Path, "problem"):
			add(simulate.LinkProblem)
		case e.Action == "relate":
			add(simulate.LinkChange)
		}
	}
	return c
}

// text returns the new value of a field that an event changed.
func text(e *itsm.Event, path string) string {
	for _, c := range e.Changes {
		if c.Path == path {
			var s string
			_ = json.Unmarshal(c.New, &s) // another type is not asked for
			return s
		}
	}
	return ""
}

func weight(level string) int {
	return map[string]int{"high": 1, "medium": 2, "low": 3}[level]
}

func TestStoriesBecomeActions(t *testing.T) {
	at := func(minute int) time.Time { return time.Date(2025, 3, 3, 9, minute, 0, 0, time.UTC) }
	base := simulate.Case{
		Opened: at(0), OpenedBy: "Ada", Caller: "Cy", Channel: simulate.Phone, Title: "Mail is down", Service: "Mail",
		Item: "mail", Impact: 2, Urgency: 2, Recorded: simulate.New,
	}
	for _, tt := range []struct {
		name  string
		steps []simulate.Step
		want  string
	}{
		{"queue, accepted by who starts", []simulate.Step{
			{Kind: simulate.Assign, By: "Ada", Group: "Mail"},
			{Kind: simulate.Start, By: "Bo", Group: "Mail", Person: "Bo"},
			{Kind: simulate.Resolve, By: "Bo", Code: "fixed", Text: "Done."},
			{Kind: simulate.Close, By: "Cy", Text: "Thanks."},
		}, "report assign accept start resolve confirm"},
		{"somebody else starts", []simulate.Step{
			{Kind: simulate.Assign, By: "Ada", Group: "Mail", Person: "Bo"},
			{Kind: simulate.Start, By: "Di", Group: "Mail", Person: "Di"},
			{Kind: simulate.Resolve, By: "Di", Code: "fixed", Text: "Done."},
		}, "report assign assign start resolve"},
		{"the answer ends the hold", []simulate.Step{
			{Kind: simulate.Assign, By: "Ada", Group: "Mail", Person: "Bo"},
			{Kind: simulate.Start, By: "Bo", Group: "Mail", Person: "Bo"},
			{Kind: simulate.Hold, By: "Bo", Reason: simulate.ForCaller, Text: "Which?"},
			{Kind: simulate.CallerReply, By: "Cy", Text: "This.", Public: true},
			{Kind: simulate.Resume, By: "Bo"},
			{Kind: simulate.Resolve, By: "Bo", Code: "fixed", Text: "Done."},
		}, "report assign start hold caller_reply resolve"},
		{"the answer turns out to be the solution", []simulate.Step{
			{Kind: simulate.Hold, By: "Bo", Reason: simulate.ForCaller, Text: "Which?"},
			{Kind: simulate.CallerReply, By: "Cy", Text: "It works.", Public: true},
			{Kind: simulate.Resolve, By: "Bo", Code: "fixed", Text: "Done."},
		}, "report hold comment resolve"},
		{"waiting in the queue", []simulate.Step{
			{Kind: simulate.Hold, By: "Bo", Reason: simulate.ForSupplier, Text: "Ordered."},
			{Kind: simulate.Hold, By: "Bo", Reason: simulate.ForEvidence, Text: "Traced."},
			{Kind: simulate.Resume, By: "Bo"},
			{Kind: simulate.Reprioritise, By: "Bo", Impact: 1, Urgency: 1, Text: "More."},
			{Kind: simulate.Escalate, By: "Bo", Person: "Max", Text: "Critical."},
			{Kind: simulate.LinkProblem, By: "Bo", Code: "PRB1"},
			{Kind: simulate.Hold, By: "Bo", Reason: simulate.ForProblem, Text: "Waits."},
			{Kind: simulate.LinkChange, By: "Bo", Code: "CHG1"},
			{Kind: simulate.Resolve, By: "Bo", Code: "fixed", Text: "Done."},
			{Kind: simulate.Reopen, By: "Cy", Text: "Again."},
			{Kind: simulate.Resolve, By: "Bo", Code: "fixed", Text: "Done."},
			{Kind: simulate.Close, By: "Bo", Text: "Asked."},
		}, "report hold hold resume start prioritise escalate_up relate hold relate resolve reopen resolve close"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			c := base
			for i, s := range tt.steps {
				s.At = at(i + 1)
				c.Steps = append(c.Steps, s)
			}
			book, err := year.Run(context.Background(), []simulate.Case{c}, year.Options{})
			require.NoError(t, err)
			var actions []string
			for _, e := range events(t, book) {
				actions = append(actions, e.Action)
			}
			require.Equal(t, tt.want, strings.Join(actions, " "))
		})
	}
}

func TestAStoryThatTheDeskRefuses(t *testing.T) {
	c := simulate.Case{Opened: time.Date(2025, 3, 3, 9, 0, 0, 0, time.UTC), OpenedBy: "Ada", Title: "Mail", Impact: 2, Urgency: 2}
	c.Steps = []simulate.Step{{Kind: simulate.Close, At: c.Opened, By: "Ada"}}
	_, err := year.Run(context.Background(), []simulate.Case{c}, year.Options{})
	require.ErrorIs(t, err, itsm.ErrNotAllowed)
	require.ErrorContains(t, err, "case 1, step 1: ")
}
