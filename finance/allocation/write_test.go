package allocation_test

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"encoding/xml"
	"errors"
	"io"
	"math/big"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/itsmkit/itsm/finance/allocation"
	"github.com/itsmkit/itsm/money"
)

func TestWriteJSON(t *testing.T) {
	m, lines := costs()
	lines[2].ID = "mail \"licences\"\n"
	r, err := m.Allocate(lines)
	require.NoError(t, err)
	trace, err := r.TraceEnd(allocation.End{Kind: allocation.Idle, Name: "storage"})
	require.NoError(t, err)
	var out bytes.Buffer
	require.NoError(t, allocation.WriteJSON(&out, trace))
	require.Equal(t, `[
{"line":{"id":"disks 2027-01","to":"storage","amount":{"amount":"5000.00","currency":"EUR"}},"end":{"kind":"idle","name":"storage"},"fraction":"1/5","amount":"1000.000000"}
]
`, out.String())

	trace, err = r.TraceLine(lines[2].ID)
	require.NoError(t, err)
	out.Reset()
	require.NoError(t, allocation.WriteJSON(&out, trace))
	var read []struct {
		Line     allocation.Line
		End      allocation.End
		Fraction string
	}
	require.NoError(t, json.Unmarshal(out.Bytes(), &read))
	require.Len(t, read, 2)
	require.Equal(t, lines[2], read[0].Line)
	out.Reset()
	require.NoError(t, allocation.WriteJSON(&out, func(func(allocation.Share) bool) {}))
	require.JSONEq(t, `[]`, out.String())
}

// The figures of the table are those of FloatString, which rounds half away from zero too.
func TestWriteTable(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		share := allocation.Share{
			Line:     allocation.Line{ID: rapid.String().Draw(t, "id"), To: "x", Amount: coins(t, rapid.OneOf(rapid.Int64Range(-9, 9), rapid.Int64()).Filter(func(n int64) bool { return n != -1<<63 }).Draw(t, "coins"))},
			End:      allocation.End{Kind: allocation.Bill, Name: "y"},
			Fraction: big.NewRat(rapid.Int64Range(-50, 50).Draw(t, "num"), rapid.Int64Range(1, 1e7).Draw(t, "denom")),
		}
		var out bytes.Buffer
		require.NoError(t, allocation.WriteTable(&out, func(yield func(allocation.Share) bool) { yield(share) }))
		rows, err := csv.NewReader(&out).ReadAll()
		require.NoError(t, err)
		require.Len(t, rows, 2)
		amount, percent := share.Amount(), new(big.Rat).Mul(share.Fraction, big.NewRat(100, 1))
		id := strings.ReplaceAll(share.Line.ID, "\r\n", "\n") // as the reader gives it
		require.Equal(t, []string{id, "x", "y", "bill", unsigned0(percent.FloatString(6)), unsigned0(amount.FloatString(6)), "EUR"}, rows[1])
	})
}

// unsigned0 takes the sign from a zero.
func unsigned0(text string) string {
	if text == "-0.000000" {
		return text[1:]
	}
	return text
}

func TestWritersReportErrors(t *testing.T) {
	m, lines := costs()
	r, err := m.Allocate(lines)
	require.NoError(t, err)
	trace, err := r.TraceLine(lines[0].ID)
	require.NoError(t, err)
	require.ErrorIs(t, allocation.WriteJSON(full{}, trace), errFull)
	require.ErrorIs(t, allocation.WriteTable(full{}, trace), errFull)
	require.ErrorIs(t, r.WriteSankey(full{}, allocation.Sankey{}), errFull)
}

var errFull = errors.New("disk full")

type full struct{}

func (full) Write([]byte) (int, error) { return 0, errFull }

func TestSankey(t *testing.T) {
	m, lines := costs()
	m.Stages[2].Members[0] = `</title><script>"sales"&`
	m.Drivers[2].Weights[0].To = m.Stages[2].Members[0]
	r, err := m.Allocate(lines)
	require.NoError(t, err)

	text := sankey(t, r, allocation.Sankey{Title: "January <2027>"})
	require.Contains(t, text, "January &lt;2027&gt;")
	require.Contains(t, text, "<title>storage → files: 3 000.00 EUR</title>") // 60 of 100 terabytes
	require.Contains(t, text, "<title>idle storage: 1 000.00 EUR</title>")
	require.NotContains(t, text, "<script")

	text = sankey(t, r, allocation.Sankey{Line: "payroll 2027-01"})
	require.Contains(t, text, "<title>service desk → mail: 666.67 EUR</title>") // 200 of 300 incidents
	require.NotContains(t, text, "storage")

	text = sankey(t, r, allocation.Sankey{End: allocation.End{Kind: allocation.Bill, Name: "works"}})
	require.Contains(t, text, "<title>works: 3 533.33 EUR</title>")
	require.NotContains(t, text, "idle")

	text = sankey(t, r, allocation.Sankey{Largest: 1})
	require.Contains(t, text, "storage → files") // two are not worth a node of others

	for _, s := range []allocation.Sankey{
		{Line: "tapes"},
		{End: allocation.End{Kind: allocation.Bill, Name: "tapes"}},
		{Line: lines[0].ID, End: allocation.End{Kind: allocation.Bill, Name: "works"}},
	} {
		var out bytes.Buffer
		require.ErrorIs(t, r.WriteSankey(&out, s), allocation.ErrName)
		require.Empty(t, out.String())
	}
}

// The members that are not among the largest are added up.
func TestSankeyAddsOthersUp(t *testing.T) {
	m := allocation.Model{
		Currency: money.EUR,
		Stages:   []allocation.Stage{{Name: "pools", Members: []string{"p"}}, {Name: "customers", Members: []string{"a", "b", "c", "d"}}},
		Drivers:  []allocation.Driver{{Name: "d", Weights: weights("a", 1, "b", 2, "c", 3, "d", 4)}},
		Rules:    []allocation.Rule{{From: "p", Driver: "d"}},
	}
	r, err := m.Allocate([]allocation.Line{{ID: "1", To: "p", Amount: eur("10.00")}})
	require.NoError(t, err)
	text := sankey(t, r, allocation.Sankey{Largest: 2})
	require.Contains(t, text, "<title>p → d: 4.00 EUR</title>")
	require.Contains(t, text, "<title>p → c: 3.00 EUR</title>")
	require.Contains(t, text, "<title>p → 2 others: 3.00 EUR</title>")
}

// A service whose costs and credits cancel out is shown with both.
func TestSankeyShowsCredits(t *testing.T) {
	m, lines := costs()
	lines = append(lines[:2], allocation.Line{ID: "credit note", To: "service desk", Amount: eur("-2500.00")})
	r, err := m.Allocate(lines) // mail: 1000 of the storage, -1000 of the service desk
	require.NoError(t, err)
	balance, _ := r.Balance("mail")
	require.Equal(t, eur("0.00"), balance)
	text := sankey(t, r, allocation.Sankey{})
	require.Contains(t, text, "<title>storage → mail: 1 000.00 EUR</title>")
	require.Contains(t, text, `stroke="#dc2626"`)
	require.Contains(t, text, "<title>service desk → mail: -1 000.00 EUR</title>")
	requireExactTraces(t, r, lines)
}

// Any result can be drawn, whole and each of its lines and ends, as XML without figures that are none.
func TestSankeyOfAnything(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := drawModel(t)
		lines := drawLines(t, m)
		r, err := m.Allocate(lines)
		if err != nil {
			return
		}
		pictures := []allocation.Sankey{{}, {Largest: 1}}
		for _, l := range lines {
			pictures = append(pictures, allocation.Sankey{Line: l.ID})
		}
		for end := range r.Ends() {
			pictures = append(pictures, allocation.Sankey{End: end})
		}
		for _, s := range pictures {
			text := sankey(t, r, s)
			require.NotContains(t, text, "NaN")
			require.NotContains(t, text, "Inf")
		}
	})
}

// sankey returns the drawing of a picture, which has to be XML.
func sankey(t require.TestingT, r *allocation.Result, s allocation.Sankey) string {
	var out bytes.Buffer
	require.NoError(t, r.WriteSankey(&out, s))
	text := out.String()
	drawing := text[strings.Index(text, "<svg"):strings.Index(text, "</body>")]
	for d := xml.NewDecoder(strings.NewReader(drawing)); ; {
		_, err := d.Token()
		if errors.Is(err, io.EOF) {
			return text
		}
		require.NoError(t, err)
	}
}
