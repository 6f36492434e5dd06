package levels_test

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/itsmkit/itsm/examples/servicedesk/levels"
	"github.com/itsmkit/itsm/examples/servicedesk/replay"
	"github.com/itsmkit/itsm/examples/servicedesk/snlog"
)

// TestRealLog explains every clock of every case of the public log.
func TestRealLog(t *testing.T) {
	root := os.Getenv("ITSM_DATA")
	if root == "" {
		t.Skip("ITSM_DATA is not set: it names the folder that holds uci-incident-event-log, which is not in the repository")
	}
	log, err := snlog.Open(filepath.Join(root, "uci-incident-event-log", "incident_event_log.dev.csv.gz"))
	require.NoError(t, err)
	result, err := replay.Run(context.Background(), log, replay.Options{})
	require.NoError(t, err)
	require.NoError(t, log.Close())
	terms, err := levels.Standard("UTC")
	require.NoError(t, err)
	k, err := levels.Keep(system(), result.Book, terms, levels.Options{})
	require.NoError(t, err)
	accountsAddUp(t, result.Book, k, terms)
}
