package sqlite_test

import (
	"context"
	"database/sql"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/incident"
	"github.com/itsmkit/itsm/store/sqlite"
)

// version is a program with its declaration of incidents, on a file that it shares with others.
type version struct {
	store *sqlite.Store
	desk  *itsm.Desk[incident.Incident]
	ctx   context.Context
}

func program(t *testing.T, path string, manual bool, fields ...itsm.Field) version {
	t.Helper()
	kind, err := incident.NewKind(incident.Options{Fields: fields})
	require.NoError(t, err)
	store, err := sqlite.Open(t.Context(), path, sqlite.Options{Sync: sqlite.SyncNormal, ManualMigration: manual})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, store.Close()) })
	desk, err := itsm.NewDesk(kind, itsm.Config[incident.Incident]{Repository: sqlite.For(store, kind), Policy: itsm.AllowAll})
	require.NoError(t, err)
	return version{store, desk, itsm.System(t.Context(), "acme")}
}

func (v version) open(t *testing.T, title, site string) incident.Incident {
	t.Helper()
	r := report
	r.Title = title
	var err error
	if r.Attributes, err = itsm.AttributesOf(map[string]any{"site": site}); err != nil {
		require.NoError(t, err)
	}
	rec, err := v.desk.Open(v.ctx, r)
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
	path := filepath.Join(t.TempDir(), "desk.db")
	old := program(t, path, false, plain)
	a := old.open(t, "a", "north")
	b := old.open(t, "b", "north")

	next := program(t, path, true, indexed())
	_, err := next.desk.Get(next.ctx, a.ID)
	require.ErrorContains(t, err, "call Migrate")
	steps, err := next.store.Plan(t.Context())
	require.NoError(t, err)
	var printed []string
	for _, s := range steps {
		printed = append(printed, s.String())
	}
	plan := strings.Join(printed, "\n")
	require.Contains(t, plan, `ALTER TABLE "itsm_incident" ADD COLUMN "attributes.site" TEXT;`)
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
	back := program(t, path, false, plain)
	counts, err := back.desk.Count(back.ctx, itsm.Query[incident.Incident]{})
	require.NoError(t, err)
	require.EqualValues(t, 3, counts.Total)
	require.Equal(t, []string{"a", "c"}, next.at(t, "north"), "what the new version needs was left alone")

	// When no new version will come again, its column can go.
	require.NoError(t, back.store.Prune(t.Context()))
	last := program(t, path, true, indexed())
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

// TestRedactionBesideANewVersion: what an old version redacts does not stay in a column that it does not know.
func TestRedactionBesideANewVersion(t *testing.T) {
	path := filepath.Join(t.TempDir(), "desk.db")
	old := program(t, path, false, plain)
	a := old.open(t, "a", "secretplace")
	next := program(t, path, false, indexed())
	require.Equal(t, []string{"a"}, next.at(t, "secretplace"))
	_, err := old.desk.Redact(old.ctx, a.ID, itsm.Redaction{Paths: []string{"attributes.site"}, Reason: "asked for"})
	require.NoError(t, err)
	require.Empty(t, next.at(t, "secretplace"))
}

// TestTypeChanged: a value that was declared with another type needs Prune, and the error says so.
func TestTypeChanged(t *testing.T) {
	path := filepath.Join(t.TempDir(), "desk.db")
	program(t, path, false, indexed()).open(t, "a", "12")
	number := indexed()
	number.Type = itsm.FieldNumber
	kind, err := incident.NewKind(incident.Options{Fields: []itsm.Field{number}})
	require.NoError(t, err)
	store, err := sqlite.Open(t.Context(), path, sqlite.Options{})
	require.NoError(t, err)
	defer func() { require.NoError(t, store.Close()) }()
	repo := sqlite.For(store, kind)
	_, err = repo.Get(t.Context(), itsm.Scope{Tenant: "acme"}, itsm.ID{1})
	require.ErrorContains(t, err, "attributes.site is declared as decimal and was declared as text")
	require.ErrorContains(t, err, "Prune")
	require.NoError(t, store.Prune(t.Context()))
	require.NoError(t, store.Migrate(t.Context()))
}

// TestNewerSchema: a file that a newer library wrote is refused, and left as it is.
func TestNewerSchema(t *testing.T) {
	path := filepath.Join(t.TempDir(), "desk.db")
	program(t, path, false)
	db, err := sql.Open("sqlite", path)
	require.NoError(t, err)
	defer func() { require.NoError(t, db.Close()) }()
	_, err = db.ExecContext(t.Context(), "UPDATE itsm_schema SET version = 99")
	require.NoError(t, err)
	_, err = sqlite.Open(t.Context(), path, sqlite.Options{})
	require.ErrorContains(t, err, "version 99 of the tables, this library knows 1: use a newer one")
}

// TestMigrationsAreGoose: the files have the form that goose reads, with the names of the store.
func TestMigrationsAreGoose(t *testing.T) {
	_, store, _, _ := hosted(t)
	all, err := store.Migrations()
	require.NoError(t, err)
	for i, m := range all {
		require.EqualValues(t, i+1, m.Version)
		require.Contains(t, m.Text, "-- +goose Up\n")
		require.Contains(t, m.Text, "-- +goose Down\n")
		require.Contains(t, m.Text, `"help_event"`)
		require.NotContains(t, m.Text, "itsm_")
	}
}

// TestUseBesideAnother: two programs are given an index at run time, one after the other. What the second one wrote in
// between, without it, is found by it too.
func TestUseBesideAnother(t *testing.T) {
	path := filepath.Join(t.TempDir(), "desk.db")
	one := program(t, path, false, plain)
	two := program(t, path, false, plain)
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

// TestMigrationCutShort: a program that is killed between two steps of a migration, or that comes second, leaves what the
// next one finds and goes on with, be it at its start or when it is given fields at run time. An index of that name that
// is another one is replaced.
func TestMigrationCutShort(t *testing.T) {
	for _, done := range []string{
		`ALTER TABLE "itsm_incident" ADD COLUMN "attributes.site" TEXT`,
		`ALTER TABLE "itsm_incident" ADD COLUMN "attributes.site" TEXT; CREATE INDEX "itsm_incident:attributes.site" ON "itsm_incident" (tenant)`,
		`ALTER TABLE "itsm_incident" ADD COLUMN "attributes.site" TEXT; ` +
			`CREATE INDEX "itsm_incident:attributes.site" ON "itsm_incident" (tenant, "attributes.site", id) WHERE "attributes.site" IS NOT NULL`,
	} {
		for _, running := range []bool{false, true} {
			path := filepath.Join(t.TempDir(), "desk.db")
			old := program(t, path, false, plain)
			old.open(t, "a", "north")
			db, err := sql.Open("sqlite", path)
			require.NoError(t, err)
			_, err = db.Exec(done)
			require.NoError(t, err)
			require.NoError(t, db.Close())

			next := old
			if running {
				kind, err := incident.NewKind(incident.Options{Fields: []itsm.Field{indexed()}})
				require.NoError(t, err)
				require.NoError(t, old.desk.Use(t.Context(), kind))
			} else {
				next = program(t, path, true, indexed())
				require.NoError(t, next.store.Migrate(t.Context()))
			}
			require.Equal(t, []string{"a"}, next.at(t, "north"))
			steps, err := next.store.Plan(t.Context())
			require.NoError(t, err)
			require.Empty(t, steps)
		}
	}
}

// TestMigrateAtOnce: several programs that start at once add the column once.
func TestMigrateAtOnce(t *testing.T) {
	path := filepath.Join(t.TempDir(), "desk.db")
	program(t, path, false, plain).open(t, "a", "north")
	var all sync.WaitGroup
	for range 6 {
		next := program(t, path, true, indexed())
		all.Go(func() {
			if err := next.store.Migrate(context.Background()); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	require.Equal(t, []string{"a"}, program(t, path, true, indexed()).at(t, "north"))
}

// TestMigrationOfADamagedRow: a row whose record says another ID is named, and does not keep a migration busy for ever.
func TestMigrationOfADamagedRow(t *testing.T) {
	path := filepath.Join(t.TempDir(), "desk.db")
	old := program(t, path, false, plain)
	a := old.open(t, "a", "north")
	for _, damage := range []string{
		"INSERT INTO itsm_incident (tenant, id, version, declared, lists, word_sum, record) SELECT tenant, randomblob(16), version, declared, lists, word_sum, record FROM itsm_incident",
		"DELETE FROM itsm_incident WHERE number IS NOT NULL",
	} {
		db, err := sql.Open("sqlite", path)
		require.NoError(t, err)
		_, err = db.Exec(damage)
		require.NoError(t, err)
		require.NoError(t, db.Close())
		next := program(t, path, true, indexed())
		require.ErrorContains(t, next.store.Migrate(t.Context()), "a row with the record "+a.ID.String()+" stands under another tenant or ID")
	}
}
