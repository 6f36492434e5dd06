package money

import (
	"fmt"
	"strconv"
)

// Currency is the alphabetic code of ISO 4217: "EUR". The constants are the most used ones; any code of the table will
// do. The zero value is no currency.
type Currency string

// Currencies that hosts name most. [Currencies] lists all.
const (
	AUD Currency = "AUD"
	BRL Currency = "BRL"
	CAD Currency = "CAD"
	CHF Currency = "CHF"
	CNY Currency = "CNY"
	CZK Currency = "CZK"
	DKK Currency = "DKK"
	EUR Currency = "EUR"
	GBP Currency = "GBP"
	INR Currency = "INR"
	JPY Currency = "JPY"
	KWD Currency = "KWD"
	NOK Currency = "NOK"
	PLN Currency = "PLN"
	SEK Currency = "SEK"
	USD Currency = "USD"
)

// noCoin are the decimals of a code that has no minor unit.
const noCoin = 255

// listed is a row of the table.
type listed struct {
	numeric   uint16
	decimals  uint8
	withdrawn bool
}

// unit is a currency inside a value: its place in the table, from 1; 0 is none.
type unit uint8

// lookup returns the unit of a code, 0 if the table does not have it.
func (c Currency) lookup() unit {
	if len(c) != 3 || c[0] < 'A' || c[0] > 'Z' {
		return 0
	}
	for i := int(starts[c[0]-'A']); i < int(starts[c[0]-'A'+1]); i++ {
		if codes[3*i+1] == c[1] && codes[3*i+2] == c[2] {
			return unit(i + 1)
		}
	}
	return 0
}

// unit returns the unit of a currency that has a coin.
func (c Currency) unit() (unit, error) {
	u := c.lookup()
	switch {
	case c == "":
		return 0, fmt.Errorf("money: no %w is given", ErrCurrency)
	case u == 0:
		return 0, fmt.Errorf("money: unknown %w %q", ErrCurrency, clip(string(c)))
	case table[u-1].decimals == noCoin:
		return 0, fmt.Errorf("money: %w %s has no minor unit", ErrCurrency, c)
	}
	return u, nil
}

// currency returns the code.
func (u unit) currency() Currency {
	if u == 0 {
		return ""
	}
	i := 3 * (int(u) - 1)
	return Currency(codes[i : i+3])
}

// decimals returns those of the coin.
func (u unit) decimals() int {
	if u == 0 {
		return 0
	}
	return int(table[u-1].decimals)
}

// Valid tells whether amounts can be in the currency: the table has it, and it has a coin.
func (c Currency) Valid() bool {
	_, err := c.unit()
	return err == nil
}

// Decimals returns how many decimals an amount has: 2 for EUR, 0 for JPY, 3 for KWD. It is -1 if the currency is not
// [Currency.Valid].
func (c Currency) Decimals() int {
	u, err := c.unit()
	if err != nil {
		return -1
	}
	return u.decimals()
}

// Numeric returns the numeric code of ISO 4217, three digits: "978" for EUR. It is "" for an unknown code. A withdrawn
// currency may share its numeric code with its successor.
func (c Currency) Numeric() string {
	u := c.lookup()
	if u == 0 {
		return ""
	}
	return strconv.Itoa(1000 + int(table[u-1].numeric))[1:]
}

// Withdrawn tells that the code has left the list one of ISO 4217.
func (c Currency) Withdrawn() bool {
	u := c.lookup()
	return u > 0 && table[u-1].withdrawn
}

// Currencies returns the currencies that new amounts can be in, in the order of their codes: those of list one with a
// coin.
func Currencies() []Currency {
	var out []Currency
	for i, l := range table {
		if l.decimals != noCoin && !l.withdrawn {
			out = append(out, Currency(codes[3*i:3*i+3]))
		}
	}
	return out
}

// Choices returns [Currencies] as texts, for pick boxes.
func (Currency) Choices() []string {
	var out []string
	for _, c := range Currencies() {
		out = append(out, string(c))
	}
	return out
}
