package sla

import (
	"cmp"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/calendar"
)

// Terms are agreements with what says where records hold what they ask for. They are plain data with a JSON form.
type Terms struct {
	Subjects   []Subject   `json:"subjects"`
	Agreements []Agreement `json:"agreements"`
}

// Rules are terms that were checked and compiled. They never change and are safe for concurrent use.
//
// Of several agreements of one type that cover a record at an instant the more specific one counts: one that names the
// service before one that names the customer, that before one that names the group, that before one with a condition,
// and that before one that covers everything. A clock that goes stays with its agreement for as long as that covers the
// record, also where a more specific one has come to cover it: then the other one counts for the clocks that start.
type Rules struct {
	subjects map[string]*subject
}

// subject is a kind of records under the rules.
type subject struct {
	Subject
	slots    *slots
	deals    []*deal
	types    []AgreementType // of the deals, in the order in which they are taken
	dates    []time.Time     // at which an agreement begins or ends
	service  int             // slots, or -1
	customer int
	group    int
	priority int
}

// deal is an agreement, compiled.
type deal struct {
	*Agreement
	of       *subject
	rank     int
	services []string // JSON values, sorted
	covers   *test
	goals    []*goal
	hours    map[string]*calendar.Calendar
	usual    *calendar.Calendar // the first one
}

// Compile checks terms. It returns everything that is wrong with them: an unknown calendar, an amount of nothing or of
// more than ten years, two agreements that would cover the same record.
func Compile(t Terms) (*Rules, error) {
	r := &Rules{subjects: map[string]*subject{}}
	var problems []error
	for _, s := range t.Subjects {
		if s.Kind == "" || r.subjects[s.Kind] != nil {
			problems = append(problems, fmt.Errorf("sla: subjects: kind %q is empty or there twice", s.Kind))
			continue
		}
		r.subjects[s.Kind] = newSubject(s)
	}
	for i := range t.Agreements {
		a := t.Agreements[i]
		if a.ID == (itsm.ID{}) {
			a.ID = a.digest()
		}
		s := r.subjects[a.Kind]
		if s == nil {
			problems = append(problems, fmt.Errorf("sla: agreement %s: kind %q is not among the subjects", a.called(), a.Kind))
			continue
		}
		d, err := s.deal(&a)
		if err != nil {
			problems = append(problems, fmt.Errorf("sla: agreement %s: %w", a.called(), err))
			continue
		}
		s.deals = append(s.deals, d)
	}
	if err := errors.Join(problems...); err != nil {
		return nil, err
	}
	for _, s := range r.subjects {
		slices.SortStableFunc(s.deals, func(a, b *deal) int {
			return cmp.Or(cmp.Compare(b.rank, a.rank), b.ValidFrom.Compare(a.ValidFrom))
		})
		s.know()
		problems = append(problems, s.ties())
	}
	if err := errors.Join(problems...); err != nil {
		return nil, err
	}
	return r, nil
}

func newSubject(of Subject) *subject {
	s := &subject{Subject: of, slots: newSlots()}
	slot := func(field string) int {
		if field == "" {
			return -1
		}
		return s.slots.field(field)
	}
	s.service, s.customer, s.group, s.priority = slot(of.Service), slot(of.Customer), slot(of.Group), slot(of.Priority)
	return s
}

// know notes what there is among the agreements, so that nobody looks for what there is not.
func (s *subject) know() {
	for _, t := range [...]AgreementType{SLA, OLA, UC} {
		if slices.ContainsFunc(s.deals, func(d *deal) bool { return d.Type == t }) {
			s.types = append(s.types, t)
		}
	}
	for _, d := range s.deals {
		for _, at := range [...]time.Time{d.ValidFrom, d.ValidUntil} {
			if !at.IsZero() {
				s.dates = append(s.dates, at)
			}
		}
	}
}

// dated tells whether an agreement begins or ends behind one instant and up to another one.
func (s *subject) dated(after, until time.Time) bool {
	return slices.ContainsFunc(s.dates, func(at time.Time) bool { return at.After(after) && !at.After(until) })
}

// digest returns an ID for an agreement that is not stored: the same terms have the same one.
func (a *Agreement) digest() itsm.ID {
	raw, _ := json.Marshal(a) // an agreement that cannot be written is refused by what follows
	sum := sha256.Sum256(raw)
	id := itsm.ID(sum[:16])
	id[6], id[8] = id[6]&0x0f|0x80, id[8]&0x3f|0x80 // version 8: made as one likes (RFC 9562)
	return id
}

// rank orders agreements by how specific they are.
func (a *Agreement) rank() int {
	rank := 0
	for i, given := range []bool{!a.Covers.IsZero(), len(a.Groups) > 0, len(a.Customers) > 0, len(a.Services) > 0} {
		if given {
			rank += 1 << i
		}
	}
	return rank
}

// deal compiles an agreement that was checked.
func (s *subject) deal(a *Agreement) (*deal, error) {
	found := a.problems()
	a.choices(found)
	for _, x := range []struct {
		given bool
		slot  int
		what  string
	}{{len(a.Services) > 0, s.service, "services"}, {len(a.Customers) > 0, s.customer, "customers"}, {len(a.Groups) > 0, s.group, "groups"}} {
		found.check(!x.given || x.slot >= 0, x.what, "no_place", "want", "a subject "+s.Kind+" that says where a record holds them")
	}
	if err := found.err(); err != nil {
		return nil, err
	}
	d := &deal{Agreement: a, of: s, rank: a.rank(), covers: s.slots.compile(a.Covers)}
	for _, ref := range a.Services {
		d.services = append(d.services, encoded([]itsm.Ref{ref})[0])
	}
	var err error
	if d.hours, err = compileHours(a.Calendars); err != nil {
		return nil, err
	}
	if len(a.Calendars) > 0 {
		d.usual = d.hours[a.Calendars[0].Name]
	}
	for i := range a.Targets {
		d.goals = append(d.goals, d.goal(&a.Targets[i]))
	}
	return d, nil
}

// calendar returns the calendar of a name, nil if there is none.
func (d *deal) calendar(name string) *calendar.Calendar {
	if len(d.Calendars) > 0 && name == d.Calendars[0].Name {
		return d.usual
	}
	return d.hours[name]
}

// valid tells whether the agreement is in force at an instant.
func (d *deal) valid(at time.Time) bool {
	return !at.Before(d.ValidFrom) && (d.ValidUntil.IsZero() || at.Before(d.ValidUntil))
}

// matches tells whether the agreement covers a record, dates apart.
func (d *deal) matches(s *scene) bool {
	in := func(slot int, has bool, list func(string) bool) bool { return !has || list(s.values[slot]) }
	return in(d.of.service, len(d.services) > 0, func(v string) bool { return slices.Contains(d.services, v) }) &&
		in(d.of.customer, len(d.Customers) > 0, func(v string) bool { return slices.Contains(d.Customers, text(v)) }) &&
		in(d.of.group, len(d.Groups) > 0, func(v string) bool { return slices.Contains(d.Groups, text(v)) }) &&
		(d.covers == nil || d.covers.holds(s))
}

// best returns the agreement of a type that covers a record at an instant, or nil.
func (s *subject) best(t AgreementType, now *scene, at time.Time) *deal {
	for _, d := range s.deals { // the most specific first
		if d.Type == t && d.valid(at) && d.matches(now) {
			return d
		}
	}
	return nil
}

// ties returns an error for two agreements that are equally specific and would cover the same record.
func (s *subject) ties() error {
	var problems []error
	for i, a := range s.deals {
		for _, b := range s.deals[:i] {
			if Overlap(a.Agreement, b.Agreement) {
				problems = append(problems, fmt.Errorf("sla: agreements %s and %s cover the same records at the same time, equally specific", b.called(), a.called()))
			}
		}
	}
	return errors.Join(problems...)
}

// text returns the text of a JSON value.
func text(raw string) string {
	if len(raw) < 2 || raw[0] != '"' {
		return raw
	}
	if s, ok := plain(raw); ok {
		return s
	}
	return raw
}
