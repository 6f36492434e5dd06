package relational

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/itsmkit/itsm"
)

// Table is where the records of a kind are kept under one declaration. It never changes.
type Table struct {
	Shape   *itsm.Shape
	Indexes []itsm.IndexShape
	Names   []string // of the indexes in the database, parallel to Indexes
	Columns []Column
	Lists   []List
	Digest  int64 // of the declaration: rows say under which they were written

	Name      string // the table of records, for statements
	ListsName string // the table of list values
	WordsName string // for dialects that keep words in a table
	BareName  string
	ListsByID string // the index of the table of list values by record, without quotes, as the next one
	WordIndex string // for dialects that have one over the words of records

	columns map[itsm.IndexName]int
	lists   map[itsm.IndexName]int
	sql     statements
}

// statements are those of a table that are always the same.
type statements struct{ get, stored, insert, insertWords, dropLists, numbered string }

// Column is a column for a single value of an index.
type Column struct {
	Name string // quoted
	Part itsm.PartShape
}

// List is an index, or a part of one, over a list: its entries stand in the table of list values under its name.
type List struct {
	Name  itsm.IndexName
	index int // in Indexes; -1 is a part that is declared in a composite only
	part  itsm.PartShape
}

// fixed are the columns that each table has, ours and those of the databases.
var fixed = []string{
	"seq", "tenant", "id", "version", "declared", "lists", "words", "word_sum", "record",
	"tableoid", "xmin", "cmin", "xmax", "cmax", "ctid", "rowid", "oid",
}

// NewTable lays out the table of a kind.
func NewTable(n Names, d Dialect, s *itsm.Shape) *Table {
	t := &Table{
		Shape: s, Indexes: s.Indexes(), columns: map[itsm.IndexName]int{}, lists: map[itsm.IndexName]int{},
		Name: n.Table(s.Name()), ListsName: n.Table(s.Name(), "lists"), WordsName: n.Table(s.Name(), "words"), BareName: n.Bare(s.Name()),
		ListsByID: n.Index(s.Name(), "id", "lists"), WordIndex: n.Index(s.Name(), "words", "records"),
	}
	for i, index := range t.Indexes {
		t.Names = append(t.Names, indexName(n, s.Name(), index))
		many := false
		for _, p := range index.Parts {
			if p.Multi {
				many = true
			} else if _, known := t.columns[p.Name]; !known {
				t.columns[p.Name] = len(t.Columns)
				t.Columns = append(t.Columns, Column{Name: quote(columnName(p.Name)), Part: p})
			}
		}
		if many {
			t.list(List{Name: index.Name, index: i, part: index.Parts[0]})
		}
	}
	for _, index := range t.Indexes { // a list that is declared in a composite only can be filtered by, too
		for _, p := range index.Parts {
			if _, known := t.lists[p.Name]; p.Multi && !known {
				t.list(List{Name: p.Name, index: -1, part: p})
			}
		}
	}
	t.Digest = DeclarationOf(t.Indexes).Digest()
	t.prepare(d)
	return t
}

// prepare writes the statements that are always the same.
func (t *Table) prepare(d Dialect) {
	names := ""
	for _, c := range t.Columns {
		names += ", " + c.Name
	}
	const own = "tenant, id, version, declared, lists, word_sum, record"
	params := make([]string, strings.Count(own, ",")+1+len(t.Columns))
	for i := range params {
		params[i] = d.Param(i + 1)
	}
	words, _ := d.Words(nil)
	if words != "" {
		words = fmt.Sprintf(words, d.Param(len(params)+1))
	}
	row := " WHERE tenant = " + d.Param(1) + " AND id = " + d.Param(2)
	t.sql = statements{
		get:         "SELECT record FROM " + t.Name + row,
		stored:      "SELECT seq, version, declared, lists, word_sum" + names + " FROM " + t.Name + row,
		insert:      "INSERT INTO " + t.Name + " (" + own + names + ") VALUES (" + strings.Join(params, ", ") + ") RETURNING seq",
		insertWords: "INSERT INTO " + t.Name + " (" + own + names + ", words) VALUES (" + strings.Join(params, ", ") + ", " + words + ") RETURNING seq",
		dropLists:   "DELETE FROM " + t.ListsName + row,
		numbered:    "SELECT id FROM " + t.Name + " WHERE tenant = " + d.Param(1) + " AND " + t.column(itsm.IndexNumber) + " = " + d.Param(2),
	}
}

func (t *Table) list(l List) {
	t.lists[l.Name] = len(t.Lists)
	t.Lists = append(t.Lists, l)
}

// columnName returns the name of the column of a value. One that some column has anyhow gets a line behind it, as do those
// with lines already, so that no two become one.
func columnName(name itsm.IndexName) string {
	if slices.Contains(fixed, strings.TrimRight(string(name), "_")) {
		name += "_"
	}
	return short(string(name))
}

// column returns the column of a single value, quoted.
func (t *Table) column(name itsm.IndexName) string { return t.Columns[t.columns[name]].Name }

// many tells whether an index is over a list.
func many(i itsm.IndexShape) bool {
	return slices.ContainsFunc(i.Parts, func(p itsm.PartShape) bool { return p.Multi })
}

// Declaration is the indexes of a kind as they are kept in the database.
type Declaration struct {
	Indexes []itsm.IndexShape `json:"indexes"`
}

// DeclarationOf returns the declaration with some indexes.
func DeclarationOf(indexes []itsm.IndexShape) Declaration { return Declaration{Indexes: indexes} }

// Digest is the number by which rows name the declaration.
func (d Declaration) Digest() int64 {
	sorted := slices.SortedFunc(slices.Values(d.Indexes), func(a, b itsm.IndexShape) int {
		return itsm.Key{S: string(a.Name)}.Compare(itsm.Key{S: string(b.Name)})
	})
	raw, _ := json.Marshal(sorted) // texts and booleans: it cannot fail
	sum := sha256.Sum256(raw)
	return int64(binary.BigEndian.Uint64(sum[:8]) >> 1)
}
