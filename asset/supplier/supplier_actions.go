package supplier

import (
	"slices"
	"strings"

	"github.com/itsmkit/itsm"
)

// Propose opens a supplier.
type Propose struct {
	Title    string    `json:"title"`
	Code     string    `json:"code,omitempty"`
	Owner    string    `json:"owner,omitempty"`
	Contacts []Contact `json:"contacts,omitempty"`
}

// Name returns "propose".
func (Propose) Name() string { return "propose" }

// Apply fills in the supplier.
func (a Propose) Apply(s *Supplier, _ itsm.Moment) error {
	s.Title, s.Code, s.Owner, s.Contacts = a.Title, strings.TrimSpace(a.Code), a.Owner, slices.Clone(a.Contacts)
	return nil
}

// Assess judges value and risk; the category follows by the matrix.
type Assess struct {
	Value       Level       `json:"value"`
	Risk        Level       `json:"risk"`
	Reason      string      `json:"reason"`
	ReviewEvery itsm.Period `json:"review_every,omitzero"` // how often to judge again; none leaves what it was
}

// Name returns "assess".
func (Assess) Name() string { return "assess" }

// Apply sets both.
func (a Assess) Apply(s *Supplier, _ itsm.Moment) error {
	for _, x := range []struct{ path, value string }{{"value", string(a.Value)}, {"risk", string(a.Risk)}, {"reason", strings.TrimSpace(a.Reason)}} {
		if x.value == "" {
			return itsm.Invalid(x.path, "required")
		}
	}
	s.Value, s.Risk, s.Judged = a.Value, a.Risk, a.Reason
	if !a.ReviewEvery.IsZero() {
		s.Review.Every = a.ReviewEvery
	}
	return nil
}

// Approve lets contracts be signed with the supplier.
type Approve struct{}

// Name returns "approve".
func (Approve) Name() string { return "approve" }

// Apply has nothing to do: the guard asks for the assessment.
func (Approve) Apply(*Supplier, itsm.Moment) error { return nil }

// Reject turns a candidate down.
type Reject struct {
	Reason string `json:"reason"`
}

// Name returns "reject".
func (Reject) Name() string { return "reject" }

// Apply notes the reason.
func (a Reject) Apply(s *Supplier, _ itsm.Moment) error { return s.end(a.Reason) }

// Suspend lets no new contracts be signed.
type Suspend struct {
	Reason string `json:"reason"`
}

// Name returns "suspend".
func (Suspend) Name() string { return "suspend" }

// Apply says the reason.
func (a Suspend) Apply(_ *Supplier, m itsm.Moment) error { return say(a.Reason, m) }

// Readmit ends a suspension.
type Readmit struct {
	Reason string `json:"reason"`
}

// Name returns "readmit".
func (Readmit) Name() string { return "readmit" }

// Apply says the reason.
func (a Readmit) Apply(_ *Supplier, m itsm.Moment) error { return say(a.Reason, m) }

// End ends the relation. It is not possible as long as contracts are in force, where the desk has [Facts].
type End struct {
	Reason string `json:"reason"`
}

// Name returns "end".
func (End) Name() string { return "end" }

// Apply notes the reason.
func (a End) Apply(s *Supplier, _ itsm.Moment) error { return s.end(a.Reason) }

func (s *Supplier) end(reason string) error {
	if strings.TrimSpace(reason) == "" {
		return itsm.Invalid("reason", "required")
	}
	s.Ended, s.Review.Every = reason, itsm.Period{}
	return nil
}

func say(reason string, m itsm.Moment) error {
	if strings.TrimSpace(reason) == "" {
		return itsm.Invalid("reason", "required")
	}
	m.Say(reason, false)
	return nil
}

// Edit replaces what the supplier is known by. An empty field stays.
type Edit struct {
	Title string `json:"title,omitempty"`
	Code  string `json:"code,omitempty"`
	Owner string `json:"owner,omitempty"`
}

// Name returns "edit".
func (Edit) Name() string { return "edit" }

// Apply replaces what is given.
func (a Edit) Apply(s *Supplier, _ itsm.Moment) error {
	if a == (Edit{}) {
		return itsm.Invalid("", "nothing_given")
	}
	replace(&s.Title, a.Title)
	replace(&s.Code, strings.TrimSpace(a.Code))
	replace(&s.Owner, a.Owner)
	return nil
}

// SetContacts replaces the contacts.
type SetContacts struct {
	Contacts []Contact `json:"contacts"`
}

// Name returns "set_contacts".
func (SetContacts) Name() string { return "set_contacts" }

// Apply replaces all of them.
func (a SetContacts) Apply(s *Supplier, _ itsm.Moment) error {
	s.Contacts = slices.Clone(a.Contacts)
	return nil
}

// replace sets a field unless the new value is its zero.
func replace[V comparable](field *V, value V) {
	if value != *new(V) {
		*field = value
	}
}
