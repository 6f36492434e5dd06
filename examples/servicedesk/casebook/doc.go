// Package casebook works on incidents at a desk with a memory store, batch by batch, and keeps beside the
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
// Everything in a report comes from the records and events of the desk, but for what the caller of the package
// knows better and says: when a case was resolved by the words of a log, and how many of its rows changed
// nothing.
package casebook
