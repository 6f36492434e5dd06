package main

import (
	"bytes"
	"context"
	"encoding/csv"
	"fmt"
	"io"
	"math/rand/v2"
	"time"

	"github.com/itsmkit/itsm/finance"
	"github.com/itsmkit/itsm/finance/focus"
	"github.com/itsmkit/itsm/money"
)

// resources are what runs in the cloud. The provider's file names the service by a tag; what has none is the platform's.
var resources = []resource{ // never written to
	{category: "Web", name: "Web sites", service: "Retail systems", daily: 131_450_000},
	{category: "Compute", name: "Machines", service: "Design", daily: 74_200_000},
	{category: "Databases", name: "Databases", service: "Retail systems", daily: 58_310_000},
	{category: "Storage", name: "Object storage", service: "Files", daily: 39_870_000},
	{category: "Networking", name: "Gateways", daily: 21_940_000},
}

type resource struct {
	category, name, service string
	daily                   int64 // millionths of a euro in January, about; more each month
}

// cloudFile writes the provider's file of a year, in the format FOCUS 1.2: a row for each resource and day, a support fee
// each month, and a credit for an outage.
func cloudFile(random *rand.Rand) ([]byte, error) {
	var out bytes.Buffer
	w := csv.NewWriter(&out)
	err := w.Write([]string{"InvoiceId", "BillingPeriodStart", "BillingPeriodEnd", "ChargePeriodStart", "ChargePeriodEnd", "ChargeCategory", "ChargeClass",
		"ChargeDescription", "ServiceCategory", "ServiceName", "BilledCost", "EffectiveCost", "ListCost", "ContractedCost", "PricingQuantity", "PricingUnit",
		"ListUnitPrice", "ContractedUnitPrice", "PricingCategory", "SkuId", "SkuPriceId", "ConsumedQuantity", "ConsumedUnit", "Tags",
		"BillingCurrency", "BillingAccountId", "BillingAccountName", "InvoiceIssuerName", "ProviderName", "PublisherName"})
	row := func(m time.Month, from, until time.Time, kind, category, name string, micros int64, service string) {
		first := time.Date(theYear, m, 1, 0, 0, 0, 0, time.UTC)
		cost, price, quantity, unit, used, usedUnit, pricing, sku, tags := decimal(micros), "", "", "", "", "", "", "", ""
		if kind != "Credit" {
			price, quantity, unit, pricing, sku = cost, "1", "Units", "Standard", name
		}
		if kind == "Usage" {
			used, usedUnit = quantity, unit
		}
		if service != "" {
			tags = `{"service": "` + service + `"}`
		}
		if err == nil {
			err = w.Write([]string{fmt.Sprintf("NB-%04d%02d", theYear, m), first.Format(time.RFC3339), first.AddDate(0, 1, 0).Format(time.RFC3339),
				from.Format(time.RFC3339), until.Format(time.RFC3339), kind, "", name, category, name, cost, cost, cost, cost, quantity, unit,
				price, price, pricing, sku, sku, used, usedUnit, tags, "EUR", "4711", "IT department", "Nimbus", "Nimbus", "Nimbus"})
		}
	}
	for m := time.January; m <= time.December; m++ {
		first := time.Date(theYear, m, 1, 0, 0, 0, 0, time.UTC)
		end := first.AddDate(0, 1, 0)
		for day := first; day.Before(end); day = day.AddDate(0, 0, 1) {
			for _, r := range resources {
				micros := r.daily * (100 + 4*int64(m)) / 104 * (90 + random.Int64N(21)) / 100
				row(m, day, day.AddDate(0, 0, 1), "Usage", r.category, r.name, micros+random.Int64N(1000), r.service)
			}
		}
		row(m, first, end, "Purchase", "Management and Governance", "Support", 890_000_000, "")
		if m == time.August {
			row(m, first, end, "Credit", "Web", "Outage of 14 August", -612_345_678, "Retail systems")
		}
	}
	w.Flush()
	if err == nil {
		err = w.Error()
	}
	return out.Bytes(), err
}

func decimal(micros int64) string {
	sign := ""
	if micros < 0 {
		sign, micros = "-", -micros
	}
	return fmt.Sprintf("%s%d.%06d", sign, micros/1_000_000, micros%1_000_000)
}

// readCloud reads the provider's file: a bill for each month, whose lines add up to it in whole coins.
func readCloud(file io.Reader) ([]focus.Bill, error) {
	in, err := focus.NewReader(file, focus.Options{})
	if err != nil {
		return nil, err
	}
	return focus.Bills(in.All(), focus.Billing{Rounding: money.HalfUp})
}

// cloudBill posts the lines of a bill, each on the service that its tag names.
func (y *year) cloudBill(ctx context.Context, m time.Month) error {
	bill := y.cloud[m-1]
	lines := make([]finance.CostLine, len(bill.Lines))
	for i, from := range bill.Lines {
		l := y.line(cloud, m, from.Amount)
		l.ID, l.Text, l.Origin, l.Cause = from.Key, "Nimbus, "+from.Service, finance.FromCloud, documentRef("cloud_bill", uint32(m))
		l.From, l.Until = from.Dates()
		if l = placed(l, "", from.Tags.Value("service")); l.Service.IsZero() {
			l.CostCentre = "C30"
		}
		lines[i] = l
	}
	return y.post(ctx, bill.Invoice, monthEnd(m), payables, lines...)
}
