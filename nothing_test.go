package itsm_test

import (
	"context"
	"testing"

	"github.com/itsmkit/itsm"
	"github.com/stretchr/testify/require"
)

// TestNoAction: a nil action, and a nil pointer to one, are refused by every call that takes an action, like a name that
// no kind has.
func TestNoAction(t *testing.T) {
	around := func(ctx context.Context, _ *itsm.Call, next func(context.Context) error) error { return next(ctx) }
	b := newBench(t, everything, func(c *itsm.Config[Ticket]) { c.Middleware = []itsm.Middleware{around} })
	rec := b.raise(t, Raise{})
	before := b.events(t)
	for name, a := range map[string]itsm.Action[Ticket]{"nil": nil, "nil pointer": (*Raise)(nil), "of no kind": explode{}} {
		for call, do := range map[string]func() error{
			"Open":       func() error { _, err := b.Open(ann(), a); return err },
			"Do":         func() error { _, err := b.Do(ann(), rec.ID, a); return err },
			"Check":      func() error { return b.Check(ann(), rec.ID, a) },
			"Prepare":    func() error { _, _, err := b.Prepare(ann(), rec.ID, a); return err },
			"Batch.Open": func() error { _, err := b.Batch().Open(ann(), a); return err },
			"Batch.Do":   func() error { _, err := b.Batch().Do(ann(), rec.ID, a); return err },
			"Sweep":      func() error { _, err := b.Sweep(ann(), itsm.Query[Ticket]{}, noon, a); return err },
			"Apply":      func() error { _, _, err := b.Kind().Apply(rec, a, itsm.Moment{Time: noon}); return err },
		} {
			require.Equal(t, "action:unknown", code(t, do()), "%s of %s", call, name)
		}
	}
	require.Equal(t, before, b.events(t))
}

// TestNoOffer: what would only panic when the action is done is a problem of the declaration.
func TestNoOffer(t *testing.T) {
	for want, offer := range map[string]itsm.Offer[Ticket]{
		"an action is nil":             itsm.Do[Ticket]((*Start)(nil)),
		"action start: a guard is nil": itsm.Do[Ticket](Start{}, soon, nil),
	} {
		d := ticketDeclaration(t)
		d.Actions[2] = offer
		_, err := itsm.NewKind("ticket", d)
		require.ErrorContains(t, err, want)
	}
}

// TestTakeWhatIsNotThere: a repository returns nil for a record that it does not have, and a batch takes what it returns.
func TestTakeWhatIsNotThere(t *testing.T) {
	b := newBench(t, everything)
	rec, gone := b.raise(t, Raise{}), itsm.NewID(noon)
	found, err := b.repo.Get(ann(), itsm.Scope{}, rec.ID, gone)
	require.NoError(t, err)
	batch := b.Batch()
	batch.Take(found...)
	_, err = batch.Do(ann(), gone, Start{})
	require.ErrorIs(t, err, itsm.ErrNotFound)
	_, err = batch.Do(ann(), rec.ID, Start{})
	require.NoError(t, err)
}
