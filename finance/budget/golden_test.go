package budget_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/finance/budget"
	"github.com/itsmkit/itsm/internal/golden"
)

// full is a budget with a value in nearly every field.
func full(b *bench) budget.Budget {
	d := year(budget.Plan{Amount: eur("12000.00"), Months: []int64{1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 2}, OnCommit: budget.Warn, OnSpend: budget.Stop,
		Thresholds: []budget.Threshold{{Percent: 50, Of: budget.OfUsed}, {Percent: 100, Of: budget.OfForecast}}})
	d.Owner, d.Service = "mia", itsm.Ref{Kind: "service", ID: itsm.ID{7}}
	x, other := b.approved(d), b.approved(year(budget.Plan{Amount: eur("500.00")}))
	b.now = b.now.Add(time.Hour)
	x = b.do(x, budget.Commit{For: order(1), Amount: eur("7000.00")}, budget.Commit{For: order(2), Amount: eur("100.00")},
		budget.Spend{Amount: eur("1500.50"), Against: order(1), For: itsm.Ref{Kind: "invoice", ID: itsm.ID{3}}},
		budget.Relate{Type: "approved_with", To: itsm.Ref{Kind: "change", ID: itsm.ID{4}}},
		budget.Revise{Plan: budget.Plan{Amount: eur("11000.00")}, Reason: "cuts"}, budget.Submit{}, budget.Reject{Reason: "not yet"}, budget.Submit{})
	_, x, err := budget.Transfer(b.as("ann"), b.desk, b.store, budget.Move{From: other.ID, To: x.ID, Amount: eur("250.00"), Reason: "growth"})
	require.NoError(b.t, err)
	return x
}

// The JSON of a record and of events is held for ever: what was stored once is read by every later version.
func TestStaysReadable(t *testing.T) {
	b := newBench(t)
	x := full(b)
	raw := golden.File(t, "testdata/record_v1.json", golden.JSON(t, x))
	rec, err := budget.Kind().Shape().Decode(raw)
	require.NoError(t, err)
	require.Equal(t, string(raw), string(golden.JSON(t, rec)))

	raw = golden.File(t, "testdata/events_v1.json", golden.JSON(t, b.events(x)))
	var events []itsm.Event
	require.NoError(t, json.Unmarshal(raw, &events))
	rebuilt, err := budget.Kind().Replay(events, time.Time{})
	require.NoError(t, err)
	require.Equal(t, x, rebuilt)
}

// The diagram in docs is that of the table.
func TestDiagram(t *testing.T) {
	golden.File(t, "../../docs/budget-lifecycle.md", []byte("# The lifecycle of a budget\n\nGenerated from the table in `finance/budget/lifecycle.go`; a test compares the two.\n\n```mermaid\n"+
		budget.Lifecycle().Mermaid()+"```\n"))
}
