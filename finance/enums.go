package finance

// Class is what an account is in the books.
type Class string

// The classes of accounts.
const (
	Asset     Class = "asset"
	Liability Class = "liability"
	Equity    Class = "equity"
	Income    Class = "income"
	Expense   Class = "expense"
)

// Choices returns the classes for a pick box.
func (Class) Choices() []string {
	return []string{string(Asset), string(Liability), string(Equity), string(Income), string(Expense)}
}

// CostType is what money is spent on.
type CostType string

// The cost types of IT accounting.
const (
	Hardware CostType = "hardware"
	Software CostType = "software"
	People   CostType = "people"
	Premises CostType = "premises"
	External CostType = "external" // services of suppliers, the cloud's among them
	Transfer CostType = "transfer" // what another part of the organisation charges
)

// Choices returns the cost types for a pick box.
func (CostType) Choices() []string {
	return []string{string(Hardware), string(Software), string(People), string(Premises), string(External), string(Transfer)}
}

// Treatment tells whether a cost buys something that lasts.
type Treatment string

// The treatments.
const (
	Capital   Treatment = "capital"   // buys an asset, which is written off over its life
	Operating Treatment = "operating" // is used up in the period
)

// Choices returns the treatments for a pick box.
func (Treatment) Choices() []string { return []string{string(Capital), string(Operating)} }

// Assignment tells whether a cost belongs to one service or customer alone.
type Assignment string

// The assignments.
const (
	Direct   Assignment = "direct"
	Indirect Assignment = "indirect" // shared: to be allocated
)

// Choices returns the assignments for a pick box.
func (Assignment) Choices() []string { return []string{string(Direct), string(Indirect)} }

// Behaviour tells whether a cost follows the use.
type Behaviour string

// The behaviours.
const (
	Fixed    Behaviour = "fixed"
	Variable Behaviour = "variable"
)

// Choices returns the behaviours for a pick box.
func (Behaviour) Choices() []string { return []string{string(Fixed), string(Variable)} }

// Origin is which kind of document a cost comes from.
type Origin string

// The origins.
const (
	FromInvoice      Origin = "invoice"
	FromContract     Origin = "contract"
	FromPayroll      Origin = "payroll"
	FromDepreciation Origin = "depreciation"
	FromCloud        Origin = "cloud"
	FromElsewhere    Origin = "other"
)

// Choices returns the origins for a pick box.
func (Origin) Choices() []string {
	return []string{string(FromInvoice), string(FromContract), string(FromPayroll), string(FromDepreciation), string(FromCloud), string(FromElsewhere)}
}
