package cmdb

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/asset"
)

// HealthRules say what a healthy database is.
type HealthRules struct {
	// Recommended are the fields that items of a class, and of those below it, should have: names of [Fields] and of the
	// attributes of the class. The class "" is every class.
	Recommended map[string][]string `json:"recommended,omitempty"`
	// Stale is how long nobody may have said anything of an item; 0: 60 days.
	Stale itsm.Duration `json:"stale,omitempty"`
	// Alone lists the classes whose items, and those of the classes below, need no relation.
	Alone []string `json:"alone,omitempty"`
	// Examples is how many items are named for each finding; 0: 5; 100 at most.
	Examples int `json:"examples,omitempty"`
}

const (
	defaultStale    = 60 * 24 * time.Hour
	defaultExamples = 5
	maxExamples     = 100
	maxSets         = 1000 // of duplicates that are named
)

// Health is the state of the items that are in use or planned, as the actor sees them, in figures.
type Health struct {
	At      time.Time     `json:"at"`
	Total   Figures       `json:"total"`
	Classes []ClassHealth `json:"classes"` // those that have items, by name
	// Duplicates are the greatest sets of items that an identification rule takes for one, 1,000 at most.
	Duplicates []DuplicateSet  `json:"duplicates,omitempty"`
	Relations  RelationFigures `json:"relations"`
}

// ClassHealth are the figures of the items of a class, without those of the classes below it.
type ClassHealth struct {
	Class string `json:"class"`
	Figures
}

// Figures count items, and those with which something is wrong.
type Figures struct {
	Items int `json:"items"`
	// Incomplete lack a required attribute, under the class model of now; Sparse lack a recommended field.
	Incomplete Finding `json:"incomplete"`
	Sparse     Finding `json:"sparse"`
	// Orphans have no active relation.
	Orphans Finding `json:"orphans"`
	// Duplicates are the items that a set of duplicates has too many: all but the oldest one.
	Duplicates Finding `json:"duplicates"`
	// Stale are those of which for long neither a source has reported anything nor a person entered or locked anything.
	Stale Finding `json:"stale"`
}

// Finding is how many items have something wrong, with the first of them.
type Finding struct {
	Items    int       `json:"items"`
	Examples []Example `json:"examples,omitempty"`
}

// Example is an item with something wrong.
type Example struct {
	Item   itsm.Ref `json:"item"`
	Number string   `json:"number,omitempty"`
	Fields []string `json:"fields,omitempty"` // that it lacks
}

// DuplicateSet is a set of items of which each shares an identifier with another one of the set.
type DuplicateSet struct {
	Items       []itsm.Ref `json:"items"`       // the oldest first
	Identifiers []string   `json:"identifiers"` // those that are shared
}

// RelationFigures count the active relations.
type RelationFigures struct {
	Active int `json:"active"`
	// Dangling have an end that is an item neither in use nor planned, or one that the actor may not see.
	Dangling RelationFinding `json:"dangling"`
	// Forbidden are of a type, or join classes, that the rules do not have any longer.
	Forbidden RelationFinding `json:"forbidden"`
}

// RelationFinding is how many relations have something wrong, with the first of them.
type RelationFinding struct {
	Relations int        `json:"relations"`
	Examples  []itsm.Ref `json:"examples,omitempty"`
}

// check names what is wrong with the rules, and returns them with the usual values filled in.
func (r HealthRules) check(m *asset.Model) (HealthRules, error) {
	var c problemList
	c.check(r.Stale >= 0, "stale", "negative")
	c.check(r.Examples >= 0 && r.Examples <= maxExamples, "examples", "range", "min", "0", "max", fmt.Sprint(maxExamples))
	for i, name := range r.Alone {
		c.check(m.Lineage(name) != nil, fmt.Sprintf("alone[%d]", i), "unknown", "value", clip(name), "allowed", classNames(m))
	}
	for _, class := range slices.Sorted(maps.Keys(r.Recommended)) {
		c.check(class == "" || m.Lineage(class) != nil, "recommended."+clip(class), "unknown", "value", clip(class), "allowed", classNames(m))
		for i, f := range r.Recommended[class] {
			c.check(isText(f) || slices.Contains(m.Keys(class), f), fmt.Sprintf("recommended.%s[%d]", clip(class), i), "unknown", "value", clip(f),
				"allowed", list(append(Fields(), m.Keys(class)...)))
		}
	}
	if r.Stale == 0 {
		r.Stale = itsm.Duration(defaultStale)
	}
	if r.Examples == 0 {
		r.Examples = defaultExamples
	}
	return r, c.err()
}

// Health counts what is wrong with the items and relations that the actor may see. It reads each record once, page by
// page, and keeps the ID, the number and the identifiers of each item in memory. Retired and merged items do not count.
func (d *Database) Health(ctx context.Context, rules HealthRules) (Health, error) {
	in, err := scope(ctx)
	if err != nil {
		return Health{}, err
	}
	known, err := d.known(ctx, in)
	if err != nil {
		return Health{}, err
	}
	if rules, err = rules.check(known.judge.model); err != nil {
		return Health{}, err
	}
	e := newExamination(d, known.judge, rules)
	for x, err := range d.Items.All(ctx, itsm.Where(itsm.ByState[Item]().In(d.presentStates()...))) {
		if err != nil {
			return Health{}, err
		}
		e.item(&x)
	}
	for r, err := range d.Relations.All(ctx, itsm.Where(itsm.ByState[Relation]().Is(Active))) {
		if err != nil {
			return Health{}, err
		}
		e.relation(&r)
	}
	e.orphans()
	e.duplicates()
	return e.health(), nil
}
