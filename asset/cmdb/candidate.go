package cmdb

import (
	"slices"
	"strings"
	"time"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/lifecycle"
)

// CandidateName is the name of the kind of candidates.
const CandidateName = "ci_candidate"

// Candidate is what a source reports and the rules do not recognise for certain: a person decides what it is, by
// [Database.Decide]. There is one for each thing that a source names. The decision stands as long as the rules find the
// same: later imports follow it. What is found anew, and of a discarded one also what is said anew, opens it again.
type Candidate struct {
	itsm.Header
	Source string          `json:"source"`
	Key    string          `json:"key,omitempty"` // the source's own
	Class  string          `json:"class"`
	Values itsm.Attributes `json:"values,omitempty"`
	Claim  string          `json:"claim"` // what it is known by: the key, or else its identifiers
	Why    string          `json:"why"`   // see [WhySeveral]
	Found  []Evidence      `json:"found,omitempty"`
	LastAt time.Time       `json:"last_at"`       // when the source last said so, as [Report].LastAt
	Item   itsm.Ref        `json:"item,omitzero"` // that it is
	Reason string          `json:"reason,omitempty"`
}

// The states of a candidate.
const (
	CandidateOpen      lifecycle.State = "open"
	CandidateMatched   lifecycle.State = "matched"   // it is an item that was there
	CandidateCreated   lifecycle.State = "created"   // it is an item of its own
	CandidateDiscarded lifecycle.State = "discarded" // it is nothing
)

// concerns tells whether all that the rules find was before the person who decided.
func (c *Candidate) concerns(found []Evidence) bool {
	for _, e := range found {
		if e.Item != c.Item && !slices.ContainsFunc(c.Found, func(o Evidence) bool { return o.Item == e.Item }) {
			return false
		}
	}
	return true
}

// Raise opens a candidate. Imports do it.
type Raise struct {
	Source string          `json:"source"`
	Key    string          `json:"key,omitempty"`
	Class  string          `json:"class"`
	Values itsm.Attributes `json:"values,omitempty"`
	Claim  string          `json:"claim"`
	Why    string          `json:"why"`
	Found  []Evidence      `json:"found"`
}

// Name returns "raise".
func (Raise) Name() string { return "raise" }

// Apply fills the candidate in.
func (a Raise) Apply(c *Candidate, m itsm.Moment) error {
	c.Source, c.Key, c.Claim = a.Source, a.Key, a.Claim
	c.Class, c.Values, c.Why, c.Found, c.LastAt = a.Class, a.Values, a.Why, a.Found, m.Time
	return nil
}

// Renew notes what the source says now and what the rules find. A candidate that was decided is open again.
type Renew struct {
	Class  string          `json:"class"`
	Values itsm.Attributes `json:"values,omitempty"`
	Why    string          `json:"why"`
	Found  []Evidence      `json:"found"`
}

// Name returns "renew".
func (Renew) Name() string { return "renew" }

// Apply takes over what is said and found.
func (a Renew) Apply(c *Candidate, m itsm.Moment) error {
	c.Class, c.Values, c.Why, c.Found, c.LastAt = a.Class, a.Values, a.Why, a.Found, m.Time
	c.Item, c.Reason = itsm.Ref{}, ""
	return nil
}

// Match decides that the candidate is an item that is there: what the source says is reported of it.
type Match struct {
	Item itsm.Ref `json:"item"`
}

// Name returns "match".
func (Match) Name() string { return "match" }

// Apply notes the item.
func (a Match) Apply(c *Candidate, m itsm.Moment) error {
	if _, ok := m.Facts.(decided); !ok {
		return itsm.Invalid("", "database_required", "want", "Database.Decide, which does the item's action too")
	}
	c.Item = a.Item
	return nil
}

// Create decides that the candidate is an item of its own, and opens it.
type Create struct{}

// Name returns "create".
func (Create) Name() string { return "create" }

// Apply notes the item.
func (Create) Apply(c *Candidate, m itsm.Moment) error {
	made, ok := m.Facts.(decided)
	if !ok {
		return itsm.Invalid("", "database_required", "want", "Database.Decide, which opens the item too")
	}
	c.Item = made.item
	return nil
}

// Discard decides that the candidate is nothing that has to be known.
type Discard struct {
	Reason string `json:"reason"`
}

// Name returns "discard".
func (Discard) Name() string { return "discard" }

// Apply notes the reason.
func (a Discard) Apply(c *Candidate, _ itsm.Moment) error {
	if strings.TrimSpace(a.Reason) == "" {
		return itsm.Invalid("reason", "required")
	}
	c.Reason = a.Reason
	return nil
}
