package sla_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"testing"

	"github.com/itsmkit/itsm/sla"
	"github.com/stretchr/testify/require"
)

var update = flag.Bool("update", false, "write the golden files anew")

// agreementGolden compares an agreement with the file beside the test, and returns what that holds.
func agreementGolden(t *testing.T, g sla.Agreement) []byte {
	t.Helper()
	raw, err := json.Marshal(g)
	require.NoError(t, err)
	var out bytes.Buffer
	require.NoError(t, json.Indent(&out, raw, "", "  "))
	out.WriteByte('\n')
	const file = "testdata/agreement_v1.json"
	if *update {
		require.NoError(t, os.WriteFile(file, out.Bytes(), 0o644))
	}
	want, err := os.ReadFile(file)
	require.NoError(t, err)
	require.Equal(t, string(want), out.String(), "go test -run %s -update writes %s anew", t.Name(), file)
	return want
}
