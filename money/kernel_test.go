package money_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/lifecycle"
	"github.com/itsmkit/itsm/money"
)

// line is a record with every type of this package.
type line struct {
	itsm.Header
	Currency money.Currency     `json:"currency"`
	Net      money.Amount       `json:"net,omitzero"`
	Unit     money.Price        `json:"unit,omitzero"`
	Quantity money.Number       `json:"quantity,omitzero"`
	Parts    []money.Amount     `json:"parts,omitempty"`
	Booked   money.Conversion   `json:"booked,omitzero"`
	Later    []money.Conversion `json:"later,omitempty"`
}

type enter struct {
	Net    money.Amount   `json:"net"`
	Unit   money.Price    `json:"unit"`
	Amount money.Number   `json:"amount"`
	Parts  []money.Amount `json:"parts"`
}

func (enter) Name() string { return "enter" }

func (e enter) Apply(l *line, m itsm.Moment) error {
	l.Net, l.Unit, l.Quantity, l.Parts, l.Currency = e.Net, e.Unit, e.Amount, e.Parts, e.Net.Currency()
	if e.Net.Currency() != money.EUR {
		return nil
	}
	c, err := ecb("EUR", "USD", "1.0843", 2).Convert(e.Net, money.HalfUp)
	l.Booked, l.Later = c, append(l.Later, c)
	return err
}

// TestAsFields: the values can be fields of a record. What is declared, applied, decoded and replayed is the same.
func TestAsFields(t *testing.T) {
	table, err := lifecycle.New([]lifecycle.Rule{{On: "enter", From: []lifecycle.State{"", "entered"}, To: "entered"}}, "entered")
	require.NoError(t, err)
	kind, err := itsm.NewKind("line", itsm.Declaration[line]{
		Lifecycle: table,
		Actions:   []itsm.Offer[line]{itsm.Do(enter{})},
	})
	require.NoError(t, err)
	moment := itsm.Moment{Time: time.Date(2026, 11, 24, 9, 0, 0, 0, time.UTC), Actor: &itsm.Actor{ID: "ana", Tenant: "acme"}}
	rec := line{}
	var events []itsm.Event
	for _, input := range []string{
		`{"net":{"amount":"12.50","currency":"EUR"},"unit":{"amount":"0.000125","currency":"EUR"},"amount":"3.5","parts":[{"amount":"12.50","currency":"EUR"}]}`,
		`{"net":{"amount":"12.5","currency":"EUR"},"unit":{"amount":"0.0001250","currency":"EUR"},"amount":"3.50","parts":[{"amount":"-1","currency":"JPY"}]}`,
		`{"net":{"amount":"0.00","currency":"KWD"},"unit":null,"amount":"0","parts":[]}`,
	} {
		action, err := kind.Decode("enter", []byte(input))
		require.NoError(t, err, input)
		next, event, err := kind.Apply(rec, action, moment)
		require.NoError(t, err, input)
		rec, events = next, append(events, event)
		replayed, err := kind.Replay(events, time.Time{})
		require.NoError(t, err)
		require.Equal(t, rec, replayed)
		raw, err := json.Marshal(rec)
		require.NoError(t, err)
		var read line
		require.NoError(t, json.Unmarshal(raw, &read))
		require.Equal(t, rec, read)
	}
	for _, c := range events[1].Changes {
		require.NotContains(t, []string{"/net", "/unit", "/quantity"}, c.Path, "12.5 is 12.50")
	}
	_, err = kind.Decode("enter", []byte(`{"net":{"amount":"12.505","currency":"EUR"}}`))
	require.ErrorIs(t, err, itsm.ErrInvalid)
	require.ErrorContains(t, err, "net")
}
