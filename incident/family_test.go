package incident_test

import (
	"errors"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/incident"
)

// TestFamiliesAtOnce: three incidents in a ring each get the next one as their parent, all at one moment. One succeeds: then
// the next has a child, and the one before would have a parent with a parent.
func TestFamiliesAtOnce(t *testing.T) {
	b := newBench(t, incident.Kind())
	for range 100 {
		ring := []incident.Incident{b.open(report()), b.open(report()), b.open(report())}
		var wg sync.WaitGroup
		for n, i := range ring {
			wg.Go(func() {
				_, err := b.desk.Do(b.as("ann"), i.ID, incident.SetParent{Parent: ring[(n+1)%3].Ref(incident.Name)})
				if err != nil && !errors.Is(err, itsm.ErrInvalid) {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		family := map[itsm.Ref]itsm.Ref{}
		for _, i := range ring {
			now, err := b.desk.Get(b.as("ann"), i.ID)
			require.NoError(t, err)
			if !now.Parent.IsZero() {
				family[now.Ref(incident.Name)] = now.Parent
			}
		}
		require.Len(t, family, 1)
	}
}
