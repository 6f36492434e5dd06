package postgres

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/incident"
	"github.com/itsmkit/itsm/store/storetest"
)

// rows counts the events that stand in a table by itself.
func (s *Store) rows(t *testing.T, table string) (n int) {
	t.Helper()
	require.NoError(t, s.pool.QueryRow(t.Context(), "SELECT count(*) FROM ONLY "+s.engine.Names.Table("event", table)).Scan(&n))
	return n
}

// TestMonths: the events of a month stand in a table of their own, which is there before the month begins; what is later
// than all of them goes to the rest, and nothing of it is lost or out of order.
func TestMonths(t *testing.T) {
	dsn := Server.Database(t, Run)
	s, err := Open(t.Context(), dsn, Options{Months: true, Schema: "desk", Prefix: "it_"})
	require.NoError(t, err)
	defer s.Close()
	repo := For(s, incident.Kind())
	require.NoError(t, s.Migrate(t.Context()))
	desk, err := itsm.NewDesk(incident.Kind(), itsm.Config[incident.Incident]{Repository: repo, Policy: itsm.AllowAll})
	require.NoError(t, err)
	ctx := itsm.System(t.Context(), "acme")
	open := func() {
		_, err := desk.Open(ctx, incident.Report{Title: "Mail", Impact: incident.Low, Urgency: incident.Low})
		require.NoError(t, err)
	}
	var tables, month int
	require.NoError(t, s.pool.QueryRow(t.Context(), "SELECT count(*) FROM pg_inherits WHERE inhparent = 'desk.it_event'::regclass").Scan(&tables))
	require.Equal(t, 1+1+ahead, tables, "the rest, the present month and those to come")

	open()
	var now time.Time
	require.NoError(t, s.pool.QueryRow(t.Context(), "SELECT now()").Scan(&now))
	month = s.rows(t, now.UTC().Format("2006_01"))
	require.Equal(t, 1, month)
	require.Zero(t, s.rows(t, "rest"))

	// Without a table for the month its events go to the rest, and stay there when one is to be made for it.
	_, err = s.pool.Exec(t.Context(), "DROP TABLE desk.it_event_"+now.UTC().Format("2006_01"))
	require.NoError(t, err)
	open()
	require.Equal(t, 1, s.rows(t, "rest"))
	require.NoError(t, s.months(t.Context(), now))
	open()
	require.Equal(t, 2, s.rows(t, "rest"))
	events, _, err := s.Since(t.Context(), "", 10)
	require.NoError(t, err)
	require.Equal(t, []string{"INC0000002", "INC0000003"}, []string{events[0].Number, events[1].Number})

	again, err := Open(t.Context(), dsn, Options{Schema: "desk", Prefix: "it_"})
	require.NoError(t, err, "the tables are as they are: the option is for a new store")
	again.Close()
}

// TestMonthsAreForNewStores: a store whose events are in one table says that it stays so.
func TestMonthsAreForNewStores(t *testing.T) {
	dsn := Server.Database(t, Run)
	s, err := Open(t.Context(), dsn, Options{})
	require.NoError(t, err)
	s.Close()
	_, err = Open(t.Context(), dsn, Options{Months: true})
	require.ErrorContains(t, err, "the events of this store are in one table: want a new store, into which an archive is imported")
}

// TestStoreMonths plays what the suite asks of events, with a table for each month.
func TestStoreMonths(t *testing.T) {
	dsn := Server.Database(t, Run)
	n := 0
	for _, c := range storetest.Checks() {
		group, _, _ := strings.Cut(c.Name, "/")
		if !slices.Contains([]string{"event", "key", "erase", "number", "durable"}, group) {
			continue
		}
		t.Run(c.Name, func(t *testing.T) {
			n++
			h, err := monthly(t, dsn, fmt.Sprint("m", n))
			require.NoError(t, err)
			defer h.Close()
			require.NoError(t, c.Run(t.Context(), h), c.Doc)
		})
	}
}

func monthly(t *testing.T, dsn, schema string) (storetest.Harness, error) {
	s, err := Open(t.Context(), dsn, Options{Months: true, Schema: schema})
	if err != nil {
		return storetest.Harness{}, err
	}
	h := storetest.Harness{Things: For(s, storetest.Things()), Others: For(s, storetest.Others()), Saver: s, Transactor: s, Close: s.Close}
	h.Reopen = func() (storetest.Harness, error) {
		s.Close()
		return monthly(t, dsn, schema)
	}
	return h, s.Migrate(t.Context())
}
