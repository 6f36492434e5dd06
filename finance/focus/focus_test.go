package focus_test

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/itsmkit/itsm/finance/focus"
	"github.com/itsmkit/itsm/money"
)

// usage is a row that follows every rule of the specification: an hour of a virtual machine.
func usage() map[string]string {
	return map[string]string{
		"BilledCost": "0.034", "EffectiveCost": "0.034", "ListCost": "0.04", "ContractedCost": "0.034",
		"ListUnitPrice": "0.04", "ContractedUnitPrice": "0.034", "PricingCategory": "Standard", "PricingQuantity": "1", "PricingUnit": "Hours",
		"ConsumedQuantity": "1", "ConsumedUnit": "Hours", "BillingCurrency": "USD",
		"BillingAccountId": "a-1", "BillingAccountName": "Example", "BillingAccountType": "Payer", "SubAccountId": "s-7", "SubAccountName": "Shop", "SubAccountType": "Project",
		"BillingPeriodStart": "2026-04-01T00:00:00Z", "BillingPeriodEnd": "2026-05-01T00:00:00Z",
		"ChargePeriodStart": "2026-04-03T10:00:00Z", "ChargePeriodEnd": "2026-04-03T11:00:00Z",
		"ChargeCategory": "Usage", "ChargeClass": "", "ChargeDescription": "m5.large, Linux", "ChargeFrequency": "Usage-Based",
		"InvoiceId": "I-9", "InvoiceIssuerName": "Cloud Ltd", "ProviderName": "Cloud", "PublisherName": "Cloud",
		"ServiceCategory": "Compute", "ServiceSubcategory": "Virtual Machines", "ServiceName": "Machines",
		"ResourceId": "vm-1", "ResourceName": "web", "ResourceType": "VM", "RegionId": "eu-1", "RegionName": "Europe", "AvailabilityZone": "eu-1a",
		"SkuId": "k-1", "SkuMeter": "Compute time", "SkuPriceId": "k-1-p", "SkuPriceDetails": `{"CoreCount": 2, "x_burst": true}`,
		"PricingCurrency": "USD", "PricingCurrencyListUnitPrice": "0.04", "PricingCurrencyContractedUnitPrice": "0.034", "PricingCurrencyEffectiveCost": "0.034",
		"CommitmentDiscountId": "", "CommitmentDiscountName": "", "CommitmentDiscountCategory": "", "CommitmentDiscountType": "", "CommitmentDiscountStatus": "",
		"CommitmentDiscountQuantity": "", "CommitmentDiscountUnit": "", "CapacityReservationId": "", "CapacityReservationStatus": "",
		"Tags": `{"team": "shop", "env": "prod"}`, "x_CostCentre": "4711",
	}
}

// with changes a row.
func with(row map[string]string, pairs ...string) map[string]string {
	for i := 0; i < len(pairs); i += 2 {
		row[pairs[i]] = pairs[i+1]
	}
	return row
}

// dataset writes rows, with all columns of the specification and x_CostCentre.
func dataset(rows ...map[string]string) string { return datasetOf(header(), rows...) }

func header() []string { return append(focus.Columns(), "x_CostCentre") }

func datasetOf(header []string, rows ...map[string]string) string {
	var out bytes.Buffer
	w := csv.NewWriter(&out)
	_ = w.Write(header)
	for _, row := range rows {
		fields := make([]string, len(header))
		for i, name := range header {
			fields[i] = row[name]
		}
		_ = w.Write(fields)
	}
	w.Flush()
	return out.String()
}

func read(t require.TestingT, text string) []*focus.Charge {
	charges, err := focus.ReadAll(strings.NewReader(text), focus.Options{})
	require.NoError(t, err)
	return charges
}

func amount(t require.TestingT, text string, c money.Currency) money.Amount {
	a, err := money.Parse(text, c)
	require.NoError(t, err)
	return a
}

// The table is that of the specification: 57 columns, 21 of them mandatory (specification/columns of FOCUS_Spec v1.2).
func TestColumns(t *testing.T) {
	require.Len(t, focus.Columns(), 57)
	require.Equal(t, strings.Fields(`BilledCost BillingAccountId BillingAccountName BillingCurrency BillingPeriodEnd BillingPeriodStart
		ChargeCategory ChargeClass ChargeDescription ChargePeriodEnd ChargePeriodStart ContractedCost EffectiveCost InvoiceIssuerName ListCost
		PricingQuantity PricingUnit ProviderName PublisherName ServiceCategory ServiceName`), focus.MandatoryColumns())
}

func TestReadAllColumns(t *testing.T) {
	c := read(t, dataset(usage()))[0]
	require.Equal(t, 2, c.Line)
	require.Equal(t, "0.034 USD", c.BilledCost.String())
	require.Equal(t, "shop", c.Tags.Value("team"))
	require.Equal(t, "", c.Tags.Value("owner"))
	require.Equal(t, focus.Tags{{Key: "CoreCount", Value: "2"}, {Key: "x_burst", Value: "true"}}, c.SkuPriceDetails)
	require.Equal(t, []focus.Custom{{Column: "x_CostCentre", Value: "4711"}}, c.Custom)
	require.Equal(t, "4711", c.CustomValue("x_CostCentre"))
	require.Equal(t, focus.Quantity{Value: money.Int(1), Given: true}, c.ConsumedQuantity)
	require.Zero(t, c.CommitmentDiscountQuantity)
	require.Equal(t, "2026-04-03 11:00:00 +0000 UTC", c.ChargePeriodEnd.String())
	for _, name := range focus.Columns() { // each column reaches a field of its own
		row := usage()
		if row[name] != "" {
			row[name] = ""
			o := focus.Options{Lenient: true}
			other, err := focus.ReadAll(strings.NewReader(dataset(row)), o)
			if err == nil {
				require.NotEqual(t, c.Digest(), other[0].Digest(), name)
			}
		}
	}
}

// The published example of a commitment discount that two machines share, 100 % of it used: the figures of
// specification/data/commitment_discount_flexibility/…_with_2_resources.csv of FOCUS_Spec v1.2, with the mandatory columns
// that it leaves out. The specification demands that the effective cost of the usage is the billed cost of the purchase.
func TestPublishedCommitment(t *testing.T) {
	raw, err := os.ReadFile("testdata/commitment.csv")
	require.NoError(t, err)
	charges, err := focus.ReadAll(bytes.NewReader(raw), focus.Options{Nulls: []string{"null"}})
	require.NoError(t, err)
	totals, err := focus.Totals(focus.Each(charges...), func(c *focus.Charge) focus.ChargeCategory { return c.ChargeCategory })
	require.NoError(t, err)
	require.Len(t, totals, 2)
	require.Equal(t, "2.00 USD", totals[0].Billed.String())
	require.Equal(t, "0.00 USD", totals[0].Effective.String())
	require.Equal(t, "0.00 USD", totals[1].Billed.String())
	require.Equal(t, "2.00 USD", totals[1].Effective.String())
	bills, err := focus.Bills(focus.Each(charges...), focus.Billing{Rounding: money.HalfUp})
	require.NoError(t, err)
	require.Equal(t, "2.00 USD", bills[0].Total.String())
	require.Equal(t, []int{2}, bills[0].Repeats, "the example itself has two rows that are the same")
	require.Equal(t, bills[0].Lines[1].Key+"-2", bills[0].Lines[2].Key)
	bills, err = focus.Bills(focus.Each(charges...), focus.Billing{Rounding: money.HalfUp, Basis: focus.Effective})
	require.NoError(t, err)
	require.Equal(t, []string{"0.00", "1.00", "1.00"}, amounts(bills[0]))
}

// What each rule refuses, and the text that tells it.
func TestRules(t *testing.T) {
	for _, c := range []struct {
		change []string
		want   string // column: rule
		harsh  bool   // a lenient reader refuses it, too
	}{
		{[]string{"BilledCost", ""}, "BilledCost: required", true},
		{[]string{"BilledCost", "NaN"}, `BilledCost: number "NaN"`, true},
		{[]string{"BilledCost", "1,234.50"}, `BilledCost: number "1,234.50"`, true},
		{[]string{"BilledCost", "$5"}, `BilledCost: number "$5"`, true},
		{[]string{"BilledCost", "+5"}, `BilledCost: number "+5"`, true},
		{[]string{"BilledCost", "35.2E+7"}, `BilledCost: number "35.2E+7"`, false},
		{[]string{"BilledCost", "1e-7"}, `BilledCost: number "1e-7"`, false},
		{[]string{"BilledCost", "1E99999999999"}, "BilledCost: number", true},
		{[]string{"BilledCost", "1E50"}, "BilledCost: digits", true},
		{[]string{"BilledCost", "0.1234567890123456789"}, "BilledCost: digits", false},
		{[]string{"BillingCurrency", "XYZ"}, `BillingCurrency: currency "XYZ"`, true},
		{[]string{"BillingCurrency", ""}, "BillingCurrency: required", true},
		{[]string{"ListUnitPrice", "-0.04"}, `ListUnitPrice: negative "-0.04", want 0 or more`, false},
		{[]string{"PricingCurrencyListUnitPrice", "-1"}, "PricingCurrencyListUnitPrice: negative", false},
		{[]string{"ChargePeriodStart", "2026-04-03"}, `ChargePeriodStart: date_time "2026-04-03"`, true},
		{[]string{"ChargePeriodStart", "2026-04-03T12:00:00+02:00"}, "ChargePeriodStart: date_time", false},
		{[]string{"ChargePeriodStart", "2026-04-31T00:00:00Z"}, "ChargePeriodStart: date_time", true},
		{[]string{"ChargePeriodEnd", "2026-04-03T09:00:00Z"}, "ChargePeriodEnd: period", true},
		{[]string{"ChargePeriodEnd", "2026-04-03T10:00:00Z"}, "ChargePeriodEnd: period", false},
		{[]string{"BillingPeriodEnd", "2026-03-01T00:00:00Z"}, "BillingPeriodEnd: period", true},
		{[]string{"ChargeCategory", "Fee"}, `ChargeCategory: choice "Fee", want Usage, Purchase, Tax, Credit, Adjustment`, true},
		{[]string{"ChargeClass", "Refund"}, `ChargeClass: choice "Refund", want Correction`, false},
		{[]string{"ChargeFrequency", "Monthly"}, "ChargeFrequency: choice", false},
		{[]string{"ChargeCategory", "Purchase", "ConsumedQuantity", "", "ConsumedUnit", ""}, "ChargeFrequency: choice", false},
		{[]string{"PricingCategory", "Cheap"}, "PricingCategory: choice", false},
		{[]string{"PricingCategory", ""}, "PricingCategory: required", false},
		{[]string{"PricingUnit", ""}, "PricingUnit: required, want a value where PricingQuantity has one", false},
		{[]string{"ServiceCategory", "Metal"}, "ServiceCategory: choice", false},
		{[]string{"ServiceSubcategory", "Containers of Metal"}, "ServiceSubcategory: choice", false},
		{[]string{"ServiceSubcategory", "Caching"}, `ServiceSubcategory: choice "Caching", want Containers, End User Computing`, false},
		{[]string{"ServiceName", ""}, "ServiceName: required", true},
		{[]string{"SubAccountName", ""}, "SubAccountName: required", false},
		{[]string{"SubAccountId", "", "SubAccountType", ""}, "SubAccountName: must_be_null", false},
		{[]string{"CommitmentDiscountStatus", "Used"}, "CommitmentDiscountStatus: must_be_null", false},
		{[]string{"CommitmentDiscountQuantity", "1", "CommitmentDiscountUnit", "USD"}, "CommitmentDiscountQuantity: must_be_null", false},
		{[]string{"CommitmentDiscountId", "cd", "CommitmentDiscountCategory", "Spend", "CommitmentDiscountType", "Plan", "CommitmentDiscountStatus", "Used"},
			"CommitmentDiscountQuantity: required", false},
		{[]string{"CommitmentDiscountId", "cd", "CommitmentDiscountCategory", "Spend", "CommitmentDiscountType", "Plan", "CommitmentDiscountQuantity", "1",
			"CommitmentDiscountUnit", "USD", "ChargeCategory", "Credit", "ConsumedQuantity", "", "ConsumedUnit", ""}, "CommitmentDiscountQuantity: must_be_null", false},
		{[]string{"CapacityReservationId", "cr-1"}, "CapacityReservationStatus: required", false},
		{[]string{"ConsumedQuantity", "", "ConsumedUnit", ""}, "ConsumedQuantity: required", false},
		{[]string{"RegionName", ""}, "RegionName: required", false},
		{[]string{"SkuPriceId", "", "SkuPriceDetails", ""}, "SkuPriceId: required", false},
		{[]string{"Tags", `{"a":1,"a":2}`}, "Tags: key_value", false},
		{[]string{"Tags", `{"a":[1]}`}, "Tags: key_value", false},
		{[]string{"Tags", `{"a":1} x`}, "Tags: key_value", false},
		{[]string{"Tags", `["a"]`}, "Tags: key_value", false},
		{[]string{"Tags", `{"a"`}, "Tags: key_value", false},
		{[]string{"ResourceName", "a\xff"}, "ResourceName: utf8", true},
	} {
		text := dataset(usage(), with(usage(), c.change...), usage())
		charges, err := focus.ReadAll(strings.NewReader(text), focus.Options{})
		require.Nil(t, charges)
		require.ErrorIs(t, err, focus.ErrRow)
		require.ErrorContains(t, err, "focus: line 3: "+c.want)
		var row *focus.RowError
		require.ErrorAs(t, err, &row)
		require.Len(t, row.Problems, 1, "%v: %v", c.change, err)

		var reported []string
		charges, err = focus.ReadAll(strings.NewReader(text), focus.Options{Lenient: true, Report: func(line int, p focus.Problem) {
			reported = append(reported, fmt.Sprintf("line %d: %s", line, p))
		}})
		if c.harsh {
			require.ErrorContains(t, err, c.want)
			continue
		}
		require.NoError(t, err)
		require.Len(t, charges, 3)
		require.Len(t, reported, 1, c.change)
		require.Contains(t, reported[0], "line 3: "+c.want)
	}
}

// Rows that the specification allows.
func TestAllowed(t *testing.T) {
	priced := []string{"PricingCategory", "", "PricingQuantity", "", "PricingUnit", "", "ListUnitPrice", "", "ContractedUnitPrice", "",
		"SkuId", "", "SkuMeter", "", "SkuPriceId", "", "SkuPriceDetails", "", "PricingCurrencyContractedUnitPrice", "", "PricingCurrencyListUnitPrice", "",
		"ConsumedQuantity", "", "ConsumedUnit", ""}
	commitment := []string{"CommitmentDiscountId", "cd", "CommitmentDiscountCategory", "Spend", "CommitmentDiscountType", "Plan",
		"CommitmentDiscountQuantity", "1", "CommitmentDiscountUnit", "USD", "CommitmentDiscountStatus", "Unused", "ConsumedQuantity", "", "ConsumedUnit", ""}
	for name, change := range map[string][]string{
		"tax":        append([]string{"ChargeCategory", "Tax"}, priced...),
		"correction": append([]string{"ChargeClass", "Correction"}, priced...),
		"credit":     append([]string{"ChargeCategory", "Credit", "BilledCost", "-12.5"}, priced...),
		"unused":     commitment,
		"scientific": {"BilledCost", "35.2E-7", "PricingQuantity", "-3", "ConsumedQuantity", "1.5E3"},
		"no tags":    {"Tags", "{}"},
	} {
		charges := read(t, dataset(with(usage(), change...)))
		require.Len(t, charges, 1, name)
	}
	c := read(t, dataset(with(usage(), "BilledCost", "35.2E-7", "ConsumedQuantity", "-1.50E3")))[0]
	require.Equal(t, "0.00000352 USD", c.BilledCost.String())
	require.Equal(t, "-1500", c.ConsumedQuantity.Value.String())
}

func TestHeader(t *testing.T) {
	_, err := focus.NewReader(strings.NewReader("BilledCost,Colour,BilledCost,x_own\n"), focus.Options{})
	var refused *focus.HeaderError
	require.ErrorAs(t, err, &refused)
	require.ErrorIs(t, err, focus.ErrHeader)
	require.Equal(t, []string{"Colour"}, refused.Unknown)
	require.Equal(t, []string{"BilledCost"}, refused.Twice)
	require.Len(t, refused.Missing, 20)
	require.ErrorContains(t, err, "mandatory columns are missing: BillingAccountId, BillingAccountName, BillingCurrency, ")

	_, err = focus.NewReader(strings.NewReader(""), focus.Options{})
	require.EqualError(t, err, "focus: header: the dataset is empty")
	_, err = focus.NewReader(strings.NewReader(strings.Repeat("x,", focus.MaxColumns)+"x"), focus.Options{})
	require.EqualError(t, err, "focus: header: more than 2000 columns")
	_, err = focus.NewReader(strings.NewReader(`a"b`), focus.Options{})
	require.ErrorIs(t, err, csv.ErrBareQuote)

	var reported []string
	essential := "ServiceName,BilledCost,EffectiveCost,BillingCurrency,BillingPeriodStart,BillingPeriodEnd,ChargePeriodStart,ChargePeriodEnd,ChargeCategory"
	in, err := focus.NewReader(strings.NewReader("\ufeff"+`"ServiceName"`+strings.TrimPrefix(essential, "ServiceName")+",Colour\n"), focus.Options{Lenient: true,
		Report: func(_ int, p focus.Problem) { reported = append(reported, p.Column+" "+p.Rule) }})
	require.NoError(t, err)
	require.Equal(t, append(strings.Split(essential, ","), "Colour"), in.Header())
	require.Len(t, reported, 1+21-9)
	require.Contains(t, reported, "Colour unknown")
	require.Contains(t, reported, "ListCost missing")

	_, err = focus.NewReader(strings.NewReader(strings.Replace(essential, "BilledCost,", "", 1)), focus.Options{Lenient: true})
	require.EqualError(t, err, "focus: header: mandatory columns are missing: BilledCost")
}

// A row that is broken does not end the reading, and the lines are those of the file.
func TestReadingGoesOn(t *testing.T) {
	text := dataset(with(usage(), "ChargeDescription", "two\nlines"))
	_, row, _ := strings.Cut(text, "\n")
	in, err := focus.NewReader(strings.NewReader(text+"a,b\n"+row+`x"y`+row), focus.Options{})
	require.NoError(t, err)
	var got []string
	for c, err := range in.All() {
		if err != nil {
			require.ErrorIs(t, err, focus.ErrRow)
			got = append(got, strings.TrimPrefix(err.Error(), "focus: "))
			continue
		}
		got = append(got, fmt.Sprint("charge ", c.Line))
	}
	require.Equal(t, "charge 2", got[0])
	require.Equal(t, "line 4: fields, want as many fields as the header has", got[1])
	require.Equal(t, "charge 5", got[2])
	require.Contains(t, got[3], "line 7: csv")
}

// ReadAll gives up on a dataset that is wrong all over.
func TestManyRowErrors(t *testing.T) {
	rows := make([]map[string]string, 300)
	for i := range rows {
		rows[i] = with(usage(), "BilledCost", "")
	}
	_, err := focus.ReadAll(strings.NewReader(dataset(rows...)), focus.Options{})
	require.Equal(t, focus.MaxRowErrors, strings.Count(err.Error(), "focus: line"))
}
