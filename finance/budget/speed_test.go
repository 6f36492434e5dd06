package budget_test

import (
	"fmt"
	"testing"

	"github.com/itsmkit/itsm/finance/budget"
)

// BenchmarkCommit is a reservation and its release, load to saved event, on a budget with so many open commitments.
func BenchmarkCommit(b *testing.B) {
	for _, open := range []int{0, 100, 1000} {
		b.Run(fmt.Sprint("open=", open), func(b *testing.B) {
			d := newBench(b)
			x := d.approved(year(budget.Plan{Amount: eur("1000000.00")}))
			for i := range open {
				purchase := order(byte(i))
				purchase.ID[2] = byte(i >> 8)
				purchase.ID[3] = 1
				x = d.do(x, budget.Commit{For: purchase, Amount: eur("1.00")})
			}
			ctx := d.as("ann")
			b.ReportAllocs()
			for b.Loop() {
				if _, err := d.desk.Do(ctx, x.ID, budget.Commit{For: order(1), Amount: eur("5.00")}); err != nil {
					b.Fatal(err)
				}
				if _, err := d.desk.Do(ctx, x.ID, budget.Release{For: order(1)}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
