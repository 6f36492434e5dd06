// Package sla is service level management: agreements as data, clocks that measure them on records of any kind, and
// accounts of how each clock came to what it shows.
//
// # The story
//
// An [Agreement] promises targets to a customer (SLA), or to the own house (OLA), or has them promised by a supplier
// (underpinning contract). A [Target] says by conditions over a record's fields and events when a clock starts, waits and
// stops, how much time there is, and in which calendar. [Compile] turns [Terms] into [Rules]. A [Tracker] follows the events
// of a store and keeps a [Clock] for each promise on each record; its sweep notes what came due.
//
//	rules, err := sla.Compile(sla.Terms{Subjects: …, Agreements: …})
//	tracker, err := sla.NewTracker(clockDesk, store, rules)
//	err = itsm.NewRelay(store).Run(ctx, tracker)      // follow what happened
//	_, err = tracker.Sweep(itsm.System(ctx, ""), now) // note what came due
//	next, err := tracker.Next(ctx)                    // and when to come again
//
// # Words
//
// A clock runs, is paused, is met or missed, or cancelled. Its amount is the working time that there is, elapsed what has
// counted. It is in time up to and including its due instant; behind that it is breached, and runs on. It is decided, met
// or missed, when it stops. A threshold is a place on its way; it is crossed at an instant, once, and an event of the clock
// tells of it, however late the sweep.
//
// # What you can rely on
//
// The clocks are a function of the record's history and the rules. Events that come again, a restart at any point, a late
// sweep, or rebuilding everything from nothing give the same clocks and the same threshold events. A change of terms has a
// date, and never re-judges what was decided: an edition that is signed does not change, a new one says whether clocks that
// go stay or move, and each target says what becomes of what has counted ([Change]). A pause that becomes known behind a
// sweep withdraws what the sweep noted later than its instant.
//
// [Rules.Explain] accounts for every stretch of a clock; the lines that counted add up to elapsed exactly. [Rules.Breakdown]
// says who held the record for how much of it.
//
// # One part alone
//
// [Timer] is the stopwatch without records, events or storage. [Case] is the engine without storage: it takes the events of
// one record and keeps its clocks, for replays under other terms.
//
// # Limits
//
// Instants are whole milliseconds, as everywhere in the kernel; [Timer] computes in nanoseconds. An amount is ten years at
// most. The rules must hold every edition that clocks run or ran under. A [Tracker] of another process that keeps the same
// clocks is met with a conflict and looks again; one relay leads at a time.
package sla
