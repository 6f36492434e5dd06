package sla

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/calendar"
)

// faults collects what is wrong with an agreement, in one pass.
type faults struct {
	at   string // the path of the place that is checked
	list []itsm.Problem
}

func (f *faults) add(path, code string, params ...string) {
	p := itsm.Problem{Path: f.at + path, Code: code}
	for i := 0; i+1 < len(params); i += 2 {
		if p.Params == nil {
			p.Params = map[string]string{}
		}
		p.Params[params[i]] = params[i+1]
	}
	f.list = append(f.list, p)
}

func (f *faults) check(ok bool, path, code string, params ...string) {
	if !ok {
		f.add(path, code, params...)
	}
}

// within checks one element of a list.
func (f *faults) within(list string, i int, check func()) {
	was := f.at
	f.at += list + "[" + strconv.Itoa(i) + "]."
	check()
	f.at = was
}

// err returns the problems as an error, nil for none.
func (f *faults) err() error {
	if len(f.list) == 0 {
		return nil
	}
	return &itsm.ValidationError{Kind: AgreementName, Problems: f.list}
}

// problems returns what is wrong with the terms of an agreement, by itself.
func (a *Agreement) problems() *faults {
	f := &faults{}
	f.check(a.Kind != "", "kind", "required")
	f.check(a.Type != "", "type", "required")
	f.check(a.Edition >= 0, "edition", "range", "min", "0")
	f.check(a.Supplier.IsZero() || a.Type == UC, "supplier", "only_with", "type", string(UC))
	f.check(a.ValidUntil.IsZero() || a.ValidUntil.After(a.ValidFrom) || a.EndedFor != "" && a.ValidUntil.Equal(a.ValidFrom),
		"valid_until", "not_after_valid_from")
	a.checkCalendars(f)
	f.check(len(a.Targets) > 0, "targets", "required")
	for i := range a.Targets {
		f.within("targets", i, func() {
			t := &a.Targets[i]
			f.check(!slices.ContainsFunc(a.Targets[:i], func(o Target) bool { return o.Name == t.Name }), "name", "twice", "value", t.Name)
			a.checkTarget(t, f)
		})
	}
	a.checkCredits(f)
	return f
}

// record adds what a stored agreement needs beside its terms.
func (f *faults) record(a *Agreement) {
	f.check(strings.TrimSpace(a.Title) != "", "title", "required")
	f.check(a.Type != UC || !a.Supplier.IsZero(), "supplier", "required")
}

// choices adds the enumerations, which a kind checks by itself.
func (a *Agreement) choices(f *faults) {
	one := func(path, value string, of []string) {
		f.check(value == "" || slices.Contains(of, value), path, "choice", "value", clip(value), "allowed", strings.Join(of, ", "))
	}
	one("type", string(a.Type), a.Type.Choices())
	one("transition", string(a.Transition), a.Transition.Choices())
	one("period", string(a.Period), a.Period.Choices())
	for i := range a.Targets {
		f.within("targets", i, func() {
			t := &a.Targets[i]
			one("change", string(t.Change), t.Change.Choices())
			one("reopening", string(t.Reopening), t.Reopening.Choices())
			for n, x := range t.Thresholds {
				for k, e := range x.Do {
					one(fmt.Sprintf("thresholds[%d].do[%d].do", n, k), string(e.Do), e.Do.Choices())
				}
			}
		})
	}
}

func (a *Agreement) checkCalendars(f *faults) {
	f.check(len(a.Calendars) > 0, "calendars", "required")
	for i, c := range a.Calendars {
		f.within("calendars", i, func() {
			f.check(c.Name != "", "name", "required")
			d, err := c.Hours.Definition()
			if err != nil {
				f.add("hours", "required")
				return
			}
			if _, err := calendar.New(d); err != nil {
				f.add("hours", "calendar", "error", err.Error())
			}
		})
	}
	if len(f.list) == 0 {
		if _, err := compileHours(a.Calendars); err != nil {
			f.add("calendars", "calendar", "error", err.Error())
		}
	}
}

// compileHours makes one calendar of all versions of a name.
func compileHours(list []Calendar) (map[string]*calendar.Calendar, error) {
	versions := map[string][]calendar.Version{}
	for _, c := range list {
		compiled, err := c.Hours.compile()
		if err != nil {
			return nil, fmt.Errorf("%s: %w", c.Name, err)
		}
		versions[c.Name] = append(versions[c.Name], calendar.Version{From: c.From, Calendar: compiled})
	}
	out := map[string]*calendar.Calendar{}
	var problems []error
	for _, name := range slices.Sorted(maps.Keys(versions)) {
		if only := versions[name]; len(only) == 1 && only[0].From.IsZero() {
			out[name] = only[0].Calendar // which knows its definition, for explanations in its zone
			continue
		}
		slices.SortStableFunc(versions[name], func(a, b calendar.Version) int { return a.From.Compare(b.From) })
		all, err := calendar.Versions(versions[name]...)
		if err != nil {
			problems = append(problems, fmt.Errorf("%s: %w", name, err))
		}
		out[name] = all
	}
	return out, errors.Join(problems...)
}

func (a *Agreement) checkTarget(t *Target, f *faults) {
	f.check(t.Name != "", "name", "required")
	f.check(!strings.ContainsAny(t.Name, "/ "), "name", "format", "value", clip(t.Name), "want", "a word without '/' and spaces")
	f.check(!t.Start.IsZero(), "start", "required")
	f.check(!t.Stop.IsZero() || t.Each != "", "stop", "required")
	f.check(len(t.Amounts) > 0, "amounts", "required")
	for i, x := range t.Amounts {
		f.within("amounts", i, func() { x.check(f) })
	}
	for i, x := range t.Factors {
		f.within("factors", i, func() {
			f.check(!x.When.IsZero(), "when", "required")
			f.check(x.Percent >= 1 && x.Percent <= maxPercent, "percent", "range", "min", "1", "max", strconv.Itoa(maxPercent))
		})
	}
	for i, x := range t.Hours {
		f.within("hours", i, func() {
			known := slices.ContainsFunc(a.Calendars, func(c Calendar) bool { return c.Name == x.Calendar })
			f.check(known, "calendar", "unknown", "value", clip(x.Calendar))
		})
	}
	for i, x := range t.Thresholds {
		f.within("thresholds", i, func() {
			f.check(!slices.ContainsFunc(t.Thresholds[:i], func(o Threshold) bool { return o.Name == x.Name }), "name", "twice", "value", x.Name)
			x.check(f)
		})
	}
	f.check(t.FairShare >= 0 && t.FairShare <= 100, "fair_share", "range", "min", "0", "max", "100")
	f.check(t.FairShare == 0 || t.Within != "", "fair_share", "only_with", "field", "within")
	f.check(t.Within == "" || a.Type != SLA, "within", "operational_only")
}

func (x Amount) check(f *faults) {
	switch {
	case x.Working == 0 && x.Days == 0:
		f.add("working", "required", "want", "working time or days, more than none")
	case x.Working != 0 && x.Days != 0:
		f.add("days", "excludes", "field", "working")
	case x.Working < 0 || x.Working.Std() > maxAmount:
		f.add("working", "range", "value", x.Working.String(), "max", itsm.Duration(maxAmount).String())
	case x.Days < 0 || x.Days > maxDays:
		f.add("days", "range", "min", "1", "max", strconv.Itoa(maxDays))
	}
	if x.By == "" {
		return
	}
	f.check(x.Days != 0, "by", "only_with", "field", "days")
	if _, err := calendar.ParseTimeOfDay(x.By); err != nil {
		f.add("by", "format", "value", clip(x.By), "want", "a time of day such as 16:00")
	}
}

func (x Threshold) check(f *faults) {
	kinds := 0
	for _, given := range []bool{x.Percent != 0, x.Before != 0, x.After != 0} {
		if given {
			kinds++
		}
	}
	f.check(x.Name != "", "name", "required")
	f.check(kinds == 1 || kinds == 0 && x.Every != 0, "percent", "one_of", "want", "one of percent, before and after, or every alone")
	f.check(x.Percent >= 0 && x.Percent <= maxPercent, "percent", "range", "min", "1", "max", strconv.Itoa(maxPercent))
	for _, d := range []struct {
		path string
		itsm.Duration
	}{{"before", x.Before}, {"after", x.After}, {"every", x.Every}} {
		f.check(d.Duration >= 0 && d.Std() <= maxAmount, d.path, "range", "max", itsm.Duration(maxAmount).String())
	}
	f.check((x.Every != 0) == (x.Times != 0) && x.Times >= 0 && x.Times <= maxRepeat, "times", "range",
		"min", "1", "max", strconv.Itoa(maxRepeat), "want", "times with every")
}

func (a *Agreement) checkCredits(f *faults) {
	f.check(a.Goal >= 0 && a.Goal <= whole, "goal", "range", "min", "0", "max", strconv.Itoa(whole))
	f.check(a.Fee == (Agreement{}).Fee || a.Fee.Sign() >= 0, "fee", "negative")
	f.check(len(a.Credits) == 0 || a.Fee != (Agreement{}).Fee, "fee", "required", "want", "what credits are a share of")
	for i, c := range a.Credits {
		f.within("credits", i, func() {
			f.check(c.Below >= 1 && c.Below <= whole, "below", "range", "min", "1", "max", strconv.Itoa(whole))
			f.check(c.Share >= 1 && c.Share <= whole, "share", "range", "min", "1", "max", strconv.Itoa(whole))
			f.check(!slices.ContainsFunc(a.Credits[:i], func(o Credit) bool { return o.Below == c.Below }), "below", "twice")
		})
	}
}

// called names an agreement in messages.
func (a *Agreement) called() string {
	return cmp.Or(a.Number, a.Title, "without a title")
}

// pairs returns parameters as pairs of name and value.
func pairs(params map[string]string) []string {
	var out []string
	for _, name := range slices.Sorted(maps.Keys(params)) {
		out = append(out, name, params[name])
	}
	return out
}
