package report

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// number writes thousands with commas: 90,268.
func number(n int) string {
	digits := strconv.Itoa(n)
	sign := ""
	if n < 0 {
		sign, digits = "−", digits[1:]
	}
	for i := len(digits) - 3; i > 0; i -= 3 {
		digits = digits[:i] + "," + digits[i:]
	}
	return sign + digits
}

// plural writes a number of things.
func plural(n int, thing string) string {
	if n == 1 {
		return "1 " + thing
	}
	return number(n) + " " + thing + "s"
}

// percent writes a share with as many decimals as it needs: 53.7 %, 0.26 %.
func percent(part, whole int) string {
	if whole == 0 {
		return "–"
	}
	share := 100 * float64(part) / float64(whole)
	decimals := 1
	if share > 0 && share < 1 {
		decimals = 2
	}
	if share == math.Trunc(share) {
		decimals = 0
	}
	return strconv.FormatFloat(share, 'f', decimals, 64) + " %"
}

// label makes a name of a state, an action or a reason readable: "in_progress" becomes "In progress". Names
// that are written with capitals already stay as they are.
func label(s string) string {
	s = clean(s)
	if s == "" {
		return "(none)"
	}
	if s != strings.ToLower(s) {
		return s
	}
	s = strings.NewReplacer("_", " ", "-", " ").Replace(s)
	first, size := utf8.DecodeRuneInString(s)
	return string(unicode.ToUpper(first)) + s[size:]
}

// name shows a text of the data as it is, "(none)" for "".
func name(s string) string {
	if s = clean(s); s == "" {
		return "(none)"
	}
	return s
}

// clean replaces what could do harm in a terminal or turn the direction of a line: control and format
// characters, line breaks and bytes that are not UTF-8.
func clean(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\r' || r == '\t':
			return ' '
		case r == '\u200d': // joins emoji
			return r
		case unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || unicode.Is(unicode.Zl, r) || unicode.Is(unicode.Zp, r):
			return utf8.RuneError
		}
		return r
	}, s)
}

func stamp(t time.Time) string {
	if t.IsZero() {
		return "–"
	}
	return t.Format("2006-01-02 15:04")
}

// period writes the days of a span.
func period(p Period) string {
	if p.From.IsZero() {
		return "no dates"
	}
	return fmt.Sprintf("%s to %s", p.From.Format("2 January 2006"), p.To.Format("2 January 2006"))
}

// step writes a state with its reason.
func step(s Step) string {
	if s.Reason == "" {
		return label(s.State)
	}
	return label(s.State) + " (" + strings.ToLower(label(s.Reason)) + ")"
}

// route writes a path; a long one without its middle.
func route(path []Step, most int) string {
	words := make([]string, 0, len(path))
	for _, s := range path {
		words = append(words, step(s))
	}
	if len(words) > most {
		left := len(words) - most
		tail := append([]string{fmt.Sprintf("… %d more …", left)}, words[len(words)-most/2:]...)
		words = append(words[:most-most/2:most-most/2], tail...)
	}
	return strings.Join(words, " → ")
}

// weekdays returns the names that the axes show, Monday first.
func weekdays() [7]string { return [7]string{"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"} }
