package postgres_test

import (
	"context"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/incident"
	"github.com/itsmkit/itsm/store/postgres"
	"github.com/itsmkit/itsm/store/storetest"
)

// version is a version of a program, with its own declaration of incidents.
type version struct {
	store *postgres.Store
	desk  *itsm.Desk[incident.Incident]
	ctx   context.Context
}

func program(t *testing.T, dsn string, f itsm.Field) version {
	t.Helper()
	kind, err := incident.NewKind(incident.Options{Fields: []itsm.Field{f}})
	require.NoError(t, err)
	s := open(t, dsn, postgres.Options{})
	desk, err := itsm.NewDesk(kind, itsm.Config[incident.Incident]{Repository: postgres.For(s, kind), Policy: itsm.AllowAll})
	require.NoError(t, err)
	return version{s, desk, itsm.System(t.Context(), "acme")}
}

func (v version) open(t *testing.T, title, place string) incident.Incident {
	t.Helper()
	rec, err := v.desk.Open(v.ctx, incident.Report{Title: title, Impact: incident.Low, Urgency: incident.Low, Attributes: site(t, place)})
	require.NoError(t, err)
	return rec
}

var plain = itsm.Field{Key: "site", Type: itsm.FieldText}

func indexed() itsm.Field {
	f := plain
	f.Indexed = true
	return f
}

// at returns the titles of the incidents at a site, sorted: those that were opened within a millisecond come in any order.
func (v version) at(t *testing.T, site string) []string {
	t.Helper()
	page, err := v.desk.Find(v.ctx, itsm.Where(itsm.ByAttribute[incident.Incident](indexed()).Is([]byte(`"`+site+`"`))), itsm.PageRequest{})
	require.NoError(t, err)
	var titles []string
	for _, i := range page.Items {
		titles = append(titles, i.Title)
	}
	slices.Sort(titles)
	return titles
}

// TestRollOut: a new version of a program gives a kind an index more, while the old version goes on writing, and then
// takes over. Nothing is lost and nothing stale is found, also when the old version comes back.
func TestRollOut(t *testing.T) {
	dsn := database(t)
	old := program(t, dsn, plain)
	require.NoError(t, old.store.Migrate(t.Context()))
	a := old.open(t, "a", "north")
	b := old.open(t, "b", "north")

	next := program(t, dsn, indexed())
	_, err := next.desk.Get(next.ctx, a.ID)
	require.ErrorContains(t, err, "call Migrate")
	steps, err := next.store.Plan(t.Context())
	require.NoError(t, err)
	var printed []string
	for _, s := range steps {
		printed = append(printed, s.String())
	}
	plan := strings.Join(printed, "\n")
	require.Contains(t, plan, `ALTER TABLE "itsm_incident" ADD COLUMN IF NOT EXISTS "attributes.site" text COLLATE "C";`)
	require.Contains(t, plan, "2 rows that were written under another declaration are derived again")
	require.Contains(t, plan, "CREATE INDEX")
	require.NotContains(t, plan, "DROP")

	require.NoError(t, next.store.Migrate(t.Context()))
	steps, err = next.store.Plan(t.Context())
	require.NoError(t, err)
	require.Empty(t, steps, "nothing is left to do")
	require.Equal(t, []string{"a", "b"}, next.at(t, "north"))

	// The old version is still there, and knows nothing of the new column.
	old.open(t, "c", "north")
	_, err = old.desk.Do(old.ctx, b.ID, itsm.SetAttributes[incident.Incident]{Attributes: site(t, "south")})
	require.NoError(t, err)
	steps, err = next.store.Plan(t.Context())
	require.NoError(t, err)
	require.Len(t, steps, 1)
	require.Contains(t, steps[0].String(), "2 rows")
	require.NoError(t, next.store.Migrate(t.Context()))
	require.Equal(t, []string{"a", "c"}, next.at(t, "north"))
	require.Equal(t, []string{"b"}, next.at(t, "south"))

	// Back to the old version: it opens, and has all that there is.
	back := program(t, dsn, plain)
	counts, err := back.desk.Count(back.ctx, itsm.Query[incident.Incident]{})
	require.NoError(t, err)
	require.EqualValues(t, 3, counts.Total)
	require.Equal(t, []string{"a", "c"}, next.at(t, "north"), "what the new version needs was left alone")

	// When no new version will come again, its column can go.
	require.NoError(t, back.store.Prune(t.Context()))
	last := program(t, dsn, indexed())
	steps, err = last.store.Plan(t.Context())
	require.NoError(t, err)
	require.NotEmpty(t, steps)
}

func site(t *testing.T, name string) itsm.Attributes {
	t.Helper()
	a, err := itsm.AttributesOf(map[string]any{"site": name})
	require.NoError(t, err)
	return a
}

// TestMigrateAtOnce: several programs that start at once make the tables once.
func TestMigrateAtOnce(t *testing.T) {
	dsn := database(t)
	var wait sync.WaitGroup
	for range 6 {
		wait.Go(func() {
			s, err := postgres.Open(context.Background(), dsn, postgres.Options{Schema: "desk"})
			if err != nil {
				t.Error(err)
				return
			}
			defer s.Close()
			postgres.For(s, storetest.Things())
			if err := s.Migrate(context.Background()); err != nil {
				t.Error(err)
			}
		})
	}
	wait.Wait()
}

// TestIndexesAtOnce: several programs of a new version that start at once build each index that they have more once, beside
// the records that there are.
func TestIndexesAtOnce(t *testing.T) {
	dsn := database(t)
	old := program(t, dsn, plain)
	require.NoError(t, old.store.Migrate(t.Context()))
	for range 50 {
		old.open(t, "a", "north")
	}
	var wait sync.WaitGroup
	for range 8 {
		next := program(t, dsn, indexed())
		wait.Go(func() {
			if err := next.store.Migrate(context.Background()); err != nil {
				t.Error(err)
			}
		})
	}
	wait.Wait()
	var valid int
	require.NoError(t, old.store.InTx(t.Context(), func(ctx context.Context) error {
		return old.store.Tx(ctx).QueryRow(ctx, `SELECT count(*) FROM pg_index WHERE indisvalid AND indexrelid = '"itsm_incident:attributes.site"'::regclass`).Scan(&valid)
	}))
	require.Equal(t, 1, valid)
}

// TestUseBesideAnother: two programs are given an index at run time, one after the other. What the second one wrote in
// between, without it, is found by it too.
func TestUseBesideAnother(t *testing.T) {
	dsn := database(t)
	one := program(t, dsn, plain)
	require.NoError(t, one.store.Migrate(t.Context()))
	two := program(t, dsn, plain)
	one.open(t, "a", "north")
	two.open(t, "b", "north")
	kind, err := incident.NewKind(incident.Options{Fields: []itsm.Field{indexed()}})
	require.NoError(t, err)
	require.NoError(t, one.desk.Use(t.Context(), kind))
	two.open(t, "c", "north")
	require.NoError(t, two.desk.Use(t.Context(), kind))
	two.open(t, "d", "north")
	for _, p := range []version{one, two} {
		require.Equal(t, []string{"a", "b", "c", "d"}, p.at(t, "north"))
	}
}

// TestInvalidIndex: what an attempt to build an index has left behind, which PostgreSQL does not use, is built again, be it
// at the start of a program or when it is given fields at run time.
func TestInvalidIndex(t *testing.T) {
	for _, running := range []bool{false, true} {
		dsn := database(t)
		old := program(t, dsn, plain)
		require.NoError(t, old.store.Migrate(t.Context()))
		old.open(t, "a", "north")
		require.NoError(t, run(dsn, `ALTER TABLE itsm_incident ADD COLUMN "attributes.site" text COLLATE "C"`))
		require.NoError(t, run(dsn, `CREATE INDEX "itsm_incident:attributes.site" ON itsm_incident (tenant)`))
		require.NoError(t, run(dsn, `UPDATE pg_index SET indisvalid = false WHERE indexrelid = '"itsm_incident:attributes.site"'::regclass`))
		next := old
		if running {
			kind, err := incident.NewKind(incident.Options{Fields: []itsm.Field{indexed()}})
			require.NoError(t, err)
			require.NoError(t, old.desk.Use(t.Context(), kind))
		} else {
			next = program(t, dsn, indexed())
			require.NoError(t, next.store.Migrate(t.Context()))
		}
		require.Equal(t, []string{"a"}, next.at(t, "north"))
		var columns int
		require.NoError(t, next.store.InTx(t.Context(), func(ctx context.Context) error {
			return next.store.Tx(ctx).QueryRow(ctx, `SELECT indnatts FROM pg_index WHERE indisvalid AND indexrelid = '"itsm_incident:attributes.site"'::regclass`).Scan(&columns)
		}))
		require.Equal(t, 3, columns, "tenant, site and ID")
	}
}
