package casebook

import (
	"context"
	"time"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/examples/servicedesk/report"
	"github.com/itsmkit/itsm/incident"
)

// Case is one incident of a [Book].
type Case struct {
	ID       itsm.ID
	Place    int               // among the cases of the book
	Incident incident.Incident // as it is after the last action; zero after [Case.Rest]
	Said     *Said             // nil if nobody else knows better

	path  []report.Visit
	holds int
	write int // the number of the write that stores, or stored, its last action
}

// Said is what a log says about a case. A zero time is not given.
type Said struct {
	Opened, Resolved time.Time
	Judged, Met      bool // whether there is a verdict about its service level, and which
}

// Settle notes what a case is like at a moment, if that is a new step of its way.
func (b *Book) Settle(c *Case, at time.Time) {
	i := &c.Incident
	v := report.Visit{State: string(i.State), Group: i.Group, At: at}
	if i.Hold != nil {
		v.Reason = string(i.Hold.Reason)
	}
	if n := len(c.path); n > 0 {
		last := c.path[n-1]
		if last.At = v.At; last == v {
			return
		}
	}
	c.visit(v)
	if b.journal != nil {
		b.journal.next.Visits = append(b.journal.next.Visits, visit{c.Place, v})
	}
}

func (c *Case) visit(v report.Visit) {
	if v.Reason != "" {
		c.holds++
	}
	c.path = append(c.path, v)
}

// Rest lets go of the record of a case to which nothing is going to happen for now.
func (c *Case) Rest() { c.Incident = incident.Incident{} }

// Wake loads the record of a case that rested. It is called behind a mark, as it may store.
func (b *Book) Wake(ctx context.Context, c *Case) error {
	if c.Incident.Version > 0 {
		return nil
	}
	if c.write > b.writes {
		if err := b.Save(ctx); err != nil {
			return err
		}
	}
	var err error
	c.Incident, err = b.Desk.Get(ctx, c.ID)
	return err
}
