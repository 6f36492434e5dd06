package archive_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/require"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/store/archive"
	"github.com/itsmkit/itsm/store/internal/sample"
	"github.com/itsmkit/itsm/store/memory"
	"github.com/itsmkit/itsm/store/storetest"
)

// refused holds that an archive is refused, that the store stays empty, and that the whole archive is taken afterwards.
func refused(t *testing.T, whole, damaged, name string) error {
	t.Helper()
	h := newHost(t)
	err := archive.Import(ctx, h.Store, strings.NewReader(damaged))
	require.Error(t, err, name)
	require.NoError(t, archive.Import(ctx, h.Store, strings.NewReader(whole)), "into the same store, after %s", name)
	return err
}

// TestEachLineCounts drops, doubles, swaps and cuts each line.
func TestEachLineCounts(t *testing.T) {
	whole := exported(t, story(t).Store)
	lines := strings.SplitAfter(strings.TrimSuffix(whole, "\n"), "\n")
	lines[len(lines)-1] += "\n"
	for i, l := range lines {
		refused(t, whole, strings.Join(slices.Delete(slices.Clone(lines), i, i+1), ""), "dropped: "+l)
		refused(t, whole, strings.Join(slices.Insert(slices.Clone(lines), i, l), ""), "twice: "+l)
		refused(t, whole, strings.Join(lines[:i], ""), "cut off before: "+l)
		refused(t, whole, strings.Join(lines[:i], "")+l[:len(l)/2], "cut off within: "+l)
		refused(t, whole, strings.Join(lines[:i], "")+l[:len(l)-1], "cut off before the line break: "+l)
		for j := i + 1; j < len(lines); j++ {
			swapped := slices.Clone(lines)
			swapped[i], swapped[j] = swapped[j], swapped[i]
			refused(t, whole, strings.Join(swapped, ""), "swapped: "+l)
		}
	}
}

// TestEachByteCounts: no byte can be changed unnoticed, by its lowest bit or by the case of a letter.
func TestEachByteCounts(t *testing.T) {
	h := newHost(t)
	for _, s := range []sample.Step{{What: "found", Tenant: "acme", Text: "<é>"}, {What: "consumer", Text: "down"}} {
		require.NoError(t, h.Do(s))
	}
	whole, kinds := exported(t, h.Store), h.Store.Kinds()
	for i := range whole {
		for _, bit := range []byte{1, 0x20} {
			damaged := []byte(whole)
			damaged[i] ^= bit
			require.Error(t, archive.Verify(ctx, bytes.NewReader(damaged), kinds...), "byte %d: %q", i, damaged[max(0, i-20):i+1])
		}
	}
}

var ending = regexp.MustCompile(`(?m)^(\{"end":.*"sha256":")[^"]*("\}\}\n)`)

// summed gives an archive the checksum that fits: what is wrong in it must be found otherwise.
func summed(text string) string {
	at := strings.LastIndex(text, `{"end"`)
	if at < 0 {
		return text
	}
	sum := sha256.Sum256([]byte(text[:at]))
	return text[:at] + ending.ReplaceAllString(text[at:], "${1}"+hex.EncodeToString(sum[:])+"$2")
}

// TestRefused: the error says in which line and what is wrong, though the checksum fits.
func TestRefused(t *testing.T) {
	whole := exported(t, story(t).Store)
	require.Equal(t, whole, summed(whole))
	replaced := func(old, new string) string {
		require.Contains(t, whole, old)
		return strings.Replace(whole, old, new, 1)
	}
	without := func(begins string) string {
		out := regexp.MustCompile(`(?m)^`+regexp.QuoteMeta(begins)+`.*\n`).ReplaceAllString(whole, "")
		require.NotEqual(t, whole, out, begins)
		return out
	}
	for _, c := range []struct{ name, damaged, says string }{
		{"nothing", "", "the end of the archive: its last line is missing"},
		{"no archive", "hello\n", "line 1: not an archive"},
		{"other JSON", "{}\n", "line 1: not an archive"},
		{"newer", replaced(`"version":1}}`, `"version":2,"compressed":true}}`), "line 1: the archive has version 2 of the format, this library reads 1: use a newer one"},
		{"older", replaced(`"version":1}}`, `"version":0}}`), "version 0 of the format, want 1"},
		{"something behind", whole + "{}\n", "something follows the end"},
		{"second header", replaced("\n", "\n"+`{"archive":{"format":"itsm","version":1}}`+"\n"), "line 2: a second header"},
		{"empty line", replaced("\n", "\n{}\n"), "line 2: says nothing"},
		{"two things", replaced(`{"purged":2}`, `{"purged":2,"series":{"tenant":"","prefix":"A","last":1}}`), "is a purged place and a series at once"},
		{"unknown thing", replaced(`{"purged":2}`, `{"purged":2,"colour":"red"}`), `unknown field "colour"`},
		{"unknown field of an event", replaced(`"event":{`, `"event":{"colour":"red",`), `unknown field "colour"`},
		{"unknown field of a record", replaced(`"record":{`, `"record":{"colour":"red",`), "colour: unknown field"},
		{"unknown state", replaced(`"state":"open"`, `"state":"lost"`), "state: unknown"},
		{"unknown kind", replaced(`{"kind":"other"`, `{"kind":"order"`), `line 2: a record of kind "order"; the store was given other, thing`},
		{"record without events", without(`{"place":4,`), "has version 1, and 0 events"},
		{"last event missing", without(`{"place":9,`), "has version 2, and 1 events"},
		{"first event missing", without(`{"place":1,`), "does not follow version 0"},
		{"event in the middle missing", without(`{"place":5,`), "does not follow version 1"},
		{"other value", replaced(`"count":4}}`, `"count":5}}`), "is not what its events make of it: they differ in count"},
		{"purged place missing", without(`{"purged":2}`), "some are missing"},
		{"purged place of an event", replaced(`{"purged":2}`, `{"purged":1}`), "the purged place 1 has an event"},
		{"purged places out of order", replaced(`{"purged":8}`, `{"purged":2}`), "the purged place 2 comes behind 2"},
		{"place twice", replaced(`{"place":4,`, `{"place":3,`), "has place 3, which another event has"},
		{"place before the last", replaced(`{"place":6,`, `{"place":2,`), "has place 2, the one before it 5"},
		{"keyed without a key", replaced(`{"place":6,`, `{"place":6,"keyed":true,`), "is keyed and has no key"},
		{"nanoseconds", replaced(`"recorded_at":"2026-01-01T00:00:00.013Z"`, `"recorded_at":"2026-01-01T00:00:00.013000001Z"`), "want UTC and whole milliseconds"},
		{"series twice", replaced(`{"tenant":"zeta","prefix":"OT"`, `{"tenant":"acme","prefix":"TH"`), "does not come behind"},
		{"series below zero", replaced(`"last":2}`, `"last":-2}`), "want a prefix and 0 at least"},
		{"series without an end", replaced(`"last":2}`, `"last":9223372036854775807}`), "want a prefix and 0 at least, with 18 digits at most"},
		{"consumer ahead", replaced(`{"passed":3`, `{"passed":10`), "has passed 10 places: want 0 to 9"},
		{"consumer with a position", replaced(`"position":""`, `"position":"3"`), "and no position"},
		{"count of records", replaced(`"records":3`, `"records":4`), "the end counts 4 records"},
		{"checksum", replaced(`"sha256":"`, `"sha256":"0`), "checksum"},
	} {
		damaged := c.damaged
		if c.name != "checksum" {
			damaged = summed(damaged)
		}
		err := refused(t, whole, damaged, c.name)
		require.ErrorContains(t, err, c.says, c.name)
		require.ErrorContains(t, err, "archive: import: ", c.name)
		var at *archive.LineError
		require.ErrorAs(t, err, &at, c.name)
	}
	empty := memory.New()
	memory.For(empty, storetest.Others())
	require.ErrorContains(t, archive.Import(ctx, empty, strings.NewReader(whole)), `a record of kind "thing"; the store was given other`)
	require.ErrorContains(t, archive.Import(ctx, memory.New(), strings.NewReader(whole)), "the store was given no kind")
}

// TestValueTwice: what only a store can know is refused by it, and named.
func TestValueTwice(t *testing.T) {
	h := newHost(t)
	for _, s := range []sample.Step{{What: "create", At: 1}, {What: "create", At: 2}, {What: "found", Text: "one"}, {What: "found", Text: "two", At: 1}} {
		require.NoError(t, h.Do(s))
	}
	whole := exported(t, h.Store)
	for _, c := range []struct{ now, was, says string }{
		{"TH0001", "TH0002", "number"}, {`"e1"`, `"e2"`, "external"}, {`"one"`, `"two"`, "name"}, {"create1", "create2", "key"}, {"found0", "found1", "key"},
	} {
		require.Contains(t, whole, c.was)
		var twice *itsm.DuplicateError
		require.ErrorAs(t, refused(t, whole, summed(strings.ReplaceAll(whole, c.was, c.now)), c.was), &twice)
		require.Contains(t, string(twice.Index), c.says)
	}
}

type failingWriter struct{ left int }

func (w *failingWriter) Write(p []byte) (int, error) {
	if w.left -= len(p); w.left < 0 {
		return 0, io.ErrClosedPipe
	}
	return len(p), nil
}

// TestErrorsPassThrough: the writer's and the reader's errors reach the caller, a cancelled context ends both.
func TestErrorsPassThrough(t *testing.T) {
	h := story(t)
	whole := exported(t, h.Store)
	for _, left := range []int{0, len(whole) / 2, len(whole) - 1} {
		require.ErrorIs(t, archive.Export(ctx, h.Store, &failingWriter{left}), io.ErrClosedPipe)
	}
	for _, at := range []int{0, len(whole) / 2, len(whole)} {
		broken := io.MultiReader(strings.NewReader(whole[:at]), iotest.ErrReader(io.ErrNoProgress))
		err := archive.Import(ctx, newHost(t).Store, broken)
		require.ErrorIs(t, err, io.ErrNoProgress)
		var line *archive.LineError
		require.False(t, errors.As(err, &line), "the archive is not at fault")
	}
	ended, cancel := context.WithCancel(ctx)
	cancel()
	require.ErrorIs(t, archive.Export(ended, h.Store, io.Discard), context.Canceled)
	require.ErrorIs(t, archive.Import(ended, newHost(t).Store, strings.NewReader(whole)), context.Canceled)
	require.ErrorIs(t, archive.Verify(ended, strings.NewReader(whole)), context.Canceled)
	require.NoError(t, archive.Import(ctx, newHost(t).Store, iotest.OneByteReader(strings.NewReader(whole))))
}

// FuzzImport: an archive with a checksum that fits is refused, or gives a store whose archive is taken again.
func FuzzImport(f *testing.F) {
	f.Add(exported(f, story(f).Store))
	f.Add(exported(f, newHost(f).Store))
	f.Fuzz(func(t *testing.T, text string) {
		h := newHost(t)
		if err := archive.Import(ctx, h.Store, strings.NewReader(summed(text))); err != nil {
			require.ErrorContains(t, err, "archive: import: ")
			require.NoError(t, archive.Import(ctx, h.Store, strings.NewReader(exported(t, newHost(t).Store))), "the store is not empty")
			return
		}
		kept := exported(t, h.Store)
		again := newHost(t)
		require.NoError(t, archive.Import(ctx, again.Store, strings.NewReader(kept)))
		require.Equal(t, kept, exported(t, again.Store))
	})
}
