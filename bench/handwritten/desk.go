// Package handwritten is the desk that one would write for incidents alone: a map of records, a map of
// transitions, a switch over the actions, and an audit event that lists the fields which changed. It is the
// limit for a general library, and so it leaves out what a limit may: indexes, numbers, tenants, idempotency,
// retry, guards, derived fields, replay, and every action but three.
package handwritten

import (
	"context"
	"errors"
	"slices"
	"sync"
	"time"
	"unicode/utf8"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/incident"
)

// The errors of Do.
var (
	ErrForbidden  = errors.New("handwritten: forbidden")
	ErrNotFound   = errors.New("handwritten: no such incident")
	ErrNotAllowed = errors.New("handwritten: not allowed in this state")
	ErrInvalid    = errors.New("handwritten: invalid input")
	ErrConflict   = errors.New("handwritten: changed by somebody else")
)

// Actor is who acts.
type Actor struct{ ID, Name string }

type actorKey struct{}

// WithActor returns a context in which a acts.
func WithActor(ctx context.Context, a Actor) context.Context {
	return context.WithValue(ctx, actorKey{}, &a)
}

// Policy tells whether an actor may do an action to a record.
type Policy interface {
	Allow(ctx context.Context, a *Actor, action string, i *incident.Incident) error
}

// Event is one entry of the audit trail.
type Event struct {
	Subject  itsm.ID
	Version  int64
	Action   string
	From, To incident.State
	Time     time.Time
	Actor    Actor
	Changes  []Change
}

// Change is one field that an action changed.
type Change struct{ Field, Old, New string }

// chunk is how many events are allocated at a time: a slice of all of them would be copied as it grows.
const chunk = 1024

// Desk does actions on incidents that it keeps in memory. It is safe for concurrent use.
type Desk struct {
	policy  Policy
	mu      sync.RWMutex
	records map[itsm.ID]*incident.Incident // a record that is here is never written to again
	events  [][]Event
}

// New returns an empty desk.
func New(p Policy) *Desk {
	return &Desk{policy: p, records: map[itsm.ID]*incident.Incident{}}
}

// Put stores an incident as it is, without an event.
func (d *Desk) Put(i incident.Incident) {
	d.mu.Lock()
	defer d.mu.Unlock()
	i = clone(&i)
	d.records[i.ID] = &i
}

// Events returns the audit trail of a record, oldest first.
func (d *Desk) Events(of itsm.ID) []Event {
	d.mu.RLock()
	defer d.mu.RUnlock()
	var out []Event
	for _, c := range d.events {
		for _, e := range c {
			if e.Subject == of {
				out = append(out, e)
			}
		}
	}
	return out
}

// step is one cell of the lifecycle; to is empty for an action that stays where it is.
type step struct {
	from incident.State
	on   string
}

// steps is the part of the lifecycle that the three actions need. It is never written to.
var steps = map[step]incident.State{
	{incident.New, "assign"}:        incident.Assigned,
	{incident.Assigned, "assign"}:   incident.Assigned,
	{incident.InProgress, "assign"}: incident.InProgress,
	{incident.OnHold, "assign"}:     incident.OnHold,
	{incident.New, "hold"}:          incident.OnHold,
	{incident.Assigned, "hold"}:     incident.OnHold,
	{incident.InProgress, "hold"}:   incident.OnHold,
	{incident.OnHold, "resume"}:     incident.InProgress,
}

// Do does an action: incident.Assign, incident.PutOnHold or incident.Resume.
func (d *Desk) Do(ctx context.Context, id itsm.ID, action any) (incident.Incident, error) {
	if err := ctx.Err(); err != nil {
		return incident.Incident{}, err
	}
	actor, ok := ctx.Value(actorKey{}).(*Actor)
	if !ok || actor.ID == "" {
		return incident.Incident{}, ErrForbidden
	}
	d.mu.RLock()
	old := d.records[id]
	d.mu.RUnlock()
	if old == nil {
		return incident.Incident{}, ErrNotFound
	}
	on := name(action)
	if err := d.policy.Allow(ctx, actor, on, old); err != nil {
		return incident.Incident{}, errors.Join(ErrForbidden, err)
	}
	to, ok := steps[step{old.State, on}]
	if !ok {
		return incident.Incident{}, ErrNotAllowed
	}
	now := itsm.Clock(nil).Now()
	next := new(incident.Incident)
	*next = *old
	next.State, next.Version, next.UpdatedAt = to, old.Version+1, now
	changes, err := apply(old, next, action, now)
	if err != nil {
		return incident.Incident{}, err
	}
	out := clone(next)
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.records[id].Version != old.Version {
		return incident.Incident{}, ErrConflict
	}
	d.records[id] = next
	d.append(Event{Subject: id, Version: next.Version, Action: on, From: old.State, To: next.State, Time: now, Actor: *actor, Changes: changes})
	return out, nil
}

func name(action any) string {
	switch action.(type) {
	case incident.Assign:
		return "assign"
	case incident.PutOnHold:
		return "hold"
	case incident.Resume:
		return "resume"
	}
	return ""
}

// apply changes next and lists what became different from old.
func apply(old, next *incident.Incident, action any, now time.Time) ([]Change, error) {
	changes := make([]Change, 0, 4)
	set := func(field, from, to string) {
		if from != to {
			changes = append(changes, Change{field, from, to})
		}
	}
	switch a := action.(type) {
	case incident.Assign:
		if a.Group == "" && a.To == "" || !valid(a.Group) || !valid(a.To) {
			return nil, ErrInvalid
		}
		if next.Group, next.Assignee = a.Group, a.To; old.Group != "" && old.Group != a.Group {
			next.Reassignments++
		}
		set("group", old.Group, next.Group)
		set("assignee", old.Assignee, next.Assignee)
		set("reassignments", count(old.Reassignments), count(next.Reassignments))
		if old.Assignee != a.To && !old.AcceptedAt.IsZero() {
			next.AcceptedAt = time.Time{}
			set("accepted_at", instant(old.AcceptedAt), "")
		}
	case incident.PutOnHold:
		if a.Reason == "" || !valid(a.Text) {
			return nil, ErrInvalid
		}
		next.Hold = &incident.Hold{Reason: a.Reason, Since: now, From: old.State, WakeAt: a.WakeAt, For: a.For}
		next.Holds++
		set("hold.reason", "", string(a.Reason))
		set("hold.since", "", instant(now))
		set("hold.from", "", string(old.State))
		set("holds", count(old.Holds), count(next.Holds))
	case incident.Resume:
		if old.Hold == nil {
			return nil, ErrNotAllowed
		}
		next.State = old.Hold.From
		next.HeldFor += itsm.Duration(now.Sub(old.Hold.Since))
		next.Hold = nil
		set("hold.reason", string(old.Hold.Reason), "")
		set("hold.since", instant(old.Hold.Since), "")
		set("hold.from", string(old.Hold.From), "")
		set("held_for", duration(old.HeldFor), duration(next.HeldFor))
	}
	return changes, nil
}

func valid(s string) bool { return len(s) <= 1000 && utf8.ValidString(s) }

// append adds an event; the caller holds mu.
func (d *Desk) append(e Event) {
	last := len(d.events) - 1
	if last < 0 || len(d.events[last]) == chunk {
		d.events = append(d.events, make([]Event, 0, chunk))
		last++
	}
	d.events[last] = append(d.events[last], e)
}

// clone returns a copy that shares no memory that could be written to with i.
func clone(i *incident.Incident) incident.Incident {
	out := *i
	out.Links, out.Attributes = slices.Clone(i.Links), slices.Clone(i.Attributes)
	out.Affected, out.Watchers, out.Attachments = slices.Clone(i.Affected), slices.Clone(i.Watchers), slices.Clone(i.Attachments)
	out.Override, out.Hold, out.Major = copied(i.Override), copied(i.Hold), copied(i.Major)
	if out.Major != nil {
		if r := copied(out.Major.Review); r != nil {
			r.Lessons, r.Actions = slices.Clone(r.Lessons), slices.Clone(r.Actions)
			out.Major.Review = r
		}
	}
	return out
}

func copied[T any](p *T) *T {
	if p == nil {
		return nil
	}
	c := *p
	return &c
}
