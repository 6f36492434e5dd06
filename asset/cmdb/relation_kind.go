package cmdb

import (
	"slices"
	"strconv"
	"sync"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/lifecycle"
)

// The handles by which relations are found, beside those that every kind has. Those that ended are found by their ends
// and their state only.
var (
	// RelationsByEnd finds the relations that start or end at a record.
	RelationsByEnd = itsm.PointsEach("end", func(r *Relation) []itsm.Ref { return []itsm.Ref{r.Source, r.Target} })
	// RelationsBySource and RelationsByTarget find the active ones at one end.
	RelationsBySource = itsm.Text("source", func(r *Relation) string { return active(r, r.Source.String()+" "+r.Type) }).Sparse()
	RelationsByTarget = itsm.Text("target", func(r *Relation) string { return active(r, r.Target.String()+" "+r.Type) }).Sparse()
	RelationsByType   = itsm.Text("type", func(r *Relation) string { return r.Type })
	// RelationsByPair finds the active relation of a type between two ends, by what [PairKey] makes of them.
	RelationsByPair = itsm.Text("pair", func(r *Relation) string { return active(r, r.key()) }).Unique()
	// RelationsBySays finds the active ones of which a source says so.
	RelationsBySays = itsm.Texts("says", func(r *Relation) []string {
		if r.State != Active {
			return nil
		}
		var out []string
		for _, s := range r.Says {
			out = append(out, s.Source)
		}
		return out
	})
)

// PairKey returns the value of [RelationsByPair] for a relation.
func PairKey(source itsm.Ref, relation string, target itsm.Ref) string {
	return (&Relation{Source: source, Type: relation, Target: target}).key()
}

func active(r *Relation, key string) string {
	if r.State != Active {
		return ""
	}
	return key
}

// RelationRules returns the lifecycle of a relation as a table.
func RelationRules() []lifecycle.Rule {
	live, all := []lifecycle.State{Active}, []lifecycle.State{Active, Ended}
	return []lifecycle.Rule{
		{On: "connect", From: []lifecycle.State{""}, To: Active},
		{On: "confirm", From: live, Stay: true},
		{On: "support", From: live, Stay: true},
		{On: "set_weight", From: live, Stay: true},
		{On: "withdraw", From: live, To: Ended, Stay: true},
		{On: "disconnect", From: live, To: Ended},
		{On: "comment", From: all, Stay: true},
		{On: "set_attributes", From: all, Stay: true},
	}
}

var relations = sync.OnceValue(func() *itsm.Kind[Relation] {
	k, err := NewRelationKind()
	if err != nil {
		panic(err) // the declaration is a constant, and a test makes it
	}
	return k
})

// RelationKind returns the standard relation. It is made once, on first use.
func RelationKind() *itsm.Kind[Relation] { return relations() }

// NewRelationKind returns the relation with a vendor's own fields.
func NewRelationKind(fields ...itsm.Field) (*itsm.Kind[Relation], error) {
	l, err := lifecycle.New(RelationRules(), Ended)
	if err != nil {
		return nil, err
	}
	return itsm.NewKind(RelationName, itsm.Declaration[Relation]{
		Lifecycle: l,
		Actions: []itsm.Offer[Relation]{itsm.Do(Connect{}), itsm.Do(Confirm{}), itsm.Do(Support{}), itsm.Do(SetWeight{}), itsm.Do(Withdraw{}), itsm.Do(Disconnect{}),
			itsm.Do(itsm.Comment[Relation]{}), itsm.Do(itsm.SetAttributes[Relation]{})},
		Indexes: []itsm.Indexed[Relation]{RelationsByEnd, RelationsBySource, RelationsByTarget, RelationsByType, RelationsByPair, RelationsBySays,
			// What the rules allow once is unique, so that two who connect at the same time cannot break it.
			itsm.Text("only_target", func(r *Relation) string {
				if !r.OnlyTarget {
					return ""
				}
				return active(r, r.Source.String()+" "+r.Type)
			}).Unique(),
			itsm.Text("only_source", func(r *Relation) string {
				if !r.OnlySource {
					return ""
				}
				return active(r, r.Target.String()+" "+r.Type)
			}).Unique()},
		Number: itsm.Numbering{Prefix: "REL"},
		Keyed:  []itsm.Keyed{{List: "says", By: []string{"source"}}},
		Max:    map[string]int{"type": 60},
		Fields: fields,
		Validate: func(r *Relation, c *itsm.Checker) {
			c.Required(r.Type, "type")
			ok := func(weight int) bool { return weight >= 0 && weight <= MaxWeight }
			c.Check(ok(r.Fixed) && !slices.ContainsFunc(r.Says, func(s Say) bool { return !ok(s.Weight) }), "weight", "range", "min", "0", "max", strconv.Itoa(MaxWeight))
			c.Check((r.State == Ended) == !r.Ended.At.IsZero(), "ended", "goes_with_state", "state", string(Ended))
		},
	})
}
