package finance

import (
	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/money"
)

// Establish opens a chart of accounts.
type Establish struct {
	Title       string         `json:"title"`
	Currency    money.Currency `json:"currency"`
	Accounts    []Account      `json:"accounts,omitempty"`
	CostCentres []CostCentre   `json:"cost_centres,omitempty"`
	Clearing    string         `json:"clearing,omitempty"`
}

// Name returns "establish".
func (Establish) Name() string { return "establish" }

// Apply fills in the chart.
func (a Establish) Apply(c *Chart, _ itsm.Moment) error {
	c.Title, c.Currency, c.Accounts, c.CostCentres, c.Clearing = a.Title, a.Currency, a.Accounts, a.CostCentres, a.Clearing
	return nil
}

// SetAccounts adds accounts, and replaces those whose codes are there already but for their class and currency. None is
// ever removed: one that is no longer wanted is closed.
type SetAccounts struct {
	Accounts []Account `json:"accounts"`
}

// Name returns "set_accounts".
func (SetAccounts) Name() string { return "set_accounts" }

// Apply puts the accounts into the tree.
func (a SetAccounts) Apply(c *Chart, _ itsm.Moment) error {
	if len(a.Accounts) == 0 {
		return itsm.Invalid("accounts", "required")
	}
	at := make(map[string]int, len(c.Accounts))
	for i, old := range c.Accounts {
		at[old.Code] = i
	}
	var wrong problems
	for _, account := range a.Accounts {
		i, ok := at[account.Code]
		if !ok {
			c.Accounts = append(c.Accounts, account) // twice in the input: the kernel refuses the key
			continue
		}
		old := c.Accounts[i]
		if old.Class != account.Class {
			wrong.fail("accounts."+account.Code+".class", "never_changes", "value", string(account.Class), "want", string(old.Class))
		}
		if old.Currency != account.Currency {
			wrong.fail("accounts."+account.Code+".currency", "never_changes", "value", string(account.Currency), "want", string(old.Currency))
		}
		c.Accounts[i] = account
	}
	return wrong.err()
}

// SetCostCentres adds cost centres, and replaces those whose codes are there already. None is ever removed.
type SetCostCentres struct {
	CostCentres []CostCentre `json:"cost_centres"`
}

// Name returns "set_cost_centres".
func (SetCostCentres) Name() string { return "set_cost_centres" }

// Apply puts the cost centres into the tree.
func (a SetCostCentres) Apply(c *Chart, _ itsm.Moment) error {
	if len(a.CostCentres) == 0 {
		return itsm.Invalid("cost_centres", "required")
	}
	at := make(map[string]int, len(c.CostCentres))
	for i, old := range c.CostCentres {
		at[old.Code] = i
	}
	for _, centre := range a.CostCentres {
		if i, ok := at[centre.Code]; ok {
			c.CostCentres[i] = centre
		} else {
			c.CostCentres = append(c.CostCentres, centre)
		}
	}
	return nil
}

// SetClearing names the account through which conversions go. A chart that has one keeps it: its balance would be torn
// in two.
type SetClearing struct {
	Account string `json:"account"`
}

// Name returns "set_clearing".
func (SetClearing) Name() string { return "set_clearing" }

// Apply sets the account.
func (a SetClearing) Apply(c *Chart, _ itsm.Moment) error {
	if a.Account == "" {
		return itsm.Invalid("account", "required")
	}
	c.Clearing = a.Account
	return nil
}

// Archive ends the use of a chart: nothing is posted any more.
type Archive struct {
	Reason string `json:"reason"`
}

// Name returns "archive".
func (Archive) Name() string { return "archive" }

// Apply keeps the reason.
func (a Archive) Apply(c *Chart, _ itsm.Moment) error {
	if a.Reason == "" {
		return itsm.Invalid("reason", "required")
	}
	c.ArchivedFor = a.Reason
	return nil
}

// hasNoClearing denies another clearing account.
func hasNoClearing(c *Chart, _ itsm.Moment) error {
	if c.Clearing != "" {
		return itsm.Deny("has_clearing", "account", c.Clearing)
	}
	return nil
}
