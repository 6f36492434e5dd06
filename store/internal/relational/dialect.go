package relational

import (
	"context"
	"errors"

	"github.com/itsmkit/itsm"
)

// Conn runs statements, in a transaction or each on its own. Arguments stand for the parameters in their order.
type Conn interface {
	Exec(ctx context.Context, statement string, args ...any) (changed int64, err error)
	Query(ctx context.Context, statement string, args ...any) (Rows, error)
}

// Rows is the result of a query.
type Rows interface {
	Next() bool
	Scan(into ...any) error
	Err() error
	Close()
}

// Reach is whose rows statements touch: those of one tenant, or of all. A database that guards rows by tenant is told.
type Reach struct {
	Tenant string
	All    bool
}

// ErrUnknown says that it is not known whether a transaction was kept.
var ErrUnknown = errors.New("it is not known whether it was kept")

// Everyone is the reach of what is not done for one tenant.
var Everyone = Reach{All: true}

func reach(in itsm.Scope) Reach { return Reach{Tenant: in.Tenant} }

// Backend is a database as a store reaches it. The transaction of a context, if there is one, is used by the first three.
type Backend interface {
	// Conn returns a connection for statements that read, each on its own.
	Conn(ctx context.Context, to Reach) (Conn, error)
	// Snapshot runs statements that read what was there at one moment.
	Snapshot(ctx context.Context, to Reach, read func(Conn) error) error
	// Write runs write in a serialisable transaction: kept if it returns nil, undone otherwise. It may run it again
	// after a conflict that the database found. Its error matches ErrUnknown where the connection was lost so that
	// nobody knows whether it was kept.
	Write(ctx context.Context, to Reach, write func(Conn) error) error
	// InTx is that of itsm.Transactor.
	InTx(ctx context.Context, fn func(context.Context) error) error
	// Alter runs alter, which changes tables, in a transaction of its own: one at a time among all programs, and
	// nobody else writes to the table, if it is given and there.
	Alter(ctx context.Context, t *Table, alter func(Conn) error) error
	// BuildIndex runs the statement that makes an index of a table that may be large and in use.
	BuildIndex(ctx context.Context, name, statement string) error
	// Erased is told when something was erased, and committed but for the transaction of the context, if there is one.
	Erased(ctx context.Context)
	// Since is that of itsm.EventLog.
	Since(ctx context.Context, after itsm.Position, limit int, kinds ...string) ([]itsm.Event, itsm.Position, error)
}

// Dialect is how a database wants its statements.
type Dialect interface {
	// Param is the n-th parameter, from 1.
	Param(n int) string
	// Type is the type of a column for values of an index.
	Type(t itsm.ValueType) string
	// Value is a key as an argument for such a column, and Key the way back from what a query gave.
	Value(t itsm.ValueType, k itsm.Key) any
	Key(t itsm.ValueType, column any) (itsm.Key, error)
	// Create is the statements that make the tables of a kind, with the columns that each kind has.
	Create(t *Table) []string
	// AddColumn is the statement that adds a column, which another program, or an attempt that was cut short, may have added
	// already: HasColumn tells so where the statement would fail on it.
	AddColumn(t *Table, c Column) string
	HasColumn(ctx context.Context, conn Conn, t *Table, c Column) (bool, error)
	// CreateIndex and DropIndex are the statements that make an index, of a table's columns, and remove it.
	CreateIndex(what, name string, t *Table, columns string) string
	DropIndex(name string, t *Table) string
	// Use is what names, behind a table, the index that is to be walked; "" leaves the choice to the database.
	Use(index string) string
	// ID is an ID as an argument.
	ID(id itsm.ID) any
	// Matching is a condition on a row of a table, named t in the statement: that it has all words.
	Matching(t *Table, words []string, arg func(any) string) string
	// Words is the value of the column words for words that are the whole of a row's, as an expression in which %s stands for
	// the parameter, with its argument; "" where words are kept elsewhere, or where there are too many.
	Words(words []string) (expression string, arg any)
	// Join joins a table to what stands before it, and walks that first.
	Join() string
	// Gathered is what stands around a query of IDs behind the column that must be one of them, where the query is to be
	// run first and once.
	Gathered() (open, end string)
	// Rare is for a database that does not know by itself how rare words are: with is the statement for the numbers of the
	// rows that have all words, up to a limit. "" is one that knows.
	Rare(t *Table, words []string, limit int, arg func(any) string) (with string)
	// Among is the rows of some numbers, as a table named t to select from.
	Among(t *Table, numbers []int64, arg func(any) string) string
	// SetWords makes the words of the record in a row those that a text search finds; nil is a record that is gone.
	SetWords(ctx context.Context, c Conn, t *Table, seq int64, words []string) error
	// Erase runs, within a transaction, what removes a record or a part of it, so that no more of it stays in the
	// database's files than must.
	Erase(ctx context.Context, c Conn, t *Table, remove func() error) error
}
