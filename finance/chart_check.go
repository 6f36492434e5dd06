package finance

import (
	"slices"
	"strings"

	"github.com/itsmkit/itsm"
)

// accountTree returns the accounts by code and parent.
func (c *Chart) accountTree() tree {
	t := make(tree, len(c.Accounts))
	for i, a := range c.Accounts {
		t[i] = node{a.Code, a.Parent}
	}
	return t
}

func (c *Chart) centreTree() tree {
	t := make(tree, len(c.CostCentres))
	for i, a := range c.CostCentres {
		t[i] = node{a.Code, a.Parent}
	}
	return t
}

// validate checks the chart in one pass.
func (c *Chart) validate(check *itsm.Checker) {
	check.Required(c.Title, "title")
	check.Check(c.Currency.Valid() && !c.Currency.Withdrawn(), "currency", "currency", "value", string(c.Currency), "want", "a code of ISO 4217 such as EUR")
	c.accountTree().validate("accounts", check)
	c.centreTree().validate("cost_centres", check)
	classes := make(map[string]Class, len(c.Accounts))
	for _, a := range c.Accounts {
		classes[a.Code] = a.Class
	}
	for _, a := range c.Accounts {
		if a.Code == "" {
			continue // the tree has told
		}
		at := "accounts." + a.Code + "."
		check.Required(a.Title, at+"title")
		check.Check(a.Class != "", at+"class", "required", "allowed", strings.Join(a.Class.Choices(), ", "))
		if of, ok := classes[a.Parent]; ok && a.Parent != "" {
			check.Check(of == a.Class, at+"class", "not_the_parents", "value", string(a.Class), "want", string(of))
		}
		check.Check(a.Currency == "" || a.Currency.Valid(), at+"currency", "currency", "value", string(a.Currency))
		a.Cost.validate(at+"cost.", check)
		check.Check(a.Cost == (Cost{}) || a.Class == Asset || a.Class == Expense, at+"cost", "class", "class", string(a.Class), "want", "an account of assets or expenses")
	}
	for _, a := range c.CostCentres {
		check.Check(a.Code == "" || strings.TrimSpace(a.Title) != "", "cost_centres."+a.Code+".title", "required")
	}
	if c.Clearing != "" {
		a, ok := c.Account(c.Clearing)
		check.Check(ok, "clearing", "unknown_account", "value", c.Clearing)
		check.Check(!a.Heading && !a.Closed && a.Currency == "", "clearing", "not_open_to_all", "account", c.Clearing,
			"want", "an account that takes postings in every currency")
	}
}

// validate wants all of a cost's sorts, or none.
func (c Cost) validate(at string, check *itsm.Checker) {
	if c == (Cost{}) {
		return
	}
	check.Check(c.Type != "", at+"type", "required", "allowed", strings.Join(c.Type.Choices(), ", "))
	check.Check(c.Treatment != "", at+"treatment", "required", "allowed", strings.Join(c.Treatment.Choices(), ", "))
	check.Check(c.Assignment != "", at+"assignment", "required", "allowed", strings.Join(c.Assignment.Choices(), ", "))
	check.Check(c.Behaviour != "", at+"behaviour", "required", "allowed", strings.Join(c.Behaviour.Choices(), ", "))
}

// CheckPostings tells whether the accounts and cost centres that postings name take them. The error is an
// itsm.ValidationError with all problems:
//
//	unknown_account, unknown_cost_centre
//	heading           the account or cost centre takes no postings of its own
//	closed            it takes no more postings
//	account_currency  the account takes another currency only
//	clearing          the clearing account takes foreign currency by [Ledger.Exchange] only
func (c *Chart) CheckPostings(postings []Posting) error { return c.checkPostings(postings, false) }

// checkPostings is CheckPostings, where settled of what may be on the clearing account in foreign currency: an exchange, and
// what takes back an entry, be it older than the clearing account.
func (c *Chart) checkPostings(postings []Posting, settled bool) error {
	var check problems
	for i, p := range postings {
		at := place(i)
		a, ok := c.Account(p.Account)
		switch {
		case !ok:
			check.fail(at+".account", "unknown_account", "value", clip(p.Account))
		case a.Heading:
			check.fail(at+".account", "heading", "value", a.Code, "want", "an account below it")
		case a.Closed:
			check.fail(at+".account", "closed", "value", a.Code)
		case a.Currency != "" && a.Currency != p.Currency():
			check.fail(at+".account", "account_currency", "value", a.Code, "currency", string(p.Currency()), "want", string(a.Currency))
		case a.Code == c.Clearing && !settled && p.Currency() != c.Currency:
			check.fail(at+".account", "clearing", "value", a.Code, "currency", string(p.Currency()), "want", "an exchange, or "+string(c.Currency))
		}
		if p.CostCentre == "" {
			continue
		}
		centre, ok := c.CostCentre(p.CostCentre)
		switch {
		case !ok:
			check.fail(at+".cost_centre", "unknown_cost_centre", "value", clip(p.CostCentre))
		case centre.Heading:
			check.fail(at+".cost_centre", "heading", "value", centre.Code, "want", "a cost centre below it")
		case centre.Closed:
			check.fail(at+".cost_centre", "closed", "value", centre.Code)
		}
	}
	return check.err()
}

// problems collects what is wrong, for an error with all of it.
type problems []itsm.Problem

func (p *problems) fail(path, code string, params ...string) {
	if len(*p) >= 100 {
		return
	}
	one := itsm.Problem{Path: path, Code: code, Params: make(map[string]string, len(params)/2)}
	for i := 0; i+1 < len(params); i += 2 {
		one.Params[params[i]] = params[i+1]
	}
	*p = append(*p, one)
}

func (p problems) err() error {
	if len(p) == 0 {
		return nil
	}
	return &itsm.ValidationError{Problems: p}
}

// choice wants one of some texts.
func choice(p *problems, path, value string, allowed []string) {
	if !slices.Contains(allowed, value) {
		p.fail(path, "choice", "value", clip(value), "allowed", strings.Join(allowed, ", "))
	}
}

// clip shortens what a message quotes.
func clip(s string) string {
	if len(s) > 80 {
		s = s[:80] + "…"
	}
	return strings.ToValidUTF8(s, "?")
}
