package relational

import (
	"strings"
	"unicode/utf8"
)

// storable tells whether a database can hold texts: UTF-8 without NUL. Where one is asked for that it cannot hold, nothing
// is found, and the database, which would refuse the statement, is not asked.
func storable(texts ...string) bool {
	for _, s := range texts {
		if strings.IndexByte(s, 0) >= 0 || !utf8.ValidString(s) {
			return false
		}
	}
	return true
}

// Storable returns the texts that a database can hold, in their order, not nil.
func Storable(texts []string) []string {
	out := make([]string, 0, len(texts))
	for _, s := range texts {
		if storable(s) {
			out = append(out, s)
		}
	}
	return out
}
