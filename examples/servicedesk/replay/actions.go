package replay

import (
	"cmp"
	"errors"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/examples/servicedesk/casebook"
	"github.com/itsmkit/itsm/examples/servicedesk/report"
	"github.com/itsmkit/itsm/incident"
)

// do does an action at the row's time by the row's person. A refusal is noted and the rest of the row goes on.
// The note keeps what the record has as a reference only.
func (r *runner) do(note string, a itsm.Action[incident.Incident]) {
	r.doAs(casebook.Entry{At: r.at, By: r.by, Note: note}, a.Name(), a)
}

// doAs does an action as the entry says. What it wanted names a refusal.
func (r *runner) doAs(e casebook.Entry, wanted string, a itsm.Action[incident.Incident]) bool {
	if r.failed != nil {
		return false
	}
	if err := r.Book.Do(r.ctx, r.s.c, e, a); err != nil {
		r.refuse(wanted, err)
		return false
	}
	r.done++
	return true
}

// refuse notes that the desk refused something, once for each row. An error that is no refusal ends the run.
func (r *runner) refuse(wanted string, err error) {
	if err != nil && !errors.Is(err, itsm.ErrNotAllowed) && !errors.Is(err, itsm.ErrInvalid) {
		r.failed = err
		return
	}
	if r.refused {
		return
	}
	r.refused = true
	row := report.RefusedRow{Row: r.log.Line(), Number: r.row.Number, Wanted: wanted, Why: "no action leads there"}
	if r.s.c != nil {
		row.From = string(r.incident().State)
	}
	if err != nil {
		row.Why = err.Error()
	}
	r.Refused = append(r.Refused, row)
}

// open opens the case with the values of its first row.
func (r *runner) open() {
	row, at := &r.row, r.at
	if !row.OpenedAt.IsZero() && row.OpenedAt.Before(at) {
		at = row.OpenedAt
	}
	if r.s.opened.IsZero() {
		r.s.opened = at
	}
	impact, known := level(row.Impact)
	urgency, known2 := level(row.Urgency)
	if !known || !known2 { // the row is refused below, if it gives them
		impact, urgency = cmp.Or(impact, incident.Medium), cmp.Or(urgency, incident.Medium)
	}
	way, ok := channel(row.ContactType)
	attributes := itsm.Attributes{
		{Key: createdAt, Value: instant(row.SysCreatedAt)}, {Key: createdBy, Value: text(row.SysCreatedBy)},
		{Key: knowledge, Value: boolean(row.Knowledge)}, {Key: madeSLA, Value: boolean(row.MadeSLA)},
		{Key: notify, Value: text(row.Notify)}, {Key: priorityConfirmed, Value: boolean(row.PriorityConfirmed)},
		{Key: vendor, Value: text(row.Vendor)},
	}
	if !ok {
		attributes = append(attributes, itsm.Attribute{Key: contactType, Value: text(row.ContactType)})
	}
	if !at.Equal(row.OpenedAt) {
		attributes = append(attributes, itsm.Attribute{Key: openedAt, Value: instant(row.OpenedAt)})
	}
	a := incident.Report{
		Title: title(row), Channel: way, Caller: row.CallerID, Location: row.Location, Category: row.Category,
		Subcategory: row.Subcategory, Symptom: row.Symptom, Impact: impact, Urgency: urgency, Group: row.Group,
		Assignee: row.AssignedTo, Attributes: attributes,
	}
	if row.CI != "" {
		a.Affected = []itsm.Ref{r.Book.Ref("asset", row.CI)}
	}
	c, err := r.Book.Open(r.ctx, casebook.Entry{
		At: at, By: cmp.Or(row.OpenedBy, row.SysCreatedBy, row.SysUpdatedBy), Number: row.Number, Note: row.CI,
	}, a)
	if err != nil {
		r.refuse(a.Name(), err)
		return
	}
	r.done++
	r.s.c, r.opening = c, true
	r.weigh()
	r.relate()
}
