package kinds

import (
	"math/rand/v2"
	"time"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/calendar"
	"github.com/itsmkit/itsm/incident"
	"github.com/itsmkit/itsm/lifecycle"
	"github.com/itsmkit/itsm/sla"
)

func one[T any](rnd *rand.Rand, of ...T) T { return of[rnd.IntN(len(of))] }

// likely is one of some actions: mostly one that the lifecycle allows in a state.
func likely[T any](rnd *rand.Rand, k *itsm.Kind[T], state lifecycle.State, of ...itsm.Action[T]) itsm.Action[T] {
	for range 20 {
		if a := one(rnd, of...); k.Lifecycle().Allows(state, a.Name()) {
			return a
		}
	}
	return one(rnd, of...)
}

func word(rnd *rand.Rand) string { return one(rnd, "mail", "Mail down", "printer", "çy", "") }

func ref(rnd *rand.Rand, kind string) itsm.Ref {
	return itsm.Ref{Kind: kind, ID: itsm.ID{15: byte(1 + rnd.IntN(4))}}
}

// Incident makes an action of an incident.
func Incident(rnd *rand.Rand, rec *incident.Incident) itsm.Action[incident.Incident] {
	level := one(rnd, incident.High, incident.Medium, incident.Low)
	w := word(rnd)
	if rec == nil {
		return incident.Report{Title: "mail " + w, Impact: level, Urgency: incident.Low, Caller: w, Service: ref(rnd, "service")}
	}
	return one[itsm.Action[incident.Incident]](rnd,
		incident.Assign{Group: "desk", To: w}, incident.Start{}, incident.Resolve{Code: incident.Fixed, Text: "restarted " + w}, incident.Reopen{Reason: "again"},
		incident.Prioritise{Impact: level, Urgency: level}, incident.Affect{Items: []itsm.Ref{ref(rnd, "ci")}}, incident.Edit{Title: w, Location: w},
		incident.Watch{Who: w}, incident.PutOnHold{Reason: incident.ForSupplier}, incident.Resume{}, itsm.Comment[incident.Incident]{Text: w},
		itsm.Relate[incident.Incident]{Type: "caused_by", To: ref(rnd, "change")}, itsm.Unrelate[incident.Incident]{Type: "caused_by", To: ref(rnd, "change")})
}

// Clock makes an action of a service level clock, as a tracker would do it.
func Clock(rnd *rand.Rand, rec *sla.Clock) itsm.Action[sla.Clock] {
	at := time.Date(2026, 3, 1, rnd.IntN(24), rnd.IntN(60), 0, 0, time.UTC)
	reading := sla.Reading{Agreement: ref(rnd, "agreement"), Type: sla.SLA, Target: one(rnd, "response", "resolution"), Round: 1, Calendar: "office",
		Amount: itsm.Duration(rnd.Int64N(int64(time.Hour))), Since: at, StartedAt: at, Group: word(rnd)}
	if rnd.IntN(2) == 0 {
		reading.DueAt, reading.NextAt = at.Add(time.Hour), at.Add(time.Minute)
	}
	follow := func(state ...lifecycle.State) sla.Following {
		return sla.Following{State: one(rnd, state...), Reading: reading}
	}
	if rec == nil {
		return sla.Begin{Of: ref(rnd, "incident"), Follow: follow(sla.Running, sla.Running, sla.Paused)}
	}
	reading.Through = rec.Reading.Through + rnd.Int64N(3)
	return one[itsm.Action[sla.Clock]](rnd, sla.Pause{Follow: follow(sla.Paused)}, sla.Resume{Follow: follow(sla.Running)}, sla.Stop{Follow: follow(sla.Met, sla.Missed)},
		sla.Retarget{Follow: follow(rec.State)}, sla.HandOver{Follow: follow(rec.State)}, sla.CatchUp{Follow: follow(sla.Running, sla.Met)})
}

// Agreement makes an action of a service level agreement.
func Agreement(rnd *rand.Rand, rec *sla.Agreement) itsm.Action[sla.Agreement] {
	if rec == nil || rec.SignedAt.IsZero() && rnd.IntN(3) == 0 {
		hours, err := sla.HoursOf(calendar.Definition{Zone: "UTC", Hours: calendar.Hours{}.Add("08:00", "18:00", calendar.Weekdays...)})
		if err != nil {
			panic(err) // the definition is a constant
		}
		terms := sla.Clauses{Title: "Terms " + word(rnd), Type: sla.SLA, Kind: incident.Name, Customers: []string{"cleo"},
			Calendars: []sla.Calendar{{Name: "office", Hours: hours}},
			Targets:   []sla.Target{sla.NextReplyTarget(sla.Amount{Working: itsm.Duration(1+rnd.IntN(9)) * itsm.Duration(time.Hour)})}}
		if rec == nil {
			return sla.Draft{Terms: terms}
		}
		return sla.Edit{Terms: terms}
	}
	return one[itsm.Action[sla.Agreement]](rnd, sla.Offer{}, sla.Sign{By: word(rnd)}, sla.BeginReview{}, sla.EndReview{}, sla.Terminate{Reason: word(rnd)}, sla.Expire{},
		itsm.Comment[sla.Agreement]{Text: word(rnd)}, itsm.Relate[sla.Agreement]{Type: "see_also", To: ref(rnd, "contract")})
}
