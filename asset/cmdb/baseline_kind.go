package cmdb

import (
	"sync"
	"time"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/lifecycle"
)

// The handles by which baselines are found, beside those that every kind has.
var (
	BaselinesByTitle   = itsm.Text("title", func(b *Baseline) string { return b.Title })
	BaselinesByInstant = itsm.When("at", func(b *Baseline) time.Time { return b.At })
)

// BaselineRules returns the lifecycle of a baseline as a table.
func BaselineRules() []lifecycle.Rule {
	open, all := []lifecycle.State{Proposed, Authorised}, []lifecycle.State{Proposed, Authorised, Superseded, Withdrawn}
	return []lifecycle.Rule{
		{On: "propose", From: []lifecycle.State{""}, To: Proposed},
		{On: "seal", From: []lifecycle.State{Proposed}, Stay: true},
		{On: "authorise", From: []lifecycle.State{Proposed}, To: Authorised},
		{On: "supersede", From: []lifecycle.State{Authorised}, To: Superseded},
		{On: "withdraw", From: open, To: Withdrawn},
		{On: "comment", From: all, Stay: true},
		{On: "relate", From: all, Stay: true},
		{On: "unrelate", From: all, Stay: true},
		{On: "set_attributes", From: all, Stay: true},
	}
}

var baselines = sync.OnceValue(func() *itsm.Kind[Baseline] {
	k, err := NewBaselineKind()
	if err != nil {
		panic(err) // the declaration is a constant, and a test makes it
	}
	return k
})

// BaselineKind returns the standard baseline. It is made once, on first use.
func BaselineKind() *itsm.Kind[Baseline] { return baselines() }

// NewBaselineKind returns the baseline with a vendor's own fields.
func NewBaselineKind(fields ...itsm.Field) (*itsm.Kind[Baseline], error) {
	l, err := lifecycle.New(BaselineRules(), Superseded, Withdrawn)
	if err != nil {
		return nil, err
	}
	return itsm.NewKind(BaselineName, itsm.Declaration[Baseline]{
		Lifecycle: l,
		Actions: []itsm.Offer[Baseline]{itsm.Do(ProposeBaseline{}), itsm.Do(SealBaseline{}, isUnsealed), itsm.Do(AuthoriseBaseline{}, isSealed),
			itsm.Do(SupersedeBaseline{}), itsm.Do(WithdrawBaseline{}), itsm.Do(itsm.Comment[Baseline]{}), itsm.Do(itsm.Relate[Baseline]{}),
			itsm.Do(itsm.Unrelate[Baseline]{}), itsm.Do(itsm.SetAttributes[Baseline]{})},
		Indexes: []itsm.Indexed[Baseline]{BaselinesByTitle, BaselinesByInstant},
		Number:  itsm.Numbering{Prefix: "BL"},
		Max:     map[string]int{"title": 200, "description": 1000},
		Search:  []string{"title", "description"},
		Fields:  fields,
		Validate: func(b *Baseline, c *itsm.Checker) {
			c.Required(b.Title, "title")
			c.Check(b.Supersedes.IsZero() || b.Supersedes.Kind == BaselineName && b.Supersedes.ID != b.ID, "supersedes", "kind", "want", "another "+BaselineName)
		},
	})
}

func isSealed(b *Baseline, _ itsm.Moment) error {
	if b.Seal.Digest == "" {
		return itsm.Deny("not_sealed", "want", "seal first")
	}
	return nil
}

func isUnsealed(b *Baseline, _ itsm.Moment) error {
	if b.Seal.Digest != "" {
		return itsm.Deny("sealed")
	}
	return nil
}
