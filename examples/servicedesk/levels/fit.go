package levels

import (
	"context"
	"errors"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/examples/servicedesk/report"
	"github.com/itsmkit/itsm/incident"
	"github.com/itsmkit/itsm/sla"
)

// ErrNoVerdicts says that a log has no verdicts to fit terms to.
var ErrNoVerdicts = errors.New("no closed case has a made_sla on its last row: there is nothing to fit terms to")

// Fit finds the terms that explain a log's own verdicts on closed cases best, and tells how well they do: on all of them, and
// on the later half of them when it is fitted to the earlier half alone. The error may be [ErrNoVerdicts].
func (k *Kept) Fit(ctx context.Context) (Terms, *report.Fit, error) {
	met, err := k.settled(ctx)
	if err != nil {
		return Terms{}, nil, err
	}
	past, err := k.past(ctx)
	if err != nil {
		return Terms{}, nil, err
	}
	o := sla.FitOptions{Zone: k.zone.String(), Rivals: 3}
	cases, err := sla.FitCases(past, met, o)
	if err != nil {
		return Terms{}, nil, err
	}
	f, err := sla.Fit(ctx, cases, o)
	if err != nil {
		return Terms{}, nil, err
	}
	o.Holdout = true
	early, err := sla.Fit(ctx, cases, o)
	if err != nil {
		return Terms{}, nil, err
	}
	terms, err := compile(Terms{Name: "Fitted", Terms: f.Terms()})
	if err != nil {
		return Terms{}, nil, err
	}
	return terms, fitted(&f, early.Later), nil
}

// settled returns the log's verdicts on the cases that are closed, about which it will not change its mind.
func (k *Kept) settled(ctx context.Context) (map[itsm.Ref]bool, error) {
	met := map[itsm.Ref]bool{}
	for i, err := range k.book.Desk.All(ctx, itsm.Query[incident.Incident]{}) {
		if err != nil {
			return nil, err
		}
		if said := k.cases[i.ID].Said; said != nil && said.Judged && !i.ClosedAt.IsZero() {
			met[i.Ref(incident.Name)] = said.Met
		}
	}
	if len(met) == 0 {
		return nil, ErrNoVerdicts
	}
	return met, nil
}

// fitted writes a fit for the report.
func fitted(f *sla.Fitted, later sla.FitScore) *report.Fit {
	agreed := func(s sla.FitScore) report.Agreed { return report.NewAgreed(s.Cases, s.Agree) }
	out := &report.Fit{Hours: f.Hours, Start: f.Start, Stop: f.Stop, Pauses: f.Pauses, Closed: f.Closed, All: agreed(f.All),
		Later: agreed(later), Priorities: []report.FitAmount{}, Rivals: []report.Rival{}}
	for _, a := range f.ByPriority {
		out.Priorities = append(out.Priorities, report.FitAmount{Priority: a.Priority, Amount: working(a.Amount), Least: working(a.Least),
			Below: working(a.Below), Agreed: agreed(a.FitScore)})
	}
	for _, r := range f.Rivals {
		out.Rivals = append(out.Rivals, report.Rival{Hours: r.Hours, Start: r.Start, Stop: r.Stop, Pauses: r.Pauses, Errors: r.Errors})
	}
	return out
}
