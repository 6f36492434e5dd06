// Package torture holds what the stores must survive, as tests: there is nothing in it to import. Each store that the
// module has is a subject of all of them.
//
//   - Crash: a process that writes is killed at any moment, many times over one database that grows.
//   - Faults: each statement of each call in turn is refused, cut off in its reply, or slow; the disk is full, the file
//     read-only, locked by another process, or damaged.
//   - Bad input: what people and programs send, and what it must not break. Every store gives the same verdict.
//   - Same answers: one client makes the same calls of every store, by chance, and gets the same from each, errors and
//     cursors included.
//   - Linearizability: many clients at one record, on connections that lose acknowledgements, see it as if they had taken
//     turns.
//
// The tests take their chances from seeds, which a failure prints. With -short they are few.
package torture
