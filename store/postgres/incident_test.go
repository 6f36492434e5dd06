package postgres_test

import (
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/incident"
	"github.com/itsmkit/itsm/store/postgres"
	"github.com/itsmkit/itsm/store/storetest"
)

// someIncident makes an action of an incident, many of them possible.
func someIncident(rnd *rand.Rand, rec *incident.Incident) itsm.Action[incident.Incident] {
	levels := []incident.Level{incident.High, incident.Medium, incident.Low}
	word := []string{"mail", "Mail down", "printer", "çy", ""}[rnd.IntN(5)]
	if rec == nil {
		return incident.Report{Title: "mail " + word, Impact: levels[rnd.IntN(3)], Urgency: levels[rnd.IntN(3)], Caller: word}
	}
	switch rnd.IntN(6) {
	case 0:
		return incident.Assign{Group: "desk", To: word}
	case 1:
		return incident.Resolve{Code: incident.Fixed, Text: "restarted"}
	case 2:
		return incident.Prioritise{Impact: levels[rnd.IntN(3)], Urgency: levels[rnd.IntN(3)]}
	case 3:
		return incident.Reopen{Reason: "again"}
	case 4:
		return incident.Affect{Items: []itsm.Ref{{Kind: "ci", ID: itsm.ID{1 + byte(rnd.IntN(3))}}}}
	}
	return incident.Edit{Title: word, Location: word}
}

// TestIncidents plays random actions of incidents, with and without row-level security.
func TestIncidents(t *testing.T) {
	for name, o := range map[string]postgres.Options{"plain": {}, "row security": {RowSecurity: true}} {
		t.Run(name, func(t *testing.T) {
			dsn := bound(t)
			storetest.RunKind(t, incident.Kind(), func(t *testing.T) itsm.Repository[incident.Incident] {
				s := open(t, dsn, fresh(o))
				repo := postgres.For(s, incident.Kind())
				require.NoError(t, s.Migrate(t.Context()))
				return repo
			}, someIncident)
		})
	}
}
