package main

import (
	"bytes"
	"math/rand/v2"
	"os"
	"slices"
	"testing"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"github.com/itsmkit/itsm/internal/text"
)

// needVersion skips a test when the compiler brings a Unicode other than that of the tables.
func needVersion(t *testing.T) {
	t.Helper()
	if norm.Version != text.UnicodeVersion {
		t.Skipf("golang.org/x/text has Unicode %s here, the tables have %s", norm.Version, text.UnicodeVersion)
	}
}

func TestTablesAreCurrent(t *testing.T) {
	needVersion(t)
	want, err := generate()
	if err != nil {
		t.Fatal(err)
	}
	if got, err := os.ReadFile("../tables.go"); err != nil || !bytes.Equal(got, want) {
		t.Errorf("tables.go is not what the generator writes (%v): run go generate", err)
	}
}

func TestEveryCodePoint(t *testing.T) {
	needVersion(t)
	for r := range rune(unicode.MaxRune + 1) {
		if !utf8.ValidRune(r) {
			continue
		}
		s := string(r)
		if got, want := text.NFKC(s), norm.NFKC.String(s); got != want {
			t.Errorf("NFKC(%U) = %+q, want %+q", r, got, want)
		}
		want := folded(s)
		if got := text.Fold(s); got != want {
			t.Errorf("Fold(%U) = %+q, want %+q", r, got, want)
		}
		if want == s {
			checkCategory(t, r)
		}
	}
}

// checkCategory compares tokens with the categories of the standard library, for an r that Fold leaves as it is.
func checkCategory(t *testing.T, r rune) {
	t.Helper()
	s := string(r)
	var alone, after []string
	switch {
	case unicode.In(r, unicode.L, unicode.N):
		alone, after = []string{s}, []string{"あ" + s}
	case unicode.Is(unicode.M, r):
		after = []string{norm.NFC.String("あ" + s)}
	default:
		after = []string{"あ"}
	}
	if got := text.AppendTokens(nil, s); !slices.Equal(got, alone) {
		t.Errorf("the tokens of %U are %+q, want %+q", r, got, alone)
	}
	if got := text.AppendTokens(nil, "あ"+s); !slices.Equal(got, after) {
		t.Errorf("the tokens of あ and %U are %+q, want %+q", r, got, after)
	}
}

// The number is that of DerivedCoreProperties.txt.
func TestIgnorableCodePoints(t *testing.T) {
	n := 0
	for r := range rune(unicode.MaxRune + 1) {
		if ignorable(r) {
			n++
		}
	}
	if want := 4174; n != want {
		t.Errorf("%d code points are ignorable, want %d", n, want)
	}
}

func TestRandomTexts(t *testing.T) {
	needVersion(t)
	sets := alphabets()
	random := rand.New(rand.NewPCG(1, 2))
	for range 300_000 {
		runes := make([]rune, 1+random.IntN(12)) // few enough for x/text, which breaks up more than 30 marks
		for i := range runes {
			set := sets[random.IntN(len(sets))]
			runes[i] = set[random.IntN(len(set))]
		}
		s := string(runes)
		if got, want := text.NFKC(s), norm.NFKC.String(s); got != want {
			t.Fatalf("NFKC(%+q) = %+q, want %+q", s, got, want)
		}
		if got, want := text.Fold(s), folded(s); got != want || text.Fold(got) != got {
			t.Fatalf("Fold(%+q) = %+q, want %+q", s, got, want)
		}
	}
}

// alphabets returns the code points that do something in a text, by what they do, and some others.
func alphabets() [][]rune {
	var marks, backward, decomposed, cased, dropped []rune
	for r := range rune(unicode.MaxRune + 1) {
		if !utf8.ValidRune(r) {
			continue
		}
		s := string(r)
		p := norm.NFKC.PropertiesString(s)
		for _, x := range []struct {
			set *[]rune
			in  bool
		}{
			{&marks, p.CCC() != 0},
			{&backward, !p.BoundaryBefore() && p.CCC() == 0},
			{&decomposed, norm.NFKD.String(s) != s},
			{&cased, caseFold(s) != s},
			{&dropped, ignorable(r) && r < 0xE0000},
		} {
			if x.in {
				*x.set = append(*x.set, r)
			}
		}
	}
	return [][]rune{
		marks, backward, decomposed, cased, dropped,
		[]rune("aeiouAEIOUns \u0301\u0308\u0323\u0345\u0338"),
		[]rune("αιυωΑΙΥΩ\u0301\u0313\u0342\u0345\u0308"),
		[]rune("\u1100\u1112\u1161\u1175\u11A7\u11A8\u11C2\uAC00\uAC01\uD7A3"),
		[]rune("かはカハ\u3099\u309A\u0915\u093C\u094D\u09C7\u09BE\u09D7\u0B47\u0B56"),
	}
}
