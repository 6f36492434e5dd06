package replay

import (
	"cmp"
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
	Store   casebook.Store // where the run is kept, and gone on with; nil is in memory
	Terms   string         // see [casebook.Options]
}

// Result is what became of a log.
type Result struct {
	Book      *casebook.Book
	Rows      int
	Unchanged int                 // rows without any difference to the record
	Reordered int                 // rows earlier than the row before them
	Refused   []report.RefusedRow // in the order of the log
}

// Run runs a log to its end, behind those rows that the store has already. An error of the log is an [*snlog.Error];
// there is no result then.
func Run(ctx context.Context, log *snlog.Reader, o Options) (*Result, error) {
	r, err := begin(casebook.System(ctx), log, o)
	if err != nil {
		return nil, err
	}
	if err := r.skip(); err != nil {
		return nil, err
	}
	for {
		row, err := log.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, err
		}
		if err := r.take(row); err != nil {
			return nil, err
		}
		if r.Book.Done%500 == 0 && o.Progress != nil {
			o.Progress(log.Progress())
		}
	}
	if r.Rows = r.Book.Done; r.Rows == 0 {
		return nil, &snlog.Error{File: log.Name(), Row: log.Line() + 1, Why: "is missing: the log has a header and no rows"}
	}
	for _, s := range r.cases {
		if s.c != nil {
			s.c.Said = &casebook.Said{Opened: s.opened, Resolved: s.resolved, Judged: s.judged, Met: s.met}
		}
	}
	return &r.Result, r.Book.Save(r.ctx)
}

// begin opens the book with what was learnt of the log before.
func begin(ctx context.Context, log *snlog.Reader, o Options) (*runner, error) {
	kind, err := Kind()
	if err != nil {
		return nil, err
	}
	r := &runner{ctx: ctx, log: log, cases: map[string]*state{}, codes: map[string]bool{}}
	for _, c := range published() {
		r.codes[c] = true
	}
	if o.Store == nil {
		r.Book, err = casebook.New(kind, 0)
	} else {
		r.journal = true
		r.Book, err = casebook.Open(ctx, kind, casebook.Options{Store: o.Store, Terms: o.Terms, Remember: r.remember, Recall: r.recall,
			Input: "a log with times in " + cmp.Or(log.Zone(), time.UTC).String()})
	}
	if err != nil {
		return nil, err
	}
	r.Book.Observe = o.Observe
	if len(r.extra) == 0 {
		return r, nil
	}
	if kind, err = Kind(r.extra...); err != nil {
		return nil, err
	}
	return r, r.Book.Use(ctx, kind)
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
	log   *snlog.Reader
	cases map[string]*state
	last  *state
	codes map[string]bool // closure codes that the kind has
	extra []string        // those of them that came up in the log
	sum   string          // of the rows that are worked through

	journal bool     // somebody may go on with the run: what was learnt since the last write is kept at hand
	touched []*state // since then
	told    int      // refusals that are stored
	learnt  int      // extra codes that are stored

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
	number   string
	c        *casebook.Case // nil until the desk let it be opened
	opened   time.Time      // opened_at
	resolved time.Time      // the last resolved_at given
	at       time.Time      // of the last row
	judged   bool           // the last row gives made_sla
	met      bool
	touched  bool // since the last write
}

// take does what a row says.
func (r *runner) take(row snlog.Row) error {
	to := goalOf(row.State)
	if to.state == incident.Resolved || to.state == incident.Closed {
		if err := r.learn(code(&row)); err != nil {
			return err
		}
	}
	s, err := r.turnTo(row)
	if err != nil {
		return err
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
	r.explain(to)
	if r.failed != nil {
		return r.failed
	}
	if s.c != nil {
		r.Book.Settle(s.c, r.at)
	}
	if r.done == 0 && !r.refused {
		r.Unchanged++
	}
	if r.journal {
		r.sum = r.log.Sum()
	}
	return r.Book.Mark(r.ctx)
}

// turnTo finds the case of a row, with its record at hand. Rows of one case follow each other, as a rule.
func (r *runner) turnTo(row snlog.Row) (*state, error) {
	s := r.cases[row.Number]
	if s != nil && s != r.last && s.c != nil {
		if err := r.Book.Wake(r.ctx, s.c); err != nil {
			return nil, err
		}
	}
	if s == nil {
		s = &state{number: row.Number, opened: row.OpenedAt, at: row.SysUpdatedAt}
		r.cases[row.Number] = s
	}
	if r.last != nil && r.last != s && r.last.c != nil {
		r.last.c.Rest()
	}
	r.last = s
	if r.journal && !s.touched {
		s.touched = true
		r.touched = append(r.touched, s)
	}
	return s, nil
}

// explain does the actions that bring the record to the row.
func (r *runner) explain(to goal) {
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
