package money

import (
	"encoding/json"
	"fmt"
)

// MarshalJSON writes {"amount":"12.50","currency":"EUR"}; null for no amount.
func (a Amount) MarshalJSON() ([]byte, error) {
	if a.IsZero() {
		return []byte("null"), nil
	}
	dst := append(make([]byte, 0, 56), `{"amount":"`...)
	return finish(appendDecimal(dst, a.coins, a.unit.decimals(), 0), a.unit), nil
}

// JSONSchema returns the JSON Schema of what MarshalJSON writes.
func (Amount) JSONSchema() string { return jsonSchema }

// jsonSchema is that of an amount and of a price.
const jsonSchema = `{"type":"object","properties":{"amount":{"type":"string"},"currency":{"type":"string"}},"required":["amount","currency"],"additionalProperties":false}`

// UnmarshalJSON reads what MarshalJSON writes, and nothing else but what [Parse] takes for the number. null is no amount.
func (a *Amount) UnmarshalJSON(raw []byte) error {
	number, code, null, err := fieldsOf(raw)
	if err != nil || null {
		return set(a, Amount{}, err)
	}
	got, err := Parse(number, code)
	return set(a, got, err)
}

// MarshalJSON writes {"amount":"0.000125","currency":"EUR"}; null for no price.
func (p Price) MarshalJSON() ([]byte, error) {
	if p.IsZero() {
		return []byte("null"), nil
	}
	return finish(p.appendNumber(append(make([]byte, 0, 56), `{"amount":"`...)), p.unit), nil
}

// JSONSchema returns the JSON Schema of what MarshalJSON writes.
func (Price) JSONSchema() string { return jsonSchema }

// UnmarshalJSON reads what MarshalJSON writes, and nothing else but what [ParsePrice] takes for the number. null is no
// price.
func (p *Price) UnmarshalJSON(raw []byte) error {
	number, code, null, err := fieldsOf(raw)
	if err != nil || null {
		return set(p, Price{}, err)
	}
	got, err := ParsePrice(number, code)
	return set(p, got, err)
}

func finish(dst []byte, u unit) []byte {
	dst = append(append(dst, `","currency":"`...), u.currency()...)
	return append(dst, `"}`...)
}

// set keeps what was there if there is an error.
func set[T any](to *T, got T, err error) error {
	if err == nil {
		*to = got
	}
	return err
}

// fieldsOf splits the JSON of an amount. Both fields must be there once, as strings, and nothing else.
func fieldsOf(raw []byte) (number string, code Currency, null bool, err error) {
	s := scanner{in: raw}
	s.space()
	if string(s.in[s.at:]) == "null" {
		return "", "", true, nil
	}
	bad := func(what string) (string, Currency, bool, error) {
		return "", "", false, fmt.Errorf(`money: %w: want {"amount":"12.50","currency":"EUR"}: %s`, ErrSyntax, what)
	}
	if !s.take('{') {
		return bad("not an object")
	}
	var hasNumber, hasCode bool
	for more := !s.take('}'); more; {
		name, ok := s.text()
		if !ok || !s.take(':') {
			return bad("not an object")
		}
		value, ok := s.text()
		switch {
		case !ok:
			return bad(fmt.Sprintf("field %q is not a string", clip(name)))
		case name == "amount" && !hasNumber:
			number, hasNumber = value, true
		case name == "currency" && !hasCode:
			code, hasCode = Currency(value), true
		case name == "amount" || name == "currency":
			return bad("field " + name + " occurs twice")
		default:
			return bad(fmt.Sprintf("unknown field %q", clip(name)))
		}
		if more = s.take(','); !more && !s.take('}') {
			return bad("not an object")
		}
	}
	if s.space(); s.at < len(s.in) {
		return bad("something follows the object")
	}
	if !hasNumber || !hasCode {
		return bad("a field is missing")
	}
	return number, code, false, nil
}

// scanner reads the few things that the JSON of an amount has.
type scanner struct {
	in []byte
	at int
}

func (s *scanner) space() {
	for s.at < len(s.in) {
		switch s.in[s.at] {
		case ' ', '\t', '\n', '\r':
			s.at++
		default:
			return
		}
	}
}

// take passes over a byte, and the space before it, if it comes next.
func (s *scanner) take(c byte) bool {
	s.space()
	if s.at < len(s.in) && s.in[s.at] == c {
		s.at++
		return true
	}
	return false
}

// text reads a string. One with escapes is left to encoding/json.
func (s *scanner) text() (string, bool) {
	if !s.take('"') {
		return "", false
	}
	escaped := false
	for i := s.at; i < len(s.in); i++ {
		switch c := s.in[i]; {
		case c == '\\':
			escaped = true
			i++
		case c < 0x20:
			return "", false
		case c == '"':
			from := s.at
			if s.at = i + 1; !escaped {
				return string(s.in[from:i]), true
			}
			var text string
			err := json.Unmarshal(s.in[from-1:s.at], &text)
			return text, err == nil
		}
	}
	return "", false
}
