package cmdb

import (
	"crypto/sha256"
	"encoding/hex"
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

// keyRuleName is how an identifier begins that is a source's own key.
const keyRuleName = "key"

// identifiers returns all by which an item may be recognised: the keys of its sources, and what each rule makes of the
// item and of each of its reports.
func (j *judge) identifiers(x *Item) []string {
	out := make([]string, 0, len(x.Identifiers))
	add := func(id string) {
		if id != "" && !slices.Contains(out, id) {
			out = append(out, id)
		}
	}
	for i := range x.Reports {
		r := &x.Reports[i]
		for _, key := range r.Keys {
			add(keyOf(r.Source, key))
		}
		if r.Gone {
			continue
		}
		for n := range j.rules.Identify {
			add(j.identifier(n, x.Class, func(field string) string { return textOf(r.Values, field) }))
		}
	}
	own := func(field string) string {
		if i := textNumber(field); i >= 0 {
			return *texts[i].of(x)
		}
		return x.Specification.Text(field)
	}
	for n := range j.rules.Identify {
		add(j.identifier(n, x.Class, own))
	}
	slices.Sort(out)
	return out
}

// identifier returns what rule n makes of the fields of an item of a class, or "" if it does not recognise it.
func (j *judge) identifier(n int, class string, text func(field string) string) string {
	rule := &j.rules.Identify[n]
	if rule.Class != "" && !j.model.Is(class, rule.Class) {
		return ""
	}
	var b strings.Builder
	b.Grow(64)
	b.WriteString(rule.Name)
	for i, f := range rule.Fields {
		value := fold(text(f))
		if value == "" || j.ignored[n][value] {
			return ""
		}
		b.WriteByte("=/"[min(i, 1)])
		b.WriteString(strings.ReplaceAll(value, "/", "\\/"))
	}
	return short(b.String())
}

// keyOf returns the identifier of a source's own key, "" without one.
func keyOf(source, key string) string {
	if key == "" {
		return ""
	}
	return short(keyRuleName + "=" + source + "/" + key)
}

// short replaces the end of an identifier that no index holds by its hash.
func short(s string) string {
	if len(s) <= itsm.MaxIndexed {
		return s
	}
	sum := sha256.Sum256([]byte(s))
	return strings.ToValidUTF8(s[:itsm.MaxIndexed-70], "") + "…" + hex.EncodeToString(sum[:])
}

// fold is a value as it is compared: sources do not agree on case.
func fold(s string) string {
	if s == itsm.Redacted {
		return ""
	}
	return strings.ToUpper(strings.TrimSpace(s))
}

// claims returns what a source may claim of an item of a class, in its one form and without what says nothing. The
// error lists every value that is not of its field.
func (j *judge) claims(class string, values itsm.Attributes) (itsm.Attributes, error) {
	out := make(itsm.Attributes, 0, len(values))
	var c problemList
	for i, v := range values {
		if v.Value == "null" || v.Value == `""` || v.Value == "" {
			continue
		}
		for n := range i {
			if values[n].Key == v.Key {
				c.check(false, "values."+clip(v.Key), "twice")
			}
		}
		if at := textNumber(v.Key); at >= 0 {
			if !isPlain(v.Value, texts[at].max) {
				canonical, err := itsm.Field{Key: v.Key, Type: itsm.FieldText, Max: texts[at].max}.Canonical(v.Value)
				if err != nil {
					c.takeOver(err)
					continue
				}
				v.Value = canonical
			}
			out = append(out, v)
			continue
		}
		if isDigits(v.Value) && j.model.TypeOf(class, v.Key) == itsm.FieldNumber {
			out = append(out, v)
			continue
		}
		canonical, err := j.model.Canonical(class, v.Key, v.Value)
		if err != nil {
			c.takeOver(err)
			continue
		}
		out = append(out, itsm.Attribute{Key: v.Key, Value: canonical})
	}
	if len(out) == 0 {
		out = nil
	}
	return out, c.err()
}

// isPlain tells whether the JSON of a value is that of a text of at most so many characters in its one form: most texts
// are, and need no parser to find out.
func isPlain(raw string, limit int) bool {
	if len(raw) < 2 || len(raw) > limit+2 || raw[0] != '"' || raw[len(raw)-1] != '"' {
		return false
	}
	for i := 1; i < len(raw)-1; i++ {
		if c := raw[i]; c < ' ' || c > '~' || c == '"' || c == '\\' {
			return false
		}
	}
	return true
}

// isDigits tells whether the JSON of a value is that of a whole number as most are.
func isDigits(raw string) bool {
	if raw == "" || len(raw) > 18 || raw[0] == '0' && len(raw) > 1 {
		return false
	}
	for i := range len(raw) {
		if raw[i] < '0' || raw[i] > '9' {
			return false
		}
	}
	return true
}

// textOf is values.Text, without new memory for a plain text.
func textOf(values itsm.Attributes, key string) string {
	raw := values.Raw(key)
	if isPlain(raw, len(raw)) {
		return raw[1 : len(raw)-1]
	}
	if raw == "" {
		return ""
	}
	return values.Text(key)
}
