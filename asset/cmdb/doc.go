// Package cmdb is configuration management: which items there are, according to whom, how they hang together, and what
// follows from that: which services, customers and agreements a failure reaches and why, what could be behind a failure,
// what must not fail, and what a change would do to all that.
//
// # Two halves
//
// A [Database] keeps items and relations as records: from people, from discovery, from imports. A [Graph] is made of them,
// or of a host's own data, and answers questions; it needs no store.
//
//	db, err := cmdb.New(cmdb.Config{Items: …, Relations: …, Saver: store, Policy: itsm.AllowAll})
//	web, err := db.Items.Open(ctx, cmdb.Register{Item: cmdb.Particulars{Class: "virtual_machine", Host: "web1"}})
//	shop, err := db.Items.Open(ctx, cmdb.Register{Item: cmdb.Particulars{Class: "service", Title: "Shop"}})
//	_, err = db.Connect(ctx, shop.Ref(cmdb.ItemName), "runs_on", web.Ref(cmdb.ItemName))
//	live, err := db.Graph(ctx)
//
// # Items and their sources
//
// An [Item] has a class, the texts that every item has, and the attributes of its class, which are data: see
// [asset.ClassModel]. Several sources may describe it. The item keeps what each of them last said, its reports; each
// field follows from these by a [Reconciliation]: precedence for each attribute, staleness of a source that is silent too
// long, locks on single fields. What people enter is the report of the source [Manual]. Losing values stay readable, and
// [RestoreValue] brings one back.
//
// Items are recognised by rules in order ([Identification]), so that a source need not know who else reported them.
//
// [Database.Import] recognises rows by the source's own key, then by the rules in order; what is not certain becomes a
// [Candidate] that a person decides with [Database.Decide]. Rows that say what was said before write nothing; a complete
// import notes what is gone, unless that is too much of it. [Database.ImportRelations] does the same for relations. Both
// have a dry run; [ReadCSV] and [ReadRelationsCSV] read files.
//
// Two items that are the same become one by [Database.Merge]; [Database.Split] takes that back, or opens another one.
// [Database.Retire] ends an item together with its relations.
//
// A [Relation] is a record too: its type joins certain classes, so many at most, and it ends when the last source that
// said so takes it back. Its weight follows from what sources say, as the fields of an item do; [SetWeight] fixes it. Both
// ends may be records of other kinds: services, agreements, customers.
//
// # Change over time
//
// [Database.At] returns all records as they were at an instant, and [Database.GraphOf] their graph. A [Baseline] holds no
// copies: its place in the order of events and its instant say what it holds, and a digest proves it. [Diff] compares two
// snapshots, [Database.Drift] lists what changed without a change request, [Database.Deviations] what sources find to be
// otherwise than people want it, and [Database.Health] counts what is incomplete, alone, doubled or stale.
//
// # The graph
//
// [Database.Graph] makes the graph of what is in use now; a [Follower] keeps one in step with the records. [Compile] makes a [Graph] of items and of the relations between them, read from iterators. It is a value: it never
// changes, any number of goroutines may read it, and [Graph.Edit] returns another one at a cost that does not depend on
// the size of the first.
//
//	g, err := cmdb.Compile(cmdb.StandardRules(), nodes, edges)
//	impact, err := g.Impact(switch7)          // what its failure does
//	for e := range impact.Effects("service")  // down, at risk, degraded
//	path := impact.Path(shop)                 // why
//	points, err := g.SinglePoints(shop)       // what must not fail
//	causes, err := g.Causes(symptoms, 10)     // what may have failed
//	outcome, err := g.WhatIf(plan)            // before and after a change
//	a, err := g.Availability(shop, figures)   // what can be expected of it
//	text, err := g.Mermaid(around)            // a picture
//
// An item is known by its [itsm.Ref]; the graph holds its class and what it needs, and nothing else of it.
//
// # The words
//
// A relation has a source, a type and a target. Its [RelationType] says whether failure goes from the target to the
// source (a server runs on a host), from the source to the target (a disk is a member of an array), or nowhere (a
// database is backed up by a library). Types are data: [StandardRules] returns the usual ones, and a host adds its own.
//
// The items from which failure goes to an item are its inputs. It needs all of them, unless a [Need] of its own or of
// its class says that it needs any of them, k of them, or some of a total weight. A need may look at the inputs of one
// relation type or class only: any database of two, and the network. Relations of several types to one input are one
// input.
//
// # States
//
// An item is [Down] when it failed or when a need of it is not met by the inputs that are not down. It is [Degraded] when
// its needs are met but an input is down or degraded, and [AtRisk] when it is degraded and one more failure of a single
// item, other than itself, would bring it down. An item that no failure reaches is [Up], even where a single failure
// could bring it down: that is what [Graph.SinglePoints] lists.
//
// An item whose needs ask for more inputs than it has is down from the start: a cluster that needs two of its members
// and has one. [Graph.Unmet] lists these. A need for any input, with no input, is one of them; a need for all inputs is
// met by none.
//
// # Cycles
//
// Items may need each other. What is down is the least set that holds what failed and each item one of whose needs the
// items outside the set do not meet. So two servers that need each other and nothing that failed are up: nothing brings
// one of them down first. When one of them fails, both are down; and when it is no longer failed, both are up again. Where
// a restart needs the other one to be up already, the graph does not know it. For the same reason an item in a cycle is
// down only if some path without a cycle says why, and [Impact.Path] shows it.
//
// # Limits
//
// A merge, a split and a retirement are one write each, of 5,000 relations at most; that takes some seconds on a database. The lifecycles as diagrams are in
// docs/cmdb-lifecycles.md.
//
// A graph holds 2^31 items, 2^32 ends of relations, 256 kinds and 65,536 classes. With keys, a million items and five
// million relations take some 130 MB. Impact costs what it reaches; whether an item is at risk through something that
// several of its inputs stand on is searched for among what these stand on, when the state of that item is read.
// Availability doubles its time with each shared item, up to twenty; see [Graph.Availability].
package cmdb
