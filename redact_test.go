package itsm_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/store/archive"
	"github.com/itsmkit/itsm/store/memory"
	"github.com/stretchr/testify/require"
)

// nowhere holds that a text is nowhere in a store: in no record, event, search word or archive.
func (b *bench) nowhere(t *testing.T, id itsm.ID, text string) {
	t.Helper()
	rec, events := b.stored(t, "", id)
	raw, err := b.Kind().Shape().Encode(&rec)
	require.NoError(t, err)
	require.NotContains(t, string(raw), text)
	for _, e := range events {
		for _, c := range e.Changes {
			require.NotContains(t, c.Path+string(c.Old)+string(c.New), text, e.Action)
		}
		require.NotContains(t, fmt.Sprintf("%s %s %s", e.Note, e.Digest, e.Facts), text, e.Action)
	}
	page, err := b.Find(ann(), itsm.Query[Ticket]{}.Matching(text), itsm.PageRequest{})
	require.NoError(t, err)
	require.Empty(t, page.Items, "the search still finds it")
	var archived bytes.Buffer
	require.NoError(t, archive.Export(ann(), b.store, &archived))
	require.NotContains(t, archived.String(), text)
}

// TestRedact replaces one field after the other, in tickets that were through every sort of change and stand at
// different points: only that field differs afterwards, what was empty stays empty, and replay holds.
func TestRedact(t *testing.T) {
	asset := itsm.Ref{Kind: "asset", ID: itsm.NewID(noon)}
	story := []itsm.Action[Ticket]{
		Change{Title: &Text{"zebra title"}, Body: "zebra body", Group: "zebra", Tags: []string{"zebra", "zz"}, Lines: []string{"zebra"},
			Parts: []Part{{ID: "zebra", Name: "zebra"}}, Items: []itsm.Ref{asset}, About: asset, Every: itsm.Period{Days: 3}, Urg: "high", Count: 7, Worked: 60, At: noon},
		DoPause{Reason: "zebra reason"},
		Change{Title: &Text{"zebra two"}, Group: "zebra note"}, // within the pause
		Resume{}, DoPause{Reason: "zebra again"}, Resume{},
		Finish{Code: "zebra code", Text: "zebra text"}, Reopen{},
		Change{Body: "zebra last", Tags: []string{"zebra"}, Parts: []Part{{ID: "zebra"}}, Lines: []string{"b", "zebra"}},
		DoPause{Reason: "zebra third"},
		Finish{Code: "zebra"},
	}
	paths := []string{"title", "body", "urgency", "count", "group", "opened", "worked", "about", "outcome", "outcome.code", "outcome.text", "outcome.at",
		"pause", "pause.reason", "pause.since", "pause.notes", "tags", "lines", "items", "parts", "review.every", "attributes.floor", "attributes.cost", "attributes", "external"}
	for length := range len(story) + 1 {
		for _, path := range paths {
			b := newBench(t, everything)
			attributes, err := itsm.AttributesOf(map[string]any{"floor": "zebra floor", "cost": 4711})
			require.NoError(t, err)
			rec := b.raise(t, Raise{Title: "zebra", Attributes: attributes}, itsm.External("zebra"))
			for _, a := range story[:length] {
				b.clock.now = b.clock.now.Add(time.Hour)
				rec, err = b.Do(ann(), rec.ID, a)
				require.NoError(t, err)
			}
			done, err := b.Redact(ann(), rec.ID, itsm.Redaction{Paths: []string{path}, Reason: "asked for"})
			require.NoError(t, err, "%s after %d actions", path, length)
			now, events := b.stored(t, "", rec.ID)
			require.Equal(t, now, done)
			last := events[len(events)-1]
			require.Equal(t, "redact", last.Action)
			require.Equal(t, "asked for", last.Note)
			require.Empty(t, last.Changes)
			require.JSONEq(t, `["`+path+`"]`, string(last.Facts[0].Value))
			before, after := flat(t, rec), flat(t, now)
			for at, value := range before {
				switch hit := at == path || strings.HasPrefix(at, path+".") || strings.HasPrefix(at, path+"["); {
				case at == "version" || at == "revision" || at == "updated_at":
				case !hit:
					require.Equal(t, value, after[at], "%s was redacted after %d actions and %s differs", path, length, at)
				case value != `""`:
					require.Contains(t, []string{"", `"` + itsm.Redacted + `"`, `"0001-01-01T00:00:00Z"`}, after[at], "%s after %d actions: %s", path, length, at)
				}
			}
			for at, value := range after {
				require.Contains(t, before, at, "%s was redacted after %d actions and %s came back as %s", path, length, at, value)
			}
			for _, e := range events {
				for _, c := range e.Changes {
					if dotted := strings.ReplaceAll(c.Path[1:], "/", "."); dotted == path || strings.HasPrefix(dotted, path+".") {
						require.NotContains(t, string(c.Old)+string(c.New), "zebra")
					}
				}
			}
		}
	}
}

// flat returns the values of a record by their path.
func flat(t *testing.T, rec Ticket) map[string]string {
	raw, err := json.Marshal(rec)
	require.NoError(t, err)
	out := map[string]string{}
	var walk func(path string, v any)
	walk = func(path string, v any) {
		switch x := v.(type) {
		case map[string]any:
			for k, v := range x {
				walk(strings.TrimPrefix(path+"."+k, "."), v)
			}
		case []any:
			for i, v := range x {
				walk(fmt.Sprintf("%s[%d]", path, i), v)
			}
		default:
			text, err := json.Marshal(x)
			require.NoError(t, err)
			out[path] = string(text)
		}
	}
	var v any
	require.NoError(t, json.Unmarshal(raw, &v))
	walk("", v)
	return out
}

// TestRedactLeavesNoTrace redacts all that holds a word: then it is nowhere in the store.
func TestRedactLeavesNoTrace(t *testing.T) {
	b := newBench(t, everything)
	attributes, err := itsm.AttributesOf(map[string]any{"floor": "zebra floor"})
	require.NoError(t, err)
	rec := b.raise(t, Raise{Title: "zebra", Caller: "zebra", Tags: []string{"zebra"}, Attributes: attributes}, itsm.IdempotencyKey("k"))
	rec, err = b.Do(ann(), rec.ID, Finish{Code: "c", Text: "zebra"}, itsm.IdempotencyKey("f"))
	require.NoError(t, err)
	var archived bytes.Buffer
	require.NoError(t, archive.Export(ann(), b.store, &archived))
	require.Contains(t, archived.String(), "zebra")
	_, err = b.Redact(ann(), rec.ID, itsm.Redaction{Paths: []string{"title", "caller", "tags", "attributes.floor", "outcome.text"}, Notes: []int64{2}, Reason: "asked for"})
	require.NoError(t, err)
	b.nowhere(t, rec.ID, "zebra")
	_, events := b.stored(t, "", rec.ID)
	for _, e := range events {
		require.Empty(t, e.Digest, "one could try out what the input was")
	}
	_, err = b.Do(ann(), rec.ID, Reopen{})
	require.NoError(t, err, "the record goes on living")
	b.stored(t, "", rec.ID)
}

// TestRedactTwiceUnique: the marker is no value of a unique index: two records can be redacted.
func TestRedactTwiceUnique(t *testing.T) {
	d := ticketDeclaration(t)
	d.Indexes = append(d.Indexes, itsm.Text("mail", func(t *Ticket) string { return t.Outcome.Text }).Unique())
	k, err := itsm.NewKind("ticket", d)
	require.NoError(t, err)
	b := benchOn(t, k, memory.New(), everything)
	for _, mail := range []string{"a@example.org", "b@example.org"} {
		rec, err := b.Do(ann(), b.raise(t, Raise{}).ID, Finish{Code: "c", Text: mail})
		require.NoError(t, err)
		rec, err = b.Redact(ann(), rec.ID, itsm.Redaction{Paths: []string{"outcome.text", "outcome.code"}, Reason: "r"})
		require.NoError(t, err)
		require.Equal(t, Outcome{Code: itsm.Redacted, Text: itsm.Redacted, At: noon}, rec.Outcome)
	}
}

// TestRedactRefuses what would only seem to be done.
func TestRedactRefuses(t *testing.T) {
	b := newBench(t, everything)
	rec := b.raise(t, Raise{})
	for want, x := range map[string]itsm.Redaction{
		"reason:required":         {Paths: []string{"title"}},
		"paths:required":          {Reason: "r"},
		"paths[0]:unknown_field":  {Paths: []string{"colour"}, Reason: "r"},
		"paths[1]:not_redactable": {Paths: []string{"title", "state"}, Reason: "r"},
		"paths[0]:not_redactable": {Paths: []string{"links"}, Reason: "r"},
		"paths[0]:undeclared":     {Paths: []string{"attributes.colour"}, Reason: "r"},
		"notes[0]:no_comment":     {Notes: []int64{1}, Reason: "r"},
		"notes[1]:no_comment":     {Notes: []int64{2, 7}, Reason: "r"},
	} {
		if strings.HasPrefix(want, "notes[1]") {
			_, err := b.Do(ann(), rec.ID, itsm.Comment[Ticket]{Text: "c"})
			require.NoError(t, err)
		}
		before := b.events(t)
		_, err := b.Redact(ann(), rec.ID, x)
		require.Equal(t, want, code(t, err))
		require.Equal(t, before, b.events(t))
	}
	err := b.store.InTx(ann(), func(ctx context.Context) error {
		_, err := b.Redact(ctx, rec.ID, itsm.Redaction{Paths: []string{"title"}, Reason: "r"})
		return err
	})
	require.Equal(t, "redaction:in_transaction", code(t, err))
}

// TestRedactLeavesAUsableRecord: what the kind cannot be without is not redacted away, as no action would be possible any
// more. What a redaction does not make worse does not hinder it.
func TestRedactLeavesAUsableRecord(t *testing.T) {
	d := ticketDeclaration(t)
	validate := d.Validate
	d.Validate = func(t *Ticket, c *itsm.Checker) {
		validate(t, c)
		c.Check(t.Count == 0 || !t.About.IsZero(), "about", "required")
	}
	k, err := itsm.NewKind("ticket", d)
	require.NoError(t, err)
	b := benchOn(t, k, memory.New(), everything)
	rec := b.raise(t, Raise{Caller: "bo"})
	_, err = b.Do(ann(), rec.ID, Change{Title: &Text{"t"}, Count: 1, About: rec.Ref("ticket")})
	require.NoError(t, err)
	before := b.events(t)
	for _, paths := range [][]string{{"about"}, {"caller", "about"}} {
		_, err = b.Redact(ann(), rec.ID, itsm.Redaction{Paths: paths, Reason: "r"})
		require.Equal(t, "paths:still_needed", code(t, err))
		require.ErrorContains(t, err, "ticket: redact: invalid: paths: still needed (because about: required, want fields that the record can be without)")
	}
	require.Equal(t, before, b.events(t))
	_, err = b.Redact(ann(), rec.ID, itsm.Redaction{Paths: []string{"about", "count"}, Reason: "r"})
	require.NoError(t, err, "both together")
	_, err = b.Do(ann(), rec.ID, itsm.Comment[Ticket]{Text: "c"})
	require.NoError(t, err)

	d.Validate = func(_ *Ticket, c *itsm.Checker) { c.Fail("title", "never_right") }
	k, err = itsm.NewKind("ticket", d)
	require.NoError(t, err)
	require.NoError(t, b.Use(ann(), k))
	_, err = b.Redact(ann(), rec.ID, itsm.Redaction{Paths: []string{"caller"}, Reason: "r"})
	require.NoError(t, err, "the record was wrong before")
}

// TestPurge removes what is closed and old enough, with its history and keys, in steps of a limit.
func TestPurge(t *testing.T) {
	b := newBench(t, everything)
	var closed []itsm.ID
	for i := range 5 {
		b.clock.now = noon.Add(time.Duration(i) * time.Hour)
		rec := b.raise(t, Raise{Title: fmt.Sprint("closed", i)}, itsm.IdempotencyKey(fmt.Sprint(i)))
		_, err := b.Do(ann(), rec.ID, Finish{Code: "c"})
		require.NoError(t, err)
		closed = append(closed, rec.ID)
	}
	live := b.raise(t, Raise{Title: "live"})
	blue, err := b.Open(as("ann", "blue"), Raise{Title: "t"})
	require.NoError(t, err)
	_, err = b.Do(as("ann", "blue"), blue.ID, Finish{Code: "c"})
	require.NoError(t, err)
	for _, want := range []int{2, 2, 0} {
		n, err := b.Purge(ann(), noon.Add(4*time.Hour), 2)
		require.NoError(t, err)
		require.Equal(t, want, n)
	}
	for i, id := range closed {
		_, err := b.Get(ann(), id)
		require.Equal(t, i < 4, errors.Is(err, itsm.ErrNotFound), "the last was closed at that instant, not before")
	}
	require.Equal(t, 2+1+2, b.events(t))
	again, err := b.Open(ann(), Raise{Title: "other"}, itsm.IdempotencyKey("0"))
	require.NoError(t, err, "its key is free")
	require.NotEqual(t, closed[0], again.ID)
	_, err = b.Get(ann(), live.ID)
	require.NoError(t, err)
	_, err = b.Get(as("ann", "blue"), blue.ID)
	require.NoError(t, err, "another tenant's")
}
