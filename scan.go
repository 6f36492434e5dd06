package itsm

import (
	"bytes"
	"encoding/json"
	"unicode/utf8"
)

// scanner moves over a JSON text (RFC 8259) once, without memory of its own. What it has passed is valid. Where
// the text is not, it is broken and at the end: whatever is asked of it then passes nothing.
type scanner struct {
	raw    []byte
	at     int
	depth  int
	begun  bool // an object or a list has begun and nothing in it is passed
	plain  bool // the string passed last has no escapes and no characters beyond ASCII
	broken bool
}

// maxDepth is how deep objects and lists may lie within each other, as in encoding/json.
const maxDepth = 10_000

func (s *scanner) stop() { s.broken, s.at = true, len(s.raw) }

// peek returns the first byte of what follows, or 0 at the end.
func (s *scanner) peek() byte {
	for ; s.at < len(s.raw); s.at++ {
		switch c := s.raw[s.at]; c {
		case ' ', '\t', '\n', '\r':
		default:
			return c
		}
	}
	return 0
}

// open goes into the object or list that follows.
func (s *scanner) open() {
	s.at++
	s.begun = true
	if s.depth++; s.depth > maxDepth {
		s.stop()
	}
}

// more goes to the next member or element; false behind the closing bracket.
func (s *scanner) more(closing byte) bool {
	c := s.peek()
	switch begun := s.begun; {
	case s.at == len(s.raw):
		s.stop()
		return false
	case c == closing:
		s.at++
		s.depth--
		s.begun = false
		return false
	case begun:
		s.begun = false
	case c == ',':
		s.at++
	default:
		s.stop()
		return false
	}
	return true
}

// name passes the name of a member and the colon. What is no UTF-8 in it counts as U+FFFD.
func (s *scanner) name() []byte {
	if s.peek() != '"' {
		s.stop()
		return nil
	}
	raw := s.quoted()
	plain := s.plain
	if s.peek() != ':' {
		s.stop()
		return nil
	}
	s.at++
	if plain {
		return raw[1 : len(raw)-1]
	}
	var name string
	_ = json.Unmarshal(raw, &name) // it is valid
	return []byte(name)
}

// skip passes a value and returns its text, nil where it is broken.
func (s *scanner) skip() []byte {
	c := s.peek()
	from := s.at
	switch c {
	case '"':
		return s.quoted()
	case '{':
		for s.open(); s.more('}'); s.skip() {
			s.name()
		}
	case '[':
		for s.open(); s.more(']'); {
			s.skip()
		}
	case 't':
		s.word("true")
	case 'f':
		s.word("false")
	case 'n':
		s.word("null")
	default:
		s.number()
	}
	if s.broken {
		return nil
	}
	return s.raw[from:s.at]
}

// count returns how many members or elements the object or list that follows has, as far as it is valid. It
// passes a copy of s only.
func (s scanner) count() int {
	n, closing := 0, s.peek()+2 // ']' and '}' are two places behind '[' and '{'
	for s.open(); s.more(closing); n++ {
		if closing == '}' {
			s.name()
		}
		s.skip()
	}
	return n
}

// null passes null, if that is what follows.
func (s *scanner) null() bool {
	if s.peek() != 'n' {
		return false
	}
	s.word("null")
	return !s.broken
}

func (s *scanner) word(w string) {
	if !bytes.HasPrefix(s.raw[s.at:], []byte(w)) {
		s.stop()
		return
	}
	s.at += len(w)
}

func (s *scanner) number() {
	s.sign('-', '-')
	if s.at < len(s.raw) && s.raw[s.at] == '0' {
		s.at++
	} else {
		s.digits()
	}
	if s.at < len(s.raw) && s.raw[s.at] == '.' {
		s.at++
		s.digits()
	}
	if s.at < len(s.raw) && s.raw[s.at]|' ' == 'e' {
		s.at++
		s.sign('-', '+')
		s.digits()
	}
}

func (s *scanner) sign(a, b byte) {
	if s.at < len(s.raw) && (s.raw[s.at] == a || s.raw[s.at] == b) {
		s.at++
	}
}

func (s *scanner) digits() {
	from := s.at
	for s.at < len(s.raw) && s.raw[s.at] >= '0' && s.raw[s.at] <= '9' {
		s.at++
	}
	if s.at == from {
		s.stop()
	}
}

// quoted passes the string that begins here and returns it with its quotes, nil where it is broken.
func (s *scanner) quoted() []byte {
	from := s.at
	s.plain = true
	for i := from + 1; i < len(s.raw); i++ {
		c := s.raw[i]
		switch {
		case c >= utf8.RuneSelf:
			s.plain = false
		case c == '"':
			s.at = i + 1
			return s.raw[from:s.at]
		case c == '\\':
			s.plain = false
			n := escape(s.raw[i:])
			if n == 0 {
				s.stop()
				return nil
			}
			i += n - 1
		case c < ' ':
			s.stop()
			return nil
		}
	}
	s.stop()
	return nil
}
