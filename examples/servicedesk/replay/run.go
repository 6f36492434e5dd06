package replay

import (
	"context"
	"errors"
	"io"
	"time"

	"github.com/itsmkit/itsm/examples/servicedesk/casebook"
	"github.com/itsmkit/itsm/examples/servicedesk/report"
	"github.com/itsmkit/itsm/examples/servicedesk/snlog"
	"github.com/itsmkit/itsm/incident"
)

// Options changes how a log is run. The zero value is fine.
type Options struct {
	// Progress is called now and then with the bytes of the file that have been read, and all of them.
	Progress func(done, total int64)
	// Observe is called after each action, before the action is stored.
	Observe func(*casebook.Case)
}

// Result is what became of a log.
type Result struct {
	Book      *casebook.Book
	Rows      int
	Unchanged int                 // rows without any difference to the record
	Reordered int                 // rows earlier than the row before them
	Refused   []report.RefusedRow // in the order of the log
}

// Run runs a log to its end. An error of the log is an [*snlog.Error]; there is no result then.
func Run(ctx context.Context, log *snlog.Reader, o Options) (*Result, error) {
	kind, err := Kind()
	if err != nil {
		return nil, err
	}
	book, err := casebook.New(kind, 0)
	if err != nil {
		return nil, err
	}
	book.Observe = o.Observe
	r := &runner{Result: Result{Book: book}, ctx: casebook.System(ctx), cases: map[string]*state{}, codes: map[string]bool{}}
	for _, c := range published() {
		r.codes[c] = true
	}
	for {
		row, err := log.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, err
		}
		r.line = log.Line()
		if err := r.take(row); err != nil {
			return nil, err
		}
		if r.Rows%500 == 0 && o.Progress != nil {
			o.Progress(log.Progress())
		}
	}
	if r.Rows == 0 {
		return nil, &snlog.Error{File: log.Name(), Row: log.Line() + 1, Why: "is missing: the log has a header and no rows"}
	}
	for _, s := range r.cases {
		if s.c != nil {
			s.c.Said = &casebook.Said{Opened: s.opened, Resolved: s.resolved, Judged: s.judged, Met: s.met}
		}
	}
	return &r.Result, book.Save(r.ctx)
}

// Heading returns a heading with the counts of the run.
func (r *Result) Heading() casebook.Heading {
	return casebook.Heading{Rows: r.Rows, Unchanged: r.Unchanged, Reordered: r.Reordered, Refused: r.Refused}
}

// Report sums the result up; the counts of the run are filled in.
func (r *Result) Report(ctx context.Context, h casebook.Heading) (*report.Report, error) {
	h.Rows, h.Unchanged, h.Reordered, h.Refused = r.Rows, r.Unchanged, r.Reordered, r.Refused
	return r.Book.Report(casebook.System(ctx), h)
}

// runner is a run under way.
type runner struct {
	Result
	ctx   context.Context
	cases map[string]*state
	last  *state
	codes map[string]bool // closure codes that the kind has
	extra []string        // those of them that came up in the log
	line  int

	// Of the row at hand.
	s       *state
	row     snlog.Row
	at      time.Time
	by      string
	done    int
	opening bool
	refused bool
	failed  error // not the desk's refusal: the run ends
}

// state is how far a case is.
type state struct {
	c        *casebook.Case // nil until the desk let it be opened
	opened   time.Time      // opened_at
	resolved time.Time      // the last resolved_at given
	at       time.Time      // of the last row
	judged   bool           // the last row gives made_sla
	met      bool
}

// take does what a row says.
func (r *runner) take(row snlog.Row) error {
	r.Rows++
	s := r.cases[row.Number]
	if s == nil {
		s = &state{opened: row.OpenedAt, at: row.SysUpdatedAt}
		r.cases[row.Number] = s
	}
	if s != r.last { // rows of one case follow each other, as a rule
		if r.last != nil && r.last.c != nil {
			r.last.c.Rest()
		}
		if r.last = s; s.c != nil {
			if err := r.Book.Wake(r.ctx, s.c); err != nil {
				return err
			}
		}
	}
	if row.SysUpdatedAt.Before(s.at) {
		r.Reordered++
	} else {
		s.at = row.SysUpdatedAt
	}
	s.judged, s.met = row.SLAKnown, row.MadeSLA
	if !row.ResolvedAt.IsZero() {
		s.resolved = row.ResolvedAt
	}
	r.s, r.row, r.at, r.by, r.done, r.opening, r.refused = s, row, s.at, row.SysUpdatedBy, 0, false, false
	r.explain()
	if r.failed != nil {
		return r.failed
	}
	if s.c != nil {
		r.Book.Settle(s.c, r.at)
	}
	if r.done == 0 && !r.refused {
		r.Unchanged++
	}
	return nil
}

// explain does the actions that bring the record to the row.
func (r *runner) explain() {
	to := goalOf(r.row.State)
	if r.s.c == nil {
		r.open()
		if r.s.c == nil {
			return
		}
	} else {
		if i := r.incident(); to.open() && (i.State == incident.Resolved || i.State == incident.Closed) && to.state != incident.New {
			r.do("", incident.Reopen{Reason: "Taken up again; the log has no text."})
		}
		r.compare()
	}
	r.move(to)
}

func (r *runner) incident() *incident.Incident { return &r.s.c.Incident }
