package sla

import (
	"sync"
	"time"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/lifecycle"
)

// ClockName is the name of the kind of clocks.
const ClockName = "clock"

// The handles by which clocks are found and ordered.
var (
	ByRecord    = itsm.Points("of", func(c *Clock) itsm.Ref { return c.Of })
	ByAgreement = itsm.Points("agreement", func(c *Clock) itsm.Ref { return c.Reading.Agreement })
	ByTarget    = itsm.Text("target", func(c *Clock) string { return c.Reading.Target })
	ByStarted   = itsm.When("started", func(c *Clock) time.Time { return c.Reading.StartedAt })
	// ByDue leaves out clocks that do not run: what is due next comes first.
	ByDue = itsm.When("due", func(c *Clock) time.Time { return c.Reading.DueAt }).Sparse()
	// ByNext is what the sweep looks for: when a threshold, a breach or other terms are next to be noted.
	ByNext = itsm.When("next", func(c *Clock) time.Time { return c.Reading.NextAt }).Sparse()
	// ByDueGroup is the group that holds a record whose clock runs.
	ByDueGroup = itsm.Text("due_group", func(c *Clock) string {
		if c.Reading.DueAt.IsZero() {
			return ""
		}
		return c.Reading.Group
	}).Sparse()
)

var clocks = sync.OnceValue(func() *itsm.Kind[Clock] {
	table, err := lifecycle.New(clockRules(), Met, Missed, Cancelled)
	if err == nil {
		var k *itsm.Kind[Clock]
		k, err = itsm.NewKind(ClockName, itsm.Declaration[Clock]{
			Lifecycle: table,
			Actions: []itsm.Offer[Clock]{itsm.Do(Begin{}), itsm.Do(Pause{}), itsm.Do(Resume{}), itsm.Do(Stop{}), itsm.Do(Cancel{}),
				itsm.Do(Continue{}), itsm.Do(Retarget{}), itsm.Do(HandOver{}), itsm.Do(Cross{}), itsm.Do(Withdraw{}), itsm.Do(Breach{}), itsm.Do(CatchUp{})},
			Indexes: []itsm.Indexed[Clock]{ByRecord, ByAgreement, ByTarget, ByStarted, ByDue, ByNext, ByDueGroup,
				itsm.Then(ByDueGroup, ByDue)},
			Keyed: []itsm.Keyed{{List: "reading.stretches", By: []string{"from"}}, {List: "reading.crossed", By: []string{"at", "threshold", "nth"}}},
		})
		if err == nil {
			return k
		}
	}
	panic(err) // the declaration is a constant, and a test makes it
})

// ClockKind returns the kind of clocks.
func ClockKind() *itsm.Kind[Clock] { return clocks() }
