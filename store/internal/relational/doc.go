// Package relational is what the stores on SQL databases have in common: the tables of a kind, the rows of a record,
// the statements of a query, the order of a write. It is driven by the kinds' shapes and knows no driver: a store gives
// it a [Backend], which runs statements, and a [Dialect], which says how its database wants them.
//
// # Tables
//
// Each kind has a table with a row a record: tenant, ID, version, a column for each declared value that is single, and
// the record as JSON text. Values of lists, which a record may have several of, stand in a second table. An empty value
// of a sparse index is NULL. All kinds share the tables of events, idempotency keys, series of numbers and consumers.
//
// # Declarations
//
// The columns of a row follow from the declaration under which it was written, and each row says which that was. A
// program with a newer declaration adds what it lacks and derives the rows again that were written without; it removes
// nothing, so that an older program goes on working beside it and after it.
package relational
