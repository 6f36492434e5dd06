package sla

import (
	"sync"
	"time"

	"github.com/itsmkit/itsm"
)

// The handles by which agreements are found.
var (
	AgreementsByType     = itsm.Text("type", func(a *Agreement) AgreementType { return a.Type })
	AgreementsByCustomer = itsm.Texts("customer", func(a *Agreement) []string { return a.Customers })
	AgreementsByService  = itsm.PointsEach("service", func(a *Agreement) []itsm.Ref { return a.Services })
	AgreementsByGroup    = itsm.Texts("group", func(a *Agreement) []string { return a.Groups })
	// AgreementsBySupersedes finds the editions that follow one.
	AgreementsBySupersedes = itsm.Points("supersedes", func(a *Agreement) itsm.Ref { return a.Supersedes }).Sparse()
	// AgreementsByEnd is the end of those that are signed and have not ended: what a sweep looks for.
	AgreementsByEnd = itsm.When("valid_until", func(a *Agreement) time.Time {
		if a.State != Active && a.State != InReview {
			return time.Time{}
		}
		return a.ValidUntil
	}).Sparse()
)

var agreements = sync.OnceValue(func() *itsm.Kind[Agreement] {
	k, err := NewAgreementKind()
	if err != nil {
		panic(err) // the declaration is a constant, and a test makes it
	}
	return k
})

// AgreementKind returns the kind of agreements, which may be about records of any kind. Their conditions are checked for
// themselves, but not against the records: see [NewAgreementKind].
func AgreementKind() *itsm.Kind[Agreement] { return agreements() }

// NewAgreementKind returns the kind of agreements about records of some kinds: each agreement is checked against the
// description of the kind that it is about, see [CheckAgreement]. Without any it is about anything.
func NewAgreementKind(about ...itsm.Description) (*itsm.Kind[Agreement], error) {
	catalogs, err := catalogsOf(about)
	if err != nil {
		return nil, err
	}
	return itsm.NewKind(AgreementName, itsm.Declaration[Agreement]{
		Lifecycle: AgreementLifecycle(),
		Actions: []itsm.Offer[Agreement]{itsm.Do(Draft{}), itsm.Do(Revise{}), itsm.Do(Edit{}, isUnsigned), itsm.Do(Offer{}), itsm.Do(Sign{}),
			itsm.Do(BeginReview{}), itsm.Do(EndReview{}), itsm.Do(itsm.Review[Agreement]{}),
			itsm.Do(Supersede{}), itsm.Do(Expire{}, hasEnded), itsm.Do(Terminate{}),
			itsm.Do(itsm.Comment[Agreement]{}), itsm.Do(itsm.Relate[Agreement]{}), itsm.Do(itsm.Unrelate[Agreement]{}), itsm.Do(itsm.SetAttributes[Agreement]{})},
		Indexes: []itsm.Indexed[Agreement]{AgreementsByType, AgreementsByCustomer, AgreementsByService, AgreementsByGroup,
			AgreementsBySupersedes, AgreementsByEnd},
		Number: itsm.Numbering{Prefix: "AGR"},
		Keyed:  []itsm.Keyed{{List: "services"}, {List: "customers"}, {List: "groups"}},
		Long:   []string{"ended_for"},
		Search: []string{"title"},
		Review: func(a *Agreement) *itsm.ReviewClock { return &a.Review },
		Validate: func(a *Agreement, c *itsm.Checker) {
			found := a.problems()
			found.record(a)
			if about := catalogs[a.Kind]; about != nil {
				found.list = append(found.list, about.agreement(a)...)
			} else if len(catalogs) > 0 && a.Kind != "" {
				found.add("kind", "unknown", "value", clip(a.Kind), "near", near(a.Kind, names(catalogs)))
			}
			for _, p := range found.list {
				c.Fail(p.Path, p.Code, pairs(p.Params)...)
			}
		},
	})
}

// isUnsigned denies what would change a signed agreement.
func isUnsigned(a *Agreement, _ itsm.Moment) error {
	if !a.SignedAt.IsZero() {
		return itsm.Deny("signed", "at", a.SignedAt.Format(time.RFC3339), "want", "another edition")
	}
	return nil
}

// hasEnded denies until the end of the agreement has come.
func hasEnded(a *Agreement, m itsm.Moment) error {
	switch {
	case a.ValidUntil.IsZero():
		return itsm.Deny("open_ended")
	case m.Time.Before(a.ValidUntil):
		return itsm.Deny("not_due", "at", a.ValidUntil.Format(time.RFC3339))
	}
	return nil
}
