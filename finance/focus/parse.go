package focus

import (
	"errors"
	"math/big"
	"strconv"
	"strings"
	"time"

	"github.com/itsmkit/itsm/money"
)

// flaw is what is wrong with the text of a value. A minor one is passed over by a lenient reader: the value stands.
type flaw struct {
	rule, allowed string
	minor         bool
}

const (
	aNumber = "a decimal such as -12.5 or 35.2E-7"
	aTime   = "an instant in UTC such as 2026-04-01T00:00:00Z"
	fitting = "18 decimals and about 18 digits in all, at most"
)

var sound flaw // never written to

// parseNumber reads a number of the format that FOCUS has: an integer or decimal, or one with a power of ten, mEn. Minor
// flaws are a positive sign of the power, a small e, and more digits than a [money.Number] has: such a number is rounded,
// half to even, to the decimals that fit.
func parseNumber(text string) (money.Number, flaw) {
	n, err := money.ParseNumber(text)
	if err == nil {
		return n, sound
	}
	plain, found := text, sound
	if i := strings.IndexAny(text, "eE"); i > 0 {
		power := text[i+1:]
		if text[i] == 'e' || strings.HasPrefix(power, "+") {
			found = flaw{"number", aNumber, true}
		}
		by, err := strconv.Atoi(strings.TrimPrefix(power, "+"))
		if err != nil || by < -60 || by > 60 || strings.HasPrefix(power, "+-") {
			return money.Number{}, flaw{rule: "number", allowed: aNumber}
		}
		if plain, err = shifted(text[:i], by); err != nil {
			return money.Number{}, flaw{rule: "number", allowed: aNumber}
		}
		if n, err = money.ParseNumber(plain); err == nil {
			return n, found
		}
	}
	if _, err := shifted(plain, 0); err != nil {
		return money.Number{}, flaw{rule: "number", allowed: aNumber}
	}
	exact, ok := new(big.Rat).SetString(plain)
	if !ok {
		return money.Number{}, flaw{rule: "number", allowed: aNumber}
	}
	for decimals := money.MaxScale; decimals >= 0; decimals-- {
		if n, err = money.RoundNumber(exact, decimals, money.HalfEven); err == nil {
			return n, flaw{"digits", fitting, true}
		}
	}
	return money.Number{}, flaw{rule: "digits", allowed: fitting}
}

var errDecimal = errors.New("no plain decimal")

// shifted returns a plain decimal times a power of ten, in plain digits.
func shifted(text string, by int) (string, error) {
	unsigned := strings.TrimPrefix(text, "-")
	whole, fraction, point := strings.Cut(unsigned, ".")
	if len(text) > 128 || !digits(whole) || point && !digits(fraction) || len(whole) > 1 && whole[0] == '0' {
		return "", errDecimal
	}
	all := whole + fraction
	at := len(whole) + by // where the point is
	if at < 1 {
		all, at = strings.Repeat("0", 1-at)+all, 1
	}
	if at > len(all) {
		all += strings.Repeat("0", at-len(all))
	}
	whole = strings.TrimLeft(all[:at-1], "0") + all[at-1:at]
	if len(whole) > 1 {
		whole = strings.TrimLeft(whole, "0")
	}
	out := text[:len(text)-len(unsigned)] + whole
	if fraction = strings.TrimRight(all[at:], "0"); fraction != "" {
		out += "." + fraction
	}
	return out, nil
}

func digits(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return s != ""
}

// parseTime reads an instant as YYYY-MM-DDTHH:mm:ssZ. Fractions of a second and another offset are a minor flaw.
func parseTime(text string) (time.Time, flaw) {
	t, err := time.Parse(time.RFC3339, text)
	switch {
	case err != nil || t.UTC().Year() < 1 || t.UTC().Year() > 9999:
		return time.Time{}, flaw{rule: "date_time", allowed: aTime}
	case len(text) != len("2026-04-01T00:00:00Z") || text[len(text)-1] != 'Z':
		return t.UTC(), flaw{"date_time", aTime, true}
	}
	return t.UTC(), sound
}
