package supplier

import (
	"strings"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/calendar"
)

// Draft opens a contract with a supplier that exists.
type Draft struct {
	Title       string       `json:"title"`
	Reference   string       `json:"reference,omitempty"`
	Supplier    itsm.Ref     `json:"supplier"`
	Owner       string       `json:"owner,omitempty"`
	Terms       Terms        `json:"terms"`
	Obligations []Obligation `json:"obligations,omitempty"`
	ReviewEvery itsm.Period  `json:"review_every,omitzero"`
}

// Name returns "draft".
func (Draft) Name() string { return "draft" }

// Apply fills in the contract.
func (a Draft) Apply(c *Contract, m itsm.Moment) error {
	if has, ok := with(m); ok && has.Supplier == nil {
		return itsm.Invalid("supplier", "not_found")
	}
	if err := recordSupplier(m); err != nil {
		return err
	}
	c.Title, c.Reference, c.Supplier, c.Owner, c.Terms = a.Title, a.Reference, a.Supplier, a.Owner, a.Terms
	c.Review.Every = a.ReviewEvery
	for _, o := range a.Obligations {
		if len(o.Deliveries) > 0 {
			return itsm.Invalid("obligations", "not_yet", "want", "no deliveries of a draft", "value", clip(o.ID))
		}
		c.Obligations = append(c.Obligations, o)
	}
	return nil
}

// Redraft replaces the terms of a draft.
type Redraft struct {
	Terms Terms `json:"terms"`
}

// Name returns "redraft".
func (Redraft) Name() string { return "redraft" }

// Apply replaces the terms.
func (a Redraft) Apply(c *Contract, _ itsm.Moment) error {
	c.Terms = a.Terms
	return nil
}

// Sign puts the contract in force from the first day of its terms. The supplier must be approved.
type Sign struct {
	By string `json:"by"` // who signed for us
}

// Name returns "sign".
func (Sign) Name() string { return "sign" }

// Apply notes the signature.
func (a Sign) Apply(c *Contract, m itsm.Moment) error {
	if strings.TrimSpace(a.By) == "" {
		return itsm.Invalid("by", "required")
	}
	c.SignedOn, c.SignedBy, c.Edition = calendar.DateOf(m.Time), a.By, 1
	return recordSupplier(m)
}

// Abandon gives a draft up.
type Abandon struct {
	Reason string `json:"reason"`
}

// Name returns "abandon".
func (Abandon) Name() string { return "abandon" }

// Apply notes the reason.
func (a Abandon) Apply(c *Contract, m itsm.Moment) error {
	if strings.TrimSpace(a.Reason) == "" {
		return itsm.Invalid("reason", "required")
	}
	c.Over = Over{On: calendar.DateOf(m.Time), Reason: a.Reason}
	return nil
}

// Amend agrees the terms anew. When the contract began stays.
type Amend struct {
	Terms  Terms  `json:"terms"`
	Reason string `json:"reason"`
}

// Name returns "amend".
func (Amend) Name() string { return "amend" }

// Apply replaces the terms by another edition.
func (a Amend) Apply(c *Contract, m itsm.Moment) error {
	if err := say(a.Reason, m); err != nil {
		return err
	}
	today := calendar.DateOf(m.Time)
	switch {
	case a.Terms.From != c.Terms.From:
		return itsm.Invalid("terms.from", "fixed", "want", c.Terms.From.String())
	case !a.Terms.Until.IsZero() && a.Terms.Until.Compare(today) < 0:
		return itsm.Invalid("terms.until", "past", "value", a.Terms.Until.String(), "today", today.String())
	}
	if a.Terms.Until != c.Terms.Until || a.Terms.Renewal.Term != c.Terms.Renewal.Term {
		c.AgreedUntil = calendar.Date{} // agreed anew
	}
	c.Terms = a.Terms
	c.Edition++
	return nil
}

// EditContract replaces what the contract is known by, and who answers for it. An empty field stays. What it says changes
// by [Redraft] and [Amend].
type EditContract struct {
	Title     string `json:"title,omitempty"`
	Reference string `json:"reference,omitempty"`
	Owner     string `json:"owner,omitempty"`
}

// Name returns "edit".
func (EditContract) Name() string { return "edit" }

// Apply replaces what is given.
func (a EditContract) Apply(c *Contract, _ itsm.Moment) error {
	if a == (EditContract{}) {
		return itsm.Invalid("", "nothing_given")
	}
	replace(&c.Title, a.Title)
	replace(&c.Reference, a.Reference)
	replace(&c.Owner, a.Owner)
	return nil
}

// Oblige adds obligations, or replaces those of the same ID, whose deliveries stay.
type Oblige struct {
	Obligations []Obligation `json:"obligations"`
}

// Name returns "oblige".
func (Oblige) Name() string { return "oblige" }

// Apply adds or replaces. What was delivered must still be due.
func (a Oblige) Apply(c *Contract, _ itsm.Moment) error {
	if len(a.Obligations) == 0 {
		return itsm.Invalid("obligations", "required")
	}
	for _, o := range a.Obligations {
		if len(o.Deliveries) > 0 {
			return itsm.Invalid("obligations", "not_so", "want", "deliver", "value", clip(o.ID))
		}
		i := c.obligation(o.ID)
		if i < 0 {
			c.Obligations = append(c.Obligations, o)
			continue
		}
		o.Deliveries = c.Obligations[i].Deliveries
		for _, d := range o.Deliveries {
			if !o.fallsDue(d.Due, c.ends()) {
				return itsm.Invalid("obligations", "delivered", "value", clip(o.ID), "due", d.Due.String())
			}
		}
		c.Obligations[i] = o
	}
	return nil
}

// Deliver says that an obligation was met for one of its due dates, with the evidence.
type Deliver struct {
	Obligation string        `json:"obligation"`
	Due        calendar.Date `json:"due"`
	On         calendar.Date `json:"on,omitzero"` // today if it is empty
	Evidence   string        `json:"evidence"`
}

// Name returns "deliver".
func (Deliver) Name() string { return "deliver" }

// Apply notes the delivery.
func (a Deliver) Apply(c *Contract, m itsm.Moment) error {
	today := calendar.DateOf(m.Time)
	if a.On.IsZero() {
		a.On = today
	}
	switch {
	case strings.TrimSpace(a.Evidence) == "":
		return itsm.Invalid("evidence", "required")
	case !isDate(a.On):
		return itsm.Invalid("on", "date", "value", a.On.String())
	case a.On.Compare(today) > 0:
		return itsm.Invalid("on", "future", "today", today.String(), "value", a.On.String())
	}
	return c.deliver(a.Obligation, Delivery{Due: a.Due, On: a.On, Evidence: a.Evidence, By: m.Actor.ID})
}

// Waive says that an obligation is not asked for on one of its due dates.
type Waive struct {
	Obligation string        `json:"obligation"`
	Due        calendar.Date `json:"due"`
	Reason     string        `json:"reason"`
}

// Name returns "waive".
func (Waive) Name() string { return "waive" }

// Apply notes the reason.
func (a Waive) Apply(c *Contract, m itsm.Moment) error {
	if strings.TrimSpace(a.Reason) == "" {
		return itsm.Invalid("reason", "required")
	}
	return c.deliver(a.Obligation, Delivery{Due: a.Due, On: calendar.DateOf(m.Time), Waived: a.Reason, By: m.Actor.ID})
}

func (c *Contract) deliver(id string, d Delivery) error {
	i := c.obligation(id)
	if i < 0 {
		return itsm.Invalid("obligation", "unknown", "value", clip(id))
	}
	o := &c.Obligations[i]
	switch {
	case !o.fallsDue(d.Due, c.ends()):
		return itsm.Invalid("due", "not_due", "value", d.Due.String(), "from", o.From.String(), "every", o.Every.String())
	case o.delivery(d.Due) != nil:
		return itsm.Invalid("due", "twice", "value", d.Due.String(), "on", o.delivery(d.Due).On.String())
	}
	o.Deliveries = append(o.Deliveries[:len(o.Deliveries):len(o.Deliveries)], d)
	return nil
}

// clip shortens a text of somebody else's for a message.
func clip(s string) string {
	if r := []rune(s); len(r) > 60 {
		return string(r[:60]) + "…"
	}
	return s
}
