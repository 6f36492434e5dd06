package sla

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/itsmkit/itsm"
)

// Difference is a clock that two outcomes judge differently. One of the verdicts is nil where the rules have no such clock.
type Difference struct {
	Of     itsm.Ref      `json:"of"`
	Number string        `json:"number,omitempty"`
	Type   AgreementType `json:"type"`
	Target string        `json:"target"`
	Base   *Verdict      `json:"base"`
	Other  *Verdict      `json:"other"`
}

// String tells the difference and what made it.
func (d Difference) String() string {
	side := func(v *Verdict) string {
		if v == nil {
			return "no clock"
		}
		return v.String()
	}
	var why []string
	if d.Base != nil && d.Other != nil {
		for _, x := range []struct {
			name    string
			differs bool
		}{{"elapsed", d.Base.Elapsed != d.Other.Elapsed}, {"amount", d.Base.Amount != d.Other.Amount}, {"state", goes(d.Base.State) != goes(d.Other.State)}} {
			if x.differs {
				why = append(why, x.name)
			}
		}
	}
	s := fmt.Sprintf("%s %s: %s -> %s", cmp.Or(d.Number, d.Of.String()), d.Target, side(d.Base), side(d.Other))
	if len(why) > 0 {
		s += " (differs in " + strings.Join(why, ", ") + ")"
	}
	return s
}

// Compare returns the clocks whose result differs between two outcomes of the same history, in its order. Clocks are the
// same if their record, type of agreement, target and round are. [Outcome.Explain] accounts for either verdict.
func Compare(base, other *Outcome) []Difference {
	type key struct {
		of     itsm.Ref
		t      AgreementType
		target string
		round  int32
	}
	keyOf := func(o *Outcome, x *judged) key {
		return key{o.history.records[x.record].of, x.goal.deal.Type, x.goal.Name, x.round}
	}
	theirs := make(map[key]int, len(other.judged))
	for i := range other.judged {
		theirs[keyOf(other, &other.judged[i])] = i
	}
	out := []Difference{}
	add := func(a, b *Verdict) {
		v := a
		if v == nil {
			v = b
		}
		out = append(out, Difference{Of: v.Of, Number: v.Number, Type: v.Type, Target: v.Target, Base: a, Other: b})
	}
	for i := range base.judged {
		x := &base.judged[i]
		k := keyOf(base, x)
		n, both := theirs[k]
		delete(theirs, k)
		if both && other.judged[n].result() == x.result() {
			continue
		}
		v := base.verdict(x)
		if !both {
			add(&v, nil)
			continue
		}
		w := other.verdict(&other.judged[n])
		add(&v, &w)
	}
	for i := range other.judged { // what is left has no counterpart
		if _, left := theirs[keyOf(other, &other.judged[i])]; left {
			w := other.verdict(&other.judged[i])
			add(nil, &w)
		}
	}
	return out
}
