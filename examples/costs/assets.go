package main

import (
	"context"
	"fmt"
	"time"

	"github.com/itsmkit/itsm/calendar"
	"github.com/itsmkit/itsm/finance"
	"github.com/itsmkit/itsm/finance/depreciation"
	"github.com/itsmkit/itsm/money"
)

// assets are what the department owns, written off month by month. The servers are bought in the year.
func assets() []asset {
	plan := func(method depreciation.Method, cost, salvage int64, start calendar.Date, months int) depreciation.Plan {
		end := time.Date(start.Year, start.Month+1, 0, 0, 0, 0, 0, time.UTC)
		return depreciation.Plan{Method: method, Cost: eur(cost), Salvage: eur(salvage), Periods: months, PeriodMonths: 1,
			Start: start, FirstEnd: calendar.DateOf(end), Rounding: money.HalfUp}
	}
	straight, declining, digits := depreciation.StraightLine, depreciation.DoubleDeclining, depreciation.SumOfYears
	return []asset{
		{name: "Old servers", centre: "C30", plan: plan(straight, 480_000, 0, calendar.Date{Year: 2021, Month: time.June, Day: 1}, 48)},
		{name: "New servers", centre: "C30", bought: time.April, plan: plan(declining, 540_000, 20_000, date(time.April, 1), 48)},
		{name: "Disk arrays", centre: "C40", plan: plan(straight, 690_000, 15_000, calendar.Date{Year: 2023, Month: time.March, Day: 1}, 60)},
		{name: "Core switches", centre: "C50", plan: plan(digits, 310_000, 0, calendar.Date{Year: 2022, Month: time.October, Day: 1}, 72)},
		{name: "Notebooks", service: "Workplace", plan: plan(straight, 1_150_000, 60_000, calendar.Date{Year: 2024, Month: time.February, Day: 1}, 36)},
		{name: "Workstations", service: "Design", plan: plan(declining, 264_000, 0, calendar.Date{Year: 2023, Month: time.July, Day: 1}, 36)},
	}
}

type asset struct {
	name            string
	centre, service string
	bought          time.Month // in the year; 0 is earlier
	plan            depreciation.Plan
}

// openAssets posts what was owned at the beginning: at cost, and what was written off before.
func (y *year) openAssets(ctx context.Context) error {
	for i, a := range assets() {
		if a.bought != 0 {
			continue
		}
		charges, err := a.plan.Charges()
		if err != nil {
			return err
		}
		var before []money.Amount
		for _, c := range charges {
			if c.Until.Year < theYear {
				before = append(before, c.Amount)
			}
		}
		gone, err := money.Sum(money.EUR, before)
		if err != nil {
			return err
		}
		left, err := a.plan.Cost.Sub(gone)
		if err != nil {
			return err
		}
		y.now = midnight(date(time.January, 1))
		_, err = y.ledger.Post(ctx, finance.Post{Chart: y.books, Date: date(time.January, 1), Text: "Opening: " + a.name, Cause: documentRef("asset", uint32(i+1)),
			Postings: []finance.Posting{finance.Debit(equipment, a.plan.Cost), finance.Credit(writtenOff, gone), finance.Credit(capital, left)}})
		if err != nil {
			return err
		}
	}
	return nil
}

// purchases posts what is bought in a month: it is no cost of the month but an asset.
func (y *year) purchases(ctx context.Context, m time.Month) error {
	for _, a := range assets() {
		if a.bought != m {
			continue
		}
		if err := y.invoice(ctx, date(m, 1), placed(y.line(equipment, m, a.plan.Cost), a.centre, a.service), "Ironrack, "+a.name); err != nil {
			return err
		}
	}
	return nil
}

// depreciation posts what a month bears of the equipment.
func (y *year) depreciation(ctx context.Context, m time.Month) error {
	var lines []finance.CostLine
	for i, a := range assets() {
		charges, err := a.plan.Charges()
		if err != nil {
			return err
		}
		for _, c := range charges {
			if c.Until != monthEnd(m) {
				continue
			}
			l := placed(y.line(depreciated, m, c.Amount), a.centre, a.service)
			l.ID, l.Text, l.Origin, l.Cause = a.name, "Depreciation of "+a.name, finance.FromDepreciation, documentRef("asset", uint32(i+1))
			lines = append(lines, l)
		}
	}
	return y.post(ctx, fmt.Sprintf("DEP-%04d-%02d", theYear, m), monthEnd(m), writtenOff, lines...)
}
