package sqlite_test

import (
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/lifecycle"
	"github.com/itsmkit/itsm/store/sqlite"
)

// thing is a record of a kind with any name.
type thing struct{ itsm.Header }

type begin struct{}

func (begin) Name() string                    { return "begin" }
func (begin) Apply(*thing, itsm.Moment) error { return nil }

// TestNamesOfTables: a kind whose tables would have the names of others is refused, and says so; the prefix is checked.
func TestNamesOfTables(t *testing.T) {
	table, err := lifecycle.New([]lifecycle.Rule{{On: "begin", From: []lifecycle.State{""}, To: "on"}}, "on")
	require.NoError(t, err)
	store, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "desk.db"), sqlite.Options{Sync: sqlite.SyncNormal})
	require.NoError(t, err)
	defer func() { require.NoError(t, store.Close()) }()
	for _, name := range []string{"event", "key", "event_at", "incident_lists"} {
		kind, err := itsm.NewKind(name, itsm.Declaration[thing]{Lifecycle: table, Actions: []itsm.Offer[thing]{itsm.Do(begin{})}})
		require.NoError(t, err)
		_, err = sqlite.For(store, kind).Get(t.Context(), itsm.Scope{}, itsm.ID{1})
		require.ErrorContains(t, err, "the kind "+name+" cannot be kept: want a name that is none of schema, event")
	}
	_, err = sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "desk.db"), sqlite.Options{Prefix: "Desk-"})
	require.ErrorContains(t, err, `the prefix "Desk-": want lower-case letters, digits and _`)
}
