package simulate_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/itsmkit/itsm/simulate"
)

// The expected values are the facts of the log, which TestFacts compares with their file.
func TestProportions(t *testing.T) {
	for _, seed := range []uint64{0, 1, 20250101} {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			all := simulate.Compare(year(t, simulate.Options{Seed: seed, Incidents: 20_000}))
			require.Greater(t, len(all), 140)
			for _, p := range all {
				require.True(t, p.Within(0.05), "%s, %s: measured %.5f, simulated %.5f of %d",
					p.Name, p.Class, p.Measured, p.Simulated, p.Of)
			}
		})
	}
}

// A year of another size follows the same proportions, as near as its number of cases allows.
func TestProportionsOfOtherSizes(t *testing.T) {
	for _, n := range []int{5_000, 14_950, 33_333} {
		far := 0
		for _, p := range simulate.Compare(year(t, simulate.Options{Seed: 5, Incidents: n})) {
			if !p.Within(0.05) {
				far++
			}
		}
		require.LessOrEqual(t, far, 8, "%d incidents", n)
	}
}

func TestCompareNotices(t *testing.T) {
	cases := year(t, simulate.Options{Incidents: 5000})
	for i := range cases {
		cases[i].Channel = simulate.Email
	}
	far := map[string]bool{}
	for _, p := range simulate.Compare(cases) {
		if !p.Within(0.05) {
			far[p.Name] = true
		}
	}
	require.True(t, far["channel"])
	require.Empty(t, simulate.Compare(nil))
}

func TestWithin(t *testing.T) {
	for _, tt := range []struct {
		p    simulate.Proportion
		want bool
	}{
		{simulate.Proportion{Measured: 0.20, Simulated: 0.209}, true},
		{simulate.Proportion{Measured: 0.20, Simulated: 0.211}, false},
		{simulate.Proportion{Measured: 0.20, Simulated: 0.211, Of: 20_000}, false},
		{simulate.Proportion{Measured: 0.0001, Simulated: 0.00014, Of: 20_000}, true},
		{simulate.Proportion{Measured: 0.0001, Simulated: 0.0002, Of: 20_000}, false},
	} {
		require.Equal(t, tt.want, tt.p.Within(0.05), "%+v", tt.p)
	}
}
