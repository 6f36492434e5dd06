package asset

import (
	"iter"
	"slices"
	"strings"
	"time"

	"github.com/itsmkit/itsm"
)

// Scan is one thing that was seen in an audit: a label, a serial number, or both. A scanner that reads a number seldom
// knows its manufacturer: an empty one is any.
type Scan struct {
	Tag          string    `json:"tag,omitempty"`
	Manufacturer string    `json:"manufacturer,omitempty"`
	Serial       string    `json:"serial,omitempty"`
	Location     string    `json:"location"`
	At           time.Time `json:"at,omitzero"`
}

// AuditScope says what was to be seen: assets in stock and deployed, of some classes and locations. Empty lists are all.
type AuditScope struct {
	Locations []string `json:"locations,omitempty"`
	Classes   []string `json:"classes,omitempty"`
}

// Seen is an asset that was seen, or was to be.
type Seen struct {
	Asset    itsm.Ref `json:"asset"`
	Number   string   `json:"number"`
	Title    string   `json:"title"`
	State    State    `json:"state"`
	Recorded string   `json:"recorded,omitempty"` // the location that the record says
	At       string   `json:"at,omitempty"`       // the location of the scan
}

// AuditResult compares scans with records. Each scan is in one list, and each asset in the scope in Found, WrongPlace
// or Missing.
type AuditResult struct {
	Found      []Seen `json:"found,omitempty"`
	WrongPlace []Seen `json:"wrong_place,omitempty"` // seen elsewhere than the record says
	Missing    []Seen `json:"missing,omitempty"`
	WrongState []Seen `json:"wrong_state,omitempty"` // seen, though the record says that it is not there: lost, disposed …
	Unexpected []Scan `json:"unexpected,omitempty"`  // no record has the label or the number
	Conflicts  []Scan `json:"conflicts,omitempty"`   // label and number are not of one asset, or the number is of several
	Again      []Scan `json:"again,omitempty"`       // of an asset that was scanned before
}

// Audit compares what was scanned with the records. assets are all of the tenant, as [itsm.Desk.All] yields them, so
// that what is seen out of place is recognised; scope says which of them had to be seen. Labels, numbers and locations
// are compared without their case and the blanks around them. An asset counts as seen where it was scanned first; assets
// without label and serial number cannot be seen and are left out, and so are those that were never bought. It stops at
// the first error of assets.
func Audit(assets iter.Seq2[Asset, error], scans []Scan, scope AuditScope) (AuditResult, error) {
	var out AuditResult
	r := records{byTag: map[string]int{}, bySerial: map[string][]int{}}
	for a, err := range assets {
		if err != nil {
			return AuditResult{}, err
		}
		r.add(&a, scope)
	}
	for _, s := range scans {
		i, fits := r.find(s)
		switch {
		case i < 0 && fits:
			out.Unexpected = append(out.Unexpected, s)
			continue
		case !fits:
			out.Conflicts = append(out.Conflicts, s)
			continue
		case r.list[i].seen:
			out.Again = append(out.Again, s)
			continue
		}
		r.list[i].seen = true
		x := r.list[i].Seen
		x.At = s.Location
		switch {
		case x.State != InStock && x.State != Deployed:
			out.WrongState = append(out.WrongState, x)
		case folded(x.Recorded) != folded(s.Location):
			out.WrongPlace = append(out.WrongPlace, x)
		default:
			out.Found = append(out.Found, x)
		}
	}
	for _, x := range r.list {
		if x.due && !x.seen {
			out.Missing = append(out.Missing, x.Seen)
		}
	}
	slices.SortFunc(out.Missing, func(a, b Seen) int { return strings.Compare(a.Number, b.Number) })
	return out, nil
}

// records are those of an audit, by what can be scanned of them.
type records struct {
	list     []record
	byTag    map[string]int
	bySerial map[string][]int // of whatever manufacturer
}

// record is one with its label, manufacturer and number as they are compared.
type record struct {
	Seen
	tag, maker, serial string
	due, seen          bool
}

func (r *records) add(a *Asset, scope AuditScope) {
	x := record{Seen: Seen{Asset: a.Ref(Name), Number: a.Number, Title: a.Title, State: a.State, Recorded: a.Location},
		tag: legible(a.Tag), maker: legible(a.Manufacturer), serial: legible(a.Serial), due: (a.State == InStock || a.State == Deployed) && scope.has(a)}
	if x.tag == "" && x.serial == "" || a.State == Cancelled {
		return
	}
	if x.tag != "" {
		r.byTag[x.tag] = len(r.list)
	}
	if x.serial != "" {
		r.bySerial[x.serial] = append(r.bySerial[x.serial], len(r.list))
	}
	r.list = append(r.list, x)
}

// legible is a text as it is compared; one that was redacted is not known.
func legible(s string) string {
	if s == itsm.Redacted {
		return ""
	}
	return folded(s)
}

// find returns the record of a scan, -1 if there is none, and whether the scan contradicts no record.
func (r *records) find(s Scan) (i int, fits bool) {
	tag, maker, serial := folded(s.Tag), folded(s.Manufacturer), folded(s.Serial)
	if i, known := r.byTag[tag]; known {
		x := &r.list[i]
		return i, serial == "" || x.serial == "" || serial == x.serial && mayBe(maker, x.maker)
	}
	var found []int
	for _, i := range r.bySerial[serial] {
		if mayBe(maker, r.list[i].maker) {
			found = append(found, i)
		}
	}
	switch len(found) {
	case 0:
		return -1, true
	case 1:
		return found[0], tag == "" || r.list[found[0]].tag == ""
	}
	return -1, false
}

// mayBe tells whether two manufacturers can be the same: one of them may be unknown.
func mayBe(a, b string) bool { return a == "" || b == "" || a == b }

func (s AuditScope) has(a *Asset) bool {
	here := func(l string) bool { return folded(l) == folded(a.Location) }
	return (len(s.Locations) == 0 || slices.ContainsFunc(s.Locations, here)) &&
		(len(s.Classes) == 0 || slices.Contains(s.Classes, a.Class))
}
