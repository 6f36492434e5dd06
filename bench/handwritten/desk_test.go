package handwritten_test

import (
	"context"
	"errors"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/bench/handwritten"
	"github.com/itsmkit/itsm/incident"
)

var errNo = errors.New("no")

// policy allows everything but one action.
type policy struct{ denied string }

func (p policy) Allow(_ context.Context, _ *handwritten.Actor, action string, _ *incident.Incident) error {
	if action == p.denied {
		return errNo
	}
	return nil
}

// The limit must do what it is the limit of: change the record, keep what was there before, and refuse.
func TestDesk(t *testing.T) {
	d := handwritten.New(policy{})
	id := itsm.ID{1}
	d.Put(incident.Incident{Header: itsm.Header{ID: id, State: incident.InProgress, Version: 3}, Group: "a", Watchers: []string{"eva"}})
	ctx := handwritten.WithActor(context.Background(), handwritten.Actor{ID: "bo"})

	held, err := d.Do(ctx, id, incident.PutOnHold{Reason: incident.ForSupplier})
	require.NoError(t, err)
	require.Equal(t, incident.OnHold, held.State)
	require.Equal(t, incident.InProgress, held.Hold.From)
	held.Watchers[0], held.Hold.From = "mallory", incident.New // the caller's copy is the caller's

	_, err = d.Do(ctx, id, incident.PutOnHold{Reason: incident.ForSupplier})
	require.ErrorIs(t, err, handwritten.ErrNotAllowed)
	back, err := d.Do(ctx, id, incident.Resume{})
	require.NoError(t, err)
	require.Equal(t, incident.InProgress, back.State)
	require.Nil(t, back.Hold)
	require.Equal(t, []string{"eva"}, back.Watchers)

	given, err := d.Do(ctx, id, incident.Assign{Group: "b", To: "kim"})
	require.NoError(t, err)
	require.Equal(t, int64(6), given.Version)
	require.Equal(t, 1, given.Reassignments)

	events := d.Events(id)
	require.Len(t, events, 3)
	require.Equal(t, []handwritten.Change{
		{Field: "group", Old: "a", New: "b"}, {Field: "assignee", New: "kim"}, {Field: "reassignments", New: "1"},
	}, events[2].Changes)
	require.Equal(t, incident.OnHold, events[1].From)
}

func TestDeskRefuses(t *testing.T) {
	d := handwritten.New(policy{denied: "assign"})
	id := itsm.ID{1}
	d.Put(incident.Incident{Header: itsm.Header{ID: id, State: incident.New, Version: 1}})
	ctx := handwritten.WithActor(context.Background(), handwritten.Actor{ID: "bo"})

	_, err := d.Do(context.Background(), id, incident.Resume{})
	require.ErrorIs(t, err, handwritten.ErrForbidden)
	_, err = d.Do(ctx, id, incident.Assign{Group: "b"})
	require.ErrorIs(t, err, handwritten.ErrForbidden)
	require.ErrorIs(t, err, errNo)
	_, err = d.Do(ctx, itsm.ID{2}, incident.Resume{})
	require.ErrorIs(t, err, handwritten.ErrNotFound)
	_, err = d.Do(ctx, id, incident.PutOnHold{})
	require.ErrorIs(t, err, handwritten.ErrInvalid)
	_, err = d.Do(ctx, id, incident.Close{})
	require.ErrorIs(t, err, handwritten.ErrNotAllowed)
	require.Empty(t, d.Events(id))
}
