package torture_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/store/postgres"
)

// heldTables are those that the calls change. The numbers of rows, seq, and of transactions, at, are not compared: a try
// that was given up uses some.
var heldTables = []string{"itsm_incident", "itsm_incident_lists", "itsm_incident_words", "itsm_other", "itsm_event", "itsm_key", "itsm_series", "itsm_consumer"}

// field is a database with a store on it through a line, and a connection past the line.
type field struct {
	t      *testing.T
	admin  *pgx.Conn
	line   *line
	opened *opened
	base   base
}

func newField(t *testing.T) *field {
	t.Helper()
	dsn := onPostgres.fresh(t)
	f := &field{t: t}
	var err error
	f.admin, err = pgx.Connect(t.Context(), dsn)
	require.NoError(t, err)
	t.Cleanup(func() { f.admin.Close(context.Background()) })
	killer, err := pgx.Connect(t.Context(), dsn)
	require.NoError(t, err)
	t.Cleanup(func() { killer.Close(context.Background()) })
	keep := fmt.Sprint(f.admin.PgConn().PID(), ", ", killer.PgConn().PID())
	var through string
	f.line, through = newLine(t, dsn, func() {
		_, err := killer.Exec(context.Background(), "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid NOT IN ("+keep+")")
		if err != nil {
			t.Error(err)
		}
	})
	f.opened, err = openPostgres(t.Context(), through)
	require.NoError(t, err)
	t.Cleanup(func() { f.opened.close() })
	f.base, err = fill(t.Context(), f.opened)
	require.NoError(t, err)
	for _, table := range heldTables {
		f.exec("CREATE TABLE kept_" + table + " AS TABLE " + table)
	}
	return f
}

func (f *field) exec(statements string) {
	f.t.Helper()
	_, err := f.admin.PgConn().Exec(f.t.Context(), statements).ReadAll()
	require.NoError(f.t, err)
}

// restore brings back what there was at first. It waits for transactions that have lost their client.
func (f *field) restore() {
	f.t.Helper()
	all := "BEGIN; LOCK TABLE " + strings.Join(heldTables, ", ") + ";"
	for _, table := range heldTables {
		all += "DELETE FROM " + table + "; INSERT INTO " + table + " OVERRIDING SYSTEM VALUE TABLE kept_" + table + ";"
	}
	f.exec(all + "COMMIT")
}

// dump returns what another client sees.
func (f *field) dump() string {
	f.t.Helper()
	var parts []string
	for _, table := range heldTables {
		row := "to_jsonb(t) - 'seq' - 'at'"
		from := table + " t"
		if table == "itsm_key" {
			row, from = row+" || jsonb_build_object('of', e.event)", from+" LEFT JOIN itsm_event e ON e.seq = t.seq"
		}
		parts = append(parts, "SELECT '"+table+"' AS name, ("+row+")::text AS line FROM "+from)
	}
	rows, err := f.admin.Query(f.t.Context(), strings.Join(parts, " UNION ALL ")+" ORDER BY name, line")
	require.NoError(f.t, err)
	lines, err := pgx.CollectRows(rows, func(r pgx.CollectableRow) (string, error) {
		var name, line string
		err := r.Scan(&name, &line)
		return name + " " + line, err
	})
	require.NoError(f.t, err)
	return strings.Join(lines, "\n")
}

func (f *field) answer(answer any, err error) string {
	if err != nil {
		return "error: " + err.Error()
	}
	raw, err := json.Marshal(answer)
	require.NoError(f.t, err)
	return string(raw)
}

// TestServerFaults lets every fifth request of each call meet each fault on its way to the server, where the first differs
// from call to call and from fault to fault: nothing is half
// written, an error says nothing of the data, and the same call made again on the same store succeeds. A connection that
// is lost costs a save nothing: it is stored, once. Other writes whose commit was under way may say that nobody knows.
func TestServerFaults(t *testing.T) {
	f := newField(t)
	before := f.dump()
	after, answers := map[string]string{}, map[string]string{}
	for _, c := range calls(f.base) {
		answers[c.name] = f.answer(c.make(t.Context(), f.opened))
		require.NotContains(t, answers[c.name], "error", c.name)
		after[c.name] = f.dump()
		f.restore()
		require.Equal(t, before, f.dump())
	}
	const stride = 5
	for first, kind := range []fault{dropped, cut, ended, slow, refused} {
		t.Run(string(kind), func(t *testing.T) {
			for i, c := range calls(f.base) {
				if testing.Short() && c.name != "batch" && c.name != "transaction that goes on" && c.name != "count" {
					continue
				}
				meets := func(n int) bool { return f.meets(t, c, kind, n, before, after, answers) }
				n := 1 + (i+first)%stride
				if !meets(n) { // there are fewer
					n = 1
					require.True(t, meets(n), "%s: no request met the fault", c.name)
				}
				for n += stride; meets(n); n += stride {
				}
			}
		})
	}
}

// saves are the calls that find out what became of them where the connection was lost within the commit.
var saves = map[string]bool{"open": true, "act": true, "open other": true, "batch": true, "two kinds": true}

// meets lets the n-th request of a call meet a fault, and tells whether there was one.
func (f *field) meets(t *testing.T, c call, kind fault, n int, before string, after, answers map[string]string) bool {
	ctx, cancel := context.WithCancel(t.Context())
	if kind == refused { // for longer than the caller waits
		ctx, cancel = context.WithTimeout(t.Context(), 50*time.Millisecond)
	}
	defer cancel()
	f.line.arm(kind, n, cancel)
	answer, err := c.make(ctx, f.opened)
	met := f.line.disarm()
	where := fmt.Sprintf("%s: request %d is %s: %v", c.name, n, kind, err)
	left := f.dump()
	unknown := errors.Is(err, postgres.ErrUnknown)
	if err == nil {
		require.Equal(t, answers[c.name], f.answer(answer, err), where)
	} else {
		require.NoError(t, foreign(err), where)
		require.True(t, left == before || unknown, "%s: an error, and it is stored", where)
	}
	if left != before || err == nil {
		whole := []string{after[c.name]}
		for _, part := range c.parts {
			whole = append(whole, after[part])
		}
		require.Contains(t, whole, left, where)
	}
	switch {
	case kind == slow || kind == refused:
		if err != nil && !unknown && (ctx.Err() != nil || after[c.name] != before) { // a read may give up before its time
			require.ErrorIs(t, err, ctx.Err(), where)
		}
	case saves[c.name]:
		require.NoError(t, err, where)
	case after[c.name] != before:
		require.True(t, err == nil || unknown, where)
	}

	answer, err = c.make(t.Context(), f.opened)
	switch {
	case left == before:
		require.Equal(t, answers[c.name], f.answer(answer, err), "again after "+where)
		require.Equal(t, after[c.name], f.dump(), "again after "+where)
	case c.parts == nil:
		require.ErrorIs(t, again(c, err), itsm.ErrConflict, "again after "+where)
		require.Equal(t, after[c.name], f.dump(), "again after "+where)
	}
	if after[c.name] != before {
		f.restore()
	}
	return met
}
