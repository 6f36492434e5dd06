package finance

import (
	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/calendar"
	"github.com/itsmkit/itsm/money"
)

// Posting is one side of an entry: an amount on the debit or on the credit of an account, never on both, always more
// than zero.
type Posting struct {
	Account    string       `json:"account"` // its code
	Debit      money.Amount `json:"debit,omitzero"`
	Credit     money.Amount `json:"credit,omitzero"`
	CostCentre string       `json:"cost_centre,omitempty"` // its code
	Service    itsm.Ref     `json:"service,omitzero"`      // what the cost is for, where that is known
	Cause      itsm.Ref     `json:"cause,omitzero"`        // the record that caused the posting: an invoice, a contract, an asset
	Text       string       `json:"text,omitempty"`

	// Line is the ID of the cost line that is booked, and From to Until when what it paid for was used. Without them it
	// was used on the date of the entry.
	Line  string        `json:"line,omitempty"`
	From  calendar.Date `json:"from,omitzero"`
	Until calendar.Date `json:"until,omitzero"` // included
}

// Debit returns a posting on the debit of an account.
func Debit(account string, a money.Amount) Posting { return Posting{Account: account, Debit: a} }

// Credit returns a posting on the credit of an account.
func Credit(account string, a money.Amount) Posting { return Posting{Account: account, Credit: a} }

// Net returns the amount with a sign: what is on the debit is positive, what is on the credit is negative.
func (p Posting) Net() money.Amount {
	if p.Debit.IsZero() {
		return p.Credit.Neg()
	}
	return p.Debit
}

// Currency returns the currency of the amount.
func (p Posting) Currency() money.Currency { return p.Net().Currency() }

// opposite returns the posting on the other side.
func (p Posting) opposite() Posting {
	p.Debit, p.Credit = p.Credit, p.Debit
	return p
}

// signed returns a posting of an amount with a sign, as [Posting.Net] tells it.
func signed(account string, a money.Amount) Posting {
	if a.Sign() < 0 {
		return Credit(account, a.Neg())
	}
	return Debit(account, a)
}
