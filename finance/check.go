package finance

import (
	"strconv"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/money"
)

// CheckPostings tells whether postings make an entry. It returns an itsm.ValidationError with one problem, the first of:
//
//	too_few_postings   fewer than two
//	bad_posting        not just one of debit and credit
//	negative_amount
//	zero_amount
//	mixed_currency     two currencies in one entry
//	unbalanced         the debits are not the credits
//
// Each rule is asked of all postings before the next one. The same account may be on both sides.
func CheckPostings(postings []Posting) error {
	return checkEntry(len(postings), func(i int) side {
		p := &postings[i]
		s := side{given: p.Debit.IsZero() != p.Credit.IsZero()}
		if !p.Credit.IsZero() {
			s.name = "credit"
		} else {
			s.name = "debit"
		}
		s.amount, s.sign = p.Net(), p.Debit.Sign()+p.Credit.Sign()
		s.currency = s.amount.Currency()
		return s
	})
}

// side is what the rules look at in a posting, in whatever form it is.
type side struct {
	given    bool   // just one of debit and credit is
	name     string // which one
	sign     int
	problem  func(path string) error // that the number is no amount; nil if it is one
	currency money.Currency
	amount   money.Amount // signed: positive on the debit
}

// checkEntry asks the rules in their order.
func checkEntry(n int, at func(i int) side) error {
	if n < 2 {
		return itsm.Invalid("postings", "too_few_postings", "min", "2", "postings", strconv.Itoa(n))
	}
	rules := [...]func(i int, s side) error{
		func(i int, s side) error {
			if !s.given {
				return itsm.Invalid(place(i), "bad_posting", "want", "just one of debit and credit")
			}
			return nil
		},
		func(i int, s side) error {
			if s.sign < 0 {
				return itsm.Invalid(place(i)+"."+s.name, "negative_amount", "want", "the other side instead of a negative amount")
			}
			return nil
		},
		func(i int, s side) error {
			if s.sign == 0 {
				return itsm.Invalid(place(i)+"."+s.name, "zero_amount", "want", "more than 0")
			}
			return nil
		},
		func(i int, s side) error {
			if s.problem != nil {
				return s.problem(place(i) + "." + s.name)
			}
			return nil
		},
		func(i int, s side) error {
			if first := at(0).currency; s.currency != first {
				return itsm.Invalid(place(i), "mixed_currency", "currency", string(s.currency), "first", string(first))
			}
			return nil
		},
	}
	for _, rule := range rules {
		for i := range n {
			if err := rule(i, at(i)); err != nil {
				return err
			}
		}
	}
	return checkBalance(n, at)
}

func checkBalance(n int, at func(i int) side) error {
	var debit, credit sum
	for i := range n {
		if s := at(i); s.amount.Sign() > 0 {
			debit.add(s.amount.Coins())
		} else {
			credit.add(-s.amount.Coins())
		}
	}
	if debit != credit {
		c := at(0).currency
		return itsm.Invalid("postings", "unbalanced", "debit", debit.text(c), "credit", credit.text(c))
	}
	return nil
}

func place(i int) string { return "postings[" + strconv.Itoa(i) + "]" }
