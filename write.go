package itsm

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"io"
	"reflect"

	"github.com/itsmkit/itsm/internal/text"
)

// tokensVersion changes with the rules that make words of a text.
const tokensVersion = "1/" + text.UnicodeVersion

// CheckWrite refuses a write whose event is not that of its record: a store asks it before it stores anything.
func (s *Shape) CheckWrite(in Scope, w *Write) error {
	bad := func(what string, args ...any) error {
		return fmt.Errorf("itsm: a commit of kind %s is malformed: "+what, append([]any{s.name}, args...)...)
	}
	if w.Record == nil || !s.Is(w.Record) {
		return bad("its record is %T", w.Record)
	}
	h, e := head(w.Record), &w.Event
	switch {
	case e.Subject.Kind != s.name || e.Subject.ID != h.ID:
		return bad("the event is of %s, the record is %s", e.Subject, h.ID)
	case e.Version != h.Version || h.Version < 1:
		return bad("the event has version %d, the record %d", e.Version, h.Version)
	case h.Tenant != in.Tenant || e.Tenant != in.Tenant:
		return bad("the tenants of the record (%q), the event (%q) and the scope (%q) differ", h.Tenant, e.Tenant, in.Tenant)
	case e.To != h.State:
		return bad("the event leads to state %q, the record is in %q", e.To, h.State)
	}
	return nil
}

// TokensSum returns a checksum of what [Shape.Tokens] makes the words of, without making them: a store keeps it beside
// the words, and leaves them alone where it is the same. Another version of the library may have another sum.
func (s *Shape) TokensSum(rec any) int64 {
	h := sha256.New()
	io.WriteString(h, tokensVersion+"\x00"+head(rec).Number) //nolint:errcheck // a hash has no error
	var buf [8]string
	for _, n := range s.search {
		for _, t := range n.texts(s.plan, reflect.ValueOf(rec).Elem(), buf[:0]) {
			io.WriteString(h, "\x00"+t) //nolint:errcheck // texts hold no NUL
		}
	}
	var sum [sha256.Size]byte
	return int64(binary.BigEndian.Uint64(h.Sum(sum[:0])))
}
