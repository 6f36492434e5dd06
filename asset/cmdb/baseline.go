package cmdb

import (
	"strings"
	"time"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/lifecycle"
)

// BaselineName is the name of the kind of baselines.
const BaselineName = "ci_baseline"

// Baseline is a state of the database at an instant that somebody may agree to: what later states are measured by.
//
// It holds no copies. What it holds follows from the history: the events that were stored before the baseline was, and
// that happened until its instant. So nothing that is dated back later changes it. Its digest proves it, see
// [Database.Verify].
type Baseline struct {
	itsm.Header
	Title       string    `json:"title"`
	Description string    `json:"description,omitempty"`
	At          time.Time `json:"at"`
	Scope       Scope     `json:"scope,omitzero"` // none: everything
	Seal        Seal      `json:"seal,omitzero"`
	Supersedes  itsm.Ref  `json:"supersedes,omitzero"` // an earlier baseline, in whose place it is
	Superseded  itsm.Ref  `json:"superseded_by,omitzero"`
	Withdrawn   Ending    `json:"withdrawn,omitzero"`
}

// Seal is what a baseline was found to hold.
type Seal struct {
	Items     int `json:"items"`
	Relations int `json:"relations"`
	// Digest is the SHA-256 in hexadecimal of a line of JSON for each item and then for each relation, in the order of
	// [Differences]: {"item":"ci/…","content":{…}} and {"source":"…","type":"…","target":"…","content":{…}}, each with a
	// line feed.
	Digest string `json:"digest"`
}

// The states of a baseline.
const (
	Proposed   lifecycle.State = "proposed"
	Authorised lifecycle.State = "authorised"
	Superseded lifecycle.State = "superseded"
	Withdrawn  lifecycle.State = "withdrawn"
)

// ProposeBaseline opens a baseline. [Database.TakeBaseline] does that and seals it.
type ProposeBaseline struct {
	Title       string    `json:"title"`
	Description string    `json:"description,omitempty"`
	At          time.Time `json:"at,omitzero"` // not in the future; zero: now
	Scope       Scope     `json:"scope,omitzero"`
}

// Name returns "propose".
func (ProposeBaseline) Name() string { return "propose" }

// Apply checks the scope and the instant.
func (a ProposeBaseline) Apply(b *Baseline, m itsm.Moment) error {
	if err := a.Scope.check(judgeOf(m).model, "scope"); err != nil {
		return err
	}
	if a.At.After(m.Time) {
		return itsm.Invalid("at", "in_the_future", "value", a.At.Format(time.RFC3339Nano), "latest", m.Time.Format(time.RFC3339Nano))
	}
	if b.At = a.At; b.At.IsZero() {
		b.At = m.Time
	}
	b.Title, b.Description, b.Scope = a.Title, a.Description, a.Scope
	return nil
}

// SealBaseline reckons what a baseline holds and keeps the digest.
type SealBaseline struct{}

// Name returns "seal".
func (SealBaseline) Name() string { return "seal" }

// Apply sets the seal that the database has reckoned.
func (SealBaseline) Apply(b *Baseline, m itsm.Moment) error {
	seal, ok := m.Facts.(Seal)
	if !ok {
		return itsm.Invalid("", "database_required", "want", "the desk of a cmdb.Database")
	}
	b.Seal = seal
	return nil
}

// AuthoriseBaseline says that the baseline is what ought to be. [Database.AuthoriseBaseline] does that and supersedes
// another one.
type AuthoriseBaseline struct {
	Supersedes itsm.Ref `json:"supersedes,omitzero"`
}

// Name returns "authorise".
func (AuthoriseBaseline) Name() string { return "authorise" }

// Apply notes which one it supersedes.
func (a AuthoriseBaseline) Apply(b *Baseline, _ itsm.Moment) error {
	b.Supersedes = a.Supersedes
	return nil
}

// SupersedeBaseline says that another baseline is in the place of this one.
type SupersedeBaseline struct {
	By itsm.Ref `json:"by"`
}

// Name returns "supersede".
func (SupersedeBaseline) Name() string { return "supersede" }

// Apply notes the other one.
func (a SupersedeBaseline) Apply(b *Baseline, _ itsm.Moment) error {
	if a.By.Kind != BaselineName || a.By.ID == b.ID {
		return itsm.Invalid("by", "kind", "want", "another "+BaselineName, "value", a.By.String())
	}
	b.Superseded = a.By
	return nil
}

// WithdrawBaseline says that the baseline counts no longer.
type WithdrawBaseline struct {
	Reason string `json:"reason"`
}

// Name returns "withdraw".
func (WithdrawBaseline) Name() string { return "withdraw" }

// Apply notes the reason.
func (a WithdrawBaseline) Apply(b *Baseline, m itsm.Moment) error {
	if strings.TrimSpace(a.Reason) == "" {
		return itsm.Invalid("reason", "required")
	}
	b.Withdrawn = Ending{At: m.Time, Reason: a.Reason}
	return nil
}
