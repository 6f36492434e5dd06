// Package report turns the cases of a service desk into what its manager wants to read: volumes and backlog
// by week, time to resolve by priority, reopenings, cases that are passed to and fro between groups, waiting
// times by reason, the lifecycle with its real frequencies, the ten longest cases and the whole history of
// one of them.
//
// A [Builder] is fed case by case and keeps sums, not cases. [Builder.Report] gives a [Report], a plain value
// that one of the renderers writes: [Text] or [ColourText] for a terminal, [JSON] for machines, [HTML] for a
// self-contained page with charts. Each renderer writes all or, if it fails before, nothing.
//
//	b := report.NewBuilder("A year of the desk", "simulated")
//	for _, c := range cases {
//		b.Case(c)
//	}
//	err := report.Text(os.Stdout, b.Report())
//
// # Words
//
// A case is resolved at the last moment of resolution given for it, and done when it is resolved or, without
// a resolution, closed; until then it is in the backlog. Weeks are those of ISO 8601. Weeks, weekdays and
// hours of the day are taken in the location of the times given. Percentiles are linear, as numpy's default
// (Hyndman and Fan 1996, type 7), of exact hours; only the output is rounded, to four decimals.
//
// Service levels are told in working time, which [Working] writes in hours: a day of it has another length on every desk.
//
// The package knows no kind of record and no store: states, reasons, groups and actions are texts.
package report
