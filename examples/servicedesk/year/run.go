package year

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/examples/servicedesk/casebook"
	"github.com/itsmkit/itsm/incident"
	"github.com/itsmkit/itsm/simulate"
)

// Options changes how a year is run. The zero value is fine.
type Options struct {
	Seed uint64 // of the IDs
	// Progress is called now and then with the steps that have been done, and all of them.
	Progress func(done, total int64)
}

// Kind returns the incident of the simulated desk: its matrix, in which low and low is P4, and its closure codes.
func Kind() (*itsm.Kind[incident.Incident], error) {
	matrix := incident.StandardMatrix()
	matrix[incident.Low][incident.Low] = incident.P4
	return incident.NewKind(incident.Options{Matrix: matrix, ClosureCodes: simulate.Codes()})
}

// moment is when something happens in a case: its opening, or a step of it.
type moment struct {
	at       time.Time
	of, step int // step -1 is the opening
}

// Run runs the cases to their ends. A step that the desk refuses is an error: a story is legal.
func Run(ctx context.Context, cases []simulate.Case, o Options) (*casebook.Book, error) {
	kind, err := Kind()
	if err != nil {
		return nil, err
	}
	book, err := casebook.New(kind, o.Seed)
	if err != nil {
		return nil, err
	}
	ctx = casebook.System(ctx)
	tellers := make([]teller, len(cases))
	all := moments(cases)
	for n, m := range all {
		t, c := &tellers[m.of], &cases[m.of]
		if m.step < 0 {
			*t = teller{ctx: ctx, book: book, story: c}
			err = t.open()
		} else {
			err = t.tell(m.step)
		}
		if err != nil {
			return nil, fmt.Errorf("case %d, step %d: %w", m.of+1, m.step+1, err)
		}
		if o.Progress != nil && n%500 == 0 {
			o.Progress(int64(n), int64(len(all)))
		}
	}
	return book, book.Save(ctx)
}

// moments lists all that happens in the order of time; what happens at once comes in the order of the cases.
func moments(cases []simulate.Case) []moment {
	var all []moment
	for i := range cases {
		all = append(all, moment{cases[i].Opened, i, -1})
		for k := range cases[i].Steps {
			all = append(all, moment{cases[i].Steps[k].At, i, k})
		}
	}
	slices.SortFunc(all, func(x, y moment) int {
		return cmp.Or(x.at.Compare(y.at), cmp.Compare(x.of, y.of), cmp.Compare(x.step, y.step))
	})
	return all
}
