package report_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"github.com/itsmkit/itsm/examples/servicedesk/report"
)

var update = flag.Bool("update", false, "write the golden files anew")

func at(day, hour, minute int) time.Time {
	return time.Date(2026, 3, day, hour, minute, 0, 0, time.UTC)
}

// small is a report of four cases, with texts that would do harm if they were not escaped.
func small() *report.Report {
	b := report.NewBuilder("Desk of <b>Acme</b>", "test & \"data\"")
	b.Counts(report.Counts{Rows: 17, Actions: 15, Unchanged: 1, Reordered: 1, Events: 15})
	b.Case(report.Case{
		Number: "INC1", Title: "</title><script>alert(1)</script>", Opened: at(2, 9, 15), Resolved: at(4, 13, 45),
		Closed: at(9, 14, 0), Priority: "2 - High", Category: "Mail", Group: "Desk", FinalState: "closed",
		Reassignments: 2, Reopenings: 1,
		Path: []report.Visit{
			{State: "new", At: at(2, 9, 15)},
			{State: "in_progress", Group: "Desk", At: at(2, 9, 20)},
			{State: "in_progress", Group: "Network", At: at(2, 10, 0)},
			{State: "on_hold", Reason: "caller", Group: "Network", At: at(2, 11, 0)},
			{State: "on_hold", Reason: "caller", Group: "Desk", At: at(2, 12, 0)},
			{State: "resolved", Group: "Desk", At: at(3, 11, 0)},
			{State: "in_progress", Group: "Desk", At: at(4, 9, 0)},
			{State: "resolved", Group: "Desk", At: at(4, 13, 45)},
			{State: "closed", Group: "Desk", At: at(9, 14, 0)},
		},
	})
	b.Case(report.Case{
		Number: "INC2", Title: "Passwort vergessen – ändern", Opened: at(3, 8, 5), Resolved: at(3, 8, 20), Closed: at(8, 8, 30),
		Priority: "3 - Moderate", Category: "Access", Group: "Desk", FinalState: "closed", FirstContact: true,
		Path: []report.Visit{{State: "new", Group: "Desk", At: at(3, 8, 5)}, {State: "resolved", Group: "Desk", At: at(3, 8, 20)},
			{State: "closed", Group: "Desk", At: at(8, 8, 30)}},
	})
	b.Case(report.Case{
		Number: "INC3", Title: "サーバーが遅い", Opened: at(10, 22, 59), Priority: "3 - Moderate", Group: "Network",
		Path: []report.Visit{{State: "new", At: at(10, 22, 59)}, {State: "on_hold", Reason: "supplier", Group: "Network", At: at(11, 7, 0)}},
	})
	b.Case(report.Case{Number: "INC4", Opened: at(23, 7, 0), Closed: at(23, 7, 30), Category: "Mail", FinalState: "cancelled"})
	b.Refuse("closed", "on_hold")
	b.Refuse("closed", "on_hold")
	b.Refuse("cancelled", "resolved")
	b.Levels(levels("INC1", "</title><script>alert(1)</script>", "Desk"))
	made := report.NewAgreed(4, 3)
	b.MadeSLA(&made)
	b.History(report.History{Number: "INC1", Title: "</title><script>alert(1)</script>", Events: []report.Entry{
		{Time: at(2, 9, 15), Actor: "Ana", Action: "report", To: "new", Changes: []report.Change{{Field: "title", New: "<img src=x onerror=alert(1)>"}}},
		{Time: at(2, 11, 0), Actor: "Bo\x1b[31m", Action: "hold", From: "in_progress", To: "on_hold", Note: "Which \"version\"?\nPlease tell.",
			Changes: []report.Change{{Field: "reason", New: "caller"}, {Field: "group", Old: "Desk", New: "Network"}}},
		{Time: at(2, 11, 5), Actor: "Ana", Action: "comment", From: "on_hold", To: "on_hold"},
	}})
	return b.Report()
}

type renderer = func(io.Writer, *report.Report) error

func renderers() map[string]renderer {
	return map[string]renderer{"txt": report.Text, "ansi": report.ColourText, "json": report.JSON, "html": report.HTML}
}

func render(t testing.TB, f renderer, r *report.Report) string {
	t.Helper()
	var b bytes.Buffer
	require.NoError(t, f(&b, r))
	return b.String()
}

func TestGolden(t *testing.T) {
	for ending, f := range renderers() {
		for name, r := range map[string]*report.Report{"small": small(), "empty": report.NewBuilder("", "").Report()} {
			t.Run(name+" "+ending, func(t *testing.T) {
				got := render(t, f, r)
				path := filepath.Join("testdata", name+"."+ending)
				if *update {
					require.NoError(t, os.WriteFile(path, []byte(got), 0o600))
				}
				want, err := os.ReadFile(path)
				require.NoError(t, err)
				require.Equal(t, string(want), got, "go test -update writes the file anew")
			})
		}
	}
}

// TestZeroReport shows a report that no builder made: nil lists, nothing set.
func TestZeroReport(t *testing.T) {
	for ending, f := range renderers() {
		got := render(t, f, &report.Report{History: &report.History{Events: []report.Entry{{}}}, Longest: []report.LongCase{{}}})
		require.NotEmpty(t, got)
		if ending == "json" {
			require.NotContains(t, got, "null")
		}
	}
}

func TestJSONReadsBack(t *testing.T) {
	var r report.Report
	text := render(t, report.JSON, small())
	require.NoError(t, json.Unmarshal([]byte(text), &r))
	require.Equal(t, text, render(t, report.JSON, &r))
	direct, err := json.Marshal(small())
	require.NoError(t, err)
	require.JSONEq(t, text, string(direct))
}

func TestHTMLEscapes(t *testing.T) {
	page := render(t, report.HTML, small())
	for _, bad := range []string{"<script", "<img", "<b>Acme", "onerror=alert(1)>", "\x1b", "http://", "https://", "url(", "@import", "ZgotmplZ"} {
		require.NotContains(t, page, bad)
	}
	require.Contains(t, page, "&lt;script&gt;alert(1)&lt;/script&gt;")
	require.Equal(t, strings.Count(page, "<svg"), strings.Count(page, "</svg>"))
}

func TestHTMLEscapesInCharts(t *testing.T) {
	evil := `"/><script>alert(1)</script>`
	b := report.NewBuilder(evil, evil)
	b.Case(report.Case{Number: evil, Opened: at(1, 1, 1), Resolved: at(2, 1, 1), Priority: evil, Category: evil, Group: evil,
		Path: []report.Visit{{State: evil, Reason: evil, Group: evil, At: at(1, 1, 1)}, {State: "b", At: at(2, 1, 1)}}})
	page := render(t, report.HTML, b.Report())
	require.NotContains(t, page, "<script")
	require.NotContains(t, page, `"/>&lt;`)
}

func TestTextWidth(t *testing.T) {
	long := strings.Repeat("a very long word ", 20)
	b := report.NewBuilder(long, long)
	for i := range 40 {
		state := fmt.Sprint("state ", i%9, " ", long)
		b.Case(report.Case{Number: fmt.Sprint("INC", long, i), Title: long + "遅い", Opened: at(1, i%24, 0), Resolved: at(1+i*3, 0, 0),
			Priority: fmt.Sprint(i%5, long), Category: long, Group: fmt.Sprint(long, i), Reassignments: i,
			Path: []report.Visit{{State: "new", Group: "遅い" + long, At: at(1, 0, 0)}, {State: state, Reason: long, Group: long, At: at(2, 0, 0)},
				{State: "new", Group: "遅い" + long, At: at(3, 0, 0)}}})
	}
	b.Refuse(long, long)
	b.Levels(levels(long, long, long))
	b.History(report.History{Number: long, Title: long, Events: []report.Entry{{Actor: long, Action: long, From: long, To: long + "x", Note: long,
		Changes: []report.Change{{Field: long, Old: long, New: long}}}}})
	for i, line := range strings.Split(render(t, report.Text, b.Report()), "\n") {
		wide := strings.Count(line, "遅") + strings.Count(line, "い")
		require.LessOrEqual(t, utf8.RuneCountInString(line)+wide, 100, "line %d: %s", i+1, line)
	}
}

func TestTextHasNoControlCharacters(t *testing.T) {
	for _, r := range render(t, report.Text, small()) {
		require.True(t, r == '\n' || r >= ' ' && r != 0x7f && r != 0x1b, "%q", r)
	}
	require.NotContains(t, render(t, report.ColourText, small()), "Bo\x1b")
}

// TestAllOrNothing shows that a failing writer gets the cause back, and one write.
func TestAllOrNothing(t *testing.T) {
	for ending, f := range renderers() {
		w := &failing{err: errors.New("full")}
		require.ErrorIs(t, f(w, small()), w.err, ending)
		require.Equal(t, 1, w.calls)
	}
}

type failing struct {
	err   error
	calls int
}

func (w *failing) Write([]byte) (int, error) {
	w.calls++
	return 0, w.err
}
