// Package storetest is the conformance suite of stores: a host runs it against its own store, and knows where
// that store differs from what the desks rely on.
//
//	func TestStore(t *testing.T) {
//		storetest.Run(t, func(t *testing.T) storetest.Harness {
//			s := mystore.New()
//			return storetest.Harness{
//				Things:     mystore.For(s, storetest.Things()),
//				Others:     mystore.For(s, storetest.Others()),
//				Saver:      s,
//				Transactor: s,
//			}
//		})
//	}
//
// # What it checks
//
// [Run] plays every [Check] against a fresh store, each as a subtest of its name. A check fails with the first
// difference that it finds: where, what was wanted, what the store gave. The checks work on two kinds made for
// them: [Thing] has a field and an index of every sort, [Other] a number without gaps. The definition of a
// right answer is the kernel's ([itsm.Selection.Match], [itsm.Selection.ComparePlaces], [itsm.Kind.Replay]),
// applied to all records one by one.
//
// [RunKind] plays random actions with any other kind, so that a host can try its own records on its own store.
// [Benchmark] gives every store the same work.
//
// EXTENDING.md, at the root of the module, leads through the writing of a store, and says which mistake is caught
// by which check.
//
// # Limits
//
// The checks see a store from outside: what survives a power cut, and how it behaves with a billion records,
// they cannot tell. Those that run many goroutines find what is wrong with great likelihood, not certainty.
package storetest
