package supplier_test

import (
	"encoding/json"
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/asset/supplier"
	"github.com/itsmkit/itsm/calendar"
	"github.com/itsmkit/itsm/money"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// chance is where arbitrary inputs come from.
type chance interface{ IntN(n int) int }

// drawn is the chance of a property test.
type drawn struct{ t *rapid.T }

func (d drawn) IntN(n int) int { return rapid.IntRange(0, n-1).Draw(d.t, "chance") }

func pick[V any](c chance, of ...V) V { return of[c.IntN(len(of))] }

func word(c chance) string { return pick(c, "as agreed", "ΑΒΓ", "x", "", "a\x00b", "\xff") }

// date draws a date around today.
func date(c chance, today calendar.Date) calendar.Date {
	return pick(c, calendar.Date{}, today, today.AddDays(c.IntN(60)), today.AddDays(-c.IntN(60)), today.AddDays(200))
}

func period(c chance) itsm.Period {
	return pick(c, itsm.Period{}, itsm.Period{Months: 1 + c.IntN(3)}, itsm.Period{Days: 1 + c.IntN(30)})
}

func terms(c chance, today calendar.Date) supplier.Terms {
	return supplier.Terms{From: pick(c, on(2026, 1, 1), date(c, today)), Until: date(c, today), Annual: pick(c, money.Amount{}, eur(100), eur(-1)),
		Renewal:  supplier.Renewal{Mode: pick(c, "", supplier.Automatic, supplier.Optional), Term: period(c), Notice: period(c), Lead: period(c)},
		Delivers: pick(c, nil, []itsm.Ref{ref("ci", 2), ref("ci", 1)}), Agreements: pick(c, nil, []itsm.Ref{ref("agreement", 1)})}
}

func obligation(c chance, today calendar.Date) supplier.Obligation {
	return supplier.Obligation{ID: pick(c, "o1", "o2", ""), Text: word(c), By: pick(c, supplier.Us, supplier.Them, "x"), From: date(c, today), Every: period(c)}
}

// draw makes an arbitrary input, right or wrong, for an action on a contract, and now and then one that fits it.
func draw(c chance, name string, of itsm.Ref, rec *supplier.Contract, today calendar.Date) itsm.Action[supplier.Contract] {
	party := pick(c, supplier.Us, supplier.Them, "")
	due, id := date(c, today), pick(c, "o1", "o2")
	if rec != nil {
		if all := rec.Duties(on(2025, 1, 1), today.AddDays(100), today); len(all) > 0 {
			d := pick(c, all...)
			due, id = d.Due, d.Obligation
		}
	}
	switch name {
	case "draft":
		return supplier.Draft{Title: pick(c, "Network", word(c)), Supplier: pick(c, of, of, ref(supplier.Name, 99)), Terms: terms(c, today), ReviewEvery: period(c)}
	case "redraft":
		return supplier.Redraft{Terms: terms(c, today)}
	case "sign":
		return supplier.Sign{By: word(c)}
	case "abandon":
		return supplier.Abandon{Reason: word(c)}
	case "amend":
		return supplier.Amend{Terms: terms(c, today), Reason: word(c)}
	case "edit":
		return supplier.EditContract{Title: word(c), Owner: pick(c, "", "bo")}
	case "renew":
		return supplier.Renew{Until: date(c, today), Reason: word(c)}
	case "give_notice":
		return supplier.GiveNotice{By: party, Reason: word(c)}
	case "withdraw_notice":
		return supplier.WithdrawNotice{Reason: word(c)}
	case "terminate":
		return supplier.Terminate{By: party, On: date(c, today), Reason: word(c), Cause: c.IntN(2) == 0}
	case "oblige":
		return supplier.Oblige{Obligations: []supplier.Obligation{obligation(c, today)}}
	case "deliver":
		return supplier.Deliver{Obligation: id, Due: due, On: date(c, today), Evidence: word(c)}
	case "waive":
		return supplier.Waive{Obligation: id, Due: due, Reason: word(c)}
	case "dispute":
		return supplier.OpenDispute{ID: pick(c, "d1", "d2", ""), About: word(c), By: party, Amount: pick(c, money.Amount{}, eur(5))}
	case "settle":
		return supplier.Settle{ID: pick(c, "d1", "d2"), Outcome: word(c)}
	case "review":
		return itsm.Review[supplier.Contract]{Outcome: word(c)}
	case "relate":
		return itsm.Relate[supplier.Contract]{Type: "see", To: ref("ci", 1)}
	case "unrelate":
		return itsm.Unrelate[supplier.Contract]{Type: "see", To: ref("ci", 1)}
	case "comment":
		return itsm.Comment[supplier.Contract]{Text: word(c)}
	}
	a, err := supplier.ContractKind().Decode(name, nil) // those without input
	if err != nil {
		panic(err)
	}
	return a
}

// Every path of a contract: arbitrary actions as the days go by.
func TestContractPaths(t *testing.T) {
	k := supplier.ContractKind()
	rapid.Check(t, func(t *rapid.T) {
		b := newBureau(t)
		of := b.approved()
		today := func() calendar.Date { return calendar.DateOf(b.now) }
		c, err := b.contracts.Open(b.ctx(), supplier.Draft{Title: "Network", Supplier: of, Terms: yearly(rapid.SampledFrom([]supplier.RenewalMode{"", supplier.Automatic, supplier.Optional}).Draw(t, "mode"))})
		require.NoError(t, err)
		step := func(t *rapid.T, name string) {
			b.t = t
			b.now = b.now.Add(time.Duration(rapid.IntRange(0, 60).Draw(t, "days")*rapid.IntRange(0, 1).Draw(t, "pass")) * 24 * time.Hour)
			offered, err := b.contracts.Options(b.ctx(), c)
			require.NoError(t, err)
			option := offered[slices.IndexFunc(offered, func(o itsm.Option) bool { return o.Action == name })]
			before := c
			after, err := b.contracts.Do(b.ctx(), c.ID, draw(drawn{t}, name, of, &c, today()))
			stored, failed := b.contracts.Get(b.ctx(), c.ID)
			require.NoError(t, failed)
			if err != nil {
				require.True(t, errors.Is(err, itsm.ErrInvalid) || errors.Is(err, itsm.ErrNotAllowed), "%v", err)
				require.True(t, !errors.Is(err, itsm.ErrNotAllowed) || !option.Allowed, "%s was offered, then: %v", name, err)
				require.Equal(t, before, stored, "a failure changes nothing")
				return
			}
			require.True(t, option.Allowed, "%s succeeded but was not offered: %v", name, option.Why)
			require.Contains(t, option.To, string(after.State))
			require.Equal(t, after, stored)
			require.Equal(t, before.Version+1, after.Version)
			c = after
			holds(t, b, c, today())
		}
		t.Repeat(map[string]func(*rapid.T){
			"any":      func(t *rapid.T) { step(t, rapid.SampledFrom(k.Actions()).Draw(t, "action")) },
			"possible": func(t *rapid.T) { step(t, rapid.SampledFrom(k.Lifecycle().Allowed(c.State)).Draw(t, "action")) },
			"move": func(t *rapid.T) {
				step(t, rapid.SampledFrom([]string{"sign", "amend", "renew", "roll_over", "give_notice", "withdraw_notice", "expire", "oblige", "deliver"}).Draw(t, "action"))
			},
		})
	})
}

// holds checks what is true of every contract at every time.
func holds(t *rapid.T, b *bureau, c supplier.Contract, today calendar.Date) {
	page, err := b.contracts.History(b.ctx(), c.ID, itsm.PageRequest{Limit: itsm.MaxPage})
	require.NoError(t, err)
	rebuilt, err := supplier.ContractKind().Replay(page.Items, time.Time{})
	require.NoError(t, err)
	require.Equal(t, c, rebuilt, "the events give the record")
	raw, err := json.Marshal(c)
	require.NoError(t, err)
	read, err := supplier.ContractKind().Shape().Decode(raw)
	require.NoError(t, err)
	require.Equal(t, &c, read, "JSON keeps the record")

	over := c.State == supplier.Expired || c.State == supplier.Terminated || c.State == supplier.Abandoned
	require.Equal(t, over, !c.Over.On.IsZero())
	require.Equal(t, c.State == supplier.Drafted || c.State == supplier.Abandoned, c.SignedOn.IsZero())
	require.True(t, c.State != supplier.NoticeGiven || c.Notice != nil)
	require.True(t, c.State != supplier.InForce || c.Notice == nil)
	require.Equal(t, c.State == supplier.InForce && !c.Terms.Until.IsZero() || c.State == supplier.NoticeGiven && c.Notice.By == supplier.Them,
		!c.DecideBy.IsZero(), "what has a term has to be decided, and what replaces one that gave notice")
	if !c.NoticeBy.IsZero() {
		require.LessOrEqual(t, c.DecideBy.Compare(c.NoticeBy), 0)
		require.LessOrEqual(t, c.NoticeBy.Compare(c.Terms.Until), 0)
	}
	if over {
		require.False(t, c.IsInForce(today))
		require.True(t, c.Review.Due.IsZero(), "nobody reviews what is over")
	}
	for _, o := range c.Obligations {
		seen := map[calendar.Date]bool{}
		for _, d := range o.Deliveries {
			require.False(t, seen[d.Due], "each due date is met once")
			seen[d.Due] = true
			require.True(t, d.On.Compare(today) <= 0)
		}
	}
	due, err := supplier.Decisions(b.ctx(), b.contracts, today, on(9999, 12, 31))
	require.NoError(t, err)
	_, has := c.Decision(today)
	require.Equal(t, has, len(due) == 1)
}

// A sweep does everything at once: a second one finds nothing, and nothing that ended is in force.
func TestSweepIsComplete(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		b := newBureau(t)
		of := b.approved()
		for range rapid.IntRange(1, 4).Draw(t, "contracts") {
			c, err := b.contracts.Open(b.ctx(), draw(drawn{t}, "draft", of, nil, calendar.DateOf(b.now)))
			if err != nil {
				continue
			}
			_, _ = b.contracts.Do(b.ctx(), c.ID, supplier.Sign{By: "ann"})
			if rapid.Bool().Draw(t, "notice") {
				_, _ = b.contracts.Do(b.ctx(), c.ID, supplier.GiveNotice{By: supplier.Us, Reason: "x"})
			}
		}
		b.now = b.now.Add(time.Duration(rapid.IntRange(0, 400).Draw(t, "days")) * 24 * time.Hour)
		system := itsm.System(b.ctx(), tenant)
		_, err := supplier.Sweep(system, b.contracts, b.now)
		require.NoError(t, err)
		again, err := supplier.Sweep(system, b.contracts, b.now)
		require.NoError(t, err)
		require.Zero(t, again)
		for c, err := range b.contracts.All(b.ctx(), itsm.Where(itsm.ByState[supplier.Contract]().In(supplier.InForce, supplier.NoticeGiven))) {
			require.NoError(t, err)
			require.True(t, c.IsInForce(calendar.DateOf(b.now)) || c.Terms.From.Compare(calendar.DateOf(b.now)) > 0)
		}
	})
}
