package cmdb

import (
	"sync"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/lifecycle"
)

// The handles by which candidates are found and ordered, beside those that every kind has.
var (
	CandidatesBySource = itsm.Text("source", func(c *Candidate) string { return c.Source })
	// CandidatesByClaim finds the one candidate of a thing that a source names.
	CandidatesByClaim = itsm.Text("claim", func(c *Candidate) string { return c.Claim }).Unique()
	// CandidatesByItem finds the candidates in which an item is in question, or that are it.
	CandidatesByItem = itsm.PointsEach("item", func(c *Candidate) []itsm.Ref {
		var out []itsm.Ref
		if !c.Item.IsZero() {
			out = append(out, c.Item)
		}
		for _, e := range c.Found {
			out = append(out, e.Item)
		}
		return out
	})
)

// CandidateRules returns the lifecycle of a candidate as a table.
func CandidateRules() []lifecycle.Rule {
	open := []lifecycle.State{CandidateOpen}
	all := []lifecycle.State{CandidateOpen, CandidateMatched, CandidateCreated, CandidateDiscarded}
	return []lifecycle.Rule{
		{On: "raise", From: []lifecycle.State{""}, To: CandidateOpen},
		{On: "renew", From: all, To: CandidateOpen},
		{On: "match", From: open, To: CandidateMatched},
		{On: "create", From: open, To: CandidateCreated},
		{On: "discard", From: open, To: CandidateDiscarded},
		{On: "comment", From: all, Stay: true},
		{On: "set_attributes", From: all, Stay: true},
	}
}

var candidates = sync.OnceValue(func() *itsm.Kind[Candidate] {
	k, err := NewCandidateKind()
	if err != nil {
		panic(err) // the declaration is a constant, and a test makes it
	}
	return k
})

// CandidateKind returns the standard candidate. It is made once, on first use.
func CandidateKind() *itsm.Kind[Candidate] { return candidates() }

// NewCandidateKind returns the candidate with a vendor's own fields.
func NewCandidateKind(fields ...itsm.Field) (*itsm.Kind[Candidate], error) {
	l, err := lifecycle.New(CandidateRules())
	if err != nil {
		return nil, err
	}
	return itsm.NewKind(CandidateName, itsm.Declaration[Candidate]{
		Lifecycle: l,
		Actions: []itsm.Offer[Candidate]{itsm.Do(Raise{}), itsm.Do(Renew{}), itsm.Do(Match{}), itsm.Do(Create{}), itsm.Do(Discard{}),
			itsm.Do(itsm.Comment[Candidate]{}), itsm.Do(itsm.SetAttributes[Candidate]{})},
		Indexes: []itsm.Indexed[Candidate]{CandidatesBySource, CandidatesByClaim, CandidatesByItem},
		Number:  itsm.Numbering{Prefix: "CAND"},
		Max:     map[string]int{"class": 40},
		Fields:  fields,
		Validate: func(c *Candidate, check *itsm.Checker) {
			check.Required(c.Source, "source")
			check.Required(c.Claim, "claim")
			check.Required(c.Why, "why")
			is := c.State == CandidateMatched || c.State == CandidateCreated
			check.Check(is == (c.Item.Kind == ItemName), "item", "goes_with_state", "want", "an item of a candidate that is matched or created, and none else")
		},
	})
}
