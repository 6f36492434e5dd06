package simulate

import (
	"cmp"
	"math/rand/v2"
	"slices"
)

// stream names one independent sequence of draws, so that a change to one part leaves the others as they were.
type stream uint64

const (
	streamDays stream = iota + 1
	streamHours
	streamPaths
	streamPriorities
	streamBefore
	streamDurations
	streamWaits
	streamMoves
	streamSymptoms
	streamCodes
	streamLinks
	streamChannels
	streamPeople
	streamComments
	streamScripts
)

func (s stream) open(seed uint64) *rand.Rand { return rand.New(rand.NewPCG(seed, uint64(s))) }

// apportion splits n among classes in proportion to their weights, by the largest remainder; of equal
// remainders the earlier class wins. The weights must not be negative, nor all zero.
func apportion(n int, weights []int64) []int {
	var total int64
	for _, w := range weights {
		total += w
	}
	out, order, left := make([]int, len(weights)), make([]int, len(weights)), n
	for i, w := range weights {
		out[i] = int(int64(n) * w / total)
		left -= out[i]
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int {
		return cmp.Compare(int64(n)*weights[b]%total, int64(n)*weights[a]%total)
	})
	for _, i := range order[:left] {
		out[i]++
	}
	return out
}

// deal returns class numbers, each as often as counts says, in a random order.
func deal(r *rand.Rand, counts []int) []int {
	var out []int
	for class, k := range counts {
		for range k {
			out = append(out, class)
		}
	}
	r.Shuffle(len(out), func(i, j int) { out[i], out[j] = out[j], out[i] })
	return out
}

// ranked returns the numbers 0 to n-1 by ascending score; of equal scores the smaller number comes first.
func ranked(n int, score func(i int) int64) []int {
	type entry struct {
		score int64
		i     int
	}
	entries := make([]entry, n)
	for i := range entries {
		entries[i] = entry{score(i), i}
	}
	slices.SortFunc(entries, func(a, b entry) int {
		return cmp.Or(cmp.Compare(a.score, b.score), cmp.Compare(a.i, b.i))
	})
	out := make([]int, n)
	for k, e := range entries {
		out[k] = e.i
	}
	return out
}

// settle swaps what cases hold until each fits, as far as a few tries find a partner. fits(i, j) asks whether
// case i could hold what case j holds.
func settle(r *rand.Rand, n int, fits func(i, j int) bool, swap func(i, j int)) {
	const tries = 400
	for i := range n {
		if fits(i, i) {
			continue
		}
		for range tries {
			if j := r.IntN(n); fits(i, j) && fits(j, i) {
				swap(i, j)
				break
			}
		}
	}
}

// picker draws classes with given weights.
type picker []int64 // cumulated

func newPicker(n int, weight func(i int) int64) picker {
	p, sum := make(picker, n), int64(0)
	for i := range p {
		sum += weight(i)
		p[i] = sum
	}
	return p
}

func (p picker) pick(r *rand.Rand) int {
	i, _ := slices.BinarySearch(p, r.Int64N(p[len(p)-1])+1)
	return i
}
