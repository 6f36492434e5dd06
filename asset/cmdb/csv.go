package cmdb

import (
	"bufio"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/itsmkit/itsm"
)

// Mapping says what the columns of a CSV file are.
type Mapping struct {
	// Columns are the fields by the names in the header of the file: "class", "key", one of [Fields], an attribute of the
	// class; "-" leaves a column out. Each column of the file must be named here, and each one named must be in the file.
	// nil: the names in the header are those of the fields.
	Columns map[string]string
	Class   string // of the rows that have none of their own
	Comma   rune   // 0: a comma
}

// CSVError says where a CSV file is wrong.
type CSVError struct {
	Line   int    // in the file; the first is 1
	Column string // the name in the header; "" where the whole line is meant
	Err    error
}

func (e *CSVError) Error() string {
	if e.Column == "" {
		return fmt.Sprintf("line %d: %v", e.Line, e.Err)
	}
	return fmt.Sprintf("line %d, column %q: %v", e.Line, clip(e.Column), e.Err)
}

// Unwrap returns what is wrong.
func (e *CSVError) Unwrap() error { return e.Err }

// ReadCSV reads rows for [Database.Import] from a CSV file with a header, as RFC 4180 describes it; a byte order mark
// is skipped, and lines may end in LF or CRLF. Space around a value does not count, and an empty one says nothing. The
// values are plain: see [Row]. The first thing that is wrong ends the rows with a [CSVError]: a row that is too short may
// be the end of a file that was cut. One that was cut behind a row, or within its last value, looks whole.
func ReadCSV(from io.Reader, m Mapping) iter.Seq2[Row, error] {
	return func(yield func(Row, error) bool) {
		t, err := openTable(from, m.Comma, m.Columns, func(field string) bool { return field == "class" || field == "key" || isName(field) },
			"class, key, "+list(Fields())+", or an attribute of the class")
		for err == nil {
			row := Row{Class: m.Class, Plain: true}
			if err = t.next(); err != nil {
				break
			}
			row.Line = t.line
			row.Values = make(itsm.Attributes, 0, len(t.columns))
			for _, c := range t.columns {
				var value string
				if value, err = t.value(c); err != nil {
					break
				}
				switch {
				case value == "":
				case c.field == "class":
					row.Class = value
				case c.field == "key":
					row.Key = value
				default:
					row.Values = append(row.Values, itsm.Attribute{Key: c.field, Value: quote(value)})
				}
			}
			if err == nil && !yield(row, nil) {
				return
			}
		}
		if !errors.Is(err, io.EOF) {
			yield(Row{}, err)
		}
	}
}

// table reads a CSV file with a header.
type table struct {
	reader  *csv.Reader
	columns []column // those that are not left out, by the names of their fields
	line    int
	record  []string
}

type column struct {
	at            int
	header, field string
}

// openTable reads the header. known says which fields there may be, and allowed the same in words.
func openTable(from io.Reader, comma rune, fields map[string]string, known func(field string) bool, allowed string) (*table, error) {
	buffered := bufio.NewReader(from)
	if mark, err := buffered.Peek(3); err == nil && string(mark) == "\ufeff" {
		_, _ = buffered.Discard(len(mark)) // it is there
	}
	t := &table{reader: csv.NewReader(buffered)}
	if comma != 0 {
		if comma == '"' || comma == '\r' || comma == '\n' || !utf8.ValidRune(comma) || comma == utf8.RuneError {
			return nil, itsm.Invalid("comma", "delimiter", "value", string(comma), "want", "a character other than a quote and the end of a line")
		}
		t.reader.Comma = comma
	}
	header, err := t.reader.Read()
	if errors.Is(err, io.EOF) {
		return nil, &CSVError{Line: 1, Err: errors.New("the file is empty: a header is required")}
	}
	if err != nil {
		return nil, broken(err)
	}
	t.reader.ReuseRecord, t.reader.FieldsPerRecord = true, -1
	line, _ := t.reader.FieldPos(0)
	names, byField := map[string]bool{}, map[string]string{}
	for i, name := range header {
		name = strings.TrimSpace(name)
		field, mapped := name, true
		if fields != nil {
			field, mapped = fields[name]
		}
		if name == "" {
			return nil, &CSVError{Line: line, Err: fmt.Errorf("column %d has no name", i+1)}
		}
		wrong := func(format string, args ...any) (*table, error) {
			return nil, &CSVError{Line: line, Column: name, Err: fmt.Errorf(format, args...)}
		}
		switch {
		case !utf8.ValidString(name):
			return wrong("the name is no valid UTF-8")
		case names[name]:
			return wrong("the column is there twice")
		case !mapped:
			return wrong("the column is not in the mapping: want %s%s", list(slices.Sorted(maps.Keys(fields))), t.hint(header))
		case field == "-":
		case !known(field):
			return wrong("there is no field %q: want %s%s", clip(field), allowed, t.hint(header))
		case byField[field] != "":
			return wrong("column %q gives field %q already", byField[field], field)
		default:
			byField[field] = name
			t.columns = append(t.columns, column{i, name, field})
		}
		names[name] = true
	}
	for _, name := range slices.Sorted(maps.Keys(fields)) {
		if !names[name] {
			return nil, &CSVError{Line: line, Column: name, Err: fmt.Errorf("the mapping names the column, and the header does not have it: it has %s",
				clip(list(slices.Sorted(maps.Keys(names)))))}
		}
	}
	slices.SortFunc(t.columns, func(a, b column) int { return strings.Compare(a.field, b.field) })
	t.record = make([]string, len(header))
	return t, nil
}

// hint tells of a header that is one column, and looks as if it were several.
func (t *table) hint(header []string) string {
	if at := strings.IndexAny(header[0], ",;\t|"); at >= 0 && len(header) == 1 {
		return fmt.Sprintf("; if %q parts the columns, say so in Mapping.Comma", header[0][at:at+1])
	}
	return ""
}

// next reads a line; io.EOF behind the last one.
func (t *table) next() error {
	want := len(t.record)
	record, err := t.reader.Read()
	if err != nil {
		return broken(err)
	}
	t.record = record
	if t.line, _ = t.reader.FieldPos(0); len(record) != want {
		return &CSVError{Line: t.line, Err: fmt.Errorf("%d values, want %d as the header has", len(record), want)}
	}
	return nil
}

// value returns what a column says in the line that was read.
func (t *table) value(c column) (string, error) {
	value := strings.TrimSpace(t.record[c.at])
	if !utf8.ValidString(value) {
		return "", &CSVError{Line: t.line, Column: c.header, Err: fmt.Errorf("%q is no valid UTF-8", clip(value))}
	}
	return strings.Clone(value), nil
}

// broken gives an error of the reader its line.
func broken(err error) error {
	var parse *csv.ParseError
	if errors.As(err, &parse) {
		return &CSVError{Line: parse.Line, Err: fmt.Errorf("byte %d: %w", parse.Column, parse.Err)}
	}
	return err
}

// quote returns a text as JSON.
func quote(s string) string {
	if quoted := `"` + s + `"`; isPlain(quoted, len(s)) {
		return quoted
	}
	raw, err := json.Marshal(s)
	if err != nil {
		panic(err) // a text has JSON
	}
	return string(raw)
}
