package sla

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/itsmkit/itsm"
)

// The codes of findings.
const (
	FindLonger     = "longer"      // one operational target has more time than the customer's
	FindSum        = "sum"         // those of the named groups and suppliers have more time together
	FindFewerHours = "fewer_hours" // an operational target counts fewer hours of a normal week
	FindEndsFirst  = "ends_first"  // an operational agreement ends before the customer's
	FindNoOLA      = "no_ola"      // a group that the customer's agreement names has none
)

// Support tells which operational targets among other agreements cannot keep what an agreement promises its customer.
//
// An operational target lies underneath a customer's one if both are about records of one kind that they may both cover,
// and if its Within names it, or, without Within, if both stop by the same condition. Amounts are compared as working
// time, case by case of the customer's conditions, at the worst: where it is not sure which amount of an operational
// target holds, its largest. Working days are those from the opening of a normal Monday on. A target within the customer's
// has no more than its fair share for sure, which is what counts. The sum is that of one stay with each group and supplier
// that agreements name. A normal week has no holidays and no change of the clock.
//
// No finding is no proof: work may go from group to group more often.
func Support(sla Agreement, others []Agreement) []Finding {
	var out []Finding
	add := func(found ...Finding) {
		for _, f := range found {
			if !slices.Contains(out, f) {
				out = append(out, f)
			}
		}
	}
	for _, group := range sla.Groups {
		if !slices.ContainsFunc(others, func(o Agreement) bool { return o.Type == OLA && sla.beside(&o) && share(o.Groups, []string{group}) }) {
			add(Finding{Code: FindNoOLA, Text: fmt.Sprintf("group %s has no operational agreement over %s", group, sla.Kind)})
		}
	}
	for i := range sla.Targets {
		t := promise{&sla, &sla.Targets[i]}
		under := t.underneath(others)
		for _, c := range t.cases() {
			add(t.longer(c, under)...)
			add(t.sum(c, under)...)
		}
		for _, u := range under {
			add(t.compare(u)...)
		}
	}
	return out
}

// findings returns what the signing of an agreement brings about, for the customer's agreements that it is or lies
// underneath of.
func findings(a *Agreement, others []Agreement) []Finding {
	if a.Type == SLA {
		return Support(*a, others)
	}
	var out []Finding
	with := append(slices.Clone(others), *a)
	for _, sla := range others {
		if sla.Type != SLA {
			continue
		}
		known := Support(sla, others)
		for _, f := range Support(sla, with) {
			if !slices.Contains(known, f) && !slices.Contains(out, f) {
				out = append(out, f)
			}
		}
	}
	return out
}

// beside tells whether two agreements may both cover a record.
func (a *Agreement) beside(o *Agreement) bool { return a.Kind == o.Kind && meet(a, o) }

// promise is a target with its agreement.
type promise struct {
	*Agreement
	target *Target
}

// underneath returns the operational targets under a customer's one.
func (p promise) underneath(others []Agreement) []promise {
	var out []promise
	for i := range others {
		o := &others[i]
		if o.Type == SLA || !p.beside(o) {
			continue
		}
		for n := range o.Targets {
			if u := &o.Targets[n]; u.Within == p.target.Name || u.Within == "" && !u.Stop.IsZero() && u.Stop == p.target.Stop {
				out = append(out, promise{o, u})
			}
		}
	}
	return out
}

// instance is a case of a target's conditions, with the working time that there is.
type instance struct {
	when  Condition // with what must not hold, so that it is this case
	named Condition // for people
	has   time.Duration
}

func (c instance) String() string {
	if c.named.IsZero() {
		return itsm.Duration(c.has).String()
	}
	return itsm.Duration(c.has).String() + " where " + c.named.String()
}

// cases returns the cases of a customer's target: each amount, by itself and under each factor that shortens it.
func (p promise) cases() []instance {
	var out []instance
	var earlier []Condition // none of them holds in a later case
	for _, a := range p.target.Amounts {
		when := All(append([]Condition{a.When}, earlier...)...)
		if has, err := p.worth(a, when); err == nil {
			out = append(out, instance{when, a.When, has})
			for _, f := range p.target.Factors {
				if f.Percent < 100 && !excludes(when, f.When) {
					out = append(out, instance{All(when, f.When), All(a.When, f.When), has / 100 * time.Duration(f.Percent)})
				}
			}
		}
		if a.When.IsZero() {
			break
		}
		earlier = append(earlier, Not(a.When))
	}
	return out
}

// most returns the largest amount that a target may have in a case; false if it has none there.
func (p promise) most(when Condition) (time.Duration, bool) {
	var most time.Duration
	any := false
	for _, a := range p.target.Amounts {
		if excludes(a.When, when) {
			continue
		}
		if has, err := p.worth(a, when); err == nil {
			most, any = max(most, has), true
		}
		if implied(when, a.When) {
			break // the first that holds counts
		}
	}
	for _, f := range p.target.Factors {
		if implied(when, f.When) || f.Percent > 100 && !excludes(f.When, when) {
			most = min(percent(most, f.Percent), maxAmount) // as a clock has it
		}
	}
	return most, any
}

// sure returns the time that an operational target may take of a customer's one.
func (p promise) sure(of *Target, when Condition) (time.Duration, bool) {
	has, ok := p.most(when)
	if p.target.Within == of.Name {
		has = has / 100 * time.Duration(p.target.FairShare)
	}
	return has, ok
}

// longer compares each operational target by itself.
func (p promise) longer(c instance, under []promise) []Finding {
	var out []Finding
	for _, u := range under {
		if has, ok := u.sure(p.target, c.when); ok && has > c.has {
			out = append(out, p.found(FindLonger, "%s may take %s, the customer has %s", u, itsm.Duration(has), c))
		}
	}
	return out
}

// sum compares the named groups and suppliers together.
func (p promise) sum(c instance, under []promise) []Finding {
	shares := map[string]time.Duration{}
	for _, u := range under {
		has, ok := u.sure(p.target, c.when)
		if !ok {
			continue
		}
		holders := u.Groups
		if u.Type == UC {
			holders = []string{u.called()}
		}
		for _, h := range holders {
			shares[h] = max(shares[h], has)
		}
	}
	var total time.Duration
	var parts []string
	for _, h := range names(shares) {
		total += shares[h]
		parts = append(parts, h+" "+itsm.Duration(shares[h]).String())
	}
	if len(shares) < 2 || total <= c.has {
		return nil
	}
	return []Finding{p.found(FindSum, "%d groups and suppliers may take %s together (%s), the customer has %s",
		len(shares), itsm.Duration(total), strings.Join(parts, ", "), c)}
}

// compare compares the hours and the ends of two agreements.
func (p promise) compare(u promise) []Finding {
	var out []Finding
	mine, err := p.normal(p.hoursFor(Condition{}))
	theirs, other := u.normal(u.hoursFor(Condition{}))
	if err == nil && other == nil && theirs.week < mine.week {
		out = append(out, p.found(FindFewerHours, "%s counts %s of a normal week, the customer's %s", u, itsm.Duration(theirs.week), itsm.Duration(mine.week)))
	}
	if !u.ValidUntil.IsZero() && (p.ValidUntil.IsZero() || u.ValidUntil.Before(p.ValidUntil)) {
		out = append(out, p.found(FindEndsFirst, "%s ends on %s, before the customer's", u, u.ValidUntil.Format(time.RFC3339)))
	}
	return out
}

func (p promise) found(code, text string, args ...any) Finding {
	return Finding{Target: p.target.Name, Code: code, Text: clipTo(fmt.Sprintf(text, args...), itsm.MaxLine)}
}

// clipTo shortens a text to so many bytes.
func clipTo(s string, most int) string {
	if len(s) > most {
		s = strings.ToValidUTF8(s[:most-len("…")], "") + "…"
	}
	return s
}

func (p promise) String() string {
	return fmt.Sprintf("%s of %s %s", p.target.Name, strings.ToUpper(string(p.Type)), p.called())
}
