// Costs runs the accounting of an IT department through a year, from the invoices of its suppliers to the bills of its six
// customers, and prints what the head of the department wants to read: where the costs come from, what pools and services
// cost and what of it is idle, the bills, unit costs, budgets against what was spent, and the trial balance.
//
//	go run ./examples/costs                      # the report
//	go run ./examples/costs -seed 7              # another year
//	go run ./examples/costs -sankey costs.html   # and a page with the flows of all costs
//	go run ./examples/costs -line JE0000131/1    # follow this line of an entry to the bills
//	go run ./examples/costs -customer Shops      # follow the bills of this customer back to the lines
//	go run ./examples/costs -json                # for machines
//
// Each file is a step of the story, and shows how the packages of finance fit together:
//
//	year.go                  the steps in their order
//	company.go               what the department has: customers, services, pools of costs
//	books.go                 the chart of accounts and its months (finance)
//	suppliers.go, people.go  invoices, contracts, and salaries shared out by hours (finance.CostLine)
//	assets.go                what a month bears of what lasts for years (finance/depreciation)
//	cloud.go                 the provider's file in the format FOCUS 1.2 (finance/focus)
//	budgets.go               what was planned, what was spent, and who is told (finance/budget)
//	usage.go                 what costs are shared by: incidents (simulate), usage (finance/charging), what is installed
//	allocate.go              from pools to services to customers (finance/allocation)
//	bills.go                 the bills, and usage that comes late (finance/charging, finance/charging/invoice)
//	checks.go                what must agree; a difference is an error
//	traces.go, figures.go    where a line went, what a bill is made of, what a unit costs
//	report.go, text.go       the report, as values and as text
//
// All is invented but the proportions of the incidents, which are those of a real desk. The same seed gives the same report.
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
	"slices"

	"github.com/itsmkit/itsm/finance/allocation"
	"github.com/itsmkit/itsm/simulate"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	code := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}

// options are the flags.
type options struct {
	seed      uint64
	incidents int
	line      string
	customer  string
	sankey    string
	json      bool
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
	y := newYear(o)
	r, err := y.account(ctx)
	if err == nil {
		err = write(o, y, r, stdout)
	}
	if err != nil {
		_, _ = fmt.Fprintln(stderr, "costs:", err)
		return 1
	}
	return 0
}

func parse(args []string, stderr io.Writer) (options, error) {
	var o options
	f := flag.NewFlagSet("costs", flag.ContinueOnError)
	f.SetOutput(stderr)
	f.Uint64Var(&o.seed, "seed", 1, "which year; the same seed gives the same year")
	f.IntVar(&o.incidents, "incidents", 20_000, "how many incidents the service desk handles")
	f.StringVar(&o.line, "line", "", "the line of an entry that is followed to the bills; a line of an invoice if it is empty")
	f.StringVar(&o.customer, "customer", "Logistics", "the customer whose bills are followed to the lines")
	f.StringVar(&o.sankey, "sankey", "", "write a page with the flows of costs to this file: of all, or with -line those of one line")
	f.BoolVar(&o.json, "json", false, "write the report as JSON")
	if err := f.Parse(args); err != nil {
		return o, err
	}
	var wrong error
	switch {
	case f.NArg() > 0:
		wrong = fmt.Errorf("unexpected argument %q", f.Arg(0))
	case !slices.ContainsFunc(customers, func(c customer) bool { return c.name == o.customer }):
		wrong = fmt.Errorf("-customer is %q, want one of %v", o.customer, names())
	case o.incidents < 1 || o.incidents > simulate.MaxIncidents:
		wrong = fmt.Errorf("-incidents is %d, want 1 to %d", o.incidents, simulate.MaxIncidents)
	}
	if wrong != nil {
		_, _ = fmt.Fprintln(stderr, "costs:", wrong)
		f.Usage()
	}
	return o, wrong
}

func names() []string {
	var out []string
	for _, c := range customers {
		out = append(out, c.name)
	}
	return out
}

// write writes the report where the flags say.
func write(o options, y *year, r *Report, stdout io.Writer) error {
	if o.sankey != "" {
		var page bytes.Buffer
		if err := y.result.WriteSankey(&page, allocation.Sankey{Title: fmt.Sprintf("Costs of IT %d", theYear), Line: o.line}); err != nil {
			return err
		}
		if err := os.WriteFile(o.sankey, page.Bytes(), 0o644); err != nil {
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
