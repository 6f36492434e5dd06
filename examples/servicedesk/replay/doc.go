// Package replay runs the audit log of a service desk through an incident desk: each row becomes the ordinary
// actions that explain how it differs from the record, with the log's numbers, times and people.
//
//	log, err := snlog.Open("incident_event_log.csv.gz")
//	result, err := replay.Run(ctx, log, replay.Options{})
//	r, err := result.Report(ctx, replay.Heading{})
//
// # Rules
//
// A case opens at opened_at, or at its first row if that is earlier, with the values of its first row, and is
// brought to the state of that row. Each later row is compared with the record as the desk has it. Active is in
// progress, Awaiting … is on hold with that reason; -100 changes no state. A case that is taken up again is
// reopened before anything else of the row is done; all other changes of state come last.
//
// closed_code, resolved_by, resolved_at and closed_at hold the final values on every row: only Resolve and Close
// use them. active, reassignment_count and reopen_count follow from what the desk counts itself, and sys_* are
// the time and the person of the row. Columns for which an incident has no field are declared attributes, see
// [Kind].
//
// A row that changes nothing counts as unchanged. A row earlier than the one before it in its case takes the time
// of that one and counts as reordered. A row of which the desk refuses an action counts as refused, by the state
// of the record and what was wanted; its other changes are done all the same.
//
// # A log that is run again
//
// With [Options].Store a run goes on behind the rows that the store has, which must be the same: a checksum tells. So an
// interrupted run ends as if nobody had disturbed it, and a log that has grown is run from where it ended before.
//
// # What the log does not say
//
// A case whose first row is resolved counts as resolved in the first contact.
// Where it names no caller, whoever opened the case is the caller, as for every incident. It has no texts, so
// titles are made of category, subcategory and symptom, and resolutions say that the log has no text. The
// numbers of problems, changes and configuration items become references with an ID made from the number; the
// number itself is the note of the event.
package replay
