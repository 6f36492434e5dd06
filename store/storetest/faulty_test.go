package storetest_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/itsmkit/itsm/store/storetest"
	"github.com/stretchr/testify/require"
)

// fault is one mistake that a store may make, and the check that is there to catch it.
type fault struct {
	name   string
	caught string
	breaks func(*wrapped)
}

func faults() []fault {
	return slices.Concat(writeFaults(), valueFaults(), eventFaults(), queryFaults(), guardFaults(), eraseFaults(), txFaults())
}

func named(t *testing.T, name string) storetest.Check {
	t.Helper()
	all := storetest.Checks()
	i := slices.IndexFunc(all, func(c storetest.Check) bool { return c.Name == name })
	require.GreaterOrEqual(t, i, 0, "there is no check %s", name)
	return all[i]
}

// TestFaultsAreCaught: each faulty store fails the check that is named for its fault, with a message that says
// what was wanted.
func TestFaultsAreCaught(t *testing.T) {
	for _, f := range faults() {
		t.Run(f.name, func(t *testing.T) {
			t.Parallel()
			if group, _, _ := strings.Cut(f.caught, "/"); raced && (group == "concurrent" || group == "isolation") {
				t.Skip("a store that is broken on purpose between goroutines is a race by itself; it runs without the detector")
			}
			err := named(t, f.caught).Run(t.Context(), broken(f.breaks))
			require.Error(t, err, "the check %s let it pass", f.caught)
			require.NotErrorIs(t, err, storetest.ErrSkipped)
			require.NotContains(t, err.Error(), "panicked", "a check must see the fault, not trip over it")
			require.True(t, strings.HasPrefix(err.Error(), f.caught+": "), "%v", err)
		})
	}
}

// TestEachCheckCatches: there is no check that never fails.
func TestEachCheckCatches(t *testing.T) {
	caught := map[string]bool{}
	for _, f := range faults() {
		require.False(t, caught[f.name], "the fault %s is there twice", f.name)
		caught[f.caught], caught[f.name] = true, true
	}
	for _, c := range storetest.Checks() {
		require.True(t, caught[c.Name], "no fault shows that the check %s can fail", c.Name)
	}
}

// TestFaultsOff: the wrapper without a fault passes all checks, as the memory store does, so that it is the fault
// alone that fails.
func TestFaultsOff(t *testing.T) {
	for _, c := range storetest.Checks() {
		t.Run(c.Name, func(t *testing.T) {
			t.Parallel()
			require.NoError(t, c.Run(t.Context(), broken(nil)))
		})
	}
}

// TestChecks: names are unique and in order of group, and each says what it is for.
func TestChecks(t *testing.T) {
	seen := map[string]bool{}
	for _, c := range storetest.Checks() {
		require.False(t, seen[c.Name], c.Name)
		seen[c.Name] = true
		require.Regexp(t, `^[a-z]+/[a-z_]+$`, c.Name)
		require.True(t, strings.HasSuffix(c.Doc, "."), c.Name)
	}
}

// TestSkipped: a store that cannot be opened again skips those checks alone.
func TestSkipped(t *testing.T) {
	for _, c := range storetest.Checks() {
		if strings.HasPrefix(c.Name, "durable/") {
			h := broken(nil)
			h.Reopen = nil
			require.ErrorIs(t, c.Run(t.Context(), h), storetest.ErrSkipped, c.Name)
		}
	}
}

// TestHarness: what a harness must have is said, and a store that panics fails its check and no more.
func TestHarness(t *testing.T) {
	c := named(t, "save/open")
	require.ErrorContains(t, c.Run(t.Context(), storetest.Harness{}), "Harness.Things")
	h := broken(nil)
	h.Saver = nil
	require.ErrorContains(t, c.Run(t.Context(), h), "Harness.Saver")
	h = broken(nil)
	h.Transactor = nil
	require.ErrorContains(t, c.Run(t.Context(), h), "Harness.Transactor")
	failing := broken(func(w *wrapped) { w.reads(func(*thing) { panic("disk on fire") }) })
	require.ErrorContains(t, c.Run(t.Context(), failing), "the store panicked: disk on fire")
	down := errors.New("connection refused")
	failing = broken(func(w *wrapped) { w.saveFails(down) })
	require.ErrorIs(t, c.Run(t.Context(), failing), down)
}
