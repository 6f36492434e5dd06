package sqlite_test

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/incident"
	"github.com/itsmkit/itsm/store/sqlite"
)

// TestErasedFromTheFile: a word that was redacted, and those of a record that was purged, are no longer among the bytes
// of the file and its log, while the store is open.
func TestErasedFromTheFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "desk.db")
	store, err := sqlite.Open(t.Context(), path, sqlite.Options{})
	require.NoError(t, err)
	defer func() { require.NoError(t, store.Close()) }()
	repo := sqlite.For(store, incident.Kind())
	desk, err := itsm.NewDesk(incident.Kind(), itsm.Config[incident.Incident]{Repository: repo, Policy: itsm.AllowAll})
	require.NoError(t, err)
	ctx := itsm.System(t.Context(), "acme")
	open := func(title, caller string) incident.Incident {
		r := report
		r.Title, r.Caller = title, caller
		rec, err := desk.Open(ctx, r)
		require.NoError(t, err)
		return rec
	}
	redacted, purged := open("the zebrafish password", "ann"), open("a quokka", "wombatcaller")
	for range 50 {
		open("others", "jan")
	}
	bytesOf := func(word string) (n int) {
		for _, end := range []string{"", "-wal"} {
			raw, err := os.ReadFile(path + end)
			require.NoError(t, err)
			n += bytes.Count(bytes.ToLower(raw), []byte(word))
		}
		return n
	}
	for _, word := range []string{"zebrafish", "quokka", "wombatcaller"} {
		require.Positive(t, bytesOf(word), word)
	}
	_, err = desk.Redact(ctx, redacted.ID, itsm.Redaction{Paths: []string{"title"}, Reason: "asked for"})
	require.NoError(t, err)
	require.Zero(t, bytesOf("zebrafish"))
	require.NoError(t, repo.Erase(ctx, itsm.Scope{Tenant: "acme"}, itsm.Erasure[incident.Incident]{Of: purged.Ref("incident"), Version: purged.Version}))
	require.Zero(t, bytesOf("quokka"))
	require.Zero(t, bytesOf("wombatcaller"))

	within := open("an axolotl", "ann")
	require.NoError(t, store.InTx(ctx, func(ctx context.Context) error {
		return repo.Erase(ctx, itsm.Scope{Tenant: "acme"}, itsm.Erasure[incident.Incident]{Of: within.Ref("incident"), Version: within.Version})
	}))
	require.Zero(t, bytesOf("axolotl"), "what was erased in a transaction is gone when it is committed")
}
