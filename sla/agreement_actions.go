package sla

import (
	"strconv"
	"strings"
	"time"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/lifecycle"
)

// Draft opens an agreement: its first edition.
type Draft struct {
	Terms Clauses `json:"terms"`
}

// Name returns "draft".
func (Draft) Name() string { return "draft" }

// Apply takes over the terms.
func (a Draft) Apply(g *Agreement, _ itsm.Moment) error {
	a.Terms.onto(g)
	g.Edition = 1
	return nil
}

// Revise opens the next edition of a signed agreement. Its terms are given whole: begin with [Agreement.Clauses]. The type
// and the kind of records stay. It needs the facts of [AgreementFacts].
//
// The old edition stays in force until it is superseded: first do [Supersede] to it, with the date from which the new one
// is valid, then [Sign] the new one.
type Revise struct {
	Supersedes itsm.Ref `json:"supersedes"`
	Terms      Clauses  `json:"terms"`
}

// Name returns "revise".
func (Revise) Name() string { return "revise" }

// Apply takes over the terms and counts the edition.
func (a Revise) Apply(g *Agreement, m itsm.Moment) error {
	known, err := neighbours(m)
	if err != nil {
		return err
	}
	old := &known.Supersedes
	switch {
	case a.Supersedes.IsZero() || old.Ref(AgreementName) != a.Supersedes:
		return itsm.Invalid("supersedes", "not_found", "value", a.Supersedes.String())
	case old.SignedAt.IsZero():
		return itsm.Invalid("supersedes", "not_signed", "agreement", old.called())
	case a.Terms.Type != old.Type:
		return itsm.Invalid("terms.type", "other_than_before", "value", string(a.Terms.Type), "want", string(old.Type))
	case a.Terms.Kind != old.Kind:
		return itsm.Invalid("terms.kind", "other_than_before", "value", a.Terms.Kind, "want", old.Kind)
	}
	a.Terms.onto(g)
	g.Supersedes, g.Edition = a.Supersedes, old.Edition+1
	return nil
}

// Edit replaces the terms of an agreement that is not signed. Its edition, and a type and kind that come from the edition
// before, stay.
type Edit struct {
	Terms Clauses `json:"terms"`
}

// Name returns "edit".
func (Edit) Name() string { return "edit" }

// Apply takes over the terms.
func (a Edit) Apply(g *Agreement, _ itsm.Moment) error {
	if !g.Supersedes.IsZero() && (a.Terms.Type != g.Type || a.Terms.Kind != g.Kind) {
		return itsm.Invalid("terms.type", "other_than_before", "want", string(g.Type)+" over "+g.Kind)
	}
	a.Terms.onto(g)
	return nil
}

// Offer puts a draft before the other party.
type Offer struct{}

// Name returns "offer".
func (Offer) Name() string { return "offer" }

// Apply changes nothing but the state.
func (Offer) Apply(*Agreement, itsm.Moment) error { return nil }

// Sign activates an agreement. It takes effect at its ValidFrom, which may lie ahead but not behind: nothing that was
// decided is judged anew. Without one it takes effect now. An agreement that was signed earlier is entered with itsm.At.
//
// It is refused where another signed agreement of the type is equally specific and would cover the same records at some
// time, and names that one. What its operational targets cannot keep is noted as findings, on the agreement and as the
// fact "findings" of the event; see [Support]. It needs the facts of [AgreementFacts].
//
// Two that are signed at the same instant may miss each other; [Compile] then refuses them together.
type Sign struct {
	By string `json:"by"` // who signed for the other party
}

// Name returns "sign".
func (Sign) Name() string { return "sign" }

// Apply signs.
func (a Sign) Apply(g *Agreement, m itsm.Moment) error {
	known, err := neighbours(m)
	switch {
	case err != nil:
		return err
	case strings.TrimSpace(a.By) == "":
		return itsm.Invalid("by", "required")
	case g.ValidFrom.IsZero():
		g.ValidFrom = m.Time
	case g.ValidFrom.Before(m.Time):
		return itsm.Invalid("valid_from", "past", "value", g.ValidFrom.Format(time.RFC3339), "now", m.Time.Format(time.RFC3339))
	}
	for i := range known.Signed {
		if other := &known.Signed[i]; Overlap(g, other) {
			return itsm.Invalid("", "overlaps", "agreement", other.called(), "title", other.Title, "edition", strconv.Itoa(other.Edition))
		}
	}
	g.SignedAt, g.SignedBy = m.Time, a.By
	g.Findings = findings(g, known.Signed)
	if len(g.Findings) == 0 {
		return nil
	}
	return m.Record("findings", g.Findings)
}

// Supersede ends a signed agreement at a date, from which another edition holds. The date may only be brought forward,
// lies behind the one from which it is valid, and not in the past.
type Supersede struct {
	At time.Time `json:"at"`
}

// Name returns "supersede".
func (Supersede) Name() string { return "supersede" }

// Apply sets the end.
func (a Supersede) Apply(g *Agreement, m itsm.Moment) error {
	at := itsm.Instant(a.At)
	if at.IsZero() {
		return itsm.Invalid("at", "required")
	}
	if !at.After(g.ValidFrom) {
		return itsm.Invalid("at", "before_valid_from", "valid_from", g.ValidFrom.Format(time.RFC3339), "want", "terminate what never takes effect")
	}
	return g.end(at, m)
}

// end sets the end of a signed agreement.
func (a *Agreement) end(at time.Time, m itsm.Moment) error {
	switch {
	case at.Before(m.Time):
		return itsm.Invalid("at", "past", "now", m.Time.Format(time.RFC3339))
	case !a.ValidUntil.IsZero() && at.After(a.ValidUntil):
		return itsm.Invalid("at", "after_valid_until", "valid_until", a.ValidUntil.Format(time.RFC3339))
	}
	a.ValidUntil = at
	return nil
}

// Expire notes that the end of an agreement has come: it is expired, or terminated if that was why it ended.
type Expire struct{}

// Name returns "expire".
func (Expire) Name() string { return "expire" }

// Apply chooses the state.
func (Expire) Apply(a *Agreement, _ itsm.Moment) error {
	if a.EndedFor != "" {
		a.State = Terminated
	}
	return nil
}

// BeginReview says that the agreement is looked at again. It stays in force.
type BeginReview struct {
	Text string `json:"text,omitempty"`
}

// Name returns "begin_review".
func (BeginReview) Name() string { return "begin_review" }

// Apply notes the text.
func (a BeginReview) Apply(_ *Agreement, m itsm.Moment) error {
	m.Say(a.Text, false)
	return nil
}

// EndReview says what came of a review, from which the next one is counted. New terms are another edition, see [Revise].
type EndReview struct {
	Outcome string `json:"outcome"` // "confirmed", "revised"
	Text    string `json:"text,omitempty"`
}

// Name returns "end_review".
func (EndReview) Name() string { return "end_review" }

// Apply sets the review clock.
func (a EndReview) Apply(g *Agreement, m itsm.Moment) error {
	if strings.TrimSpace(a.Outcome) == "" {
		return itsm.Invalid("outcome", "required")
	}
	g.Review.Last, g.Review.By, g.Review.Outcome = m.Time, m.Actor.ID, a.Outcome
	m.Say(a.Text, false)
	return nil
}

// Terminate ends an agreement before its time, now or at a date ahead. Until then it stays in force. One that is not signed
// is given up. One that would take effect only later never does.
type Terminate struct {
	Reason string    `json:"reason"`
	At     time.Time `json:"at,omitzero"` // zero: now
}

// Name returns "terminate".
func (Terminate) Name() string { return "terminate" }

// Apply notes the reason and sets the end.
func (a Terminate) Apply(g *Agreement, m itsm.Moment) error {
	if strings.TrimSpace(a.Reason) == "" {
		return itsm.Invalid("reason", "required")
	}
	g.EndedFor = a.Reason
	at := itsm.Instant(a.At)
	switch {
	case g.SignedAt.IsZero() && !at.IsZero():
		return itsm.Invalid("at", "not_signed")
	case g.SignedAt.IsZero():
		return nil
	case at.IsZero():
		at = m.Time
	}
	if err := g.end(at, m); err != nil {
		return err
	}
	switch {
	case !at.After(g.ValidFrom):
		g.ValidUntil = g.ValidFrom
	case at.After(m.Time):
		g.State = lifecycle.Stay
	}
	return nil
}
