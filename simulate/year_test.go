package simulate_test

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/itsmkit/itsm/simulate"
)

func year(t testing.TB, o simulate.Options) []simulate.Case {
	t.Helper()
	cases, err := simulate.Year(o)
	require.NoError(t, err)
	return cases
}

func TestSameOptionsGiveTheSameYear(t *testing.T) {
	o := simulate.Options{Seed: 3, Incidents: 2000}
	require.Equal(t, year(t, o), year(t, o))
	o.Start = time.Date(2025, time.January, 1, 23, 0, 0, 0, time.FixedZone("", 3600))
	require.Equal(t, year(t, simulate.Options{Seed: 3, Incidents: 2000}), year(t, o), "only the UTC date of Start counts")
}

func TestAnotherSeedGivesAnotherYear(t *testing.T) {
	a, b := year(t, simulate.Options{Seed: 1, Incidents: 500}), year(t, simulate.Options{Seed: 2, Incidents: 500})
	same := 0
	for i := range a {
		if a[i].Caller == b[i].Caller || a[i].Opened.Equal(b[i].Opened) {
			same++
		}
	}
	require.Less(t, same, 5)
}

// A change of any table or draw changes this sum. If that was meant, write the new one down and say in the
// changelog that seeds give other years.
func TestGolden(t *testing.T) {
	raw, err := json.Marshal(year(t, simulate.Options{Seed: 1, Incidents: 500}))
	require.NoError(t, err)
	sum := sha256.Sum256(raw)
	require.Equal(t, "a7688c50aaee0cd5e40fb6801cce0be855ec66b338866733b41d97fe08615ee4", hex.EncodeToString(sum[:]))
}

func TestDefaults(t *testing.T) {
	cases := year(t, simulate.Options{})
	require.Len(t, cases, 20_000)
	require.Equal(t, 2025, cases[0].Opened.Year())
	require.Equal(t, 2025, cases[len(cases)-1].Opened.Year())
	require.Equal(t, time.December, cases[len(cases)-1].Opened.Month())
	perDay := map[string]int{}
	for _, c := range cases {
		perDay[c.Opened.Format(time.DateOnly)]++
	}
	require.Less(t, perDay["2025-12-25"], perDay["2025-11-27"]/3, "Christmas beside another Thursday")
}

func TestSmallYears(t *testing.T) {
	for n := 1; n <= 60; n++ {
		cases := year(t, simulate.Options{Seed: uint64(n), Incidents: n, Days: 1 + n%9})
		require.Len(t, cases, n)
		requireLegal(t, cases)
	}
}

// The log has 630 of 14,950 cases on Saturdays and Sundays: 12.6 of 300.
func TestSmallYearHasWeekends(t *testing.T) {
	n := 0
	for _, c := range year(t, simulate.Options{Seed: 1, Incidents: 300}) {
		if d := c.Opened.Weekday(); d == time.Saturday || d == time.Sunday {
			n++
		}
	}
	require.InDelta(t, 12.6, n, 1)
}

// Few who wait are done within a minute, unless the whole case is.
func TestWaitsAreBelieved(t *testing.T) {
	holds, short := 0, 0
	for _, c := range year(t, simulate.Options{Seed: 1}) {
		for i, s := range c.Steps[:len(c.Steps)-1] {
			if s.Kind == simulate.Hold {
				holds++
				if c.Steps[i+1].At.Sub(s.At) < time.Minute && c.Steps[i+1].Kind == simulate.Resolve {
					short++
				}
			}
		}
	}
	require.Greater(t, holds, 5000)
	require.Less(t, short, holds/100)
}

func TestSeasonDecidesTheDays(t *testing.T) {
	only := time.Date(2024, time.February, 29, 0, 0, 0, 0, time.UTC)
	cases := year(t, simulate.Options{
		Incidents: 50, Start: time.Date(2024, time.January, 1, 0, 0, 0, 0, time.UTC),
		Season: func(day time.Time) float64 {
			if day.Equal(only) {
				return 1e-300
			}
			return 0
		},
	})
	for _, c := range cases {
		require.Equal(t, only, c.Opened.Truncate(24*time.Hour))
	}
}

func TestOptionsAreChecked(t *testing.T) {
	always := func(w float64) func(time.Time) float64 { return func(time.Time) float64 { return w } }
	for _, tt := range []struct {
		name    string
		options simulate.Options
		option  string
		message string
	}{
		{"negative incidents", simulate.Options{Incidents: -1}, "Incidents",
			"simulate: Options.Incidents is -1; allowed: 1 to 1000000, or 0 for 20000"},
		{"too many incidents", simulate.Options{Incidents: simulate.MaxIncidents + 1}, "Incidents", ""},
		{"negative days", simulate.Options{Days: -3}, "Days", "simulate: Options.Days is -3; allowed: 1 to 3660, or 0 for 365"},
		{"too many days", simulate.Options{Days: simulate.MaxDays + 1}, "Days", ""},
		{"far start", simulate.Options{Start: time.Date(12025, 1, 1, 0, 0, 0, 0, time.UTC)}, "Start", ""},
		{"negative season", simulate.Options{Season: always(-1)}, "Season",
			"simulate: Options.Season is -1 for 2025-01-01; allowed: a weight from 0 to a million"},
		{"season without end", simulate.Options{Season: always(math.Inf(1))}, "Season", ""},
		{"season that is no number", simulate.Options{Season: always(math.NaN())}, "Season", ""},
		{"no season", simulate.Options{Season: always(0)}, "Season", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			cases, err := simulate.Year(tt.options)
			require.Nil(t, cases)
			var bad *simulate.OptionError
			require.ErrorAs(t, err, &bad)
			require.Equal(t, tt.option, bad.Option)
			if tt.message != "" {
				require.EqualError(t, err, tt.message)
			}
		})
	}
}

func BenchmarkYear(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if _, err := simulate.Year(simulate.Options{Incidents: 20_000}); err != nil {
			b.Fatal(err)
		}
	}
}
