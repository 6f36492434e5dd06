package finance

import (
	"errors"
	"fmt"
	"strings"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/calendar"
	"github.com/itsmkit/itsm/money"
)

// Line is a posting as a file or another system has it: numbers are texts, and may be wrong. An empty text is none.
type Line struct {
	Account  string         `json:"account"`
	Currency money.Currency `json:"currency"`
	Debit    string         `json:"debit,omitempty"`
	Credit   string         `json:"credit,omitempty"`
}

// Draft is an entry as a file or another system has it.
type Draft struct {
	ID    string        `json:"id"` // unique in its journal
	Date  calendar.Date `json:"date"`
	Text  string        `json:"text,omitempty"`
	Lines []Line        `json:"postings"`
}

// EntryError says which entry of several is wrong, and what with it.
type EntryError struct {
	Entry string // its ID in the journal, or its number
	Err   error
}

func (e *EntryError) Error() string { return fmt.Sprintf("finance: entry %s: %s", e.Entry, e.Err) }

// Unwrap returns what is wrong.
func (e *EntryError) Unwrap() error { return e.Err }

// ReadPostings reads the lines of an entry. It asks the rules of [CheckPostings], and between zero_amount and
// mixed_currency whether the numbers are amounts of their currencies: too_precise for decimals that no coin has, else
// syntax, overflow or currency.
func ReadPostings(lines []Line) ([]Posting, error) {
	postings, sides := make([]Posting, len(lines)), make([]side, len(lines))
	for i, l := range lines {
		postings[i], sides[i] = l.read()
	}
	if err := checkEntry(len(lines), func(i int) side { return sides[i] }); err != nil {
		return nil, err
	}
	return postings, nil
}

func (l Line) read() (Posting, side) {
	s := side{given: (l.Debit == "") != (l.Credit == ""), name: "debit", currency: l.Currency}
	text := l.Debit
	if l.Credit != "" {
		s.name, text = "credit", l.Credit
	}
	a, err := money.Parse(text, l.Currency)
	if s.sign = a.Sign(); err != nil {
		if s.sign = 1; strings.HasPrefix(text, "-") {
			s.sign = -1
		}
		s.problem = func(path string) error { return unreadable(path, text, l.Currency, err) }
	}
	if s.amount = a; s.name == "credit" {
		s.amount = a.Neg()
		return Credit(l.Account, a), s
	}
	return Debit(l.Account, a), s
}

// unreadable says why a text is no amount.
func unreadable(path, text string, c money.Currency, err error) error {
	if len(text) > 64 {
		text = text[:64] + "…"
	}
	code := "syntax"
	for _, known := range [...]struct {
		err  error
		code string
	}{{money.ErrScale, "too_precise"}, {money.ErrOverflow, "overflow"}, {money.ErrCurrency, "currency"}} {
		if errors.Is(err, known.err) {
			code = known.code
		}
	}
	return itsm.Invalid(path, code, "value", text, "currency", string(c), "because", err.Error())
}

// ReadJournal reads the entries of a journal, all or none, as inputs to [Ledger.PostAll]; the caller adds the chart and
// the cause. The first entry that is wrong is the error, an [EntryError]: duplicate_entry if its ID was there before, else
// what [ReadPostings] finds.
func ReadJournal(drafts []Draft) ([]Post, error) {
	posts, seen := make([]Post, len(drafts)), make(map[string]bool, len(drafts))
	for i, d := range drafts {
		if seen[d.ID] {
			return nil, &EntryError{d.ID, duplicate(d.ID)}
		}
		seen[d.ID] = true
		postings, err := ReadPostings(d.Lines)
		if err != nil {
			return nil, &EntryError{d.ID, err}
		}
		posts[i] = Post{Date: d.Date, Text: d.Text, Reference: d.ID, Postings: postings}
	}
	return posts, nil
}

func duplicate(id string) error { return itsm.Invalid("id", "duplicate_entry", "value", id) }
