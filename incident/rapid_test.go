package incident_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/incident"
	"github.com/itsmkit/itsm/lifecycle"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// play is one incident among others, with arbitrary actions done to it.
type play struct {
	*bench
	t   *rapid.T
	k   *itsm.Kind[incident.Incident]
	inc incident.Incident
}

func people(t *rapid.T) string {
	return rapid.SampledFrom([]string{"ann", "bo", "cleo", "mia"}).Draw(t, "who")
}

func words(t *rapid.T) string {
	return rapid.SampledFrom([]string{"", "it works", "nicht mehr", "ΑΒΓ", "a\x00b", "\xff"}).Draw(t, "text")
}

func level(t *rapid.T) incident.Level {
	return rapid.SampledFrom([]incident.Level{incident.High, incident.Medium, incident.Low, "huge"}).Draw(t, "level")
}

func (p *play) other() itsm.Ref {
	return itsm.Ref{Kind: incident.Name, ID: itsm.ID{6: 0x70, 8: 0x80, 15: byte(rapid.IntRange(1, 4).Draw(p.t, "other"))}}
}

// action draws an arbitrary input, right or wrong, for an action of the kind.
func (p *play) action(name string) itsm.Action[incident.Incident] {
	t := p.t
	group := rapid.SampledFrom([]string{"", "desk", "network"})
	item := itsm.Ref{Kind: "ci", ID: itsm.ID{byte(rapid.IntRange(1, 3).Draw(t, "item"))}}
	switch name {
	case "report":
		return incident.Report{Title: words(t), Impact: level(t), Urgency: level(t), Group: group.Draw(t, "group")}
	case "detect":
		return incident.Detect{Title: words(t), Monitor: words(t), Impact: level(t), Urgency: level(t)}
	case "assign":
		return incident.Assign{Group: group.Draw(t, "group"), To: people(t), Queue: rapid.Bool().Draw(t, "queue")}
	case "hold":
		return incident.PutOnHold{Reason: rapid.SampledFrom([]incident.HoldReason{"", incident.ForCaller, incident.ForSupplier}).Draw(t, "reason"),
			Text: words(t), WakeAt: rapid.SampledFrom([]time.Time{{}, p.now.Add(time.Hour), p.now}).Draw(t, "wake")}
	case "caller_reply":
		return incident.CallerReply{Text: words(t)}
	case "escalate":
		return incident.Escalate{Group: group.Draw(t, "group"), Reason: words(t)}
	case "escalate_up":
		return incident.EscalateUp{To: people(t), Reason: words(t)}
	case "resolve":
		return incident.Resolve{Code: rapid.SampledFrom([]incident.ClosureCode{"", incident.Fixed, "magic"}).Draw(t, "code"), Text: words(t), FirstContact: rapid.Bool().Draw(t, "first")}
	case "reopen":
		return incident.Reopen{Reason: words(t)}
	case "cancel":
		return incident.Cancel{Reason: words(t)}
	case "edit":
		return incident.Edit{Title: words(t), Location: words(t)}
	case "categorise":
		return incident.Categorise{Category: words(t), Subcategory: words(t)}
	case "prioritise":
		return incident.Prioritise{Impact: level(t), Urgency: level(t)}
	case "override_priority":
		return incident.OverridePriority{Priority: rapid.SampledFrom([]incident.Priority{"", incident.P1, incident.P5, "p9"}).Draw(t, "priority"), Reason: words(t)}
	case "affect":
		return incident.Affect{Items: []itsm.Ref{item}}
	case "unaffect":
		return incident.Unaffect{Items: []itsm.Ref{item}}
	case "log_work":
		return incident.LogWork{Time: itsm.Duration(rapid.Int64Range(-1, int64(25*time.Hour)).Draw(t, "time"))}
	case "set_parent":
		return incident.SetParent{Parent: p.other()}
	case "mark_duplicate":
		return incident.MarkDuplicate{Of: p.other()}
	case "propose_major":
		return incident.ProposeMajor{Reason: words(t)}
	case "accept_major":
		return incident.AcceptMajor{Manager: people(t), Reason: words(t)}
	case "reject_major":
		return incident.RejectMajor{Reason: words(t)}
	case "demote_major":
		return incident.DemoteMajor{Reason: words(t)}
	case "appoint":
		return incident.Appoint{Manager: people(t)}
	case "post_update":
		return incident.PostUpdate{Text: words(t)}
	case "review_major":
		return incident.ReviewMajor{Summary: words(t), Lessons: []string{words(t)}}
	case "watch":
		return incident.Watch{Who: people(t)}
	case "unwatch":
		return incident.Unwatch{Who: people(t)}
	case "attach":
		return incident.Attach{ID: words(t), File: words(t)}
	case "detach":
		return incident.Detach{ID: words(t)}
	case "comment":
		return incident.Comment{Text: words(t), Public: rapid.Bool().Draw(t, "public")}
	case "relate":
		return incident.Relate{Type: rapid.SampledFrom([]string{"caused_by", "No name"}).Draw(t, "type"), To: item}
	case "unrelate":
		return incident.Unrelate{Type: "caused_by", To: item}
	}
	a, err := p.k.Decode(name, nil) // those without input
	require.NoError(t, err)
	return a
}

// step does an arbitrary action and checks what must hold after it.
func (p *play) step(name string, opts ...itsm.DoOption) {
	t, who := p.t, people(p.t)
	p.now = p.now.Add(time.Duration(rapid.Int64Range(0, int64(40*24*time.Hour)).Draw(t, "later")) / 100)
	offered, err := p.desk.Options(p.as(who), p.inc)
	require.NoError(t, err)
	a := p.action(name)
	before := p.inc
	after, err := p.desk.Do(p.as(who), p.inc.ID, a, opts...)
	stored := p.get(p.inc.ID)
	i := slices.IndexFunc(offered, func(o itsm.Option) bool { return o.Action == name })
	if err != nil {
		require.True(t, errors.Is(err, itsm.ErrInvalid) || errors.Is(err, itsm.ErrNotAllowed), "%v", err)
		if errors.Is(err, itsm.ErrNotAllowed) {
			require.False(t, offered[i].Allowed, "%s was offered, then: %v", name, err)
		}
		require.Equal(t, before, stored, "a failure changes nothing")
		return
	}
	require.True(t, offered[i].Allowed, "%s succeeded but was not offered: %v", name, offered[i].Why)
	require.Contains(t, offered[i].To, string(after.State))
	require.Equal(t, after, stored)
	require.Equal(t, before.Version+1, after.Version)
	p.inc = after
	p.invariants()
}

// invariants are what holds for every incident at every time.
func (p *play) invariants() {
	t, i := p.t, p.inc
	events := p.history()
	rebuilt, err := p.k.Replay(events, time.Time{})
	require.NoError(t, err)
	require.Equal(t, i, rebuilt, "the events give the record")
	require.Len(t, events, int(i.Version))

	require.Equal(t, i.State == incident.OnHold, i.Hold != nil)
	require.Equal(t, i.State == incident.Resolved || i.State == incident.Closed, !i.Resolution.At.IsZero())
	require.Equal(t, i.State == incident.Closed, !i.ClosedAt.IsZero())
	require.Equal(t, i.State == incident.Resolved && !i.IsMajor(), !i.AutoCloseAt.IsZero())
	require.Equal(t, i.State == incident.Cancelled, i.CancelledFor != "")
	require.LessOrEqual(t, i.HeldFor.Std(), p.now.Sub(i.CreatedAt), "nothing waits longer than it exists")
	if i.Override == nil {
		require.Equal(t, incident.StandardMatrix().Priority(i.Impact, i.Urgency), i.Priority)
	} else {
		require.Equal(t, i.Override.Priority, i.Priority)
	}
	if i.Major != nil {
		require.Equal(t, i.IsMajor() && i.IsOpen(), !i.Major.NextUpdateAt.IsZero())
	}
	require.Equal(t, i.Version, p.counters(events))
}

// counters recounts from the events what the record counts, and returns the number of events.
func (p *play) counters(events []itsm.Event) int64 {
	var reopened, held, escalated int
	for _, e := range events {
		switch e.Action {
		case "reopen":
			reopened++
		case "escalate_up":
			escalated++
		case "hold":
			if e.From != incident.OnHold {
				held++
			}
		}
	}
	require.Equal(p.t, []int{reopened, held, escalated}, []int{p.inc.Reopenings, p.inc.Holds, p.inc.Escalations})
	return int64(len(events))
}

func (p *play) history() []itsm.Event {
	page, err := p.desk.History(p.as("ann"), p.inc.ID, itsm.PageRequest{Limit: itsm.MaxPage})
	require.NoError(p.t, err)
	return page.Items
}

// Every path of the lifecycle: arbitrary actions, one after the other.
func TestLifecyclePaths(t *testing.T) {
	k := incident.Kind()
	rapid.Check(t, func(t *rapid.T) {
		p := &play{bench: newBench(t, k), t: t, k: k}
		for range 3 { // the others: possible parents
			p.open(report())
		}
		p.inc = p.open(incident.Detect{Title: "Disk is full", Monitor: "probe", Impact: incident.Low, Urgency: incident.High})
		p.invariants()
		any := rapid.SampledFrom(k.Actions())
		t.Repeat(map[string]func(*rapid.T){
			"any": func(rt *rapid.T) { p.t = rt; p.step(any.Draw(rt, "action")) },
			"possible": func(rt *rapid.T) {
				p.t = rt
				p.step(rapid.SampledFrom(k.Lifecycle().Allowed(p.inc.State)).Draw(rt, "action"))
			},
			"move": func(rt *rapid.T) {
				p.t = rt
				p.step(rapid.SampledFrom([]string{"assign", "accept", "start", "hold", "resume", "caller_reply", "resolve", "reopen", "confirm"}).Draw(rt, "action"))
			},
		})
	})
}

// The machine and the table agree on each pair of state and action, and the kind offers every action of the table.
func TestTableIsTheKinds(t *testing.T) {
	l := incident.Lifecycle()
	require.Equal(t, l.Actions(), incident.Kind().Actions())
	for _, from := range append(l.States(), "") {
		for _, on := range l.Actions() {
			to, err := l.Fire(from, on, "")
			require.Equal(t, l.Allows(from, on), err == nil)
			if err == nil {
				require.Equal(t, l.Targets(from, on)[0], to)
			}
		}
	}
	require.ElementsMatch(t, []lifecycle.State{incident.Closed, incident.Cancelled}, l.Final())
}
