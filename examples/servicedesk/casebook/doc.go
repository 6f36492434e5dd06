// Package casebook works on incidents at a desk, batch by batch, and keeps beside the
// records what a report needs and a record does not hold: the way that each case took through its states.
//
// A [Book] is a desk of one kind of incident whose clock stands at the moment that is being worked on, so that a
// simulated year or an imported log is stored with its own times. The same calls give the same IDs and events.
//
//	book, err := casebook.New(incident.Kind(), seed)
//	c, err := book.Open(ctx, casebook.Entry{At: at, By: "Ada"}, incident.Report{…})
//	err = book.Do(ctx, c, casebook.Entry{At: at, By: "Bo"}, incident.Start{})
//	book.Settle(c, at) // what the case is like now is a step of its way
//	r, err := book.Report(ctx, casebook.Heading{Title: "March"})
//
// # A run that goes on
//
// A book in memory ends with its program. One that [Open] keeps in a [Store] goes on: with each batch, in the same atomic
// write, the store gets a checkpoint, which is an event of the record of the run (see [Run]) and holds how much of the
// input is worked through, the state of the random numbers, and what the book has learnt since the checkpoint before. So a
// program that ends at whatever moment has lost what was not stored yet, all of it, and the next one does just that again.
// Whoever works with the book calls [Book.Mark] behind each piece of the input, and gives it what it has to remember itself:
//
//	book, err := casebook.Open(ctx, kind, casebook.Options{Store: store, Input: "the log of March", Remember: …, Recall: …})
//	for _, piece := range input[book.Done:] {
//		… // Open, Do, Settle
//		err = book.Mark(ctx)
//	}
//	err = book.Save(ctx)
//
// The record's version keeps two programs from working on the same run: the one that comes late is refused.
//
// Everything in a report comes from the records and events of the desk, but for what the caller of the package
// knows better and says: when a case was resolved by the words of a log, and how many of its rows changed
// nothing.
package casebook
