// Package simulate invents a believable year of a service desk, from a seed.
//
// A vendor fills a demo with it, a test gets a load that looks like work, and a report gets figures that can be
// checked. The package knows only the standard library: it returns plain values, and what to do with them is the
// caller's affair.
//
//	cases, err := simulate.Year(simulate.Options{Seed: 1})
//	for _, c := range cases {
//		fmt.Println(c.Opened, c.Title)
//		for _, s := range c.Steps {
//			fmt.Println("  ", s.At, s.Kind, s.By, s.Text)
//		}
//	}
//
// The same [Options] give the same year, always and on every platform: all draws come from PCG streams made
// of the seed, durations are whole seconds, and the few sums of floating-point numbers are kept away from fused
// instructions.
//
// # Words
//
// A [Case] is one incident from the first call to its closing. A [Step] is one thing that somebody did to it.
// The steps of a case are in order of time, and each is possible in the [State] that the steps before it left:
//
//	from                          step                                        to
//	New                           Start                                       InProgress
//	New, InProgress, OnHold       Hold (on hold already: another reason)      OnHold
//	OnHold                        Resume                                      InProgress
//	New, InProgress, OnHold       Resolve                                     Resolved
//	Resolved                      Reopen                                      InProgress
//	Resolved                      Close                                       Closed
//	New, InProgress, OnHold       Assign, Comment, Reprioritise, Escalate,
//	                              LinkProblem, LinkChange                     as before
//	OnHold for the caller         CallerReply                                 as before
//
// Every case ends with Close.
//
// # What is measured and what is invented
//
// The proportions are those of a real desk: 14,950 incidents of a ServiceNow instance, published as an event log
// (Amaral, Fantinato, Peres, Incident management process enriched event log, UCI repository no. 498, 2018, CC BY
// 4.0). Measured are: weekday and hour of opening, contact type, impact and urgency, changes of priority, the
// paths through the states with the reasons of waiting, the reassignments, the reopenings, the closure codes,
// the hours from opening to resolution by priority, the hours from resolution to closing, the links to problems
// and changes, and the number of updates. [Compare] puts measured and simulated side by side.
//
// Classes are not drawn one by one but dealt: each gets its share of the year by the largest remainder, and a
// seeded shuffle decides who. So a class of one in a thousand is met as exactly as the large ones, in each year.
// What belongs together is matched by rank: the long cases are those that wait, move between groups, and are
// hard by their nature.
//
// Invented are: every word and name; the season, because the log covers 52 days ([Options].Season replaces the
// default, which has quiet holidays and a slow summer); the variation from day to day; who escalates; the meaning
// of the closure codes, which the log masks; and that a case on hold for a problem is linked with it, which is
// rare in the log.
//
// # Limits
//
// Weekday shares are as counted in the log, whose 52 days hold each of Monday, Tuesday and Wednesday eight times
// and the other days seven times. A share of a few cases is met to the nearest case, so a year of fifty incidents
// follows the proportions only roughly. Eleven of the logged incidents take a path that an ordinary lifecycle
// forbids (closed without a resolution, or worked on after closing); such paths are not simulated. All times are
// UTC, and there is no daylight saving. Steps of late cases lie after the last day of opening.
package simulate
