package focus

import (
	"slices"
	"strings"
	"time"

	"github.com/itsmkit/itsm/money"
)

// set reads a value into its place.
func (r *Reader) set(c *Charge, of *column, text string) (found flaw) {
	if text == "" {
		if of.demand&notNull > 0 {
			return flaw{"required", "a value", of.demand&essential == 0}
		}
		return sound
	}
	switch v := of.at(c).(type) {
	case *string:
		*v = text
		switch {
		case of == &columns[0] && !c.BillingCurrency.Valid():
			return flaw{rule: "currency", allowed: "the code of a currency of ISO 4217"}
		case of.choices != nil && !slices.Contains(of.choices, text):
			return flaw{"choice", strings.Join(of.choices, ", "), of.demand&essential == 0}
		}
	case *Quantity:
		if v.Value, found = parseNumber(text); found.rule == "" || found.minor {
			v.Given = true
		}
		return nonNegative(of, v.Value, found)
	case *money.Price:
		var n money.Number
		if n, found = parseNumber(text); (found.rule == "" || found.minor) && c.BillingCurrency.Valid() {
			*v, _ = money.NewPrice(n, c.BillingCurrency) // a valid currency has a price of each number
		}
		return nonNegative(of, n, found)
	case *time.Time:
		*v, found = parseTime(text)
		return found
	case *Tags:
		tags, err := r.tags.parse(text)
		if err != nil {
			return flaw{"key_value", "a JSON object of numbers, strings, true, false and null: " + err.Error(), true}
		}
		*v = tags
	}
	return sound
}

// nonNegative adds that a unit price is negative.
func nonNegative(of *column, n money.Number, found flaw) flaw {
	if of.nonNegative && n.Sign() < 0 {
		return flaw{"negative", "0 or more", true}
	}
	return found
}
