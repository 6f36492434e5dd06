package itsm_test

import (
	"encoding/json"
	"fmt"
	"math/big"
	"slices"
	"testing"
	"time"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/lifecycle"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// TestQueryRoundTrip: a query of every sort of value goes to JSON and back, and finds the same.
func TestQueryRoundTrip(t *testing.T) {
	b := newBench(t, everything)
	fields := b.Kind().Fields()
	cost := itsm.ByAttribute[Ticket](fields[1])
	asset := itsm.Ref{Kind: "asset", ID: itsm.NewID(noon)}
	for i := range 12 {
		attributes, err := itsm.AttributesOf(map[string]any{"cost": json.Number(fmt.Sprintf("%d.50", i-6)), "floor": fmt.Sprint(i % 3)})
		require.NoError(t, err)
		b.clock.now = b.clock.now.Add(time.Minute)
		rec := b.raise(t, Raise{Title: "mail", Caller: fmt.Sprint("c", i%4), Tags: []string{fmt.Sprint("t", i%5)}, Attributes: attributes})
		rec, err = b.Do(ann(), rec.ID, Change{Count: i - 5, At: b.clock.now, Group: fmt.Sprint("g", i%2)})
		require.NoError(t, err)
		if i%2 == 0 {
			_, err = b.Do(ann(), rec.ID, itsm.Relate[Ticket]{Type: "affects", To: asset})
			require.NoError(t, err)
		}
	}
	for name, c := range map[string]struct {
		q    itsm.Query[Ticket]
		want int
	}{
		"everything": {itsm.Query[Ticket]{}, 12},
		"text":       {itsm.Where(byCaller.In("c1", "c2")).Sorted(byOpened.Desc()), 6},
		"nothing":    {itsm.Where(byCaller.In()), 0},
		"number":     {itsm.Where(byCount.Between(-2, 3)), 6},
		"from":       {itsm.Where(byCount.From(4)), 3},
		"instant":    {itsm.Where(byOpened.From(noon.Add(7 * time.Minute))), 6},
		"boolean":    {itsm.Where(byFlag.Is(true)), 12},
		"list":       {itsm.Where(byTag.Is("t1")), 0}, // Change took the tags away
		"link":       {itsm.Where(itsm.ByLink[Ticket]().Is(asset)), 6},
		"state":      {itsm.Where(itsm.ByState[Ticket]().In(stateNew, stateDone)), 12},
		"attribute":  {itsm.Where(itsm.ByAttribute[Ticket](fields[0]).Is([]byte(`"1"`))), 4},
		"decimal":    {itsm.Where(cost.Between([]byte("-0.5"), []byte("2.500"))), 3},
		"decimals":   {itsm.Where(cost.In([]byte("1.50"), []byte("15e-1"), []byte("7"))), 1},
		"no decimal": {itsm.Where(cost.Is([]byte(`1.5`))), 1},
		"words":      {itsm.Where(byGroup.Is("g1")).Matching("MAI").Sorted(byCount.Asc()), 6},
		"scan":       {itsm.Where(byFlag.Is(true)).Sorted(byCount.Desc()).Scanning(), 12},
	} {
		raw, err := json.Marshal(c.q)
		require.NoError(t, err, name)
		back, err := b.Kind().DecodeQuery(raw)
		require.NoError(t, err, "%s: %s", name, raw)
		require.Equal(t, c.q.Select, back.Select, name)
		var plain itsm.Select
		require.NoError(t, json.Unmarshal(raw, &plain))
		require.Equal(t, c.q.Select, plain, name)
		page, err := b.Find(ann(), back, itsm.PageRequest{})
		require.NoError(t, err, name)
		require.Len(t, page.Items, c.want, name)
		counts, err := b.Count(ann(), back)
		require.NoError(t, err, name)
		require.EqualValues(t, c.want, counts.Total, name)
	}
	counts, err := b.Count(ann(), itsm.Where(cost.From([]byte("3"))), "attributes.cost", "caller", "count", "flag", "link", "opened")
	require.NoError(t, err)
	require.Equal(t, []itsm.Bucket{{Value: "3.5", Count: 1}, {Value: "4.5", Count: 1}, {Value: "5.5", Count: 1}}, counts.Facet("attributes.cost").Buckets)
	require.Equal(t, []itsm.Bucket{{Value: "c1", Count: 1}, {Value: "c2", Count: 1}, {Value: "c3", Count: 1}}, counts.Facet("caller").Buckets)
	require.Equal(t, []itsm.Bucket{{Value: "4", Count: 1}, {Value: "5", Count: 1}, {Value: "6", Count: 1}}, counts.Facet("count").Buckets)
	require.Equal(t, []itsm.Bucket{{Value: "true", Count: 3}}, counts.Facet("flag").Buckets)
	require.EqualValues(t, 1, counts.Facet("link").Of("asset/"+asset.ID.String()))
	require.Equal(t, "2026-03-02T12:10:00Z", counts.Facet("opened").Buckets[0].Value)
	require.Empty(t, counts.Facet("colour").Buckets)
}

// TestDecodeQueryReadsPlainJSON: what a person or an agent writes, without types.
func TestDecodeQueryReadsPlainJSON(t *testing.T) {
	k := ticketKind(t)
	q, err := k.DecodeQuery([]byte(`{"where":[{"index":"caller","in":["bo"]},{"index":"opened","min":"2026-03-02T13:00:00+01:00","max":null}],
		"order":{"index":"opened","desc":true}}`))
	require.NoError(t, err)
	require.Equal(t, itsm.Where(byCaller.Is("bo"), byOpened.From(noon)).Sorted(byOpened.Desc()).Select, q.Select)
	q, err = k.DecodeQuery([]byte(`{"where":[{"index":"attributes.cost","min":12.50}]}`))
	require.NoError(t, err)
	require.Equal(t, itsm.Where(itsm.ByAttribute[Ticket](k.Fields()[1]).From([]byte("12.5"))).Select, q.Select)
	q, err = k.DecodeQuery(nil)
	require.NoError(t, err)
	require.Zero(t, q)
}

// aQuery draws a query of the tickets.
func aQuery(t *rapid.T) itsm.Query[Ticket] {
	word := rapid.SampledFrom([]string{"", "a", "ä", "x/y", "<&>", "\u2028", "漢"})
	number := rapid.IntRange(-1<<40, 1<<40)
	at := rapid.Custom(func(t *rapid.T) time.Time { return time.UnixMilli(rapid.Int64Range(-1e13, 1e14).Draw(t, "at")).UTC() })
	decimal := rapid.Custom(func(t *rapid.T) json.RawMessage { return json.RawMessage(aNumber(t)) })
	cost := itsm.ByAttribute[Ticket](itsm.Field{Key: "cost", Type: itsm.FieldNumber, Indexed: true})
	var q itsm.Query[Ticket]
	for range rapid.IntRange(0, 3).Draw(t, "conditions") {
		var c itsm.Cond[Ticket]
		switch rapid.IntRange(0, 7).Draw(t, "condition") {
		case 0:
			c = byCaller.In(rapid.SliceOfN(word, 0, 3).Draw(t, "callers")...)
		case 1:
			c = byCount.Between(number.Draw(t, "low"), number.Draw(t, "high"))
		case 2:
			c = byOpened.To(at.Draw(t, "to"))
		case 3:
			c = byFlag.Is(rapid.Bool().Draw(t, "flag"))
		case 4:
			c = itsm.ByLink[Ticket]().Is(itsm.Ref{Kind: "asset", ID: itsm.NewID(at.Draw(t, "id"))})
		case 5:
			c = cost.Between(decimal.Draw(t, "low"), decimal.Draw(t, "high"))
		case 6:
			c = itsm.ByState[Ticket]().In(lifecycle.State(word.Draw(t, "state")))
		case 7:
			c = byTag.From(word.Draw(t, "tag"))
		}
		q.Where = append(q.Where, c.Condition)
	}
	q.Order = rapid.SampledFrom([]itsm.Order{{}, byOpened.Asc(), byCount.Desc(), itsm.ByUpdated[Ticket]().Desc()}).Draw(t, "order")
	q.Text = rapid.SampledFrom([]string{"", "mail", "ä b"}).Draw(t, "text")
	q.Scan = true
	return q
}

// aNumber draws a JSON number.
func aNumber(t *rapid.T) string {
	return rapid.StringMatching(`-?(0|[1-9][0-9]{0,20})(\.[0-9]{1,20})?([eE][-+]?[0-9]{1,3})?`).Draw(t, "number")
}

// TestAnyQueryRoundTrip: any query is the same after JSON.
func TestAnyQueryRoundTrip(t *testing.T) {
	k := ticketKind(t)
	rapid.Check(t, func(t *rapid.T) {
		q := aQuery(t)
		raw, err := json.Marshal(q)
		require.NoError(t, err)
		back, err := k.DecodeQuery(raw)
		require.NoError(t, err, string(raw))
		require.Equal(t, q.Select, back.Select, string(raw))
	})
}

// TestNumbersOrderAsNumbers compares the order of an index of numbers with that of big.Rat.
func TestNumbersOrderAsNumbers(t *testing.T) {
	k := ticketKind(t)
	cost := itsm.ByAttribute[Ticket](k.Fields()[1])
	q := itsm.Query[Ticket]{}.Sorted(cost.Asc())
	rapid.Check(t, func(t *rapid.T) {
		var recs [2]Ticket
		var exact [2]*big.Rat
		for i := range recs {
			n := aNumber(t)
			recs[i].Attributes = itsm.Attributes{{Key: "cost", Value: n}}
			exact[i], _ = new(big.Rat).SetString(n)
		}
		order, err := k.Compare(q, &recs[0], &recs[1])
		require.NoError(t, err)
		require.Equal(t, exact[0].Cmp(exact[1]), order, "%s and %s", recs[0].Attributes, recs[1].Attributes)
		for i := range recs {
			within, err := k.Match(itsm.Scope{}, itsm.Where(cost.Between(json.RawMessage(recs[0].Attributes[0].Value), json.RawMessage(recs[1].Attributes[0].Value))), &recs[i])
			require.NoError(t, err)
			require.Equal(t, exact[0].Cmp(exact[1]) <= 0, within)
		}
	})
}

// TestPages: pages of any size give each record once, in order, forwards and backwards.
func TestPages(t *testing.T) {
	b := newBench(t, everything)
	for i := range 23 {
		rec := b.raise(t, Raise{Caller: "bo"})
		_, err := b.Do(ann(), rec.ID, Change{Count: i % 4, At: noon})
		require.NoError(t, err)
	}
	for _, order := range []itsm.Order{{}, byCount.Asc(), byCount.Desc(), byOpened.Asc(), byOpened.Desc()} {
		q := itsm.Query[Ticket]{}.Sorted(order)
		whole, err := b.Find(ann(), q, itsm.PageRequest{Limit: 100})
		require.NoError(t, err)
		require.Len(t, whole.Items, 23)
		require.True(t, slices.IsSortedFunc(whole.Items, func(a, c Ticket) int {
			order, err := b.Kind().Compare(q, &a, &c)
			require.NoError(t, err)
			return order
		}))
		for size := 1; size <= 24; size++ {
			var got []Ticket
			for p := (itsm.PageRequest{Limit: size}); ; {
				page, err := b.Find(ann(), q, p)
				require.NoError(t, err)
				got = append(got, page.Items...)
				if p.Cursor = page.Next; p.Cursor == "" {
					break
				}
			}
			require.Equal(t, whole.Items, got)
		}
	}
}

// TestNoTimeIsNotAnEpoch: a record without an instant comes first, and differs from one at the beginning of 1970.
func TestNoTimeIsNotAnEpoch(t *testing.T) {
	b := newBench(t, everything)
	var ids []itsm.ID
	for _, at := range []time.Time{{}, time.Date(1, 1, 1, 0, 0, 0, 1e6, time.UTC), time.Date(1969, 12, 31, 0, 0, 0, 0, time.UTC), time.Unix(0, 0), noon} {
		rec, err := b.Do(ann(), b.raise(t, Raise{}).ID, Change{At: at})
		require.NoError(t, err)
		ids = append(ids, rec.ID)
	}
	page, err := b.Find(ann(), itsm.Query[Ticket]{}.Sorted(byOpened.Asc()), itsm.PageRequest{})
	require.NoError(t, err)
	for i, rec := range page.Items {
		require.Equal(t, ids[i], rec.ID)
	}
	page, err = b.Find(ann(), itsm.Where(byOpened.Is(time.Unix(0, 0))), itsm.PageRequest{})
	require.NoError(t, err)
	require.Len(t, page.Items, 1)
	page, err = b.Find(ann(), itsm.Where(byOpened.Is(time.Time{})), itsm.PageRequest{})
	require.NoError(t, err)
	require.Len(t, page.Items, 1)
}
