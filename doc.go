// Package itsm is the kernel of a library for IT service management: incidents, requests, problems, changes,
// assets, agreements, costs. It owns the rules; the host owns storage, identity, transport and screens.
//
// # Words
//
// A record (an incident, say) is a Go struct that embeds [Header]. A [Kind] declares once everything that its
// records are: the lifecycle, the actions, the indexes, the numbers. An [Action] is a struct whose fields are
// its input and whose Apply is a pure function of the record and the [Moment]. What an action changed is an
// [Event]: a list of fields with their old and new values, so that a record can be rebuilt as it was at any
// instant with [Kind.Replay], without running old code. A [Repository] keeps records with their events, and
// knows no rule. A [Desk] joins them: it loads a record, asks the [Policy], asks the guards, applies the
// action, derives, validates, and saves record and event together or not at all.
//
// # The smallest program
//
//	desk, err := itsm.NewDesk(incident.Kind(), itsm.Config[incident.Incident]{
//		Repository: memory.For(memory.New(), incident.Kind()),
//		Policy:     itsm.AllowAll,
//	})
//	ctx := itsm.WithActor(context.Background(), itsm.Actor{ID: "ann"})
//	inc, err := desk.Open(ctx, incident.Report{Title: "Mail is down", Impact: incident.High, Urgency: incident.High})
//	inc, err = desk.Do(ctx, inc.ID, incident.Assign{Group: "messaging", To: "bo"})
//
// # Errors
//
// Six errors say what happened: [ErrInvalid], [ErrNotFound], [ErrConflict], [ErrNotAllowed], [ErrForbidden] and
// [ErrDuplicate]. Each has a type with the details: which field, which rule, what is allowed instead. Anything
// else is the host's own error and passes through.
//
// # Time
//
// Instants are UTC and whole milliseconds. Only the desk reads a clock, the one of its [Config]; nothing ticks
// by itself, and no goroutine outlives the call that started it.
//
// # Limits
//
// A text holds [MaxLine] characters, or [MaxText] bytes where the kind declares it long; a text that is
// indexed [MaxIndexed] bytes; a list [MaxList] elements; a record [MaxRecord] bytes. Things that grow without
// end are events (comments are) or records of their own. NUL and invalid UTF-8 are invalid everywhere.
package itsm
