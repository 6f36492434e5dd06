package allocation

import (
	"bufio"
	"encoding/csv"
	"encoding/json"
	"io"
	"iter"
	"math/big"
)

// figureDecimals is how many decimals of a share's amount are written.
const figureDecimals = 6

// WriteTable writes shares as CSV with a header: line, member, end, kind, percent, amount, currency. The percentage is that
// of the line. Both figures are rounded to six decimals, half away from zero.
func WriteTable(w io.Writer, shares iter.Seq[Share]) error {
	out := csv.NewWriter(w)
	err := out.Write([]string{"line", "member", "end", "kind", "percent", "amount", "currency"})
	for s := range shares {
		if err == nil {
			err = out.Write([]string{
				s.Line.ID, s.Line.To, s.End.Name, string(s.End.Kind), rounded(s.Fraction, 100, 0), s.figure(), string(s.Line.Amount.Currency()),
			})
		}
		if err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}

// WriteJSON writes shares as one JSON array, one share a line; see [Share.MarshalJSON].
func WriteJSON(w io.Writer, shares iter.Seq[Share]) error {
	out := bufio.NewWriter(w)
	separator := "[\n"
	for s := range shares {
		raw, err := json.Marshal(s)
		if err != nil {
			return err
		}
		_, _ = out.WriteString(separator)
		if _, err := out.Write(raw); err != nil {
			return err
		}
		separator = ",\n"
	}
	if separator == "[\n" {
		_, _ = out.WriteString("[")
	}
	_, _ = out.WriteString("\n]\n")
	return out.Flush()
}

// MarshalJSON writes {"line":…,"end":…,"fraction":"1/3","amount":"4.166667"}. The fraction is exact: over many stages it
// has thousands of digits. The amount is rounded to six decimals, half away from zero.
func (s Share) MarshalJSON() ([]byte, error) {
	return json.Marshal(struct {
		Line     Line   `json:"line"`
		End      End    `json:"end"`
		Fraction string `json:"fraction"`
		Amount   string `json:"amount"`
	}{s.Line, s.End, s.Fraction.RatString(), s.figure()})
}

// figure returns the rounded amount. It does not reduce fractions, which takes long where they are long.
func (s Share) figure() string {
	return rounded(s.Fraction, s.Line.Amount.Coins(), s.Line.Amount.Currency().Decimals())
}

// rounded returns r·n/10^decimals in plain digits.
func rounded(r *big.Rat, n int64, decimals int) string {
	ten := big.NewInt(10)
	num := new(big.Int).Mul(r.Num(), big.NewInt(n))
	num.Mul(num, new(big.Int).Exp(ten, big.NewInt(figureDecimals), nil))
	denom := new(big.Int).Mul(r.Denom(), new(big.Int).Exp(ten, big.NewInt(int64(decimals)), nil))
	negative := num.Sign() < 0
	num.Abs(num)
	num.Add(num.Lsh(num, 1), denom) // half away from zero
	num.Quo(num, denom.Lsh(denom, 1))
	text := num.String()
	for len(text) <= figureDecimals {
		text = "0" + text
	}
	if negative && num.Sign() != 0 {
		text = "-" + text
	}
	return text[:len(text)-figureDecimals] + "." + text[len(text)-figureDecimals:]
}
