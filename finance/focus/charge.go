package focus

import (
	"time"

	"github.com/itsmkit/itsm/money"
)

// Charge is one row of a dataset. The fields are the columns of FOCUS 1.2 by their IDs; a text that is "", a time that is
// zero, a [money.Price] or [Tags] that are zero stand for null, and for a column that the dataset does not have.
//
// Prices and costs are in the billing currency. The columns in the pricing currency are quantities, since that currency
// may be a virtual one (credits, tokens).
type Charge struct {
	Line int // of the dataset; the header is line 1

	// Who bills and who pays.
	ProviderName, PublisherName, InvoiceIssuerName           string
	BillingAccountId, BillingAccountName, BillingAccountType string //nolint:revive // the column's ID
	SubAccountId, SubAccountName, SubAccountType             string //nolint:revive // the column's ID
	InvoiceId                                                string //nolint:revive // the column's ID
	BillingCurrency                                          money.Currency

	// When: from the start, up to and without the end, in UTC.
	BillingPeriodStart, BillingPeriodEnd time.Time
	ChargePeriodStart, ChargePeriodEnd   time.Time

	// What the charge is.
	ChargeCategory    ChargeCategory
	ChargeClass       ChargeClass
	ChargeFrequency   ChargeFrequency
	ChargeDescription string

	// How much it is.
	BilledCost, EffectiveCost, ListCost, ContractedCost money.Price
	ListUnitPrice, ContractedUnitPrice                  money.Price
	PricingCategory                                     PricingCategory
	PricingQuantity                                     Quantity
	PricingUnit                                         string
	PricingCurrency                                     string
	PricingCurrencyListUnitPrice                        Quantity
	PricingCurrencyContractedUnitPrice                  Quantity
	PricingCurrencyEffectiveCost                        Quantity
	ConsumedQuantity                                    Quantity
	ConsumedUnit                                        string

	// What it is for.
	ServiceCategory, ServiceSubcategory, ServiceName string
	ResourceId, ResourceName, ResourceType           string //nolint:revive // the column's ID
	RegionId, RegionName, AvailabilityZone           string //nolint:revive // the column's ID
	SkuId, SkuMeter, SkuPriceId                      string //nolint:revive // the column's ID
	SkuPriceDetails                                  Tags

	// What was promised or reserved in advance.
	CommitmentDiscountId, CommitmentDiscountName string //nolint:revive // the column's ID
	CommitmentDiscountCategory                   CommitmentCategory
	CommitmentDiscountType                       string
	CommitmentDiscountStatus                     Utilisation
	CommitmentDiscountQuantity                   Quantity
	CommitmentDiscountUnit                       string
	CapacityReservationId                        string //nolint:revive // the column's ID
	CapacityReservationStatus                    Utilisation

	Tags   Tags
	Custom []Custom // the provider's own columns that are not null, sorted
}

// Quantity is a number that may be null.
type Quantity struct {
	Value money.Number
	Given bool // false is null
}

// Custom is a value of a column that FOCUS does not define.
type Custom struct {
	Column string `json:"column"` // "x_CostCentre"
	Value  string `json:"value"`
}

// CustomValue returns the value of a provider's own column, "" if it is null.
func (c *Charge) CustomValue(column string) string {
	for _, x := range c.Custom {
		if x.Column == column {
			return x.Value
		}
	}
	return ""
}

// Cost returns the billed or the effective cost.
func (c *Charge) Cost(b Basis) money.Price {
	if b == Effective {
		return c.EffectiveCost
	}
	return c.BilledCost
}

// Basis is which cost of a charge counts.
type Basis string

// The bases. The zero value is Billed.
const (
	Billed    Basis = "billed"    // what is invoiced: cash basis
	Effective Basis = "effective" // with prepayments spread over what they cover: accrual basis
)

// Choices returns the bases.
func (Basis) Choices() []string { return []string{string(Billed), string(Effective)} }
