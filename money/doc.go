// Package money is exact amounts in a currency: adding, rounding, sharing out and converting them without losing a
// coin.
//
// # Words
//
// A coin is the smallest unit that a currency has: a cent, a yen, a fils. An [Amount] is a whole number of coins in one
// [Currency]. A [Price] is an amount per unit, or any other amount finer than a coin: 0.000125 EUR a call. A [Number] is
// an exact decimal without a currency: hours, a tax rate, a weight. A [Quote] is an exchange rate with its date and
// source.
//
// All of them are small values without pointers, equal exactly if == says so: 1, 1.0 and 1.00 are one value. They never
// change and are safe for concurrent use.
//
// # The smallest program
//
//	laptop, err := money.Parse("1249.90", money.EUR)
//	total, err := laptop.Mul(3)                            // 3749.70 EUR
//	tax, err := total.Times(rate, money.HalfUp)            // rate is the Number 0.19: 712.44 EUR
//	parts, err := total.Split(7)                           // seven amounts that add up to the total
//
// # Nothing happens unsaid
//
// Whatever can leave the range, the currency or the coins is an error: amounts of different currencies never add
// ([ErrCurrency] names both), an amount beyond ±9,223,372,036,854,775,807 coins is [ErrOverflow], decimals that no coin
// has are [ErrScale]. Where rounding can occur it is an argument, a [Rounding] with a name; there is no default.
//
// # Exact on the way, rounded once
//
// Each method that rounds computes its exact result first and rounds once. A longer formula keeps its exact value in a
// [Price] as far as 18 decimals do, or in the rationals of math/big: [Amount.Rat], [Price.Rat] and [Number.Rat] lead
// there, [RoundRat] and [RoundPrice] back.
//
// # Sharing out
//
// [Amount.Allocate] and its kin share an amount by weights, after the method of the largest remainder (Hamilton's):
// each part gets its exact share rounded down to the coin, and the coins left over go one each to those with the largest
// fractions, the earlier first where they are equal. The parts always add up to the amount.
//
// # Converting
//
// A [Conversion] keeps the quote beside the result. [Rates] finds the quote of a day, or says that there is none
// ([ErrRate]). A conversion over a third currency is two conversions, each with its quote.
//
// # JSON
//
// An amount is {"amount":"12.50","currency":"EUR"}, always with the decimals of its currency; a price has more if it
// needs them, and a number is a string: "0.19". Decoding is strict: other fields, a field twice, a bare number and decimals
// that no coin has are errors. null is the zero value; a number it leaves as it was, as encoding/json does for texts.
//
// # Currencies
//
// The table reflects the list one of ISO 4217 as published on [ListDate]. Codes without a coin there (gold, special
// drawing rights) are no currency of an amount. Codes that left the list since 2022 can still be read and calculated with,
// see [Currency.Withdrawn]. The digits of the CLDR, which some libraries use, differ for a dozen currencies.
//
// # Limits
//
// No locales: [Style] writes separators as it is told. No currencies of a host's own. No floats anywhere.
package money

//go:generate go run ./gen -date 2026-01-01 -o table.go
