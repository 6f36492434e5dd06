package itsm

import (
	"encoding/binary"
	"math/rand/v2"
	"strings"
	"time"

	"github.com/google/uuid"
)

// ID identifies a record in every tenant and store. It is a UUID of version 7 made at the desk's instant, so
// that records sort by the time of their opening. The key that a host already has stays in [Header.External].
type ID = uuid.UUID

// NewID returns a UUID of version 7 (RFC 9562) for the instant t: 48 bits of milliseconds and 74 random bits.
// It reads no clock, so that an imported or simulated year sorts by its own time.
func NewID(t time.Time) ID {
	var id ID
	binary.BigEndian.PutUint64(id[:8], uint64(t.UnixMilli())<<16|rand.Uint64()&0x0fff|0x7000)
	binary.BigEndian.PutUint64(id[8:], rand.Uint64()&^(3<<62)|1<<63)
	return id
}

// ParseID reads an ID in the usual form of 36 characters.
func ParseID(s string) (ID, error) {
	id, err := uuid.Parse(s)
	if err != nil || len(s) != 36 {
		return ID{}, Invalid("id", "format", "want", "a UUID such as 01890a5d-ac96-774b-bcce-b302099a8057")
	}
	return id, nil
}

// Ref points at a record of any kind without importing its package. The zero Ref points at nothing.
type Ref struct {
	Kind string `json:"kind"`
	ID   ID     `json:"id"`
}

// String returns the kind and the ID with a slash between them, or "" for the zero Ref.
func (r Ref) String() string {
	if r == (Ref{}) {
		return ""
	}
	return r.Kind + "/" + r.ID.String()
}

// IsZero tells that r points at nothing.
func (r Ref) IsZero() bool { return r == Ref{} }

// ParseRef reads what [Ref.String] writes.
func ParseRef(s string) (Ref, error) {
	if s == "" {
		return Ref{}, nil
	}
	kind, id, ok := strings.Cut(s, "/")
	if ok && validName(kind) {
		if parsed, err := ParseID(id); err == nil {
			return Ref{Kind: kind, ID: parsed}, nil
		}
	}
	return Ref{}, Invalid("ref", "format", "want", "kind/id")
}

// Link is a typed relation from a record to another one, such as {Type: "caused_by", To: change}. A record
// holds each pair of type and target once.
type Link struct {
	Type string `json:"type"`
	To   Ref    `json:"to"`
}

// validName tells whether s may name a kind, an action, an index or an attribute: a lower-case letter, then
// lower-case letters, digits, '_', '-' or '.', 64 at most.
func validName(s string) bool {
	if s == "" || len(s) > 64 || s[0] < 'a' || s[0] > 'z' {
		return false
	}
	for i := 1; i < len(s); i++ {
		c := s[i]
		if (c < 'a' || c > 'z') && (c < '0' || c > '9') && c != '_' && c != '-' && c != '.' {
			return false
		}
	}
	return true
}
