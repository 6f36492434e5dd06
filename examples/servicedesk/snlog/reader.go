package snlog

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/csv"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"os"
	"strings"
	"time"
)

// Reader reads a log row by row. It is made by [Open] or [NewReader]. One goroutine may use it; only
// [Reader.Progress] may be called from another.
type Reader struct {
	name    string
	file    io.Closer // nil if the caller owns the source
	size    int64
	counter counter
	limit   limit
	csv     *csv.Reader
	zone    *time.Location // nil: UTC

	names []string         // of the columns in the file
	known []bool           // whether a column of the file is one of a Row
	place [columnCount]int // where the columns of a Row are in the file

	record []string
	last   [columnCount]cell
	texts  map[string]string
	line   int
	rows   int
	sum    hash.Hash
	raw    []byte // a row on its way to the sum
	err    error  // once set, all that Next returns
}

// Open opens a log and reads its header. A path that ends in ".gz" is decompressed. The error is an [*Error].
func Open(path string) (*Reader, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fileError(path, err)
	}
	var size int64
	if info, err := f.Stat(); err == nil && info.Mode().IsRegular() {
		size = info.Size()
	}
	r, err := NewReader(path, f, strings.HasSuffix(strings.ToLower(path), ".gz"))
	if err != nil {
		_ = f.Close() // nothing was written
		return nil, err
	}
	r.file, r.size = f, size
	return r, nil
}

// NewReader reads a log from r, compressed with gzip if gz is set, and returns when it has read the header.
// The name stands in errors. The error is an [*Error]. Close does not close r.
func NewReader(name string, r io.Reader, gz bool) (*Reader, error) {
	l := &Reader{name: name, counter: counter{from: r}, texts: make(map[string]string), sum: sha256.New()}
	text, fault := unpack(&l.counter, gz)
	if fault != nil {
		return nil, l.fault(0, *fault)
	}
	l.limit = limit{from: text, left: maxRow}
	l.csv = csv.NewReader(&l.limit)
	l.csv.ReuseRecord = true
	l.csv.FieldsPerRecord = -1 // compared in Next, where the columns have names
	names, err := l.csv.Read()
	if errors.Is(err, io.EOF) {
		return nil, l.fault(0, *empty())
	}
	if err != nil {
		return nil, l.broken(names, err)
	}
	l.line, _ = l.csv.FieldPos(0)
	if fault := l.header(names); fault != nil {
		return nil, l.fault(l.line, *fault)
	}
	return l, nil
}

// In makes the reader read wall times in a zone, from the next row on; nil is UTC. A time that the zone had twice, when
// its clocks went back, is one of the two; one that it skipped is moved by as much as the clocks were. It returns r.
func (r *Reader) In(zone *time.Location) *Reader {
	r.zone = zone
	r.last = [columnCount]cell{}
	return r
}

// Zone returns the zone of [Reader.In], nil for UTC.
func (r *Reader) Zone() *time.Location { return r.zone }

// Next returns the next row of data, or io.EOF after the last. A file with a header and no data gives io.EOF
// at once. Any other error is an [*Error], and final: each further call returns it again. The caller may keep
// the row.
func (r *Reader) Next() (Row, error) {
	if r.err != nil {
		return Row{}, r.err
	}
	r.limit.left = maxRow
	record, err := r.csv.Read()
	if errors.Is(err, io.EOF) {
		r.err = io.EOF
		return Row{}, r.err
	}
	if err != nil {
		r.err = r.broken(record, err)
		return Row{}, r.err
	}
	r.record = record
	r.line, _ = r.csv.FieldPos(0)
	if r.err = r.shape(); r.err != nil {
		return Row{}, r.err
	}
	row := r.row()
	if r.err != nil {
		return Row{}, r.err
	}
	r.rows++
	r.add()
	return row, nil
}

// add takes the row into the sum, each field with its length.
func (r *Reader) add() {
	r.raw = r.raw[:0]
	for _, field := range r.record {
		r.raw = append(binary.AppendUvarint(r.raw, uint64(len(field))), field...)
	}
	_, _ = r.sum.Write(r.raw) // a hash has no error
}

// Sum returns a checksum of the rows that Next has returned: of two logs, and whether one goes on where the other ended.
func (r *Reader) Sum() string { return hex.EncodeToString(r.sum.Sum(nil)) }

// shape checks what the typed cells do not: the length of the row and the columns that a Row does not have.
func (r *Reader) shape() error {
	have, want := len(r.record), len(r.names)
	switch {
	case have < want:
		return r.fault(r.line, Error{Column: r.names[have],
			Why: fmt.Sprintf("is missing: the row ends after %d of %d fields", have, want)})
	case have > want:
		return r.fault(r.line, Error{Why: fmt.Sprintf("has %d fields", have), Wanted: fmt.Sprint(want)})
	}
	for i, known := range r.known {
		if known {
			continue
		}
		if why := unreadable(r.record[i]); why != "" {
			return r.fault(r.line, Error{Column: r.names[i], Value: strings.Clone(r.record[i]), Why: why,
				Wanted: "text in UTF-8"})
		}
	}
	return nil
}

// Name returns the name that the log was opened with.
func (r *Reader) Name() string { return r.name }

// Line returns where the row that Next returned last begins in the file: the header is line 1, so the first
// row of data is line 2 (unless a cell before it holds a line break).
func (r *Reader) Line() int { return r.line }

// Rows returns how many rows of data Next has returned.
func (r *Reader) Rows() int { return r.rows }

// Progress returns how many bytes of the file have been consumed, before decompression, and the size of the
// file, 0 if it is not known.
func (r *Reader) Progress() (done, size int64) { return r.counter.n.Load(), r.size }

// Close closes the file that [Open] opened.
func (r *Reader) Close() error {
	if r.file == nil {
		return nil
	}
	f := r.file
	r.file = nil
	return f.Close()
}

// broken gives an error of encoding/csv, or from below it, its place. The record holds the fields before it.
func (r *Reader) broken(record []string, err error) error {
	var syntax *csv.ParseError
	if !errors.As(err, &syntax) {
		row := r.line + 1 // the row that could not be read, counting from the last that could
		return r.fault(row, *broken(err))
	}
	why := "holds a bare quote"
	if errors.Is(err, csv.ErrQuote) {
		why = "has a quote that is not closed, or text after the one that closes it"
	}
	e := Error{Why: why, Wanted: `"…" around a whole field, and "" for a quote in it`, Err: err}
	if i := len(record); i < len(r.names) {
		e.Column = r.names[i]
	}
	return r.fault(syntax.StartLine, e)
}

// fault adds the place to a copy of e.
func (r *Reader) fault(row int, e Error) error {
	e.File, e.Row = r.name, row
	return &e
}

func fileError(path string, err error) error {
	e := &Error{File: path, Why: err.Error(), Err: err}
	var pe *os.PathError
	if errors.As(err, &pe) {
		e.Why = "cannot be opened: " + pe.Err.Error()
	}
	return e
}
