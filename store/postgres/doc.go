// Package postgres keeps records and events in a PostgreSQL database, version 13 or later, for any number of processes.
//
//	store, err := postgres.Open(ctx, "postgres://itsm@db/desk", postgres.Options{})
//	…
//	defer store.Close()
//	repository := postgres.For(store, incident.Kind())
//	err = store.Migrate(ctx) // at each start, or by a tool of its own before a roll-out
//
// It passes the same suite as the store in memory. A store holds any number of kinds and tenants; all methods may be
// called from many goroutines at once.
//
// # In a host's own database
//
// [New] puts the tables into the host's database, in [Options.Schema], with names that begin with [Options.Prefix].
// [Store.InTx] commits the host's rows together with records and events: [Store.Tx] gives the transaction of a context.
// A transaction that the host began as SERIALIZABLE takes the store in by [Store.Join].
//
// # Transactions
//
// A Save of one record, outside of InTx, is one statement at READ COMMITTED: it stores record and event, if the record
// still has the version before. Where the statement does not find it so, or the database refuses it, the Save becomes a
// transaction, which says why. All else that writes is a SERIALIZABLE transaction. PostgreSQL then refuses one that does
// not come out as if it had run alone; the store runs it again, up to a limit, and so it does where a connection is lost
// before the commit. Where it is lost within the commit, [Store.SaveAll] finds out what became of it; InTx returns an
// error matching [ErrUnknown]. A read outside of a transaction is one statement, or one snapshot, and never waits.
//
// A Save of one record reads nothing but what it replaces. No transaction loses its change, and each transaction comes
// out as if it had run wholly before or wholly after it. One thing SERIALIZABLE would refuse is left to happen, and it
// takes three: a transaction T reads a record, a Save replaces it, and a second transaction sees the Save and does not see
// what T, which is the earlier one in that order, writes afterwards. So a transaction that closes a day by what a record
// says may miss one that was begun while the record said otherwise and commits later. Where that matters, make the
// change within InTx too.
//
// A record that is opened takes the next number of its series in the same statement, so that a failure loses none. Where
// others open records at the same moment, numbers are drawn first for a second, and may be lost, unless the series is
// without gaps.
//
// # Tables
//
// The shared tables are made by the files of [Store.Migrations], which goose reads too. Each kind has three: its records,
// the values of its lists, and the words of records that have very many; the words of all others are a tsvector in the
// record's row. They follow from the declaration of the kind: [Store.Migrate] adds what is lacking, and [Store.Plan] says
// what it will do. Nothing is removed but by [Store.Prune], so that two versions of a program work beside each other
// during a roll-out. Texts have the collation "C": they are compared by their bytes, whatever the database's own one.
//
// # The order of events
//
// [Store.Since] shows an event when all transactions that began to write before its own have ended, so that none is ever
// passed over. A transaction that stays open after it has written, in any database of the server, holds events back:
// [Store.Stall] tells for how long and who it is; idle_in_transaction_session_timeout ends such ones. A copy of the
// database that is restored on another server goes on behind its last event: positions stay good.
//
// With [Options.Months] a new store keeps the events of each month in a table of its own, which can be moved to other
// storage, or detached with what it holds: the history of its records is then no longer whole. There are tables for a
// year ahead whenever a store is opened by a user who may make them; what none of them takes goes to the rest.
//
// # Tenants
//
// Each statement names the tenant. With [Options.RowSecurity] the database itself holds to it: each transaction is bound to
// the tenant by the setting itsm.tenant, and policies let no other row through, but for what is done for all tenants
// (itsm.every): Since, Migrate, archives. The user must own the tables and be neither SUPERUSER nor BYPASSRLS. Text
// search then reads more, since PostgreSQL does not ask the index for words before it has checked the tenant.
//
// # Running it
//
// Turn jit off for the store's connections: from some hundred thousand records on PostgreSQL takes searches for expensive
// and compiles their plans, for ten times as long as they take. [Open] does it; for the pool that a host gives to [New], the
// host does (jit=off in the connection string, ALTER ROLE … SET, or AfterConnect).
//
// Behind a pooler of transactions (PgBouncer) let the driver prepare nothing: default_query_exec_mode=exec in the
// connection string. [Store.Migrate] wants a direct connection, and so does listening: see [Options.Listen].
//
// One consumer runs in one process at a time by [Store.Lead]. Between its runs it waits by [Store.Wait], which looks for
// events four times a second, or, with [Options.Notify], is told of them by NOTIFY. PostgreSQL lets transactions that notify
// commit one after the other in the whole server: the store notifies in a transaction of its own behind those that write,
// every 100 ms at most in each process. A notification only saves time. None is needed for an event to be handled, and a
// connection that hears nothing, lost or behind a pooler, is found out, and replaced by looking.
//
// Sweeps of what is due by time run in one process by Lead, or in many at once that share the work by [Shared].
//
// Backups are PostgreSQL's own (pg_dump, pg_basebackup), or portable ones by package archive.
package postgres
