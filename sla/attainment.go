package sla

import (
	"cmp"
	"iter"
	"slices"
	"strconv"
	"time"

	"github.com/itsmkit/itsm"
)

// whole is a hundred percent in hundredths of a percent.
const whole = 10_000

// Dimension is what attainment may be told by, beside the period.
type Dimension string

// The dimensions. The group of an operational clock that is for each group is the one that it is for; of all others it
// is the one that held the record when the clock last changed.
const (
	PerService   Dimension = "service"
	PerCustomer  Dimension = "customer"
	PerPriority  Dimension = "priority"
	PerGroup     Dimension = "group"
	PerAgreement Dimension = "agreement"
	PerTarget    Dimension = "target"
	PerType      Dimension = "type"
)

// Choices returns the dimensions for a pick box.
func (Dimension) Choices() []string {
	return []string{string(PerService), string(PerCustomer), string(PerPriority), string(PerGroup), string(PerAgreement), string(PerTarget), string(PerType)}
}

// AttainOptions say how attainment is told. Now is required.
type AttainOptions struct {
	Now    time.Time   `json:"now"`              // the moment at which clocks that go are judged
	Period Period      `json:"period,omitempty"` // month if it is empty
	Zone   string      `json:"zone,omitempty"`   // IANA zone in which periods begin; UTC if it is empty
	By     []Dimension `json:"by,omitempty"`
}

// Attained is what became of the clocks of one period, and of one value of each dimension that was asked for; those that
// were not are empty.
//
// Clocks that were cancelled are left out. A clock belongs to the period in which it was decided; one that goes on behind
// its breach to that of the breach; any other one that goes to the period of now.
type Attained struct {
	Length Period    `json:"length"`
	Period string    `json:"period"` // "2026-03", "2026-Q1", "2026"
	From   time.Time `json:"from"`
	Until  time.Time `json:"until"` // exclusive

	Service   itsm.Ref      `json:"service,omitzero"`
	Customer  string        `json:"customer,omitempty"`
	Priority  string        `json:"priority,omitempty"`
	Group     string        `json:"group,omitempty"`
	Agreement itsm.Ref      `json:"agreement,omitzero"`
	Target    string        `json:"target,omitempty"`
	Type      AgreementType `json:"type,omitempty"`

	Met      int `json:"met"`
	Missed   int `json:"missed"`   // decided
	Breached int `json:"breached"` // they go on, and count as missed
	Pending  int `json:"pending"`  // they go on, and do not count
}

// Counted is the number of clocks that the attainment is of: those that were decided, and those that are breached.
func (a Attained) Counted() int { return a.Met + a.Missed + a.Breached }

// Rate is the share that was met in hundredths of a percent, rounded half to even: 9333 is 93.33 %. It is for people; what is
// decided by it is decided by the counts. False: nothing counts yet.
func (a Attained) Rate() (int, bool) {
	n := a.Counted()
	if n == 0 {
		return 0, false
	}
	quotient, rest := a.Met*whole/n, a.Met*whole%n
	if 2*rest > n || 2*rest == n && quotient%2 == 1 {
		quotient++
	}
	return quotient, true
}

// below tells exactly whether less than so many hundredths of a percent were met; false where nothing counts.
func (a Attained) below(hundredths int) bool { return a.Met*whole < hundredths*a.Counted() }

// add adds the counts of another row.
func (a *Attained) add(b Attained) {
	a.Met, a.Missed, a.Breached, a.Pending = a.Met+b.Met, a.Missed+b.Missed, a.Breached+b.Breached, a.Pending+b.Pending
}

// Attain counts clocks, such as those of Desk.All, by period and the dimensions asked for. The rows come in the order of
// period, type, agreement, target, service, customer, group and priority; one without any clock is not there.
func Attain(clocks iter.Seq2[Clock, error], o AttainOptions) ([]Attained, error) {
	zone, err := o.check()
	if err != nil {
		return nil, err
	}
	rows := map[Attained]*Attained{}
	for c, err := range clocks {
		if err != nil {
			return nil, err
		}
		at, count := result(&c, o.Now)
		if count == (Attained{}) {
			continue
		}
		key := o.key(&c)
		key.Length = cmp.Or(o.Period, Month)
		key.Period, key.From, key.Until = key.Length.of(at.In(zone))
		if rows[key] == nil {
			row := key
			rows[key] = &row
		}
		rows[key].add(count)
	}
	out := make([]Attained, 0, len(rows))
	for _, row := range rows {
		out = append(out, *row)
	}
	slices.SortFunc(out, Attained.compare)
	return out, nil
}

func (o *AttainOptions) check() (*time.Location, error) {
	if o.Now.IsZero() {
		return nil, itsm.Invalid("now", "required")
	}
	if o.Period != "" && !slices.Contains(o.Period.Choices(), string(o.Period)) {
		return nil, itsm.Invalid("period", "choice", "value", clip(string(o.Period)))
	}
	for i, d := range o.By {
		if !slices.Contains(d.Choices(), string(d)) {
			return nil, itsm.Invalid("by["+strconv.Itoa(i)+"]", "choice", "value", clip(string(d)))
		}
	}
	if o.Zone == "Local" {
		return nil, itsm.Invalid("zone", "zone", "value", o.Zone)
	}
	zone, err := time.LoadLocation(o.Zone)
	if err != nil {
		return nil, itsm.Invalid("zone", "zone", "value", clip(o.Zone))
	}
	return zone, nil
}

// result returns when a clock counts, and as what; nothing for one that was cancelled.
func result(c *Clock, now time.Time) (time.Time, Attained) {
	switch x := &c.Reading; {
	case c.State == Met:
		return x.StoppedAt, Attained{Met: 1}
	case c.State == Missed:
		return x.StoppedAt, Attained{Missed: 1}
	case !goes(c.State):
		return now, Attained{}
	case !x.BreachedAt.IsZero():
		return x.BreachedAt, Attained{Breached: 1}
	case !x.DueAt.IsZero() && x.DueAt.Before(now): // no sweep has noted it yet
		return x.DueAt, Attained{Breached: 1}
	}
	return now, Attained{Pending: 1}
}

// key returns a row with the values of a clock in the dimensions.
func (o *AttainOptions) key(c *Clock) Attained {
	var key Attained
	x := &c.Reading
	for _, d := range o.By {
		switch d {
		case PerService:
			key.Service = x.Service
		case PerCustomer:
			key.Customer = x.Customer
		case PerPriority:
			key.Priority = x.Priority
		case PerGroup:
			if key.Group = x.Group; x.Type == OLA && x.Holder != "" {
				key.Group = x.Holder
			}
		case PerAgreement:
			key.Agreement = x.Agreement
		case PerTarget:
			key.Target = x.Target
		case PerType:
			key.Type = x.Type
		}
	}
	return key
}

// of returns the period in which an instant lies, in its location.
func (p Period) of(t time.Time) (string, time.Time, time.Time) {
	year, month := t.Year(), t.Month()
	name, months := t.Format("2006-01"), 1
	switch p {
	case Quarter:
		quarter := (int(month) + 2) / 3
		name, month, months = t.Format("2006")+"-Q"+strconv.Itoa(quarter), time.Month(quarter*3-2), 3
	case Year:
		name, month, months = t.Format("2006"), time.January, 12
	}
	return name, beginning(year, month, t.Location()), beginning(year, month+time.Month(months), t.Location())
}

// beginning returns the first instant of a month.
func beginning(year int, month time.Month, zone *time.Location) time.Time {
	at := time.Date(year, month, 1, 0, 0, 0, 0, zone)
	if at.Day() != 1 { // the zone skips this midnight, and package time takes an instant before it
		_, at = at.ZoneBounds()
	}
	return itsm.Instant(at)
}

func (a Attained) compare(b Attained) int {
	return cmp.Or(a.From.Compare(b.From), cmp.Compare(a.Type, b.Type), cmp.Compare(a.Agreement.String(), b.Agreement.String()),
		cmp.Compare(a.Target, b.Target), cmp.Compare(a.Service.String(), b.Service.String()), cmp.Compare(a.Customer, b.Customer),
		cmp.Compare(a.Group, b.Group), cmp.Compare(a.Priority, b.Priority))
}
