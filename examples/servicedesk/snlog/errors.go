package snlog

import (
	"fmt"
	"strconv"
	"strings"
)

// Error says what is wrong with a log and where.
type Error struct {
	File   string // the name that the log was opened with
	Row    int    // the line in the file, the header is 1; 0 if the file as a whole is meant
	Column string // the name in the header; "" if the row as a whole is meant
	Value  string // the text found; "" if there is none to show
	Why    string // what is wrong with it: "is not a date"
	Wanted string // what would be right: "d/m/yyyy hh:mm"; may be ""
	Err    error  // the cause, if there is one: from the file system, gzip or encoding/csv
}

// Error returns a sentence such as
//
//	log.csv: row 17, column opened_at: "31/2/2016 10:00" is not a date (want d/m/yyyy hh:mm)
func (e *Error) Error() string {
	var b strings.Builder
	b.WriteString(e.File)
	switch {
	case e.Row > 0 && e.Column != "":
		fmt.Fprintf(&b, ": row %d, column %s", e.Row, e.Column)
	case e.Row > 0:
		fmt.Fprintf(&b, ": row %d", e.Row)
	case e.Column != "":
		fmt.Fprintf(&b, ": column %s", e.Column)
	}
	b.WriteString(": ")
	if e.Value != "" {
		b.WriteString(strconv.Quote(clip(e.Value)))
		b.WriteByte(' ')
	}
	b.WriteString(e.Why)
	if e.Wanted != "" {
		fmt.Fprintf(&b, " (want %s)", e.Wanted)
	}
	return b.String()
}

// Unwrap returns the cause, so that errors.Is finds fs.ErrNotExist and io.ErrUnexpectedEOF.
func (e *Error) Unwrap() error { return e.Err }

// clip shortens a long value: an error is read by a person.
func clip(s string) string {
	const most = 60
	if len(s) <= most {
		return s
	}
	return s[:most] + "…"
}
