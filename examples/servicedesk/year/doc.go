// Package year runs a simulated year of a service desk through an incident desk: each step of each story becomes
// an ordinary action, in the order of time over all cases, as on a real desk.
//
//	cases, err := simulate.Year(simulate.Options{Seed: 1})
//	book, err := year.Run(ctx, cases, year.Options{Seed: 1})
//	r, err := book.Report(ctx, casebook.Heading{Title: "A simulated year"})
//
// # How a step becomes an action
//
// Who starts work on a case that is somebody else's, or nobody's, accepts it first. A caller's answer ends the
// hold where the story goes on with work; where the story ends the hold by a resolution, it is a public comment.
// A case that was taken up from the queue again after a hold is started at the moment at which the story
// resumes. Closing is confirmed by the caller, automatic after five days, or done by an agent.
//
// Services and configuration items are references with an ID made from their names, problems and changes with
// one made from their numbers; the event's note keeps the number.
//
// With [Options].Store a run goes on behind the steps that the store has.
package year
