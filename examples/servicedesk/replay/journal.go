package replay

import (
	"encoding/json"
	"errors"
	"io"
	"time"

	"github.com/itsmkit/itsm/examples/servicedesk/casebook"
	"github.com/itsmkit/itsm/examples/servicedesk/report"
)

// checkpoint is what a run has to know to go on, beside its book: the counts as they are, and what is new in the lists.
type checkpoint struct {
	Sum       string              `json:"sum"` // of the rows up to here
	Unchanged int                 `json:"unchanged"`
	Reordered int                 `json:"reordered"`
	Refused   []report.RefusedRow `json:"refused,omitempty"`
	Codes     []string            `json:"codes,omitempty"`
	Cases     []known             `json:"cases,omitempty"`
}

// known is a state as it is stored.
type known struct {
	Number   string    `json:"number"`
	Place    *int      `json:"place,omitempty"` // of the case in the book; none where it could not be opened yet
	Opened   time.Time `json:"opened,omitzero"`
	Resolved time.Time `json:"resolved,omitzero"`
	At       time.Time `json:"at"`
	Judged   bool      `json:"judged,omitempty"`
	Met      bool      `json:"met,omitempty"`
}

// OtherLogError says that a log does not begin with the rows that the store has.
type OtherLogError struct {
	File string
	Rows int // that the store has
}

// Error names the log.
func (e *OtherLogError) Error() string {
	return e.File + ": is not the log of the run that the store holds, or has changed in the rows that are done"
}

// remember returns what is new since the last call.
func (r *runner) remember() any {
	c := checkpoint{Sum: r.sum, Unchanged: r.Unchanged, Reordered: r.Reordered, Refused: r.Refused[r.told:], Codes: r.extra[r.learnt:]}
	for _, s := range r.touched {
		k := known{Number: s.number, Opened: s.opened, Resolved: s.resolved, At: s.at, Judged: s.judged, Met: s.met}
		if s.c != nil {
			k.Place = &s.c.Place
		}
		c.Cases = append(c.Cases, k)
		s.touched = false
	}
	r.touched, r.told, r.learnt = r.touched[:0], len(r.Refused), len(r.extra)
	return c
}

// recall takes over what an earlier run remembered.
func (r *runner) recall(book *casebook.Book, raw json.RawMessage) error {
	var c checkpoint
	if err := json.Unmarshal(raw, &c); err != nil {
		return err
	}
	r.sum, r.Unchanged, r.Reordered = c.Sum, c.Unchanged, c.Reordered
	r.Refused, r.extra = append(r.Refused, c.Refused...), append(r.extra, c.Codes...)
	r.told, r.learnt = len(r.Refused), len(r.extra)
	for _, code := range c.Codes {
		r.codes[code] = true
	}
	for _, k := range c.Cases {
		s := &state{number: k.Number, opened: k.Opened, resolved: k.Resolved, at: k.At, judged: k.Judged, met: k.Met}
		if k.Place != nil {
			if *k.Place < 0 || *k.Place >= len(book.Cases) {
				return errors.New("it speaks of a case that it does not have")
			}
			s.c = book.Cases[*k.Place]
		}
		r.cases[k.Number] = s
	}
	return nil
}

// skip reads the rows that the store has.
func (r *runner) skip() error {
	for range r.Book.Done {
		if _, err := r.log.Next(); errors.Is(err, io.EOF) {
			return &OtherLogError{r.log.Name(), r.Book.Done}
		} else if err != nil {
			return err
		}
	}
	if r.Book.Done > 0 && r.log.Sum() != r.sum {
		return &OtherLogError{r.log.Name(), r.Book.Done}
	}
	return nil
}
