// Impact builds a believable estate of 2,000 items, lets a switch fail, and tells what is hit and why: which services
// are down or at risk, on which paths, whom it concerns, what somebody would suspect who does not know, what must not
// fail, and what a second cable would change.
//
//	go run ./examples/impact                      # the report
//	go run ./examples/impact -html impact.html    # and a page with a picture
//	go run ./examples/impact -list                # the names of all items
//	go run ./examples/impact -fail fra-a-store    # let this one fail instead
//	go run ./examples/impact -seed 7 -items 5000  # another estate
//	go run ./examples/impact -json                # for machines
//
// Each file is a step of the story, and shows how package cmdb is used:
//
//	catalogue.go            the services, customers and suppliers of the company
//	rules.go                the classes, what their items need, how often they fail
//	blueprint*.go           the estate as a plan: power, racks, networks, services
//	estate.go               registered in a cmdb.Database, and its graph
//	analyse.go              the failure: states, paths, customers and agreements
//	diagnose.go             possible causes; single points of failure with and without a second cable
//	expect.go               expected availability, and a planned change
//	rely.go                 which services fall with a supplier (asset/supplier)
//	report.go, words.go     the report, as values and in words
//	tree.go, draw.go        the paths joined
//	text*.go, page*.go      the report as text, as a page
//	picture.go, layout.go   what is hit as SVG
//
// All is invented, the figures of failure and repair as well. The same seed gives the same report.
package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"

	"github.com/itsmkit/itsm"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	code := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}

// The sizes of an estate.
const (
	minItems = 200
	maxItems = 20_000
)

// options are the flags.
type options struct {
	seed  uint64
	items int
	fail  string
	list  bool
	html  string
	json  bool
}

// run is the program without the process: it returns the exit code, 0 for a report, 1 for an error, 2 for a wrong call.
// Nothing is written before the whole report is known.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	o, err := parse(args, stderr)
	if errors.Is(err, flag.ErrHelp) {
		return 0
	}
	if err != nil {
		return 2
	}
	if err := work(itsm.WithActor(ctx, itsm.Actor{ID: "mia"}), o, stdout); err != nil {
		_, _ = fmt.Fprintln(stderr, "impact:", err)
		return 1
	}
	return 0
}

func parse(args []string, stderr io.Writer) (options, error) {
	var o options
	f := flag.NewFlagSet("impact", flag.ContinueOnError)
	f.SetOutput(stderr)
	f.Uint64Var(&o.seed, "seed", 1, "which estate; the same seed gives the same one")
	f.IntVar(&o.items, "items", 2000, "how many items it has")
	f.StringVar(&o.fail, "fail", "", "the name of the item that fails; the distribution switch that does most harm if it is empty")
	f.BoolVar(&o.list, "list", false, "list the names of all items, and nothing else")
	f.StringVar(&o.html, "html", "", "write the report as a page with a picture to this file, too")
	f.BoolVar(&o.json, "json", false, "write the report as JSON")
	if err := f.Parse(args); err != nil {
		return o, err
	}
	given := map[string]bool{}
	f.Visit(func(f *flag.Flag) { given[f.Name] = true })
	var wrong error
	switch {
	case f.NArg() > 0:
		wrong = fmt.Errorf("unexpected argument %q", f.Arg(0))
	case o.items < minItems || o.items > maxItems:
		wrong = fmt.Errorf("-items is %d, want %d to %d", o.items, minItems, maxItems)
	case o.list && (given["fail"] || given["html"] || o.json):
		wrong = errors.New("-list goes with -seed and -items only")
	case given["html"] && o.html == "":
		wrong = errors.New("-html is empty, want the name of a file")
	case given["fail"] && o.fail == "":
		wrong = errors.New("-fail is empty, want the name of an item; -list lists them")
	}
	if wrong != nil {
		_, _ = fmt.Fprintln(stderr, "impact:", wrong)
		f.Usage()
	}
	return o, wrong
}

func work(ctx context.Context, o options, stdout io.Writer) error {
	if o.list {
		return list(stdout, draw(o.seed, o.items))
	}
	e, err := build(ctx, o.seed, o.items)
	if err != nil {
		return err
	}
	r, err := tell(ctx, e, o.fail)
	if err != nil {
		return err
	}
	r.Seed = o.seed
	return write(o, r, stdout)
}

// list writes the names of the items, each with its class and place.
func list(w io.Writer, b *blueprint) error {
	var out bytes.Buffer
	for _, t := range b.items {
		fmt.Fprintf(&out, "%-22s %-22s %s\n", t.name, classOf(t.class).one, t.place)
	}
	_, err := w.Write(trimmed(out.Bytes()))
	return err
}

// trimmed takes away the spaces at the ends of lines.
func trimmed(text []byte) []byte {
	var out bytes.Buffer
	for line := range bytes.Lines(text) {
		out.Write(bytes.TrimRight(line, " \n"))
		out.WriteByte('\n')
	}
	return out.Bytes()
}

// write writes the report where the flags say.
func write(o options, r *Report, stdout io.Writer) error {
	if o.html != "" {
		page, err := page(r)
		if err != nil {
			return err
		}
		if err := os.WriteFile(o.html, page, 0o644); err != nil {
			return err
		}
	}
	if o.json {
		out := json.NewEncoder(stdout)
		out.SetIndent("", "  ")
		return out.Encode(r)
	}
	return text(stdout, r)
}
