package finance

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/calendar"
)

// Period is an accounting period of a chart: the dates on which entries may be posted while it is open. The periods of a
// chart follow one another without gaps, each as long as the host likes: months, weeks, quarters.
type Period struct {
	itsm.Header

	Chart   itsm.Ref      `json:"chart"`
	Title   string        `json:"title,omitempty"`
	Ordinal int           `json:"ordinal"` // 1 for the first of the chart
	From    calendar.Date `json:"from"`
	Until   calendar.Date `json:"until"` // included

	Reopenings int    `json:"reopenings,omitempty"`
	ReopenedBy string `json:"reopened_by,omitempty"`
	Reason     string `json:"reason,omitempty"` // of the last reopening
}

// Covers tells whether a date lies in the period.
func (p *Period) Covers(d calendar.Date) bool {
	return p.From.Compare(d) <= 0 && d.Compare(p.Until) <= 0
}

// key is unique in the tenant: two that open the next period of a chart at once cannot both succeed.
func (p *Period) key() string { return p.Chart.String() + "/" + strconv.Itoa(p.Ordinal) }

// dayKey is a date as a number that orders like it, for an index: 20261130.
func dayKey(d calendar.Date) int { return d.Year*10000 + int(d.Month)*100 + d.Day }

func (p *Period) validate(c *itsm.Checker) {
	c.Check(p.Chart.Kind == ChartName, "chart", "required", "want", "a "+ChartName)
	c.Check(!p.From.IsZero(), "from", "required")
	c.Check(!p.Until.IsZero(), "until", "required")
	c.Check(p.From.Compare(p.Until) <= 0, "until", "before_from", "from", p.From.String(), "until", p.Until.String())
}

// OpenPeriod opens the next accounting period of a chart.
type OpenPeriod struct {
	Chart itsm.Ref      `json:"chart"`
	Title string        `json:"title,omitempty"`
	From  calendar.Date `json:"from,omitzero"` // of the first period; a later one begins where the last has ended
	Until calendar.Date `json:"until"`
}

// Name returns "open".
func (OpenPeriod) Name() string { return "open" }

// Apply puts the period behind the last one.
func (a OpenPeriod) Apply(p *Period, m itsm.Moment) error {
	p.Chart, p.Title, p.Ordinal, p.From, p.Until = a.Chart, a.Title, 1, a.From, a.Until
	around, ok := m.Facts.(circumstances)
	if !ok {
		return nil
	}
	if err := around.ready(); err != nil {
		return err
	}
	if last := around.last; last != nil {
		p.Ordinal, p.From = last.Ordinal+1, last.Until.AddDays(1)
		if !a.From.IsZero() && a.From != p.From {
			return itsm.Invalid("from", "not_next", "value", a.From.String(), "want", p.From.String())
		}
	}
	return nil
}

// ClosePeriod ends the posting in a period.
type ClosePeriod struct{}

// Name returns "close".
func (ClosePeriod) Name() string { return "close" }

// Apply has nothing to fill in.
func (ClosePeriod) Apply(*Period, itsm.Moment) error { return nil }

// ReopenPeriod lets a closed period take entries again.
type ReopenPeriod struct {
	Reason string `json:"reason"`
}

// Name returns "reopen".
func (ReopenPeriod) Name() string { return "reopen" }

// Apply keeps the reason.
func (a ReopenPeriod) Apply(p *Period, m itsm.Moment) error {
	if strings.TrimSpace(a.Reason) == "" {
		return itsm.Invalid("reason", "required")
	}
	p.Reopenings++
	p.ReopenedBy, p.Reason = m.Actor.ID, a.Reason
	return nil
}

// LockPeriod closes a period for ever.
type LockPeriod struct{}

// Name returns "lock".
func (LockPeriod) Name() string { return "lock" }

// Apply has nothing to fill in.
func (LockPeriod) Apply(*Period, itsm.Moment) error { return nil }

// takes refuses a date on which nothing may be posted now.
func (p *Period) takes(d calendar.Date) error {
	switch {
	case p == nil || !p.Covers(d):
		return itsm.Invalid("date", "no_period", "value", d.String(), "want", "a date in an open period")
	case p.State != Open:
		return itsm.Deny("period_closed", "date", d.String(), "period", p.Number, "state", string(p.State),
			"dates", fmt.Sprintf("%s to %s", p.From, p.Until))
	}
	return nil
}
