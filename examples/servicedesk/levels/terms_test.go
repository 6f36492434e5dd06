package levels_test

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/itsmkit/itsm/examples/servicedesk/levels"
	"github.com/itsmkit/itsm/incident"
)

var update = flag.Bool("update", false, "write the golden files anew")

// standard.json is the standard terms, as a file to start from.
func TestStandardIsTheFile(t *testing.T) {
	terms, err := levels.Standard("UTC")
	require.NoError(t, err)
	raw, err := terms.JSON()
	require.NoError(t, err)
	if *update {
		require.NoError(t, os.WriteFile("standard.json", raw, 0o600))
	}
	want, err := os.ReadFile("standard.json")
	require.NoError(t, err)
	require.Equal(t, string(want), string(raw), "go test -update writes the file anew")
	read, err := levels.Load("standard.json", incident.Kind().Describe())
	require.NoError(t, err)
	again, err := read.JSON()
	require.NoError(t, err)
	require.Equal(t, string(want), string(again))
}

func TestStandardInAZone(t *testing.T) {
	terms, err := levels.Standard("Asia/Tokyo")
	require.NoError(t, err)
	d, err := terms.Agreements[0].Calendars[0].Hours.Definition()
	require.NoError(t, err)
	require.Equal(t, "Asia/Tokyo", d.Zone)
	_, err = levels.Standard("Mars/Olympus")
	require.Error(t, err)
}

// Each file has one fault, which the message names with its line: that of the text that was put there.
func TestLoadSaysWhatIsWrongAndWhere(t *testing.T) {
	raw, err := os.ReadFile("standard.json")
	require.NoError(t, err)
	for name, c := range map[string]struct{ old, new, message string }{
		"unknown member":      {`"reopening"`, `"reopenning"`, `agreements[0].targets[1].reopenning: is not known (want amounts, cancel, change, each, `},
		"unknown at the top":  {`"subjects"`, `"subject"`, `subject: is not known (want agreements, subjects)`},
		"a member twice":      {`"goal": 9000`, `"goal": 9000, "goal": 9000`, `agreements[0].goal: is there twice`},
		"a text for a list":   {`"subjects": [`, `"subjects": "incident", "agreements": [`, `subjects: is a text (want a list)`},
		"a text for a number": {`"goal": 9000`, `"goal": "90 %"`, `agreements[0].goal: is a text (want a whole number)`},
		"no duration":         {`"working": "PT15M"`, `"working": "15 min"`, `agreements[0].targets[0].amounts[0].working:`},
		"unknown field":       {`"field": "hold.reason"`, `"field": "hold.raeson"`, `agreements[0].targets[1].pause: unknown field (near hold.reason, value hold.raeson)`},
		"unknown choice":      {`"go_on"`, `"go on"`, `agreements[0].targets[1].reopening: choice (allowed leave, go_on, again, value go on)`},
		"unknown calendar":    {`"calendar": "office"`, `"calendar": "offic"`, `agreements[0].targets[0].hours[1].calendar: unknown`},
		"unknown kind":        {`"kind": "incident"`, `"kind": "incidents"`, `subjects[0].kind: unknown (near incident`},
		"no such hour":        {`"18:00"`, `"25:00"`, `agreements[0].calendars[0].hours:`},
		"unknown zone":        {`"zone": "UTC"`, `"zone": "Mars"`, `agreements[0].calendars[0].hours:`},
		"unknown operator":    {`"exists": true`, `"exist": true`, `agreements[0].targets[0].stop:`},
		"cut short":           {`"goal": 9000`, `"goal": 9000 nine`, `is not JSON: invalid character 'n'`},
	} {
		t.Run(name, func(t *testing.T) {
			text := strings.Replace(string(raw), c.old, c.new, 1)
			require.NotEqual(t, string(raw), text)
			path := saved(t, text)
			_, err := levels.Load(path, incident.Kind().Describe())
			require.ErrorContains(t, err, c.message)
			require.NotContains(t, err.Error(), "\n")
			var line int
			rest, ours := strings.CutPrefix(err.Error(), path+": line ")
			require.True(t, ours, err)
			_, scanned := fmt.Sscanf(rest, "%d", &line)
			require.NoError(t, scanned)
			at := strings.Count(text[:strings.Index(text, c.new)], "\n") + 1
			require.LessOrEqual(t, line, at, "the value begins there, or what holds it")
			if !strings.Contains(c.message, "hours:") && !strings.Contains(c.message, "stop:") && !strings.Contains(c.message, "pause:") {
				require.Equal(t, at, line)
			}
		})
	}
}

func TestLoadRefusesWhatHoldsNothing(t *testing.T) {
	for text, message := range map[string]string{
		"":   "is empty (want an object with subjects and agreements)",
		"{}": "agreements: is missing: there is nothing to measure",
		"[]": "line 1: is a list (want an object)",
		`{"subjects": [{"kind": "incident"}], "agreements": []} {}`: "line 1: text follows the end of the JSON",
		`{"subjects": [], "agreements": [{"kind": "incident"}]}`:    "agreements[0].type: required",
		"{\"agreements\": [\n{\"a\": 1, \"b\": 2,\n\"c\": 3}]}":     "line 2, agreements[0].a: is not known",
	} {
		_, err := levels.Load(saved(t, text), incident.Kind().Describe())
		require.ErrorContains(t, err, message, text)
	}
	_, err := levels.Load(filepath.Join(t.TempDir(), "none.json"), incident.Kind().Describe())
	require.ErrorIs(t, err, os.ErrNotExist)
}

// Two agreements over the same records are a tie that no reader can decide.
func TestLoadRefusesTies(t *testing.T) {
	raw, err := os.ReadFile("standard.json")
	require.NoError(t, err)
	text := string(raw)
	from, to := strings.Index(text, "\"agreements\": [")+len("\"agreements\": ["), strings.LastIndex(text, "]")
	twice := text[:to] + "," + strings.Replace(text[from:to], "Standard", "Other", 1) + text[to:]
	_, err = levels.Load(saved(t, twice), incident.Kind().Describe())
	require.ErrorContains(t, err, "cover the same records at the same time")
}

func saved(t testing.TB, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "terms.json")
	require.NoError(t, os.WriteFile(path, []byte(text), 0o600))
	return path
}
