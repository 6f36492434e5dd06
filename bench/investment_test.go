package bench

import (
	"fmt"
	"math"
	"testing"

	"github.com/itsmkit/itsm/investment"
	"github.com/itsmkit/itsm/money"
)

// BenchmarkIRR is the rate of return of a loan by month, beside Newton's method on floats from a good guess: the limit,
// which counts no rates. wavy is flows that change their sign each month, whose rates are counted by Sturm's theorem.
func BenchmarkIRR(b *testing.B) {
	for _, months := range []int{12, 120, 1200} {
		flows := make([]money.Number, months)
		floats := make([]float64, months)
		for i := range flows {
			flows[i], floats[i] = money.Int(1), 1
		}
		flows[0], floats[0] = money.Int(-int32(months/2)), -float64(months/2)
		b.Run(fmt.Sprintf("itsm/%d", months), func(b *testing.B) {
			for b.Loop() {
				if _, err := investment.IRR(flows); err != nil {
					b.Fatal(err)
				}
			}
		})
		b.Run(fmt.Sprintf("newton/%d", months), func(b *testing.B) {
			for b.Loop() {
				if math.IsNaN(newton(floats)) {
					b.Fatal("no rate")
				}
			}
		})
	}
	wavy := make([]money.Number, 120)
	for i := range wavy {
		wavy[i] = money.Int(int32(1 - 2*(i%2)))
	}
	b.Run("itsm/wavy120", func(b *testing.B) {
		for b.Loop() {
			if _, err := investment.IRR(wavy); err != nil {
				b.Fatal(err)
			}
		}
	})
}

// newton finds a rate of return by Newton's method from no interest.
func newton(flows []float64) float64 {
	rate := 0.0
	for range 100 {
		value, slope, factor := 0.0, 0.0, 1.0
		for k, f := range flows {
			value += f * factor
			slope -= float64(k) * f * factor / (1 + rate)
			factor /= 1 + rate
		}
		step := value / slope
		if rate -= step; math.Abs(step) < 1e-14 {
			break
		}
	}
	return rate
}
