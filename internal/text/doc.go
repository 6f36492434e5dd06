// Package text says what the words of a text are, so that every store finds the same records for the same search.
//
// # Tokens
//
// A text is first brought into one form, see [Fold]: Unicode normalisation form KC, full case folding, normalised
// again. Ｆｉｌｅ, ﬁle and FILE become file, Straße and STRASSE become strasse, and an accent that is a code point of its
// own joins its letter. A token is then a maximal run of
//
//   - letters and digits (the general categories L and N), and
//   - combining marks (M) that come after a letter or digit, because many scripts write vowels as marks: without them
//     हिन्दी would be torn into pieces.
//
// Everything else separates tokens, also a byte that is not UTF-8. There is no stemming, no list of words to leave
// out, no transliteration and no rank. Accents count: e and é are different. Scripts written without spaces give long
// tokens: a Chinese or Thai clause is one token and found by its beginning only.
//
// A token has at most [MaxToken] bytes.
//
// # Matching
//
// The words of a query are the tokens of the query, and a word is found where it is a prefix of a token, see
// [Matches]. The prefix is one of code points of the folded form; as a Hangul syllable is one code point there, 하 does
// not find 한.
//
// # What Fold drops
//
// As in the Unicode mapping NFKC_Casefold, the code points that are ignorable by default are dropped: the soft hyphen,
// joiners, variation selectors, marks of direction, the byte order mark. A word is so found with them and without. The
// zero width space is one of them and hence joins what it stands between. The letters İ and I become i with a dot above
// and i, in Turkish text as well.
//
// # Version of Unicode
//
// The package has its own tables, of the version [UnicodeVersion], and asks neither the standard library nor
// golang.org/x/text: the tokens of a stored text must not change with the compiler. A new version of the tables can
// change them, if only for code points that were unassigned before; indexes have to be built anew then. The module in
// gen generates the tables and compares this package with golang.org/x/text.
//
// The tables hold data of the Unicode Character Database, used under the Unicode License v3; see LICENSE-UNICODE.
package text

//go:generate go -C gen run . -o ../tables.go
