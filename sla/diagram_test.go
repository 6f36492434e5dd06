package sla_test

import (
	"os"
	"testing"

	"github.com/itsmkit/itsm/sla"
	"github.com/stretchr/testify/require"
)

// The diagrams in docs are those of the tables.
func TestDiagrams(t *testing.T) {
	want, err := os.ReadFile("../docs/sla-lifecycles.md")
	require.NoError(t, err)
	text := "# The lifecycles of service levels\n\nGenerated from the tables in package `sla`; a test compares the two.\n\n## Agreement\n\n```mermaid\n" +
		sla.AgreementLifecycle().Mermaid() + "```\n\n## Clock\n\n```mermaid\n" + sla.ClockKind().Lifecycle().Mermaid() + "```\n"
	require.Equal(t, string(want), text)
}
