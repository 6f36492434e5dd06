package simulate

import (
	"strconv"
	"strings"
	"time"
)

// count takes in one case.
func (t *tally) count(c *Case) {
	t.cases++
	t.weekday[c.Opened.Weekday()]++
	t.hour[c.Opened.Hour()]++
	for i, f := range factChannel {
		if f.name == c.Channel {
			t.channel[i]++
		}
	}
	impact, urgency := c.weight()
	for i, f := range factWeight {
		if f.impact == impact && f.urgency == urgency {
			t.weight[i]++
		}
	}
	t.countPath(c)
	t.countSteps(c)
}

func (t *tally) countPath(c *Case) {
	t.buf = c.path(t.buf)
	at := func(i int) int { return strings.IndexByte(letters, t.buf[i]) }
	t.start[at(0)]++
	for i := range len(t.buf) - 1 {
		t.next[at(i)][at(i+1)]++
	}
	t.length[min(len(t.buf), len(t.length)-1)]++
	t.states += len(t.buf)
	t.updates += len(t.buf)
}

func (t *tally) countSteps(c *Case) {
	var assigned, reopened int
	var changed, problem, change bool
	var solved, closed time.Time
	code := ""
	for i := range c.Steps {
		s := &c.Steps[i]
		switch s.Kind {
		case Assign:
			assigned++
		case Reopen:
			reopened++
		case Reprioritise:
			changed = true
			t.updates++
		case LinkProblem:
			problem = true
			t.updates++
		case LinkChange:
			change = true
			t.updates++
		case Comment:
			t.updates++
		case Resolve:
			solved, code = s.At, s.Code
		case Close:
			closed = s.At
		}
	}
	moves := max(assigned-1, 0)
	t.moves[min(moves, len(t.moves)-1)]++
	t.moved += moves
	t.updates += moves
	t.reopened[min(reopened, len(t.reopened)-1)]++
	t.changed += count(changed)
	t.problems += count(problem)
	t.changes += count(change)
	for i := range closures {
		if closures[i].label == code {
			t.code[i]++
		}
	}
	if !solved.IsZero() {
		p := c.Priority() - 1
		t.solve[p] = append(t.solve[p], solved.Sub(c.Opened).Hours())
	}
	if !closed.IsZero() && !solved.IsZero() {
		t.wait = append(t.wait, closed.Sub(solved).Hours())
	}
}

func count(b bool) int {
	if b {
		return 1
	}
	return 0
}

func (t *tally) compareOpenings() {
	t.add("opened by weekday", func(i int) string { return time.Weekday(i).String() }, factWeekday[:], t.weekday[:])
	t.add("opened by hour", strconv.Itoa, factHour[:], t.hour[:])
	t.add("channel", func(i int) string { return factChannel[i].name },
		column(len(factChannel), func(i int) int64 { return factChannel[i].n }), t.channel[:])
	weights := column(len(factWeight), func(i int) int64 { return factWeight[i].n })
	t.add("impact and urgency at the end", func(i int) string {
		return strconv.Itoa(factWeight[i].impact) + " and " + strconv.Itoa(factWeight[i].urgency)
	}, weights, t.weight[:])
	var known [4]int64
	var got [4]int
	for i, f := range factWeight {
		p := priorityOf(f.impact, f.urgency) - 1
		known[p] += f.n
		got[p] += t.weight[i]
	}
	t.add("priority at the end", func(i int) string { return strconv.Itoa(i + 1) }, known[:], got[:])
	t.one("priority changed", factReprioritised, t.changed)
}

func (t *tally) comparePaths() {
	label := func(i int) string {
		if r := reasonOf(letters[i]); r != "" {
			return string(OnHold) + " for " + string(r)
		}
		return string(stateOf(letters[i]))
	}
	t.add("first recorded state", label, factStart[:], t.start[:])
	var known [len(letters)]int64
	var got [len(letters)]int
	for i := range letters {
		t.add("after "+label(i), label, factNext[i][:], t.next[i][:])
		for j := range letters {
			if reasonOf(letters[j]) != "" {
				known[j] += factNext[i][j]
				got[j] += t.next[i][j]
			}
		}
		if reasonOf(letters[i]) != "" {
			known[i] += factStart[i]
			got[i] += t.start[i]
		}
	}
	t.add("reason of a hold", label, known[:], got[:])
	t.add("states of a path", strconv.Itoa, factLength[:], t.length[:])
	t.mean("mean number of states", 3.6114, t.states)
	t.add("times reopened", strconv.Itoa, factReopened[:], t.reopened[:])
	t.one("reopened", factCases-int(factReopened[0]), t.cases-t.reopened[0])
}

func (t *tally) compareHandling() {
	// Five and more reassignments are one class.
	var known [6]int64
	var got [6]int
	for i := range factMoves {
		known[min(i, 5)] += factMoves[i]
		got[min(i, 5)] += t.moves[i]
	}
	t.add("reassignments", func(i int) string {
		if i == 5 {
			return "5 or more"
		}
		return strconv.Itoa(i)
	}, known[:], got[:])
	t.mean("mean number of reassignments", 1.0794, t.moved)
	t.mean("mean number of updates", factUpdates, t.updates)
	t.add("closure code", func(i int) string { return closures[i].label },
		column(len(closures), func(i int) int64 { return closures[i].n }), t.code[:])
	t.one("with a problem", factWithProblem, t.problems)
	t.one("with a change", factWithChange, t.changes)
}
