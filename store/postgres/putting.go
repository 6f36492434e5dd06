package postgres

import (
	"strconv"
	"strings"

	"github.com/itsmkit/itsm/store/internal/relational"
)

// putting is the statement that stores a record with its event, in the making.
type putting struct {
	strings.Builder
	*relational.Put
	names  relational.Names
	table  *relational.Table
	tenant string
	words  []string
	args   []any
}

// Parameters that are used more than once.
const (
	tenantArg  = "$1"
	idArg      = "$2"
	versionArg = "$3"
	kindArg    = "$4"
)

func (q *putting) begin() {
	q.args = append(make([]any, 0, 20+len(q.Values)), q.tenant, dialect{}.ID(q.Of.ID), q.Version, q.Of.Kind)
}

func (q *putting) add(parts ...string) {
	for _, p := range parts {
		q.WriteString(p)
	}
}

// arg adds an argument and returns its parameter.
func (q *putting) arg(v any) string {
	q.args = append(q.args, v)
	return "$" + strconv.Itoa(len(q.args))
}

// same replaces a row whose lists and words stay as they are.
func (q *putting) same() {
	q.begin()
	q.update()
	q.add(" WHERE tenant = ", tenantArg, " AND id = ", idArg, " AND version = ", q.arg(q.Version-1), " AND lists = ", q.arg(q.Lists),
		" AND word_sum = ", q.arg(q.WordSum), " RETURNING 1)")
	q.event()
}

// other replaces a row with its lists and words. The values that its lists had are those of its version and its
// declaration, which a migration may just be changing; words in the table of words are for a transaction.
func (q *putting) other() {
	q.begin()
	q.update()
	q.add(", lists = ", q.arg(q.Lists), ", word_sum = ", q.arg(q.WordSum), ", words = array_to_tsvector(", q.arg(q.words), "::text[])",
		" WHERE tenant = ", tenantArg, " AND id = ", idArg, " AND version = ", q.arg(q.Version-1), " AND declared = ", q.arg(q.table.Digest),
		" AND words IS NOT NULL AND NOT words @@ $$'", more, "'$$::tsquery RETURNING 1)")
	entries := q.entries()
	q.add(", d AS (DELETE FROM ", q.table.ListsName, " o USING r WHERE o.tenant = ", tenantArg, " AND o.id = ", idArg,
		" AND (o.list, o.s, o.n) NOT IN (SELECT * FROM ", entries, ")), l AS (INSERT INTO ", q.table.ListsName, " (tenant, list, s, n, id) SELECT ",
		tenantArg, ", x.*, ", idArg, " FROM r, ", entries, " ON CONFLICT DO NOTHING)")
	q.event()
}

func (q *putting) update() {
	q.add("WITH r AS (UPDATE ", q.table.Name, " SET version = ", versionArg, ", declared = ", q.arg(q.table.Digest), ", record = ", q.arg(q.Record))
	for i, v := range q.Values {
		q.add(", ", q.table.Columns[i].Name, " = ", q.arg(v))
	}
}

// insert adds a row, with the values of its lists, and moves its series on.
func (q *putting) insert() {
	q.begin()
	q.add("WITH ")
	if q.Series != "" {
		n := q.arg(q.Number)
		series := q.names.Table("series")
		q.add("s AS (INSERT INTO ", series, " AS s (tenant, prefix, last) VALUES (", tenantArg, ", ", q.arg(q.Series), ", ", n,
			") ON CONFLICT (tenant, prefix) DO UPDATE SET last = ", n, " WHERE s.last = ", q.arg(q.Number-1), " RETURNING 1), ")
	}
	q.add("r AS (INSERT INTO ", q.table.Name, " (tenant, id, version, declared, lists, word_sum, record, words")
	for _, c := range q.table.Columns {
		q.add(", ", c.Name)
	}
	q.add(") SELECT ", tenantArg, ", ", idArg, ", ", versionArg)
	for _, v := range []any{q.table.Digest, q.Lists, q.WordSum, q.Record} {
		q.add(", ", q.arg(v))
	}
	q.add(", array_to_tsvector(", q.arg(q.words), "::text[])")
	for _, v := range q.Values {
		q.add(", ", q.arg(v))
	}
	if q.Series != "" {
		q.add(" FROM s")
	}
	q.add(" RETURNING 1)")
	if len(q.Entries) > 0 {
		q.add(", l AS (INSERT INTO ", q.table.ListsName, " (tenant, list, s, n, id) SELECT ", tenantArg, ", x.*, ", idArg, " FROM r, ", q.entries(), ")")
	}
	q.event()
}

// entries returns the values of the lists as a table.
func (q *putting) entries() string {
	lists, texts, numbers := make([]string, len(q.Entries)), make([][]byte, len(q.Entries)), make([]int64, len(q.Entries))
	for i, x := range q.Entries {
		lists[i], texts[i], numbers[i] = x.List, x.S, x.N
	}
	return "unnest(" + q.arg(lists) + "::text[], " + q.arg(texts) + "::bytea[], " + q.arg(numbers) + "::bigint[]) x"
}

// event adds the event of the row that was stored, and its key. The rows that the statement counts are those of the last
// table.
func (q *putting) event() {
	events := q.names.Table("event")
	insert := []string{"INSERT INTO ", events, " (tenant, kind, id, version, event) SELECT ", tenantArg, ", ", kindArg, ", ", idArg, ", ", versionArg, ", ", q.arg(q.Event), " FROM r"}
	if q.Key == "" {
		q.add(" ")
		q.add(insert...)
		return
	}
	q.add(", e AS (")
	q.add(insert...)
	q.add(" RETURNING seq) INSERT INTO ", q.names.Table("key"), " (tenant, kind, key, seq, recorded) SELECT ",
		tenantArg, ", ", kindArg, ", ", q.arg(q.Key), ", seq, ", q.arg(q.Recorded), " FROM e")
}
