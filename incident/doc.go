// Package incident is incident management: an unplanned interruption of a service, from the report to the
// closed record, with holds, escalations, major incidents, parents and children.
//
// # The story
//
// A person calls or a monitor fires: [Report] and [Detect] open an incident. Impact and urgency give the
// priority by the [Matrix]; an override needs a reason. It is assigned to a group, then to a person, who
// accepts and starts. Where the desk has to wait it is put on hold with a reason, and the caller's reply or a
// wake-up time brings it back to where it was. [Resolve] names a closure code and the solution; the caller
// confirms, or the sweep closes the incident when nobody objects. Within a window it can be reopened.
//
// A major incident runs on a track beside the state: proposed, accepted, with its manager, status updates to
// the stakeholders on a cadence, and a review behind it.
//
// # The smallest program
//
//	desk, err := itsm.NewDesk(incident.Kind(), itsm.Config[incident.Incident]{
//		Repository: memory.For(memory.New(), incident.Kind()), Policy: itsm.AllowAll,
//	})
//	inc, err := desk.Open(ctx, incident.Report{Title: "Mail is down", Impact: incident.High, Urgency: incident.High})
//	inc, err = desk.Do(ctx, inc.ID, incident.Assign{Group: "messaging", To: "bo"})
//	inc, err = desk.Do(ctx, inc.ID, incident.Resolve{Code: incident.Fixed, Text: "Restarted the relay"})
//
// # A vendor's own
//
// [Kind] is the standard; [NewKind] makes a variant from [Options]: another workflow, matrix, windows, closure
// codes, fields. Nothing ticks by itself: [Sweep] does what is due at a moment, when the host calls it.
// [Cascade] takes a parent's resolution down to its children, as a handler of an itsm.Relay.
//
// # Limits
//
// Comments are events and do not grow the record. Watchers, attachments and affected items are lists of up to
// itsm.MaxList elements. The lifecycle as a diagram is in docs/incident-lifecycle.md.
package incident
