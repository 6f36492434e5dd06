package finance

import (
	"sync"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/lifecycle"
)

// EntryName is the name of the kind of entries.
const EntryName = "ledger_entry"

// Posted is the only state of an entry.
const Posted lifecycle.State = "posted"

// The handles by which entries are found.
var (
	EntriesByChart = itsm.Points("chart", func(e *Entry) itsm.Ref { return e.Chart })
	// EntriesByDate orders by the accounting date, a number such as 20261130.
	EntriesByDate      = itsm.Number("date", func(e *Entry) int { return dayKey(e.Date) })
	EntriesByPeriod    = itsm.Points("period", func(e *Entry) itsm.Ref { return e.Period }).Sparse()
	EntriesByReference = itsm.Text("reference", func(e *Entry) string { return e.Reference }).Sparse()
	EntriesByAccount   = itsm.Texts("account", (*Entry).accounts)
	// EntriesByCause finds what a record has caused.
	EntriesByCause = itsm.PointsEach("cause", (*Entry).causes)
	// EntriesByReverses finds the reversal of an entry; there is one at most.
	EntriesByReverses = itsm.Points("reverses", func(e *Entry) itsm.Ref { return e.Reverses }).Unique()
	// EntriesByPair finds the second half of an exchange by the first; there is one at most.
	EntriesByPair = itsm.Points("pair", func(e *Entry) itsm.Ref { return e.Pair }).Unique()
)

func (e *Entry) accounts() []string {
	out := make([]string, len(e.Postings))
	for i := range e.Postings {
		out[i] = e.Postings[i].Account
	}
	return out
}

func (e *Entry) causes() []itsm.Ref {
	out := make([]itsm.Ref, len(e.Postings))
	for i := range e.Postings {
		out[i] = e.Postings[i].Cause
	}
	return out
}

// EntryLifecycle returns the table of an entry's states and actions: nothing changes its postings.
func EntryLifecycle() *lifecycle.Lifecycle {
	rules := []lifecycle.Rule{
		{On: "post", From: []lifecycle.State{""}, To: Posted},
		{On: "reverse", From: []lifecycle.State{""}, To: Posted},
		{On: "exchange", From: []lifecycle.State{""}, To: Posted},
	}
	return must(lifecycle.New(append(rules, talk(Posted)...), Posted))
}

var entries = sync.OnceValue(func() *itsm.Kind[Entry] {
	return must(itsm.NewKind(EntryName, itsm.Declaration[Entry]{
		Lifecycle: EntryLifecycle(),
		Actions:   append([]itsm.Offer[Entry]{itsm.Do(Post{}), itsm.Do(Reverse{}), itsm.Do(Exchange{})}, talking[Entry]()...),
		Indexes: []itsm.Indexed[Entry]{EntriesByChart, EntriesByDate, EntriesByPeriod, EntriesByReference, EntriesByAccount, EntriesByCause,
			EntriesByReverses, EntriesByPair, itsm.Then(EntriesByChart, EntriesByDate)},
		Number:   itsm.Numbering{Prefix: "JE", GapFree: true},
		Search:   []string{"text", "reference"},
		Validate: (*Entry).validate,
	}))
})

// EntryKind returns the kind of entries. A desk of its own has only the rules of double entry: those over periods and
// charts are kept by a [Ledger], which has a desk that refuses entries from elsewhere.
func EntryKind() *itsm.Kind[Entry] { return entries() }
