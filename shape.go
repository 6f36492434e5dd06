package itsm

import (
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/itsmkit/itsm/internal/text"
	"github.com/itsmkit/itsm/lifecycle"
)

// Shape is a kind without its type parameter: what a store needs to keep, find and order records of any kind
// without knowing them. A record is passed as the pointer that the kind's repository has. It never changes
// and is safe for concurrent use.
type Shape struct {
	name      string
	plan      *plan
	lifecycle *lifecycle.Lifecycle
	number    Numbering
	actions   []string
	indexes   []indexDef
	parts     map[IndexName]part
	order     []IndexName // of parts, as declared
	values    []part      // parallel to order
	uses      [][]int     // parallel to indexes: which values each is made of
	search    []*node
	fields    fieldSet
	renamed   map[string]string
	labels    map[string]string
	reviewed  bool
	make      func() any
	is        func(any) bool
}

// Name returns the name of the kind.
func (s *Shape) Name() string { return s.name }

// New returns a pointer to a new zero record.
func (s *Shape) New() any { return s.make() }

// Is tells whether rec is a pointer to a record of the kind's type.
func (s *Shape) Is(rec any) bool { return s.is(rec) }

// Header returns the header of a record.
func (s *Shape) Header(rec any) *Header { return head(rec) }

// IsFinal tells whether a state is one in which records rest.
func (s *Shape) IsFinal(state lifecycle.State) bool { return s.lifecycle.IsFinal(state) }

// Encode returns the JSON of a record.
func (s *Shape) Encode(rec any) ([]byte, error) { return json.Marshal(rec) }

// Decode returns a pointer to the record that Encode wrote. A state that the lifecycle does not have, and
// fields that the kind does not have, are errors.
func (s *Shape) Decode(raw []byte) (any, error) {
	rec := s.make()
	r := newReader(raw)
	r.record(s.plan.root, reflect.ValueOf(rec).Elem())
	if err := r.err(); err != nil {
		return nil, fmt.Errorf("stored %s: %w", s.name, err)
	}
	var c Checker
	s.plan.root.canonical(reflect.ValueOf(rec).Elem(), &c)
	if err := c.err(s.name, ""); err != nil {
		return nil, err
	}
	if err := s.checkState(head(rec)); err != nil {
		return nil, err
	}
	return rec, nil
}

// checkState refuses a stored record in a state that the lifecycle does not have.
func (s *Shape) checkState(h *Header) error {
	if h.Version == 0 || s.lifecycle.Has(h.State) {
		return nil
	}
	var names []string
	for _, state := range s.lifecycle.States() {
		names = append(names, string(state))
	}
	return &ValidationError{Kind: s.name, Problems: []Problem{problem("state", "unknown",
		[]string{"value", clip(string(h.State)), "allowed", strings.Join(names, ", "), "record", h.ID.String()})}}
}

// declareTexts applies what a declaration says of single fields.
func (s *Shape) declareTexts(keyed []Keyed, long []string, max map[string]int, choices map[string][]string, search []string) error {
	var problems []error
	for _, k := range keyed {
		if err := s.plan.key(k); err != nil {
			problems = append(problems, err)
		}
	}
	text := func(path, where string) *node {
		n := s.plan.find(path)
		if n != nil && n.is == isList && n.elem.is == isText {
			n = n.elem
		}
		if n == nil || n.is != isText {
			problems = append(problems, fmt.Errorf("%s %q: there is no such text", where, path))
			return nil
		}
		return n
	}
	for _, path := range long {
		if n := text(path, "Long"); n != nil {
			n.limit, n.long = maxText, true
		}
	}
	for path, limit := range max {
		if n := text(path, "Max"); n != nil {
			if limit < 1 || limit > n.limit {
				problems = append(problems, fmt.Errorf("%s %q: want 1 to %d", "Max", path, n.limit))
			}
			n.limit = limit
		}
	}
	for path, list := range choices {
		if n := text(path, "Choices"); n != nil {
			if err := checkChoices(list); err != nil {
				problems = append(problems, fmt.Errorf("%s %q: %w", "Choices", path, err))
			}
			n.choices = slices.Clone(list)
		}
	}
	for _, path := range search {
		if n := text(path, "Search"); n != nil {
			s.search = append(s.search, s.plan.find(path))
		}
	}
	return errors.Join(problems...)
}

// describeInput gives the texts of an action's input the limits and lists that they have in the record: those of the text
// with the same name and type, or else the list of the type. Other texts may be as long as any.
func (s *Shape) describeInput(input *plan) {
	for _, n := range input.byPath {
		own := s.plan.find(n.dotted())
		if own != nil && own.typ != n.typ {
			own = nil
		}
		if n.is == isList {
			if n = n.elem; own != nil {
				own = own.elem
			}
		}
		switch {
		case n.is != isText:
		case own != nil:
			n.limit, n.long, n.choices = own.limit, own.long, own.choices
		default:
			n.limit, n.long = maxText, true
			if choices := s.choicesOf(n.typ); choices != nil {
				n.choices = choices
			}
		}
	}
}

// choicesOf returns the list of an enumeration's type as the record has it, with the vendor's own choices, or nil.
func (s *Shape) choicesOf(t reflect.Type) []string {
	if !t.Implements(typeChooser) {
		return nil
	}
	for _, n := range s.plan.root.flat {
		if n.typ == t {
			return n.choices
		}
	}
	return nil
}

// Tokens returns the words by which a text search finds a record, sorted, each once.
func (s *Shape) Tokens(rec any) []string {
	texts := make([]string, 1, 8)
	texts[0] = head(rec).Number
	for _, n := range s.search {
		texts = n.texts(s.plan, reflect.ValueOf(rec).Elem(), texts)
	}
	return text.Set(texts...)
}

// SameTokens tells whether two versions of a record have the same searchable texts, without splitting them.
func (s *Shape) SameTokens(a, b any) bool {
	if head(a).Number != head(b).Number {
		return false
	}
	var bufA, bufB [8]string
	for _, n := range s.search {
		if !slices.Equal(n.texts(s.plan, reflect.ValueOf(a).Elem(), bufA[:0]), n.texts(s.plan, reflect.ValueOf(b).Elem(), bufB[:0])) {
			return false
		}
	}
	return true
}

// texts appends the texts of a field or list, "" for one within an optional struct that is absent.
func (n *node) texts(p *plan, rec reflect.Value, dst []string) []string {
	v, ok := p.look(n, rec)
	switch {
	case !ok:
		return append(dst, "")
	case n.is == isText:
		return append(dst, v.String())
	}
	for i := range v.Len() {
		dst = append(dst, v.Index(i).String())
	}
	return dst
}

// look finds the value of n within a record; false where an optional struct on the way is absent.
func (p *plan) look(n *node, v reflect.Value) (reflect.Value, bool) {
	if outer := p.outer(n); outer != nil {
		o, ok := p.look(outer, v)
		if !ok || o.IsNil() {
			return reflect.Value{}, false
		}
		v = o.Elem()
	}
	return n.at(v), true
}
