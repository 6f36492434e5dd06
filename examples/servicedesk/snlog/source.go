package snlog

import (
	"bufio"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"sync/atomic"
)

// maxRow is the longest row, in bytes, that is read. A quote that is never closed would otherwise take the
// rest of the file into memory.
const maxRow = 1 << 20

var errLongRow = errors.New("row is too long")

// counter counts the bytes read from the file.
type counter struct {
	from io.Reader
	n    atomic.Int64
}

// Read reads from the file and counts.
func (c *counter) Read(p []byte) (int, error) {
	n, err := c.from.Read(p)
	c.n.Add(int64(n))
	return n, err
}

// limit fails when one row takes more than maxRow bytes. The reader of rows sets left before each row.
type limit struct {
	from io.Reader
	left int
}

// Read reads unless the row has become too long.
func (l *limit) Read(p []byte) (int, error) {
	if l.left <= 0 {
		return 0, errLongRow
	}
	n, err := l.from.Read(p)
	l.left -= n
	return n, err
}

// unpack returns the text of the file, without compression and byte order mark.
func unpack(r io.Reader, gz bool) (io.Reader, *Error) {
	const chunk = 64 << 10
	raw := bufio.NewReaderSize(r, chunk)
	if _, err := raw.Peek(1); errors.Is(err, io.EOF) {
		return nil, empty()
	}
	text := raw
	if gz {
		z, err := gzip.NewReader(raw)
		if err != nil {
			return nil, broken(err)
		}
		text = bufio.NewReaderSize(z, chunk)
	}
	start, err := text.Peek(3)
	switch {
	case len(start) == 0 && errors.Is(err, io.EOF):
		return nil, empty()
	case len(start) == 0:
		return nil, broken(err)
	case !gz && len(start) > 1 && start[0] == 0x1f && start[1] == 0x8b:
		return nil, &Error{Why: "is compressed with gzip", Wanted: "text, or a name that ends in .gz"}
	case string(start) == "\ufeff":
		_, _ = text.Discard(len(start)) // it was peeked
	}
	return text, nil
}

// empty returns the fault of a file without a byte of text.
func empty() *Error { return &Error{Why: "is empty", Wanted: "a header row"} }

// broken says in the reader's words what went wrong below encoding/csv.
func broken(err error) *Error {
	switch {
	case errors.Is(err, gzip.ErrHeader):
		return &Error{Why: "is not gzip data", Wanted: "a file made by gzip", Err: err}
	case errors.Is(err, gzip.ErrChecksum):
		return &Error{Why: "is damaged: the gzip checksum does not fit the data", Err: err}
	case errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, io.EOF):
		return &Error{Why: "is cut short: the gzip data end too early", Err: io.ErrUnexpectedEOF}
	case errors.Is(err, errLongRow):
		return &Error{Why: "is too long", Wanted: fmt.Sprintf("at most %d bytes; is a quote not closed?", maxRow), Err: err}
	}
	return &Error{Why: err.Error(), Err: err}
}
