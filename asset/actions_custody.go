package asset

import (
	"strings"
	"time"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/calendar"
)

// CheckOut hands an asset out to a person, or puts it to use at a location. What others have reserved is not handed
// out over their time; the holder's own reservation is used up.
type CheckOut struct {
	To         string    `json:"to,omitempty"`
	Location   string    `json:"location,omitempty"`
	CostCentre string    `json:"cost_centre,omitempty"`
	DueBack    time.Time `json:"due_back,omitzero"`    // a loan
	Acceptance bool      `json:"acceptance,omitempty"` // the person has to accept it
}

// Name returns "check_out".
func (CheckOut) Name() string { return "check_out" }

// Apply begins the custody. The first one puts the asset in service.
func (a CheckOut) Apply(x *Asset, m itsm.Moment) error {
	switch {
	case strings.TrimSpace(a.To+a.Location) == "":
		return itsm.Invalid("to", "required", "want", "a person, a location or both")
	case a.Acceptance && strings.TrimSpace(a.To) == "":
		return itsm.Invalid("to", "required", "because", "somebody has to accept it")
	}
	from := x.Location
	if err := x.handOver(a.To, a.DueBack, a.Acceptance, m); err != nil {
		return err
	}
	x.Custody.From = from
	replace(&x.Location, a.Location)
	replace(&x.CostCentre, a.CostCentre)
	if x.InServiceOn.IsZero() {
		x.InServiceOn = calendar.DateOf(m.Time)
	}
	return nil
}

// handOver puts the asset into a person's hands.
func (x *Asset) handOver(to string, dueBack time.Time, acceptance bool, m itsm.Moment) error {
	if !dueBack.IsZero() && !dueBack.After(m.Time) {
		return itsm.Invalid("due_back", "past", "now", m.Time.Format(time.RFC3339))
	}
	if err := x.othersWait("to", to, dueBack, m); err != nil {
		return err
	}
	x.Reservations = without(x.Reservations, func(r Reservation) bool {
		return r.For == to && !r.From.After(m.Time) && r.Until.After(m.Time)
	})
	x.Holder = to
	x.Custody = &Custody{Since: m.Time, DueBack: dueBack, Pending: acceptance}
	return nil
}

// Accept says that the holder has the asset and answers for it.
type Accept struct {
	Text string `json:"text,omitempty"`
}

// Name returns "accept".
func (Accept) Name() string { return "accept" }

// Apply ends the wait for the acceptance.
func (a Accept) Apply(x *Asset, m itsm.Moment) error {
	x.Custody.Pending, x.Custody.AcceptedAt = false, m.Time
	m.Say(a.Text, false)
	return nil
}

// Decline says that the person does not take the asset: it goes back into stock.
type Decline struct {
	Reason string `json:"reason"`
}

// Name returns "decline".
func (Decline) Name() string { return "decline" }

// Apply ends the custody.
func (a Decline) Apply(x *Asset, m itsm.Moment) error {
	if strings.TrimSpace(a.Reason) == "" {
		return itsm.Invalid("reason", "required")
	}
	x.takeBack()
	m.Say(a.Reason, false)
	return nil
}

// takeBack ends the custody: the asset is where it was handed out.
func (x *Asset) takeBack() {
	if x.Custody != nil {
		x.Location = x.Custody.From
	}
	x.Holder, x.Custody = "", nil
}

// CheckIn takes an asset back into stock: to a location, or to where it was handed out if that is empty.
type CheckIn struct {
	Location  string `json:"location,omitempty"`
	Condition string `json:"condition,omitempty"`
}

// Name returns "check_in".
func (CheckIn) Name() string { return "check_in" }

// Apply ends the custody.
func (a CheckIn) Apply(x *Asset, m itsm.Moment) error {
	x.takeBack()
	replace(&x.Location, a.Location)
	m.Say(a.Condition, false)
	return nil
}

// Extend moves the date at which a loan is due back; none makes it a deployment without an end.
type Extend struct {
	DueBack time.Time `json:"due_back,omitzero"`
}

// Name returns "extend".
func (Extend) Name() string { return "extend" }

// Apply moves the date, unless somebody else reserved that time.
func (a Extend) Apply(x *Asset, m itsm.Moment) error {
	if !a.DueBack.IsZero() && !a.DueBack.After(m.Time) {
		return itsm.Invalid("due_back", "past", "now", m.Time.Format(time.RFC3339))
	}
	if err := x.othersWait("due_back", x.Holder, a.DueBack, m); err != nil {
		return err
	}
	x.Custody.DueBack = a.DueBack
	return nil
}

// Transfer gives a deployed asset from one holder to another one, without a way over the stock. An empty location or
// cost centre stays.
type Transfer struct {
	To         string    `json:"to"`
	Location   string    `json:"location,omitempty"`
	CostCentre string    `json:"cost_centre,omitempty"`
	DueBack    time.Time `json:"due_back,omitzero"`
	Acceptance bool      `json:"acceptance,omitempty"`
}

// Name returns "transfer".
func (Transfer) Name() string { return "transfer" }

// Apply begins another custody.
func (a Transfer) Apply(x *Asset, m itsm.Moment) error {
	switch {
	case strings.TrimSpace(a.To) == "":
		return itsm.Invalid("to", "required")
	case a.To == x.Holder:
		return itsm.Invalid("to", "same", "value", a.To)
	}
	from := x.Custody.From
	if err := x.handOver(a.To, a.DueBack, a.Acceptance, m); err != nil {
		return err
	}
	x.Custody.From = from
	replace(&x.Location, a.Location)
	replace(&x.CostCentre, a.CostCentre)
	return nil
}

// Assign says where an asset belongs: location, cost centre, owner. An empty field stays. Who holds it changes by
// [CheckOut], [Transfer] and [CheckIn] alone.
type Assign struct {
	Location   string `json:"location,omitempty"`
	CostCentre string `json:"cost_centre,omitempty"`
	Owner      string `json:"owner,omitempty"`
}

// Name returns "assign".
func (Assign) Name() string { return "assign" }

// Apply replaces what is given.
func (a Assign) Apply(x *Asset, _ itsm.Moment) error {
	if a == (Assign{}) {
		return itsm.Invalid("", "nothing_given")
	}
	replace(&x.Location, a.Location)
	replace(&x.CostCentre, a.CostCentre)
	replace(&x.Owner, a.Owner)
	return nil
}
