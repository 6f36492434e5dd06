package levels

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/examples/servicedesk/report"
	"github.com/itsmkit/itsm/sla"
)

// Report sums the clocks up: attainment, worst misses and escalations, and how often the verdicts agree with a log's own;
// nil where there are none of these.
func (k *Kept) Report(ctx context.Context) (*report.Levels, *report.Agreed, error) {
	verdicts, worst, crossed := verdicts{}, worst{}, crossings{}
	each := func(yield func(sla.Clock, error) bool) {
		for c, err := range k.Clocks.All(ctx, itsm.Query[sla.Clock]{}) {
			if err == nil {
				verdicts.add(&c)
				crossed.add(&c)
				err = worst.offer(&c, k.terms.rules, k.now)
			}
			if !yield(c, err) {
				return
			}
		}
	}
	rows, err := sla.Attain(each, sla.AttainOptions{Now: k.now, Zone: k.zone.String(),
		By: []sla.Dimension{sla.PerType, sla.PerAgreement, sla.PerTarget, sla.PerPriority}})
	if err != nil {
		return nil, nil, err
	}
	l := &report.Levels{Terms: k.terms.Name, Zone: k.zone.String(), WhatIf: []report.Alternative{}, Escalations: crossed.list(&k.terms)}
	l.Promises, l.Attainment = k.attained(rows)
	if l.Misses, err = k.misses(ctx, worst); err != nil {
		return nil, nil, err
	}
	return l, k.agreed(verdicts), nil
}

// attained writes the rows of attainment for the report, and adds them up for each promise.
func (k *Kept) attained(rows []sla.Attained) ([]report.Promise, []report.Attained) {
	promises, months := promises(&k.terms), []report.Attained{}
	for _, row := range rows {
		for i := range promises {
			p := &promises[i]
			if p.of != row.Agreement || p.Target != row.Target {
				continue
			}
			p.Kept = report.NewKept(p.Met+row.Met, p.Missed+row.Missed, p.Breached+row.Breached, p.Pending+row.Pending)
			months = append(months, report.Attained{Month: row.Period, Agreement: p.Agreement, Type: p.Type, Target: p.Target,
				Priority: row.Priority, Kept: report.NewKept(row.Met, row.Missed, row.Breached, row.Pending)})
		}
	}
	slices.SortStableFunc(months, func(a, b report.Attained) int {
		return cmp.Or(cmp.Compare(a.Month, b.Month), cmp.Compare(rank(a.Type), rank(b.Type)))
	})
	out := make([]report.Promise, len(promises))
	for i, p := range promises {
		out[i] = p.Promise
	}
	return out, months
}

// promise is a target of an agreement in use.
type promise struct {
	report.Promise
	of     itsm.Ref
	target *sla.Target
}

// promises lists the targets of terms, those of customers first.
func promises(t *Terms) []promise {
	var out []promise
	for i := range t.Agreements {
		a := &t.Agreements[i]
		for n := range a.Targets {
			x := &a.Targets[n]
			out = append(out, promise{of: a.Ref(sla.AgreementName), target: x, Promise: report.Promise{
				Agreement: cmp.Or(a.Title, fmt.Sprintf("Agreement %d", i+1)), Type: string(a.Type), Target: x.Name,
				Title: cmp.Or(x.Title, x.Name), Goal: report.ShareOf(a.Goal, 10_000)}})
		}
	}
	slices.SortStableFunc(out, func(a, b promise) int { return cmp.Compare(rank(a.Type), rank(b.Type)) })
	return out
}

// rank puts what customers were promised first.
func rank(agreementType string) int {
	return slices.Index([]string{string(sla.SLA), string(sla.OLA), string(sla.UC)}, agreementType)
}
