package main

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/incident"
	"github.com/itsmkit/itsm/store/sqlite"
)

// server is the host: its database, and the desk in it.
type server struct {
	*http.ServeMux
	db    *sql.DB
	store *sqlite.Store
	desk  *itsm.Desk[incident.Incident]
}

// order is a row of the host's table. Incident and State are those of the incident about it, "" where there is none.
type order struct {
	Number   string `json:"number"`
	Customer string `json:"customer"`
	Item     string `json:"item"`
	Incident string `json:"incident,omitempty"`
	State    string `json:"state,omitempty"`
}

// ticket is what a screen of the shop shows of an incident.
type ticket struct {
	Number   string `json:"number"`
	Title    string `json:"title"`
	State    string `json:"state"`
	Priority string `json:"priority"`
	Assignee string `json:"assignee,omitempty"`
	Version  int64  `json:"version"`
}

func ticketOf(i incident.Incident) ticket {
	return ticket{i.Number, i.Title, string(i.State), string(i.Priority), i.Assignee, i.Version}
}

// newServer makes the host's table, and the store's beside it. newID makes the IDs of incidents; nil is itsm.NewID.
func newServer(ctx context.Context, db *sql.DB, newID func(time.Time) itsm.ID) (*server, error) {
	if _, err := db.ExecContext(ctx, `CREATE TABLE IF NOT EXISTS orders (number TEXT PRIMARY KEY, customer TEXT NOT NULL,
		item TEXT NOT NULL, incident TEXT NOT NULL DEFAULT '', state TEXT NOT NULL DEFAULT '')`); err != nil {
		return nil, err
	}
	store, err := sqlite.New(ctx, db, sqlite.Options{})
	if err != nil {
		return nil, err
	}
	s := &server{ServeMux: http.NewServeMux(), db: db, store: store}
	s.desk, err = itsm.NewDesk(incident.Kind(), itsm.Config[incident.Incident]{
		Repository: sqlite.For(store, incident.Kind()), Policy: policy{}, NewID: newID,
	})
	s.handle("POST /orders", s.placeOrder)
	s.handle("GET /orders", s.orders)
	s.handle("GET /incidents", s.incidents)
	s.handle("GET /incidents/{number}/actions", s.buttons)
	s.handle("POST /incidents/{number}/{action}", s.act)
	return s, err
}

// placeOrder stores an order and, where the customer has a problem with it already, the incident about it: both or none.
func (s *server) placeOrder(ctx context.Context, r *http.Request) (any, error) {
	var in struct {
		Number  string          `json:"number"`
		Item    string          `json:"item"`
		Problem json.RawMessage `json:"problem"` // the input of the action report
	}
	if err := read(r, &in); err != nil {
		return nil, err
	}
	if in.Number == "" || in.Item == "" {
		return nil, itsm.Invalid("number, item", "required")
	}
	actor, _ := itsm.ActorFrom(ctx)
	o := order{Number: in.Number, Customer: actor.ID, Item: in.Item}
	return &o, s.store.InTx(ctx, func(ctx context.Context) error {
		if len(in.Problem) > 0 {
			report, err := s.desk.Kind().Decode("report", in.Problem)
			if err != nil {
				return err
			}
			i, err := s.desk.Open(ctx, report)
			if err != nil {
				return err
			}
			o.Incident, o.State = i.Number, string(i.State)
		}
		result, err := s.store.Tx(ctx).ExecContext(ctx, `INSERT INTO orders (number, customer, item, incident, state)
			VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`, o.Number, o.Customer, o.Item, o.Incident, o.State)
		if err != nil {
			return err
		}
		n, err := result.RowsAffected()
		if err == nil && n == 0 { // the incident is not stored either
			err = fmt.Errorf("%w: there is an order %q already", itsm.ErrDuplicate, o.Number)
		}
		return err
	})
}

// orders lists the orders of the customer, or all of them for an agent.
func (s *server) orders(ctx context.Context, _ *http.Request) (any, error) {
	actor, _ := itsm.ActorFrom(ctx)
	rows, err := s.db.QueryContext(ctx, "SELECT number, customer, item, incident, state FROM orders WHERE ? OR customer = ? ORDER BY number",
		actor.Has(agent), actor.ID)
	if err != nil {
		return nil, err
	}
	defer rows.Close() //nolint:errcheck // it was only read
	list := []order{}
	for rows.Next() {
		var o order
		if err := rows.Scan(&o.Number, &o.Customer, &o.Item, &o.Incident, &o.State); err != nil {
			return nil, err
		}
		list = append(list, o)
	}
	return list, rows.Err()
}

// incidents lists what the actor may see, page by page.
func (s *server) incidents(ctx context.Context, r *http.Request) (any, error) {
	page, err := s.desk.Find(ctx, itsm.Query[incident.Incident]{}, itsm.PageRequest{Cursor: r.URL.Query().Get("cursor")})
	if err != nil {
		return nil, err
	}
	out := itsm.Page[ticket]{Items: []ticket{}, Next: page.Next}
	for _, i := range page.Items {
		out.Items = append(out.Items, ticketOf(i))
	}
	return out, nil
}

// buttons tells which actions are possible now, and why the others are not; ?only=resolve,close narrows it.
func (s *server) buttons(ctx context.Context, r *http.Request) (any, error) {
	i, err := s.desk.Numbered(ctx, r.PathValue("number"))
	if err != nil {
		return nil, err
	}
	options, err := s.desk.Options(ctx, i)
	only := r.URL.Query().Get("only")
	if err != nil || only == "" {
		return options, err
	}
	list := []itsm.Option{}
	for _, o := range options {
		if strings.Contains(","+only+",", ","+o.Action+",") {
			list = append(list, o)
		}
	}
	return list, nil
}

// act does an action, whose input is the body, and keeps the state of the order in step with it. If-Match names the version
// that the client saw; Idempotency-Key makes it safe to ask again.
func (s *server) act(ctx context.Context, r *http.Request) (any, error) {
	input, err := body(r)
	if err != nil {
		return nil, err
	}
	action, err := s.desk.Kind().Decode(r.PathValue("action"), input)
	if err != nil {
		return nil, err
	}
	var options []itsm.DoOption
	if seen := r.Header.Get("If-Match"); seen != "" {
		version, err := strconv.ParseInt(seen, 10, 64)
		if err != nil {
			return nil, itsm.Invalid("if_match", "format", "want", "a version")
		}
		options = append(options, itsm.IfVersion(version))
	}
	if key := r.Header.Get("Idempotency-Key"); key != "" {
		options = append(options, itsm.IdempotencyKey(key))
	}
	var out ticket
	return &out, s.store.InTx(ctx, func(ctx context.Context) error {
		i, err := s.desk.Numbered(ctx, r.PathValue("number"))
		if err != nil {
			return err
		}
		if i, err = s.desk.Do(ctx, i.ID, action, options...); err != nil {
			return err
		}
		out = ticketOf(i)
		_, err = s.store.Tx(ctx).ExecContext(ctx, "UPDATE orders SET state = ? WHERE incident = ?", out.State, out.Number)
		return err
	})
}
