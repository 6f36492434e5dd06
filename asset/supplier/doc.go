// Package supplier is supplier management: who delivers what under which contract, what must be decided by when, what
// was promised and proven, how well it went, and which services fall if one supplier does.
//
// # The story
//
// [Propose] opens a supplier. [Assess] says what it is worth and what is at risk, which gives its [Category] by a
// matrix; [Approve] lets contracts be signed with it. A [Contract] is drafted, signed, renewed or given notice of, and
// ends. Its terms of service are not repeated here: it names the underpinning agreements, which are records elsewhere,
// and the services and items that it delivers. Obligations fall due once or again and again, and are met with evidence.
//
// # What must be decided by when
//
// A contract that renews itself has a last day for a notice, and a day before that on which to decide:
// [Contract.NoticeBy] and [Contract.DecideBy], derived from its terms. [Decisions] lists them. [Sweep] does what
// happens by itself: contracts that renew, contracts that end.
//
// # What falls with a supplier
//
// The package knows no graph. It declares what it needs of one, [Graph]; a configuration management database satisfies
// it. [Concentration] asks it supplier by supplier.
//
// # Judging
//
// [Score] makes a scorecard of a period: obligations met in time, targets of the underpinning agreements kept,
// incidents that the supplier caused, disputes. Each measure shows what it was made of.
//
// # Limits
//
// A contract has one supplier and one term. Days are those of UTC. The lifecycles as diagrams are in
// docs/supplier-lifecycles.md.
package supplier
