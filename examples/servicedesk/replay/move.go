package replay

import (
	"time"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/examples/servicedesk/casebook"
	"github.com/itsmkit/itsm/incident"
)

// move brings the record to the state that the row shows.
func (r *runner) move(to goal) {
	i := r.incident()
	step := func(a itsm.Action[incident.Incident]) bool {
		return r.doAs(casebook.Entry{At: r.at, By: r.by}, string(to.state), a)
	}
	switch {
	case !to.known:
		r.refuse(r.row.State, nil)
	case to.state == "" || to.state == i.State && (i.Hold == nil || i.Hold.Reason == to.reason):
	case to.state == incident.New:
		if i.Hold == nil || i.Hold.From != incident.New {
			r.refuse(string(to.state), nil)
			return
		}
		step(incident.Resume{})
	case to.state == incident.InProgress:
		if i.State == incident.OnHold && !step(incident.Resume{}) {
			return
		}
		if i.State != incident.InProgress {
			step(incident.Start{})
		}
	case to.state == incident.OnHold:
		text := ""
		if to.reason == incident.ForCaller {
			text = "Waiting for the caller; the log has no text."
		}
		step(incident.PutOnHold{Reason: to.reason, Text: text})
	case to.state == incident.Resolved:
		r.resolve(to)
	case to.state == incident.Closed:
		if i.State != incident.Resolved && !r.resolve(to) {
			return
		}
		r.doAs(casebook.Entry{At: r.between(r.row.ClosedAt), By: r.by}, string(to.state), incident.Close{})
	}
}

// resolve resolves the case at resolved_at by resolved_by, where the row is that of the final resolution.
func (r *runner) resolve(to goal) bool {
	row := &r.row
	by := row.ResolvedBy
	if by == "" || row.ResolvedAt.After(r.at) { // it is going to be resolved again
		by = r.by
	}
	return r.doAs(casebook.Entry{At: r.between(row.ResolvedAt), By: by}, string(to.state),
		incident.Resolve{Code: incident.ClosureCode(code(row)), Text: "The log has no text.", FirstContact: r.opening && r.incident().State == incident.New})
}

// learn makes a closure code known that the kind does not have.
func (r *runner) learn(code string) error {
	if r.codes[code] {
		return nil
	}
	kind, err := Kind(append(r.extra, code)...)
	if err == nil {
		err = r.Book.Use(r.ctx, kind)
	}
	if err == nil {
		r.extra, r.codes[code] = append(r.extra, code), true
	}
	return err
}

// between returns a time that the log gives if it lies between the last event and the row, and the row's
// otherwise.
func (r *runner) between(given time.Time) time.Time {
	if given.Before(r.incident().UpdatedAt) || given.After(r.at) {
		return r.at
	}
	return given
}
