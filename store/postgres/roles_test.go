package postgres_test

import (
	"net/url"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/itsmkit/itsm/store/postgres"
)

// TestMonthsAsGuest: a user who may use the tables and not make any opens a store that keeps its events by month, also
// when the table of a month ahead is still to be made: that is for a program whose user owns them.
func TestMonthsAsGuest(t *testing.T) {
	owned := database(t)
	owner := newOthers(t, owned, postgres.Options{Schema: "desk", Months: true})
	for _, statement := range []string{
		`DO $$ BEGIN CREATE ROLE itsm_guest LOGIN PASSWORD 'guest'; EXCEPTION WHEN duplicate_object THEN NULL; END $$`,
		"GRANT USAGE ON SCHEMA desk TO itsm_guest",
		"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA desk TO itsm_guest",
		"GRANT USAGE ON ALL SEQUENCES IN SCHEMA desk TO itsm_guest",
	} {
		require.NoError(t, run(owned, statement))
	}
	now := time.Now().UTC()
	last := time.Date(now.Year(), now.Month(), 1, 0, 0, 0, 0, time.UTC).AddDate(0, 12, 0)
	require.NoError(t, run(owned, "DROP TABLE desk.itsm_event_"+last.Format("2006_01")))

	u, err := url.Parse(owned)
	require.NoError(t, err)
	u.User = url.UserPassword("itsm_guest", "guest")
	guest := newOthers(t, u.String(), postgres.Options{Schema: "desk"})
	guest.found(t, t.Context(), "by the guest")
	names, _ := owner.read(t, "")
	require.Equal(t, []string{"by the guest"}, names)
}
