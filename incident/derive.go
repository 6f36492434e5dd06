package incident

import (
	"slices"
	"strings"
	"time"

	"github.com/itsmkit/itsm"
)

// derive computes what follows from the other fields: priority, the end of a hold, the closing, the next update.
func (o *Options) derive(i *Incident, m itsm.Moment) {
	if ended := i.State == Closed || i.State == Cancelled; !ended || i.Priority == "" { // another matrix is not for what is over
		i.Priority = o.Matrix.Priority(i.Impact, i.Urgency)
		if i.Override != nil {
			i.Priority = i.Override.Priority
		}
	}
	if i.State != OnHold && i.Hold != nil {
		i.HeldFor += itsm.Duration(m.Time.Sub(i.Hold.Since))
		i.Hold = nil
	}
	if i.State == InProgress && i.StartedAt.IsZero() {
		i.StartedAt = m.Time
	}
	if i.Major == nil && i.IsOpen() && i.Parent.IsZero() {
		i.trigger(o.Triggers, 0, m)
	}
	o.deriveMajor(i, m)
	if i.AutoCloseAt = (time.Time{}); i.State == Resolved && !i.IsMajor() && o.AutoCloseAfter != Unlimited {
		i.AutoCloseAt = i.Resolution.At.Add(o.AutoCloseAfter.Std())
	}
}

// deriveMajor keeps the instant of the next status update: there is one while a major incident is open.
func (o *Options) deriveMajor(i *Incident, m itsm.Moment) {
	if !i.IsMajor() {
		if i.Major != nil {
			i.Major.NextUpdateAt = time.Time{}
		}
		return
	}
	if i.Major.UpdateEvery == 0 {
		i.Major.UpdateEvery = o.UpdateEvery
	}
	switch {
	case !i.IsOpen():
		i.Major.NextUpdateAt = time.Time{}
	case i.Major.NextUpdateAt.IsZero() && i.Major.UpdateEvery != Unlimited:
		i.Major.NextUpdateAt = m.Time.Add(i.Major.UpdateEvery.Std())
	}
}

// validate checks what an action made.
func (o *Options) validate(i *Incident, c *itsm.Checker) {
	c.Required(i.Title, "title")
	c.Check(i.Impact != "", "impact", "required")
	c.Check(i.Urgency != "", "urgency", "required")
	c.Check((i.State == OnHold) == (i.Hold != nil), "hold", "goes_with_state", "state", string(OnHold))
	if i.State == Resolved || i.State == Closed {
		c.Check(i.Resolution.Code != "", "resolution.code", "required", "allowed", strings.Join(o.ClosureCodes, ", "))
		c.Required(i.Resolution.Text, "resolution.text")
	}
	if sub := o.Categories[i.Category]; len(sub) > 0 && i.Subcategory != "" && (c.Changed("category") || c.Changed("subcategory")) {
		c.Check(slices.Contains(sub, i.Subcategory), "subcategory", "choice", "value", i.Subcategory, "allowed", strings.Join(sub, ", "))
	}
	c.Check(i.Subcategory == "" || i.Category != "", "category", "required", "because", "there is a subcategory")
}
