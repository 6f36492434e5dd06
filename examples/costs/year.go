package main

import (
	"bytes"
	"context"
	"encoding/binary"
	"math/rand/v2"
	"time"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/calendar"
	"github.com/itsmkit/itsm/finance"
	"github.com/itsmkit/itsm/finance/allocation"
	"github.com/itsmkit/itsm/finance/budget"
	"github.com/itsmkit/itsm/finance/charging"
	"github.com/itsmkit/itsm/finance/charging/invoice"
	"github.com/itsmkit/itsm/finance/focus"
	"github.com/itsmkit/itsm/simulate"
	"github.com/itsmkit/itsm/store/memory"
)

// year is the IT department's accounting of a year: everything is in one store.
type year struct {
	options options
	random  *rand.Rand
	store   *memory.Store
	policy  itsm.Policy
	now     time.Time // of the story
	ids     uint64

	ledger    *finance.Ledger
	chart     finance.Chart
	books     itsm.Ref // the chart
	month     finance.Period
	documents uint32 // of suppliers, so far

	budgets *itsm.Desk[budget.Budget]
	planned []budget.Budget
	alerts  []alert

	cloud     []focus.Bill // month by month
	incidents []simulate.Case
	usage     []charging.Usage
	metered   []charging.Line // what the usage is together

	lines  []finance.CostLine // of the year, out of the ledger
	model  allocation.Model
	result *allocation.Result // of all costs
	before *allocation.Result // before the late usage

	bills    *itsm.Desk[invoice.Invoice]
	invoices []invoice.Invoice // as issued
	refused  error             // what the ledger said to an entry in a closed month
}

func newYear(o options) *year {
	return &year{options: o, random: rand.New(rand.NewPCG(o.seed, theYear)), store: memory.New(), policy: itsm.AllowAll,
		now: midnight(date(time.January, 1))}
}

// clock tells the time of the story: the same seed gives the same records.
func (y *year) clock() time.Time { return y.now }

// newID numbers the IDs of one instant, so that records have the same order in each run.
func (y *year) newID(t time.Time) itsm.ID {
	id := itsm.NewID(t)
	y.ids++
	id[6], id[7] = 0x70, 0
	binary.BigEndian.PutUint64(id[8:], 1<<63|y.ids)
	return id
}

// account is the whole story: twelve months of costs, then bills, then usage that comes late.
func (y *year) account(ctx context.Context) (*Report, error) {
	ctx = itsm.WithActor(ctx, itsm.Actor{ID: "mia"})
	for _, step := range []func(context.Context) error{
		y.openBooks, y.openBudgets, y.measure, y.months, y.allocate, y.bill, y.closeMonth, y.late,
	} {
		if err := step(ctx); err != nil {
			return nil, err
		}
	}
	return y.report(ctx)
}

// measure gets what comes from elsewhere: the cloud bill, the incidents and the usage.
func (y *year) measure(context.Context) error {
	file, err := cloudFile(y.random)
	if err != nil {
		return err
	}
	if y.cloud, err = readCloud(bytes.NewReader(file)); err != nil {
		return err
	}
	y.incidents, err = simulate.Year(simulate.Options{Seed: y.options.seed, Incidents: y.options.incidents, Start: midnight(date(time.January, 1))})
	if err != nil {
		return err
	}
	y.usage = y.measuredFiles()
	return nil
}

// months posts what each month costs and compares it with the budgets. December stays open for the bills.
func (y *year) months(ctx context.Context) error {
	for m := time.January; m <= time.December; m++ {
		if m > time.January {
			if err := y.closeMonth(ctx); err != nil {
				return err
			}
		}
		if err := y.openMonth(ctx, monthEnd(m)); err != nil {
			return err
		}
		if m == time.January {
			if err := y.openAssets(ctx); err != nil {
				return err
			}
		}
		for _, post := range []func(context.Context, time.Month) error{
			y.purchases, y.suppliers, y.payroll, y.cloudBill, y.depreciation, y.spend,
		} {
			if err := post(ctx, m); err != nil {
				return err
			}
		}
	}
	return nil
}

// lastDay is the date of the bills, lateDay that of what came late, in the next year.
var (
	lastDay = date(time.December, 31)
	lateDay = calendar.Date{Year: theYear + 1, Month: time.January, Day: 14}
)
