// Package allocation carries costs from pools to services to customers, in stages and by drivers, to the coin, and traces
// every coin of a bill back to the cost lines it came from and every line forward to the bills.
//
//	model := allocation.Model{
//		Currency: money.EUR,
//		Stages:   []allocation.Stage{{Name: "pools", Members: pools}, {Name: "services", Members: services}, {Name: "customers", Members: customers}},
//		Drivers:  []allocation.Driver{{Name: "heads", Weights: heads}, {Name: "terabytes", Weights: used, Capacity: installed}},
//		Rules:    []allocation.Rule{{From: "storage", Driver: "terabytes"}, {From: "mail", Driver: "heads"}},
//	}
//	result, err := model.Allocate(lines)
//	shares, err := result.TraceEnd(allocation.End{Kind: allocation.Bill, Name: "sales"})
//
// # Words
//
// A stage is a level with members that bear costs: pools, services, customers. A line is a cost that enters at a member,
// of any stage. A rule says by which driver a member gives what it has to members of later stages. A driver is weights:
// fixed shares, heads, units of use, incidents handled ([Count]), cost of what is used ([Cost]). What a member has in all
// is its balance. Costs end at the members of the last stage, the bills, or as idle or unallocated costs.
//
// # Methods
//
// The members of a stage may give to one another too, as service departments do. [Direct] ignores that. [StepDown] closes
// one member after the other, in an order that is given or found by a [Sequence]; what a member gives to one that is
// closed is ignored. By reference nothing is ignored, and members that give to each other in a circle are refused.
// [Reciprocal] counts everything; members that give to each other only are refused, since their costs never leave.
// [SolveReciprocal] is the method of the textbooks, with gross costs, for departments without stages. Where no service
// uses another all methods are the same.
//
// # All units or allocated units
//
// A driver without a capacity shares costs among its weights: 50 of 100 terabytes in use bear everything. With a capacity
// of 100 they bear half, and the other half stays visible as the idle cost of the member. A capacity of 1 beside fixed
// shares such as 0.25 does the same for shares that leave something over.
//
// # Nothing is silent
//
// A member that has costs and nobody to give them to is an error, or with [Stage.Keep] an end with a name, unallocated.
// Bills, idle and unallocated costs ([Result.Ends]) always add up to the lines.
//
// # Rounding and traces
//
// Coins are rounded where a member gives, and nowhere else: each gives its whole balance by [money.Amount.AllocateBy],
// with the largest remainder, ties to the earlier weight of the driver. A line's share of an end is an exact fraction,
//
//	share(line, end) = Σ over all ways from the line's member to the end of Π a(m→n)/b(m)
//
// with b(m) the balance of a member and a(m→n) the coins it gave to n. Since the a(m→n) of a member add up to b(m), the
// shares of a line are 1 in all, and the amounts of an end's lines, each times its share, are the end, both exactly. Where
// b(m) is 0 although lines came in (an invoice and its credit note), the weights of the driver take the place of the
// coins, and both still hold. A member with costs and credits that nearly cancel out may have odd shares, as the coins that
// are left may be given unevenly; they add up all the same.
//
// Shares are computed when they are asked for. One share takes time in proportion to what is between line and end, all
// lines of an end hardly more, and so do all ends of a line. The digits of a fraction grow with the number of different
// balances on its ways: over many stages to thousands. So [WriteTable] and the amounts of
// [WriteJSON] are rounded to six decimals, [Share.Fraction] and [Share.Amount] never are.
//
// # Accuracy of reciprocal systems
//
// Up to 32 services that use one another are solved in whole numbers, exactly. Above, [SolveReciprocal] bounds the error
// of all totals together by 2^-96 coins, or returns [ErrAccuracy]. A stage of more than 32 members that give, or more than
// 1,000 receivers, gives by shares with 18 decimals from floats (their relative error was below 10^-15 in systems of 500),
// so that a coin may go to another receiver where two remainders are that near to each other; sums and traces are exact
// all the same.
//
// # Limits
//
// Stages lead forward only. A member has one driver: split a pool to share it by two. One model is one period and one
// currency. Models and lines are read and not kept; a [Result] never changes and is safe for concurrent use.
package allocation
