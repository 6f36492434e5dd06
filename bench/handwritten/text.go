package handwritten

import (
	"strconv"
	"time"

	"github.com/itsmkit/itsm"
)

// count writes a number as the audit trail shows it; none is empty.
func count(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n)
}

func instant(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.Format(time.RFC3339)
}

func duration(d itsm.Duration) string {
	if d == 0 {
		return ""
	}
	return d.String()
}
