// Package archive writes everything that a store holds to a file, and reads it into an empty store: for backups, and to
// move from one store to another. The format is the same for all stores.
//
//	err := archive.Export(ctx, store, file)
//	…
//	again, err := sqlite.Open(ctx, "desk.db", sqlite.Options{})
//	desk := …                                  // the kinds first: sqlite.For(again, incident.Kind())
//	err = archive.Import(ctx, again, file)
//
// # What is in it
//
// An archive is JSON Lines: UTF-8, a JSON object a line, each line ended by a line feed. It can be compressed, searched
// with grep and read with jq.
//
//	{"archive":{"format":"itsm","version":1}}
//	{"kind":"incident","record":{"id":"0190…","number":"INC0000001","state":"closed","version":2,…}}
//	{"place":1,"keyed":true,"event":{"subject":{"kind":"incident","id":"0190…"},"version":1,…}}
//	{"place":4,"event":{"subject":{"kind":"incident","id":"0190…"},"version":2,…}}
//	{"purged":2}
//	{"series":{"tenant":"","prefix":"INC","last":17}}
//	{"passed":3,"consumer":{"name":"sla","position":"",…}}
//	{"end":{"records":1,"events":2,…,"sha256":"…"}}
//
// Records stand by kind, tenant and ID, each followed by its events. The place of an event is where it stands in the
// order of all events; the places of purged events are there too. An event is keyed if its idempotency key is still
// remembered. A series is the last number drawn; a consumer has passed so many places. The end counts all of it, and
// holds the SHA-256 of the lines before it. The same contents give the same bytes.
//
// # What is verified
//
// [Import] refuses a file that was cut off or changed, a newer version of the format, a kind that the store was not
// given, a field or a state that the kind does not have, a record whose events are not all there or do not replay to it,
// a place that is missing or there twice, and a value of a unique index that two records have. It reads everything before it
// keeps anything: after an error the store is empty, as it was. [Verify] does the same without a store: a backup that
// was never read is a hope.
//
// The checksum finds accidents. It does not prove who wrote the file: sign it, or keep it where nobody else writes.
//
// # What it costs
//
// An export shows one moment, and work goes on meanwhile. The store in memory copies its packed events first. A database
// reads in a transaction of its own, some records at a time, so that the memory used does not grow with the store; the
// space of what is overwritten in that time is free only afterwards. An import into a database is one
// transaction: its log takes as much room as the archive, and other writers wait. Verifying takes a bit for each
// event, and one record.
//
// # What is not in it
//
// The declarations of kinds, which are code; the host's own tables; whatever else a consumer has built from events.
// An archive of a store that is redacted later still holds what was redacted: let archives expire.
//
// A position is a store's own. In another store a consumer goes on behind the same events; where a database cannot tell
// exactly, it gets some of them again and none too few.
//
// # The databases' own tools
//
// A large database is backed up faster by its own means, and restored faster too, but into the same sort of database
// alone and without being verified. SQLite: the statement VACUUM INTO 'copy.db' writes a compact copy of one moment
// while work goes on; to restore, put the copy in place of the file, without the files beside it whose names end in -wal
// and -shm. PostgreSQL: pg_dump writes a consistent copy of the schema's tables, and pg_basebackup with archived
// write-ahead log goes back to any instant. Import an archive from time to time all the same: it is
// the one check that records and history agree.
//
// # For those who write a store
//
// A store that has [Source] and [Target] takes part: both give or take a [Sink], so that a store needs to know nothing of the
// format.
package archive
