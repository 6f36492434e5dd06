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
	Seed  uint64         // of the IDs
	Store casebook.Store // where the run is kept, and gone on with; nil is in memory
	Terms string         // see [casebook.Options]
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

// Run runs the cases to their ends, behind those steps that the store has already. A step that the desk refuses is an
// error: a story is legal.
func Run(ctx context.Context, cases []simulate.Case, o Options) (*casebook.Book, error) {
	ctx = casebook.System(ctx)
	book, err := open(ctx, cases, o)
	if err != nil {
		return nil, err
	}
	tellers := make([]teller, len(cases))
	all := moments(cases)
	if book.Done > len(all) {
		return nil, fmt.Errorf("the store holds %d steps of this year, which has %d", book.Done, len(all))
	}
	opened := book.Cases
	for n, m := range all {
		t := &tellers[m.of]
		switch {
		case n < book.Done && m.step < 0:
			*t = teller{ctx: ctx, book: book, story: &cases[m.of], c: opened[0]}
			opened = opened[1:]
			continue
		case n < book.Done:
			continue
		case m.step < 0:
			*t = teller{ctx: ctx, book: book, story: &cases[m.of]}
			err = t.open()
		default:
			err = t.tell(m.step)
		}
		if err == nil {
			err = book.Mark(ctx)
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

// open opens the book.
func open(ctx context.Context, cases []simulate.Case, o Options) (*casebook.Book, error) {
	kind, err := Kind()
	if err != nil {
		return nil, err
	}
	if o.Store == nil {
		return casebook.New(kind, o.Seed)
	}
	return casebook.Open(ctx, kind, casebook.Options{Seed: o.Seed, Store: o.Store, Terms: o.Terms,
		Input: fmt.Sprintf("a simulated year of %d incidents, seed %d", len(cases), o.Seed)})
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
