package finance

import (
	"iter"
	"maps"
	"slices"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/calendar"
	"github.com/itsmkit/itsm/money"
)

// Balance is the trial balance of one currency: every account with postings in it, in the order of the codes' bytes.
type Balance struct {
	Currency    money.Currency   `json:"currency"`
	Accounts    []AccountBalance `json:"accounts"`
	TotalDebit  money.Amount     `json:"total_debit"` // of the nets; always the same as TotalCredit
	TotalCredit money.Amount     `json:"total_credit"`
}

// AccountBalance is the net of one account, on the side where it is; the other side is 0. An account whose postings
// cancel each other out has 0 on both.
type AccountBalance struct {
	Account string       `json:"account"`
	Debit   money.Amount `json:"debit"`
	Credit  money.Amount `json:"credit"`
}

// TrialBalance adds up the postings of entries up to and with a date, currency by currency in the order of the codes. The
// zero date takes all entries. Every entry is checked, also those after the date: the first that was there before or is no
// entry by [CheckPostings] is the error, an [EntryError], and so is a balance beyond the range of an amount
// (money.ErrOverflow). An error of the sequence is returned as it is.
func TrialBalance(entries iter.Seq2[Entry, error], asOf calendar.Date) ([]Balance, error) {
	sums, seen := map[money.Currency]map[string]*sum{}, map[itsm.ID]bool{}
	for e, err := range entries {
		if err != nil {
			return nil, err
		}
		if seen[e.ID] {
			return nil, &EntryError{e.name(), duplicate(e.name())}
		}
		seen[e.ID] = true
		if err := CheckPostings(e.Postings); err != nil {
			return nil, &EntryError{e.name(), err}
		}
		if asOf.IsZero() || e.Date.Compare(asOf) <= 0 {
			tally(sums, e.Postings)
		}
	}
	balances := make([]Balance, 0, len(sums))
	for _, c := range slices.Sorted(maps.Keys(sums)) {
		b, err := balance(c, sums[c])
		if err != nil {
			return nil, err
		}
		balances = append(balances, b)
	}
	return balances, nil
}

func tally(sums map[money.Currency]map[string]*sum, postings []Posting) {
	c := postings[0].Currency()
	accounts := sums[c]
	if accounts == nil {
		accounts = map[string]*sum{}
		sums[c] = accounts
	}
	for i := range postings {
		s := accounts[postings[i].Account]
		if s == nil {
			s = new(sum)
			accounts[postings[i].Account] = s
		}
		s.add(postings[i].Net().Coins())
	}
}

func balance(c money.Currency, sums map[string]*sum) (Balance, error) {
	none, err := money.New(0, c)
	if err != nil {
		return Balance{}, err
	}
	b := Balance{Currency: c, Accounts: make([]AccountBalance, 0, len(sums))}
	var debit, credit sum
	for _, code := range slices.Sorted(maps.Keys(sums)) {
		net, err := sums[code].amount(c)
		if err != nil {
			return Balance{}, err
		}
		a := AccountBalance{Account: code, Debit: none, Credit: none}
		if net.Sign() < 0 {
			a.Credit = net.Neg()
		} else {
			a.Debit = net
		}
		debit.add(a.Debit.Coins())
		credit.add(a.Credit.Coins())
		b.Accounts = append(b.Accounts, a)
	}
	if b.TotalDebit, err = debit.amount(c); err != nil {
		return Balance{}, err
	}
	b.TotalCredit, err = credit.amount(c)
	return b, err
}

// Of returns the net of an account: what is on the debit is positive. An account without postings has 0.
func (b Balance) Of(account string) (money.Amount, error) {
	for _, a := range b.Accounts {
		if a.Account == account {
			return a.Debit.Sub(a.Credit)
		}
	}
	return money.New(0, b.Currency)
}
