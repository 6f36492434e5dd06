package relational

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"
)

// Names are where the tables live in a host's database.
type Names struct {
	Schema string // "" is the connection's own
	Prefix string // of all tables and indexes; "" is "itsm_"
}

// maxName is the longest name that every database keeps whole (PostgreSQL: 63 bytes).
const maxName = 63

// Check refuses names that would need quoting or leave no room for those of the tables.
func (n Names) Check() error {
	for what, name := range map[string]string{"schema": n.Schema, "prefix": n.Prefix} {
		for i, c := range name {
			if c != '_' && (c < 'a' || c > 'z') && (i == 0 || c < '0' || c > '9') {
				return fmt.Errorf("the %s %q: want lower-case letters, digits and _, beginning with a letter or _", what, name)
			}
		}
		if len(name) > 20 {
			return fmt.Errorf("the %s %q: want 20 bytes at most", what, name)
		}
	}
	return nil
}

func (n Names) prefix() string {
	if n.Prefix == "" {
		return "itsm_"
	}
	return n.Prefix
}

// Table returns the name of a table for statements, quoted and with its schema.
func (n Names) Table(parts ...string) string {
	name := quote(n.Bare(parts...))
	if n.Schema != "" {
		return quote(n.Schema) + "." + name
	}
	return name
}

// Bare returns the name of a table without quotes.
func (n Names) Bare(parts ...string) string { return short(n.prefix() + strings.Join(parts, "_")) }

// Index returns the name of an index of a kind without quotes: no part of it can hold a colon, so that no other index and
// no table has the same.
func (n Names) Index(kind string, parts ...string) string {
	return short(n.prefix() + kind + ":" + strings.Join(parts, ":"))
}

// short returns a name, or, of one that is too long, its beginning with a digest of all of it.
func short(name string) string {
	if len(name) <= maxName {
		return name
	}
	sum := sha256.Sum256([]byte(name))
	return name[:maxName-9] + "_" + hex.EncodeToString(sum[:4])
}

func quote(name string) string { return `"` + strings.ReplaceAll(name, `"`, `""`) + `"` }
