package sla_test

import (
	"errors"
	"iter"
	"slices"
	"testing"
	"time"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/lifecycle"
	"github.com/itsmkit/itsm/money"
	"github.com/itsmkit/itsm/sla"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// stream hands clocks on as a desk does.
func stream(clocks []sla.Clock) iter.Seq2[sla.Clock, error] {
	return func(yield func(sla.Clock, error) bool) {
		for _, c := range clocks {
			if !yield(c, nil) {
				return
			}
		}
	}
}

// handmade is a clock in a state, decided or breached at an instant.
func handmade(state lifecycle.State, at time.Time, group, priority string) sla.Clock {
	c := sla.Clock{Header: itsm.Header{State: state}, Reading: sla.Reading{Type: sla.SLA, Target: "resolution", Group: group, Priority: priority}}
	switch state {
	case sla.Met, sla.Missed, sla.Cancelled:
		c.Reading.StoppedAt = at
	default:
		c.Reading.BreachedAt = at
	}
	return c
}

func date(month time.Month, day, hour int) time.Time {
	return time.Date(2026, month, day, hour, 0, 0, 0, time.UTC)
}

func TestAttain(t *testing.T) {
	now := date(4, 10, 12)
	clocks := []sla.Clock{
		handmade(sla.Met, date(3, 5, 9), "desk", "p1"),
		handmade(sla.Met, date(3, 31, 21), "desk", "p2"),     // still March in London, where it is ten
		handmade(sla.Met, date(3, 31, 23), "network", "p2"),  // April there: summer time began on the 29th
		handmade(sla.Missed, date(3, 6, 9), "network", "p1"), // decided in March
		handmade(sla.Cancelled, date(3, 7, 9), "desk", "p1"), // left out
		handmade(sla.Running, date(3, 30, 9), "desk", "p1"),  // breached in March, goes on
		handmade(sla.Paused, date(4, 2, 9), "desk", "p1"),    // breached in April, waits
		handmade(sla.Running, time.Time{}, "desk", "p3"),     // pending: in the period of now
		handmade(sla.Paused, time.Time{}, "network", "p3"),
	}
	unnoted := handmade(sla.Running, time.Time{}, "desk", "p3")
	unnoted.Reading.DueAt = date(4, 10, 11) // passed, and no sweep has noted it
	exact := handmade(sla.Running, time.Time{}, "desk", "p3")
	exact.Reading.DueAt = now // in time is up to and including the due instant
	clocks = append(clocks, unnoted, exact)

	rows, err := sla.Attain(stream(clocks), sla.AttainOptions{Now: now, Zone: "Europe/London"})
	require.NoError(t, err)
	march := sla.Attained{Length: sla.Month, Period: "2026-03", From: date(3, 1, 0), Until: date(3, 31, 23), Met: 2, Missed: 1, Breached: 1}
	april := sla.Attained{Length: sla.Month, Period: "2026-04", From: date(3, 31, 23), Until: date(4, 30, 23), Met: 1, Breached: 2, Pending: 3}
	require.Equal(t, []sla.Attained{march, april}, rows)
	require.Equal(t, 4, march.Counted())
	rate, ok := march.Rate()
	require.True(t, ok)
	require.Equal(t, 5000, rate)
	rate, _ = april.Rate()
	require.Equal(t, 3333, rate)

	rows, err = sla.Attain(stream(clocks), sla.AttainOptions{Now: now, Period: sla.Quarter, By: []sla.Dimension{sla.PerGroup, sla.PerPriority}})
	require.NoError(t, err)
	var got []string
	for _, r := range rows {
		got = append(got, r.Period+" "+r.Group+" "+r.Priority)
		require.Empty(t, r.Target, "not asked for")
	}
	require.Equal(t, []string{"2026-Q1 desk p1", "2026-Q1 desk p2", "2026-Q1 network p1", "2026-Q1 network p2",
		"2026-Q2 desk p1", "2026-Q2 desk p3", "2026-Q2 network p3"}, got)

	rows, err = sla.Attain(stream(clocks), sla.AttainOptions{Now: now, Period: sla.Year})
	require.NoError(t, err)
	require.Len(t, rows, 1)
	require.Equal(t, []any{"2026", date(1, 1, 0), date(13, 1, 0), 3, 1, 3, 3},
		[]any{rows[0].Period, rows[0].From, rows[0].Until, rows[0].Met, rows[0].Missed, rows[0].Breached, rows[0].Pending})
}

// An operational clock that is for a group counts for it, although the record has gone on to the next one.
func TestAttainmentOfAGroup(t *testing.T) {
	c := handmade(sla.Missed, date(3, 5, 9), "network", "p1")
	c.Reading.Type, c.Reading.Holder = sla.OLA, "desk"
	rows, err := sla.Attain(stream([]sla.Clock{c}), sla.AttainOptions{Now: date(4, 1, 0), By: []sla.Dimension{sla.PerGroup, sla.PerType}})
	require.NoError(t, err)
	require.Equal(t, []string{"desk", "ola"}, []string{rows[0].Group, string(rows[0].Type)})
}

// Half to even: 1 of 32 is 3.125 %, 3 of 32 are 9.375 %, 5 of 32 are 15.625 %.
func TestRateIsRoundedHalfToEven(t *testing.T) {
	for _, c := range []struct{ met, missed, want int }{
		{1, 31, 312}, {3, 29, 938}, {5, 27, 1562}, {2, 1, 6667}, {1, 2, 3333}, {0, 1, 0}, {1, 0, 10_000}, {19_999, 1, 10_000}, // 99.995 %
	} {
		got, ok := sla.Attained{Met: c.met, Missed: c.missed}.Rate()
		require.True(t, ok)
		require.Equal(t, c.want, got, "%d of %d", c.met, c.met+c.missed)
	}
	_, ok := sla.Attained{Pending: 3}.Rate()
	require.False(t, ok)
}

func TestAttainRefuses(t *testing.T) {
	for path, o := range map[string]sla.AttainOptions{
		"now": {}, "period": {Now: monday, Period: "week"}, "by[0]": {Now: monday, By: []sla.Dimension{"colour"}}, "zone": {Now: monday, Zone: "Mars/Base"},
	} {
		_, err := sla.Attain(stream(nil), o)
		require.Equal(t, path, refused(t, err).Path)
	}
	_, err := sla.Attain(stream(nil), sla.AttainOptions{Now: monday, Zone: "Local"})
	require.Equal(t, "zone", refused(t, err).Path, "the machine's zone is none")
	broken := errors.New("broken")
	_, err = sla.Attain(func(yield func(sla.Clock, error) bool) { yield(sla.Clock{}, broken) }, sla.AttainOptions{Now: monday})
	require.ErrorIs(t, err, broken)
}

// The rows of any dimensions add up to the total, and every clock that is not cancelled is in one of them.
func TestAttainmentAddsUp(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var clocks []sla.Clock
		cancelled := 0
		for range rapid.IntRange(0, 60).Draw(t, "clocks") {
			state := rapid.SampledFrom([]lifecycle.State{sla.Met, sla.Missed, sla.Running, sla.Paused, sla.Cancelled}).Draw(t, "state")
			at := monday.Add(time.Duration(rapid.Int64Range(0, int64(400*24*time.Hour)).Draw(t, "at")))
			c := handmade(state, at, rapid.SampledFrom([]string{"", "desk", "network"}).Draw(t, "group"), rapid.SampledFrom([]string{"p1", "p2"}).Draw(t, "priority"))
			if !slices.Contains([]lifecycle.State{sla.Met, sla.Missed, sla.Cancelled}, state) && rapid.Bool().Draw(t, "pending") {
				c.Reading.BreachedAt = time.Time{}
			}
			c.Reading.Customer = rapid.SampledFrom([]string{"cleo", "dan"}).Draw(t, "customer")
			clocks = append(clocks, c)
			if state == sla.Cancelled {
				cancelled++
			}
		}
		o := sla.AttainOptions{Now: monday.AddDate(2, 0, 0), Zone: rapid.SampledFrom([]string{"", "Asia/Tokyo"}).Draw(t, "zone"),
			Period: rapid.SampledFrom([]sla.Period{"", sla.Quarter, sla.Year}).Draw(t, "period")}
		total, err := sla.Attain(stream(clocks), o)
		require.NoError(t, err)
		o.By = rapid.SliceOfDistinct(rapid.SampledFrom([]sla.Dimension{sla.PerGroup, sla.PerPriority, sla.PerCustomer, sla.PerTarget}), rapid.ID).Draw(t, "by")
		rows, err := sla.Attain(stream(clocks), o)
		require.NoError(t, err)
		sums := map[string][4]int{}
		all := 0
		for _, r := range rows {
			s := sums[r.Period]
			sums[r.Period] = [4]int{s[0] + r.Met, s[1] + r.Missed, s[2] + r.Breached, s[3] + r.Pending}
			all += r.Counted() + r.Pending
		}
		require.Len(t, sums, len(total))
		for _, r := range total {
			require.Equal(t, [4]int{r.Met, r.Missed, r.Breached, r.Pending}, sums[r.Period])
		}
		require.Equal(t, len(clocks)-cancelled, all)
	})
}

func TestCredits(t *testing.T) {
	a := agreement(t, resolution())
	a.Goal, a.Fee = 9500, money.Must(money.Parse("999.99", money.EUR))
	a.Credits = []sla.Credit{{Below: 9500, Share: 500}, {Below: 8000, Share: 2000}, {Below: 9000, Share: 1000}}
	row := func(period string, month time.Month, met, missed, breached, pending int) sla.Attained {
		return sla.Attained{Length: sla.Month, Period: period, From: date(month, 1, 0), Met: met, Missed: missed, Breached: breached, Pending: pending}
	}
	due, err := sla.Credits(a, []sla.Attained{
		row("2026-01", 1, 95, 5, 0, 7),                                  // exactly the goal
		row("2026-02", 2, 18_999, 1000, 1, 0),                           // 94.995 %, which a rounding would take for the goal
		row("2026-03", 3, 60, 10, 0, 0), row("2026-03", 3, 25, 0, 5, 0), // two rows of a month: 85 of 100
		row("2026-04", 4, 1, 1, 1, 0),
		row("2026-05", 5, 0, 0, 0, 3), // nothing is decided
	}, money.HalfEven)
	require.NoError(t, err)
	var got []string
	for _, d := range due {
		missed := "kept"
		if d.Missed {
			missed = "missed"
		}
		got = append(got, d.Attained.Period+" "+missed+" "+d.Amount.String())
	}
	// 5, 10 and 20 % of 999.99 are 49.9995, 99.999 and 199.998.
	require.Equal(t, []string{"2026-01 kept 0.00 EUR", "2026-02 missed 50.00 EUR", "2026-03 missed 100.00 EUR", "2026-04 missed 200.00 EUR", "2026-05 kept 0.00 EUR"}, got)
	down, err := sla.Credits(a, []sla.Attained{row("2026-04", 4, 1, 1, 1, 0)}, money.Down)
	require.NoError(t, err)
	require.Equal(t, "199.99 EUR", down[0].Amount.String(), "the rounding is the caller's")

	other := row("2026-04", 4, 0, 9, 0, 0)
	other.Agreement = itsm.Ref{Kind: sla.AgreementName, ID: itsm.ID{9}}
	group := row("2026-04", 4, 0, 9, 0, 0)
	group.Type = sla.OLA
	none, err := sla.Credits(a, []sla.Attained{other, group}, money.HalfEven)
	require.NoError(t, err)
	require.Empty(t, none, "rows of others are left out")

	a.Period = sla.Quarter
	_, err = sla.Credits(a, []sla.Attained{row("2026-04", 4, 1, 1, 1, 0)}, money.HalfEven)
	require.Equal(t, "period", refused(t, err).Path)
	a.Period = sla.Month
	_, err = sla.Credits(a, []sla.Attained{row("2026-04", 4, 1, 1, 1, 0)}, "")
	require.ErrorIs(t, err, money.ErrRounding)
	a.Fee, a.Credits = money.Amount{}, nil
	free, err := sla.Credits(a, []sla.Attained{row("2026-04", 4, 1, 1, 1, 0)}, "")
	require.NoError(t, err)
	require.True(t, free[0].Missed)
	require.Equal(t, money.Amount{}, free[0].Amount)
}
