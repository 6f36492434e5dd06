package main

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
)

// The bits of a class; lookup.go of the package has the same.
const (
	classWord      = 1 << 0 // a letter or digit
	classMark      = 1 << 1 // a combining mark
	classStarter   = 1 << 2 // text may be split before it
	classStable    = 1 << 3 // alone it stays as it is
	classDecomp    = 1 << 4 // has a compatibility decomposition in the table
	classFold      = 1 << 5 // has a case folding
	classIgnorable = 1 << 6 // is dropped
	classCCCShift  = 8
)

const (
	hangulBase  = 0xAC00
	hangulCount = 11172
)

// data is what the tables hold, by code point.
type data struct {
	class  []uint16 // of all code points
	decomp map[rune]string
	fold   map[rune]string
	pairs  []uint64 // first<<42 | second<<21 | composite, sorted
}

var caser = cases.Fold()

// caseFold is the full case folding of CaseFolding.txt (status C and F). It differs from that of x/text where that
// is wrong: x/text exchanges the two cases of Cherokee, whose capital letters fold to themselves.
func caseFold(s string) string {
	var b strings.Builder
	for _, r := range s {
		if r >= 0x13A0 && r <= 0x13F5 {
			b.WriteRune(r)
		} else {
			b.WriteString(caser.String(string(r)))
		}
	}
	return b.String()
}

// collect reads the data and checks what the package takes for granted.
func collect() (*data, error) {
	d := &data{class: make([]uint16, unicode.MaxRune+1), decomp: map[rune]string{}, fold: map[rune]string{}}
	backward := d.compose()
	for r := range rune(unicode.MaxRune + 1) {
		if !utf8.ValidRune(r) {
			continue
		}
		s := string(r)
		if x := norm.NFKD.String(s); x != s && !isHangul(r) {
			d.decomp[r] = x
		}
		if x := caseFold(s); x != s {
			d.fold[r] = x
		}
		d.class[r] = d.classOf(r, backward)
	}
	return d, d.check()
}

func isHangul(r rune) bool { return r >= hangulBase && r < hangulBase+hangulCount }

// compose fills in the pairs and returns the runes that can be second in one, conjoining Hangul included.
func (d *data) compose() map[rune]bool {
	backward := map[rune]bool{}
	for r := range rune(unicode.MaxRune + 1) {
		full := norm.NFD.String(string(r))
		if !utf8.ValidRune(r) || full == string(r) || norm.NFC.String(full) != string(r) {
			continue
		}
		parts := []rune(full)
		first, second := []rune(norm.NFC.String(string(parts[:len(parts)-1]))), parts[len(parts)-1]
		backward[second] = true
		if !isHangul(r) {
			d.pairs = append(d.pairs, uint64(first[0])<<42|uint64(second)<<21|uint64(r))
		}
	}
	slices.Sort(d.pairs)
	return backward
}

func (d *data) classOf(r rune, backward map[rune]bool) uint16 {
	s := string(r)
	first := firstRune(norm.NFKD.String(s))
	starter := norm.NFC.PropertiesString(string(first)).CCC() == 0 && !backward[first] && !ignorable(r)
	c := uint16(norm.NFC.PropertiesString(s).CCC()) << classCCCShift
	for _, b := range []struct {
		bit uint16
		set bool
	}{
		{classWord, unicode.In(r, unicode.L, unicode.N)},
		{classMark, unicode.Is(unicode.M, r)},
		{classStarter, starter},
		{classStable, starter && folded(s) == s},
		{classDecomp, d.decomp[r] != ""},
		{classFold, d.fold[r] != ""},
		{classIgnorable, ignorable(r)},
	} {
		if b.set {
			c |= b.bit
		}
	}
	return c
}

func firstRune(s string) rune {
	r, _ := utf8.DecodeRuneInString(s)
	return r
}

// folded is what Fold of the package makes of a short text.
func folded(s string) string {
	var kept []rune
	for _, r := range caseFold(norm.NFKC.String(s)) {
		if !ignorable(r) {
			kept = append(kept, r)
		}
	}
	return norm.NFKC.String(string(kept))
}

// ignorable tells whether the code point has the property Default_Ignorable_Code_Point, derived as in
// DerivedCoreProperties.txt.
func ignorable(r rune) bool {
	switch {
	case unicode.In(r, unicode.White_Space, unicode.Prepended_Concatenation_Mark),
		r >= 0xFFF9 && r <= 0xFFFB, r >= 0x13430 && r <= 0x13440:
		return false
	}
	return unicode.In(r, unicode.Other_Default_Ignorable_Code_Point, unicode.Cf, unicode.Variation_Selector)
}

// check reports what would make the shortcuts of the package wrong.
func (d *data) check() error {
	for r, c := range d.class {
		r := rune(r)
		if !utf8.ValidRune(r) {
			continue
		}
		x := folded(string(r))
		switch {
		case folded(x) != x:
			return fmt.Errorf("%U: folding twice gives more than folding once", r)
		case c&classIgnorable != 0:
			if x != "" {
				return fmt.Errorf("%U: ignorable, but becomes %q", r, x)
			}
		case c&classStarter != 0 && d.class[firstRune(norm.NFKD.String(x))]&classStarter == 0:
			return fmt.Errorf("%U: text may be split before it, but not before its folding %q", r, x)
		case c&(classStarter|classDecomp|classFold) == classStarter|classFold && d.fold[r] != x:
			return fmt.Errorf("%U: its folding %q is not normalised", r, d.fold[r])
		}
	}
	return nil
}
