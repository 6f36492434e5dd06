package cmdb

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/lifecycle"
)

// presentStates are the states of the item's lifecycle that are neither retired nor merged.
func (d *Database) presentStates() []lifecycle.State {
	return slices.DeleteFunc(d.Items.Kind().Lifecycle().States(), func(s lifecycle.State) bool { return s == Retired || s == Merged })
}

// examination is a health check on its way.
type examination struct {
	judge   *judge
	rules   HealthRules
	now     time.Time
	allowed map[string]*RelationType
	others  bool // ends that are no items have classes that only the host knows
	classes map[string]*classExamination
	items   []examined
	places  map[itsm.ID]int32
	// first is where an identifier was seen first; sets joins the items that share one.
	first  map[string]int32
	sets   []int32 // by item: another one of its set that was seen before, or itself
	shared map[string]int32
	result Health
}

// classExamination is what counts for the items of a class.
type classExamination struct {
	figures     *ClassHealth
	recommended []string
	alone       bool
}

// examined is what is kept of an item.
type examined struct {
	id      itsm.ID
	number  string
	class   *classExamination
	related bool
}

func newExamination(d *Database, j *judge, rules HealthRules) *examination {
	e := &examination{judge: j, rules: rules, now: d.config.Clock.Now(), allowed: map[string]*RelationType{}, others: d.config.Others != nil,
		classes: map[string]*classExamination{}, places: map[itsm.ID]int32{}, first: map[string]int32{}, shared: map[string]int32{}}
	for i := range d.config.Rules.Relations {
		t := &d.config.Rules.Relations[i]
		e.allowed[t.Name] = t
	}
	e.result.At = e.now
	return e
}

// class returns what counts for a class.
func (e *examination) class(name string) *classExamination {
	c := e.classes[name]
	if c != nil {
		return c
	}
	c = &classExamination{figures: &ClassHealth{Class: name}, alone: isAny(e.judge.model, name, e.rules.Alone)}
	for _, of := range append([]string{""}, e.judge.model.Lineage(name)...) {
		for _, f := range e.rules.Recommended[of] {
			if !slices.Contains(c.recommended, f) {
				c.recommended = append(c.recommended, f)
			}
		}
	}
	e.classes[name] = c
	return c
}

// item counts what is wrong with an item by itself, and keeps what the rest needs.
func (e *examination) item(x *Item) {
	c, place := e.class(x.Class), int32(len(e.items))
	kept := examined{id: x.ID, number: x.Number, class: c}
	e.items, e.sets, e.places[x.ID] = append(e.items, kept), append(e.sets, place), place
	c.figures.Items++
	e.result.Total.Items++
	if missing := e.missing(x); len(missing) > 0 {
		e.find(kept, func(f *Figures) *Finding { return &f.Incomplete }, missing)
	}
	var lacks []string
	for _, f := range c.recommended {
		if x.value(f) == "" {
			lacks = append(lacks, f)
		}
	}
	if lacks != nil {
		e.find(kept, func(f *Figures) *Finding { return &f.Sparse }, lacks)
	}
	if e.now.Sub(x.heardOf()) > time.Duration(e.rules.Stale) {
		e.find(kept, func(f *Figures) *Finding { return &f.Stale }, nil)
	}
	for _, id := range x.Identifiers {
		if strings.HasPrefix(id, keyRuleName+"=") {
			continue
		}
		if other, seen := e.first[id]; seen {
			e.join(other, place)
			e.shared[id] = other
		} else {
			e.first[id] = place
		}
	}
}

// find counts an item in its class and in the total.
func (e *examination) find(x examined, finding func(*Figures) *Finding, fields []string) {
	for _, f := range [...]*Finding{finding(&x.class.figures.Figures), finding(&e.result.Total)} {
		if f.Items++; len(f.Examples) < e.rules.Examples {
			f.Examples = append(f.Examples, Example{Item: itsm.Ref{Kind: ItemName, ID: x.id}, Number: x.number, Fields: fields})
		}
	}
}

// missing returns the required attributes that an item lacks under the class model of now. An item of a class that the
// model has no longer, or whose values are not of it, lacks its class.
func (e *examination) missing(x *Item) []string {
	if v := &x.Validated; v.Model == e.judge.model.Of && v.Edition == e.judge.model.Edition {
		return v.Missing
	}
	checked, err := e.judge.model.Accept(x.Class, x.Specification)
	if err != nil {
		return []string{"class"}
	}
	return checked.Missing
}

// value returns the text of a field by its name in reports.
func (x *Item) value(field string) string {
	if i := textNumber(field); i >= 0 {
		return *texts[i].of(x)
	}
	return x.Specification.Text(field)
}

// heardOf returns when anybody last said anything of an item.
func (x *Item) heardOf() time.Time {
	var last time.Time
	for i := range x.Reports {
		if at := x.Reports[i].LastAt; at.After(last) {
			last = at
		}
	}
	for i := range x.Locks {
		if at := x.Locks[i].At; at.After(last) {
			last = at
		}
	}
	return last
}

// relation counts a relation, and notes that its ends have one.
func (e *examination) relation(r *Relation) {
	figures := &e.result.Relations
	figures.Active++
	judged := ends{rule: e.allowed[r.Type], judge: e.judge}
	dangling, unknown := false, false
	for side, ref := range [...]itsm.Ref{r.Source, r.Target} {
		class := ref.Kind
		if ref.Kind == ItemName {
			place, there := e.places[ref.ID]
			if dangling = dangling || !there; there {
				e.items[place].related = true
				class = e.items[place].class.figures.Class
			}
		} else {
			unknown = unknown || e.others
		}
		*[...]*end{&judged.source, &judged.target}[side] = end{there: true, class: class}
	}
	note := func(f *RelationFinding) {
		if f.Relations++; len(f.Examples) < e.rules.Examples {
			f.Examples = append(f.Examples, r.Ref(RelationName))
		}
	}
	if dangling {
		note(&figures.Dangling)
	}
	if judged.rule == nil || !dangling && !unknown && !judged.joins() {
		note(&figures.Forbidden)
	}
}

// orphans counts the items without a relation.
func (e *examination) orphans() {
	for _, x := range e.items {
		if !x.related && !x.class.alone {
			e.find(x, func(f *Figures) *Finding { return &f.Orphans }, nil)
		}
	}
}

// set returns the first item of the set that an item is in.
func (e *examination) set(of int32) int32 {
	for e.sets[of] != of {
		e.sets[of] = e.sets[e.sets[of]]
		of = e.sets[of]
	}
	return of
}

// join makes one set of those of two items; the one that was seen first leads it.
func (e *examination) join(a, b int32) {
	a, b = e.set(a), e.set(b)
	e.sets[max(a, b)] = min(a, b)
}

// duplicates counts the items that share an identifier with an older one, and names the sets.
func (e *examination) duplicates() {
	sets := map[int32]*DuplicateSet{}
	ref := func(i int32) itsm.Ref { return itsm.Ref{Kind: ItemName, ID: e.items[i].id} }
	for i := range int32(len(e.items)) {
		first := e.set(i)
		if first == i {
			continue
		}
		if sets[first] == nil {
			sets[first] = &DuplicateSet{Items: []itsm.Ref{ref(first)}}
		}
		sets[first].Items = append(sets[first].Items, ref(i))
		e.find(e.items[i], func(f *Figures) *Finding { return &f.Duplicates }, nil)
	}
	for _, id := range slices.Sorted(maps.Keys(e.shared)) {
		s := sets[e.set(e.shared[id])]
		s.Identifiers = append(s.Identifiers, id)
	}
	for _, first := range slices.Sorted(maps.Keys(sets)) {
		e.result.Duplicates = append(e.result.Duplicates, *sets[first])
	}
	slices.SortStableFunc(e.result.Duplicates, func(a, b DuplicateSet) int { return cmp.Compare(len(b.Items), len(a.Items)) })
	e.result.Duplicates = e.result.Duplicates[:min(len(e.result.Duplicates), maxSets)]
}

// health returns the result, the classes by name.
func (e *examination) health() Health {
	e.result.Classes = make([]ClassHealth, 0, len(e.classes))
	for _, name := range slices.Sorted(maps.Keys(e.classes)) {
		e.result.Classes = append(e.result.Classes, *e.classes[name].figures)
	}
	return e.result
}
