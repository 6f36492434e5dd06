package incident_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/itsmkit/itsm/incident"
)

// Queue keeps an incident new whoever has it, and alone gives it back to the desk.
func TestQueue(t *testing.T) {
	b := newBench(t, incident.Kind())
	i := b.do(b.open(report()), incident.Assign{Group: "desk", To: "bo", Queue: true})
	require.Equal(t, incident.New, i.State)
	require.Equal(t, "bo", i.Assignee)
	i = b.do(i, incident.Assign{Queue: true})
	require.Equal(t, incident.New, i.State)
	require.Empty(t, i.Group+i.Assignee)
	require.Equal(t, 1, i.Reassignments, "it left a group")
	i = b.do(i, incident.Assign{Group: "network", Queue: true})
	require.Equal(t, 1, i.Reassignments, "there was no group before")

	i = b.do(i, incident.PutOnHold{Reason: incident.ForProblem}, incident.Assign{Group: "network", To: "bo", Queue: true}, incident.Resume{})
	require.Equal(t, incident.New, i.State, "on hold too")

	i = b.doAs("bo", i, incident.Accept{}, incident.Start{})
	i = b.do(i, incident.Assign{Queue: true})
	require.Equal(t, incident.InProgress, i.State, "in a later state it stays where it is")
}
