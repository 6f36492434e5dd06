package main

import (
	"bytes"
	"context"
	"database/sql"
	"flag"
	"fmt"
	"io"
	"log"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/incident"
)

var update = flag.Bool("update", false, "write the golden file anew")

// The golden file was read by people.
func TestDemo(t *testing.T) {
	var out bytes.Buffer
	require.NoError(t, run(context.Background(), []string{"-demo"}, &out))
	path := filepath.Join("testdata", "output.txt")
	if *update {
		require.NoError(t, os.WriteFile(path, out.Bytes(), 0o644))
	}
	want, err := os.ReadFile(path)
	require.NoError(t, err)
	require.Equal(t, string(want), out.String())
}

// shop is a server under test.
type shop struct {
	*server
	t  *testing.T
	db *sql.DB
	at string
}

func openShop(t *testing.T) *shop {
	db, err := open(filepath.Join(t.TempDir(), "shop.db"))
	require.NoError(t, err)
	s, err := newServer(context.Background(), db, nil)
	require.NoError(t, err)
	web := httptest.NewServer(s)
	t.Cleanup(func() {
		web.Close()
		require.NoError(t, db.Close())
	})
	return &shop{s, t, db, web.URL}
}

func (s *shop) ask(who, method, path, body string, header ...string) (int, string) {
	s.t.Helper()
	q := request{who: who, method: method, path: path, body: body}
	copy(q.header[:], header)
	status, answer, err := q.ask(context.Background(), s.at)
	require.NoError(s.t, err)
	return status, answer
}

// have counts what is stored: orders, incidents, and events.
func (s *shop) have() (n [3]int) {
	s.t.Helper()
	require.NoError(s.t, s.db.QueryRow("SELECT count(*) FROM orders").Scan(&n[0]))
	ctx := itsm.System(context.Background(), "")
	counts, err := s.desk.Count(ctx, itsm.Query[incident.Incident]{})
	require.NoError(s.t, err)
	n[1] = int(counts.Total)
	events, _, err := s.store.Since(ctx, "", itsm.MaxPage)
	require.NoError(s.t, err)
	n[2] = len(events)
	return n
}

const problem = `"problem": {"title": "Parcel was empty", "impact": "low", "urgency": "high"}`

// What fails leaves neither a row nor an incident, whichever of the two is the one that fails.
func TestFailingTransactions(t *testing.T) {
	log.SetOutput(io.Discard)
	defer log.SetOutput(os.Stderr)
	s := openShop(t)
	status, answer := s.ask("cleo", "POST", "/orders", `{"number": "A-1", "item": "Desk", `+problem+`}`)
	require.Equal(t, 200, status, answer)
	before := s.have()
	require.Equal(t, [3]int{1, 1, 1}, before)

	status, answer = s.ask("cleo", "POST", "/orders", `{"number": "A-1", "item": "Desk", `+problem+`}`)
	require.Equal(t, 409, status, answer)
	require.Equal(t, before, s.have(), "the row fails behind the incident")

	status, answer = s.ask("cleo", "POST", "/orders", `{"number": "A-2", "item": "Desk", "problem": {"title": "Empty", "impact": "low"}}`)
	require.Equal(t, 422, status)
	require.Contains(t, answer, `"problems":[{"path":"urgency","code":"required"}]`)
	require.Equal(t, before, s.have(), "the incident fails before the row")

	_, err := s.db.Exec(`CREATE TRIGGER full BEFORE INSERT ON orders BEGIN SELECT RAISE(ABORT, 'the store room is full'); END;
		CREATE TRIGGER shut BEFORE UPDATE ON orders BEGIN SELECT RAISE(ABORT, 'the store room is shut'); END`)
	require.NoError(t, err)
	status, answer = s.ask("cleo", "POST", "/orders", `{"number": "A-2", "item": "Desk", `+problem+`}`)
	require.Equal(t, 500, status)
	require.JSONEq(t, `{"code": "internal", "message": "internal error"}`, answer, "what the database says is not for the client")
	require.Equal(t, before, s.have())
	status, _ = s.ask("ann", "POST", "/incidents/INC0000001/start", "")
	require.Equal(t, 500, status)
	require.Equal(t, before, s.have(), "an action is undone with the row that cannot follow it")
	_, answer = s.ask("ann", "GET", "/incidents", "")
	require.Contains(t, answer, `"state":"new"`)

	_, err = s.db.Exec("DROP TRIGGER full; DROP TRIGGER shut")
	require.NoError(t, err)
	status, answer = s.ask("cleo", "POST", "/orders", `{"number": "A-2", "item": "Desk", `+problem+`}`)
	require.Equal(t, 200, status, answer)
	require.Contains(t, answer, `"incident":"INC0000002"`, "the numbers that were drawn are given back too")
}

func TestManyCustomersAtOnce(t *testing.T) {
	s := openShop(t)
	var all sync.WaitGroup
	answers := make([]string, 24)
	for n := range answers {
		all.Go(func() { // each number is wanted twice
			q := request{who: "cleo", method: "POST", path: "/orders", body: fmt.Sprintf(`{"number": "A-%d", "item": "Desk", %s}`, n/2, problem)}
			status, _, err := q.ask(context.Background(), s.at)
			answers[n] = fmt.Sprint(status, err)
		})
	}
	all.Wait()
	won := 0
	for n := 0; n < len(answers); n += 2 {
		require.ElementsMatch(t, []string{"200 <nil>", "409 <nil>"}, answers[n:n+2])
		won++
	}
	require.Equal(t, [3]int{won, won, won}, s.have())
}

func TestWrongRequests(t *testing.T) {
	s := openShop(t)
	for _, tt := range []struct {
		who, method, path, body string
		header                  []string
		status                  int
		answer                  string
	}{
		{"", "GET", "/incidents", "", nil, 401, `"code":"unauthorized"`},
		{"cleo", "POST", "/orders", `{"number": 1}`, nil, 422, `"path":"body","code":"json"`},
		{"cleo", "POST", "/orders", `{"number": "A-1", "price": 1}`, nil, 422, `unknown field`},
		{"cleo", "POST", "/orders", `{"number": "A-1"}`, nil, 422, `"path":"number, item","code":"required"`},
		{"cleo", "POST", "/orders", strings.Repeat(" ", 1<<20+1), nil, 422, `"path":"body","code":"too_long","params":{"max":"1048576"}`},
		{"ann", "POST", "/incidents/INC0000001/start", "", nil, 404, `"code":"not_found"`},
		{"ann", "POST", "/incidents/INC0000001/stroke", "", nil, 422, `stroke`},
		{"ann", "POST", "/incidents/INC0000001/start", "", []string{"If-Match", "x"}, 422, `"path":"if_match"`},
		{"ann", "GET", "/incidents?cursor=x", "", nil, 422, `"path":"cursor"`},
	} {
		status, answer := s.ask(tt.who, tt.method, tt.path, tt.body, tt.header...)
		require.Equal(t, tt.status, status, "%s %s: %s", tt.method, tt.path, answer)
		require.Contains(t, answer, tt.answer, "%s %s", tt.method, tt.path)
	}
	require.Equal(t, [3]int{}, s.have())
	require.Error(t, run(context.Background(), []string{"-db", t.TempDir()}, io.Discard), "a folder is no database")
}
