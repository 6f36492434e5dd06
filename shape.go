package itsm

import (
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strconv"
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
	var r reader
	r.object(s.plan.root, reflect.ValueOf(rec).Elem(), raw, "")
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

// Sequence returns the series that the kind's numbers come from; the zero Sequence if it has none.
func (s *Shape) Sequence() Sequence {
	if s.number.Prefix == "" {
		return Sequence{}
	}
	return Sequence{Prefix: s.number.Prefix, Digits: s.number.Digits, GapFree: s.number.GapFree}
}

// Format returns the n-th number of the series: "INC0000042".
func (q Sequence) Format(n int64) string {
	digits := strconv.FormatInt(n, 10)
	if len(digits) < q.Digits {
		digits = strings.Repeat("0", q.Digits-len(digits)) + digits
	}
	return q.Prefix + digits
}

// Parse returns which number of the series a text is, or 0: a store keeps a series ahead of numbers that were
// imported.
func (q Sequence) Parse(number string) int64 {
	rest, ok := strings.CutPrefix(number, q.Prefix)
	if !ok || !digits(rest) || len(rest) > 18 || len(rest) < q.Digits {
		return 0
	}
	n, _ := strconv.ParseInt(rest, 10, 64)
	return n
}

// SetNumber sets a drawn number in a record and its event. Only a store calls it, before it stores them.
func (s *Shape) SetNumber(rec any, e *Event, number string) {
	head(rec).Number, e.Number = number, number
}

func (s *Shape) draws(on string, opening bool) bool {
	return s.number.Prefix != "" && (on == s.number.On || s.number.On == "" && opening)
}

func (s *Shape) declareNumber() error {
	n := &s.number
	if n.Digits == 0 {
		n.Digits = 7
	}
	switch {
	case n.Prefix == "" && (n.On != "" || n.GapFree):
		return errors.New("Number.Prefix is required with On and GapFree")
	case len(n.Prefix) > 20 || checkText(n.Prefix, 20) != "" || strings.ContainsAny(n.Prefix, "0123456789 "):
		return fmt.Errorf("Number.Prefix %q: want up to 20 bytes without digits and spaces", n.Prefix)
	case n.Digits < 1 || n.Digits > 18:
		return fmt.Errorf("Number.Digits %d: want 1 to 18", n.Digits)
	case n.On != "" && !slices.Contains(s.actions, n.On):
		return fmt.Errorf("Number.On %q: the kind has no such action", n.On)
	}
	return nil
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

func (s *Shape) declareIndex(d indexDef) error {
	for _, p := range d.parts {
		switch known, seen := s.parts[p.name]; {
		case !validName(string(p.name)):
			return fmt.Errorf("index %q: the name must be %s", p.name, nameRule)
		case p.name == "key" || p.name == "id":
			return fmt.Errorf("index %q: the name is the kernel's", p.name)
		case seen && (known.typ != p.typ || known.multi != p.multi || known.sparse != p.sparse):
			return fmt.Errorf("index %q is declared twice, with different types", p.name)
		case seen && len(d.parts) == 1 && s.index(d.name()) >= 0:
			return fmt.Errorf("index %q is declared twice", p.name)
		case !seen:
			s.parts[p.name], s.order, s.values = p, append(s.order, p.name), append(s.values, p)
		}
	}
	if s.index(d.name()) >= 0 {
		return fmt.Errorf("index %q is declared twice", d.name())
	}
	if d.unique && d.parts[0].multi {
		return fmt.Errorf("index %q: an index over a list cannot be unique", d.name())
	}
	s.indexes, s.uses = append(s.indexes, d), append(s.uses, nil)
	for _, p := range d.parts {
		last := &s.uses[len(s.uses)-1]
		*last = append(*last, slices.Index(s.order, p.name))
	}
	return nil
}

func (s *Shape) index(name IndexName) int {
	return slices.IndexFunc(s.indexes, func(d indexDef) bool { return d.name() == name })
}

// IndexShape is an index as a store sees it.
type IndexShape struct {
	Name   IndexName
	Parts  []PartShape // one, or those of a composite in order
	Unique bool
}

// PartShape is one value of an index.
type PartShape struct {
	Name   IndexName
	Type   ValueType
	Multi  bool // a record may have several values
	Sparse bool // a record with an empty value is not in the index
}

// Indexes returns the declared indexes, in a stable order: the standard ones first.
func (s *Shape) Indexes() []IndexShape {
	out := make([]IndexShape, len(s.indexes))
	for i, d := range s.indexes {
		out[i] = IndexShape{Name: d.name(), Unique: d.unique}
		for _, p := range d.parts {
			out[i].Parts = append(out[i].Parts, PartShape{Name: p.name, Type: p.typ, Multi: p.multi, Sparse: p.sparse})
		}
	}
	return out
}

// Keys appends the keys under which a record stands in the i-th index: one, several for a list, none where a
// sparse value is empty. The key of a composite orders as its parts do.
func (s *Shape) Keys(i int, rec any, dst []Key) []Key {
	parts := s.indexes[i].parts
	if len(parts) == 1 {
		return parts[0].of(rec, dst)
	}
	from := len(dst)
	dst = append(dst, Key{})
	for n := range parts {
		end := len(dst)
		dst = parts[n].of(rec, dst)             // behind what there is: the caller's memory is enough
		if end == from+1 && len(dst) == end+1 { // the common case, without a product
			dst[from] = combine(parts, n, dst[from], dst[end])
			dst = dst[:end]
			continue
		}
		prefixes, keys := slices.Clone(dst[from:end]), slices.Clone(dst[end:])
		dst = dst[:from]
		for _, p := range prefixes {
			for _, k := range keys {
				dst = append(dst, combine(parts, n, p, k))
			}
		}
	}
	return dst
}

// Moved appends the places of the indexes in which two versions of a record stand under different keys, without
// making the keys. There may be more of them, where lists hold the same values in another order.
func (s *Shape) Moved(a, b any, dst []int) []int {
	const known = 64 // values beyond count as different
	var differs uint64
	for n := range min(known, len(s.values)) {
		if !s.values[n].same(a, b) {
			differs |= 1 << n
		}
	}
	for i, uses := range s.uses {
		for _, n := range uses {
			if n >= known || differs&(1<<n) != 0 {
				dst = append(dst, i)
				break
			}
		}
	}
	return dst
}

// combine adds the n-th part to the key of a composite.
func combine(parts []part, n int, prefix, k Key) Key {
	switch {
	case n < len(parts)-1 && n == len(parts)-2 && n == 0 && !parts[n].typ.numeric() && parts[n+1].typ.numeric():
		return k // a text before a number needs no end: the text as it is, and no allocation
	case n < len(parts)-1:
		return Key{S: prefix.S + lead(parts[n].typ, k)}
	case parts[n].typ.numeric():
		return Key{S: prefix.S, N: k.N}
	}
	return Key{S: prefix.S + k.S}
}

// Values appends the keys of one part of an index, by the part's name: what a column of a table holds.
func (s *Shape) Values(name IndexName, rec any, dst []Key) []Key {
	p, ok := s.parts[name]
	if !ok {
		return dst
	}
	return p.of(rec, dst)
}

// drops tells whether a key is left out: because it is empty, or because it stands in place of a unique value that
// was redacted.
func (p *part) drops(k Key) bool {
	return p.sparse && !p.zero && k.IsZero() || p.unique && k.S == Redacted
}

// of appends the part's keys of a record, without the empty ones where it is sparse.
func (p *part) of(rec any, dst []Key) []Key {
	from := len(dst)
	dst = p.keys(rec, dst)
	if p.sparse {
		kept := dst[:from]
		for _, k := range dst[from:] {
			if !p.drops(k) {
				kept = append(kept, k)
			}
		}
		dst = kept
	}
	return dst
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

// checkIndexed reports texts that are too long for their index.
func (s *Shape) checkIndexed(rec any, c *Checker, buf []Key) {
	for i := range s.values {
		p := &s.values[i]
		if p.typ != TypeText {
			continue
		}
		for _, k := range p.keys(rec, buf) {
			if len(k.S) > maxIndexed {
				c.Fail(string(p.name), "too_long", "max", strconv.Itoa(maxIndexed), "bytes", strconv.Itoa(len(k.S)))
				break
			}
		}
	}
}
