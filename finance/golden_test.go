package finance_test

import (
	"encoding/json"
	"os"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/finance"
	"github.com/itsmkit/itsm/internal/golden"
	"github.com/itsmkit/itsm/money"
)

// TestRecordsStayReadable holds the JSON of records and events for ever: what was stored once is read by every later
// version, and its events still give the record.
func TestRecordsStayReadable(t *testing.T) {
	b := newBench(t)
	b.months(1)
	period, err := b.Periods.Open(b.as("mia"), finance.OpenPeriod{Chart: b.books, Title: "February", Until: date(2026, 2, 28)})
	require.NoError(t, err)
	rates, err := money.NewRates(0, quote("1.0843", 5))
	require.NoError(t, err)
	c, err := rates.Convert(dollars("100.00"), money.EUR, day(5), money.HalfEven)
	require.NoError(t, err)
	c.Quote.Date = time.Date(2026, 2, 2, 0, 0, 0, 0, time.UTC)
	_, err = b.Exchange(b.as("mia"), "", finance.Exchange{Chart: b.books, Date: date(2026, 2, 3), Text: "hosting", From: "2000", To: "5000",
		Reference: "2026-0815", Origin: finance.FromContract, CostCentre: "IT-OPS", Service: itsm.Ref{Kind: "service", ID: itsm.ID{3}}, Conversion: c, Cause: cause(4)})
	require.NoError(t, err)
	found, err := b.Entries.Find(b.as("mia"), itsm.Where(itsm.ByNumber[finance.Entry]().Is("JE0000002")), itsm.PageRequest{})
	require.NoError(t, err)
	back, err := b.Reverse(b.as("mia"), finance.Reverse{Of: found.Items[0].Ref(finance.EntryName), Date: date(2026, 2, 4), Text: "the invoice was withdrawn"})
	require.NoError(t, err)
	_, err = b.Periods.Do(b.as("mia"), period.ID, finance.ClosePeriod{})
	require.NoError(t, err)
	period, err = b.Periods.Do(b.as("bo"), period.ID, finance.ReopenPeriod{Reason: "a late invoice"})
	require.NoError(t, err)
	stays(t, finance.ChartKind(), b.Charts, b.chart, b)
	stays(t, finance.PeriodKind(), b.Periods, period, b)
	stays(t, finance.EntryKind(), b.Entries, back[1], b)
}

func stays[T any, P itsm.Record[T]](t *testing.T, k *itsm.Kind[T], desk *itsm.Desk[T], rec T, b *bench) {
	file := "testdata/" + k.Name()
	golden.File(t, file+"_v1.json", golden.JSON(t, rec))
	raw, err := os.ReadFile(file + "_v1.json")
	require.NoError(t, err)
	read, err := k.Shape().Decode(raw)
	require.NoError(t, err)
	require.Equal(t, &rec, read)

	page, err := desk.History(b.as("mia"), k.Shape().Header(&rec).ID, itsm.PageRequest{})
	require.NoError(t, err)
	golden.File(t, file+"_events_v1.json", golden.JSON(t, page.Items))
	raw, err = os.ReadFile(file + "_events_v1.json")
	require.NoError(t, err)
	var events []itsm.Event
	require.NoError(t, json.Unmarshal(raw, &events))
	rebuilt, err := k.Replay(events, time.Time{})
	require.NoError(t, err)
	require.Equal(t, rec, rebuilt)
}

// TestDiagrams compares the diagrams in docs with the tables.
func TestDiagrams(t *testing.T) {
	text := "# The lifecycles of the ledger\n\nGenerated from the tables in package `finance`; a test compares the two.\n\n"
	for _, d := range []struct{ title, diagram string }{
		{"Chart of accounts", finance.ChartLifecycle().Mermaid()},
		{"Accounting period", finance.PeriodLifecycle().Mermaid()},
		{"Entry", finance.EntryLifecycle().Mermaid()},
	} {
		text += "## " + d.title + "\n\n```mermaid\n" + d.diagram + "```\n"
		if d.title != "Entry" {
			text += "\n"
		}
	}
	golden.File(t, "../docs/finance-lifecycles.md", []byte(text))
}
