// Servicedesk runs a year of a service desk through the incident desk of itsm on any of its stores, and reports
// what a service manager wants to read: volumes, backlog, times to resolve, reopenings, cases that went to and
// fro, the lifecycle with its real frequencies, how service levels were kept and what the worst misses were made of, the
// longest cases, and the whole history of one.
//
//	go run ./examples/servicedesk                          # a simulated year of 20,000 incidents
//	go run ./examples/servicedesk -log FILE.csv.gz         # a real ServiceNow audit log
//	go run ./examples/servicedesk -html desk.html          # a page with charts
//	go run ./examples/servicedesk -json                    # for machines
//	go run ./examples/servicedesk -store sqlite:desk.db    # kept in a file; the next run goes on with it
//	go run ./examples/servicedesk -store postgres://…      # kept in a database, likewise
//
// Clocks run under standard terms, or others:
//
//	-agreement FILE.json    the terms of this file, as examples/servicedesk/levels/standard.json
//	-whatif FILE.json       how the same history would have ended under these terms; again for more of them
//	-fit FILE.json          find the terms that explain the log's own verdicts (made_sla) and write them to this file
//	-zone Europe/Berlin     read the log's local times in this zone; working hours of the standard terms are in it
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"slices"
	"time"
	_ "time/tzdata" // zones do not depend on the machine

	"github.com/itsmkit/itsm/examples/servicedesk/progress"
	"github.com/itsmkit/itsm/examples/servicedesk/report"
	"github.com/itsmkit/itsm/examples/servicedesk/storage"
	"github.com/itsmkit/itsm/simulate"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	code := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}

// say tells the user something. Where that fails there is nobody to tell.
func say(stderr io.Writer, words ...any) { _, _ = fmt.Fprintln(stderr, words...) }

// options are the flags.
type options struct {
	incidents int
	seed      uint64
	log       string
	html      string
	json      bool
	refused   bool
	history   string
	agreement string
	whatIf    []string
	fit       string
	store     string
	zone      string
	location  *time.Location
}

// run is the program without the process: it returns the exit code, 0 for a report, 1 for an error, 2 for a
// wrong call. Nothing is written to stdout before the whole report is known.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	o, err := parse(args, stderr)
	if errors.Is(err, flag.ErrHelp) {
		return 0
	}
	if err != nil {
		return 2
	}
	r, err := work(ctx, o, stderr)
	if err == nil {
		err = write(o, r, stdout)
	}
	if err != nil {
		say(stderr, "servicedesk:", err)
		return 1
	}
	return 0
}

func parse(args []string, stderr io.Writer) (options, error) {
	var o options
	f := flag.NewFlagSet("servicedesk", flag.ContinueOnError)
	f.SetOutput(stderr)
	f.IntVar(&o.incidents, "incidents", 20_000, "simulate a year with so many incidents")
	f.Uint64Var(&o.seed, "seed", 1, "which year to simulate; the same seed gives the same year")
	f.StringVar(&o.log, "log", "", "run a ServiceNow audit log (.csv or .csv.gz) instead")
	f.StringVar(&o.html, "html", "", "write the report as a page with charts to this file")
	f.BoolVar(&o.json, "json", false, "write the report as JSON")
	f.BoolVar(&o.refused, "refused", false, "list each row of the log that the lifecycle refused")
	f.StringVar(&o.history, "history", "", "show the history of the case with this number")
	f.StringVar(&o.agreement, "agreement", "", "measure service levels by the terms in this JSON file")
	f.Func("whatif", "compare with the terms in this JSON file; may be given again", func(path string) error {
		o.whatIf = append(o.whatIf, path)
		return nil
	})
	f.StringVar(&o.fit, "fit", "", "write the terms that explain the log's made_sla best to this JSON file")
	f.StringVar(&o.store, "store", "memory", "where the desk is kept, "+storage.Names+"; an interrupted run goes on")
	f.StringVar(&o.zone, "zone", "UTC", "the zone of the log's local times, such as Europe/Berlin")
	f.Usage = func() {
		say(stderr, "usage: servicedesk [-incidents N] [-seed S] [-log FILE [-zone NAME] [-refused] [-fit FILE]]\n"+
			"                   [-agreement FILE] [-whatif FILE]... [-history NUMBER] [-store NAME] [-html FILE] [-json]")
		f.PrintDefaults()
	}
	if err := f.Parse(args); err != nil {
		return o, err
	}
	var wrong error
	given := map[string]bool{}
	f.Visit(func(f *flag.Flag) { given[f.Name] = true })
	switch {
	case f.NArg() > 0:
		wrong = fmt.Errorf("unexpected argument %q", f.Arg(0))
	case o.incidents < 1 || o.incidents > simulate.MaxIncidents:
		wrong = fmt.Errorf("-incidents is %d, want 1 to %d", o.incidents, simulate.MaxIncidents)
	case o.log != "" && (given["incidents"] || given["seed"]):
		wrong = errors.New("-log runs what happened: -incidents and -seed go with a simulated year")
	case o.log == "" && o.refused:
		wrong = errors.New("-refused goes with -log")
	case o.log == "" && given["zone"]:
		wrong = errors.New("-zone goes with -log: it is the zone of its local times")
	case o.log == "" && given["fit"]:
		wrong = errors.New("-fit goes with -log: it explains the verdicts of one")
	case !storage.Known(o.store):
		wrong = fmt.Errorf("-store is %q, want %s", storage.Shown(o.store), storage.Names)
	case o.log == "" && given["log"], o.html == "" && given["html"], o.agreement == "" && given["agreement"], o.fit == "" && given["fit"],
		slices.Contains(o.whatIf, ""):
		wrong = errors.New("the name of a file is empty")
	}
	if o.location, wrong = zone(o.zone, wrong); wrong != nil {
		say(stderr, "servicedesk:", wrong)
		f.Usage()
	}
	return o, wrong
}

// zone finds a zone, unless something else is wrong.
func zone(name string, wrong error) (*time.Location, error) {
	if wrong != nil {
		return nil, wrong
	}
	at, err := time.LoadLocation(name)
	if err != nil || name == "" || name == "Local" {
		return nil, fmt.Errorf("-zone is %q, want the name of an IANA zone such as UTC or Europe/Berlin", name)
	}
	return at, nil
}

// write writes the report where the flags say.
func write(o options, r *report.Report, stdout io.Writer) error {
	if o.html != "" {
		if err := writeFile(o.html, func(w io.Writer) error { return report.HTML(w, r) }); err != nil {
			return err
		}
	}
	switch {
	case o.json:
		return report.JSON(stdout, r)
	case o.html != "":
		_, err := fmt.Fprintf(stdout, "%s holds the report of %d cases.\n", o.html, r.Cases)
		return err
	}
	if f, ok := stdout.(*os.File); ok && progress.Terminal(f) {
		return report.ColourText(stdout, r)
	}
	return report.Text(stdout, r)
}
