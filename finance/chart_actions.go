package finance

import (
	"strings"

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
	var wrong problems
	c.Accounts = put(c.Accounts, a.Accounts, "accounts", &wrong, func(x *Account) string { return x.Code }, func(old, by *Account) {
		if old.Class != by.Class {
			wrong.fail("accounts."+by.Code+".class", "never_changes", "value", string(by.Class), "want", string(old.Class))
		}
		if old.Currency != by.Currency {
			wrong.fail("accounts."+by.Code+".currency", "never_changes", "value", string(by.Currency), "want", string(old.Currency))
		}
	})
	return wrong.err()
}

// put adds nodes to a list and replaces those whose codes are there already. A code that is given twice is refused: neither
// may win unseen.
func put[T any](list, nodes []T, path string, wrong *problems, code func(*T) string, replaces func(old, by *T)) []T {
	if len(nodes) == 0 {
		wrong.fail(path, "required")
	}
	at := make(map[string]int, len(list))
	for i := range list {
		at[code(&list[i])] = i
	}
	given := make(map[string]bool, len(nodes))
	for _, n := range nodes {
		key := code(&n)
		if given[key] {
			wrong.fail(path, "twice", "key", clip(key))
			continue
		}
		given[key] = true
		if i, ok := at[key]; ok {
			replaces(&list[i], &n)
			list[i] = n
		} else {
			list = append(list, n)
		}
	}
	return list
}

// SetCostCentres adds cost centres, and replaces those whose codes are there already. None is ever removed.
type SetCostCentres struct {
	CostCentres []CostCentre `json:"cost_centres"`
}

// Name returns "set_cost_centres".
func (SetCostCentres) Name() string { return "set_cost_centres" }

// Apply puts the cost centres into the tree.
func (a SetCostCentres) Apply(c *Chart, _ itsm.Moment) error {
	var wrong problems
	c.CostCentres = put(c.CostCentres, a.CostCentres, "cost_centres", &wrong, func(x *CostCentre) string { return x.Code }, func(_, _ *CostCentre) {})
	return wrong.err()
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
	if strings.TrimSpace(a.Reason) == "" {
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
