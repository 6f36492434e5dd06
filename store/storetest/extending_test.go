package storetest_test

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/itsmkit/itsm/store/storetest"
	"github.com/stretchr/testify/require"
)

// TestExtending: the code of EXTENDING.md is that of the example store, which passes the suite, and the checks
// that it names exist.
func TestExtending(t *testing.T) {
	page, err := os.ReadFile("../../EXTENDING.md")
	require.NoError(t, err)
	source, err := os.ReadFile("example_store_test.go")
	require.NoError(t, err)
	spaced := func(s string) string { return strings.Join(strings.Fields(s), " ") }
	blocks := regexp.MustCompile("(?s)```go\n(.*?)```").FindAllStringSubmatch(string(page), -1)
	require.Greater(t, len(blocks), 8)
	for _, b := range blocks {
		require.Contains(t, spaced(string(source)), spaced(b[1]))
	}
	var names []string
	for _, c := range storetest.Checks() {
		names = append(names, c.Name)
	}
	_, table, ok := strings.Cut(string(page), "## Common mistakes")
	require.True(t, ok)
	mentioned := regexp.MustCompile("`([a-z]+/[a-z_]+)`").FindAllStringSubmatch(table, -1)
	require.Greater(t, len(mentioned), 30)
	for _, m := range mentioned {
		require.True(t, slices.Contains(names, m[1]), "EXTENDING.md names the check %s, which does not exist", m[1])
	}
	for _, link := range regexp.MustCompile(`\]\(([^)#:]+)\)`).FindAllStringSubmatch(string(page), -1) {
		_, err := os.Stat("../../" + link[1])
		require.NoError(t, err)
	}
}
