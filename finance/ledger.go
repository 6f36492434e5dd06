package finance

import (
	"context"
	"errors"
	"iter"
	"time"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/calendar"
)

// Config is what a [Ledger] works with: the repositories of the kinds in one store, and that store's Saver. The clock and
// the IDs are those of itsm.Config.
type Config struct {
	Charts  itsm.Repository[Chart]
	Periods itsm.Repository[Period]
	Entries itsm.Repository[Entry]
	Saver   itsm.Saver
	Policy  itsm.Policy
	Clock   itsm.Clock
	NewID   func(time.Time) itsm.ID
}

// Ledger posts entries and reads them. It holds nothing: all is in the store. It is safe for concurrent use.
//
// The desks are for everything but opening entries: Charts and Periods for their lives, Entries for reading and comments.
type Ledger struct {
	Charts  *itsm.Desk[Chart]
	Periods *itsm.Desk[Period]
	Entries *itsm.Desk[Entry]
	config  Config
}

// retries is how often a write is tried again after a conflict.
const retries = 5

// NewLedger returns a ledger.
func NewLedger(c Config) (*Ledger, error) {
	if c.Saver == nil {
		return nil, errors.New("finance: NewLedger: Config.Saver is required: the store that has the repositories")
	}
	l := &Ledger{config: c}
	var err error
	if l.Charts, err = itsm.NewDesk(ChartKind(), itsm.Config[Chart]{Repository: c.Charts, Policy: c.Policy, Clock: c.Clock, NewID: c.NewID}); err != nil {
		return nil, err
	}
	if l.Periods, err = itsm.NewDesk(PeriodKind(), itsm.Config[Period]{Repository: c.Periods, Policy: c.Policy, Clock: c.Clock, NewID: c.NewID,
		Facts: l.periodFacts}); err != nil {
		return nil, err
	}
	l.Entries, err = itsm.NewDesk(EntryKind(), itsm.Config[Entry]{Repository: c.Entries, Policy: c.Policy, Clock: c.Clock, NewID: c.NewID,
		Facts: entryFacts})
	return l, err
}

// periodFacts loads what stands before a period that is opened.
func (l *Ledger) periodFacts(ctx context.Context, _ *Period, a itsm.Action[Period]) (any, error) {
	open, ok := a.(OpenPeriod)
	if !ok {
		return nil, nil
	}
	in, err := scope(ctx)
	if err != nil {
		return nil, err
	}
	var around circumstances
	if around.chart, err = get(ctx, l.config.Charts, in, open.Chart, ChartName); err != nil {
		return nil, err
	}
	around.last, err = l.period(ctx, in, itsm.Where(PeriodsByChart.Is(open.Chart)))
	return around, err
}

type circumstancesKey struct{}

// entryFacts hands over what the ledger has loaded. An entry that is opened without it is refused: nothing would keep its
// period open until it is stored.
func entryFacts(ctx context.Context, e *Entry, _ itsm.Action[Entry]) (any, error) {
	if e != nil {
		return nil, nil
	}
	if around, ok := ctx.Value(circumstancesKey{}).(circumstances); ok {
		return around, nil
	}
	return nil, ledgerRequired()
}

// scope is the tenant of the actor.
func scope(ctx context.Context) (itsm.Scope, error) {
	actor, ok := itsm.ActorFrom(ctx)
	if !ok {
		return itsm.Scope{}, &itsm.ForbiddenError{Why: "the context has no actor", Hint: "use itsm.WithActor or itsm.System"}
	}
	return itsm.Scope{Tenant: actor.Tenant}, nil
}

// get loads a record by reference; nil if there is none of that kind.
func get[T any](ctx context.Context, r itsm.Repository[T], in itsm.Scope, of itsm.Ref, kind string) (*T, error) {
	if of.Kind != kind {
		return nil, nil
	}
	found, err := r.Get(ctx, in, of.ID)
	if err != nil || len(found) == 0 {
		return nil, err
	}
	return found[0], nil
}

// period returns the latest of the periods that a query finds, or nil.
func (l *Ledger) period(ctx context.Context, in itsm.Scope, q itsm.Query[Period]) (*Period, error) {
	page, err := l.config.Periods.Find(ctx, in, q.Sorted(PeriodsByFrom.Desc()), itsm.PageRequest{Limit: 1})
	if err != nil || len(page.Items) == 0 {
		return nil, err
	}
	return page.Items[0], nil
}

// EntriesOf runs over the entries of a chart that the actor may see, by date, up to and with an accounting date, as far as
// they were known at an instant. The zero date and the zero time take all.
func (l *Ledger) EntriesOf(ctx context.Context, chart itsm.Ref, asOf calendar.Date, known time.Time) iter.Seq2[Entry, error] {
	q := itsm.Where(EntriesByChart.Is(chart))
	if !asOf.IsZero() {
		q = itsm.Where(EntriesByChart.Is(chart), EntriesByDate.To(dayKey(asOf)))
	}
	return func(yield func(Entry, error) bool) {
		for e, err := range l.Entries.All(ctx, q.Sorted(EntriesByDate.Asc())) {
			if err == nil && !known.IsZero() && e.CreatedAt.After(known) {
				continue
			}
			if !yield(e, err) {
				return
			}
		}
	}
}

// TrialBalance returns the trial balance of a chart as of an accounting date, as it was known at an instant: what was
// posted later is left out, even if it is dated before. The zero date and the zero time take all. Since entries are stored
// whole it balances at every moment, also while others post.
func (l *Ledger) TrialBalance(ctx context.Context, chart itsm.Ref, asOf calendar.Date, known time.Time) ([]Balance, error) {
	return TrialBalance(l.EntriesOf(ctx, chart, asOf, known), asOf)
}
