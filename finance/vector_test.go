package finance_test

import (
	"encoding/binary"
	"encoding/json"
	"errors"
	"iter"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/calendar"
	"github.com/itsmkit/itsm/finance"
	"github.com/itsmkit/itsm/internal/vectors"
)

// vector is a case; testdata/vectors/README.md says where they come from.
type vector struct {
	Kind string `json:"kind"`
	In   struct {
		Postings []finance.Line  `json:"postings"`
		Entries  []finance.Draft `json:"entries"`
		AsOf     calendar.Date   `json:"as_of"`
	} `json:"in"`
	Want struct {
		OK       *bool        `json:"ok"`
		Error    string       `json:"error"`
		Entry    string       `json:"entry"`
		Balances []balanceRow `json:"balances"`
	} `json:"want"`
}

type balanceRow struct {
	Currency    string       `json:"currency"`
	Accounts    []accountRow `json:"accounts"`
	TotalDebit  string       `json:"total_debit"`
	TotalCredit string       `json:"total_credit"`
}

type accountRow struct {
	Account string `json:"account"`
	Debit   string `json:"debit"`
	Credit  string `json:"credit"`
}

func TestVectorLedger(t *testing.T) {
	counts := vectors.Run(t, func(topic, _ string) bool { return topic == "04-ledger" }, func(t *testing.T, raw json.RawMessage) {
		var v vector
		require.NoError(t, json.Unmarshal(raw, &v))
		switch v.Kind {
		case "ledger.check_entry":
			postings, err := finance.ReadPostings(v.In.Postings)
			require.NotNil(t, v.Want.OK)
			require.Equal(t, *v.Want.OK, err == nil, "%v", err)
			require.Equal(t, v.Want.Error, code(err))
			if err == nil {
				require.NoError(t, finance.CheckPostings(postings))
			}
		case "ledger.trial_balance":
			v.trialBalance(t)
		default:
			require.Fail(t, "unknown kind", v.Kind)
		}
	})
	require.Positive(t, counts[0])
}

func (v vector) trialBalance(t *testing.T) {
	posts, err := finance.ReadJournal(v.In.Entries)
	if v.Want.Error != "" {
		require.Equal(t, v.Want.Error, code(err))
		var at *finance.EntryError
		require.ErrorAs(t, err, &at)
		if v.Want.Entry != "" {
			require.Equal(t, v.Want.Entry, at.Entry)
		}
		return
	}
	require.NoError(t, err)
	balances, err := finance.TrialBalance(asEntries(posts), v.In.AsOf)
	require.NoError(t, err)
	got := []balanceRow{}
	for _, b := range balances {
		row := balanceRow{string(b.Currency), nil, b.TotalDebit.Decimal().StringFixed(places(b)), b.TotalCredit.Decimal().StringFixed(places(b))}
		for _, a := range b.Accounts {
			row.Accounts = append(row.Accounts, accountRow{a.Account, a.Debit.Decimal().StringFixed(places(b)), a.Credit.Decimal().StringFixed(places(b))})
		}
		got = append(got, row)
	}
	require.Equal(t, v.Want.Balances, got)
}

func places(b finance.Balance) int32 { return int32(b.Currency.Decimals()) }

// code returns the code of the one problem of an error, "" for none.
func code(err error) string {
	var invalid *itsm.ValidationError
	if errors.As(err, &invalid) && len(invalid.Problems) == 1 {
		return invalid.Problems[0].Code
	}
	if err != nil {
		return err.Error()
	}
	return ""
}

// asEntries are entries as a store would have them.
func asEntries(posts []finance.Post) iter.Seq2[finance.Entry, error] {
	return func(yield func(finance.Entry, error) bool) {
		for i, p := range posts {
			e := finance.Entry{Date: p.Date, Postings: p.Postings}
			binary.BigEndian.PutUint64(e.ID[8:], uint64(i)+1)
			if !yield(e, nil) {
				return
			}
		}
	}
}
