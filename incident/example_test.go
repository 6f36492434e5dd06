package incident_test

import (
	"context"
	"fmt"
	"time"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/incident"
	"github.com/itsmkit/itsm/lifecycle"
	"github.com/itsmkit/itsm/store/memory"
)

// exampleDesk returns a desk with a clock that stands at nine o'clock and can be moved on.
func exampleDesk(k *itsm.Kind[incident.Incident]) (*itsm.Desk[incident.Incident], *time.Time) {
	now := time.Date(2026, 11, 24, 9, 0, 0, 0, time.UTC)
	repository := memory.For(memory.New(), k)
	desk, err := itsm.NewDesk(k, itsm.Config[incident.Incident]{
		Repository: repository, Policy: itsm.AllowAll,
		Facts: incident.Facts(repository), Clock: func() time.Time { return now },
	})
	if err != nil {
		panic(err)
	}
	return desk, &now
}

func as(id string) context.Context {
	return itsm.WithActor(context.Background(), itsm.Actor{ID: id})
}

func check(err error) {
	if err != nil {
		fmt.Println(err)
	}
}

// An incident from the call to the closed record.
func Example() {
	desk, err := itsm.NewDesk(incident.Kind(), itsm.Config[incident.Incident]{
		Repository: memory.For(memory.New(), incident.Kind()), Policy: itsm.AllowAll,
	})
	check(err)
	ctx := itsm.WithActor(context.Background(), itsm.Actor{ID: "ann"})

	inc, err := desk.Open(ctx, incident.Report{Title: "Mail is down", Impact: incident.High, Urgency: incident.High})
	check(err)
	fmt.Println(inc.Number, inc.State, inc.Priority)

	inc, err = desk.Do(ctx, inc.ID, incident.Assign{Group: "messaging", To: "bo"})
	check(err)
	fmt.Println(inc.State, inc.Group, inc.Assignee)

	inc, err = desk.Do(ctx, inc.ID, incident.Resolve{Code: incident.Fixed, Text: "Restarted the relay"})
	check(err)
	inc, err = desk.Do(ctx, inc.ID, incident.Confirm{})
	check(err)
	fmt.Println(inc.State, inc.Resolution.Code, inc.Version)
	// Output:
	// INC0000001 new p1
	// assigned messaging bo
	// closed fixed 4
}

// A hold for the caller ends with the caller's reply; one with a wake-up time ends by the sweep.
func ExamplePutOnHold() {
	desk, now := exampleDesk(incident.Kind())
	ctx := as("bo")
	inc, err := desk.Open(ctx, incident.Report{Title: "No sound", Caller: "cleo", Impact: incident.Low, Urgency: incident.Medium})
	check(err)
	inc, err = desk.Do(ctx, inc.ID, incident.Start{})
	check(err)

	inc, err = desk.Do(ctx, inc.ID, incident.PutOnHold{Reason: incident.ForCaller, Text: "Which headset is it?"})
	check(err)
	fmt.Println(inc.State, inc.Hold.Reason)
	*now = now.Add(2 * time.Hour)
	inc, err = desk.Do(as("cleo"), inc.ID, incident.CallerReply{Text: "The grey one"})
	check(err)
	fmt.Println(inc.State, "after", inc.HeldFor)

	_, err = desk.Do(ctx, inc.ID, incident.PutOnHold{Reason: incident.ForSupplier, WakeAt: now.Add(24 * time.Hour)})
	check(err)
	*now = now.Add(25 * time.Hour)
	done, err := incident.Sweep(itsm.System(context.Background(), ""), desk, *now)
	check(err)
	inc, err = desk.Get(ctx, inc.ID)
	check(err)
	fmt.Println(done.Woken, "woken:", inc.State, "after", inc.HeldFor)
	// Output:
	// on_hold caller
	// in_progress after PT2H
	// 1 woken: in_progress after PT27H
}

// A resolved incident closes by the sweep when nobody objects, and can be reopened for a while.
func ExampleSweep() {
	k, err := incident.NewKind(incident.Options{AutoCloseAfter: itsm.Duration(48 * time.Hour), ReopenWithin: itsm.Duration(72 * time.Hour)})
	check(err)
	desk, now := exampleDesk(k)
	ctx := as("ann")
	inc, err := desk.Open(ctx, incident.Report{Title: "Slow laptop", Impact: incident.Low, Urgency: incident.Low})
	check(err)
	inc, err = desk.Do(ctx, inc.ID, incident.Resolve{Code: incident.Fixed, Text: "More memory"})
	check(err)
	fmt.Println("closes at", inc.AutoCloseAt.Format(time.DateTime))

	*now = now.Add(48 * time.Hour)
	done, err := incident.Sweep(itsm.System(context.Background(), ""), desk, *now)
	check(err)
	fmt.Println(done.Closed, "closed")

	*now = now.Add(73 * time.Hour)
	_, err = desk.Do(ctx, inc.ID, incident.Reopen{Reason: "Slow again"})
	fmt.Println(err)
	// Output:
	// closes at 2026-11-26 09:00:00
	// 1 closed
	// incident INC0000001: reopen: not allowed: reopen window (until 2026-11-29T09:00:00Z)
}

// A major incident: accepted with a manager, told of on a cadence, reviewed at the end.
func ExampleAcceptMajor() {
	desk, now := exampleDesk(incident.Kind())
	ctx := as("mia")
	inc, err := desk.Open(ctx, incident.Detect{Title: "Payments fail", Monitor: "prometheus", Impact: incident.High, Urgency: incident.High})
	check(err)
	inc, err = desk.Do(ctx, inc.ID, incident.AcceptMajor{Manager: "mia", Communications: "cleo", Reason: "All shops are hit",
		UpdateEvery: itsm.Duration(30 * time.Minute)})
	check(err)
	fmt.Println("next update", inc.Major.NextUpdateAt.Format(time.TimeOnly))

	*now = now.Add(20 * time.Minute)
	inc, err = desk.Do(ctx, inc.ID, incident.PostUpdate{Text: "The database is being failed over"})
	check(err)
	fmt.Println("next update", inc.Major.NextUpdateAt.Format(time.TimeOnly))

	*now = now.Add(10 * time.Minute)
	_, err = desk.Do(ctx, inc.ID, incident.Resolve{Code: incident.Workaround, Text: "Failed over"})
	check(err)
	_, err = desk.Do(as("ann"), inc.ID, incident.Close{})
	fmt.Println(err)
	_, err = desk.Do(ctx, inc.ID, incident.ReviewMajor{Summary: "The primary ran out of disk", Lessons: []string{"Watch the disk"}})
	check(err)

	history, err := desk.History(ctx, inc.ID, itsm.PageRequest{})
	check(err)
	for _, line := range incident.Timeline(history.Items, false) {
		fmt.Printf("%s %s %s: %q\n", line.At.Format(time.TimeOnly), line.By, line.Action, line.Text)
	}
	// Output:
	// next update 09:30:00
	// next update 09:50:00
	// incident INC0000001: close: not allowed: major manager (manager mia)
	// 09:00:00 mia detect: ""
	// 09:00:00 mia accept_major: "All shops are hit"
	// 09:20:00 mia post_update: "The database is being failed over"
	// 09:30:00 mia resolve: "Failed over"
	// 09:30:00 mia review_major: "The primary ran out of disk"
}

// A vendor's own incident: another matrix, a rule for major incidents, a field, a workflow without reopening.
func ExampleNewKind() {
	workflow, err := incident.Lifecycle().With(lifecycle.Remove("reopen"))
	check(err)
	matrix := incident.StandardMatrix()
	matrix[incident.Low][incident.Low] = incident.P4
	k, err := incident.NewKind(incident.Options{
		Lifecycle: workflow,
		Matrix:    matrix,
		Triggers:  []incident.Trigger{{Name: "every P1", Priorities: []incident.Priority{incident.P1}}},
		Fields:    []itsm.Field{{Key: "floor", Type: itsm.FieldNumber, Required: true}},
	})
	check(err)
	desk, _ := exampleDesk(k)

	_, err = desk.Open(as("ann"), incident.Report{Title: "Lift is stuck", Impact: incident.High, Urgency: incident.High})
	fmt.Println(err)
	floor, err := itsm.AttributesOf(map[string]any{"floor": 3})
	check(err)
	inc, err := desk.Open(as("ann"), incident.Report{Title: "Lift is stuck", Impact: incident.High, Urgency: incident.High, Attributes: floor})
	check(err)
	fmt.Println(inc.Priority, inc.Major.Status, "by", inc.Major.Reason)
	// Output:
	// incident: report: invalid: attributes.floor: required
	// p1 proposed by rule every P1
}

// Resolving a parent resolves its children: a relay hands the events to the cascade.
func ExampleCascade() {
	k := incident.Kind()
	store := memory.New()
	repository := memory.For(store, k)
	desk, err := itsm.NewDesk(k, itsm.Config[incident.Incident]{Repository: repository, Policy: itsm.AllowAll, Facts: incident.Facts(repository)})
	check(err)
	ctx := as("ann")
	parent, err := desk.Open(ctx, incident.Report{Title: "Mail is down", Impact: incident.High, Urgency: incident.High})
	check(err)
	child, err := desk.Open(ctx, incident.Report{Title: "Cannot send mail", Impact: incident.Low, Urgency: incident.High})
	check(err)
	_, err = desk.Do(ctx, child.ID, incident.MarkDuplicate{Of: parent.Ref(incident.Name)})
	check(err)
	_, err = desk.Do(ctx, parent.ID, incident.Resolve{Code: incident.Fixed, Text: "Restarted the relay"})
	check(err)

	relay := itsm.NewRelay(store)
	check(relay.Run(context.Background(), incident.Cascade{Desk: desk}))

	child, err = desk.Get(ctx, child.ID)
	check(err)
	fmt.Println(child.State, "–", child.Resolution.Text)
	// Output:
	// resolved – Resolved with INC0000001: Restarted the relay
}

// What somebody has to do next: their open incidents by priority, then the oldest; and how many there are of each
// priority.
func ExampleByDesk() {
	desk, now := exampleDesk(incident.Kind())
	ctx := as("ann")
	for _, r := range []incident.Report{
		{Title: "Printer jams", Impact: incident.Low, Urgency: incident.Low},
		{Title: "Mail is down", Impact: incident.High, Urgency: incident.High},
		{Title: "New screen flickers", Impact: incident.Low, Urgency: incident.Low},
	} {
		r.Group, r.Assignee = "desk", "bo"
		_, err := desk.Open(ctx, r)
		check(err)
		*now = now.Add(time.Minute)
	}
	mine := itsm.Where(incident.ByDesk.Is("bo"))
	page, err := desk.Find(ctx, mine.Sorted(incident.ByPriority.Asc()), itsm.PageRequest{Limit: 2})
	check(err)
	for _, inc := range page.Items {
		fmt.Println(inc.Priority, inc.Title)
	}
	counts, err := desk.Count(ctx, mine, incident.ByPriority.Name())
	check(err)
	fmt.Println(counts.Total, counts.Facet("priority").Buckets)
	// Output:
	// p1 Mail is down
	// p5 Printer jams
	// 3 [{p1 1} {p5 2}]
}

// The priority follows from impact and urgency, unless somebody says why not.
func ExampleMatrix() {
	m := incident.StandardMatrix()
	fmt.Println(m.Priority(incident.High, incident.Medium), m.Priority(incident.Low, incident.Low))

	desk, _ := exampleDesk(incident.Kind())
	inc, err := desk.Open(as("ann"), incident.Report{Title: "The director's phone", Impact: incident.Low, Urgency: incident.Low})
	check(err)
	inc, err = desk.Do(as("ann"), inc.ID, incident.OverridePriority{Priority: incident.P2, Reason: "Board meeting today"})
	check(err)
	fmt.Println(inc.Priority, "because", inc.Override.Reason)
	// Output:
	// p2 p5
	// p2 because Board meeting today
}
