package cmdb

import (
	"strings"

	"github.com/itsmkit/itsm"
)

// Activate puts a planned item into use.
type Activate struct{}

// Name returns "activate".
func (Activate) Name() string { return "activate" }

// Apply has nothing to do.
func (Activate) Apply(*Item, itsm.Moment) error { return nil }

// TakeOut takes an item out of service for some time.
type TakeOut struct {
	Reason string `json:"reason"`
}

// Name returns "take_out".
func (TakeOut) Name() string { return "take_out" }

// Apply notes the reason.
func (a TakeOut) Apply(_ *Item, m itsm.Moment) error {
	if strings.TrimSpace(a.Reason) == "" {
		return itsm.Invalid("reason", "required")
	}
	m.Say(a.Reason, false)
	return nil
}

// BringBack puts it into service again.
type BringBack struct{}

// Name returns "bring_back".
func (BringBack) Name() string { return "bring_back" }

// Apply has nothing to do.
func (BringBack) Apply(*Item, itsm.Moment) error { return nil }

// Retire takes an item out of use for good. Its relations are ended by [Database.Retire], which does both.
type Retire struct {
	Reason string `json:"reason"`
}

// Name returns "retire".
func (Retire) Name() string { return "retire" }

// Apply notes the reason.
func (a Retire) Apply(x *Item, m itsm.Moment) error {
	if strings.TrimSpace(a.Reason) == "" {
		return itsm.Invalid("reason", "required")
	}
	x.Retired = Ending{At: m.Time, Reason: a.Reason}
	return nil
}

// Reinstate puts a retired item into use again.
type Reinstate struct{}

// Name returns "reinstate".
func (Reinstate) Name() string { return "reinstate" }

// Apply clears the retirement.
func (Reinstate) Apply(x *Item, _ itsm.Moment) error {
	x.Retired = Ending{}
	return nil
}
