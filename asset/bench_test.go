package asset_test

import (
	"fmt"
	"testing"

	"github.com/itsmkit/itsm/asset"
	"github.com/itsmkit/itsm/money"
)

// estate is one of many releases and holdings, with rights in both directions.
func estate(lines, releases, devices int) asset.Estate {
	e := asset.Estate{On: on(2026, 6, 30), Currency: money.EUR}
	for l := range lines {
		for r := range releases {
			name := fmt.Sprintf("l%d.%d", l, r)
			e.Products = append(e.Products, asset.Product{Name: name, Line: fmt.Sprint("l", l), Release: r, Metric: asset.PerDevice, Price: eur(int64(100 + l%7*10 + r)), ReleasedOn: on(2020+r, 1, 1)})
			h := hold("h"+name, name, int64(devices/releases/2+r))
			h.Downgrade, h.UpgradeUntil = true, on(2024, 1, 1)
			e.Holdings = append(e.Holdings, h)
		}
		for d := range devices {
			e.Installations = append(e.Installations, asset.Installation{Product: fmt.Sprintf("l%d.%d", l, d*7%releases), Device: fmt.Sprint("d", d)})
		}
	}
	return e
}

// A position of 1,000 products, 1,000 holdings and 200,000 installations.
func BenchmarkPosition(b *testing.B) {
	e := estate(200, 5, 1000)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := asset.Position(e); err != nil {
			b.Fatal(err)
		}
	}
}

// 500 products of one line, so that every holding reaches every product.
func BenchmarkPositionOfOneLine(b *testing.B) {
	e := estate(1, 500, 5000)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := asset.Position(e); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkCompile(b *testing.B) {
	classes := asset.StandardClasses()
	b.ReportAllocs()
	for b.Loop() {
		if _, err := asset.Compile(classes); err != nil {
			b.Fatal(err)
		}
	}
}
