package charging

import (
	"math/rand/v2"
	"strconv"
	"testing"
)

// The table of IDs against a map, with every second ID coming again.
func TestSeenAgreesWithAMap(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for _, n := range []int{0, 1, 2, 3, 1000, 20_000} {
		usage := make([]Usage, n)
		s, known := newSeen(n), map[string]int{}
		for i := range usage {
			usage[i].ID = strconv.Itoa(r.IntN(n))
			want, again := known[usage[i].ID]
			if !again {
				known[usage[i].ID], want = i, i
			}
			if got := s.first(usage, i); got != want {
				t.Fatalf("record %d of %d, ID %s: first %d, want %d", i, n, usage[i].ID, got, want)
			}
		}
	}
}
