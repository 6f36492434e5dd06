package torture_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"
)

// indexesOf lists the indexes of incidents that their declaration asks for, and whether each is valid.
const indexesOf = `SELECT c.relname, i.indisvalid FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_am a ON a.oid = c.relam
WHERE i.indrelid = 'itsm_incident'::regclass AND a.amname = 'btree' AND NOT EXISTS (SELECT FROM pg_constraint o WHERE o.conindid = c.oid) ORDER BY 1`

// TestCrashWhileIndexesAreBuilt lets a table be that of an older declaration, which had no index, and kills a process that builds them, beside others'
// work: the next one builds them all, does not stumble over what is half built or still being built by the session that has
// lost its client, and does not wait for ever.
func TestCrashWhileIndexesAreBuilt(t *testing.T) {
	place, l := onPostgres.fresh(t), newLedger()
	require.NoError(t, run("postgres 0 "+place, life{lines: 100, time: time.Minute}, l.hear))
	admin, err := pgx.Connect(t.Context(), place)
	require.NoError(t, err)
	defer admin.Close(context.Background())
	indexes := func() (valid map[string]bool) {
		valid = map[string]bool{}
		rows, err := admin.Query(t.Context(), indexesOf)
		require.NoError(t, err)
		var name string
		var is bool
		_, err = pgx.ForEachRow(rows, []any{&name, &is}, func() error { valid[name] = is; return nil })
		require.NoError(t, err)
		return valid
	}
	all := indexes()
	require.Greater(t, len(all), 5)
	rnd := rand.New(rand.NewPCG(9, 10))
	whole := 20 * time.Second
	interrupted := 0
	for round := range rounds(7, 2) {
		for name := range all {
			_, err := admin.Exec(t.Context(), `DROP INDEX "`+name+`"`)
			require.NoError(t, err)
		}
		_, err := admin.Exec(t.Context(), `WITH gone AS (DELETE FROM itsm_declaration WHERE kind = 'incident' AND digest <> 1)
INSERT INTO itsm_declaration (kind, digest, indexes) VALUES ('incident', 1, '[]') ON CONFLICT DO NOTHING`)
		require.NoError(t, err)
		span, began := life{lines: 1, time: time.Duration((0.2 + 0.8*rnd.Float64()) * float64(whole))}, time.Now()
		require.NoError(t, run(fmt.Sprint("postgres ", round+1, " ", place), span, l.hear))
		if round == 0 { // this one was killed when it had built them
			whole = time.Since(began)
		}
		for _, valid := range indexes() {
			if round > 0 && (!valid || len(indexes()) < len(all)) {
				interrupted++
				break
			}
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		o, err := openPostgres(ctx, place)
		cancel()
		require.NoError(t, err, "round %d", round)
		require.Equal(t, all, indexes(), "round %d", round)
		require.NoError(t, audit(t.Context(), o, l), "round %d", round)
		require.NoError(t, o.close())
	}
	t.Logf("%d builds were interrupted, %s is a whole one", interrupted, whole)
}
