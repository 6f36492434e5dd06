package budget

import (
	"math"
	"strconv"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/calendar"
)

// The limits of a plan.
const (
	MaxThresholds = 20
	MaxMonths     = 120
)

// validate checks what an action made.
func validate(b *Budget, c *itsm.Checker) {
	c.Required(b.Title, "title")
	c.Required(b.Account, "account")
	switch {
	case b.From.IsZero():
		c.Fail("from", "required")
	case b.Until.IsZero():
		c.Fail("until", "required")
	case b.Until.Compare(b.From) < 0:
		c.Fail("until", "before_from", "value", b.Until.String(), "from", b.From.String())
	case monthsOf(b.From, b.Until) > MaxMonths:
		c.Fail("until", "range", "value", b.Until.String(), "max", strconv.Itoa(MaxMonths)+" months")
	default:
		if b.Proposal != nil {
			b.Proposal.Plan.validate(b, c)
		}
	}
	if p := b.Proposal; p != nil && b.Edition > 0 && p.Plan.Amount.Currency() != b.Currency() {
		c.Fail("proposal.plan.amount", "currency", "value", string(p.Plan.Amount.Currency()), "want", string(b.Currency()))
	}
}

// validate checks a plan that is proposed; one that is in force was.
func (p *Plan) validate(b *Budget, c *itsm.Checker) {
	const at = "proposal.plan."
	switch {
	case p.Amount.IsZero():
		c.Fail(at+"amount", "required")
	case p.Amount.Sign() < 0:
		c.Fail(at+"amount", "range", "value", p.Amount.String(), "min", "0")
	}
	c.Check(len(p.Thresholds) <= MaxThresholds, at+"thresholds", "too_many", "max", strconv.Itoa(MaxThresholds))
	seen := map[Threshold]bool{}
	for i, t := range p.Thresholds {
		path := at + "thresholds[" + strconv.Itoa(i) + "]"
		c.Check(t.Of != "", path+".of", "required")
		c.Check(t.Percent >= 1 && t.Percent <= 1000, path+".percent", "range", "min", "1", "max", "1000", "value", strconv.Itoa(t.Percent))
		c.Check(t.AfterDays >= 0, path+".after_days", "range", "min", "0", "value", strconv.Itoa(t.AfterDays))
		c.Check(!seen[t], path, "twice")
		seen[t] = true
	}
	if len(p.Months) > 0 {
		p.validateMonths(b, c, at+"months")
	}
}

// validateMonths checks the weights of months.
func (p *Plan) validateMonths(b *Budget, c *itsm.Checker, path string) {
	if b.From.Day != 1 || b.Until.AddDays(1).Day != 1 {
		c.Fail(path, "whole_months", "from", b.From.String(), "until", b.Until.String(), "want", "a period of whole months")
		return
	}
	if n := monthsOf(b.From, b.Until); len(p.Months) != n {
		c.Fail(path, "length", "value", strconv.Itoa(len(p.Months)), "want", strconv.Itoa(n))
		return
	}
	total := int64(0)
	for i, w := range p.Months {
		if w < 0 || w > math.MaxInt32 {
			c.Fail(path+"["+strconv.Itoa(i)+"]", "range", "value", strconv.FormatInt(w, 10), "min", "0", "max", strconv.Itoa(math.MaxInt32))
			return
		}
		total += w
	}
	c.Check(total > 0, path, "all_zero", "want", "at least one weight above 0")
}

// monthsOf returns how many calendar months a period touches.
func monthsOf(from, until calendar.Date) int {
	return 12*(until.Year-from.Year) + int(until.Month) - int(from.Month) + 1
}
