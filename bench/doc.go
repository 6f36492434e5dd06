// Package bench measures the library beside its peers, in one run of one process. It has no code of its own
// outside its tests; README.md tells what each benchmark is and how to run it.
//
// The words: a limit is code written by hand for the one purpose, and with nothing else in it; a peer is a
// library that a host might use instead. What counts are the ratios within one run. Nanoseconds change with
// the machine and with what else runs on it; allocations do not, and a test holds those.
package bench
