package casebook

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/examples/servicedesk/report"
	"github.com/itsmkit/itsm/incident"
)

// Heading is what a report says beside the cases.
type Heading struct {
	Title, Source              string
	Rows, Unchanged, Reordered int
	Refused                    []report.RefusedRow
	ListRefused                bool           // row by row, not the counts alone
	Zone                       *time.Location // in which times are shown; nil is UTC
	Levels                     *report.Levels // how service levels were kept; nil if nobody measured
	MadeSLA                    *report.Agreed // how often a log's verdicts come out alike; nil where it has none
	History                    string         // the number of the case whose history is shown; "" for one that shows much
}

// NoCaseError says that the case whose history is asked for does not exist.
type NoCaseError struct{ Number string }

// Error names the case.
func (e *NoCaseError) Error() string { return fmt.Sprintf("there is no case %q", e.Number) }

// Report stores what is not stored yet and sums up what the desk has. The error may be a [*NoCaseError].
func (b *Book) Report(ctx context.Context, h Heading) (*report.Report, error) {
	if err := b.Save(ctx); err != nil {
		return nil, err
	}
	cases := make(map[itsm.ID]*Case, len(b.Cases))
	for _, c := range b.Cases {
		cases[c.ID] = c
	}
	zone := cmp.Or(h.Zone, time.UTC)
	out := report.NewBuilder(h.Title, h.Source)
	counts := report.Counts{Rows: h.Rows, Actions: b.Actions, Unchanged: h.Unchanged, Reordered: h.Reordered}
	var shown shown
	for rec, err := range b.Desk.All(ctx, itsm.Query[incident.Incident]{}) {
		if err != nil {
			return nil, err
		}
		c := cases[rec.ID]
		counts.Events += int(rec.Version) // a version is an event
		out.Case(c.sumUp(&rec, zone))
		shown.offer(c, &rec, h.History)
	}
	out.Counts(counts)
	out.Levels(h.Levels)
	out.MadeSLA(h.MadeSLA)
	for _, r := range h.Refused {
		out.Refuse(r.From, r.Wanted)
		if h.ListRefused {
			out.List(r)
		}
	}
	if shown.c == nil && h.History != "" {
		return nil, &NoCaseError{h.History}
	}
	if shown.c != nil {
		history, err := b.history(ctx, shown.c.ID, zone)
		if err != nil {
			return nil, err
		}
		history.Number, history.Title = shown.number, shown.title
		out.History(history)
	}
	return out.Report(), nil
}

// sumUp returns a case as the report takes it, with times in a zone.
func (c *Case) sumUp(i *incident.Incident, zone *time.Location) report.Case {
	x := report.Case{
		Number: i.Number, Title: i.Title, Opened: i.CreatedAt, Resolved: i.Resolution.At, Closed: i.ClosedAt,
		Priority: string(i.Priority), Category: i.Category, Group: i.Group, FinalState: string(i.State),
		Path: c.path, Reassignments: i.Reassignments, Reopenings: i.Reopenings, FirstContact: i.FirstContact,
	}
	if c.Said != nil {
		x.Opened, x.Resolved = c.Said.Opened, c.Said.Resolved
	}
	x.Opened, x.Resolved, x.Closed = in(x.Opened, zone), in(x.Resolved, zone), in(x.Closed, zone)
	if zone != time.UTC {
		x.Path = slices.Clone(x.Path)
		for n := range x.Path {
			x.Path[n].At = x.Path[n].At.In(zone)
		}
	}
	return x
}

// shown is the case whose history is shown.
type shown struct {
	c             *Case
	number, title string
	interest      int
}

// offer takes the case that was asked for or, if none was, the one that shows most of what a desk does in a
// history that can still be read: opened again, waiting, passed on, with about sixteen events.
func (s *shown) offer(c *Case, i *incident.Incident, asked string) {
	interest := 4*min(i.Reopenings, 1) + 3*min(c.holds, 2) + 2*min(i.Reassignments, 2) - abs(int(i.Version)-16)
	if asked != "" && asked != i.Number || asked == "" && s.c != nil && interest <= s.interest {
		return
	}
	*s = shown{c: c, number: i.Number, title: i.Title, interest: interest}
}

// in returns a moment in a zone, and none as it is.
func in(t time.Time, zone *time.Location) time.Time {
	if t.IsZero() {
		return t
	}
	return t.In(zone)
}

func abs(n int) int { return max(n, -n) }
