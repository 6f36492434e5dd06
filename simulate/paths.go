package simulate

import "strings"

// A feature is something of a path whose count must come out right: the first state, a change of state, the
// number of states, the number of reopenings.
const (
	featureStart  = 0
	featureNext   = featureStart + len(letters)
	featureLength = featureNext + len(letters)*len(letters)
	featureReopen = featureLength + len(factLength)
	features      = featureReopen + len(factReopened)
)

// featuresOf lists the features of a path, with repetitions.
func featuresOf(path string) []int {
	at := func(i int) int { return strings.IndexByte(letters, path[i]) }
	out := []int{featureStart + at(0)}
	for i := range len(path) - 1 {
		out = append(out, featureNext+at(i)*len(letters)+at(i+1))
	}
	return append(out, featureLength+len(path), featureReopen+strings.Count(path, "RA"))
}

// featureFacts returns how often the log has each feature.
func featureFacts() [features]int64 {
	var out [features]int64
	copy(out[featureStart:], factStart[:])
	for i, row := range factNext {
		copy(out[featureNext+i*len(letters):], row[:])
	}
	copy(out[featureLength:], factLength[:])
	copy(out[featureReopen:], factReopened[:])
	return out
}

// pathCounts says how many of n cases take each path of factPaths. Each path gets most of its share; then one
// case after the other goes to the path that brings the counts of all features nearest to the log's, by least
// squares. Rounding each path on its own would lose the rare changes of state, which are spread over many paths
// of one incident each.
func pathCounts(n int) []int {
	facts := featureFacts()
	var have [features]int64 // in units of 1/factCases of a case, less what the log asks for
	for f := range have {
		have[f] = -facts[f] * int64(n)
	}
	counts, of := make([]int, len(factPaths)), make([][]int, len(factPaths))
	left := n
	for p, path := range factPaths {
		of[p] = featuresOf(path.letters)
		share := int64(n) * path.n / factCases
		if share > 20 {
			share -= share / 25
		}
		counts[p] = int(share)
		left -= counts[p]
		for _, f := range of[p] {
			have[f] += share * factCases
		}
	}
	for ; left > 0; left-- {
		// What one more case with feature f would cost; negative when cases are missing.
		var cost [features]float64
		for f := range cost {
			cost[f] = float64(2*have[f]+factCases) / float64(max(facts[f], 1))
		}
		best, least := 0, 0.0
		for p := range of {
			sum := 0.0
			for _, f := range of[p] {
				sum += cost[f]
			}
			if p == 0 || sum < least {
				best, least = p, sum
			}
		}
		counts[best]++
		for _, f := range of[best] {
			have[f] += factCases
		}
	}
	return counts
}
