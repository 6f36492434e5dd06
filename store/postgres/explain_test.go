package postgres

import (
	"context"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/incident"
	"github.com/itsmkit/itsm/store/internal/pgserver"
	"github.com/itsmkit/itsm/store/internal/relational"
	"github.com/itsmkit/itsm/store/storetest"
)

// Server is the server of all tests of the package.
var Server = pgserver.Shared(pgserver.Options{})

func TestMain(m *testing.M) { os.Exit(Server.Main(m)) }

// Run runs a statement in a database.
func Run(dsn, statement string) error {
	c, err := pgx.Connect(context.Background(), dsn)
	if err != nil {
		return err
	}
	defer c.Close(context.Background())
	_, err = c.Exec(context.Background(), statement)
	return err
}

// TestIndexesAreUsed asks PostgreSQL how it answers the query that each index is declared for, over 8,000 rows: values
// of all parts but the last, in the order of the last. It must walk that index, or the one of list values.
func TestIndexesAreUsed(t *testing.T) {
	s, err := Open(t.Context(), Server.Database(t, Run), Options{})
	require.NoError(t, err)
	defer s.Close()
	For(s, storetest.Things())
	For(s, incident.Kind())
	require.NoError(t, s.Migrate(t.Context()))
	for _, table := range s.engine.Tables() {
		fill(t, s, table)
	}
	_, err = s.pool.Exec(t.Context(), "ANALYZE")
	require.NoError(t, err)
	for _, table := range s.engine.Tables() {
		for _, index := range table.Indexes {
			t.Run(table.Shape.Name()+"/"+string(index.Name), func(t *testing.T) { explainIndex(t, s, table, index) })
		}
		t.Run(table.Shape.Name()+"/words", func(t *testing.T) {
			explained(t, s, table, table.WordIndex, itsm.Select{Text: "rare17"}, "a word")
		})
	}
}

// fill makes rows as they are after years: each value is that of some 20 rows, the unique ones of one.
func fill(t *testing.T, s *Store, table *relational.Table) {
	names, values := "", ""
	unique := map[itsm.IndexName]bool{}
	for _, i := range table.Indexes {
		for _, p := range i.Parts {
			unique[p.Name] = unique[p.Name] || i.Unique && len(i.Parts) == 1
		}
	}
	for _, c := range table.Columns {
		n := "i % 400"
		if unique[c.Part.Name] {
			n = "i"
		}
		names += ", " + c.Name
		switch c.Part.Type {
		case itsm.TypeNumber:
			values += ", " + n
		case itsm.TypeTime:
			values += ", timestamptz '2026-01-01' + interval '1 minute' * (" + n + ")"
		case itsm.TypeBool:
			values += ", i % 400 = 1"
		default:
			values += ", 'v' || (" + n + ")"
		}
	}
	_, err := s.pool.Exec(t.Context(), "INSERT INTO "+table.Name+" (tenant, id, version, declared, lists, word_sum, words, record"+names+
		") SELECT 'acme', gen_random_uuid(), 1, 0, 0, 0, array_to_tsvector(ARRAY['common', 'rare' || i]), repeat('x', 800)"+values+" FROM generate_series(1, 8000) i")
	require.NoError(t, err)
	for _, l := range table.Lists {
		_, err := s.pool.Exec(t.Context(), "INSERT INTO "+table.ListsName+" (tenant, list, s, n, id) SELECT tenant, $1, ('v' || seq % 400)::bytea, 0, id FROM "+table.Name, string(l.Name))
		require.NoError(t, err)
	}
}

func explainIndex(t *testing.T, s *Store, table *relational.Table, index itsm.IndexShape) {
	name := table.Names[slices.IndexFunc(table.Indexes, func(i itsm.IndexShape) bool { return i.Name == index.Name })]
	last := index.Parts[len(index.Parts)-1]
	q := itsm.Select{}
	for _, p := range index.Parts[:len(index.Parts)-1] {
		q.Where = append(q.Where, itsm.Condition{Index: p.Name, Type: p.Type, In: []itsm.Key{sample(p.Type, 1)}})
	}
	ordered := q
	if !last.Multi {
		ordered.Order = itsm.Order{Index: last.Name, Desc: true}
		explained(t, s, table, name, ordered, "the order")
	}
	q.Where = append(q.Where, itsm.Condition{Index: last.Name, Type: last.Type, In: []itsm.Key{sample(last.Type, 1)}})
	explained(t, s, table, name, q, "a value")
}

func sample(t itsm.ValueType, n int64) itsm.Key {
	switch t {
	case itsm.TypeBool, itsm.TypeNumber:
		return itsm.Key{N: n}
	case itsm.TypeTime: // the minute of that number in the rows of fill
		at := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC).Add(time.Duration(n) * time.Minute)
		return itsm.Key{N: at.UnixMilli() - yearOne}
	}
	return itsm.Key{S: fmt.Sprint("v", n)}
}

// explained holds that the plan of a query walks an index, and reads no table as a whole.
func explained(t *testing.T, s *Store, table *relational.Table, name string, q itsm.Select, what string) {
	t.Helper()
	sel, err := table.Shape.Select(itsm.Scope{Tenant: "acme"}, q)
	require.NoError(t, err, what)
	query, args := table.Page(dialect{}, sel, nil, 51, nil)
	rows, err := s.pool.Query(t.Context(), "EXPLAIN "+query, args...)
	require.NoError(t, err, query)
	lines, err := pgx.CollectRows(rows, pgx.RowTo[string])
	require.NoError(t, err, query)
	plan := strings.Join(lines, "\n")
	require.True(t, strings.Contains(plan, `"`+name+`"`) || strings.Contains(plan, table.BareName+"_lists_pkey"), "%s does not use %s:\n%s\n\n%s", what, name, plan, query)
	require.NotContains(t, plan, "Seq Scan on "+table.BareName+" ", "%s of %s reads the whole table:\n%s\n\n%s", what, name, plan, query)
}

// TestManyValuesPlannedEarly: a connection keeps the plan that it made when the table was empty, until PostgreSQL has looked
// at the table. It asks for the entries of a list with many values once all the same, and not for each row that has come.
// An import does so.
func TestManyValuesPlannedEarly(t *testing.T) {
	s, err := Open(t.Context(), Server.Database(t, Run), Options{})
	require.NoError(t, err)
	defer s.Close()
	For(s, storetest.Things())
	require.NoError(t, s.Migrate(t.Context()))
	table := s.engine.Tables()[0]
	list := table.Lists[slices.IndexFunc(table.Lists, func(l relational.List) bool { return l.Name != itsm.IndexLink })].Name
	q := itsm.Select{Where: []itsm.Condition{{Index: list, Type: itsm.TypeText}}}
	const values = 42
	for n := range int64(values) {
		q.Where[0].In = append(q.Where[0].In, sample(itsm.TypeText, n))
	}
	sel, err := table.Shape.Select(itsm.Scope{Tenant: "acme"}, q)
	require.NoError(t, err)
	query, args := table.Page(dialect{}, sel, nil, 51, nil)
	c, err := s.pool.Acquire(t.Context())
	require.NoError(t, err)
	defer c.Release()
	_, err = c.Exec(t.Context(), "SET plan_cache_mode = force_generic_plan") // as it is from the sixth time on
	require.NoError(t, err)
	ask := func() (walks int64) {
		rows, err := c.Query(t.Context(), query, args...)
		require.NoError(t, err)
		found, err := pgx.CollectRows(rows, pgx.RowTo[string])
		require.NoError(t, err)
		require.LessOrEqual(t, len(found), 51)
		_, err = c.Exec(t.Context(), "SELECT pg_stat_force_next_flush()")
		require.NoError(t, err)
		require.NoError(t, c.QueryRow(t.Context(), "SELECT sum(idx_scan) FROM pg_stat_user_indexes WHERE relname = $1", table.BareName+"_lists").Scan(&walks))
		return walks
	}
	ask()
	fill(t, s, table)
	before := ask()
	require.LessOrEqual(t, ask()-before, int64(values))
}
