package sqlite

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/store/internal/relational"
)

// dialect is how SQLite wants its statements.
type dialect struct{}

func (dialect) Param(n int) string { return "?" + strconv.Itoa(n) }

func (dialect) Type(t itsm.ValueType) string {
	switch t {
	case itsm.TypeNumber, itsm.TypeTime, itsm.TypeBool:
		return "INTEGER"
	}
	return "TEXT" // compared by bytes
}

// yearOne is the zero instant of a key, in milliseconds of Unix time: columns hold those, as SQLite's own functions
// for dates want them.
var yearOne = time.Time{}.UnixMilli()

func (dialect) Value(t itsm.ValueType, k itsm.Key) any {
	switch t {
	case itsm.TypeTime:
		return max(k.N, -1<<62) + yearOne
	case itsm.TypeNumber, itsm.TypeBool:
		return k.N
	}
	return k.S
}

func (dialect) Key(t itsm.ValueType, column any) (itsm.Key, error) {
	switch v := column.(type) {
	case int64:
		if t == itsm.TypeTime {
			v -= yearOne
		}
		return itsm.Key{N: v}, nil
	case string:
		return itsm.Key{S: v}, nil
	case []byte:
		return itsm.Key{S: string(v)}, nil
	}
	return itsm.Key{}, fmt.Errorf("a column of type %s holds a %T", t, column)
}

func (dialect) ID(id itsm.ID) any { return id[:] }

func (d dialect) Create(t *relational.Table) []string {
	return []string{
		"CREATE TABLE " + t.Name + ` (
	seq INTEGER PRIMARY KEY,
	tenant TEXT NOT NULL,
	id BLOB NOT NULL,
	version INTEGER NOT NULL,
	declared INTEGER NOT NULL,
	lists INTEGER NOT NULL,
	word_sum INTEGER NOT NULL,
	record TEXT NOT NULL,
	UNIQUE (tenant, id)
)`,
		"CREATE TABLE " + t.ListsName + ` (
	tenant TEXT NOT NULL,
	list TEXT NOT NULL,
	s BLOB NOT NULL,
	n INTEGER NOT NULL,
	id BLOB NOT NULL,
	PRIMARY KEY (tenant, list, s, n, id)
) WITHOUT ROWID`,
		`CREATE INDEX "` + t.ListsByID + `" ON ` + t.ListsName + " (tenant, id)",
		"CREATE VIRTUAL TABLE " + t.WordsName + " USING fts5(words, content='', contentless_delete=1, tokenize='ascii', detail='none')",
	}
}

func (d dialect) AddColumn(t *relational.Table, c relational.Column) string {
	return "ALTER TABLE " + t.Name + " ADD COLUMN " + c.Name + " " + d.Type(c.Part.Type)
}

func (dialect) HasColumn(ctx context.Context, conn relational.Conn, t *relational.Table, c relational.Column) (bool, error) {
	return has(ctx, conn, "SELECT 1 FROM pragma_table_info(?1) WHERE '\"' || name || '\"' = ?2", t.BareName, c.Name)
}

// has tells whether a query finds anything.
func has(ctx context.Context, c relational.Conn, query string, args ...any) (bool, error) {
	rows, err := c.Query(ctx, query, args...)
	if err != nil {
		return false, err
	}
	defer rows.Close()
	return rows.Next(), rows.Err()
}

func (dialect) CreateIndex(what, name string, t *relational.Table, columns string) string {
	return "CREATE " + what + ` "` + name + `" ON ` + t.Name + " (" + columns + ")"
}

// Use names the index: without figures of what is in the tables, SQLite takes one that fits less.
func (dialect) Use(index string) string { return ` INDEXED BY "` + index + `"` }

func (dialect) DropIndex(name string, _ *relational.Table) string {
	return `DROP INDEX IF EXISTS "` + name + `"`
}

// Matching asks for each word as the beginning of a token. Tokens are letters and digits: quotes make them literal.
func (dialect) Matching(t *relational.Table, words []string, arg func(any) string) string {
	return "t.seq IN (SELECT rowid FROM " + t.WordsName + " WHERE " + t.WordsName + " MATCH " + arg(match(words)) + ")"
}

// Join keeps the tables in their order: without figures of what is in them, SQLite may turn it round.
func (dialect) Join() string { return " CROSS JOIN " }

func (dialect) Gathered() (open, end string) { return " IN (", ")" } // as it always does

func (dialect) Rare(t *relational.Table, words []string, limit int, arg func(any) string) string {
	return "SELECT rowid FROM " + t.WordsName + " WHERE " + t.WordsName + " MATCH " + arg(match(words)) + " LIMIT " + strconv.Itoa(limit)
}

func (d dialect) Among(t *relational.Table, numbers []int64, arg func(any) string) string {
	raw, _ := json.Marshal(numbers) // numbers have JSON always
	return "json_each(" + arg(string(raw)) + ") j" + d.Join() + t.Name + " t ON t.seq = j.value"
}

// match is the query of FTS5 for rows that have all words, each as the beginning of one.
func match(words []string) string { return `"` + strings.Join(words, `" * AND "`) + `" *` }

// Words are in a table of their own.
func (dialect) Words([]string) (string, any) { return "", nil }

func (dialect) SetWords(ctx context.Context, c relational.Conn, t *relational.Table, seq int64, words []string) error {
	if words == nil {
		_, err := c.Exec(ctx, "DELETE FROM "+t.WordsName+" WHERE rowid = ?1", seq)
		return err
	}
	_, err := c.Exec(ctx, "INSERT OR REPLACE INTO "+t.WordsName+" (rowid, words) VALUES (?1, ?2)", seq, strings.Join(words, " "))
	return err
}

// Erase has SQLite overwrite what it frees, and the words of the text search written anew: FTS5 keeps those of a row
// that is gone until then.
func (dialect) Erase(ctx context.Context, c relational.Conn, t *relational.Table, remove func() error) error {
	if _, err := c.Exec(ctx, "PRAGMA secure_delete = ON"); err != nil {
		return err
	}
	err := remove()
	if err == nil {
		_, err = c.Exec(ctx, "INSERT INTO "+t.WordsName+" ("+t.WordsName+") VALUES ('optimize')")
	}
	_, back := c.Exec(ctx, "PRAGMA secure_delete = FAST")
	return errors.Join(err, back)
}
