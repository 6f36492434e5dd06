// Embed is a host in small: a shop with a table of its own, orders, and an incident desk in the same SQLite database. An
// order and the incident about it are committed in one transaction, or neither is.
//
//	go run ./examples/embed -db shop.db     # serves on http://localhost:8080
//	go run ./examples/embed -demo           # asks itself on a free port, and prints what was said
//
// server.go is the host: its routes and transactions. http.go writes answers and errors as JSON; login.go says who asks, and
// what they may do.
package main

import (
	"context"
	"database/sql"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/signal"
	"path/filepath"
	"time"

	"github.com/itsmkit/itsm"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	err := run(ctx, os.Args[1:], os.Stdout)
	stop()
	if err != nil && !errors.Is(err, flag.ErrHelp) {
		fmt.Fprintln(os.Stderr, "embed:", err)
		os.Exit(1)
	}
}

// run is the program without the process.
func run(ctx context.Context, args []string, stdout io.Writer) error {
	f := flag.NewFlagSet("embed", flag.ContinueOnError)
	path := f.String("db", "shop.db", "the SQLite database")
	address := f.String("addr", "localhost:8080", "where to listen")
	demo := f.Bool("demo", false, "ask a server with a new database, and print what was said")
	if err := f.Parse(args); err != nil {
		return err
	}
	if *demo {
		return demonstrate(ctx, stdout)
	}
	return serve(ctx, *path, *address, nil, func(at string) error {
		_, err := fmt.Fprintln(stdout, "serving on", at)
		<-ctx.Done()
		return err
	})
}

// demonstrate runs the demo on a database that is removed afterwards.
func demonstrate(ctx context.Context, stdout io.Writer) (err error) {
	dir, err := os.MkdirTemp("", "embed")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	n := byte(0)
	newID := func(time.Time) itsm.ID { n++; return itsm.ID{6: 0x70, 8: 0x80, 15: n} } // what is printed must repeat itself
	return serve(ctx, filepath.Join(dir, "shop.db"), "localhost:0", newID, func(at string) error { return talk(ctx, at, stdout) })
}

// serve serves the shop of a database until during, which is told the address, returns.
func serve(ctx context.Context, path, address string, newID func(time.Time) itsm.ID, during func(at string) error) (err error) {
	db, err := open(path)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	shop, err := newServer(ctx, db, newID)
	if err != nil {
		return err
	}
	listener, err := net.Listen("tcp", address)
	if err != nil {
		return err
	}
	server := &http.Server{Handler: shop, ReadHeaderTimeout: 5 * time.Second}
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(listener) }()
	err = during("http://" + listener.Addr().String())
	last, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
	defer cancel()
	err = errors.Join(err, server.Shutdown(last))
	if gone := <-failed; !errors.Is(gone, http.ErrServerClosed) {
		err = errors.Join(err, gone)
	}
	return err
}

// open opens the host's database, with the settings that a store in it wants.
func open(path string) (*sql.DB, error) {
	return sql.Open("sqlite", "file:"+(&url.URL{Path: path}).EscapedPath()+"?_pragma=busy_timeout(5000)&_pragma=journal_mode(WAL)")
}
