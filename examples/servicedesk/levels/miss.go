package levels

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/examples/servicedesk/report"
	"github.com/itsmkit/itsm/sla"
)

// explained is how many of the worst misses are explained.
const explained = 5

// miss is a customer's clock that is over time.
type miss struct {
	clock sla.Clock
	over  time.Duration
}

// worst are the clocks that are over time by most, the worst first.
type worst struct{ list []miss }

// offer takes a clock that is worse than another one.
func (w *worst) offer(c *sla.Clock, r *sla.Rules, now time.Time) error {
	x := &c.Reading
	if x.Type != sla.SLA || x.BreachedAt.IsZero() || c.State == sla.Cancelled {
		return nil
	}
	elapsed := x.Elapsed
	if c.State == sla.Running {
		a, err := r.Explain(*c, now)
		if err != nil {
			return err
		}
		elapsed = a.Elapsed
	}
	m := miss{clock: *c, over: (elapsed - x.Amount).Std()}
	i, _ := slices.BinarySearchFunc(w.list, m, func(a, b miss) int {
		return cmp.Or(cmp.Compare(b.over, a.over), cmp.Compare(a.clock.OfNumber, b.clock.OfNumber),
			cmp.Compare(a.clock.Reading.Target, b.clock.Reading.Target), cmp.Compare(a.clock.Reading.Round, b.clock.Reading.Round))
	})
	if i < explained {
		w.list = slices.Insert(w.list, i, m)
		w.list = w.list[:min(len(w.list), explained)]
	}
	return nil
}

// misses explains clocks.
func (k *Kept) misses(ctx context.Context, w worst) ([]report.Miss, error) {
	out := []report.Miss{}
	for _, m := range w.list {
		c := &m.clock
		account, err := k.terms.rules.Explain(*c, k.now)
		if err != nil {
			return nil, err
		}
		holders, err := k.holders(ctx, c)
		if err != nil {
			return nil, err
		}
		i, err := k.book.Desk.Get(ctx, c.Of.ID)
		if err != nil {
			return nil, err
		}
		x := &c.Reading
		out = append(out, report.Miss{Number: c.OfNumber, Title: i.Title, Target: k.title(x), Priority: x.Priority, State: string(c.State),
			Amount: working(x.Amount), Elapsed: working(account.Elapsed), Due: x.BreachedAt.In(k.zone), Account: fold(account.Lines, k.zone), Holders: holders})
	}
	return out, nil
}

// title returns what people call the target of a clock.
func (k *Kept) title(x *sla.Reading) string {
	for _, p := range promises(&k.terms) {
		if p.of == x.Agreement && p.Target == x.Target {
			return p.Title
		}
	}
	return x.Target
}

func working(d itsm.Duration) report.Working { return report.WorkingOf(d.Std()) }

// holders tells who held the case for how much of the clock's time.
func (k *Kept) holders(ctx context.Context, c *sla.Clock) ([]report.Holder, error) {
	events, err := k.events(ctx, c.Of.ID)
	if err != nil {
		return nil, err
	}
	shares, err := k.terms.rules.Breakdown(*c, "group", events, k.now)
	if err != nil {
		return nil, err
	}
	slices.SortStableFunc(shares, func(a, b sla.Share) int { return cmp.Compare(b.Elapsed, a.Elapsed) })
	out := make([]report.Holder, len(shares))
	for i, s := range shares {
		out[i] = report.Holder{Group: s.Holder, Elapsed: working(s.Elapsed)}
	}
	return out, nil
}

// events returns all events of a case.
func (k *Kept) events(ctx context.Context, id itsm.ID) ([]itsm.Event, error) {
	var all []itsm.Event
	p := itsm.PageRequest{Limit: itsm.MaxPage}
	for {
		page, err := k.book.Desk.History(ctx, id, p)
		if err != nil {
			return nil, err
		}
		all = append(all, page.Items...)
		if p.Cursor = page.Next; p.Cursor == "" {
			return all, nil
		}
	}
}

// fold joins the lines of an account between waits: what counted, and how often working hours were over in between.
func fold(lines []sla.Line, zone *time.Location) []report.Stretch {
	out := []report.Stretch{}
	open := false
	for _, l := range lines {
		s := report.Stretch{From: l.From.In(zone), To: l.To.In(zone), Why: string(l.Why), Counted: working(l.Counted), By: l.By}
		switch l.Why {
		case sla.BecauseOpen, sla.BecauseClosed, sla.BecauseHoliday, sla.BecauseSpecial:
			if s.Why = worked; open && l.Why != sla.BecauseOpen {
				s.Closed = 1
			}
			open = l.Why == sla.BecauseOpen
			if n := len(out); n > 0 && out[n-1].Why == worked {
				last := &out[n-1]
				last.To, last.Counted, last.Closed = s.To, last.Counted+s.Counted, last.Closed+s.Closed
				continue
			}
		default:
			open = false
		}
		out = append(out, s)
	}
	return out
}

// worked is why a stretch within an account counted as far as there were working hours.
const worked = "worked"
