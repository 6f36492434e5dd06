package torture_test

import (
	"encoding/json"
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/store/storetest"
)

// hostile are texts that have broken programs before: quotes and wildcards of SQL, escapes, operators of text search,
// writing from right to left, marks that combine, the ends of Unicode, texts that look like other types.
var hostile = []string{
	`'`, `''`, `"`, "`", `'; DROP TABLE itsm_thing; --`, `$1`, `?1`, `:a`, `@event`, `%`, `_`, `a%`, `a_b`, `\`, `\\`, `a\`, `\'`, `\x00`,
	`[a-z]*`, `a*`, `"a" OR "b"`, `a NEAR b`, `a & b`, `a:*`, `-a`, `(`, `{"a":1}`, `<b>`, `&amp;`, `{{.}}`, `%s%d%!`,
	`NULL`, `null`, `0`, `00`, `-0`, `1e5`, `0x1`, `true`, `2026-02-30`, `NaN`, `∞`,
	" ", "  ", " a", "a ", "a\tb", "a\nb", "a\r\nb", "a\u00a0b", "a\u200bb", "\ufeffa", "\u202eabc", "\u2066a\u2069", "\x1b[31m", "\x7f", "\u0085",
	"é", "e\u0301", "Å", "\u212b", "ﬁ", "ẞ", "ß", "İ", "ı", "שלום", "مرحبا", "नमस्ते", "日本語", "𝒜", "👩‍👩‍👧", "🇩🇪", "\U0010ffff", "\ue000", "\ufffd", "\uffff", "z\u0335\u0321a\u0300\u0301\u0302",
	strings.Repeat("x", itsm.MaxIndexed), strings.Repeat("é", itsm.MaxIndexed/2), strings.Repeat("👍", itsm.MaxIndexed/4), strings.Repeat("'", itsm.MaxIndexed), strings.Repeat(`\`, itsm.MaxIndexed),
}

// TestHostileTexts puts each text in every field with an index: it comes back as it was, and is found by each index and
// by its words, as the definition of a query says.
func TestHostileTexts(t *testing.T) {
	for _, s := range subjects() {
		t.Run(s.name, func(t *testing.T) {
			o := s.openFresh(t)
			desk := deskOf(storetest.Things(), o.things)
			ctx := itsm.System(t.Context(), acme.Tenant)
			all := make([]*storetest.Thing, len(hostile))
			for i, text := range hostile {
				where := fmt.Sprintf("%q", text)
				lines := strings.Repeat(text+" ", 3)
				rec, err := desk.Open(ctx, storetest.Create{
					Content: storetest.Content{
						Title: text, Body: lines, Code: text, Group: text, Tags: []string{text, "tag"}, Lines: []string{text, text},
						Pause: &storetest.Pause{Reason: text}, Parts: []storetest.Part{{ID: text, Name: text}}, Level: storetest.Low,
					},
					Attributes: itsm.Attributes{{Key: "floor", Value: `"first"`}, {Key: "note", Value: quoted(text)}},
				}, itsm.External(text), itsm.IdempotencyKey(first(text, 200)), itsm.Note(lines, true))
				require.NoError(t, err, where)
				rec, err = desk.Do(ctx, rec.ID, itsm.Comment[storetest.Thing]{Text: text + "."})
				require.NoError(t, err, where)
				all[i] = &rec
				stored, err := desk.Get(ctx, rec.ID)
				require.NoError(t, err, where)
				require.Empty(t, storetest.Difference(rec, stored), where)
				replayed, err := desk.AsOf(ctx, rec.ID, rec.UpdatedAt)
				require.NoError(t, err, where)
				require.Empty(t, storetest.Difference(rec, replayed), where)
				e, err := o.store.ByKey(ctx, acme, "thing", first(text, 200))
				require.NoError(t, err, where)
				require.Equal(t, rec.ID, e.Subject.ID, where)
				require.Equal(t, lines, e.Note, where)
				_, err = desk.Open(ctx, storetest.Create{Content: storetest.Content{Code: text}})
				require.ErrorIs(t, err, itsm.ErrDuplicate, where)
				_, err = desk.Open(ctx, storetest.Create{}, itsm.External(text))
				require.ErrorIs(t, err, itsm.ErrDuplicate, where)
			}
			require.NoError(t, agrees(t.Context(), storetest.Things(), o.things, acme.Tenant, all, len(all)))
		})
	}
}

func quoted(text string) string {
	raw, err := json.Marshal(text)
	if err != nil {
		panic(err) // a text has JSON
	}
	return string(raw)
}

// first returns whole characters of a text, n bytes of them at most.
func first(text string, n int) string {
	for i := range text {
		if i > n {
			return text[:i-len(lastOf(text[:i]))]
		}
	}
	if len(text) > n {
		return text[:len(text)-len(lastOf(text))]
	}
	return text
}

func lastOf(text string) string {
	r := []rune(text)
	return string(r[len(r)-1])
}

// TestExtremeValues stores the least and the greatest of each type, and their neighbours.
func TestExtremeValues(t *testing.T) {
	numbers := []int64{math.MinInt64, math.MinInt64 + 1, -1<<53 - 1, -1 << 53, -1, 0, 1, 1 << 53, 1<<53 + 1, 1<<53 + 2, math.MaxInt64 - 1, math.MaxInt64}
	times := []time.Time{{}, time.Date(1, 1, 1, 0, 0, 0, 1e6, time.UTC), time.Date(1, 12, 31, 23, 59, 59, 999e6, time.UTC), time.Date(1582, 10, 10, 0, 0, 0, 0, time.UTC),
		time.Date(1969, 12, 31, 23, 59, 59, 999e6, time.UTC), time.Unix(0, 0).UTC(), time.Date(2038, 1, 19, 3, 14, 8, 0, time.UTC), time.Date(2262, 4, 11, 23, 47, 17, 0, time.UTC),
		time.Date(4714, 1, 1, 0, 0, 0, 0, time.UTC), time.Date(9999, 12, 31, 23, 59, 59, 998e6, time.UTC), time.Date(9999, 12, 31, 23, 59, 59, 999e6, time.UTC)}
	decimals := []string{"9007199254740993", "9007199254740992", "-9007199254740993", "0.1", "0.10000000000000000555", "1e300", "-1e300", "1e-300", "123456789012345678901234567890.123456789", "-0.000000001", "1", "0"}
	dates := []string{"0001-01-01", "0001-01-02", "1582-10-10", "1970-01-01", "2000-02-29", "9999-12-31"}
	for _, s := range subjects() {
		t.Run(s.name, func(t *testing.T) {
			o := s.openFresh(t)
			desk := deskOf(storetest.Things(), o.things)
			ctx := itsm.System(t.Context(), acme.Tenant)
			var all []*storetest.Thing
			for i := range 12 {
				rec, err := desk.Open(ctx, storetest.Create{
					Content: storetest.Content{Big: numbers[i], Count: int(numbers[i]), At: times[i%len(times)], Due: times[i%len(times)], Level: storetest.High, Flag: i%2 == 0},
					Attributes: itsm.Attributes{
						{Key: "bought", Value: quoted(dates[i%len(dates)])}, {Key: "floor", Value: `"ground"`}, {Key: "price", Value: decimals[i]},
						{Key: "serial", Value: decimals[i]}, {Key: "vip", Value: fmt.Sprint(i%3 == 0)},
					},
				})
				require.NoError(t, err, "%d %s %s", numbers[i], times[i%len(times)], decimals[i])
				all = append(all, &rec)
				stored, err := o.things.Get(t.Context(), acme, rec.ID)
				require.NoError(t, err)
				require.Empty(t, storetest.Difference(rec, *stored[0]))
				replayed, err := desk.AsOf(ctx, rec.ID, rec.UpdatedAt)
				require.NoError(t, err)
				require.Empty(t, storetest.Difference(rec, replayed))
			}
			require.NoError(t, agrees(t.Context(), storetest.Things(), o.things, acme.Tenant, all, len(all)))
		})
	}
}

// TestLargeRecords stores a record of 10 MB, one with as many values in its lists as the limits allow, and one with
// 10,000 links.
func TestLargeRecords(t *testing.T) {
	many := rounds(itsm.MaxList, itsm.MaxList/10)
	lines := make([]string, many)
	for i := range lines {
		lines[i] = fmt.Sprintf("%0*d", itsm.MaxLine, i)
	}
	items := make([]itsm.Ref, many)
	for i := range items {
		items[i] = itsm.Ref{Kind: "item", ID: itsm.NewID(time.UnixMilli(int64(i)))}
	}
	for _, s := range subjects() {
		t.Run(s.name, func(t *testing.T) {
			o := s.openFresh(t)
			desk := deskOf(storetest.Things(), o.things)
			ctx := itsm.System(t.Context(), acme.Tenant)
			same := func(rec storetest.Thing) {
				stored, err := o.things.Get(t.Context(), acme, rec.ID)
				require.NoError(t, err)
				require.Empty(t, storetest.Difference(rec, *stored[0]))
			}
			rec, err := desk.Open(ctx, storetest.Create{Content: storetest.Content{Lines: lines, Level: storetest.Low}})
			require.NoError(t, err)
			same(rec)
			rec, err = desk.Do(ctx, rec.ID, storetest.Put{Content: storetest.Content{Lines: lines[:10], Items: items, Level: storetest.Low}})
			require.NoError(t, err)
			same(rec)
			for _, i := range []int{0, len(items) / 2, len(items) - 1} {
				require.Equal(t, int64(1), pointing(t, o, "item", items[i]))
			}
			replayed, err := desk.AsOf(ctx, rec.ID, rec.UpdatedAt)
			require.NoError(t, err)
			require.Empty(t, storetest.Difference(rec, replayed))
			_, err = desk.Do(ctx, rec.ID, storetest.Put{Content: storetest.Content{Lines: append(lines, make([]string, itsm.MaxList)...), Level: storetest.Low}})
			require.ErrorIs(t, err, itsm.ErrInvalid, "more than a list holds")
			same(rec)
			rec, err = desk.Do(ctx, rec.ID, storetest.Put{Content: storetest.Content{Items: items[:1], Level: storetest.Low}})
			require.NoError(t, err)
			same(rec)
			require.Equal(t, int64(1), pointing(t, o, "item", items[0]))
			require.Zero(t, pointing(t, o, "item", items[1]))

			// Links are added one by one in a life; a record that has them all is stored past the desk.
			linked := rec
			linked.Version++
			linked.Revision = linked.Version
			for _, item := range items {
				linked.Links = append(linked.Links, itsm.Link{Type: "concerns", To: item})
			}
			e := itsm.Event{Subject: rec.Ref("thing"), Version: linked.Version, Tenant: rec.Tenant, Action: "relate", From: rec.State, To: rec.State, Time: rec.UpdatedAt, RecordedAt: rec.UpdatedAt, Actor: itsm.Actor{ID: "ann"}}
			require.NoError(t, o.things.Save(t.Context(), acme, itsm.Commit[storetest.Thing]{Record: &linked, Event: e}))
			stored, err := o.things.Get(t.Context(), acme, rec.ID)
			require.NoError(t, err)
			require.Empty(t, storetest.Difference(linked, *stored[0]))
			for _, i := range []int{0, len(items) / 2, len(items) - 1} {
				require.Equal(t, int64(1), pointing(t, o, itsm.IndexLink, items[i]))
			}
			fewer, err := desk.Do(ctx, rec.ID, itsm.Unrelate[storetest.Thing]{Type: "concerns", To: items[7]})
			require.NoError(t, err)
			require.Len(t, fewer.Links, len(items)-1)
			require.Zero(t, pointing(t, o, itsm.IndexLink, items[7]))
			require.Equal(t, int64(1), pointing(t, o, itsm.IndexLink, items[8]))
		})
	}
}

// pointing counts the things that point at a record by an index.
func pointing(t *testing.T, o *opened, by itsm.IndexName, to itsm.Ref) int64 {
	t.Helper()
	q := itsm.Query[storetest.Thing]{Select: itsm.Select{Where: []itsm.Condition{{Index: by, Type: itsm.TypeRef, In: []itsm.Key{{S: to.String()}}}}}}
	n, err := o.things.Count(t.Context(), acme, q)
	require.NoError(t, err)
	return n.Total
}
