package focus_test

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/itsmkit/itsm/finance/focus"
	"github.com/itsmkit/itsm/money"
)

// month is a dataset of n rows with all columns: 200 machines of 20 teams, each hour another cost.
func month(n int) string {
	rows := make([]map[string]string, n)
	for i := range rows {
		rows[i] = with(usage(), "ResourceId", fmt.Sprint("vm-", i%200), "BilledCost", fmt.Sprintf("0.%06d", 34000+i), "EffectiveCost", fmt.Sprintf("0.%06d", 34000+i),
			"ChargePeriodStart", fmt.Sprintf("2026-04-%02dT%02d:00:00Z", 1+i/24%28, i%24), "ChargePeriodEnd", fmt.Sprintf("2026-04-%02dT%02d:59:59Z", 1+i/24%28, i%24),
			"Tags", fmt.Sprintf(`{"team": "t%d", "env": "prod"}`, i%20))
	}
	return dataset(rows...)
}

const benchRows = 20_000

func perRow(b *testing.B) {
	b.ReportMetric(float64(benchRows*b.N)/b.Elapsed().Seconds(), "rows/s")
}

// BenchmarkRead reads rows with all 57 columns, checked by every rule.
func BenchmarkRead(b *testing.B) {
	text := month(benchRows)
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		in, err := focus.NewReader(strings.NewReader(text), focus.Options{})
		if err != nil {
			b.Fatal(err)
		}
		for {
			if _, err := in.Read(); errors.Is(err, io.EOF) {
				break
			} else if err != nil {
				b.Fatal(err)
			}
		}
	}
	perRow(b)
}

// BenchmarkBills reads the same and makes a rounded bill of it.
func BenchmarkBills(b *testing.B) {
	text := month(benchRows)
	b.ReportAllocs()
	for b.Loop() {
		in, err := focus.NewReader(strings.NewReader(text), focus.Options{})
		if err != nil {
			b.Fatal(err)
		}
		bills, err := focus.Bills(in.All(), focus.Billing{Rounding: money.HalfUp})
		if err != nil || len(bills[0].Lines) != benchRows {
			b.Fatal(err, len(bills))
		}
	}
	perRow(b)
}
