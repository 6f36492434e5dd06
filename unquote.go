package itsm

import (
	"bytes"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// escape returns the length of the escape at the beginning of raw, or 0 where it is none.
func escape(raw []byte) int {
	switch {
	case len(raw) < 2:
	case raw[1] == 'u':
		if len(raw) >= 6 && hex4(raw[2:6]) >= 0 {
			return 6
		}
	case strings.IndexByte(`"\/bfnrt`, raw[1]) >= 0:
		return 2
	}
	return 0
}

func hex4(raw []byte) rune {
	var r rune
	for _, c := range raw {
		switch {
		case c >= '0' && c <= '9':
			r = r<<4 | rune(c-'0')
		case c|' ' >= 'a' && c|' ' <= 'f':
			r = r<<4 | rune(c|' '-'a'+10)
		default:
			return -1
		}
	}
	return r
}

// unquote returns the text of a string that was passed; false where it is not UTF-8.
func unquote(raw []byte, plain bool) (string, bool) {
	inner := raw[1 : len(raw)-1]
	switch {
	case plain:
		return string(inner), true
	case !utf8.Valid(inner):
		return "", false
	case bytes.IndexByte(inner, '\\') < 0:
		return string(inner), true
	}
	return unescape(inner), true
}

// unescape resolves the escapes of a valid string. Half a surrogate pair becomes U+FFFD, as in encoding/json.
func unescape(inner []byte) string {
	var b strings.Builder
	b.Grow(len(inner))
	for {
		i := bytes.IndexByte(inner, '\\')
		if i < 0 {
			b.Write(inner)
			return b.String()
		}
		b.Write(inner[:i])
		n := escape(inner[i:])
		switch c := inner[i+1]; c {
		case 'b':
			b.WriteByte('\b')
		case 'f':
			b.WriteByte('\f')
		case 'n':
			b.WriteByte('\n')
		case 'r':
			b.WriteByte('\r')
		case 't':
			b.WriteByte('\t')
		case 'u':
			r := hex4(inner[i+2 : i+6])
			if utf16.IsSurrogate(r) {
				if r = pair(r, inner[i+6:]); r != utf8.RuneError {
					n = 12
				}
			}
			b.WriteRune(r)
		default:
			b.WriteByte(c)
		}
		inner = inner[i+n:]
	}
}

// pair returns the character of a surrogate and the escape that follows it, or U+FFFD.
func pair(high rune, raw []byte) rune {
	if len(raw) < 6 || raw[0] != '\\' || raw[1] != 'u' {
		return utf8.RuneError
	}
	return utf16.DecodeRune(high, hex4(raw[2:6]))
}
