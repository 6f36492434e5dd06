package text

import "sort"

// A class is what the tables say about a code point: the bits below and, from bit 8, the canonical combining class.
type class uint16

// The bits of a class; the generator has the same.
const (
	classWord      class = 1 << iota // a letter or digit
	classMark                        // a combining mark
	classStarter                     // text may be split before it: nothing before it changes with it
	classStable                      // alone, Fold leaves it as it is
	classDecomp                      // has a compatibility decomposition in the table
	classFold                        // has a case folding
	classIgnorable                   // is dropped by Fold

	classCCCShift = 8
)

// The shape of the tables; the generator has the same.
const (
	blockBits   = 6 // a block has 64 entries
	blockMask   = 1<<blockBits - 1
	mappingBase = '#' - 1 // is added to the lengths of mappings
	foldFull    = 1 << 24 // is added to places in mappings
)

// Conjoining Hangul; see section 3.12 of the Unicode Standard.
const (
	hangulS, hangulSCount = 0xAC00, hangulLCount * hangulVCount * hangulTCount
	hangulL, hangulLCount = 0x1100, 19
	hangulV, hangulVCount = 0x1161, 21
	hangulT, hangulTCount = 0x11A7, 28 // the first of them stands for no trailing consonant
)

func classOf(r rune) class {
	i := classIndex[int(classTop[r>>(2*blockBits)])<<blockBits|int(r>>blockBits)&blockMask]
	return class(classBits[classLetters[int(i)<<blockBits|int(r)&blockMask]])
}

// ccc returns the canonical combining class.
func ccc(r rune) class { return classOf(r) >> classCCCShift }

// mapping returns the text at a place in mappings.
func mapping(at int) string {
	n := int(mappings[at]) - mappingBase
	return mappings[at+1 : at+1+n]
}

// appendDecomposed appends the full compatibility decomposition of r.
func appendDecomposed(dst []rune, r rune) []rune {
	if s := r - hangulS; s >= 0 && s < hangulSCount {
		lv, t := s/hangulTCount, s%hangulTCount
		dst = append(dst, hangulL+lv/hangulVCount, hangulV+lv%hangulVCount)
		if t != 0 {
			dst = append(dst, hangulT+t)
		}
		return dst
	}
	if classOf(r)&classDecomp == 0 {
		return append(dst, r)
	}
	at := decompAt[int(decompIndex[r>>blockBits])<<blockBits|int(r)&blockMask]
	for _, x := range mapping(int(at)) {
		dst = append(dst, x)
	}
	return dst
}

// foldOf returns the full case folding of an r of classFold: one code point, or else a text of several.
func foldOf(r rune) (rune, string) {
	i := sort.Search(len(foldFrom), func(i int) bool { return foldFrom[i] > uint32(r) }) - 1
	if by := foldBy[i]; by < foldFull {
		return r + by, ""
	}
	return 0, mapping(int(foldBy[i] - foldFull))
}

// composed returns the primary composite of two code points, or 0.
func composed(a, b rune) rune {
	if classOf(b)&classStarter != 0 {
		return 0
	}
	if l, v := a-hangulL, b-hangulV; l >= 0 && l < hangulLCount && v >= 0 && v < hangulVCount {
		return hangulS + (l*hangulVCount+v)*hangulTCount
	}
	if s, t := a-hangulS, b-hangulT; s >= 0 && s < hangulSCount && s%hangulTCount == 0 && t > 0 && t < hangulTCount {
		return a + t
	}
	key := uint64(a)<<21 | uint64(b)
	i := sort.Search(len(pairs), func(i int) bool { return pairs[i]>>21 >= key })
	if i < len(pairs) && pairs[i]>>21 == key {
		return rune(pairs[i] & (1<<21 - 1))
	}
	return 0
}
