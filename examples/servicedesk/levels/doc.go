// Package levels measures the service levels of a desk: behind its run it lets an sla.Tracker follow the desk's own
// events, which keeps the clocks on the same store, and sums them up for the report.
//
//	terms, err := levels.Standard("UTC")                  // or levels.Load("agreement.json", kind)
//	kept, err := levels.Keep(ctx, book, terms, levels.Options{})
//	part, err := kept.Report(ctx)                         // attainment, worst misses, escalations
//	other, err := kept.WhatIf(ctx, alternatives)          // the same history under other terms
//	fit, fitted, err := kept.Fit(ctx)                     // the terms that explain a log's own verdicts
//
// # Words
//
// A case has a verdict if one of its customers' clocks is decided or over time: met if all of these were met, missed
// otherwise. Operational clocks have no part in it. A log's own verdict of a case is the made_sla of its last row.
//
// Terms are a JSON file: the subjects and agreements of sla.Terms, as standard.json beside this package.
package levels
