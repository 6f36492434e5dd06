package invoice_test

import (
	"bytes"
	"encoding/json"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/finance/charging/invoice"
	"github.com/itsmkit/itsm/internal/golden"
)

// full is an invoice with a value in nearly every field.
func full(b *bureau) invoice.Invoice {
	c := content("100.00", "50.00")
	c.Lines[1].Text, c.Lines[1].Because = "Storage, second tier", itsm.Ref{Kind: "agreement", ID: itsm.ID{7}}
	return b.do(b.open(c), invoice.Issue{}, invoice.OpenDispute{Reason: "too much"}, invoice.Pay{ID: "transfer 17", Amount: eur("19.00"), On: day("2026-04-02")},
		invoice.Credit{Parts: []invoice.Part{{Line: 2, Net: eur("20.00")}}, Reason: "It was slow"}, invoice.Settle{Outcome: "credited in part"})
}

// TestRecordStaysReadable holds the JSON of a record and of its events for ever: what was stored once is read by every later
// version.
func TestRecordStaysReadable(t *testing.T) {
	b := newBureau(t)
	i := full(b)
	raw := golden.File(t, "testdata/record_v1.json", golden.JSON(t, i))
	read, err := invoice.Kind().Shape().Decode(raw)
	require.NoError(t, err)
	require.Equal(t, &i, read)

	page, err := b.desk.History(b.ctx(), i.ID, itsm.PageRequest{})
	require.NoError(t, err)
	raw = golden.File(t, "testdata/events_v1.json", golden.JSON(t, page.Items))
	var events []itsm.Event
	require.NoError(t, json.NewDecoder(bytes.NewReader(raw)).Decode(&events))
	rebuilt, err := invoice.Kind().Replay(events, time.Time{})
	require.NoError(t, err)
	require.Equal(t, i, rebuilt)
}
