package cmdb

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/asset"
)

// judge is a reconciliation under a class model, ready to be asked. It never changes.
type judge struct {
	rules   Reconciliation
	model   *asset.Model
	sources map[string]Source
	usual   []string          // all sources, the most trusted first
	orders  [][]string        // the same by the rules of precedence
	ignored []map[string]bool // by rule, folded
	types   map[string]bool   // of relations; nil: not known
}

// newJudge checks the reconciliation and prepares it.
func newJudge(r Reconciliation, model *asset.Model) (*judge, error) {
	if err := r.Check(); err != nil {
		return nil, err
	}
	j := &judge{rules: r, model: model, sources: map[string]Source{}}
	for _, s := range r.Sources {
		j.sources[s.Name] = s
		j.usual = append(j.usual, s.Name)
	}
	if _, listed := j.sources[Manual]; !listed {
		j.sources[Manual] = Source{Name: Manual}
		j.usual = slices.Insert(j.usual, 0, Manual)
	}
	for _, rule := range r.Identify {
		ignored := map[string]bool{}
		for _, v := range rule.Ignore {
			ignored[fold(v)] = true
		}
		j.ignored = append(j.ignored, ignored)
	}
	for _, p := range r.Precedence {
		order := slices.Clone(p.Sources)
		for _, s := range j.usual {
			if !slices.Contains(order, s) {
				order = append(order, s)
			}
		}
		j.orders = append(j.orders, order)
	}
	return j, nil
}

// order returns all sources in the order of their trust for a field of a class.
func (j *judge) order(class, field string) []string {
	for i := range j.rules.Precedence {
		p := &j.rules.Precedence[i]
		if (p.Class == "" || j.model.Is(class, p.Class)) && (len(p.Fields) == 0 || slices.Contains(p.Fields, field)) {
			return j.orders[i]
		}
	}
	return j.usual
}

// isStale tells whether what a report says gives way to any source that is not stale.
func (j *judge) isStale(r *Report, at time.Time) bool {
	stale := j.sources[r.Source].Stale
	return stale > 0 && at.Sub(r.LastAt) > time.Duration(stale)
}

// refresh is how old a report is before it is noted that its source still says the same.
func (j *judge) refresh(source string) time.Duration {
	switch s := j.sources[source]; {
	case s.Refresh > 0:
		return time.Duration(s.Refresh)
	case s.Stale > 0:
		return time.Duration(s.Stale) / 4
	}
	return 24 * time.Hour
}

// best returns the report that decides a field of an item, or nil where no source says anything of it: the most trusted
// that is not stale, else the most trusted that is, else the most trusted of those that are gone: what was known of an
// item stays known until somebody knows better. fits, if there is one, passes over what a source says.
func (j *judge) best(x *Item, field string, at time.Time, fits func(raw string) bool) *Report {
	var stale, gone *Report
	for _, source := range j.order(x.Class, field) {
		r := x.Report(source)
		switch {
		case r == nil || r.Values.Raw(field) == "" || fits != nil && !fits(r.Values.Raw(field)):
		case r.Gone:
			if gone == nil {
				gone = r
			}
		case !j.isStale(r, at):
			return r
		case stale == nil:
			stale = r
		}
	}
	if stale == nil {
		return gone
	}
	return stale
}

// weight returns what a relation counts for, and by whose word: that of the most trusted source that says anything of it
// and is not stale, else of a stale one, unless it is fixed.
func (j *judge) weight(r *Relation, at time.Time) (weight int, by string) {
	if r.Fixed != 0 {
		return r.Fixed, "lock"
	}
	var best Say
	rank := func(s Say) [2]int {
		trust := slices.Index(j.usual, s.Source)
		if trust < 0 { // nobody knows it any longer
			trust = len(j.usual)
		}
		return [2]int{btoi(j.isStale(&Report{Source: s.Source, LastAt: s.LastAt}, at)), trust}
	}
	for _, s := range r.Says {
		if s.Weight == 0 {
			continue
		}
		a, b := rank(s), rank(best)
		if best.Weight == 0 || cmp.Or(cmp.Compare(a[0], b[0]), cmp.Compare(a[1], b[1]), strings.Compare(s.Source, best.Source)) < 0 {
			best = s
		}
	}
	return best.Weight, best.Source
}

// settle gives each field of the item that is not locked the value of its best report, and makes the identifiers.
// complete refuses an item that lacks required attributes.
func (j *judge) settle(x *Item, at time.Time, complete bool) error {
	slices.SortFunc(x.Reports, func(a, b Report) int { return strings.Compare(a.Source, b.Source) }) // as they are stored
	for i := range texts {
		f := &texts[i]
		if x.IsLocked(f.name) {
			continue
		}
		value := ""
		if r := j.best(x, f.name, at, nil); r != nil {
			value = textOf(r.Values, f.name)
		}
		*f.of(x) = value
	}
	if x.Title == "" && !x.IsLocked("title") {
		x.Title = x.name()
	}
	if err := j.specify(x, at, complete); err != nil {
		return err
	}
	x.Identifiers = j.identifiers(x)
	return nil
}

// name is what an item is called that no source calls anything.
func (x *Item) name() string {
	for _, s := range [...]string{x.Host, x.Serial, x.Address} {
		if s != "" {
			return s
		}
	}
	for i := range x.Reports {
		if len(x.Reports[i].Keys) > 0 {
			return x.Reports[i].Keys[0]
		}
	}
	return x.Class
}

// specify makes the specification. A report may have been made under another class or edition of the class model: what no
// longer fits does not count.
func (j *judge) specify(x *Item, at time.Time, complete bool) error {
	check := j.model.Accept
	if complete {
		check = j.model.Check
	}
	checked, err := check(x.Class, j.specification(x, at, false))
	if err != nil {
		checked, err = check(x.Class, j.specification(x, at, true))
	}
	if err != nil {
		return err
	}
	x.Specification = checked.Values
	x.Validated.take(j.model, checked)
	return nil
}

// specification returns the best value of each attribute; fitting: of those that the class takes.
func (j *judge) specification(x *Item, at time.Time, fitting bool) (values itsm.Attributes) {
	for _, key := range j.model.Keys(x.Class) {
		var fits func(string) bool
		if fitting {
			fits = func(raw string) bool {
				_, err := j.model.Canonical(x.Class, key, raw)
				return err == nil
			}
		}
		raw := ""
		if x.IsLocked(key) {
			if raw = x.Specification.Raw(key); fitting && !fits(raw) {
				raw = ""
			}
		} else if r := j.best(x, key, at, fits); r != nil {
			raw = r.Values.Raw(key)
		}
		if raw != "" {
			values = append(values, itsm.Attribute{Key: key, Value: raw})
		}
	}
	return values
}
