package archive_test

import (
	"bytes"
	"context"
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/store/archive"
	"github.com/itsmkit/itsm/store/internal/sample"
	"github.com/itsmkit/itsm/store/memory"
	"github.com/itsmkit/itsm/store/storetest"
)

var ctx = context.Background()

func newHost(t require.TestingT) *sample.Host {
	s := memory.New()
	h, err := sample.New(s, memory.For(s, storetest.Things()), memory.For(s, storetest.Others()))
	require.NoError(t, err)
	return h
}

func exported(t require.TestingT, s archive.Source) string {
	var out bytes.Buffer
	require.NoError(t, archive.Export(ctx, s, &out))
	return out.String()
}

// TestRoundTrip: a store that is filled from the archive of another gives the same archive, and goes on as it.
func TestRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		below := func(n int) int { return rapid.IntRange(0, n-1).Draw(t, "n") }
		a := newHost(t)
		for range below(50) {
			_ = a.Do(sample.Draw(below)) // what is refused changes nothing
		}
		kept := exported(t, a.Store)
		require.NoError(t, archive.Verify(ctx, strings.NewReader(kept), a.Store.Kinds()...))
		b := newHost(t)
		require.NoError(t, archive.Import(ctx, b.Store, strings.NewReader(kept)))
		require.Equal(t, kept, exported(t, b.Store))
		b.Follow(a)
		for range below(10) {
			s := sample.Draw(below)
			want, got := a.Do(s), b.Do(s)
			require.Equal(t, fmt.Sprint(want), fmt.Sprint(got), "%+v", s)
		}
		require.Equal(t, exported(t, a.Store), exported(t, b.Store))
	})
}

// story is a store with everything that an archive can hold.
func story(t require.TestingT) *sample.Host {
	h := newHost(t)
	for _, s := range []sample.Step{
		{What: "create", Tenant: "acme", Text: "mail", At: 1, N: 6}, {What: "create", Tenant: "acme", Text: "gone", At: 2, N: 5},
		{What: "found", Tenant: "zeta", Text: "one"}, {What: "create", Tenant: "zeta", Text: "mail", At: 3, N: 4},
		{What: "put", Tenant: "acme", Text: "fax", At: 0, N: 2}, {What: "comment", Tenant: "acme", Text: "seen", At: 0},
		{What: "redact", Tenant: "acme", At: 0}, {What: "finish", Tenant: "acme", At: 1, N: 2}, {What: "consumer", N: 2, Text: "down"},
		{What: "purge", Tenant: "acme", At: 3}, {What: "set", Tenant: "zeta", At: 2, N: 4},
	} {
		require.NoError(t, h.Do(s), "%+v", s)
	}
	return h
}

// TestWhatIsInIt looks at the lines of a small store, as doc.go describes them.
func TestWhatIsInIt(t *testing.T) {
	lines := strings.Split(strings.TrimSuffix(exported(t, story(t).Store), "\n"), "\n")
	require.Equal(t, `{"archive":{"format":"itsm","version":1}}`, lines[0])
	var is []string
	for _, l := range lines[1 : len(lines)-1] {
		is = append(is, regexp.MustCompile(`^\{"\w+":(\d|"\w+"|)`).FindString(l))
	}
	// Two records of acme and zeta, an other; the events of the purged one at places 2 and 8; three series; one consumer.
	require.Equal(t, []string{`{"kind":"other"`, `{"place":3`, `{"place":9`, `{"kind":"thing"`, `{"place":1`, `{"place":5`, `{"place":6`, `{"place":7`,
		`{"kind":"thing"`, `{"place":4`, `{"purged":2`, `{"purged":8`, `{"series":`, `{"series":`, `{"series":`, `{"passed":3`}, is)
	require.Regexp(t, `^\{"end":\{"records":3,"events":7,"places":9,"sha256":"[0-9a-f]{64}"\}\}$`, lines[len(lines)-1])
	require.Contains(t, strings.Join(lines, ""), `"series":{"tenant":"acme","prefix":"TH","last":2}`)
	require.Contains(t, strings.Join(lines, ""), `"place":5,"keyed":true,"event"`)
}

// TestGoesOn: numbers, keys, places and consumers are remembered.
func TestGoesOn(t *testing.T) {
	a, b := story(t), newHost(t)
	require.NoError(t, archive.Import(ctx, b.Store, strings.NewReader(exported(t, a.Store))))
	c, err := b.Store.LoadConsumer(ctx, "sla")
	require.NoError(t, err)
	events, _, err := b.Store.Since(ctx, c.Position, 1)
	require.NoError(t, err)
	require.Equal(t, "zeta", events[0].Tenant, "the fourth event comes next")
	e, err := b.Store.ByKey(ctx, itsm.Scope{Tenant: "acme"}, "thing", "<k>put0")
	require.NoError(t, err)
	require.EqualValues(t, 2, e.Version)
	b.Follow(a)
	require.NoError(t, b.Do(sample.Step{What: "create", Tenant: "acme", At: 9}))
	require.Contains(t, exported(t, b.Store), `"number":"TH0003"`)
	require.Contains(t, exported(t, b.Store), `{"place":10,`)
	require.ErrorContains(t, archive.Import(ctx, b.Store, strings.NewReader(exported(t, a.Store))), "want an empty one")
}
