package incident

import (
	"fmt"
	"slices"
	"strconv"

	"github.com/itsmkit/itsm"
)

// Trigger is a rule, as data, by which an incident comes on the major incident track by itself. Every condition
// that is set must hold, and the first trigger that fits counts. Children, and incidents that have been on the
// track before, are left alone.
type Trigger struct {
	Name        string     `json:"name"`
	Priorities  []Priority `json:"priorities,omitempty"`   // one of these
	Categories  []string   `json:"categories,omitempty"`   // one of these
	Services    []itsm.Ref `json:"services,omitempty"`     // the service, or one that is affected, is one of these
	MinAffected int        `json:"min_affected,omitempty"` // at least so many affected services and items
	MinChildren int        `json:"min_children,omitempty"` // at least so many children: [Cascade] counts them
	// Manager, if set, accepts the incident at once under this manager; else it is proposed.
	Manager string `json:"manager,omitempty"`
}

func (t Trigger) check(n int) error {
	switch {
	case t.Name == "":
		return fmt.Errorf("incident: Options.Triggers[%d]: Name is required", n)
	case len(t.Priorities)+len(t.Categories)+len(t.Services)+t.MinAffected+t.MinChildren == 0:
		return fmt.Errorf("incident: Options.Triggers[%d] (%s): want at least one condition", n, t.Name)
	case t.MinAffected < 0 || t.MinChildren < 0:
		return fmt.Errorf("incident: Options.Triggers[%d] (%s): MinAffected and MinChildren must be 0 or more", n, t.Name)
	}
	for _, p := range t.Priorities {
		if !slices.Contains(p.Choices(), string(p)) {
			return fmt.Errorf("incident: Options.Triggers[%d] (%s): unknown priority %q, want one of %v", n, t.Name, p, p.Choices())
		}
	}
	return nil
}

// fits tells whether the conditions hold.
func (t Trigger) fits(i *Incident, children int) bool {
	return (len(t.Priorities) == 0 || slices.Contains(t.Priorities, i.Priority)) &&
		(len(t.Categories) == 0 || slices.Contains(t.Categories, i.Category)) &&
		(len(t.Services) == 0 || slices.ContainsFunc(t.Services, func(r itsm.Ref) bool {
			return r == i.Service || slices.Contains(i.Affected, r)
		})) &&
		len(i.Affected) >= t.MinAffected && children >= t.MinChildren
}

// trigger puts the incident on the track by the first rule that fits.
func (i *Incident) trigger(rules []Trigger, children int, m itsm.Moment) {
	for _, t := range rules {
		if !t.fits(i, children) {
			continue
		}
		i.Major = &Major{Status: Proposed, Reason: t.reason(children), Trigger: t.Name, ProposedAt: m.Time}
		if t.Manager != "" {
			i.Major.Status, i.Major.AcceptedAt, i.Major.Manager = Accepted, m.Time, t.Manager
		}
		return
	}
}

func (t Trigger) reason(children int) string {
	if t.MinChildren > 0 {
		return "rule " + t.Name + ": " + strconv.Itoa(children) + " children"
	}
	return "rule " + t.Name
}
