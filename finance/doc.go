// Package finance is accounting for IT services: the ledger, and the costs in it. Depreciation and other parts of
// financial management are packages below it.
//
// # The story
//
// A [Chart] has the accounts and the cost centres of a set of books, each a tree. A [Period] is opened behind the last one
// and takes entries until it is closed. An [Entry] has postings in one currency, debits as much as credits, each with the
// record that caused it. [Ledger.Post] checks an entry against the chart and the period; what was wrong is taken back by
// [Ledger.Reverse]. [Ledger.TrialBalance] tells the balances of any date, as they were known at any instant.
//
// # The smallest program
//
//	l, err := finance.NewLedger(finance.Config{
//		Charts: memory.For(store, finance.ChartKind()), Periods: memory.For(store, finance.PeriodKind()),
//		Entries: memory.For(store, finance.EntryKind()), Saver: store, Policy: itsm.AllowAll,
//	})
//	chart, err := l.Charts.Open(ctx, finance.Establish{Title: "IT", Currency: money.EUR, Accounts: accounts})
//	books := chart.Ref(finance.ChartName)
//	_, err = l.Periods.Open(ctx, finance.OpenPeriod{Chart: books, From: first, Until: last})
//	entry, err := l.Post(ctx, finance.Post{Chart: books, Date: day, Cause: invoice, Postings: []finance.Posting{
//		finance.Debit("5100", net), finance.Credit("2000", net),
//	}})
//	balances, err := l.TrialBalance(ctx, books, day, time.Time{})
//
// The arithmetic works without a store too: [CheckPostings], [TrialBalance], [Chart.RollUp], [Position] and [CostLines] are
// functions of values and sequences. [ReadJournal] reads entries whose numbers are texts.
//
// # What cannot be overtaken
//
// An entry is stored only if its chart and its period still have the versions that were looked at. Closing a period makes a
// new version: an entry and the closing of its period at once cannot both succeed unseen, the entry is tried again and
// finds the period closed. The numbers of entries have no gaps. An entry is reversed once at most, and an idempotency key
// makes a posting that is repeated harmless.
//
// That is why entries are opened by a [Ledger] alone: its desk refuses them from elsewhere.
//
// # One record a chart, one an entry
//
// The chart is one record with all its nodes, because its rules are about all of them: a parent exists, no cycle, children
// of the parent's class. They are checked within the record, an event tells only the nodes that changed, and Desk.AsOf
// gives the tree as it was. The price is that a change of the chart makes posting at the same moment try again, and a limit
// of itsm.MaxList accounts. Accounts are named by their codes, which never change; one that is no longer wanted is closed,
// never removed. An account above others takes postings unless it is a heading.
//
// Periods and entries are a record each: there are many, and each has its own life.
//
// # Currencies
//
// An entry is in one currency, and balances are told for each. [Ledger.Exchange] posts a conversion as two entries, one in
// each currency, through the clearing account of the chart, with the rate kept on both. The clearing account takes foreign
// currency in no other way, so that its balance is what the conversions have left: [Differences] splits it into gains that
// are realised and those that a rate of the day would bring, at average cost.
//
// # Costs
//
// A [Cost] says what money is spent on (hardware, software, people, premises, external services, transfers), whether it
// buys something that lasts, whether it belongs to one service alone, and whether it follows the use. An account of costs
// has one; [CostLines] reads the lines of costs out of entries, and [PostCosts] makes entries of lines that come from
// elsewhere. [CostLine.Monthly] and [CostLine.Split] share out the price of a contract or a salary to the coin. A [CostLine]
// is plain data: what allocates or forecasts costs needs no more of this package.
//
// # Limits
//
// A posting never has a negative amount: it goes on the other side. Periods follow one another; there is none beside them
// for adjustments. Differences are computed and not posted by themselves. Middleware of desks is not asked for entries.
//
// A year is not closed into equity: income and expenses run on, and the result of some dates is the [TrialBalance] of their
// entries alone. A host that posts such a closing leaves that entry out of [CostLines], where it would take all costs back.
package finance
