package postgres_test

import (
	"bytes"
	"context"
	"errors"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/store/archive"
	"github.com/itsmkit/itsm/store/postgres"
	"github.com/itsmkit/itsm/store/storetest"
)

// TestStorePooled plays a part of the suite as it is run behind a pooler of transactions, where the driver prepares
// nothing: values go as texts whose types the server finds by the statement. The part has each kind of statement in it.
func TestStorePooled(t *testing.T) {
	if testing.Short() {
		t.Skip("a part of the suite a second time: without -short")
	}
	dsn := pooled(t, database(t))
	for _, c := range storetest.Checks() {
		group, _, _ := strings.Cut(c.Name, "/")
		if !slices.Contains([]string{"value", "text", "unique", "key", "erase", "several"}, group) {
			continue
		}
		t.Run(c.Name, func(t *testing.T) {
			h := harness(t, dsn, fresh(postgres.Options{}))
			defer h.Close()
			if err := c.Run(t.Context(), h); !errors.Is(err, storetest.ErrSkipped) {
				require.NoError(t, err)
			}
		})
	}
}

// pooled returns a connection string by which the driver prepares nothing.
func pooled(t *testing.T, dsn string) string {
	t.Helper()
	u, err := url.Parse(dsn)
	require.NoError(t, err)
	q := u.Query()
	q.Set("default_query_exec_mode", "exec")
	u.RawQuery = q.Encode()
	return u.String()
}

// TestPooled: what the suite does not know works so too: leadership, shared sweeps, events, archives, row-level security.
func TestPooled(t *testing.T) {
	dsn := pooled(t, bound(t))
	o := newOthers(t, dsn, postgres.Options{RowSecurity: true, Notify: true})
	o.found(t, t.Context(), "a")
	done := errors.New("done")
	require.ErrorIs(t, o.Lead(t.Context(), "clocks", time.Second, time.Second, func(context.Context) error { return done }), done)
	_, err := o.Wait(t.Context(), "", time.Minute)
	require.NoError(t, err)
	names, _ := o.read(t, "")
	require.Equal(t, []string{"a"}, names)
	_, err = o.Stall(t.Context())
	require.NoError(t, err)
	sweeper, err := itsm.NewDesk(storetest.Others(), itsm.Config[storetest.Other]{Repository: postgres.Shared(o.Store, storetest.Others(), postgres.Share{}), Policy: itsm.AllowAll})
	require.NoError(t, err)
	due := itsm.Where(itsm.ByState[storetest.Other]().Is(storetest.StateOpen))
	n, err := sweeper.Sweep(itsm.System(t.Context(), "acme"), due, time.Now(), storetest.Drop{})
	require.NoError(t, err)
	require.Equal(t, 1, n)
	var kept bytes.Buffer
	require.NoError(t, archive.Export(t.Context(), o, &kept))
}
