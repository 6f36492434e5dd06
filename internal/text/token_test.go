package text_test

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"

	"github.com/itsmkit/itsm/internal/text"
)

func TestTokens(t *testing.T) {
	for in, want := range map[string][]string{
		"":                              nil,
		" -- !":                         nil,
		"Drucker im 4. OG druckt nicht": {"drucker", "im", "4", "og", "druckt", "nicht"},
		"vpn VPN Vpn":                   {"vpn", "vpn", "vpn"},
		"srv-db01.example.org:5432":     {"srv", "db01", "example", "org", "5432"},
		"snake_case don't":              {"snake", "case", "don", "t"},
		"Straße, Maße":                  {"strasse", "masse"},
		"E\u0301cole école":             {"école", "école"},
		"हिन्दी में":                    {"हिन्दी", "में"},
		"தமிழ்":                         {"தமிழ்"},
		"\u0301a \u0301":                {"a"}, // a mark needs a letter before it
		"打印机 坏了。":                       {"打印机", "坏了"},
		"프린터가 고장":                       {"프린터가", "고장"},
		"Ⅷ x² ½":                        {"viii", "x2", "1", "2"},
		"٣٤ ৪":                          {"٣٤", "৪"},
		"a😀b":                           {"a", "b"},
		"ab\xFFcd\xC3":                  {"ab", "cd"},
		"co\u00ADop":                    {"coop"},
		"a\u20DD\u0301b":                {"a\u20DD\u0301b"},
	} {
		if got := text.AppendTokens(nil, in); !slices.Equal(got, want) {
			t.Errorf("AppendTokens(%q) = %q, want %q", in, got, want)
		}
		if got := slices.Collect(text.Tokens(in)); !slices.Equal(got, want) {
			t.Errorf("Tokens(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestTokensStops(t *testing.T) {
	for token := range text.Tokens("one two three") {
		if token == "two" {
			return
		}
	}
	t.Error("there is no two")
}

func TestMaxToken(t *testing.T) {
	for _, c := range []struct {
		letter string
		bytes  int
	}{{"a", 128}, {"ä", 128}, {"語", 126}, {"𐌰", 128}} {
		got := text.AppendTokens(nil, strings.Repeat(c.letter, 200)+" end")
		want := []string{strings.Repeat(c.letter, c.bytes/len(c.letter)), "end"}
		if !slices.Equal(got, want) {
			t.Errorf("the tokens of 200 × %s are %q, want %q", c.letter, got, want)
		}
	}
	exact := strings.Repeat("a", text.MaxToken)
	if got := text.Set(exact); !slices.Equal(got, []string{exact}) {
		t.Errorf("a token of MaxToken bytes becomes %q", got)
	}
}

func TestSet(t *testing.T) {
	got := text.Set("VPN down", "vpn client: Down", "", "10 users")
	if want := []string{"10", "client", "down", "users", "vpn"}; !slices.Equal(got, want) {
		t.Errorf("Set = %q, want %q", got, want)
	}
	if got := text.Set(); len(got) != 0 {
		t.Errorf("Set of nothing = %q", got)
	}
}

func TestMatches(t *testing.T) {
	tokens := text.Set("Drucker im Flur druckt nicht", "Größe")
	for query, want := range map[string]bool{
		"":                  true,
		"...":               true,
		"druck":             true,
		"DRUCK nicht":       true,
		"flur drucker flur": true,
		"ucker":             false,
		"druckers":          false,
		"druck toner":       false,
		"größ":              true,
		"gro":               false,
		"zzz":               false,
	} {
		if got := text.Matches(text.AppendTokens(nil, query), tokens); got != want {
			t.Errorf("Matches(%q) = %v, want %v", query, got, want)
		}
	}
	if text.Matches([]string{"a"}, nil) || !text.Matches(nil, nil) {
		t.Error("a text without tokens does not match as it should")
	}
}

func TestMatchesAsDefined(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		letters := rapid.StringOfN(rapid.RuneFrom([]rune("aBäß ")), 0, 12, -1)
		words, tokens := text.AppendTokens(nil, letters.Draw(t, "query")), text.Set(letters.Draw(t, "text"))
		want := !slices.ContainsFunc(words, func(w string) bool {
			return !slices.ContainsFunc(tokens, func(token string) bool { return strings.HasPrefix(token, w) })
		})
		if got := text.Matches(words, tokens); got != want {
			t.Fatalf("Matches(%q, %q) = %v, want %v", words, tokens, got, want)
		}
	})
}

func TestTokensAllocate(t *testing.T) {
	dst := make([]string, 0, 64)
	for s, want := range map[string]float64{
		"the printer on floor 4 prints blank pages": 0,
		"The Printer on Floor 4 prints Blank Pages": 1,
		"der drucker im büro druckt weiße seiten":   1,
		"der drucker im büro ist aus":               0,
	} {
		if got := testing.AllocsPerRun(10, func() { dst = text.AppendTokens(dst[:0], s) }); got > want {
			t.Errorf("AppendTokens(%q) allocates %v times, want %v", s, got, want)
		}
	}
}

func FuzzTokens(f *testing.F) {
	for _, s := range []string{
		"", "VPN down", "Straße ﬁ ①Ａ", "E\u0301\u0323", "हिन्दी", "\u1112\u1161\u11AB", "\xFF\xC3a", "α\u0345\u0334\u0301",
		"\u1FB3\u0301", "a\u034F\u0301", "\u00AD\u3164\uFFA0", "İǰΐ", "Ꭰꭰ", strings.Repeat("語", 60),
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if once := text.Fold(s); text.Fold(once) != once {
			t.Errorf("Fold(%+q) = %+q, but folded again %+q", s, once, text.Fold(once))
		}
		tokens := text.AppendTokens(nil, s)
		for _, token := range tokens {
			checkToken(t, token)
		}
		if got := slices.Collect(text.Tokens(s)); !slices.Equal(got, tokens) {
			t.Errorf("Tokens gives %q and AppendTokens %q", got, tokens)
		}
		if set := text.Set(s); !text.Matches(tokens, set) || !slices.IsSorted(set) {
			t.Errorf("the tokens %q are not found in their set %q", tokens, set)
		}
	})
}

func checkToken(t *testing.T, token string) {
	t.Helper()
	if token == "" || len(token) > text.MaxToken || !utf8.ValidString(token) {
		t.Errorf("the token %+q is empty, too long or not UTF-8", token)
	}
	for i, r := range token {
		if !letterOrDigit(r) && (i == 0 || !mark(r)) {
			t.Errorf("the token %+q has %U at %d", token, r, i)
		}
	}
	if again := text.AppendTokens(nil, token); !slices.Equal(again, []string{token}) {
		t.Errorf("the token %+q has the tokens %+q", token, again)
	}
}
