// Package pgserver gives tests a PostgreSQL server: one that it starts, on loopback, with a data directory of its own, or
// the one that the environment variable ITSM_POSTGRES names by its connection string. It knows no driver: the test says
// how a statement is run.
//
//	var server = pgserver.Shared(pgserver.Options{})
//
//	func TestMain(m *testing.M) { os.Exit(server.Main(m)) }
//
//	func TestStore(t *testing.T) {
//		dsn := server.Database(t, exec)
//		…
//	}
//
// Where there are neither the server's programs nor the variable, tests are skipped, and say why.
//
// A server that is started runs without fsync, unless [Options.Sync] is set, and without autovacuum, whose transactions
// would hold back readers of the event log at random. PostgreSQL does not run as root: then the user postgres, or nobody,
// runs it.
package pgserver
