package sla_test

import (
	"math/rand/v2"
	"time"

	"github.com/google/uuid"
	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/sla"
	"github.com/stretchr/testify/require"
)

// madeUp returns an incident with some eight events, over two months.
func madeUp(rng *rand.Rand) logCase {
	at := monday.Add(time.Duration(rng.IntN(60*24*60)) * time.Minute)
	c := logCase{number: uuid.NewSHA1(uuid.Nil, []byte{byte(rng.Uint32()), byte(rng.Uint32()), byte(rng.Uint32()), byte(rng.Uint32())}).String()}
	c.priority = []string{"p1", "p2", "p3", "p3", "p3", "p4"}[rng.IntN(6)]
	c.add("report", "new", at, []itsm.Change{text("/priority", c.priority), text("/group", "desk"), text("/caller", "cleo")})
	later := func() time.Time {
		at = at.Add(time.Duration(rng.IntN(12*60)) * time.Minute)
		return at
	}
	c.add("assign", "new", later(), []itsm.Change{text("/group", "network"), text("/assignee", "bo")})
	c.add("start", "in_progress", later(), nil)
	if rng.IntN(3) == 0 {
		c.add("hold", "on_hold", later(), []itsm.Change{text("/hold/reason", "caller")})
		c.add("resume", "in_progress", later(), []itsm.Change{text("/hold/reason", "")})
	}
	for range rng.IntN(4) {
		c.add("set_attributes", "in_progress", later(), []itsm.Change{text("/attributes/made_sla", "true")})
	}
	c.add("resolve", "resolved", later(), nil)
	c.add("close", "closed", later().Add(24*time.Hour), nil)
	return c
}

// four is the standard set that the aims of the tracker are about.
func four(t require.TestingT) *sla.Rules {
	ola := agreement(t, sla.GroupTarget(sla.Amount{Working: hours(16)}))
	ola.Type, ola.Title = sla.OLA, "Groups"
	return compiled(t, agreement(t,
		sla.ResponseTarget(sla.ByPriority(15*time.Minute, time.Hour, 4*time.Hour, 8*time.Hour, 16*time.Hour)...),
		sla.ResolutionTarget(sla.ByPriority(4*time.Hour, 8*time.Hour, 40*time.Hour, 80*time.Hour, 160*time.Hour)...),
		sla.NextReplyTarget(sla.Amount{Working: hours(4)})), ola)
}
