package cmdb

import (
	"slices"
	"time"
)

// changed tells whether a field that sources report differs.
func changed(a, b *Item) bool {
	if a.Class != b.Class || !slices.Equal(a.Specification, b.Specification) {
		return true
	}
	for i := range texts {
		if *texts[i].of(a) != *texts[i].of(b) {
			return true
		}
	}
	return false
}

// field returns the text of a field that sources report.
func (x *Item) field(name string) string {
	if i := textNumber(name); i >= 0 {
		return *texts[i].of(x)
	}
	return x.Specification.Text(name)
}

// changes lists the fields that differ between two versions of an item.
func (j *judge) changes(old, x *Item) []FieldChange {
	var out []FieldChange
	if old.Class != x.Class {
		out = append(out, FieldChange{Field: "class", From: old.Class, To: x.Class})
	}
	add := func(field string) {
		from, to := old.field(field), x.field(field)
		if from == to {
			return
		}
		was, is := j.best(old, field, old.UpdatedAt, nil), j.best(x, field, x.UpdatedAt, nil)
		c := FieldChange{Field: field, From: from, To: to}
		if was != nil && (is == nil || is.Source != was.Source) {
			c.Was = was.Source
		}
		out = append(out, c)
	}
	for i := range texts {
		add(texts[i].name)
	}
	keys := j.model.Keys(x.Class)
	for _, key := range keys {
		add(key)
	}
	for _, a := range old.Specification {
		if !slices.Contains(keys, a.Key) { // of its class before
			add(a.Key)
		}
	}
	return out
}

// overruled lists what a row says of fields that have other values.
func (j *judge) overruled(x *Item, w *reading) []Overruled {
	var out []Overruled
	for i, claim := range w.claims {
		text := w.claims[i : i+1].Text(claim.Key)
		if x.field(claim.Key) == text {
			continue
		}
		o := Overruled{Field: claim.Key, Claim: text, Value: x.field(claim.Key)}
		if x.IsLocked(claim.Key) {
			o.By = "lock"
		} else if r := j.best(x, claim.Key, x.UpdatedAt, nil); r != nil {
			o.By = r.Source
		}
		out = append(out, o)
	}
	return out
}

// repeats tells whether a row says what its source said before, so that nothing has to be written: it was noted lately,
// and no report has become stale since.
func (j *judge) repeats(x *Item, source string, w *reading, at time.Time) bool {
	r := x.Report(source)
	if r == nil || r.Gone || at.Sub(r.LastAt) >= j.refresh(source) || !slices.Equal(r.Values, w.claims) || w.Key != "" && !slices.Contains(r.Keys, w.Key) {
		return false
	}
	if x.Validated.Model != j.model.Of || x.Validated.Edition != j.model.Edition || !j.model.Is(x.Class, w.Class) && j.related(w.Class, x.Class) != "" {
		return false
	}
	for i := range x.Reports {
		if o := &x.Reports[i]; !o.Gone && j.isStale(o, at) && !j.isStale(o, r.LastAt) {
			return false
		}
	}
	return true
}
