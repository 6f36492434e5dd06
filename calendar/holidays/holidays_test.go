package holidays

import (
	"os"
	"os/exec"
	"strings"
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

// Each date is as the law says that the test names; what it must not have was given by other rules.
func TestLaws(t *testing.T) {
	for _, c := range []struct {
		law, region string
		year        int
		has, hasNot []string
	}{
		{"Ley Federal del Trabajo, art. 74", "MX", 2026,
			[]string{"2026-01-01", "2026-02-02", "2026-03-16", "2026-05-01", "2026-09-16", "2026-11-16", "2026-12-25"},
			[]string{"2026-02-05", "2026-03-20", "2026-03-21", "2026-10-01"}},
		{"the same, transfer of the presidency", "MX", 2024, []string{"2024-10-01"}, nil},
		{"the same before 2006", "MX", 2005, []string{"2005-02-05", "2005-03-21", "2005-11-20"}, []string{"2005-02-07"}},
		{"Luxembourg, law of 25 April 2019", "LU", 2025, []string{"2025-05-09"}, nil},
		{"Te Kāhui o Matariki Public Holiday Act 2022", "NZ", 2026, []string{"2026-07-10"}, nil},
		{"500 years of Reformation, in all of Germany", "DE-BY", 2017, []string{"2017-10-31"}, nil},
		{"the same", "DE", 2017, []string{"2017-10-31"}, nil},
		{"and not again", "DE-BY", 2018, nil, []string{"2018-10-31"}},
		{"Berlin, Gesetz über die Sonn- und Feiertage §1", "DE-BE", 2025, []string{"2025-05-08"}, nil},
		{"and not again", "DE-BE", 2026, nil, []string{"2026-05-08"}},
		{"Swiss cantons", "CH", 2026, []string{"2026-01-01", "2026-05-14", "2026-08-01", "2026-12-25"}, []string{"2026-03-19", "2026-06-04"}},
	} {
		got := dates(t, c.region, c.year, c.year)
		for _, date := range c.has {
			require.Contains(t, got, date, "%s %s", c.region, c.law)
		}
		for _, date := range c.hasNot {
			require.NotContains(t, got, date, "%s %s", c.region, c.law)
		}
	}
}

// What holds in all of a country holds in each of its parts.
func TestParts(t *testing.T) {
	for _, region := range Regions() {
		country, _, part := strings.Cut(region, "-")
		if _, known := regions[country]; part && known {
			require.Subset(t, dates(t, region, 2015, 2030), dates(t, country, 2015, 2030), region)
		}
	}
}

// In 1999 the clocks of São Paulo skipped the midnight that begins 3 October (tz database). German Unity Day does not depend
// on where the program runs.
func TestMachineZone(t *testing.T) {
	if os.Getenv("TZ") != "America/Sao_Paulo" { // the zone of a machine is read once
		again := exec.Command(os.Args[0], "-test.run=^TestMachineZone$")
		again.Env = append(os.Environ(), "TZ=America/Sao_Paulo")
		out, err := again.CombinedOutput()
		require.NoError(t, err, "%s", out)
		return
	}
	require.Contains(t, dates(t, "DE", 1999, 1999), "1999-10-03")
}
