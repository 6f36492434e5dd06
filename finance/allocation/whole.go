package allocation

import (
	"fmt"
	"math"

	"github.com/itsmkit/itsm/money"
)

// wholes returns whole numbers in the ratio of numbers above zero, as small as they can be. Their sum has to fit.
func wholes(numbers []money.Number) ([]int64, error) {
	out, decimals := make([]int64, len(numbers)), make([]int, len(numbers))
	var text []byte
	finest := 0
	for i, n := range numbers {
		text, _ = n.AppendText(text[:0])
		out[i], decimals[i] = digits(text)
		finest = max(finest, decimals[i])
	}
	divisor := int64(0)
	for i := range out {
		for range finest - decimals[i] {
			if out[i] > math.MaxInt64/10 {
				return nil, tooLong()
			}
			out[i] *= 10
		}
		divisor = gcd(out[i], divisor)
	}
	total := int64(0)
	for i := range out {
		out[i] /= divisor
		if total += out[i]; total < 0 {
			return nil, tooLong()
		}
	}
	return out, nil
}

// digits reads plain digits with a point: 12.5 is 125 with one decimal.
func digits(text []byte) (units int64, decimals int) {
	for i, c := range text {
		if c == '.' {
			decimals = len(text) - i - 1
			continue
		}
		units = 10*units + int64(c-'0')
	}
	return units, decimals
}

func gcd(a, b int64) int64 {
	for b != 0 {
		a, b = b, a%b
	}
	return a
}

func tooLong() error {
	return fmt.Errorf("%w: more than 18 digits beside one another", money.ErrOverflow)
}
