package levels

import (
	"context"
	"time"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/examples/servicedesk/casebook"
	"github.com/itsmkit/itsm/incident"
	"github.com/itsmkit/itsm/sla"
)

// batch is how many events the tracker gets at a time.
const batch = 2000

// Options changes how clocks are kept. The zero value is fine.
type Options struct {
	Zone string // in which months begin, and in which a fit looks for hours; "" is UTC
	// Progress is called now and then with the events that have been followed, and all of them.
	Progress func(done, total int64)
}

// Kept is a book whose clocks are kept. It is made by [Keep] and used by one goroutine.
type Kept struct {
	Clocks *itsm.Desk[sla.Clock]

	book    *casebook.Book
	terms   Terms
	zone    *time.Location
	now     time.Time // at which clocks that go are judged
	cases   map[itsm.ID]*casebook.Case
	history *sla.History // nil until it is asked for
}

// Keep follows all events of a book with a tracker, and sweeps at the book's last moment. The clocks are stored beside the
// cases.
func Keep(ctx context.Context, book *casebook.Book, terms Terms, o Options) (*Kept, error) {
	zone, err := time.LoadLocation(o.Zone)
	if err != nil {
		return nil, err
	}
	kind := sla.ClockKind()
	desk, err := itsm.NewDesk(kind, itsm.Config[sla.Clock]{
		Repository: book.Store.Clocks(kind), Policy: itsm.AllowAll, Clock: book.Now,
	})
	if err != nil {
		return nil, err
	}
	if err := book.Store.Migrate(ctx); err != nil {
		return nil, err
	}
	tracker, err := sla.NewTracker(desk, book.Store, terms.rules)
	if err != nil {
		return nil, err
	}
	k := &Kept{Clocks: desk, book: book, terms: terms, zone: zone, now: book.Now(), cases: make(map[itsm.ID]*casebook.Case, len(book.Cases))}
	for _, c := range book.Cases {
		k.cases[c.ID] = c
	}
	relay := itsm.NewRelay(book.Store)
	relay.Clock, relay.Batch = book.Now, batch
	before, err := relay.Status(ctx, tracker.Consumer())
	if err != nil {
		return nil, err
	}
	if err := relay.Run(ctx, &watched{Tracker: tracker, done: before.Handled, total: int64(book.Actions), tell: o.Progress}); err != nil {
		return nil, err
	}
	_, err = tracker.Sweep(casebook.System(ctx), k.now)
	return k, err
}

// watched is a tracker whose progress is told.
type watched struct {
	*sla.Tracker
	done, total int64
	tell        func(done, total int64)
}

// Handle follows events.
func (w *watched) Handle(ctx context.Context, events []itsm.Event) (int, error) {
	n, err := w.Tracker.Handle(ctx, events)
	if w.done += int64(n); w.tell != nil {
		w.tell(w.done, w.total)
	}
	return n, err
}

// past returns the history of all cases, which is read once.
func (k *Kept) past(ctx context.Context) (sla.History, error) {
	if k.history == nil {
		h, err := sla.ReadHistory(ctx, k.book.Store, itsm.Scope{}, incident.Name)
		if err != nil {
			return sla.History{}, err
		}
		k.history = &h
	}
	return *k.history, nil
}
