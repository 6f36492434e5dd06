package focus

import (
	"errors"
	"fmt"
	"strings"
)

// The errors of this package, matched with errors.Is. Those of the io.Reader pass through.
var (
	ErrHeader  = errors.New("header")  // *HeaderError
	ErrRow     = errors.New("row")     // *RowError
	ErrInvoice = errors.New("invoice") // a given invoice that the charges cannot add up to
)

// Problem is one thing wrong with one row. Its rule is stable:
//
//	required          the value is null and must not be
//	must_be_null      the value must be null in such a row
//	choice            not one of the allowed values
//	number            no decimal number
//	digits            a number with more decimals or digits than fit
//	negative          a negative unit price
//	currency          no currency of ISO 4217
//	date_time         no instant in UTC
//	period            an end that is not after its start
//	key_value         no JSON object of plain values
//	utf8              no valid text
//	fields            more or fewer fields than the header
//	csv               a quote that is out of place
//	missing, unknown  a column, reported of the header by a lenient reader
type Problem struct {
	Column  string `json:"column,omitempty"`
	Rule    string `json:"rule"`
	Value   string `json:"value,omitempty"`   // what stands there, shortened
	Allowed string `json:"allowed,omitempty"` // what may stand there
}

// String returns the problem as part of a sentence.
func (p Problem) String() string {
	s := p.Rule
	if p.Column != "" {
		s = p.Column + ": " + s
	}
	if p.Value != "" {
		s += fmt.Sprintf(" %q", p.Value)
	}
	if p.Allowed != "" {
		s += ", want " + p.Allowed
	}
	return s
}

// RowError says what is wrong with a row. It is [ErrRow].
type RowError struct {
	Line     int       `json:"line"` // of the dataset; the header is line 1
	Problems []Problem `json:"problems"`
}

func (e *RowError) Error() string {
	parts := make([]string, len(e.Problems))
	for i, p := range e.Problems {
		parts[i] = p.String()
	}
	return fmt.Sprintf("focus: line %d: %s", e.Line, strings.Join(parts, "; "))
}

// Is makes errors.Is(e, ErrRow) hold.
func (e *RowError) Is(target error) bool { return target == ErrRow }

// HeaderError says what is wrong with the header. It is [ErrHeader].
type HeaderError struct {
	Missing []string // mandatory columns that are not there
	Unknown []string // columns that FOCUS does not define, without the prefix x_
	Twice   []string // columns that are there more than once
	Cause   error    // no header can be read
}

func (e *HeaderError) Error() string {
	var parts []string
	for _, list := range []struct {
		what  string
		names []string
	}{{"mandatory columns are missing: ", e.Missing}, {"columns occur twice: ", e.Twice},
		{"columns are not of FOCUS 1.2 and do not begin with x_: ", e.Unknown}} {
		if len(list.names) > 0 {
			parts = append(parts, list.what+strings.Join(list.names, ", "))
		}
	}
	if e.Cause != nil {
		parts = append(parts, e.Cause.Error())
	}
	return "focus: header: " + strings.Join(parts, "; ")
}

// Is makes errors.Is(e, ErrHeader) hold.
func (e *HeaderError) Is(target error) bool { return target == ErrHeader }

// Unwrap returns why no header can be read.
func (e *HeaderError) Unwrap() error { return e.Cause }

// clip shortens what a message quotes to 40 bytes of valid text.
func clip(s string) string {
	if len(s) > 40 {
		s = s[:40] + "…"
	}
	return strings.ToValidUTF8(s, "?")
}
