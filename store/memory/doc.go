// Package memory is the embedded store: records, events, indexes and text search in memory, with serialisable
// transactions. It is the store to begin with, to test with, and for whatever fits into memory;
// it passes the same suite as the stores on a database.
//
//	store := memory.New()
//	repository := memory.For(store, incident.Kind())
//
// A store holds any number of kinds and tenants. All methods may be called from many goroutines at once;
// reads go on side by side, writes take turns.
//
// # What it costs
//
// A declared index is an ordered tree; a query walks the part that it asks for and nothing else. The first query that
// walks an index makes it, which among a million records takes half a second in which all others wait; each write from
// then on moves it. Unique indexes are there from the beginning. Where a query has words, or a policy's scope narrows it
// more than its index does, and at most 10,000 records can qualify, those are taken and sorted instead. Events are packed:
// a small one takes some 60 to 100 bytes.
//
// # Keeping it
//
// An archive holds everything: [archive.Export] writes it to an io.Writer while work goes on, and [archive.Import] reads
// it into an empty store, this one or a database. Between two archives nothing is kept on a disk: that is what the
// database stores are for.
package memory
