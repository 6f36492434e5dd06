package postgres

import (
	"context"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5/pgtype"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/store/internal/relational"
)

// dialect is how PostgreSQL wants its statements.
type dialect struct{}

func (dialect) Param(n int) string { return "$" + strconv.Itoa(n) }

func (dialect) Type(t itsm.ValueType) string {
	switch t {
	case itsm.TypeNumber:
		return "bigint"
	case itsm.TypeTime:
		return "timestamptz"
	case itsm.TypeBool:
		return "boolean"
	}
	return `text COLLATE "C"` // compared by bytes
}

// The zero instant of a key, in milliseconds of Unix time, and the instants that a column can hold at least.
var (
	yearOne  = time.Time{}.UnixMilli()
	earliest = time.Date(-4000, 1, 1, 0, 0, 0, 0, time.UTC).UnixMilli()
	latest   = time.Date(200_000, 1, 1, 0, 0, 0, 0, time.UTC).UnixMilli()
)

func (dialect) Value(t itsm.ValueType, k itsm.Key) any {
	switch t {
	case itsm.TypeNumber:
		return k.N
	case itsm.TypeTime: // bounds of a query may lie far out
		return time.UnixMilli(min(max(max(k.N, math.MinInt64/2)+yearOne, earliest), latest)).UTC()
	case itsm.TypeBool:
		return k.N > 0
	}
	return k.S
}

func (dialect) Key(t itsm.ValueType, column any) (itsm.Key, error) {
	switch v := column.(type) {
	case string:
		return itsm.Key{S: v}, nil
	case int64:
		return itsm.Key{N: v}, nil
	case time.Time:
		return itsm.Key{N: v.UnixMilli() - yearOne}, nil
	case bool:
		if v {
			return itsm.Key{N: 1}, nil
		}
		return itsm.Key{}, nil
	}
	return itsm.Key{}, fmt.Errorf("a column of type %s holds a %T", t, column)
}

// ID is a uuid by its type, so that the driver knows it too where it does not ask the server for those of parameters.
func (dialect) ID(id itsm.ID) any { return pgtype.UUID{Bytes: id, Valid: true} }

// Create makes three tables: the records, the values of their lists, and the words of records that have too many for
// one tsvector.
func (d dialect) Create(t *relational.Table) []string {
	return []string{
		"CREATE TABLE " + t.Name + ` (
	seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	tenant text COLLATE "C" NOT NULL,
	id uuid NOT NULL,
	version bigint NOT NULL,
	declared bigint NOT NULL,
	lists bigint NOT NULL,
	word_sum bigint NOT NULL,
	words tsvector,
	record text NOT NULL,
	UNIQUE (tenant, id)
) WITH (fillfactor = 90)`,
		`CREATE INDEX "` + t.WordIndex + `" ON ` + t.Name + " USING gin (words)",
		"CREATE TABLE " + t.ListsName + ` (
	tenant text COLLATE "C" NOT NULL,
	list text COLLATE "C" NOT NULL,
	s bytea NOT NULL,
	n bigint NOT NULL,
	id uuid NOT NULL,
	PRIMARY KEY (tenant, list, s, n, id)
)`,
		`CREATE INDEX "` + t.ListsByID + `" ON ` + t.ListsName + " (tenant, id)",
		"CREATE TABLE " + t.WordsName + ` (
	seq bigint NOT NULL,
	part bigint NOT NULL,
	tenant text COLLATE "C" NOT NULL,
	words tsvector NOT NULL,
	PRIMARY KEY (seq, part)
)`,
	}
}

func (d dialect) AddColumn(t *relational.Table, c relational.Column) string {
	return "ALTER TABLE " + t.Name + " ADD COLUMN IF NOT EXISTS " + c.Name + " " + d.Type(c.Part.Type)
}

// HasColumn says no: the statement does not fail on a column that is there.
func (dialect) HasColumn(context.Context, relational.Conn, *relational.Table, relational.Column) (bool, error) {
	return false, nil
}

func (dialect) CreateIndex(what, name string, t *relational.Table, columns string) string {
	return "CREATE " + what + ` "` + name + `" ON ` + t.Name + " (" + columns + ")"
}

func (dialect) DropIndex(name string, t *relational.Table) string {
	return "DROP INDEX IF EXISTS " + schemaOf(t) + `"` + name + `"`
}

// schemaOf returns the schema of a table with the dot behind it, "" where it has none.
func schemaOf(t *relational.Table) string {
	return strings.TrimSuffix(t.Name, `"`+t.BareName+`"`)
}

// more stands in the words of a record whose words are in the table of words: no token is like it.
const more = "+"

// Matching asks for each word as the beginning of a token. Tokens are letters and digits: quotes make them literal.
// The index finds the records that have all words, and those with too many for it, which are looked at one by one. It is
// asked for itself: the planner takes every beginning of a word for a common one, and would rather read the whole table
// in the order of the result.
func (dialect) Matching(t *relational.Table, words []string, arg func(any) string) string {
	parts := make([]string, len(words))
	each := make([]string, len(words))
	for i, w := range words {
		parts[i] = "'" + w + "':*"
		each[i] = "EXISTS (SELECT 1 FROM " + t.WordsName + " x WHERE x.seq = w.seq AND x.words @@ " + arg(parts[i]) + "::text::tsquery)"
	}
	return "t.seq IN (SELECT w.seq FROM " + t.Name + " w WHERE w.words @@ " + arg("("+strings.Join(parts, " & ")+") | '"+more+"'") +
		"::text::tsquery AND (NOT w.words @@ $$'" + more + "'$$::tsquery OR " + strings.Join(each, " AND ") + ") OFFSET 0)"
}

// maxWords is how many bytes of words one tsvector takes: PostgreSQL's limit is 1 MB.
const maxWords = 500_000

func (dialect) Join() string { return " JOIN " }

// Gathered makes a list of them. A connection that has planned the statement when the table was empty would otherwise walk
// the table, however it has grown, and run the query for each of its rows.
func (dialect) Gathered() (open, end string) { return " = ANY (ARRAY(", "))" }

// Rare leaves it to the planner, which knows how rare words are.
func (dialect) Rare(*relational.Table, []string, int, func(any) string) string { return "" }

// Among is not asked for.
func (dialect) Among(t *relational.Table, _ []int64, _ func(any) string) string { return t.Name + " t" }

func (dialect) Words(words []string) (string, any) {
	size := 0
	for _, w := range words {
		size += len(w)
	}
	if size > maxWords {
		return "", nil
	}
	return "array_to_tsvector(%s::text[])", words
}

func (dialect) SetWords(ctx context.Context, c relational.Conn, t *relational.Table, seq int64, words []string) error {
	if _, err := c.Exec(ctx, "DELETE FROM "+t.WordsName+" WHERE seq = $1", seq); err != nil || words == nil {
		return err
	}
	chunks := chunked(words)
	own := chunks[0]
	if len(chunks) > 1 {
		own = []string{more}
		for i, chunk := range chunks {
			if _, err := c.Exec(ctx, "INSERT INTO "+t.WordsName+" (seq, part, tenant, words) SELECT seq, $1, tenant, array_to_tsvector($2::text[]) FROM "+t.Name+" WHERE seq = $3", int64(i), chunk, seq); err != nil {
				return err
			}
		}
	}
	_, err := c.Exec(ctx, "UPDATE "+t.Name+" SET words = array_to_tsvector($1::text[]) WHERE seq = $2", own, seq)
	return err
}

// chunked divides words so that each part fits into a tsvector. There is one part at least.
func chunked(words []string) [][]string {
	chunks := [][]string{{}}
	size := 0
	for _, w := range words {
		if size += len(w); size > maxWords {
			chunks, size = append(chunks, nil), len(w)
		}
		last := len(chunks) - 1
		chunks[last] = append(chunks[last], w)
	}
	return chunks
}

// Use leaves the choice of an index to the planner.
func (dialect) Use(string) string { return "" }

// Erase has nothing more to do: old row versions go with the next vacuum, and their pages are used again.
func (dialect) Erase(_ context.Context, _ relational.Conn, _ *relational.Table, remove func() error) error {
	return remove()
}
