package sla

import (
	"encoding/json"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/calendar"
)

// WorkingHours is the definition of a calendar within an agreement: its JSON is that of [calendar.Definition]. The value
// is comparable and shares nothing.
type WorkingHours struct{ text string }

// HoursOf returns working hours by their definition, which is checked.
func HoursOf(d calendar.Definition) (WorkingHours, error) {
	if _, err := calendar.New(d); err != nil {
		return WorkingHours{}, itsm.Invalid("", "calendar", "error", err.Error())
	}
	raw, err := json.Marshal(d)
	if err != nil {
		return WorkingHours{}, itsm.Invalid("", "calendar", "error", err.Error())
	}
	return WorkingHours{string(raw)}, nil
}

// Always24x7 returns working hours without an end: every instant counts.
func Always24x7() WorkingHours {
	day := []calendar.Interval{{"00:00", "24:00"}}
	h, err := HoursOf(calendar.Definition{Zone: "UTC", Hours: calendar.Hours{
		"mon": day, "tue": day, "wed": day, "thu": day, "fri": day, "sat": day, "sun": day}})
	if err != nil {
		panic(err) // a constant, which an example makes
	}
	return h
}

// IsZero tells that there are no hours.
func (h WorkingHours) IsZero() bool { return h.text == "" }

// Definition returns the definition.
func (h WorkingHours) Definition() (calendar.Definition, error) {
	var d calendar.Definition
	if h.text == "" {
		return d, itsm.Invalid("hours", "required")
	}
	err := json.Unmarshal([]byte(h.text), &d)
	return d, err
}

// compile returns the calendar.
func (h WorkingHours) compile() (*calendar.Calendar, error) {
	d, err := h.Definition()
	if err != nil {
		return nil, err
	}
	return calendar.New(d)
}

// MarshalJSON writes the definition, null for none.
func (h WorkingHours) MarshalJSON() ([]byte, error) {
	if h.text == "" {
		return []byte("null"), nil
	}
	return []byte(h.text), nil
}

// UnmarshalJSON reads a definition strictly, and checks it.
func (h *WorkingHours) UnmarshalJSON(raw []byte) error {
	if string(raw) == "null" {
		*h = WorkingHours{}
		return nil
	}
	c, err := calendar.Parse(raw)
	if err != nil {
		return itsm.Invalid("", "calendar", "error", err.Error())
	}
	d, _ := c.Definition()
	*h, err = HoursOf(d)
	return err
}
