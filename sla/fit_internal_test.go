package sla

import (
	"slices"
	"testing"
	"time"

	"github.com/itsmkit/itsm/calendar"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// The best cut is held against trying every amount that matters: one below all needs, and each need itself.
func TestBestCutAgainstEveryAmount(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		keys := rapid.SliceOfN(rapid.Map(rapid.Int64Range(0, 40), func(n int64) int64 { return n*900_000<<1 | n&1 }), 1, 30).Draw(t, "keys")
		for i := range keys {
			keys[i] ^= rapid.Int64Range(0, 1).Draw(t, "verdict")
		}
		slices.Sort(keys)
		wrong := func(amount int64) int {
			n := 0
			for _, k := range keys {
				if (k>>1 <= amount) != (k&1 == 0) {
					n++
				}
			}
			return n
		}
		best := wrong(1)
		for _, k := range keys {
			best = min(best, wrong(max(1, k>>1)))
		}
		c := bestCut(keys)
		require.Equal(t, best, c.errors)
		require.GreaterOrEqual(t, c.amount, time.Millisecond)
		require.GreaterOrEqual(t, c.amount, c.least)
		require.Equal(t, best, wrong(c.amount.Milliseconds()))
		require.Equal(t, best, wrong(max(1, c.least.Milliseconds())), "the least amount does as well")
		if c.below > 0 {
			require.Less(t, c.amount, c.below)
			require.Equal(t, best, wrong(c.below.Milliseconds()-1), "and so does the last one before the bound")
		}
	})
}

func TestRoundest(t *testing.T) {
	for _, c := range []struct{ least, below, want time.Duration }{
		{61 * time.Hour, 64 * time.Hour, 62 * time.Hour}, // the middle is 62:30; the lower of two
		{62 * time.Hour, 62*time.Hour + 4*time.Minute, 62 * time.Hour},
		{62*time.Hour + 1, 62*time.Hour + 40*time.Minute, 62*time.Hour + 30*time.Minute},
		{10 * time.Minute, 20 * time.Minute, 15 * time.Minute},
		{0, 3 * time.Millisecond, time.Millisecond},
		{90 * time.Minute, 0, 2 * time.Hour},
		{0, 0, time.Hour},
	} {
		got, _ := roundest(c.least, c.below)
		require.Equal(t, c.want, got, "%s to %s", c.least, c.below)
	}
}

// A week is open in a minute if the minute lies within the window of its day or, over midnight, of the day before.
func TestWeekAgainstItsDefinition(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := week{rapid.SampledFrom([]daySet{mondayToFriday, mondayToSaturday, sundayToThursday, everyDay}).Draw(t, "days"),
			rapid.IntRange(0, 95).Draw(t, "from") * 15, rapid.IntRange(1, 96).Draw(t, "length") * 15}
		hours, err := calendar.New(w.definition("UTC", nil))
		require.NoError(t, err)
		sunday := time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)
		for minute := 0; minute < 7*dayMinutes; minute += 15 {
			open := false
			for back := range 2 {
				day := minute/dayMinutes - back
				since := minute - day*dayMinutes
				if w.days&(1<<((day+7)%7)) != 0 && since >= w.from && since < w.from+w.length {
					open = true
				}
			}
			require.Equal(t, open, hours.IsOpen(sunday.Add(time.Duration(minute)*time.Minute)), "%s at minute %d", w, minute)
		}
	})
}

// A case needs an amount if and only if the stopwatch, which passes the published vectors, is in time under it.
func TestNeedAgainstTheTimer(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := rapid.SampledFrom(append(windows(), coarse()...)).Draw(t, "week")
		hours, err := calendar.New(w.definition("Europe/Berlin", nil))
		require.NoError(t, err)
		at := time.Date(2026, 3, 23, 0, 0, 0, 0, time.UTC) // a week with a change of the clocks
		later := func(label string) time.Time {
			at = at.Add(time.Duration(rapid.IntRange(0, 30).Draw(t, label)) * 30 * time.Minute)
			return at
		}
		c := FitCase{Marks: map[string]time.Time{}, Waits: map[string][]Waiting{}}
		c.Opened = later("start")
		c.Marks["start"] = c.Opened
		for range rapid.IntRange(0, 3).Draw(t, "waits") {
			from := later("from")
			if to := later("to"); to.After(from) {
				name := rapid.SampledFrom([]string{"a", "b"}).Draw(t, "name")
				c.Waits[name] = append(c.Waits[name], Waiting{from, to})
			}
		}
		c.Marks["stop"] = later("stop")
		p := newPanel([]FitCase{c})
		l := p.lay(shape{start: FitMark{Name: "start"}, stop: FitMark{Name: "stop"}, waits: []FitWait{{Name: "a"}, {Name: "b"}}})
		need := time.Duration(l.need(hours, 0)) * time.Millisecond
		for _, amount := range []time.Duration{need - time.Millisecond, need, need + time.Minute, time.Duration(rapid.IntRange(1, 200).Draw(t, "amount")) * 30 * time.Minute} {
			if amount <= 0 {
				continue
			}
			timer, err := NewTimer(hours, amount)
			require.NoError(t, err)
			require.NoError(t, timer.Start(c.Marks["start"]))
			for _, x := range union(slices.Concat(c.Waits["a"], c.Waits["b"])) {
				require.NoError(t, timer.Pause(x.From))
				require.NoError(t, timer.Resume(x.To))
			}
			require.NoError(t, timer.Stop(c.Marks["stop"]))
			s, err := timer.Read(c.Marks["stop"])
			require.NoError(t, err)
			require.Equal(t, s.BreachedAt.IsZero(), need <= amount, "need %s, amount %s, elapsed %s", need, amount, s.Elapsed)
		}
	})
}
