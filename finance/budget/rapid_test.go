package budget_test

import (
	"errors"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/finance/budget"
	"github.com/itsmkit/itsm/money"
	"github.com/itsmkit/itsm/store/memory"
	"github.com/itsmkit/itsm/store/storetest"
)

// ledger is what a budget must say, kept beside it in plain coins.
type ledger struct {
	plan, transferred, carried, actual int64
	open                               map[itsm.Ref]int64
}

func (l *ledger) committed() (sum int64) {
	for _, rest := range l.open {
		sum += rest
	}
	return sum
}

func (l *ledger) available() int64 {
	return l.plan + l.transferred + l.carried - l.actual - l.committed()
}

// play is some budgets with arbitrary actions done to them, each beside its ledger.
type play struct {
	*bench
	t       *rapid.T
	budgets []budget.Budget
	ledgers []*ledger
}

// thresholds are those of all budgets of a play.
var thresholds = []budget.Threshold{{Percent: 50, Of: budget.OfActual}, {Percent: 80, Of: budget.OfUsed}, {Percent: 100, Of: budget.OfForecast}} // never written to

func newPlay(t *rapid.T) *play {
	p := &play{bench: newBench(t), t: t}
	for n := range 3 {
		plan := rapid.Int64Range(0, 100_00).Draw(t, "plan")
		d := year(budget.Plan{Amount: coins(plan), Thresholds: thresholds,
			OnSpend: rapid.SampledFrom([]budget.Reaction{"", budget.Stop, budget.Ignore}).Draw(t, "on spend")})
		if n == 2 { // of the next year
			d.From, d.Until = date(2027, time.January, 1), date(2027, time.December, 31)
		}
		p.budgets = append(p.budgets, p.approved(d))
		p.ledgers = append(p.ledgers, &ledger{plan: plan, open: map[itsm.Ref]int64{}})
	}
	return p
}

// step does an action on a budget. If it is done, book writes it into the ledger; if not, nothing has changed.
func (p *play) step(i int, a itsm.Action[budget.Budget], book func(*ledger)) bool {
	p.now = p.now.Add(time.Duration(rapid.Int64Range(0, int64(5*24*time.Hour)).Draw(p.t, "later")))
	before := p.budgets[i]
	after, err := p.desk.Do(p.as("ann"), before.ID, a)
	if err != nil {
		require.True(p.t, errors.Is(err, itsm.ErrInvalid) || errors.Is(err, itsm.ErrNotAllowed), "%v", err)
		require.Equal(p.t, before, p.get(before))
		return false
	}
	p.budgets[i] = after
	book(p.ledgers[i])
	return true
}

// check compares all budgets with their ledgers and their histories.
func (p *play) check() {
	t := p.t
	transferred, carried := int64(0), int64(0)
	for i, x := range p.budgets {
		l := p.ledgers[i]
		require.Equal(t, x, p.get(x))
		require.Equal(t, []money.Amount{coins(l.plan + l.transferred + l.carried), coins(l.committed()), coins(l.actual), coins(l.available())},
			[]money.Amount{x.Budgeted, x.Committed, x.Actual, x.Available})
		require.Len(t, x.Commitments, len(l.open))
		for _, c := range x.Commitments {
			require.Equal(t, coins(l.open[c.For]), c.Rest)
			require.Positive(t, c.Rest.Sign())
		}
		transferred, carried = transferred+x.Transferred.Coins(), carried+x.Carried.Coins()

		events := p.events(x)
		rebuilt, err := budget.Kind().Replay(events, time.Time{})
		require.NoError(t, err)
		require.Equal(t, x, rebuilt)
		var raised []budget.Alert
		type once struct {
			budget.Threshold
			edition int
		}
		seen := map[once]bool{}
		for _, e := range events {
			alerts, err := budget.AlertsOf(e)
			require.NoError(t, err)
			for _, a := range alerts {
				require.False(t, seen[once{a.Threshold, a.Edition}], "%v was raised twice", a)
				seen[once{a.Threshold, a.Edition}] = true
				require.Equal(t, e.Time, a.At)
			}
			raised = append(raised, alerts...)
		}
		require.Equal(t, x.Alerts, raised)
		for _, th := range thresholds[:2] { // at the least when they hold now; that of time is left to the sweep
			value := l.actual
			if th.Of == budget.OfUsed {
				value += l.committed()
			}
			if x.IsInForce() && value > 0 && 100*value >= int64(th.Percent)*(l.plan+l.transferred+l.carried) {
				require.True(t, seen[once{th, x.Edition}], "%v of %d", th, value)
			}
		}
	}
	require.Zero(t, transferred, "transfers neither create nor lose")
	require.Zero(t, carried, "carry-forward neither creates nor loses")
}

// Arbitrary commitments, costs, releases, transfers and carry-forwards on three budgets: every coin is where a plain ledger
// says, alerts are raised once in an edition, a refusal changes nothing, and the events give the record.
func TestBudgetsKeepTheirMoney(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := newPlay(t)
		which := rapid.IntRange(0, 2)
		amounts := rapid.Int64Range(-5_00, 40_00)
		draw := func() (i int, l *ledger, purchase itsm.Ref, n int64) {
			i = which.Draw(p.t, "budget")
			return i, p.ledgers[i], order(byte(rapid.IntRange(1, 4).Draw(p.t, "order"))), amounts.Draw(p.t, "amount")
		}
		other := func(i int) int { return (i + rapid.IntRange(1, 2).Draw(p.t, "other")) % 3 }
		steps := map[string]func(*rapid.T){
			"commit": func(rt *rapid.T) {
				p.t = rt
				i, l, purchase, n := draw()
				fits := n > 0 && n <= l.available() && l.open[purchase] == 0 && p.budgets[i].IsInForce()
				require.Equal(rt, fits, p.step(i, budget.Commit{For: purchase, Amount: coins(n)}, func(l *ledger) { l.open[purchase] = n }))
			},
			"recommit": func(rt *rapid.T) {
				p.t = rt
				i, _, purchase, n := draw()
				c, _ := p.budgets[i].Commitment(purchase)
				p.step(i, budget.Recommit{For: purchase, Amount: coins(n)}, func(l *ledger) { l.open[purchase] = n - c.Spent.Coins() })
			},
			"release": func(rt *rapid.T) {
				p.t = rt
				i, _, purchase, _ := draw()
				p.step(i, budget.Release{For: purchase}, func(l *ledger) { delete(l.open, purchase) })
			},
			"spend": func(rt *rapid.T) {
				p.t = rt
				i, _, purchase, n := draw()
				a := budget.Spend{Amount: coins(n), On: p.budgets[i].From, Final: rapid.Bool().Draw(rt, "final")}
				if a.Final || rapid.Bool().Draw(rt, "against") {
					a.Against = purchase
				}
				p.step(i, a, func(l *ledger) {
					l.actual += n
					if a.Against.IsZero() {
						return
					}
					if l.open[purchase] -= max(n, 0); a.Final || l.open[purchase] <= 0 {
						delete(l.open, purchase)
					}
				})
			},
			"transfer": func(rt *rapid.T) {
				p.t = rt
				i, l, _, n := draw()
				j := other(i)
				x, y, err := budget.Transfer(p.as("ann"), p.desk, p.store, budget.Move{From: p.budgets[i].ID, To: p.budgets[j].ID, Amount: coins(n), Reason: "test"})
				fits := n > 0 && n <= l.available() && p.budgets[i].IsInForce() && p.budgets[j].IsInForce()
				require.Equal(rt, fits, err == nil, "%v", err)
				if err == nil {
					p.budgets[i], p.budgets[j] = x, y
					p.ledgers[i].transferred -= n
					p.ledgers[j].transferred += n
				}
			},
			"carry": func(rt *rapid.T) {
				p.t = rt
				i, l, _, n := draw()
				if rapid.IntRange(0, 9).Draw(rt, "seldom") > 0 { // it closes a budget
					return
				}
				x, y, err := budget.CarryForward(p.as("ann"), p.desk, p.store, budget.Move{From: p.budgets[i].ID, To: p.budgets[2].ID, Amount: coins(n), Reason: "test"})
				if err != nil {
					require.True(rt, errors.Is(err, itsm.ErrInvalid) || errors.Is(err, itsm.ErrNotAllowed), "%v", err)
					return
				}
				p.budgets[i], p.budgets[2] = x, y
				moved := n + l.committed()
				l.carried -= moved
				p.ledgers[2].carried += moved
				for purchase, rest := range l.open {
					p.ledgers[2].open[purchase] = rest
				}
				clear(l.open)
			},
			"revise": func(rt *rapid.T) {
				p.t = rt
				i, _, _, n := draw()
				if p.budgets[i].State != budget.Approved || n < 0 {
					return
				}
				p.step(i, budget.Revise{Plan: budget.Plan{Amount: coins(n), Thresholds: thresholds}, Reason: "test"}, func(*ledger) {})
				p.step(i, budget.Submit{}, func(*ledger) {})
				x, err := p.desk.Do(p.as("boss"), p.budgets[i].ID, budget.Approve{})
				require.NoError(rt, err)
				p.budgets[i] = x
				p.ledgers[i].plan = n
			},
			"": func(rt *rapid.T) { p.t = rt; p.check() },
		}
		t.Repeat(steps)
	})
}

// The stores hold the kind: random actions, right and wrong.
func TestRunKind(t *testing.T) {
	k, err := budget.NewKind(budget.Options{OwnApproval: true}) // one actor does everything
	require.NoError(t, err)
	storetest.RunKind(t, k, func(*testing.T) itsm.Repository[budget.Budget] { return memory.For(memory.New(), k) }, randomAction)
}

func randomAction(rnd *rand.Rand, rec *budget.Budget) itsm.Action[budget.Budget] {
	plan := budget.Plan{Amount: coins(rnd.Int64N(1000_00)), Thresholds: thresholds[:rnd.IntN(4)]}
	amount, purchase := coins(rnd.Int64N(200_00)-10_00), order(byte(rnd.IntN(5)))
	if rec == nil {
		d := year(plan)
		d.From, d.Until = date(2000, 1, 1), date(2009, 12, 31)
		d.Service = itsm.Ref{Kind: "service", ID: itsm.ID{byte(1 + rnd.IntN(3))}}
		return d
	}
	if rec.State == budget.Submitted && rnd.IntN(2) == 0 {
		return budget.Reject{Reason: "again"}
	}
	choices := []itsm.Action[budget.Budget]{
		budget.Edit{Title: "Cloud", Plan: plan}, budget.Submit{}, budget.Submit{}, budget.Withdraw{}, budget.Approve{}, budget.Reject{Reason: "no"},
		budget.Revise{Plan: plan, Reason: "new"}, budget.Abandon{}, budget.Commit{For: purchase, Amount: amount}, budget.Commit{For: purchase, Amount: amount},
		budget.Recommit{For: purchase, Amount: amount}, budget.Release{For: purchase}, budget.Spend{Amount: amount, On: rec.From}, budget.Assess{},
		budget.Spend{Amount: amount, Against: purchase, On: rec.From}, budget.Comment{Text: "hm"}, budget.TransferIn{Amount: amount},
	}
	if rnd.IntN(20) == 0 {
		return budget.Close{Reason: "the end"}
	}
	return choices[rnd.IntN(len(choices))]
}
