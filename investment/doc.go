// Package investment judges business cases by their cash flows: net present value, internal rate of return and
// payback, for flows a period apart and for flows on dates; return on investment and total cost of ownership.
//
// A flow is an amount of one currency, negative where money goes out. A rate is a fraction for each period, or for
// each year of 365 days where flows have dates: 0.08 is eight per cent.
//
//	npv, err := investment.NPV(rate, flows, 0)  // exact, the first flow is now
//	irr, err := investment.IRR(flows)           // the one rate at which the net present value is 0
//	periods, err := investment.Payback(flows)   // exact, in periods
//	roi, err := investment.ROI(costs, benefits) // exact, a fraction
//
//	cost, err := investment.Ownership{Acquisition: price, Operation: yearly, EndOfLife: clearance}.Cost(rate)
//
// Flows are plain numbers, of whatever currency; [In] makes them of amounts, and refuses two currencies.
//
// What can be computed exactly is: the net present value and the paybacks of flows a period apart are fractions, for
// the caller to round. Rates of return are irrational as a rule and come as float64, as close as that can be; so does
// the net present value of flows on dates.
//
// # One rate, none, or several
//
// Flows whose sign changes more than once may have several rates of return, or none. Spreadsheets show the one
// that their guess leads to. [IRR] counts the rates, exactly (by Descartes' rule of signs, then by Sturm's theorem),
// and gives the rate only where it is the only one. [XIRR] counts them too, by parting the rates where the net present value
// turns. It does so in floats, and refuses flows whose value turns within [Separable] of 0.
//
// All functions are pure and safe for concurrent use.
package investment
