package asset

import (
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/itsmkit/itsm"
)

// maxHolder is how many characters the name of a holder has.
const maxHolder = 120

// Reserve keeps the asset for a person for some time.
type Reserve struct {
	ID    string    `json:"id"` // the host's key for the reservation
	For   string    `json:"for"`
	From  time.Time `json:"from"`
	Until time.Time `json:"until"` // exclusive
}

// Name returns "reserve".
func (Reserve) Name() string { return "reserve" }

// Apply adds the reservation. It overlaps no other one, nor what somebody else has the asset for.
func (a Reserve) Apply(x *Asset, m itsm.Moment) error {
	switch {
	case a.ID == "":
		return itsm.Invalid("id", "required")
	case strings.TrimSpace(a.For) == "":
		return itsm.Invalid("for", "required")
	case utf8.RuneCountInString(a.For) > maxHolder: // who could not have it
		return itsm.Invalid("for", "too_long", "max", strconv.Itoa(maxHolder))
	case a.From.IsZero():
		return itsm.Invalid("from", "required")
	case !a.Until.After(a.From):
		return itsm.Invalid("until", "not_after", "from", a.From.Format(time.RFC3339))
	case !a.Until.After(m.Time):
		return itsm.Invalid("until", "past", "now", m.Time.Format(time.RFC3339))
	}
	for _, r := range x.Reservations {
		switch {
		case r.ID == a.ID:
			return itsm.Invalid("id", "twice", "value", a.ID)
		case a.From.Before(r.Until) && r.From.Before(a.Until):
			return r.stands("from")
		}
	}
	if c := x.Custody; c != nil && x.Holder != a.For && (c.DueBack.IsZero() || a.From.Before(c.DueBack)) {
		back := "no date"
		if !c.DueBack.IsZero() {
			back = c.DueBack.Format(time.RFC3339)
		}
		return itsm.Invalid("from", "handed_out", "to", x.Holder, "due_back", back)
	}
	x.Reservations = append(x.Reservations, Reservation(a))
	return nil
}

// Release gives a reservation up.
type Release struct {
	ID string `json:"id"`
}

// Name returns "release".
func (Release) Name() string { return "release" }

// Apply removes the reservation; one that is not there is refused.
func (a Release) Apply(x *Asset, _ itsm.Moment) error {
	if !slices.ContainsFunc(x.Reservations, func(r Reservation) bool { return r.ID == a.ID }) {
		return itsm.Invalid("id", "unknown", "value", clip(a.ID))
	}
	x.Reservations = without(x.Reservations, func(r Reservation) bool { return r.ID == a.ID })
	return nil
}

// othersWait returns an error if somebody else reserved the asset before it is due back.
func (x *Asset) othersWait(field, who string, dueBack time.Time, m itsm.Moment) error {
	for _, r := range x.Reservations {
		if r.For != who && r.Until.After(m.Time) && (dueBack.IsZero() || r.From.Before(dueBack)) {
			return r.stands(field)
		}
	}
	return nil
}

// stands is the error of a reservation that is in the way.
func (r Reservation) stands(field string) error {
	return itsm.Invalid(field, "reserved", "for", r.For, "from", r.From.Format(time.RFC3339), "until", r.Until.Format(time.RFC3339))
}

// without returns a new list without the elements that drop says.
func without[V any](list []V, drop func(V) bool) []V {
	var kept []V
	for _, x := range list {
		if !drop(x) {
			kept = append(kept, x)
		}
	}
	return kept
}
