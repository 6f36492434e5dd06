package register

import (
	"context"
	"strings"
	"time"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/calendar"
)

// Depreciate posts the charges of all periods that end by a day, each once. It is refused where there is none.
type Depreciate struct {
	Until calendar.Date `json:"until"`
	Book  string        `json:"book,omitempty"` // "" is all books
}

// Name returns "depreciate".
func (Depreciate) Name() string { return "depreciate" }

// Apply posts the charges.
func (x Depreciate) Apply(a *Asset, m itsm.Moment) error {
	if err := checkDate("until", x.Until); err != nil {
		return err
	}
	if x.Book != "" && a.Book(x.Book) == nil {
		return a.noBook(x.Book)
	}
	var out Entry
	for i := range a.Charges {
		c := &a.Charges[i]
		if c.Status == Planned && c.Until.Compare(x.Until) <= 0 && (x.Book == "" || c.Book == x.Book) {
			c.Status = Posted
			out.Charges = append(out.Charges, *c)
		}
	}
	if len(out.Charges) == 0 {
		return itsm.Deny("nothing_due", "until", x.Until.String(), "next", a.next().String())
	}
	return out.record(m)
}

// next returns the end of the first planned charge, the zero Date if there is none.
func (a *Asset) next() calendar.Date {
	var first calendar.Date
	for i := range a.Charges {
		if c := &a.Charges[i]; c.Status == Planned && (first.IsZero() || c.Until.Compare(first) < 0) {
			first = c.Until
		}
	}
	return first
}

func (a *Asset) noBook(name string) error {
	return itsm.Invalid("book", "unknown", "value", name, "allowed", strings.Join(a.names(), ", "))
}

// DepreciateAll posts the charges of all periods that end by a day, of all assets of the tenant of the context's actor,
// and returns of how many. A second call with the same day finds nothing to do. What single records and permissions mean
// for it is told at [itsm.Desk.Sweep].
func DepreciateAll(ctx context.Context, d *itsm.Desk[Asset], until calendar.Date, at time.Time) (int, error) {
	if err := checkDate("until", until); err != nil {
		return 0, err
	}
	return d.Sweep(ctx, itsm.Where(ByNext.To(midnight(until))), at, Depreciate{Until: until})
}

func midnight(d calendar.Date) time.Time {
	if d.IsZero() {
		return time.Time{}
	}
	return time.Date(d.Year, d.Month, d.Day, 0, 0, 0, 0, time.UTC)
}
