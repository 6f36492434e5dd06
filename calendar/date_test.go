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
