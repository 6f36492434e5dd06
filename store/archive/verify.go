package archive

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/itsmkit/itsm"
)

// verifier checks what the lines of an archive say, one after the other, and hands it on. It remembers one record, and a
// bit for each place.
type verifier struct {
	to    Sink
	kinds map[string]*itsm.Shape
	at    section

	shape    *itsm.Shape
	record   any   // the one that came last, of shape
	replayed any   // what its events make so far; nil once that has been compared
	last     int64 // the place of its last event

	records  int64
	events   int64
	places   places
	purged   int64 // the last place without an event
	counted  bool
	series   *series
	consumer string
}

func (v *verifier) take(l *line) error {
	is, err := l.section()
	if err != nil {
		return err
	}
	if is < v.at && (is != atRecords || v.at != atEvents) {
		return fmt.Errorf("%s comes behind %s", is, v.at)
	}
	if is != atEvents {
		if err := v.replay(); err != nil {
			return err
		}
	}
	if is > atPurged && !v.counted {
		if err := v.count(); err != nil {
			return err
		}
	}
	v.at = is
	switch is {
	case atRecords:
		return v.takeRecord(l)
	case atEvents:
		return v.takeEvent(l)
	case atPurged:
		return v.takePurged(l.Purged)
	case atSeries:
		return v.takeSeries(l.Series)
	case atConsumers:
		return v.takeConsumer(l)
	case atEnd:
		return v.takeEnd(l.End)
	default:
		return errors.New("a second header")
	}
}

func (v *verifier) takeRecord(l *line) error {
	s := v.kinds[l.Kind]
	if s == nil {
		known := slices.Sorted(maps.Keys(v.kinds))
		return fmt.Errorf("a record of kind %q; the store was given %s", l.Kind, cmp.Or(strings.Join(known, ", "), "no kind"))
	}
	rec, err := s.Decode(l.Record)
	if err != nil {
		return err
	}
	if v.record != nil {
		if order := v.compare(s, rec); order >= 0 {
			return fmt.Errorf("%s does not come behind %s: want records by kind, tenant and ID, each once", named(s, rec), named(v.shape, v.record))
		}
	}
	if s.Header(rec).Version < 1 {
		return fmt.Errorf("%s has version %d: want 1 at least", named(s, rec), s.Header(rec).Version)
	}
	v.shape, v.record, v.replayed, v.last = s, rec, s.New(), 0
	v.records++
	return v.to.Record(s, rec)
}

// compare compares the record that came last with the next one.
func (v *verifier) compare(s *itsm.Shape, rec any) int {
	was, is := v.shape.Header(v.record), s.Header(rec)
	return cmp.Or(cmp.Compare(v.shape.Name(), s.Name()), cmp.Compare(was.Tenant, is.Tenant), bytes.Compare(was.ID[:], is.ID[:]))
}

func named(s *itsm.Shape, rec any) string {
	h := s.Header(rec)
	if h.Tenant == "" {
		return h.Ref(s.Name()).String()
	}
	return fmt.Sprintf("%s of tenant %q", h.Ref(s.Name()), h.Tenant)
}

func (v *verifier) takeEvent(l *line) error {
	e := l.Event
	if v.replayed == nil {
		return fmt.Errorf("event %s has no record before it", e.ID())
	}
	h := v.shape.Header(v.record)
	switch {
	case e.Subject != h.Ref(v.shape.Name()) || e.Tenant != h.Tenant:
		return fmt.Errorf("event %s of tenant %q is not of the record before it, %s", e.ID(), e.Tenant, named(v.shape, v.record))
	case e.Version > h.Version:
		return fmt.Errorf("event %s: the record has version %d", e.ID(), h.Version)
	case l.Place <= v.last:
		return fmt.Errorf("event %s has place %d, the one before it %d: want a later place", e.ID(), l.Place, v.last)
	case l.Keyed && e.Key == "":
		return fmt.Errorf("event %s is keyed and has no key", e.ID())
	case !v.places.add(l.Place):
		return fmt.Errorf("event %s has place %d, which another event has", e.ID(), l.Place)
	}
	for _, at := range []time.Time{e.Time, e.RecordedAt} {
		if at != itsm.Instant(at) {
			return fmt.Errorf("event %s has the instant %s: want UTC and whole milliseconds", e.ID(), at.Format(time.RFC3339Nano))
		}
	}
	if err := v.shape.Fold(v.replayed, e); err != nil {
		return err
	}
	v.last = l.Place
	v.events++
	return v.to.Event(l.Place, l.Keyed, e)
}

// replay compares the record that came last with what its events make.
func (v *verifier) replay() error {
	if v.replayed == nil {
		return nil
	}
	want, err := v.shape.Encode(v.record)
	if err != nil {
		return err
	}
	got, err := v.shape.Encode(v.replayed)
	if err != nil {
		return err
	}
	was, is := v.shape.Header(v.record).Version, v.shape.Header(v.replayed).Version
	switch {
	case was != is:
		return fmt.Errorf("%s has version %d, and %d events before this line", named(v.shape, v.record), was, is)
	case !bytes.Equal(want, got):
		return fmt.Errorf("%s is not what its events make of it: they differ in %s", named(v.shape, v.record), differing(want, got))
	}
	v.replayed = nil
	return nil
}

// differing names the fields in which two records differ.
func differing(a, b []byte) string {
	var x, y map[string]json.RawMessage
	if json.Unmarshal(a, &x) != nil || json.Unmarshal(b, &y) != nil {
		return "their form"
	}
	var names []string
	for name, value := range x {
		if !bytes.Equal(value, y[name]) {
			names = append(names, name)
		}
		delete(y, name)
	}
	names = slices.AppendSeq(names, maps.Keys(y))
	slices.Sort(names)
	return strings.Join(names, ", ")
}

func (v *verifier) takePurged(place int64) error {
	if place <= v.purged {
		return fmt.Errorf("the purged place %d comes behind %d", place, v.purged)
	}
	if v.purged = place; !v.places.add(place) {
		return fmt.Errorf("the purged place %d has an event", place)
	}
	return nil
}

// count checks that each place, up to the last, is that of an event or was purged.
func (v *verifier) count() error {
	v.counted = true
	if v.places.last != v.places.count {
		return fmt.Errorf("there are %d places of events and purged ones before this line, and the last of them is %d: some are missing", v.places.count, v.places.last)
	}
	return v.to.Places(v.places.count)
}

// lastNumber is the greatest number of a series, see [itsm.Sequence.Parse]: a store could count no further from there.
const lastNumber = 999_999_999_999_999_999

func (v *verifier) takeSeries(s *series) error {
	if was := v.series; was != nil && cmp.Or(cmp.Compare(was.Tenant, s.Tenant), cmp.Compare(was.Prefix, s.Prefix)) >= 0 {
		return fmt.Errorf("the series %q of tenant %q does not come behind %q of %q: want series by tenant and prefix, each once", s.Prefix, s.Tenant, was.Prefix, was.Tenant)
	}
	if s.Prefix == "" || s.Last < 0 || s.Last > lastNumber {
		return fmt.Errorf("the series %q of tenant %q ends at %d: want a prefix and 0 at least, with 18 digits at most", s.Prefix, s.Tenant, s.Last)
	}
	v.series = s
	return v.to.Series(s.Tenant, s.Prefix, s.Last)
}

func (v *verifier) takeConsumer(l *line) error {
	c := l.Consumer
	switch {
	case c.Name <= v.consumer:
		return fmt.Errorf("the consumer %q comes behind %q: want consumers by name, each once", c.Name, v.consumer)
	case l.Passed < 0 || l.Passed > v.places.count:
		return fmt.Errorf("the consumer %s has passed %d places: want 0 to %d", c.Name, l.Passed, v.places.count)
	case c.Position != "" || c.Version < 1:
		return fmt.Errorf("the consumer %s has version %d and position %q: want 1 at least, and no position", c.Name, c.Version, c.Position)
	}
	v.consumer = c.Name
	return v.to.Consumer(*c, l.Passed)
}

func (v *verifier) takeEnd(e *end) error {
	if want := (end{v.records, v.events, v.places.count, e.SHA256}); *e != want {
		return fmt.Errorf("the end counts %d records, %d events and %d places, there are %d, %d and %d", e.Records, e.Events, e.Places, v.records, v.events, v.places.count)
	}
	return nil
}
