package finance

import (
	"slices"
	"sort"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/money"
)

// Chart is the chart of accounts of a set of books, with the cost centres: two trees, each node with a code.
type Chart struct {
	itsm.Header

	Title    string         `json:"title"`
	Currency money.Currency `json:"currency"` // in which the books are reported; entries may be in any

	Accounts    []Account    `json:"accounts,omitempty"`     // in the order of their codes
	CostCentres []CostCentre `json:"cost_centres,omitempty"` // in the order of their codes

	// Clearing is the account through which conversions go; without one there are none.
	Clearing string `json:"clearing,omitempty"`

	ArchivedFor string `json:"archived_for,omitempty"`
}

// Account is a node of the tree of accounts.
type Account struct {
	Code   string `json:"code"` // never changes
	Title  string `json:"title"`
	Parent string `json:"parent,omitempty"` // the code of the account above; it is of the same class
	Class  Class  `json:"class"`            // never changes

	Heading  bool           `json:"heading,omitempty"`  // takes no postings of its own
	Closed   bool           `json:"closed,omitempty"`   // takes no more postings
	Currency money.Currency `json:"currency,omitempty"` // takes postings in this one only; never changes

	// Cost says which costs are on an account of assets or expenses; without a type there are none.
	Cost Cost `json:"cost,omitzero"`
}

// CostCentre is a node of the tree of cost centres: a part of the organisation that causes costs.
type CostCentre struct {
	Code    string `json:"code"` // never changes
	Title   string `json:"title"`
	Parent  string `json:"parent,omitempty"` // the code of the cost centre above
	Owner   string `json:"owner,omitempty"`  // who answers for it
	Heading bool   `json:"heading,omitempty"`
	Closed  bool   `json:"closed,omitempty"`
}

// Cost is what sort of cost something is: all four, or none.
type Cost struct {
	Type       CostType   `json:"type,omitempty"`
	Treatment  Treatment  `json:"treatment,omitempty"`
	Assignment Assignment `json:"assignment,omitempty"`
	Behaviour  Behaviour  `json:"behaviour,omitempty"`
}

// Account returns the account with a code, false if there is none.
func (c *Chart) Account(code string) (Account, bool) {
	return byCode(c.Accounts, code, func(a *Account) string { return a.Code })
}

// CostCentre returns the cost centre with a code, false if there is none.
func (c *Chart) CostCentre(code string) (CostCentre, bool) {
	return byCode(c.CostCentres, code, func(a *CostCentre) string { return a.Code })
}

// byCode finds an element: at once in a list in order, as the kernel keeps it, and also in one that a host made.
func byCode[T any](list []T, code string, of func(*T) string) (T, bool) {
	i := sort.Search(len(list), func(i int) bool { return of(&list[i]) >= code })
	if i == len(list) || of(&list[i]) != code {
		i = slices.IndexFunc(list, func(x T) bool { return of(&x) == code })
	}
	if i < 0 {
		return *new(T), false
	}
	return list[i], true
}
