package cmdb

import "slices"

// Spread is the way that failure goes along a relation.
type Spread string

// The ways that failure goes.
const (
	// ToSource: what the relation starts at fails with what it points at. A server runs on a host.
	ToSource Spread = "to_source"
	// ToTarget: what the relation points at fails with what it starts at. A disk is a member of an array.
	ToTarget Spread = "to_target"
	// Nowhere: the relation is a fact that spreads no failure. A database is backed up by a tape library.
	Nowhere Spread = "nowhere"
)

// Spreads lists the ways, for pick boxes.
func Spreads() []Spread { return []Spread{ToSource, ToTarget, Nowhere} }

// RelationType says what a relation of its name means. It is data: a host adds its own to [StandardRules].
type RelationType struct {
	Name    string `json:"name"`    // from source to target: runs_on
	Inverse string `json:"inverse"` // from target to source: runs
	Spread  Spread `json:"spread"`
	// MaxTargets is how many targets a source may have, MaxSources how many sources a target may have; 0: any number.
	MaxTargets int `json:"max_targets,omitempty"`
	MaxSources int `json:"max_sources,omitempty"`
	// Pairs lists the classes that the relation may join; none: any.
	Pairs []Pair `json:"pairs,omitempty"`
}

// Pair is a class of source and one of target. Each stands for the classes below it too; empty is any class.
type Pair struct {
	Source string `json:"source"`
	Target string `json:"target"`
}

// Redundancy says how many of its inputs an item needs.
type Redundancy string

// The redundancies.
const (
	AllOf    Redundancy = "all_of"   // every input
	AnyOf    Redundancy = "any_of"   // one input
	KOfN     Redundancy = "k_of_n"   // Need.Min inputs
	Weighted Redundancy = "weighted" // inputs whose weights add up to Need.Min
)

// Redundancies lists them, for pick boxes.
func Redundancies() []Redundancy { return []Redundancy{AllOf, AnyOf, KOfN, Weighted} }

// Need is what an item needs of a group of its inputs. The group holds the inputs of the relation type and of the
// class (or a class below it) that Need names; empty means any. An input belongs to the first need that takes it, and
// what no need takes is needed in full. An item is up while all its needs are met:
//
//	[]Need{{Class: "database", Redundancy: AnyOf}} // one of its databases, and everything else
type Need struct {
	Relation   string     `json:"relation,omitempty"`
	Class      string     `json:"class,omitempty"`
	Redundancy Redundancy `json:"redundancy"`
	Min        int        `json:"min,omitempty"` // for KOfN and Weighted: 1 or more
}

// ClassRule places a class below another one and says what its items need unless they say otherwise. A class without
// needs has those of its parent. A class that no rule names has no parent and needs all its inputs.
type ClassRule struct {
	Class  string `json:"class"`
	Parent string `json:"parent,omitempty"`
	Needs  []Need `json:"needs,omitempty"`
}

// Rules are the relation types and the class rules of a graph.
type Rules struct {
	Relations []RelationType `json:"relations"`
	Classes   []ClassRule    `json:"classes,omitempty"`
}

// StandardRules returns the relation types that the tools of the field have in common. They restrict no classes. The
// caller owns the result and may add to it.
func StandardRules() Rules {
	return Rules{Relations: slices.Clone(standard[:])}
}

// standard is never written to.
var standard = [...]RelationType{
	{Name: "runs_on", Inverse: "runs", Spread: ToSource},
	{Name: "depends_on", Inverse: "is_needed_by", Spread: ToSource},
	{Name: "uses", Inverse: "is_used_by", Spread: ToSource},
	{Name: "connects_to", Inverse: "connects", Spread: ToSource}, // the source is connected through the target
	{Name: "powered_by", Inverse: "powers", Spread: ToSource},
	{Name: "cooled_by", Inverse: "cools", Spread: ToSource},
	{Name: "stored_on", Inverse: "stores", Spread: ToSource},
	{Name: "located_in", Inverse: "houses", Spread: ToSource, MaxTargets: 1},
	{Name: "supplied_by", Inverse: "supplies", Spread: ToSource},
	{Name: "covers", Inverse: "is_covered_by", Spread: ToSource}, // an agreement covers a service
	{Name: "member_of", Inverse: "has_member", Spread: ToTarget},
	{Name: "part_of", Inverse: "has_part", Spread: ToTarget},
	{Name: "balances", Inverse: "is_balanced_by", Spread: Nowhere},
	{Name: "backed_up_by", Inverse: "backs_up", Spread: Nowhere},
	{Name: "replicated_to", Inverse: "is_replica_of", Spread: Nowhere},
	{Name: "monitored_by", Inverse: "monitors", Spread: Nowhere},
	{Name: "managed_by", Inverse: "manages", Spread: Nowhere},
	{Name: "owned_by", Inverse: "owns", Spread: Nowhere},
	{Name: "documented_by", Inverse: "documents", Spread: Nowhere},
}
