package main

import (
	"context"
	"fmt"
	"time"

	"github.com/itsmkit/itsm/finance"
	"github.com/itsmkit/itsm/money"
)

// teams are the people of the department. Those who work for several pools or services record their hours, and the salaries
// follow them.
var teams = []team{ // never written to
	{name: "Managers", monthly: 36_400, centre: "C10"},
	{name: "Service desk agents", monthly: 61_300, centre: "C60"},
	{name: "Engineers", monthly: 97_900, hours: []hours{
		{centre: "C30", about: 1150}, {centre: "C40", about: 480}, {centre: "C50", about: 900}}},
	{name: "Application experts", monthly: 83_700, hours: []hours{
		{service: "ERP", about: 820}, {service: "Retail systems", about: 430}, {service: "Plant systems", about: 410}, {service: "Design", about: 160}}},
}

type team struct {
	name    string
	monthly int64 // euros; twice in November
	centre  string
	hours   []hours
}

type hours struct {
	centre, service string
	about           int32 // a month
}

// payroll posts the salaries of a month, shared out by the hours of the month.
func (y *year) payroll(ctx context.Context, m time.Month) error {
	var lines []finance.CostLine
	for _, t := range teams {
		salary := eur(t.monthly)
		if m == time.November {
			salary = eur(2 * t.monthly)
		}
		l := placed(y.line(salaries, m, salary), t.centre, "")
		l.ID, l.Text, l.Origin = t.name, "Salaries of "+t.name, finance.FromPayroll
		l.Cause = documentRef("payroll", uint32(m))
		if len(t.hours) == 0 {
			lines = append(lines, l)
			continue
		}
		shares := make([]finance.Share, len(t.hours))
		for i, h := range t.hours {
			shares[i] = finance.Share{CostCentre: h.centre, Weight: money.Int(h.about - h.about/10 + y.random.Int32N(h.about/5))}
			if h.service != "" {
				shares[i].Service = serviceRef(h.service)
			}
		}
		parts, err := l.Split(shares...)
		if err != nil {
			return err
		}
		lines = append(lines, parts...)
	}
	return y.post(ctx, fmt.Sprintf("PAY-%04d-%02d", theYear, m), date(m, 28), salariesOwed, lines...)
}
