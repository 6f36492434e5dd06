package postgres

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/store/storetest"
)

// TestManyWords: a record with more words than a tsvector holds is found by each of them, and by no other, and is
// forgotten when its words are.
func TestManyWords(t *testing.T) {
	s, err := Open(t.Context(), Server.Database(t, Run), Options{})
	require.NoError(t, err)
	defer s.Close()
	For(s, storetest.Things())
	require.NoError(t, s.Migrate(t.Context()))
	table, err := s.engine.TableOf("thing")
	require.NoError(t, err)
	desk, err := itsm.NewDesk(storetest.Things(), itsm.Config[storetest.Thing]{Repository: For(s, storetest.Things()), Policy: itsm.AllowAll})
	require.NoError(t, err)
	rec, err := desk.Open(itsm.System(t.Context(), "acme"), storetest.Create{Content: storetest.Content{Title: "small"}})
	require.NoError(t, err)
	var seq int64
	require.NoError(t, s.pool.QueryRow(t.Context(), "SELECT seq FROM itsm_thing WHERE id = $1", rec.ID).Scan(&seq))
	c := poolConn{store: s}
	found := func(text string) int {
		sel, err := table.Shape.Select(itsm.Scope{Tenant: "acme"}, itsm.Select{Text: text})
		require.NoError(t, err)
		query, args := table.Total(dialect{}, sel)
		var n int
		require.NoError(t, scan(t.Context(), c, query, args, &n))
		return n
	}
	var words []string
	for i := range 12_000 {
		words = append(words, "w"+itsm.Sequence{Digits: 5}.Format(int64(i))+strings.Repeat("x", 114))
	}
	require.Greater(t, len(chunked(words)), 2)
	require.Equal(t, 1, found("small"))
	require.NoError(t, dialect{}.SetWords(t.Context(), c, table, seq, words))
	require.Zero(t, found("small"))
	for _, text := range []string{"w00000", "w11999", "w06000", "w00000 w11999 w06", "w"} {
		require.Equal(t, 1, found(text), text)
	}
	for _, text := range []string{"w12000", "w00000 w12000", "x"} {
		require.Zero(t, found(text), text)
	}
	require.NoError(t, dialect{}.SetWords(t.Context(), c, table, seq, []string{"few"}))
	require.Equal(t, 1, found("few"))
	require.Zero(t, found("w00000"))
}
