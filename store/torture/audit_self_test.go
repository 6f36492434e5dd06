package torture_test

import (
	"database/sql"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestAuditFindsDamage holds the audit itself: it must find each of these in a store that it was content with.
func TestAuditFindsDamage(t *testing.T) {
	place := durable()[0].fresh(t)
	o, err := openSQLite(t.Context(), place)
	require.NoError(t, err)
	defer o.close()
	l := newLedger()
	w := newWorker(o, tenants[0], 7, 7, func(s said) error { l.hear(s); return nil })
	for range 80 {
		require.NoError(t, w.step())
	}
	require.NoError(t, audit(t.Context(), o, l))
	db, err := sql.Open("sqlite", place)
	require.NoError(t, err)
	defer db.Close()
	const of = " WHERE seq = (SELECT max(seq) FROM itsm_incident)"
	for what, statement := range map[string]string{
		"a record without its events":         "DELETE FROM itsm_event WHERE id = (SELECT id FROM itsm_incident" + of + ")",
		"events without their record":         "DELETE FROM itsm_incident" + of,
		"a record without its last event":     "DELETE FROM itsm_event WHERE seq = (SELECT max(seq) FROM itsm_event WHERE kind = 'incident')",
		"an event that tells something else":  `UPDATE itsm_event SET event = replace(event, '"/title","new":"', '"/title","new":"x') WHERE version = 1 AND kind = 'incident'`,
		"a record that tells something else":  `UPDATE itsm_incident SET record = replace(record, '"caller":"', '"caller":"x')` + of,
		"a column that is not the record's":   "UPDATE itsm_incident SET state = 'closed'" + of,
		"a value of a list that is missing":   "DELETE FROM itsm_incident_lists",
		"words that are missing":              "DELETE FROM itsm_incident_words",
		"a key that is missing":               "DELETE FROM itsm_key",
		"a number that is missing":            `UPDATE itsm_other SET record = replace(record, '"OT', '"OTT')`,
		"a group of which a part is missing":  `UPDATE itsm_event SET event = replace(event, '"note":"group', '"note":"grp') WHERE seq = (SELECT max(seq) FROM itsm_event WHERE event LIKE '%"group %')`,
		"an acknowledged record that is gone": "DELETE FROM itsm_event WHERE kind = 'other'; DELETE FROM itsm_other",
	} {
		damaged := t.TempDir() + "/damaged.db"
		_, err := db.Exec("VACUUM INTO ?", damaged)
		require.NoError(t, err)
		wrong, err := sql.Open("sqlite", damaged)
		require.NoError(t, err)
		r, err := wrong.Exec(statement)
		require.NoError(t, err, what)
		n, err := r.RowsAffected()
		require.NoError(t, err)
		require.Positive(t, n, "%s: the statement changed nothing", what)
		require.NoError(t, wrong.Close())
		d, err := openSQLite(t.Context(), damaged)
		require.NoError(t, err)
		err = audit(t.Context(), d, l)
		t.Logf("%s: %v", what, err)
		require.Error(t, err, what)
		require.NoError(t, d.close())
	}
}
