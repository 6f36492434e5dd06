package asset

import (
	"encoding/json"
	"fmt"
	"time"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/calendar"
	"github.com/itsmkit/itsm/money"
)

// ValueEventType says what happened to the value of an asset.
type ValueEventType string

// The types.
const (
	Acquired     ValueEventType = "acquired"      // it is here: Amount is what it cost
	CostAdjusted ValueEventType = "cost_adjusted" // Amount is the difference
	PutInService ValueEventType = "in_service"    // Amount is what it cost: depreciation begins
	ServiceMoved ValueEventType = "service_moved" // the first day of use was corrected to On
	CostMoved    ValueEventType = "cost_moved"    // another cost centre pays from now on
	OutOfService ValueEventType = "retired"       // out of use, lost or stolen: no longer used
	BackInUse    ValueEventType = "reinstated"    // undoes OutOfService
	Derecognised ValueEventType = "derecognised"  // gone for good: Amount are the proceeds
)

// ValueEvent is what accounting has to know of an asset, in the order in which it happened.
type ValueEvent struct {
	Asset      itsm.Ref       `json:"asset"`
	Number     string         `json:"number,omitempty"`
	Type       ValueEventType `json:"type"`
	At         time.Time      `json:"at"`              // when it happened
	On         calendar.Date  `json:"on"`              // the date that counts for it
	Amount     money.Amount   `json:"amount,omitzero"` // none where the record names none
	CostCentre string         `json:"cost_centre,omitempty"`
	Event      string         `json:"event"` // the identity of the asset's event: with Type it tells what was booked already
}

// Valuation reads from the whole history of one asset, oldest first, what accounting has to know. What it cost before
// it was received is a plan and yields nothing. The function is pure: hand the result to whatever depreciates.
func Valuation(history []itsm.Event) ([]ValueEvent, error) {
	var v valued
	for i := range history {
		if err := v.read(&history[i]); err != nil {
			return nil, fmt.Errorf("asset: valuation: event %s: %w", history[i].ID(), err)
		}
	}
	return v.events, nil
}

// valued is what the history has told so far.
type valued struct {
	events     []ValueEvent
	cost       money.Amount
	centre     string
	received   calendar.Date
	inService  calendar.Date
	proceeds   money.Amount
	recognised bool
	started    bool
	out        bool
}

func (v *valued) read(e *itsm.Event) error {
	before, wasInService, wasCentre := v.cost, v.inService, v.centre
	for _, c := range e.Changes {
		if err := v.change(c); err != nil {
			return err
		}
	}
	today := calendar.DateOf(e.Time)
	add := func(t ValueEventType, on calendar.Date, amount money.Amount) {
		v.events = append(v.events, ValueEvent{Asset: e.Subject, Number: e.Number, Type: t, At: e.Time, On: on, Amount: amount, CostCentre: v.centre, Event: e.ID()})
	}
	switch e.To {
	case Planned, Ordered, Cancelled:
		return nil
	}
	switch {
	case !v.recognised:
		v.recognised = true
		add(Acquired, orElse(v.received, today), v.cost)
	case v.cost != before:
		difference, err := minus(v.cost, before)
		if err != nil {
			return err
		}
		add(CostAdjusted, today, difference)
	}
	switch {
	case !v.started && !v.inService.IsZero():
		v.started = true
		add(PutInService, v.inService, v.cost)
	case v.started && v.inService != wasInService:
		add(ServiceMoved, v.inService, v.cost)
	}
	if v.centre != wasCentre && e.From != "" && e.From != Planned && e.From != Ordered {
		add(CostMoved, today, money.Amount{})
	}
	switch out := e.To == Retired || e.To == Lost || e.To == Stolen; {
	case e.From == Disposed: // what is said of it afterwards
	case e.To == Disposed:
		add(Derecognised, today, v.proceeds)
	case out && !v.out:
		v.out = true
		add(OutOfService, today, money.Amount{})
	case !out && v.out:
		v.out = false
		add(BackInUse, today, money.Amount{})
	}
	return nil
}

// change takes over one field.
func (v *valued) change(c itsm.Change) error {
	var field any
	switch c.Path {
	case "/purchase/cost":
		v.cost, field = money.Amount{}, &v.cost
	case "/purchase/received_on":
		v.received, field = calendar.Date{}, &v.received
	case "/in_service_on":
		v.inService, field = calendar.Date{}, &v.inService
	case "/cost_centre":
		v.centre, field = "", &v.centre
	case "/disposal":
		var d Disposal
		if len(c.New) == 0 {
			return nil
		}
		if err := json.Unmarshal(c.New, &d); err != nil {
			return fmt.Errorf("%s: %w", c.Path, err)
		}
		v.proceeds = d.Proceeds
		return nil
	default:
		return nil
	}
	if len(c.New) == 0 {
		return nil
	}
	if err := json.Unmarshal(c.New, field); err != nil {
		return fmt.Errorf("%s: %w", c.Path, err)
	}
	return nil
}

// minus returns a - b, where none is 0 of the other's currency.
func minus(a, b money.Amount) (money.Amount, error) {
	switch {
	case b.IsZero():
		return a, nil
	case a.IsZero():
		return b.Neg(), nil
	}
	return a.Sub(b)
}

func orElse(d, other calendar.Date) calendar.Date {
	if d.IsZero() {
		return other
	}
	return d
}
