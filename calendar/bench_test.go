package calendar

import (
	"math/rand/v2"
	"sort"
	"testing"
	"time"
)

// spans are lengths in working time of 8 hours a day.
var spanLengths = []struct {
	name   string
	amount time.Duration
}{{"8h", 8 * time.Hour}, {"10d", 80 * time.Hour}, {"1y", 2000 * time.Hour}, {"10y", 20000 * time.Hour}}

// asked returns 1,024 varied starts of three years and ends that lie an amount of working time later.
func asked(b *testing.B, c *Calendar, amount time.Duration) (starts, ends []time.Time) {
	r := rand.New(rand.NewPCG(1, 1))
	first := time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC)
	for range 1024 {
		start := first.Add(time.Duration(r.Int64N(int64(3 * 365 * 24 * time.Hour))))
		end, err := c.Due(start, amount+time.Duration(r.Int64N(int64(8*time.Hour))))
		if err != nil {
			b.Fatal(err)
		}
		starts, ends = append(starts, start), append(ends, end)
	}
	return starts, ends
}

func benchCalendar(b *testing.B) *Calendar {
	d := office("Europe/Berlin")
	for year := 2015; year < 2045; year++ {
		for _, day := range []int{0, 19, 50, 140, 169, 184, 246, 284, 314, 330, 358} {
			d.Close(Date{year, 1, 1}.AddDays(day))
		}
	}
	return mustNew(b, d)
}

func BenchmarkElapsed(b *testing.B) {
	c := benchCalendar(b)
	for _, span := range spanLengths {
		starts, ends := asked(b, c, span.amount)
		b.Run(span.name, func(b *testing.B) {
			b.ReportAllocs()
			for i := 0; b.Loop(); i++ {
				if _, err := c.Elapsed(starts[i&1023], ends[i&1023]); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkDue(b *testing.B) {
	c := benchCalendar(b)
	for _, span := range spanLengths {
		starts, _ := asked(b, c, span.amount)
		b.Run(span.name, func(b *testing.B) {
			b.ReportAllocs()
			for i := 0; b.Loop(); i++ {
				if _, err := c.Due(starts[i&1023], span.amount); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkLimit is a bare prefix sum over the same intervals, found by binary search.
func BenchmarkLimit(b *testing.B) {
	c := benchCalendar(b)
	var from, to, before []int64
	sum := int64(0)
	for f, t := range c.Intervals(time.Date(2023, 1, 1, 0, 0, 0, 0, time.UTC), time.Date(2040, 1, 1, 0, 0, 0, 0, time.UTC)) {
		from, to, before = append(from, f.UnixNano()), append(to, t.UnixNano()), append(before, sum)
		sum += t.UnixNano() - f.UnixNano()
	}
	count := func(t time.Time) int64 {
		n := t.UnixNano()
		i := sort.Search(len(from), func(i int) bool { return from[i] > n }) - 1
		if i < 0 {
			return 0
		}
		return before[i] + min(n, to[i]) - from[i]
	}
	for _, span := range spanLengths {
		starts, ends := asked(b, c, span.amount)
		b.Run("elapsed/"+span.name, func(b *testing.B) {
			for i := 0; b.Loop(); i++ {
				_ = count(ends[i&1023]) - count(starts[i&1023])
			}
		})
		b.Run("due/"+span.name, func(b *testing.B) {
			for i := 0; b.Loop(); i++ {
				n := count(starts[i&1023]) + int64(span.amount)
				k := sort.Search(len(before), func(i int) bool { return before[i] >= n }) - 1
				_ = time.Unix(0, from[k]+n-before[k])
			}
		})
	}
}

// BenchmarkCompile is a new calendar with 20 years compiled.
func BenchmarkCompile(b *testing.B) {
	b.ReportAllocs()
	d, _ := benchCalendar(b).Definition()
	for b.Loop() {
		c := mustNew(b, d)
		if err := c.Prepare(time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC), time.Date(2040, 1, 1, 0, 0, 0, 0, time.UTC)); err != nil {
			b.Fatal(err)
		}
	}
}
