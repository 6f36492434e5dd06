package memory_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/store/memory"
	"github.com/stretchr/testify/require"
)

// TestSnapshotLosesNothing: a restored store gives the same snapshot, byte by byte, and goes on as the old one.
func TestSnapshotLosesNothing(t *testing.T) {
	d, s, _ := newDesk(t)
	for i := range 50 {
		rec, err := d.Open(ann(), add{Title: fmt.Sprintf("<task> %d \"ä\"", i), Who: "bo", Tags: []string{"x"}}, itsm.IdempotencyKey(fmt.Sprint("k", i)), itsm.External(fmt.Sprint("e", i)))
		require.NoError(t, err)
		_, err = d.Do(ann(), rec.ID, end{}, itsm.Note("done", true))
		require.NoError(t, err)
	}
	first, err := d.Find(ann(), itsm.Query[task]{}, itsm.PageRequest{Limit: 2})
	require.NoError(t, err)
	_, err = d.Redact(ann(), first.Items[0].ID, itsm.Redaction{Paths: []string{"title"}, Reason: "r"})
	require.NoError(t, err)
	relay := itsm.NewRelay(s)
	_, err = relay.Step(ann(), failing{})
	require.Error(t, err)
	var a, b bytes.Buffer
	require.NoError(t, s.Snapshot(ann(), &a))
	k := kind(t)
	again := memory.New()
	r := memory.For(again, k)
	require.NoError(t, again.Restore(ann(), bytes.NewReader(a.Bytes())))
	require.NoError(t, again.Snapshot(ann(), &b))
	require.Equal(t, a.String(), b.String())
	d2, err := itsm.NewDesk(k, itsm.Config[task]{Repository: r, Policy: itsm.AllowAll})
	require.NoError(t, err)
	rec, err := d2.Open(ann(), add{Title: "next"})
	require.NoError(t, err)
	require.Equal(t, "T0000051", rec.Number)
	_, err = d2.Open(ann(), add{Title: "other"}, itsm.IdempotencyKey("k7"))
	require.ErrorIs(t, err, itsm.ErrConflict)
	require.ErrorContains(t, again.Restore(ann(), bytes.NewReader(a.Bytes())), "empty")

	for name, damaged := range map[string]string{
		"cut off":       a.String()[:a.Len()*2/3],
		"no end":        a.String()[:strings.LastIndex(strings.TrimSpace(a.String()), "\n")+1],
		"changed":       strings.Replace(a.String(), `"who":"bo"`, `"who":"cy"`, 1),
		"other format":  strings.Replace(a.String(), "itsm/memory", "itsm/other", 1),
		"more":          a.String() + "{}\n",
		"nothing":       "",
		"unknown state": strings.Replace(a.String(), `"state":"done"`, `"state":"lost"`, 1),
	} {
		empty := memory.New()
		memory.For(empty, k)
		require.Error(t, empty.Restore(ann(), strings.NewReader(damaged)), name)
		require.NoError(t, empty.Restore(ann(), bytes.NewReader(a.Bytes())), "after %s", name)
	}
	require.ErrorContains(t, memory.New().Restore(ann(), bytes.NewReader(a.Bytes())), `kind "task"`)
}
