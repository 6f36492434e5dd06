package text

import (
	"slices"
	"unicode/utf8"
)

// A memory is enough for nearly all segments and stays on the stack.
type memory struct {
	runes, folded [16]rune
	text          [48]byte
}

// normalize returns the new form of a segment, valid until the memory is used again.
func normalize(m *memory, s string, fold bool) []byte {
	text := m.text[:0]
	if r, width := utf8.DecodeRuneInString(s); fold && width == len(s) && folds(r) {
		x, full := foldOf(r)
		if full != "" {
			return append(text, full...)
		}
		return utf8.AppendRune(text, x)
	}
	runes := m.runes[:0]
	for _, r := range s {
		runes = appendDecomposed(runes, r)
	}
	runes = compose(reorder(runes))
	if fold {
		folded := m.folded[:0]
		for _, r := range runes {
			folded = appendFolded(folded, r)
		}
		runes = compose(reorder(folded))
	}
	for _, r := range runes {
		text = utf8.AppendRune(text, r)
	}
	return text
}

// folds tells that the folding of r is already its new form.
func folds(r rune) bool {
	return classOf(r)&(classStarter|classDecomp|classFold) == classStarter|classFold
}

// appendFolded appends the decomposition of the folding of r, unless r is ignorable.
func appendFolded(dst []rune, r rune) []rune {
	switch c := classOf(r); {
	case c&classIgnorable != 0:
		return dst
	case c&classFold == 0:
		return appendDecomposed(dst, r)
	}
	x, full := foldOf(r)
	if full == "" {
		return appendDecomposed(dst, x)
	}
	for _, x := range full {
		dst = appendDecomposed(dst, x)
	}
	return dst
}

// reorder puts combining marks in canonical order, in place.
func reorder(rs []rune) []rune {
	for i := 0; i < len(rs); {
		if ccc(rs[i]) == 0 {
			i++
			continue
		}
		end := i + 1
		for end < len(rs) && ccc(rs[end]) != 0 {
			end++
		}
		if end-i > 1 {
			slices.SortStableFunc(rs[i:end], func(a, b rune) int { return int(ccc(a)) - int(ccc(b)) })
		}
		i = end
	}
	return rs
}

// compose puts together what has a primary composite, in place.
func compose(rs []rune) []rune {
	out, starter, last := rs[:0], -1, class(0) // last is the combining class of the last in out
	for _, r := range rs {
		c := ccc(r)
		if starter >= 0 && (starter == len(out)-1 || last < c) {
			if x := composed(out[starter], r); x != 0 {
				out[starter] = x
				continue
			}
		}
		out, last = append(out, r), c
		if c == 0 {
			starter = len(out) - 1
		}
	}
	return out
}
