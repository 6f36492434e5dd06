package holidays

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func dates(t *testing.T, region string, first, last int) (list []string) {
	closed, err := Closed(region, first, last)
	require.NoError(t, err)
	for _, d := range closed {
		list = append(list, d.String())
	}
	return list
}

// The federal holidays of 2026 as the US Office of Personnel Management publishes them; 4 July is a Saturday and
// observed on Friday.
func TestUnitedStates(t *testing.T) {
	require.Equal(t, []string{
		"2026-01-01", "2026-01-19", "2026-02-16", "2026-05-25", "2026-06-19", "2026-07-03", "2026-07-04",
		"2026-09-07", "2026-10-12", "2026-11-11", "2026-11-26", "2026-12-25",
	}, dates(t, "US", 2026, 2026))
	// 1 January 2028 is a Saturday: observed on the last day of 2027.
	require.Contains(t, dates(t, "us", 2027, 2027), "2027-12-31")
	require.NotContains(t, dates(t, "US", 2028, 2028), "2027-12-31")
}

// The holidays of 2026 that hold in all of Germany, and those that Bavaria has besides (Bavarian law on holidays).
func TestGermany(t *testing.T) {
	nationwide := []string{
		"2026-01-01", "2026-04-03", "2026-04-06", "2026-05-01", "2026-05-14", "2026-05-25", "2026-10-03",
		"2026-12-25", "2026-12-26",
	}
	require.Equal(t, nationwide, dates(t, "DE", 2026, 2026))
	require.Subset(t, dates(t, "DE-BY", 2026, 2026), append(nationwide, "2026-01-06", "2026-06-04", "2026-11-01"))
}

func TestObserved(t *testing.T) {
	list, err := List("US", 2026, 2026)
	require.NoError(t, err)
	observed := 0
	for _, h := range list {
		if h.Observed {
			observed++
			require.Equal(t, "2026-07-03", h.Date.String())
		}
		require.NotEmpty(t, h.Name)
	}
	require.Equal(t, 1, observed)
}

// Every region has holidays in every year, in order and each once.
func TestRegions(t *testing.T) {
	require.Greater(t, len(Regions()), 80)
	for _, region := range Regions() {
		all, err := Closed(region, 2020, 2030)
		require.NoError(t, err)
		perYear := map[int]int{}
		for i, d := range all {
			perYear[d.Year]++
			require.True(t, i == 0 || all[i-1].Compare(d) < 0, "%s: %s", region, d)
		}
		require.Len(t, perYear, 11, region)
	}
}

func TestUnknown(t *testing.T) {
	for _, c := range []struct {
		region      string
		first, last int
	}{{"", 2026, 2026}, {"XX", 2026, 2026}, {"US", 2027, 2026}, {"US", 1, 2026}, {"US", 2026, 3000}} {
		_, err := Closed(c.region, c.first, c.last)
		require.ErrorIs(t, err, ErrUnknown)
	}
}
