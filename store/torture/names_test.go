package torture_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/lifecycle"
	"github.com/itsmkit/itsm/store/postgres"
	"github.com/itsmkit/itsm/store/sqlite"
)

// label is a record with two texts, in kinds and indexes of any names.
type label struct {
	itsm.Header
	One string `json:"one"`
	Two string `json:"two"`
}

type put struct {
	One string `json:"one"`
	Two string `json:"two"`
}

func (put) Name() string { return "put" }

func (a put) Apply(l *label, _ itsm.Moment) error {
	l.One, l.Two = a.One, a.Two
	return nil
}

// labels is a kind with an index of a name over each of the texts of its records.
func labels(t *testing.T, kind, one, two string) *itsm.Kind[label] {
	t.Helper()
	table, err := lifecycle.New([]lifecycle.Rule{{On: "put", From: []lifecycle.State{""}, To: "on"}}, "on")
	require.NoError(t, err)
	k, err := itsm.NewKind(kind, itsm.Declaration[label]{Lifecycle: table, Actions: []itsm.Offer[label]{itsm.Do(put{})}, Indexes: []itsm.Indexed[label]{byOne(one), byTwo(two)}})
	require.NoError(t, err)
	return k
}

func byOne(name string) itsm.Index[label, string] {
	return itsm.Text(name, func(l *label) string { return l.One }).Unique()
}

func byTwo(name string) itsm.Index[label, string] {
	return itsm.Text(name, func(l *label) string { return l.Two })
}

// TestNamesDoNotMeet: whatever kinds and indexes are called, as long as the kernel takes it, none gets the table, the column
// or the index of another, nor of the database: those that are longer than the database's names are, those that differ only
// in how they are divided into kind and index, those of what a table has anyhow.
func TestNamesDoNotMeet(t *testing.T) {
	long := strings.Repeat("k", 63)
	type named struct{ kind, one, two string }
	all := []named{
		{"a", "b_c", "b"}, {"a_b", "c", "state_updated"}, {long + "a", "x", "y"}, {long + "b", long + "a", long + "b"}, {long[:58], "lists", "id_lists"},
		{long[:52], "words", "words_records"}, {"sys", "xmin", "ctid"}, {"row", "rowid", "oid"}, {"own", "seq", "seq_"}, {"select", "where", "record"}, {"o.d-d", "x.y-z", "x-y.z"},
	}
	var kinds []*itsm.Kind[label]
	for _, n := range all {
		kinds = append(kinds, labels(t, n.kind, n.one, n.two))
	}
	ctx := itsm.System(t.Context(), "acme")
	check := func(t *testing.T, repos []itsm.Repository[label]) {
		for i, n := range all {
			desk := deskOf(kinds[i], repos[i])
			rec, err := desk.Open(ctx, put{One: "first", Two: "second"})
			require.NoError(t, err, n)
			_, err = desk.Open(ctx, put{One: "first", Two: "third"})
			require.ErrorIs(t, err, itsm.ErrDuplicate, n)
			for _, q := range []itsm.Query[label]{
				itsm.Where(byOne(n.one).Is("first")), itsm.Where(byTwo(n.two).Is("second")), itsm.Where(itsm.ByState[label]().Is("on")).Sorted(itsm.ByUpdated[label]().Desc()),
			} {
				page, err := desk.Find(ctx, q, itsm.PageRequest{})
				require.NoError(t, err, n)
				require.Equal(t, []label{rec}, slices.Clip(page.Items), n)
			}
		}
	}
	t.Run("sqlite", func(t *testing.T) {
		s, err := sqlite.Open(t.Context(), t.TempDir()+"/desk.db", sqlite.Options{Sync: sqlite.SyncNormal})
		require.NoError(t, err)
		defer func() { require.NoError(t, s.Close()) }()
		var repos []itsm.Repository[label]
		for _, k := range kinds {
			repos = append(repos, sqlite.For(s, k))
		}
		require.NoError(t, s.Migrate(t.Context()))
		check(t, repos)
	})
	t.Run("postgres", func(t *testing.T) {
		s, err := postgres.Open(t.Context(), onPostgres.fresh(t), postgres.Options{})
		require.NoError(t, err)
		defer s.Close()
		var repos []itsm.Repository[label]
		for _, k := range kinds {
			repos = append(repos, postgres.For(s, k))
		}
		require.NoError(t, s.Migrate(t.Context()))
		check(t, repos)
	})
}
