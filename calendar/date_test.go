package calendar

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// AddDays is the oracle: so many days after d is e. 2028 is a leap year.
func TestDaysUntil(t *testing.T) {
	require.Equal(t, 366, Date{2028, 1, 1}.DaysUntil(Date{2029, 1, 1}))
	require.Equal(t, -1, Date{1970, 1, 1}.DaysUntil(Date{1969, 12, 31}))
	rapid.Check(t, func(t *rapid.T) {
		d := Date{2000, 2, 29}.AddDays(rapid.IntRange(-700_000, 2_900_000).Draw(t, "day"))
		n := rapid.IntRange(-30_000, 30_000).Draw(t, "days")
		require.Equal(t, n, d.DaysUntil(d.AddDays(n)))
	})
}

// A date that a calculation got wrong is written nowhere: nobody could read it back.
func TestOnlyRealDatesAreWritten(t *testing.T) {
	for _, d := range []Date{{2026, 2, 29}, {2026, 13, 1}, {2026, 0, 1}, {2026, 1, 0}, {0, 1, 1}, {10000, 1, 1}, {-1, 1, 1}} {
		_, err := d.MarshalText()
		require.ErrorIs(t, err, ErrInvalid, d)
	}
	for _, d := range []Date{{}, {2028, 2, 29}, {1, 1, 1}, {9999, 12, 31}} {
		text, err := d.MarshalText()
		require.NoError(t, err)
		var again Date
		require.NoError(t, again.UnmarshalText(text))
		require.Equal(t, d, again)
	}
}
