package levels

import (
	"cmp"
	"context"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"time"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/examples/servicedesk/report"
	"github.com/itsmkit/itsm/sla"
)

// examples is how many cases that would do better, and as many that would do worse, are shown.
const examples = 3

// WhatIf replays the history of all cases under other terms, on all cores, and compares it with the terms in use.
func (k *Kept) WhatIf(ctx context.Context, others []Terms) ([]report.Alternative, error) {
	past, err := k.past(ctx)
	if err != nil {
		return nil, err
	}
	past = past.Until(k.now)
	all := []sla.Alternative{{Name: k.terms.Name, Rules: k.terms.rules}}
	for _, t := range others {
		all = append(all, sla.Alternative{Name: t.Name, Rules: t.rules})
	}
	outcomes, err := sla.WhatIf(ctx, past, all, runtime.GOMAXPROCS(0))
	if err != nil {
		return nil, err
	}
	base := &outcomes[0]
	was := judged(base)
	out := []report.Alternative{}
	for i := range others {
		a, err := k.compare(base, &outcomes[i+1], was, &others[i])
		if err != nil {
			return nil, err
		}
		out = append(out, a)
	}
	return out, nil
}

// judged returns the verdicts of an outcome.
func judged(o *sla.Outcome) verdicts {
	v := verdicts{}
	for x := range o.Verdicts() {
		v.judge(x.Of.ID, x.Type, x.State, !x.BreachedAt.IsZero())
	}
	return v
}

// compare tells what an alternative changes.
func (k *Kept) compare(base, other *sla.Outcome, was verdicts, t *Terms) (report.Alternative, error) {
	a := report.Alternative{Name: t.Name, Promises: []report.Promise{}, Examples: []report.Example{}}
	for _, named := range promises(t) {
		p := named.Promise
		p.Agreement, p.Goal = "", 0 // an outcome counts the clocks of all agreements
		if slices.ContainsFunc(a.Promises, func(x report.Promise) bool { return x.Type == p.Type && x.Target == p.Target }) {
			continue
		}
		for _, x := range other.Targets {
			if string(x.Type) == p.Type && x.Target == p.Target {
				p.Kept = report.NewKept(x.Met, x.Missed, 0, x.Pending)
			}
		}
		a.Promises = append(a.Promises, p)
	}
	is := judged(other)
	differs := map[itsm.ID][]sla.Difference{}
	for _, d := range sla.Compare(base, other) {
		if d.Type == sla.SLA {
			differs[d.Of.ID] = append(differs[d.Of.ID], d)
		}
	}
	for _, c := range k.book.Cases {
		before, now := was.of(c.ID), is.of(c.ID)
		if before != "" || now != "" {
			a.Judged++
		}
		count := &a.Other
		switch {
		case before == now:
			continue
		case before == string(sla.Missed) && now == string(sla.Met):
			count = &a.Better
		case before == string(sla.Met) && now == string(sla.Missed):
			count = &a.Worse
		}
		if *count++; *count <= examples {
			e, err := k.example(before, now, differs[c.ID], base, other)
			if err != nil {
				return a, err
			}
			a.Examples = append(a.Examples, e)
		}
	}
	slices.SortStableFunc(a.Examples, func(a, b report.Example) int { return cmp.Or(cmp.Compare(b.Is, a.Is), cmp.Compare(b.Was, a.Was)) })
	return a, nil
}

// example tells why the verdict of a case changes: by the clocks that were missed on the side that missed it.
func (k *Kept) example(was, is string, differs []sla.Difference, base, other *sla.Outcome) (report.Example, error) {
	e := report.Example{Was: was, Is: is}
	missed := func(v *sla.Verdict) bool { return v != nil && v.Result() == sla.Missed }
	var why []string
	for _, d := range differs {
		e.Number = d.Number
		if was == string(sla.Missed) && !missed(d.Base) || is == string(sla.Missed) && !missed(d.Other) {
			continue // it would not have changed the verdict
		}
		text, err := k.because(d, base, other)
		if err != nil {
			return e, err
		}
		why = append(why, text)
	}
	e.Why = strings.Join(why, "; ")
	return e, nil
}

// because tells what makes a clock differ.
func (k *Kept) because(d sla.Difference, base, other *sla.Outcome) (string, error) {
	side := func(v *sla.Verdict) string { return fmt.Sprintf("%s of %s", working(v.Elapsed), working(v.Amount)) }
	switch {
	case d.Other == nil:
		return fmt.Sprintf("%s, %s, is not promised", d.Target, side(d.Base)), nil
	case d.Base == nil:
		return fmt.Sprintf("%s is promised, and took %s", d.Target, side(d.Other)), nil
	}
	text := fmt.Sprintf("%s took %s instead of %s", d.Target, side(d.Other), side(d.Base))
	if d.Base.Elapsed == d.Other.Elapsed {
		return text, nil
	}
	was, err := base.Explain(*d.Base)
	if err != nil {
		return "", err
	}
	is, err := other.Explain(*d.Other)
	if err != nil {
		return "", err
	}
	return text + ": " + strings.Join(k.apart(was, is), ", "), nil
}

// apart tells in what two accounts of a record differ.
func (k *Kept) apart(was, is sla.Account) []string {
	var out []string
	from, to := ends(was)
	from2, to2 := ends(is)
	if !from.Equal(from2) {
		out = append(out, "from "+k.at(from2)+" instead of "+k.at(from))
	}
	if !to.Equal(to2) {
		out = append(out, "until "+k.at(to2)+" instead of "+k.at(to))
	}
	if a, b := waited(was), waited(is); a != b {
		switch {
		case b == 0:
			out = append(out, "without "+report.HoursOf(a).String()+" of waiting")
		case a == 0:
			out = append(out, "with "+report.HoursOf(b).String()+" of waiting")
		default:
			out = append(out, fmt.Sprintf("waiting %s instead of %s", report.HoursOf(b), report.HoursOf(a)))
		}
	}
	if len(out) == 0 {
		out = append(out, "in other working hours")
	}
	return out
}

// ends returns where an account begins and ends.
func ends(a sla.Account) (from, to time.Time) {
	if len(a.Lines) == 0 {
		return
	}
	return a.Lines[0].From, a.Lines[len(a.Lines)-1].To
}

// waited returns the time on the wall for which the clock of an account waited.
func waited(a sla.Account) time.Duration {
	var sum time.Duration
	for _, l := range a.Lines {
		if l.Why == sla.BecauseWaiting {
			sum += l.To.Sub(l.From)
		}
	}
	return sum
}

func (k *Kept) at(t time.Time) string {
	if t.IsZero() {
		return "nothing"
	}
	return t.In(k.zone).Format("2006-01-02 15:04")
}
