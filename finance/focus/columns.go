package focus

import (
	"slices"
	"time"

	"github.com/itsmkit/itsm/money"
)

// column is what FOCUS says of a column by itself.
type column struct {
	name string
	demand
	at          func(*Charge) any // *string, *Quantity, *money.Price, *time.Time or *Tags
	choices     []string
	nonNegative bool
}

// demand is what must be there.
type demand uint8

const (
	mandatory demand = 1 << iota // the column must be in the dataset
	notNull                      // where the column is there it has a value
	essential                    // also for a lenient reader
)

const required = mandatory | notNull

// columns are those of FOCUS 1.2. The currency comes first: prices are read in it.
var columns = []column{ // never written to
	{name: "BillingCurrency", demand: required | essential, at: func(c *Charge) any { return (*string)(&c.BillingCurrency) }},
	{name: "AvailabilityZone", at: func(c *Charge) any { return &c.AvailabilityZone }},
	{name: "BilledCost", demand: required | essential, at: func(c *Charge) any { return &c.BilledCost }},
	{name: "BillingAccountId", demand: required, at: func(c *Charge) any { return &c.BillingAccountId }},
	{name: "BillingAccountName", demand: mandatory, at: func(c *Charge) any { return &c.BillingAccountName }},
	{name: "BillingAccountType", demand: notNull, at: func(c *Charge) any { return &c.BillingAccountType }},
	{name: "BillingPeriodEnd", demand: required | essential, at: func(c *Charge) any { return &c.BillingPeriodEnd }},
	{name: "BillingPeriodStart", demand: required | essential, at: func(c *Charge) any { return &c.BillingPeriodStart }},
	{name: "CapacityReservationId", at: func(c *Charge) any { return &c.CapacityReservationId }},
	{name: "CapacityReservationStatus", at: func(c *Charge) any { return (*string)(&c.CapacityReservationStatus) }, choices: Utilisation("").Choices()},
	{name: "ChargeCategory", demand: required | essential, at: func(c *Charge) any { return (*string)(&c.ChargeCategory) }, choices: ChargeCategory("").Choices()},
	{name: "ChargeClass", demand: mandatory, at: func(c *Charge) any { return (*string)(&c.ChargeClass) }, choices: ChargeClass("").Choices()},
	{name: "ChargeDescription", demand: mandatory, at: func(c *Charge) any { return &c.ChargeDescription }},
	{name: "ChargeFrequency", demand: notNull, at: func(c *Charge) any { return (*string)(&c.ChargeFrequency) }, choices: ChargeFrequency("").Choices()},
	{name: "ChargePeriodEnd", demand: required | essential, at: func(c *Charge) any { return &c.ChargePeriodEnd }},
	{name: "ChargePeriodStart", demand: required | essential, at: func(c *Charge) any { return &c.ChargePeriodStart }},
	{name: "CommitmentDiscountCategory", at: func(c *Charge) any { return (*string)(&c.CommitmentDiscountCategory) }, choices: CommitmentCategory("").Choices()},
	{name: "CommitmentDiscountId", at: func(c *Charge) any { return &c.CommitmentDiscountId }},
	{name: "CommitmentDiscountName", at: func(c *Charge) any { return &c.CommitmentDiscountName }},
	{name: "CommitmentDiscountQuantity", at: func(c *Charge) any { return &c.CommitmentDiscountQuantity }},
	{name: "CommitmentDiscountStatus", at: func(c *Charge) any { return (*string)(&c.CommitmentDiscountStatus) }, choices: Utilisation("").Choices()},
	{name: "CommitmentDiscountType", at: func(c *Charge) any { return &c.CommitmentDiscountType }},
	{name: "CommitmentDiscountUnit", at: func(c *Charge) any { return &c.CommitmentDiscountUnit }},
	{name: "ConsumedQuantity", at: func(c *Charge) any { return &c.ConsumedQuantity }},
	{name: "ConsumedUnit", at: func(c *Charge) any { return &c.ConsumedUnit }},
	{name: "ContractedCost", demand: required, at: func(c *Charge) any { return &c.ContractedCost }},
	{name: "ContractedUnitPrice", at: func(c *Charge) any { return &c.ContractedUnitPrice }, nonNegative: true},
	{name: "EffectiveCost", demand: required | essential, at: func(c *Charge) any { return &c.EffectiveCost }},
	{name: "InvoiceId", at: func(c *Charge) any { return &c.InvoiceId }},
	{name: "InvoiceIssuerName", demand: required, at: func(c *Charge) any { return &c.InvoiceIssuerName }},
	{name: "ListCost", demand: required, at: func(c *Charge) any { return &c.ListCost }},
	{name: "ListUnitPrice", at: func(c *Charge) any { return &c.ListUnitPrice }, nonNegative: true},
	{name: "PricingCategory", at: func(c *Charge) any { return (*string)(&c.PricingCategory) }, choices: PricingCategory("").Choices()},
	{name: "PricingCurrency", at: func(c *Charge) any { return &c.PricingCurrency }},
	{name: "PricingCurrencyContractedUnitPrice", at: func(c *Charge) any { return &c.PricingCurrencyContractedUnitPrice }, nonNegative: true},
	{name: "PricingCurrencyEffectiveCost", at: func(c *Charge) any { return &c.PricingCurrencyEffectiveCost }},
	{name: "PricingCurrencyListUnitPrice", at: func(c *Charge) any { return &c.PricingCurrencyListUnitPrice }, nonNegative: true},
	{name: "PricingQuantity", demand: mandatory, at: func(c *Charge) any { return &c.PricingQuantity }},
	{name: "PricingUnit", demand: mandatory, at: func(c *Charge) any { return &c.PricingUnit }},
	{name: "ProviderName", demand: required, at: func(c *Charge) any { return &c.ProviderName }},
	{name: "PublisherName", demand: required, at: func(c *Charge) any { return &c.PublisherName }},
	{name: "RegionId", at: func(c *Charge) any { return &c.RegionId }},
	{name: "RegionName", at: func(c *Charge) any { return &c.RegionName }},
	{name: "ResourceId", at: func(c *Charge) any { return &c.ResourceId }},
	{name: "ResourceName", at: func(c *Charge) any { return &c.ResourceName }},
	{name: "ResourceType", at: func(c *Charge) any { return &c.ResourceType }},
	{name: "ServiceCategory", demand: required, at: func(c *Charge) any { return &c.ServiceCategory }, choices: serviceCategories()},
	{name: "ServiceName", demand: required | essential, at: func(c *Charge) any { return &c.ServiceName }},
	{name: "ServiceSubcategory", demand: notNull, at: func(c *Charge) any { return &c.ServiceSubcategory }},
	{name: "SkuId", at: func(c *Charge) any { return &c.SkuId }},
	{name: "SkuMeter", at: func(c *Charge) any { return &c.SkuMeter }},
	{name: "SkuPriceDetails", at: func(c *Charge) any { return &c.SkuPriceDetails }},
	{name: "SkuPriceId", at: func(c *Charge) any { return &c.SkuPriceId }},
	{name: "SubAccountId", at: func(c *Charge) any { return &c.SubAccountId }},
	{name: "SubAccountName", at: func(c *Charge) any { return &c.SubAccountName }},
	{name: "SubAccountType", at: func(c *Charge) any { return &c.SubAccountType }},
	{name: "Tags", at: func(c *Charge) any { return &c.Tags }},
}

// columnNamed returns the place of a column in the table, -1 if FOCUS does not define it.
func columnNamed(name string) int {
	return slices.IndexFunc(columns, func(c column) bool { return c.name == name })
}

// Columns returns the IDs of the columns of FOCUS 1.2, sorted.
func Columns() []string { return namesOf(func(column) bool { return true }) }

// MandatoryColumns returns the IDs of those that each dataset must have, sorted.
func MandatoryColumns() []string {
	return namesOf(func(c column) bool { return c.demand&mandatory > 0 })
}

func namesOf(wanted func(column) bool) []string {
	var out []string
	for _, c := range columns {
		if wanted(c) {
			out = append(out, c.name)
		}
	}
	slices.Sort(out)
	return out
}

// isNull tells whether a value of a charge is null.
func isNull(value any) bool {
	switch v := value.(type) {
	case *string:
		return *v == ""
	case *Quantity:
		return !v.Given
	case *money.Price:
		return v.IsZero()
	case *time.Time:
		return v.IsZero()
	case *Tags:
		return *v == nil
	}
	return true
}
