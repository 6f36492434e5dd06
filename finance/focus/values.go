package focus

// ChargeCategory is the nature of a charge.
type ChargeCategory string

// The charge categories. Each may be positive or negative.
const (
	Usage      ChargeCategory = "Usage"      // of what was consumed
	Purchase   ChargeCategory = "Purchase"   // of what is bought in advance or for a term
	Tax        ChargeCategory = "Tax"        // levied by authorities
	Credit     ChargeCategory = "Credit"     // granted by the provider
	Adjustment ChargeCategory = "Adjustment" // anything else
)

// Choices returns the charge categories.
func (ChargeCategory) Choices() []string {
	return []string{string(Usage), string(Purchase), string(Tax), string(Credit), string(Adjustment)}
}

// ChargeClass tells whether a charge corrects a billing period that was invoiced before. It is null in all other rows.
type ChargeClass string

// Correction is the only charge class.
const Correction ChargeClass = "Correction"

// Choices returns the charge classes.
func (ChargeClass) Choices() []string { return []string{string(Correction)} }

// ChargeFrequency is how often a charge occurs.
type ChargeFrequency string

// The charge frequencies.
const (
	OneTime    ChargeFrequency = "One-Time"
	Recurring  ChargeFrequency = "Recurring"
	UsageBased ChargeFrequency = "Usage-Based" // never of a purchase
)

// Choices returns the charge frequencies.
func (ChargeFrequency) Choices() []string {
	return []string{string(OneTime), string(Recurring), string(UsageBased)}
}

// PricingCategory is the pricing model of a charge.
type PricingCategory string

// The pricing categories.
const (
	Standard     PricingCategory = "Standard"  // at the agreed rate
	Dynamic      PricingCategory = "Dynamic"   // at a rate that the provider changes
	Committed    PricingCategory = "Committed" // reduced by a commitment discount
	OtherPricing PricingCategory = "Other"
)

// Choices returns the pricing categories.
func (PricingCategory) Choices() []string {
	return []string{string(Standard), string(Dynamic), string(Committed), string(OtherPricing)}
}

// CommitmentCategory is what a commitment discount is based on.
type CommitmentCategory string

// The categories of commitment discounts.
const (
	CommittedSpend CommitmentCategory = "Spend"
	CommittedUsage CommitmentCategory = "Usage"
)

// Choices returns the categories of commitment discounts.
func (CommitmentCategory) Choices() []string {
	return []string{string(CommittedSpend), string(CommittedUsage)}
}

// Utilisation tells whether a charge used up a commitment discount or a capacity reservation, or is for what was left.
type Utilisation string

// The utilisations.
const (
	Used   Utilisation = "Used"
	Unused Utilisation = "Unused"
)

// Choices returns the utilisations.
func (Utilisation) Choices() []string { return []string{string(Used), string(Unused)} }
