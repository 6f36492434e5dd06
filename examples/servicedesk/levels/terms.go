package levels

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"os"
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/calendar"
	"github.com/itsmkit/itsm/incident"
	"github.com/itsmkit/itsm/sla"
)

// Terms are agreements under a name for people.
type Terms struct {
	Name string
	sla.Terms
	rules *sla.Rules
}

// Standard returns the terms of a desk that has agreed on nothing else: Monday to Friday from 8 to 18 in a zone, P1 round
// the clock. A response is due within 15 minutes (P1) to 16 hours (P5), a resolution within 4 to 160 hours; what waits for
// the caller does not count, what is reopened goes on.
func Standard(zone string) (Terms, error) {
	office, err := sla.HoursOf(calendar.Definition{Zone: zone, Hours: calendar.Hours{}.Add("08:00", "18:00", calendar.Weekdays...)})
	if err != nil {
		return Terms{}, err
	}
	const h = time.Hour
	response := sla.ResponseTarget(sla.ByPriority(15*time.Minute, h, 4*h, 8*h, 16*h)...)
	resolution := sla.ResolutionTarget(sla.ByPriority(4*h, 8*h, 40*h, 80*h, 160*h)...)
	always := []sla.HoursChoice{{When: sla.Is("priority", "p1"), Calendar: "always"}, {Calendar: "office"}}
	for _, t := range []*sla.Target{&response, &resolution} {
		t.Hours = always
		t.Thresholds = slices.DeleteFunc(t.Thresholds, func(x sla.Threshold) bool { return len(x.Do) == 0 }) // nobody is told
	}
	return compile(Terms{Name: "Standard terms", Terms: sla.Terms{
		Subjects: []sla.Subject{sla.IncidentSubject()},
		Agreements: []sla.Agreement{{
			Title: "Standard", Type: sla.SLA, Edition: 1, Kind: incident.Name, Goal: 9000,
			Targets:   []sla.Target{response, resolution},
			Calendars: []sla.Calendar{{Name: "office", Hours: office}, {Name: "always", Hours: sla.Always24x7()}},
		}},
	}})
}

// Load reads terms from a JSON file. It is read strictly and held against what records of the kind have: the error names
// the file, the places that are wrong, and what is allowed there.
func Load(path string, about itsm.Description) (Terms, error) {
	raw, err := os.ReadFile(path)
	if err != nil {
		return Terms{}, err
	}
	return Parse(path, raw, about)
}

// Parse reads terms as Load does, from a text; the name stands in errors.
func Parse(name string, raw []byte, about itsm.Description) (Terms, error) {
	t := Terms{Name: name}
	places, err := decode(name, raw, &t.Terms)
	if err != nil {
		return Terms{}, err
	}
	if len(t.Agreements) == 0 {
		return Terms{}, places.fail("agreements", "is missing: there is nothing to measure")
	}
	if err := t.Check(about); err != nil {
		return Terms{}, places.explain(err)
	}
	t, err = compile(t)
	if err != nil {
		return Terms{}, places.explain(err)
	}
	return t, nil
}

// compile compiles the terms. An agreement without an identity gets one that its text makes.
func compile(t Terms) (Terms, error) {
	t.Agreements = slices.Clone(t.Agreements)
	for i := range t.Agreements {
		a := &t.Agreements[i]
		if a.ID != (itsm.ID{}) {
			continue
		}
		raw, err := json.Marshal(a)
		if err != nil {
			return Terms{}, err
		}
		a.ID = uuid.NewSHA1(space, raw)
	}
	var err error
	t.rules, err = sla.Compile(t.Terms)
	return t, err
}

// space is the name space of the identities that are made from texts.
var space = uuid.UUID{0x3a, 0x91, 0x0e, 0x55, 0x4d, 0x1c, 0x4f, 0x6b, 0x8e, 0x22, 0x70, 0x19, 0xc3, 0x5a, 0x44, 0x0d}

// JSON returns the terms as a file that Load reads.
func (t Terms) JSON() ([]byte, error) {
	type agreement struct {
		sla.Clauses
		Edition int `json:"edition"`
	}
	out := struct {
		Subjects   []sla.Subject `json:"subjects"`
		Agreements []agreement   `json:"agreements"`
	}{Subjects: t.Subjects, Agreements: []agreement{}}
	for _, a := range t.Agreements {
		out.Agreements = append(out.Agreements, agreement{a.Clauses(), a.Edition})
	}
	raw, err := json.MarshalIndent(out, "", "  ")
	return append(raw, '\n'), err
}

// Sum returns a checksum of what the terms say. The name is no part of it.
func (t Terms) Sum() (string, error) {
	raw, err := t.JSON()
	sum := sha256.Sum256(raw)
	return hex.EncodeToString(sum[:]), err
}
