package levels_test

import (
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/itsmkit/itsm/examples/servicedesk/levels"
	"github.com/itsmkit/itsm/incident"
)

// FuzzParse holds that any text gives terms that can be written and read again, or an error in one line that names the file.
func FuzzParse(f *testing.F) {
	standard, err := os.ReadFile("standard.json")
	require.NoError(f, err)
	for _, s := range []string{string(standard), "", "{}", "[", "null", `{"subjects":null,"agreements":[null]}`, `{"agreements":[{"targets":[{"start":{"all":[]}}]}]}`, "\xff",
		strings.Replace(string(standard), "PT15M", "P1D", 1)} {
		f.Add([]byte(s))
	}
	about := incident.Kind().Describe()
	f.Fuzz(func(t *testing.T, raw []byte) {
		terms, err := levels.Parse("terms.json", raw, about)
		if err != nil {
			require.True(t, strings.HasPrefix(err.Error(), "terms.json: "), err)
			return
		}
		text, err := terms.JSON()
		require.NoError(t, err)
		again, err := levels.Parse("terms.json", text, about)
		require.NoError(t, err)
		second, err := again.JSON()
		require.NoError(t, err)
		require.Equal(t, string(text), string(second))
	})
}
