package bench

import (
	"math/rand/v2"
	"sort"
	"testing"
	"time"

	"github.com/itsmkit/itsm/calendar"
	"github.com/rickar/cal/v2"
	"github.com/rickar/cal/v2/us"
	"github.com/stretchr/testify/require"
)

// Working time: Monday to Friday 9 to 17 in Berlin, with the US holidays on which rickar/cal closes; spans in working
// time. The inputs vary, so that no branch is learnt. The limit is a bare prefix sum over the same intervals.
var workingSpans = []struct {
	name   string
	amount time.Duration
}{{"8h", 8 * time.Hour}, {"10d", 80 * time.Hour}, {"1y", 2000 * time.Hour}, {"10y", 20000 * time.Hour}}

func workingZone(b testing.TB) *time.Location {
	zone, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		b.Fatal(err)
	}
	return zone
}

func workingPeer() *cal.BusinessCalendar {
	peer := cal.NewBusinessCalendar()
	peer.SetWorkHours(9*time.Hour, 17*time.Hour)
	peer.AddHoliday(us.Holidays...)
	peer.Cacheable = true
	return peer
}

func workingOwn(b testing.TB) *calendar.Calendar {
	d := calendar.Definition{Zone: "Europe/Berlin", Hours: calendar.Hours{}.Add("09:00", "17:00", calendar.Weekdays...)}
	for year := 2015; year < 2045; year++ {
		for _, holiday := range us.Holidays {
			if _, observed := holiday.Calc(year); !observed.IsZero() {
				d.Close(calendar.DateOf(observed))
			}
		}
	}
	c, err := calendar.New(d)
	if err != nil {
		b.Fatal(err)
	}
	return c
}

// workingInputs are 256 starts in working time of three years, and what lies an amount of working time later.
func workingInputs(b testing.TB, c *calendar.Calendar, amount time.Duration) (starts, ends []time.Time) {
	r := rand.New(rand.NewPCG(1, 1))
	zone := workingZone(b)
	for range 256 {
		start := time.Date(2024, 1, 1, 0, 0, 0, 0, zone).Add(time.Duration(r.Int64N(int64(3 * 365 * 24 * time.Hour))))
		start, err := c.Due(start, time.Duration(1+r.Int64N(int64(8*time.Hour))))
		if err != nil {
			b.Fatal(err)
		}
		end, err := c.Due(start, amount)
		if err != nil {
			b.Fatal(err)
		}
		starts, ends = append(starts, start), append(ends, end)
	}
	return starts, ends
}

// prefixSum is the limit: intervals and the sums before them, found by binary search.
type prefixSum struct{ from, to, before []int64 }

func newPrefixSum(c *calendar.Calendar) (p prefixSum) {
	sum := int64(0)
	for from, to := range c.Intervals(time.Date(2023, 1, 1, 0, 0, 0, 0, time.UTC), time.Date(2040, 1, 1, 0, 0, 0, 0, time.UTC)) {
		p.from, p.to, p.before = append(p.from, from.UnixNano()), append(p.to, to.UnixNano()), append(p.before, sum)
		sum += to.UnixNano() - from.UnixNano()
	}
	return p
}

func (p prefixSum) count(t time.Time) int64 {
	n := t.UnixNano()
	i := sort.Search(len(p.from), func(i int) bool { return p.from[i] > n }) - 1
	return p.before[i] + min(n, p.to[i]) - p.from[i]
}

func (p prefixSum) add(t time.Time, amount time.Duration) time.Time {
	n := p.count(t) + int64(amount)
	i := sort.Search(len(p.before), func(i int) bool { return p.before[i] >= n }) - 1
	return time.Unix(0, p.from[i]+n-p.before[i])
}

func BenchmarkElapsed(b *testing.B) {
	c, peer := workingOwn(b), workingPeer()
	limit := newPrefixSum(c)
	for _, way := range []struct {
		name string
		call func(from, to time.Time) time.Duration
	}{
		{"itsm", func(from, to time.Time) time.Duration {
			d, err := c.Elapsed(from, to)
			if err != nil {
				b.Fatal(err)
			}
			return d
		}},
		{"cal", peer.WorkHoursInRange},
		{"limit", func(from, to time.Time) time.Duration { return time.Duration(limit.count(to) - limit.count(from)) }},
	} {
		for _, span := range workingSpans {
			starts, ends := workingInputs(b, c, span.amount)
			b.Run(way.name+"/"+span.name, func(b *testing.B) {
				b.ReportAllocs()
				for i := 0; b.Loop(); i++ {
					if way.call(starts[i&255], ends[i&255]) < 0 {
						b.Fatal("negative")
					}
				}
			})
		}
	}
}

func BenchmarkDue(b *testing.B) {
	c, peer := workingOwn(b), workingPeer()
	limit := newPrefixSum(c)
	for _, way := range []struct {
		name string
		call func(start time.Time, amount time.Duration) time.Time
	}{
		{"itsm", func(start time.Time, amount time.Duration) time.Time {
			t, err := c.Due(start, amount)
			if err != nil {
				b.Fatal(err)
			}
			return t
		}},
		{"cal", peer.AddWorkHours},
		{"limit", limit.add},
	} {
		for _, span := range workingSpans {
			starts, _ := workingInputs(b, c, span.amount)
			b.Run(way.name+"/"+span.name, func(b *testing.B) {
				b.ReportAllocs()
				for i := 0; b.Loop(); i++ {
					if way.call(starts[i&255], span.amount).IsZero() {
						b.Fatal("no instant")
					}
				}
			})
		}
	}
}

// BenchmarkCompile is a new calendar of which 20 years are compiled.
func BenchmarkCompile(b *testing.B) {
	d, _ := workingOwn(b).Definition()
	b.ReportAllocs()
	for b.Loop() {
		c, err := calendar.New(d)
		if err != nil {
			b.Fatal(err)
		}
		if err := c.Prepare(time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC), time.Date(2040, 1, 1, 0, 0, 0, 0, time.UTC)); err != nil {
			b.Fatal(err)
		}
	}
}

// TestWorkingTimeAgrees holds that all three ways answer alike where they are measured.
func TestWorkingTimeAgrees(t *testing.T) {
	c, peer := workingOwn(t), workingPeer()
	limit := newPrefixSum(c)
	for _, span := range workingSpans[:3] {
		starts, ends := workingInputs(t, c, span.amount)
		for i, start := range starts[:64] {
			require.True(t, limit.add(start, span.amount).Equal(ends[i]), "prefix sum: %s + %s", start, span.amount)
			require.Equal(t, span.amount, peer.WorkHoursInRange(start, ends[i]), "cal: %s to %s", start, ends[i])
		}
	}
}
