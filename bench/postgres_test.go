package bench_test

import (
	"context"
	"fmt"
	"os"
	"runtime"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/bench/handwritten/bysql"
	"github.com/itsmkit/itsm/incident"
	"github.com/itsmkit/itsm/store/postgres"
)

// onPostgres opens n incidents in a schema of its own on the server that ITSM_POSTGRES names, by the desk, and the
// hand-written desk on the same tables.
func onPostgres(b *testing.B, n int) (*itsm.Desk[incident.Incident], *bysql.Postgres, []itsm.ID) {
	b.Helper()
	store, pool := postgresStore(b)
	repo := postgres.For(store, incident.Kind())
	require.NoError(b, store.Migrate(b.Context()))
	desk, ids := stocked(b, repo, n)
	_, err := pool.Exec(b.Context(), "VACUUM ANALYZE")
	require.NoError(b, err)
	return desk, bysql.OnPostgres(pool), ids
}

// postgresStore opens a store in a new schema, on the path of all connections of the pool.
func postgresStore(b *testing.B) (*postgres.Store, *pgxpool.Pool) {
	b.Helper()
	dsn := os.Getenv("ITSM_POSTGRES")
	if dsn == "" {
		b.Skip("ITSM_POSTGRES does not name a PostgreSQL server by its DSN")
	}
	config, err := pgxpool.ParseConfig(dsn)
	require.NoError(b, err)
	schema := fmt.Sprintf("bench%d", time.Now().UnixNano())
	config.ConnConfig.RuntimeParams["search_path"], config.ConnConfig.RuntimeParams["jit"] = schema, "off"
	config.MaxConns = 16
	pool, err := pgxpool.NewWithConfig(b.Context(), config)
	require.NoError(b, err)
	b.Cleanup(func() {
		_, err := pool.Exec(context.Background(), "DROP SCHEMA "+schema+" CASCADE")
		require.NoError(b, err)
		pool.Close()
	})
	_, err = pool.Exec(b.Context(), "CREATE SCHEMA "+schema)
	require.NoError(b, err)
	store, err := postgres.New(b.Context(), pool, postgres.Options{})
	require.NoError(b, err)
	return store, pool
}

// BenchmarkSaveParallel is the action of BenchmarkSave by 8 clients at once, on different incidents.
func BenchmarkSaveParallel(b *testing.B) {
	b.Run("postgres", func(b *testing.B) {
		desk, hand, ids := onPostgres(b, stock())
		var next atomic.Int64
		parallel := func(b *testing.B, call func(id itsm.ID, to incident.Assign) error) {
			b.ReportAllocs()
			b.SetParallelism(max(1, 8/runtime.GOMAXPROCS(0)))
			b.RunParallel(func(pb *testing.PB) {
				for pb.Next() {
					id, a := turn(&assigns, ids, int(next.Add(1)))
					if err := call(id, a.(incident.Assign)); err != nil {
						b.Error(err)
						return
					}
				}
			})
		}
		b.Run("itsm", func(b *testing.B) {
			ctx := acting()
			parallel(b, func(id itsm.ID, to incident.Assign) error {
				_, err := desk.Do(ctx, id, to)
				return err
			})
		})
		b.Run("handwritten", func(b *testing.B) {
			parallel(b, func(id itsm.ID, to incident.Assign) error {
				return hand.Assign(b.Context(), actor, id, to.Group, to.To)
			})
		})
	})
}
