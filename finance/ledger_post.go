package finance

import (
	"context"
	"errors"
	"fmt"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/calendar"
)

// Post opens an entry. It is stored only if the chart and the period are still as they were when they were asked: an
// entry and the closing of its period at once cannot both succeed unseen. A conflict is tried again a few times.
//
// An itsm.IdempotencyKey makes a repeated call harmless. itsm.At backdates when the entry became known, not its date.
func (l *Ledger) Post(ctx context.Context, p Post, opts ...itsm.DoOption) (Entry, error) {
	return first(l.write(ctx, func(b *batch) error { return b.post(p, opts...) }))
}

// PostAll opens entries in one write, all or none. An error names the entry by its reference or its place, as an
// [EntryError]. The key makes a repeated call with the same posts harmless, as itsm.IdempotencyKey does; at most 190
// bytes, "" for none.
func (l *Ledger) PostAll(ctx context.Context, key string, posts ...Post) ([]Entry, error) {
	if err := checkKey(key); err != nil {
		return nil, err
	}
	return l.write(ctx, func(b *batch) error {
		for i, p := range posts {
			if err := b.post(p, nth(key, i)...); err != nil {
				name := p.Reference
				if name == "" {
					name = fmt.Sprintf("%d of %d", i+1, len(posts))
				}
				return &EntryError{name, err}
			}
		}
		if n := len(b.writes); n > 0 && n < len(posts) { // some were posted under the key, with fewer others
			return &itsm.ConflictError{Key: key}
		}
		return nil
	})
}

func checkKey(key string) error {
	if len(key) > 190 {
		return itsm.Invalid("key", "too_long", "max", "190 bytes")
	}
	return nil
}

// nth makes the key of the i-th entry of a write, from 0, of that of all.
func nth(key string, i int) []itsm.DoOption {
	if key == "" {
		return nil
	}
	return []itsm.DoOption{itsm.IdempotencyKey(fmt.Sprintf("%s/%d", key, i+1))}
}

// Reverse takes an entry back by one on the other sides, and returns that. Of an exchange both halves are taken back, in
// one write, whichever is named. The error is itsm.ErrDuplicate for an entry that is reversed already.
func (l *Ledger) Reverse(ctx context.Context, r Reverse) ([]Entry, error) {
	return l.write(ctx, func(b *batch) error {
		if _, err := l.Entries.Get(ctx, r.Of.ID); err != nil { // also what the actor may not see
			return err
		}
		halves, err := b.halves(r.Of)
		if err != nil {
			return err
		}
		var firstOut *Entry
		for _, half := range halves {
			around, err := b.around(half.Chart, r.Date)
			if err != nil {
				return err
			}
			around.original, around.first = half, firstOut
			if err := b.open(Reverse{Of: half.Ref(EntryName), Date: r.Date, Text: r.Text}, around); err != nil {
				return err
			}
			firstOut = &b.out[0]
		}
		return nil
	})
}

// Exchange posts both halves of a conversion in one write, and returns them: first what is given away. The conversion is
// that of money.Rates, which says where the rate of a day is missing, or the one that a bank has made. The key is that of
// [Ledger.PostAll].
func (l *Ledger) Exchange(ctx context.Context, key string, x Exchange) ([]Entry, error) {
	if err := checkKey(key); err != nil {
		return nil, err
	}
	return l.write(ctx, func(b *batch) error {
		around, err := b.around(x.Chart, x.Date)
		if err != nil {
			return err
		}
		if err := b.open(x, around, nth(key, 0)...); err != nil {
			return err
		}
		around.first = &b.out[0]
		return b.open(x, around, nth(key, 1)...)
	})
}

// batch is one write under way.
type batch struct {
	ledger  *Ledger
	ctx     context.Context
	in      itsm.Scope
	charts  map[itsm.Ref]*Chart
	periods []*Period
	writes  []itsm.Write
	at      []int // which of out each write is
	out     []Entry
	expect  []itsm.Expect
}

// write plans and stores, again after a conflict.
func (l *Ledger) write(ctx context.Context, plan func(*batch) error) ([]Entry, error) {
	in, err := scope(ctx)
	if err != nil {
		return nil, err
	}
	for try := 0; ; try++ {
		b := &batch{ledger: l, ctx: ctx, in: in, charts: map[itsm.Ref]*Chart{}}
		if err = plan(b); err == nil {
			err = b.save()
		}
		switch {
		case err == nil:
			return b.out, nil
		case try >= retries || itsm.InTx(ctx) || ctx.Err() != nil || !again(err):
			return nil, err
		}
	}
}

// again tells whether an error may be gone at the next try.
func again(err error) bool {
	var duplicate *itsm.DuplicateError
	if errors.As(err, &duplicate) {
		return duplicate.Index == "key"
	}
	var conflict *itsm.ConflictError
	return errors.As(err, &conflict) && conflict.Key == ""
}

func (b *batch) post(p Post, opts ...itsm.DoOption) error {
	around, err := b.around(p.Chart, p.Date)
	if err != nil {
		return err
	}
	return b.open(p, around, opts...)
}

// open prepares one entry.
func (b *batch) open(a itsm.Action[Entry], around circumstances, opts ...itsm.DoOption) error {
	ctx := context.WithValue(b.ctx, circumstancesKey{}, around)
	w, e, err := b.ledger.Entries.Prepare(ctx, itsm.ID{}, a, opts...)
	if err != nil {
		return err
	}
	if b.out = append(b.out, e); w.Kind != "" {
		b.writes, b.at = append(b.writes, w), append(b.at, len(b.out)-1)
	}
	return nil
}

// save stores the entries if the charts and the periods are still what they were.
func (b *batch) save() error {
	if len(b.writes) == 0 {
		return b.ctx.Err()
	}
	if err := b.ledger.config.Saver.SaveAll(b.ctx, b.in, b.writes, b.expect...); err != nil {
		return err
	}
	for i, w := range b.writes {
		b.out[b.at[i]].Number = w.Record.(*Entry).Number // which the store has drawn
	}
	return nil
}

// around loads the chart and the period of a date, each once, and expects them to stay.
func (b *batch) around(chart itsm.Ref, date calendar.Date) (circumstances, error) {
	c, ok := b.charts[chart]
	if !ok {
		var err error
		if c, err = get(b.ctx, b.ledger.config.Charts, b.in, chart, ChartName); err != nil {
			return circumstances{}, err
		}
		if b.charts[chart] = c; c != nil {
			b.expect = append(b.expect, itsm.Expect{Of: chart, Version: c.Version})
		}
	}
	for _, p := range b.periods {
		if p.Chart == chart && p.Covers(date) {
			return circumstances{chart: c, period: p}, nil
		}
	}
	p, err := b.ledger.period(b.ctx, b.in, itsm.Where(PeriodsByChart.Is(chart), PeriodsByFrom.To(dayKey(date))))
	if err != nil {
		return circumstances{}, err
	}
	if p != nil && p.Covers(date) {
		b.periods = append(b.periods, p)
		b.expect = append(b.expect, itsm.Expect{Of: p.Ref(PeriodName), Version: p.Version})
	}
	return circumstances{chart: c, period: p}, nil
}

// halves returns an entry, and with it the other half of its exchange, the first half first.
func (b *batch) halves(of itsm.Ref) ([]*Entry, error) {
	e, err := get(b.ctx, b.ledger.config.Entries, b.in, of, EntryName)
	switch {
	case err != nil:
		return nil, err
	case e == nil:
		return nil, fmt.Errorf("finance: reverse: %s: %w", of, itsm.ErrNotFound)
	case e.Conversion == nil:
		return []*Entry{e}, nil
	case !e.Pair.IsZero():
		return b.halves(e.Pair)
	}
	page, err := b.ledger.config.Entries.Find(b.ctx, b.in, itsm.Where(EntriesByPair.Is(of)), itsm.PageRequest{Limit: 1})
	if err != nil {
		return nil, err
	}
	return append([]*Entry{e}, page.Items...), nil
}

func first(out []Entry, err error) (Entry, error) {
	if err != nil {
		return Entry{}, err
	}
	return out[0], nil
}
