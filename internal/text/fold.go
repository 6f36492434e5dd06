package text

import (
	"strings"
	"unicode/utf8"
)

// Fold returns s in the form in which texts are compared: normalised to form KC, with full case folding, without the
// code points that are ignorable by default, and normalised again. It is the mapping NFKC_Casefold of Unicode, applied
// to normalised text. A byte that is not UTF-8 becomes U+FFFD. Folding again changes nothing, and s itself is returned
// if it is folded already.
func Fold(s string) string {
	if ascii(s) {
		return strings.ToLower(s)
	}
	return rewrite(s, true)
}

// NFKC returns s in normalisation form KC, with U+FFFD for a byte that is not UTF-8. Combining marks are put in order
// however many there are.
func NFKC(s string) string {
	if ascii(s) {
		return s
	}
	return rewrite(s, false)
}

func ascii(s string) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// rewrite goes through s by segments, which do not act on each other, and copies only once something changes.
func rewrite(s string, fold bool) string {
	var (
		m    memory
		dst  strings.Builder
		kept int // what is before it is in dst
	)
	for i := 0; i < len(s); {
		r, width, length := segment(s[i:])
		at := i
		i += length
		if width == length && unchanged(r, width, fold) {
			continue
		}
		x := normalize(&m, s[at:i], fold)
		if string(x) == s[at:i] {
			continue
		}
		if kept == 0 {
			dst.Grow(len(s) + len(s)/8)
		}
		dst.WriteString(s[kept:at])
		dst.Write(x)
		kept = i
	}
	if kept == 0 {
		return s
	}
	dst.WriteString(s[kept:])
	return dst.String()
}

// segment returns the first code point of s, its width, and the length of the segment that it begins: up to the next
// code point before which text may be split.
func segment(s string) (r rune, width, length int) {
	r, width = utf8.DecodeRuneInString(s)
	for length = width; length < len(s) && s[length] >= utf8.RuneSelf; {
		next, n := utf8.DecodeRuneInString(s[length:])
		if classOf(next)&classStarter != 0 {
			break
		}
		length += n
	}
	return r, width, length
}

// unchanged tells at a glance that r stays as it is where it is a segment.
func unchanged(r rune, width int, fold bool) bool {
	switch c := classOf(r); {
	case r == utf8.RuneError && width == 1:
		return false
	case fold:
		return c&classStable != 0
	default:
		return c&classDecomp == 0
	}
}
