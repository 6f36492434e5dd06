package levels

import (
	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/examples/servicedesk/report"
	"github.com/itsmkit/itsm/lifecycle"
	"github.com/itsmkit/itsm/sla"
)

// verdicts are those of cases, true for met. A case that is not there has none.
type verdicts map[itsm.ID]bool

// add takes a clock into account.
func (v verdicts) add(c *sla.Clock) {
	v.judge(c.Of.ID, c.Reading.Type, c.State, !c.Reading.BreachedAt.IsZero())
}

func (v verdicts) judge(of itsm.ID, t sla.AgreementType, state lifecycle.State, breached bool) {
	if t != sla.SLA || state == sla.Cancelled || state != sla.Met && state != sla.Missed && !breached {
		return // nobody's promise, or not known yet
	}
	met, known := v[of]
	v[of] = (met || !known) && state == sla.Met
}

// of writes the verdict of a case, "" if there is none.
func (v verdicts) of(id itsm.ID) string {
	met, known := v[id]
	switch {
	case !known:
		return ""
	case met:
		return string(sla.Met)
	}
	return string(sla.Missed)
}

// agreed compares verdicts with those of the log, nil if it has none. A case of which nothing was promised broke no
// promise.
func (k *Kept) agreed(v verdicts) *report.Agreed {
	cases, agree := 0, 0
	for _, c := range k.book.Cases {
		if c.Said == nil || !c.Said.Judged {
			continue
		}
		cases++
		if met, known := v[c.ID]; (met || !known) == c.Said.Met {
			agree++
		}
	}
	if cases == 0 {
		return nil
	}
	a := report.NewAgreed(cases, agree)
	return &a
}
