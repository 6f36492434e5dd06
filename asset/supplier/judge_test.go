package supplier_test

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/asset/supplier"
	"github.com/itsmkit/itsm/calendar"
	"github.com/itsmkit/itsm/money"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// web is a graph in which a service falls when all of its feeds have failed.
type web map[itsm.Ref][]itsm.Ref

func (w web) Falls(_ context.Context, failed []itsm.Ref) ([]itsm.Ref, error) {
	var down []itsm.Ref
	for service, feeds := range w {
		if !slices.ContainsFunc(feeds, func(f itsm.Ref) bool { return !slices.Contains(failed, f) }) {
			down = append(down, service)
		}
	}
	return down, nil
}

type torn struct{}

var errTorn = errors.New("torn")

func (torn) Falls(context.Context, []itsm.Ref) ([]itsm.Ref, error) { return nil, errTorn }

func ref(kind string, n byte) itsm.Ref { return itsm.Ref{Kind: kind, ID: itsm.ID{n}} }

func contract(number string, of byte, annual int64, delivers ...itsm.Ref) supplier.Contract {
	c := supplier.Contract{Supplier: ref(supplier.Name, of), SignedOn: on(2026, 1, 1), Terms: supplier.Terms{From: on(2026, 1, 1), Delivers: delivers, Annual: eur(annual)}}
	c.Number, c.State = number, supplier.InForce
	return c
}

func TestConcentration(t *testing.T) {
	line1, line2, mail := ref("ci", 1), ref("ci", 2), ref("ci", 3)
	g := web{ref("service", 1): {line1, line2}, ref("service", 2): {line1}, ref("service", 3): {mail}, ref("service", 4): {line2, mail}}
	over := contract("c4", 3, 900, mail)
	over.State = supplier.Expired
	list := []supplier.Contract{contract("c1", 1, 600, line1), contract("c2", 1, 0, line2, line1), contract("c3", 2, 400, mail), over}
	got, err := supplier.Concentration(t.Context(), g, list, 8, money.EUR, on(2026, 6, 30))
	require.NoError(t, err)
	require.Equal(t, []supplier.Dependence{
		{Supplier: ref(supplier.Name, 1), Contracts: []string{"c1", "c2"}, Delivers: []itsm.Ref{line1, line2}, Services: []itsm.Ref{ref("service", 1), ref("service", 2)},
			Share: 2500, Annual: eur(600), Spend: 6000},
		{Supplier: ref(supplier.Name, 2), Contracts: []string{"c3"}, Delivers: []itsm.Ref{mail}, Services: []itsm.Ref{ref("service", 3)}, Share: 1250, Annual: eur(400), Spend: 4000},
	}, got.Suppliers, "both lines together take the first service down, and the fourth needs two suppliers to fall")
	require.Equal(t, 5200, got.Index, "60² + 40²")

	_, err = supplier.Concentration(t.Context(), torn{}, list, 8, money.EUR, on(2026, 6, 30))
	require.ErrorIs(t, err, errTorn)
	_, err = supplier.Concentration(t.Context(), g, list, 1, money.EUR, on(2026, 6, 30))
	require.ErrorContains(t, err, "services: range")
	_, err = supplier.Concentration(t.Context(), g, list, 8, money.USD, on(2026, 6, 30))
	require.ErrorIs(t, err, money.ErrCurrency)
	_, err = supplier.Concentration(t.Context(), g, list, 8, "", on(2026, 6, 30))
	require.ErrorContains(t, err, "currency: unknown")
	got, err = supplier.Concentration(t.Context(), g, nil, 8, money.EUR, on(2026, 6, 30))
	require.NoError(t, err)
	raw, err := json.Marshal(got)
	require.NoError(t, err)
	require.JSONEq(t, `{"on":"2026-06-30","suppliers":[],"index":0}`, string(raw), "no supplier is a list of none")
}

// The example of the US Department of Justice: four firms with shares of 30, 30, 20 and 20 percent have an index of
// 2,600 (justice.gov, "Herfindahl-Hirschman index").
func TestIndexOfThePublishedExample(t *testing.T) {
	list := []supplier.Contract{contract("a", 1, 30), contract("b", 2, 30), contract("c", 3, 20), contract("d", 4, 20)}
	got, err := supplier.Concentration(t.Context(), web{}, list, 0, money.EUR, on(2026, 6, 30))
	require.NoError(t, err)
	require.Equal(t, 2600, got.Index)
}

func TestScore(t *testing.T) {
	c := contract("c1", 1, 0)
	c.Obligations = []supplier.Obligation{{ID: "r", Text: "report", By: supplier.Them, From: on(2026, 1, 31), Every: itsm.Period{Months: 1}, Deliveries: []supplier.Delivery{
		{Due: on(2026, 1, 31), On: on(2026, 1, 30), Evidence: "1"}, {Due: on(2026, 2, 28), On: on(2026, 3, 1), Evidence: "2"}, {Due: on(2026, 4, 30), On: on(2026, 4, 1), Waived: "x"}}},
		{ID: "pay", Text: "pay", By: supplier.Us, From: on(2026, 1, 15)}}
	c.Disputes = []supplier.Dispute{{ID: "d", OpenedOn: on(2025, 12, 1), SettledOn: on(2026, 1, 1)}, {ID: "e", OpenedOn: on(2025, 12, 1), SettledOn: on(2025, 12, 31)}}
	p := supplier.Period{Supplier: c.Supplier, From: on(2026, 1, 1), To: on(2026, 6, 30), Today: on(2026, 6, 1), Contracts: []supplier.Contract{c, contract("other", 2, 0)},
		Kept:   []supplier.Kept{{Agreement: ref("agreement", 1), Targets: 10, Missed: 1}, {Agreement: ref("agreement", 2), Targets: 10}},
		Caused: []supplier.Caused{{Number: "INC1", Weight: 3, Down: itsm.Duration(time.Hour)}, {Number: "INC2", Weight: 1}}}
	s, err := supplier.Score(p, supplier.StandardWeights())
	require.NoError(t, err)
	// By hand: obligations 1/4 (January in time, February late, March and May missed, April waived, June pending),
	// agreements 19/20, incidents 6/10, disputes 3/4; (3·0.25 + 4·0.95 + 2·0.6 + 1·0.75) / 10 = 0.65.
	require.Equal(t, 6500, s.Score)
	require.Equal(t, itsm.Duration(time.Hour), s.Down)
	require.Equal(t, `Scorecard from 2026-01-01 to 2026-06-30
obligations: 1/4 = 25.00 %, weight 3 (1 in time, 1 late, 2 missed)
agreements: 19/20 = 95.00 %, weight 4 (20 targets of 2 agreements, 1 missed)
incidents: 6/10 = 60.00 %, weight 2 (2 incidents of weight 4, 10 are borne)
disputes: 3/4 = 75.00 %, weight 1 (1 disputes, 4 are borne)
score 65.00 %
`, s.Explain())

	none := p
	none.Contracts, none.Kept, none.Caused = nil, nil, nil
	before := contract("c2", 1, 0)
	before.Terms.From = on(2026, 7, 1)
	ended := contract("c3", 1, 0)
	ended.State, ended.Over.On = supplier.Expired, on(2025, 12, 31)
	draft := contract("c4", 1, 0)
	draft.State, draft.SignedOn = supplier.Drafted, calendar.Date{}
	for _, contracts := range [][]supplier.Contract{nil, {contract("c2", 2, 0)}, {before}, {ended}, {draft}} {
		none.Contracts = contracts
		s, err = supplier.Score(none, supplier.StandardWeights())
		require.NoError(t, err)
		require.False(t, s.Judged, "who delivered nothing did not do well: %s", s.Explain())
	}
	before.Terms.From, ended.Over.On = on(2026, 6, 30), on(2026, 1, 1)
	for _, c := range []supplier.Contract{before, ended} {
		none.Contracts = []supplier.Contract{c}
		s, err = supplier.Score(none, supplier.StandardWeights())
		require.NoError(t, err)
		require.Equal(t, 10_000, s.Score, "a day is enough: no incident, no dispute")
	}
	s, err = supplier.Score(p, supplier.Weights{Agreements: 1, MaxIncidents: 10, MaxDisputes: 4})
	require.NoError(t, err)
	require.Equal(t, 9500, s.Score)
	require.Contains(t, s.Explain(), "incidents: 6/10 = 60.00 %, weight 0", "what does not count is shown as it is")

	p.Contracts, p.Kept = nil, nil
	s, err = supplier.Score(p, supplier.Weights{Obligations: 1, MaxIncidents: 1, MaxDisputes: 1})
	require.NoError(t, err)
	require.False(t, s.Judged, "nothing to judge is no good mark")
	for want, change := range map[string]func(*supplier.Period, *supplier.Weights){
		"to: before from":              func(p *supplier.Period, _ *supplier.Weights) { p.To = on(2025, 1, 1) },
		"today: required":              func(p *supplier.Period, _ *supplier.Weights) { p.Today = calendar.Date{} },
		"supplier: kind":               func(p *supplier.Period, _ *supplier.Weights) { p.Supplier = itsm.Ref{} },
		"weights.disputes: range":      func(_ *supplier.Period, w *supplier.Weights) { w.Disputes = -1 },
		"weights.max_incidents: range": func(_ *supplier.Period, w *supplier.Weights) { w.MaxIncidents = 0 },
		"kept[0].missed: range":        func(p *supplier.Period, _ *supplier.Weights) { p.Kept = []supplier.Kept{{Targets: 1, Missed: 2}} },
		"caused[0].weight: range":      func(p *supplier.Period, _ *supplier.Weights) { p.Caused = []supplier.Caused{{}} },
	} {
		bad, w := p, supplier.StandardWeights()
		change(&bad, &w)
		_, err := supplier.Score(bad, w)
		require.ErrorContains(t, err, want)
	}
}

// Due dates against the definition: every day is looked at.
func TestDutiesAgainstEachDay(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		first := on(2026, 1, 1).AddDays(rapid.IntRange(0, 60).Draw(t, "first"))
		every := itsm.Period{Months: rapid.IntRange(0, 2).Draw(t, "months"), Days: rapid.IntRange(0, 10).Draw(t, "days")}
		from := on(2026, 1, 1).AddDays(rapid.IntRange(0, 90).Draw(t, "from"))
		to := from.AddDays(rapid.IntRange(0, 120).Draw(t, "to"))
		c := contract("c", 1, 0)
		c.Obligations = []supplier.Obligation{{ID: "o", Text: "x", By: supplier.Them, From: first, Every: every}}
		if rapid.Bool().Draw(t, "ends") {
			c.Terms.Until = on(2026, 1, 1).AddDays(rapid.IntRange(0, 200).Draw(t, "until"))
		}
		var want []calendar.Date
		for day := from; day.Compare(to) <= 0; day = day.AddDays(1) {
			if !c.Terms.Until.IsZero() && day.Compare(c.Terms.Until) > 0 {
				break
			}
			start := time.Date(first.Year, first.Month, first.Day, 0, 0, 0, 0, time.UTC)
			for n := range 400 { // more than so many there cannot be
				if calendar.DateOf(itsm.Period{Months: n * every.Months, Days: n * every.Days}.After(start)) == day {
					want = append(want, day)
					break
				}
				if every.IsZero() {
					break
				}
			}
		}
		var got []calendar.Date
		for _, d := range c.Duties(from, to, to) {
			got = append(got, d.Due)
		}
		require.Equal(t, want, got)
	})
}
