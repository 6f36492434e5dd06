// Package sqlite keeps records and events in an SQLite database: a file, and no server. It needs no C compiler.
//
//	store, err := sqlite.Open(ctx, "desk.db", sqlite.Options{})
//	…
//	defer store.Close()
//	repository := sqlite.For(store, incident.Kind())
//
// It passes the same suite as the store in memory. A store holds any number of kinds and tenants; all methods may be
// called from many goroutines at once. Reads go on side by side and beside the writer, writes take turns: also those of
// other processes that have the same file open.
//
// # In a host's own database
//
// [New] puts the tables, whose names begin with [Options.Prefix], beside the host's own. [Store.InTx] commits the host's
// rows together with records and events: [Store.Tx] gives the transaction of a context. A transaction that the host
// began takes the store in by [Store.Join].
//
// # Tables
//
// The shared tables are made by the files of [Store.Migrations], which goose reads too. Each kind has three: its records, the
// values of its lists, and the words of its text search (FTS5). They follow from the declaration of the kind: [For] adds
// what is lacking, or, with [Options.ManualMigration], [Store.Migrate] does, and [Store.Plan] says what it will do.
// Nothing is removed but by [Store.Prune], so that an older program goes on with the same file.
//
// # Durability
//
// The file is in WAL mode. With [SyncFull], which is the default, a commit that returned survives a power cut. With
// [SyncNormal] it survives the end of the program, and a power cut may take the last commits, whole ones; writing is
// several times faster. For a backup at work use the statement VACUUM INTO, or copy the file together with the two
// beside it whose names end in -wal and -shm while no program has it open. Package archive writes a file that every store
// reads.
//
// What [itsm.Desk.Redact] and [itsm.Desk.Purge] remove is overwritten in the file and in its log, once no reader holds the log
// open. That writes the words of the kind's text search anew, so that it takes time with many records. In a
// transaction that the host ends, see [Store.Join], the log keeps it until the next time. Backups keep it.
package sqlite
