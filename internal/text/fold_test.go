package text_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"

	"github.com/itsmkit/itsm/internal/text"
)

func TestFold(t *testing.T) {
	for in, want := range map[string]string{
		"":                      "",
		"Printer 4.OG":          "printer 4.og",
		"ﬁ ﬀ ﬄ ﬆ":               "fi ff ffl st",
		"\u212B":                "\u00E5", // the Ångström sign
		"A\u030A":               "\u00E5",
		"\u1112\u1161\u11AB":    "\uD55C", // Hangul from conjoining jamo
		"\uD558\u11AB":          "\uD55C",
		"\uD55C":                "\uD55C",
		"①②⑳":                   "1220",
		"Ａｚ９":                   "az9",
		"ｶﾞ":                    "ガ",
		"Straße STRASSE STRAẞE": "strasse strasse strasse",
		"ΣΊΣΥΦΟΣ":               "σίσυφοσ",
		"Σίσυφος":               "σίσυφοσ",
		"İI":                    "i\u0307i",
		"ŉ":                     "\u02BCn",
		"ǅ":                     "dž",
		"Ж":                     "ж",
		"Մեւ և":                 "մեւ եւ",
		"Ꭰꭰ":                    "ᎠᎠ", // Cherokee folds to capital letters
		"ᾈ \u1FB3\u0301":        "ἀι άι",
		"㎢ m²":                  "km2 m2",
		"½":                     "1\u20442",
		"ﷺ":                     "صلى الله عليه وسلم",
		"Daten\u00ADbank":       "datenbank",
		"\uFEFFa\u200D\uFE0F":   "a",
		"\u3164":                "", // the Hangul filler
		"葛\U000E0100":           "葛",
		"\xFFÄ\xC3":             "\uFFFDä\uFFFD",
		"\xC3\u00AD\xA4":        "\uFFFD\uFFFD",
		"\u0301":                "\u0301",
	} {
		if got := text.Fold(in); got != want {
			t.Errorf("Fold(%q) = %q, want %q", in, got, want)
		}
	}
}

// The lines are from NormalizationTest.txt: the source and its form KC.
func TestNFKC(t *testing.T) {
	for _, c := range [][2]string{
		{"\u1E0A", "\u1E0A"},
		{"\u1E0A\u0323", "\u1E0C\u0307"},
		{"\u1E0C\u0307", "\u1E0C\u0307"},
		{"D\u0307\u0323", "\u1E0C\u0307"},
		{"D\u031B\u0307\u0323", "\u1E0C\u031B\u0307"},
		{"\u1E14\u0304", "\u1E14\u0304"},
		{"\u05B8\u05B9\u05B1\u0591\u05C3\u05B0\u05AC\u059F", "\u05B1\u05B8\u05B9\u0591\u05C3\u05B0\u05AC\u059F"},
		{"\u0592\u05B7\u05BC\u05A5\u05B0\u05C0\u05C4\u05AD", "\u05B0\u05B7\u05BC\u05A5\u0592\u05C0\u05AD\u05C4"},
		{"\u1100\uAC00\u11A8", "\u1100\uAC01"},
		{"\u1100\uAC00\u11A8\u11A8", "\u1100\uAC01\u11A8"},
		{"\u0340", "\u0300"},
		{"\u0344", "\u0308\u0301"},
		{"\u0958", "\u0915\u093C"},                   // excluded from composition
		{"\u09C7\u0334\u09BE", "\u09C7\u0334\u09BE"}, // blocked
		{"\U0001D15E", "\U0001D157\U0001D165"},
		{"\U0002F800", "\u4E3D"},
		{"\u0061\u0315\u0300\u05AE\u0300\u0062", "\u00E0\u05AE\u0300\u0315\u0062"},
		{"\U00011099\U000110BA", "\U0001109A"},
	} {
		if got := text.NFKC(c[0]); got != c[1] {
			t.Errorf("NFKC(%+q) = %+q, want %+q", c[0], got, c[1])
		}
	}
}

func TestFoldKeepsWhatIsFolded(t *testing.T) {
	for _, s := range []string{"printer offline", "grün", "принтер не печатает", "打印机", "프린터"} {
		if n := testing.AllocsPerRun(10, func() { text.Fold(s) }); n != 0 || text.Fold(s) != s {
			t.Errorf("Fold(%q) = %q with %v allocations, want no change", s, text.Fold(s), n)
		}
	}
}

func TestManyMarks(t *testing.T) {
	s := "a" + strings.Repeat("\u0301\u0323", 50000)
	got := text.Fold(s)
	if want := "ạ" + strings.Repeat("\u0323", 49999) + strings.Repeat("\u0301", 50000); got != want {
		t.Errorf("the marks are not in order: %d bytes, want %d", len(got), len(want))
	}
}

// mixed makes texts of the scripts in which normalisation has most to do.
func mixed() *rapid.Generator[string] {
	runes := rapid.OneOf(
		rapid.RuneFrom([]rune("aAzZ0 .éÅßſİıŉΐΰᾳᾼΣςστДйЁꭰᎠ①Ａﬁﬀｶﾞ½ª㎢ﷺ한글하क़ड़ি്กำ\u00AD\u200D\uFE0F\u034F")),
		rapid.RuneFrom([]rune("\u0301\u0300\u0307\u0308\u030C\u0323\u0328\u0331\u0334\u0342\u0345\u093C\u094D\u3099")),
		rapid.RuneFrom([]rune("\u1100\u1112\u1161\u1175\u11A8\u11C2\uAC00\uAC01\uD7A3\u115F\u1160\u3164\uFFA0\u09C7\u09BE")),
		rapid.Rune(),
	)
	return rapid.StringOf(runes)
}

func TestFoldIsIdempotent(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := mixed().Draw(t, "s")
		f := text.Fold(s)
		if g := text.Fold(f); g != f {
			t.Fatalf("Fold(%+q) = %+q, but folded again %+q", s, f, g)
		}
		if g := text.Fold(text.NFKC(s)); g != f {
			t.Fatalf("Fold(%+q) = %+q, but from its form KC %+q", s, f, g)
		}
		if !utf8.ValidString(f) {
			t.Fatalf("Fold(%+q) = %+q is not UTF-8", s, f)
		}
	})
}

func TestEveryCodePoint(t *testing.T) {
	for r := range rune(utf8.MaxRune + 1) {
		s := string(r)
		if f := text.Fold(s); text.Fold(f) != f || text.Fold("a"+s+"a") != text.Fold(text.NFKC("a"+s+"a")) {
			t.Errorf("%U: Fold gives %+q and then %+q", r, f, text.Fold(f))
		}
	}
}
