package asset

import (
	"iter"
	"slices"
	"strings"
	"time"

	"github.com/itsmkit/itsm"
)

// Scan is one thing that was seen in an audit: a label, a serial number, or both.
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
	Conflicts  []Scan `json:"conflicts,omitempty"`   // the label is of one asset and the number of another
	Again      []Scan `json:"again,omitempty"`       // of an asset that was scanned before
}

// Audit compares what was scanned with the records. assets are all of the tenant, as [itsm.Desk.All] yields them, so
// that what is seen out of place is recognised; scope says which of them had to be seen. An asset counts as seen where
// it was scanned first; assets without label and serial number cannot be seen and are left out. It stops at the first
// error of assets.
func Audit(assets iter.Seq2[Asset, error], scans []Scan, scope AuditScope) (AuditResult, error) {
	var out AuditResult
	var list []Seen
	var due []bool
	byTag, bySerial := map[string]int{}, map[string]int{}
	for a, err := range assets {
		if err != nil {
			return AuditResult{}, err
		}
		tag, serial := folded(a.Tag), SerialKey(a.Manufacturer, a.Serial)
		if tag == "" && serial == "" {
			continue
		}
		if tag != "" {
			byTag[tag] = len(list)
		}
		if serial != "" {
			bySerial[serial] = len(list)
		}
		list = append(list, Seen{Asset: a.Ref(Name), Number: a.Number, Title: a.Title, State: a.State, Recorded: a.Location})
		due = append(due, (a.State == InStock || a.State == Deployed) && scope.has(&a))
	}
	seen := make([]bool, len(list))
	for _, s := range scans {
		t, hasTag := byTag[folded(s.Tag)]
		n, hasSerial := bySerial[SerialKey(s.Manufacturer, s.Serial)]
		if !hasTag {
			t = n
		}
		switch {
		case !hasTag && !hasSerial:
			out.Unexpected = append(out.Unexpected, s)
			continue
		case hasTag && hasSerial && t != n:
			out.Conflicts = append(out.Conflicts, s)
			continue
		case seen[t]:
			out.Again = append(out.Again, s)
			continue
		}
		seen[t] = true
		x := list[t]
		x.At = s.Location
		switch {
		case x.State != InStock && x.State != Deployed:
			out.WrongState = append(out.WrongState, x)
		case x.Recorded != s.Location:
			out.WrongPlace = append(out.WrongPlace, x)
		default:
			out.Found = append(out.Found, x)
		}
	}
	for i, x := range list {
		if due[i] && !seen[i] {
			out.Missing = append(out.Missing, x)
		}
	}
	slices.SortFunc(out.Missing, func(a, b Seen) int { return strings.Compare(a.Number, b.Number) })
	return out, nil
}

func (s AuditScope) has(a *Asset) bool {
	return (len(s.Locations) == 0 || slices.Contains(s.Locations, a.Location)) &&
		(len(s.Classes) == 0 || slices.Contains(s.Classes, a.Class))
}
