package supplier

import (
	"slices"
	"strings"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/calendar"
	"github.com/itsmkit/itsm/lifecycle"
	"github.com/itsmkit/itsm/money"
)

// Renew adds a term by agreement, or takes up an option while there is time.
type Renew struct {
	Until  calendar.Date `json:"until,omitzero"` // the new last day; none adds the term that was agreed
	Reason string        `json:"reason"`
}

// Name returns "renew".
func (Renew) Name() string { return "renew" }

// Apply moves the end.
func (a Renew) Apply(c *Contract, m itsm.Moment) error {
	if err := say(a.Reason, m); err != nil {
		return err
	}
	today := calendar.DateOf(m.Time)
	if a.Until.IsZero() {
		switch r := c.Terms.Renewal; {
		case r.Term.IsZero():
			return itsm.Invalid("until", "required", "because", "the terms name no term to add")
		case r.Mode == Optional && today.Compare(c.NoticeBy) > 0:
			return itsm.Invalid("until", "required", "because", "the option was open until "+c.NoticeBy.String())
		}
		c.addTerms(c.Terms.Until)
	} else {
		if a.Until.Compare(c.Terms.Until) <= 0 {
			return itsm.Invalid("until", "not_after", "until", c.Terms.Until.String(), "value", a.Until.String())
		}
		c.Terms.Until, c.AgreedUntil = a.Until, calendar.Date{}
		c.Renewals++
	}
	if c.Terms.Until.Year > 9999 {
		return itsm.Invalid("until", "range", "max", "9999-12-31")
	}
	return nil
}

// RollOver is what happens by itself where a contract renews and nobody gave notice. The sweep does it.
type RollOver struct{}

// Name returns "roll_over".
func (RollOver) Name() string { return "roll_over" }

// Apply adds terms until the contract is in force again.
func (RollOver) Apply(c *Contract, m itsm.Moment) error {
	c.addTerms(calendar.DateOf(m.Time))
	return nil
}

// GiveNotice ends a contract that renews at the end of its term, or an open one after the period of notice.
type GiveNotice struct {
	By     Party  `json:"by"`
	Reason string `json:"reason"`
}

// Name returns "give_notice".
func (GiveNotice) Name() string { return "give_notice" }

// Apply notes when it will end.
func (a GiveNotice) Apply(c *Contract, m itsm.Moment) error {
	today := calendar.DateOf(m.Time)
	if a.By == "" {
		return itsm.Invalid("by", "required")
	}
	if err := say(a.Reason, m); err != nil {
		return err
	}
	n := Notice{By: a.By, On: today, Ends: c.Terms.Until, Reason: a.Reason}
	if c.Terms.Until.IsZero() {
		n.Ends = plus(today, c.Terms.Renewal.Notice)
	}
	c.Notice = &n
	return nil
}

// WithdrawNotice lets the contract go on, by agreement.
type WithdrawNotice struct {
	Reason string `json:"reason"`
}

// Name returns "withdraw_notice".
func (WithdrawNotice) Name() string { return "withdraw_notice" }

// Apply forgets the notice.
func (a WithdrawNotice) Apply(c *Contract, m itsm.Moment) error {
	c.Notice = nil
	return say(a.Reason, m)
}

// Terminate ends a contract before its time: by agreement, or for a breach.
type Terminate struct {
	By     Party         `json:"by"`
	On     calendar.Date `json:"on,omitzero"` // its last day; today if it is empty
	Cause  bool          `json:"cause,omitempty"`
	Reason string        `json:"reason"`
}

// Name returns "terminate".
func (Terminate) Name() string { return "terminate" }

// Apply ends it today, or notes the day to come.
func (a Terminate) Apply(c *Contract, m itsm.Moment) error {
	today := calendar.DateOf(m.Time)
	if a.On.IsZero() {
		a.On = today
	}
	switch end := c.lastDay(); {
	case a.By == "":
		return itsm.Invalid("by", "required")
	case strings.TrimSpace(a.Reason) == "":
		return itsm.Invalid("reason", "required")
	case !isDate(a.On):
		return itsm.Invalid("on", "date", "value", a.On.String())
	case a.On.Compare(today) < 0:
		return itsm.Invalid("on", "past", "today", today.String(), "value", a.On.String())
	case !end.IsZero() && a.On.Compare(end) > 0:
		return itsm.Invalid("on", "after_end", "ends", end.String(), "value", a.On.String())
	}
	c.Notice = &Notice{By: a.By, On: today, Ends: a.On, Early: true, Cause: a.Cause, Reason: a.Reason}
	if a.On != today {
		if c.State == NoticeGiven { // with another last day
			c.State = lifecycle.Stay
		} else {
			c.State = NoticeGiven
		}
		return nil
	}
	c.Over = Over{On: a.On, Reason: a.Reason, Cause: a.Cause}
	return nil
}

// Expire ends a contract whose last day has passed: it is expired, or terminated if that was its day. The sweep does it.
type Expire struct{}

// Name returns "expire".
func (Expire) Name() string { return "expire" }

// Apply notes the last day.
func (Expire) Apply(c *Contract, _ itsm.Moment) error {
	c.Over = Over{On: c.lastDay(), Reason: "the term ended"}
	if n := c.Notice; n != nil {
		c.Over.Reason, c.Over.Cause = n.Reason, n.Cause
		if n.Early {
			c.State = Terminated
		}
	}
	return nil
}

// OpenDispute notes a disagreement. The contract goes on.
type OpenDispute struct {
	ID     string       `json:"id"` // the host's key
	About  string       `json:"about"`
	By     Party        `json:"by"`
	Amount money.Amount `json:"amount,omitzero"`
}

// Name returns "dispute".
func (OpenDispute) Name() string { return "dispute" }

// Apply adds the dispute.
func (a OpenDispute) Apply(c *Contract, m itsm.Moment) error {
	for _, x := range []struct{ path, value string }{{"id", a.ID}, {"about", strings.TrimSpace(a.About)}, {"by", string(a.By)}} {
		if x.value == "" {
			return itsm.Invalid(x.path, "required")
		}
	}
	c.Disputes = append(c.Disputes, Dispute{ID: a.ID, About: a.About, By: a.By, Amount: a.Amount, OpenedOn: calendar.DateOf(m.Time)})
	return nil
}

// Settle ends a dispute.
type Settle struct {
	ID      string `json:"id"`
	Outcome string `json:"outcome"`
}

// Name returns "settle".
func (Settle) Name() string { return "settle" }

// Apply notes the outcome.
func (a Settle) Apply(c *Contract, m itsm.Moment) error {
	i := slices.IndexFunc(c.Disputes, func(d Dispute) bool { return d.ID == a.ID })
	switch {
	case i < 0:
		return itsm.Invalid("id", "unknown", "value", clip(a.ID))
	case !c.Disputes[i].SettledOn.IsZero():
		return itsm.Invalid("id", "settled", "on", c.Disputes[i].SettledOn.String())
	case strings.TrimSpace(a.Outcome) == "":
		return itsm.Invalid("outcome", "required")
	}
	c.Disputes[i].SettledOn, c.Disputes[i].Outcome = calendar.DateOf(m.Time), a.Outcome
	return nil
}
