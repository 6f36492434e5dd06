package text

import (
	"iter"
	"slices"
	"strings"
	"unicode/utf8"
)

// MaxToken is the greatest length of a token in bytes. A longer run is cut there, or before the code point that does
// not fit; the rest of it is not searched. The words of a query are cut alike and thus still match.
const MaxToken = 128

// Tokens returns the tokens of s in their order, each as often as it occurs. They share memory with the folded text,
// which is s if s is folded already.
func Tokens(s string) iter.Seq[string] {
	return func(yield func(string) bool) {
		for rest := Fold(s); rest != ""; {
			var token string
			if token, rest = next(rest); token == "" || !yield(token) {
				return
			}
		}
	}
}

// AppendTokens appends the tokens of s to dst, like [Tokens].
func AppendTokens(dst []string, s string) []string {
	for rest := Fold(s); rest != ""; {
		var token string
		if token, rest = next(rest); token == "" {
			break
		}
		dst = append(dst, token)
	}
	return dst
}

// Set returns the tokens of all the texts, sorted by bytes and each once.
func Set(texts ...string) []string {
	var tokens []string
	for _, s := range texts {
		tokens = AppendTokens(tokens, s)
	}
	slices.Sort(tokens)
	return slices.Compact(tokens)
}

// Matches tells whether each of the words is a prefix of one of the tokens, which are sorted as [Set] sorts them. The
// words are tokens of a query. No words match everything.
func Matches(words, tokens []string) bool {
	for _, w := range words {
		i, _ := slices.BinarySearch(tokens, w)
		if i == len(tokens) || !strings.HasPrefix(tokens[i], w) {
			return false
		}
	}
	return true
}

// next returns the first token of a folded text, empty if there is none, and what comes after it.
func next(s string) (token, rest string) {
	start := 0
	for start < len(s) {
		c, n := classAt(s, start)
		if c&classWord != 0 {
			break
		}
		start += n
	}
	end := start
	for end < len(s) {
		c, n := classAt(s, end)
		if c&(classWord|classMark) == 0 {
			break
		}
		end += n
	}
	return cut(s[start:end]), s[end:]
}

// classAt returns the class of the code point at i, for ASCII only as far as it concerns tokens, and its width.
func classAt(s string, i int) (class, int) {
	if b := s[i]; b < utf8.RuneSelf {
		if b >= 'a' && b <= 'z' || b >= '0' && b <= '9' {
			return classWord, 1
		}
		return 0, 1
	}
	r, n := utf8.DecodeRuneInString(s[i:])
	return classOf(r), n
}

func cut(token string) string {
	if len(token) <= MaxToken {
		return token
	}
	n := MaxToken
	for !utf8.RuneStart(token[n]) {
		n--
	}
	return token[:n]
}
