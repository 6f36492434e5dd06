package money

import (
	"fmt"
	"math"
	"strconv"
	"strings"
)

// maxText is the longest text that is read as a number, in bytes.
const maxText = 64

// parseDecimal reads a decimal number with up to so many decimals that are not zero at the end. The grammar is that
// of JSON without an exponent.
func parseDecimal(text string, decimals int) (units int64, scale int, err error) {
	bad := func() (int64, int, error) {
		return 0, 0, fmt.Errorf("money: %w: %q is no number such as -12.50", ErrSyntax, clip(text))
	}
	if len(text) > maxText {
		return bad()
	}
	unsigned := strings.TrimPrefix(text, "-")
	whole, fraction, point := strings.Cut(unsigned, ".")
	if !digits(whole) || point && !digits(fraction) || len(whole) > 1 && whole[0] == '0' {
		return bad()
	}
	fraction = strings.TrimRight(fraction, "0")
	if len(fraction) > decimals {
		return 0, 0, fmt.Errorf("money: %s has %w than %d", text, ErrScale, decimals)
	}
	n := uint64(0)
	for _, part := range [...]string{whole, fraction} {
		for i := 0; i < len(part); i++ {
			if n > math.MaxInt64/10 {
				return 0, 0, tooLarge(text)
			}
			n = 10*n + uint64(part[i]-'0')
		}
	}
	if n > math.MaxInt64 {
		return 0, 0, tooLarge(text)
	}
	if units = int64(n); unsigned != text {
		units = -units
	}
	return units, len(fraction), nil
}

func tooLarge(text string) error { return fmt.Errorf("money: %w: %s does not fit", ErrOverflow, text) }

func digits(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return s != ""
}

// appendDecimal writes units with a scale, and zeros to at least so many decimals.
func appendDecimal(dst []byte, units int64, scale, decimals int) []byte {
	if units < 0 {
		dst = append(dst, '-')
	}
	n := magnitude(units)
	dst = strconv.AppendUint(dst, n/tens[scale], 10)
	if scale > 0 {
		at := len(dst)
		dst = strconv.AppendUint(dst, tens[scale]+n%tens[scale], 10)
		dst[at] = '.' // the point takes the place of the 1
	} else if decimals > 0 {
		dst = append(dst, '.')
	}
	for ; scale < decimals; scale++ {
		dst = append(dst, '0')
	}
	return dst
}

// Style is how a person wants to read amounts.
type Style struct {
	Point     string // between units and decimals; "" is "."
	Group     string // between groups of three digits: "," or "." or a thin space; "" is none
	CodeFirst bool   // EUR 12.50 instead of 12.50 EUR
}

// Format writes an amount: Style{Point: ",", Group: "."} gives 1.234,50 EUR.
func (s Style) Format(a Amount) string {
	if a.IsZero() {
		return a.String()
	}
	number := a.decimalText()
	sign := ""
	if number[0] == '-' {
		sign, number = "-", number[1:]
	}
	whole, fraction, point := strings.Cut(number, ".")
	var b strings.Builder
	if s.CodeFirst {
		b.WriteString(string(a.Currency()) + " ")
	}
	b.WriteString(sign)
	for i := range len(whole) {
		if i > 0 && (len(whole)-i)%3 == 0 {
			b.WriteString(s.Group)
		}
		b.WriteByte(whole[i])
	}
	if point {
		if s.Point == "" {
			s.Point = "."
		}
		b.WriteString(s.Point + fraction)
	}
	if !s.CodeFirst {
		b.WriteString(" " + string(a.Currency()))
	}
	return b.String()
}
