package finance

import (
	"cmp"
	"slices"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/money"
)

// node is a place in a tree by codes; tree is all of them.
type (
	node struct{ code, parent string }
	tree []node
)

// validate checks that codes are given and that every parent is there and above its children.
func (t tree) validate(list string, check *itsm.Checker) {
	parents := make(map[string]string, len(t))
	for _, n := range t {
		check.Required(n.code, list+".code")
		parents[n.code] = n.parent
	}
	sound := make(map[string]bool, len(t)) // leads to a root
	for _, n := range t {
		if n.parent == "" {
			continue
		}
		if _, ok := parents[n.parent]; !ok {
			check.Fail(list+"."+n.code+".parent", "unknown", "value", clip(n.parent))
			continue
		}
		var path []string
		at, steps := n.code, 0
		for ; at != "" && !sound[at] && steps <= len(t); steps++ {
			path = append(path, at)
			at = parents[at]
		}
		if steps > len(t) {
			check.Fail(list+"."+n.code+".parent", "cycle", "value", n.parent)
			continue
		}
		for _, code := range path {
			sound[code] = true
		}
	}
}

// Node is an account or a cost centre in a tree of sums. Amounts on the debit are positive.
type Node struct {
	Code  string       `json:"code"`
	Depth int          `json:"depth"` // 0 for a root
	Own   money.Amount `json:"own"`   // of the node by itself
	Total money.Amount `json:"total"` // with all that is below it
}

// rollUp returns the nodes with their sums, each before those below it, siblings in the order of their codes. What is at
// codes that the tree does not have is an error.
func (t tree) rollUp(c money.Currency, own map[string]*sum) ([]Node, error) {
	known, children := make(map[string]bool, len(t)), make(map[string][]string, len(t))
	for _, n := range t {
		known[n.code] = true
		children[n.parent] = append(children[n.parent], n.code)
	}
	for code := range own {
		if !known[code] {
			return nil, itsm.Invalid("code", "unknown", "value", clip(code))
		}
	}
	out := make([]Node, 0, len(t))
	var failed error
	var walk func(code string, depth int) sum
	walk = func(code string, depth int) sum {
		at := len(out)
		out = append(out, Node{Code: code, Depth: depth})
		var total sum
		if s := own[code]; s != nil {
			total = *s
		}
		mine, err := total.amount(c)
		slices.Sort(children[code])
		for _, child := range children[code] {
			total.plus(walk(child, depth+1))
		}
		all, err2 := total.amount(c)
		out[at].Own, out[at].Total = mine, all
		failed = cmp.Or(failed, err, err2)
		return total
	}
	slices.Sort(children[""])
	for _, root := range children[""] {
		walk(root, 0)
	}
	if failed != nil {
		return nil, failed
	}
	return out, nil
}

// RollUp sums a trial balance up the tree of accounts: each account before those below it. The roots together are 0.
// An account that the chart does not have is an error.
func (c *Chart) RollUp(b Balance) ([]Node, error) {
	own := make(map[string]*sum, len(b.Accounts))
	for _, a := range b.Accounts {
		s := new(sum)
		s.add(a.Debit.Coins())
		s.add(-a.Credit.Coins())
		own[a.Account] = s
	}
	return c.accountTree().rollUp(b.Currency, own)
}
