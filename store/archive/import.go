package archive

import (
	"bufio"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"

	"github.com/itsmkit/itsm"
)

// Import reads an archive into a store that is empty but for its kinds. It refuses, and leaves the store empty, what
// is not whole and unchanged: a file that was cut off or altered, a kind that the store was not given, a record without
// one of its events, events that do not replay to their record, a newer version of the format. The error names the line
// (see [LineError]) if it is the archive's.
func Import(ctx context.Context, to Target, r io.Reader) error {
	kinds := to.Kinds()
	if err := to.Load(ctx, func(s Sink) error { return read(ctx, r, kinds, s) }); err != nil {
		return fmt.Errorf("archive: import: %w", err)
	}
	return nil
}

// Verify reads an archive as Import does, and stores nothing: it tells whether a store with these kinds would take it,
// but for values that are unique, which only a store can know.
func Verify(ctx context.Context, r io.Reader, kinds ...*itsm.Shape) error {
	if err := read(ctx, r, kinds, nowhere{}); err != nil {
		return fmt.Errorf("archive: verify: %w", err)
	}
	return nil
}

// nowhere is a sink that keeps nothing.
type nowhere struct{}

func (nowhere) Record(*itsm.Shape, any) error           { return nil }
func (nowhere) Event(int64, bool, *itsm.Event) error    { return nil }
func (nowhere) Places(int64) error                      { return nil }
func (nowhere) Series(string, string, int64) error      { return nil }
func (nowhere) Consumer(c itsm.Consumer, _ int64) error { return nil }

// reader reads the lines of an archive.
type reader struct {
	from *bufio.Reader
	sum  hash.Hash
	line int64
}

// read verifies an archive, and hands what it holds to a sink.
func read(ctx context.Context, from io.Reader, kinds []*itsm.Shape, to Sink) error {
	r := &reader{from: bufio.NewReaderSize(from, 64<<10), sum: sha256.New()}
	v := &verifier{to: to, kinds: map[string]*itsm.Shape{}}
	for _, s := range kinds {
		v.kinds[s.Name()] = s
	}
	err := r.all(ctx, v)
	if err == nil || ctx.Err() != nil {
		return err
	}
	var lost *readError
	if errors.As(err, &lost) {
		return lost.error
	}
	return &LineError{Line: r.line, Err: err}
}

// readError is that of the file, not of what it holds.
type readError struct{ error }

func (r *reader) all(ctx context.Context, v *verifier) error {
	for v.at < atEnd {
		if r.line%256 == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		raw, err := r.next()
		if err != nil {
			return err
		}
		if r.line == 1 {
			if err := begin(raw); err != nil {
				return err
			}
		} else if err := r.take(v, raw); err != nil {
			return err
		}
		r.sum.Write(raw) //nolint:errcheck // a hash has no error
	}
	switch _, err := r.from.ReadByte(); {
	case err == nil:
		return errors.New("something follows the end")
	case err != io.EOF: //nolint:errorlint // a reader returns it as it is
		return &readError{err}
	}
	return nil
}

// next returns the next line with its line break.
func (r *reader) next() ([]byte, error) {
	r.line++
	var long []byte
	for {
		part, err := r.from.ReadSlice('\n')
		if long == nil && err == nil {
			return part, nil
		}
		long = append(long, part...)
		switch {
		case err == nil:
			return long, nil
		case len(long) > maxLine:
			return nil, fmt.Errorf("is longer than %d bytes", maxLine)
		case err == bufio.ErrBufferFull: //nolint:errorlint // a bufio.Reader returns it as it is
		case err != io.EOF: //nolint:errorlint // a reader returns it as it is
			return nil, &readError{err}
		case len(long) > 0:
			return nil, errors.New("the archive was cut off within the line")
		default:
			r.line = 0
			return nil, errors.New("its last line is missing: it was cut off")
		}
	}
}

// begin checks the first line.
func begin(raw []byte) error {
	h, err := decodeHeader(raw)
	if err != nil {
		return err
	}
	return same(raw, &line{Archive: h})
}

// same refuses a line that is not written in the one form in which the library writes it: nothing else would notice a
// change of one that the checksum leaves out, or of a version that it does not know.
func same(raw []byte, l *line) error {
	want, err := l.encode()
	if err == nil && !bytes.Equal(raw, want) {
		err = fmt.Errorf("want exactly %s", bytes.TrimSpace(want))
	}
	return err
}

// take decodes a line and hands what it says to the verifier.
func (r *reader) take(v *verifier, raw []byte) error {
	l, err := decode(raw)
	if err != nil {
		return err
	}
	if l.End == nil {
		return v.take(l)
	}
	if err := v.take(l); err != nil {
		return err
	}
	if sum := hex.EncodeToString(r.sum.Sum(nil)); l.End.SHA256 != sum {
		return fmt.Errorf("the checksum of the lines before is %s, the end says %q: the archive was changed", sum, l.End.SHA256)
	}
	return same(raw, l)
}
