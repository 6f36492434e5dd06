package itsm

import (
	"errors"
	"reflect"
	"slices"
	"strings"
)

// show returns the caller's own copy of a record, without what is hidden.
func (r *reading[T]) show(rec *T) T {
	var out T
	r.showIn(&out, rec)
	return out
}

// showIn makes the copy of show in the memory of out.
func (r *reading[T]) showIn(out, rec *T) {
	*out = *rec
	r.kind.shape.plan.root.detach(reflect.ValueOf(out).Elem())
	hide(r.kind, out, r.view.Hidden)
}

// showEvent returns an event without what is hidden; false leaves it out.
func (r *reading[T]) showEvent(e Event) (Event, bool) {
	if r.view.PublicOnly && !e.Public {
		return e, false
	}
	if len(r.view.Hidden) == 0 {
		return e, true
	}
	visible := make([]Change, 0, len(e.Changes))
	for _, c := range e.Changes {
		if !hidden(r.view.Hidden, dotted(rename(c.Path, r.kind.shape.renamed))) {
			visible = append(visible, c)
		}
	}
	if e.Changes = visible; len(visible) == 0 {
		e.Changes = nil
	}
	e.Digest = "" // one could try out which value gives it
	e.Facts = slices.DeleteFunc(slices.Clone(e.Facts), func(f Fact) bool { return hidden(r.view.Hidden, f.Name) })
	if len(e.Facts) == 0 {
		e.Facts = nil
	}
	return e, true
}

// mayAsk refuses a query by a hidden field: its answer would tell the value.
func (r *reading[T]) mayAsk(q Select) error {
	names := []string{string(q.Order.Index)}
	for _, c := range q.Where {
		names = append(names, string(c.Index))
	}
	for _, n := range names {
		if n != "" && hiddenIndex(r.view.Hidden, IndexName(n)) {
			return forbidden("the index "+n+" is hidden from "+r.actor.ID, "", nil)
		}
	}
	if q.Text != "" {
		for _, n := range r.kind.shape.search {
			if hidden(r.view.Hidden, n.dotted()) {
				return forbidden("the text search looks into "+n.dotted()+", which is hidden from "+r.actor.ID, "", nil)
			}
		}
	}
	return nil
}

// hidden tells whether a dotted path is one of the hidden ones, or lies below or above one.
func hidden(paths []string, path string) bool {
	for _, h := range paths {
		if h == path || strings.HasPrefix(path, h+".") || strings.HasPrefix(h, path+".") {
			return true
		}
	}
	return false
}

// hiddenIndex tells whether an index is named as hidden, or bears the name of a hidden field.
func hiddenIndex(paths []string, name IndexName) bool {
	if name == IndexLink {
		name = "links"
	}
	return hidden(paths, string(name))
}

// veiled returns a record without the fields of some paths. It is for a copy on the stack: nothing takes its
// address where nothing is hidden.
func veiled[T any](k *Kind[T], rec T, paths []string) T {
	if len(paths) == 0 {
		return rec
	}
	out := new(T)
	*out = rec
	hide(k, out, paths)
	return *out
}

// hide makes hidden fields of the caller's copy absent.
func hide[T any](k *Kind[T], rec *T, paths []string) {
	for _, path := range paths {
		if key, ok := strings.CutPrefix(path, "attributes."); ok {
			head(rec).Attributes.set(key, "")
			continue
		}
		n := k.shape.plan.find(path)
		if n == nil || n.is == isHeader {
			continue
		}
		v := reflect.ValueOf(rec).Elem()
		if at, ok := k.shape.plan.look(n, v); ok {
			at.SetZero()
		}
	}
}

// veiledReason leaves out of a reason the parameters that bear the name of a hidden field: "assignee", and "manager" where
// "major.manager" is hidden.
func (s *Shape) veiledReason(r *Reason, paths []string) *Reason {
	if r == nil || len(paths) == 0 {
		return r
	}
	out := &Reason{Code: r.Code}
	for name, value := range r.Params {
		if s.hides(paths, name) {
			continue
		}
		if out.Params == nil {
			out.Params = map[string]string{}
		}
		out.Params[name] = value
	}
	return out
}

// hides tells whether a field or an attribute of that name, anywhere in the record, is hidden.
func (s *Shape) hides(paths []string, name string) bool {
	if path := "attributes." + name; slices.Contains(paths, path) || s.fields.named(name) != nil && hidden(paths, path) {
		return true
	}
	for pointer := range s.plan.byPath {
		if path := dotted(pointer); (path == name || strings.HasSuffix(path, "."+name)) && hidden(paths, path) {
			return true
		}
	}
	return false
}

// veiledError does the same to the reason of an action that was refused.
func (s *Shape) veiledError(err error, paths []string) error {
	var refused *TransitionError
	if len(paths) == 0 || !errors.As(err, &refused) {
		return err
	}
	out := *refused
	out.Reason = s.veiledReason(out.Reason, paths)
	return &out
}
