package torture_test

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/incident"
	"github.com/itsmkit/itsm/store/sqlite"
	"github.com/itsmkit/itsm/store/storetest"
)

// through opens a store in an SQLite file through faults. Who waits for the right to write waits 200 ms at most.
func through(ctx context.Context, path string, f *faults) (*opened, error) {
	db := sql.OpenDB(connector{"file:" + path + "?_pragma=busy_timeout(200)&_pragma=journal_mode(WAL)&_pragma=synchronous(NORMAL)", f})
	s, err := sqlite.New(ctx, db, sqlite.Options{Wait: 200 * time.Millisecond})
	if err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return &opened{incidents: sqlite.For(s, incident.Kind()), others: sqlite.For(s, storetest.Others()), store: s, close: db.Close}, nil
}

// foreign refuses an error that says something of the data, where something else went wrong.
func foreign(err error) error {
	for _, said := range []error{itsm.ErrConflict, itsm.ErrDuplicate, itsm.ErrInvalid, itsm.ErrNotFound, itsm.ErrNotAllowed, itsm.ErrForbidden} {
		if errors.Is(err, said) {
			return fmt.Errorf("the error says %q: %w", said.Error(), err)
		}
	}
	return nil
}

// TestFaults lets each statement of each call in turn meet each fault: the error tells what happened, nothing is half
// written, and the same call made again on the same store succeeds.
func TestFaults(t *testing.T) {
	start := filepath.Join(t.TempDir(), "start.db")
	o, err := openSQLite(t.Context(), start)
	require.NoError(t, err)
	b, err := fill(t.Context(), o)
	require.NoError(t, err)
	require.NoError(t, o.close())
	raw, err := os.ReadFile(start)
	require.NoError(t, err)
	before := newGround(t, raw).dump()

	// after is what each call leaves and answers, without a fault.
	after, answers := map[string]string{}, map[string]string{}
	for _, c := range calls(b) {
		g := newGround(t, raw)
		answers[c.name] = g.answer(c.make(t.Context(), g.opened))
		after[c.name] = g.dump()
		require.NotContains(t, answers[c.name], "error", c.name)
	}
	for _, kind := range []fault{refused, dropped, cut, slow, stuck} {
		t.Run(string(kind), func(t *testing.T) {
			for _, c := range calls(b) {
				if testing.Short() && c.name != "batch" && c.name != "transaction that goes on" && c.name != "count" {
					continue
				}
				n := 1
				for met := "?"; met != ""; n += rounds(1, 3) {
					g := newGround(t, raw)
					ctx, cancel := context.WithCancel(t.Context())
					g.faults.arm(kind, n, cancel)
					answer, err := c.make(ctx, g.opened)
					met = g.faults.disarm()
					cancel()
					where := fmt.Sprintf("%s: statement %d is %s: %s: %v", c.name, n, kind, met, err)
					left := g.dump()
					if err != nil {
						require.NoError(t, foreign(err), where)
						require.Equal(t, kind == slow, errors.Is(err, context.Canceled), where)
						if kind == refused {
							require.ErrorIs(t, err, errRefused, where)
						}
						// A reply to COMMIT that is lost leaves it open what happened.
						if left != before {
							require.Equal(t, cut, kind, where)
							require.Equal(t, "COMMIT", met, where)
						}
					} else {
						require.Equal(t, answers[c.name], g.answer(answer, err), where)
					}
					whole := []string{after[c.name]}
					for _, part := range c.parts {
						whole = append(whole, after[part])
					}
					if left != before || err == nil {
						require.Contains(t, whole, left, where)
					}
					answer, err = c.make(t.Context(), g.opened)
					switch {
					case left == before:
						require.Equal(t, answers[c.name], g.answer(answer, err), "again after "+where)
						require.Equal(t, after[c.name], g.dump(), "again after "+where)
					case after[c.name] != before && c.parts == nil:
						require.ErrorIs(t, again(c, err), itsm.ErrConflict, "again after "+where)
						require.Equal(t, after[c.name], g.dump(), "again after "+where)
					}
					require.NoError(t, g.opened.close())
				}
				require.Greater(t, n, 2, "%s: no statement met the fault", c.name)
			}
		})
	}
}

// again is the error of a call that is made a second time: to forget keys twice is none.
func again(c call, err error) error {
	if c.name == "forget keys" && err == nil {
		return itsm.ErrConflict
	}
	return err
}

// ground is a copy of a file, with a store on it through faults.
type ground struct {
	t      *testing.T
	path   string
	faults *faults
	opened *opened
}

func newGround(t *testing.T, raw []byte) *ground {
	g := &ground{t: t, path: filepath.Join(t.TempDir(), "desk.db"), faults: &faults{}}
	require.NoError(t, os.WriteFile(g.path, raw, 0o600))
	var err error
	g.opened, err = through(t.Context(), g.path, g.faults)
	require.NoError(t, err)
	return g
}

// kept are queries for all that the tables hold, the words of the search by two of them.
var kept = []string{
	"SELECT * FROM itsm_incident ORDER BY seq", "SELECT * FROM itsm_incident_lists", "SELECT * FROM itsm_other ORDER BY seq",
	"SELECT * FROM itsm_event ORDER BY seq", "SELECT * FROM itsm_key", "SELECT * FROM itsm_series", "SELECT * FROM itsm_consumer",
	"SELECT rowid FROM itsm_incident_words WHERE itsm_incident_words MATCH 'kept'",
	"SELECT rowid FROM itsm_incident_words WHERE itsm_incident_words MATCH 'changed'",
}

// dump returns what another process sees.
func (g *ground) dump() string {
	db, err := sql.Open("sqlite", g.path)
	require.NoError(g.t, err)
	defer db.Close()
	db.SetMaxOpenConns(1)
	var out strings.Builder
	for _, query := range kept {
		fmt.Fprintln(&out, query)
		rows, err := db.Query(query)
		require.NoError(g.t, err, query)
		columns, err := rows.Columns()
		require.NoError(g.t, err)
		row, into := make([]sql.NullString, len(columns)), make([]any, len(columns))
		for i := range row {
			into[i] = &row[i]
		}
		for rows.Next() {
			require.NoError(g.t, rows.Scan(into...))
			fmt.Fprintln(&out, row)
		}
		require.NoError(g.t, rows.Err())
	}
	return out.String()
}

func (g *ground) answer(answer any, err error) string {
	if err != nil {
		return "error: " + err.Error()
	}
	raw, err := json.Marshal(answer)
	require.NoError(g.t, err)
	return strings.TrimSpace(string(raw))
}
