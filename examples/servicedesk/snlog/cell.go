package snlog

import (
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// cell is what a column held on the row before. Rows of one case follow each other and differ in few columns,
// so most cells need a comparison and nothing else.
type cell struct {
	raw  string // as in the file
	text string // as in the Row
	at   time.Time
	n    int
	flag bool
}

// text returns the value of a column, as one string for all equal values.
func (r *Reader) text(c column) string {
	raw, last := r.record[r.place[c]], &r.last[c]
	if raw == last.raw {
		return last.text
	}
	if why := unreadable(raw); why != "" {
		r.refuse(c, raw, why, "text in UTF-8")
		return ""
	}
	if missing(raw) {
		*last = cell{raw: raw}
		return ""
	}
	text := r.intern(raw)
	*last = cell{raw: text, text: text}
	return text
}

func (r *Reader) required(c column) string {
	text := r.text(c)
	if text == "" {
		r.refuse(c, "", "is missing", "a value on every row")
	}
	return text
}

func (r *Reader) date(c column) time.Time {
	raw, last := r.record[r.place[c]], &r.last[c]
	if raw == last.raw {
		return last.at
	}
	var at time.Time
	if !missing(raw) {
		var ok bool
		if at, ok = parseDate(raw); !ok {
			r.refuse(c, raw, "is not a date", dateFormat)
			return time.Time{}
		}
		at = r.instant(at)
	}
	*last = cell{raw: raw, at: at}
	return at
}

func (r *Reader) requiredDate(c column) time.Time {
	at := r.date(c)
	if at.IsZero() {
		r.refuse(c, "", "is missing", "a date on every row")
	}
	return at
}

func (r *Reader) count(c column) int {
	raw, last := r.record[r.place[c]], &r.last[c]
	if raw == last.raw {
		return last.n
	}
	n := 0
	if !missing(raw) {
		var ok bool
		if n, ok = parseCount(raw); !ok {
			r.refuse(c, raw, "is not a count", "a whole number from 0 to 999999999")
			return 0
		}
	}
	*last = cell{raw: raw, n: n}
	return n
}

func (r *Reader) boolean(c column) bool {
	raw, last := r.record[r.place[c]], &r.last[c]
	if raw == last.raw {
		return last.flag
	}
	flag := strings.EqualFold(raw, "true")
	if !flag && !strings.EqualFold(raw, "false") && !missing(raw) {
		r.refuse(c, raw, "is not a truth value", "true or false")
		return false
	}
	*last = cell{raw: raw, flag: flag}
	return flag
}

// refuse keeps the first fault of a row.
func (r *Reader) refuse(c column, value, why, wanted string) {
	if r.err == nil {
		r.err = &Error{File: r.name, Row: r.line, Column: r.names[r.place[c]], Value: strings.Clone(value),
			Why: why, Wanted: wanted}
	}
}

// missing tells whether the log says that there is no value.
func missing(raw string) bool { return raw == "?" || raw == "" }

// unreadable tells why a text cannot be kept: "" if it can.
func unreadable(s string) string {
	switch {
	case strings.IndexByte(s, 0) >= 0:
		return "holds a NUL"
	case !utf8.ValidString(s):
		return "is not UTF-8"
	}
	return ""
}

func parseCount(s string) (int, bool) {
	if len(s) > 9 || s[0] < '0' || s[0] > '9' {
		return 0, false
	}
	n, err := strconv.Atoi(s)
	return n, err == nil
}

// intern returns one string for all equal texts. The copy does not hold on to the row. A log with more
// different texts than the table is meant for is read all the same, with one string a cell.
func (r *Reader) intern(s string) string {
	const most = 1 << 17
	if t, ok := r.texts[s]; ok {
		return t
	}
	t := strings.Clone(s)
	if len(r.texts) < most {
		r.texts[t] = t
	}
	return t
}
