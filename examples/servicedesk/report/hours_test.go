package report_test

import (
	"encoding/json"
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/itsmkit/itsm/examples/servicedesk/report"
)

// TestPercentile repeats published results. "numpy.percentile" are the examples of its reference page (with
// the rows and columns of the array apart); "numpy test suite" are TestPercentile.test_basic and
// TestPercentile.test_linear_interpolation of numpy/lib/tests/test_function_base.py.
func TestPercentile(t *testing.T) {
	for _, c := range []struct {
		source string
		sorted []float64
		q      float64
		want   float64
	}{
		{"numpy.percentile", []float64{1, 2, 3, 4, 7, 10}, 0.5, 3.5},
		{"numpy.percentile", []float64{3, 10}, 0.5, 6.5},
		{"numpy.percentile", []float64{2, 7}, 0.5, 4.5},
		{"numpy.percentile", []float64{1, 4}, 0.5, 2.5},
		{"numpy.percentile", []float64{4, 7, 10}, 0.5, 7},
		{"numpy.percentile", []float64{1, 2, 3}, 0.5, 2},
		{"numpy test suite", []float64{0, 0.5, 1, 1.5, 2, 2.5, 3, 3.5}, 0, 0},
		{"numpy test suite", []float64{0, 0.5, 1, 1.5, 2, 2.5, 3, 3.5}, 1, 3.5},
		{"numpy test suite", []float64{0, 0.5, 1, 1.5, 2, 2.5, 3, 3.5}, 0.5, 1.75},
		{"numpy test suite", []float64{15, 20, 35, 40, 50}, 0.4, 29},
		{"one value", []float64{7}, 0.9, 7},
		{"no value", nil, 0.9, 0},
		{"beyond the ends", []float64{1, 2}, 1.5, 2},
		{"beyond the ends", []float64{1, 2}, -1, 1},
	} {
		require.InDelta(t, c.want, report.Percentile(c.sorted, c.q), 1e-14, "%s: %v of %v", c.source, c.q, c.sorted)
	}
}

func TestHoursString(t *testing.T) {
	for hours, want := range map[report.Hours]string{
		0: "0 min", 0.004: "0 min", 0.75: "45 min", 1: "1 h", 2 + 5.0/60: "2 h 5 min", 23.999: "1 d", 24: "1 d", 76: "3 d 4 h",
		47.99: "2 d", 2400: "100 d", 8070.1667: "336 d", 123456 * 24: "123,456 d", -1.5: "−1 h 30 min",
		report.Hours(math.Inf(1)): "–",
	} {
		require.Equal(t, want, hours.String())
	}
	require.Equal(t, "–", report.Hours(math.NaN()).String())
}

func TestHoursJSON(t *testing.T) {
	for hours, want := range map[report.Hours]string{
		435.08333333: "435.0833", 42.9: "42.9", 0: "0", -0.00001: "0", 1e17: "100000000000000000", report.Hours(math.Inf(-1)): "0",
	} {
		got, err := json.Marshal(hours)
		require.NoError(t, err)
		require.Equal(t, want, string(got))
	}
}
