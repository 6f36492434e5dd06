package finance

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/calendar"
	"github.com/itsmkit/itsm/money"
)

// linesAPost is how many cost lines [PostCosts] puts into one entry.
const linesAPost = 1000

// PostCosts returns the inputs to [Ledger.PostAll] that book cost lines on a date: each line on its account, and their sum
// on the other side of the contra account, such as that of payables. There is one for each currency and origin, more for
// more than 1,000 lines. A line that is not right by itself, is there twice or has no account or cause is an error, and none
// is booked; lines of 0 are left out, for there is nothing to post. The caller adds the chart.
func PostCosts(lines []CostLine, contra string, on calendar.Date) ([]Post, error) {
	type group struct {
		origin   Origin
		currency money.Currency
	}
	groups, seen := map[group][]CostLine{}, make(map[string]bool, len(lines))
	for i, l := range lines {
		if err := l.bookable(i); err != nil {
			return nil, err
		}
		if seen[l.ID] {
			return nil, &LineError{Line: l.ID, At: i, Err: itsm.Invalid("id", "twice", "value", clip(l.ID))}
		}
		seen[l.ID] = true
		if l.Amount.Sign() != 0 {
			g := group{l.Origin, l.Amount.Currency()}
			groups[g] = append(groups[g], l)
		}
	}
	order := slices.SortedFunc(maps.Keys(groups), func(a, b group) int {
		return strings.Compare(string(a.currency)+string(a.origin), string(b.currency)+string(b.origin))
	})
	var posts []Post
	for _, g := range order {
		for part := range slices.Chunk(groups[g], linesAPost) {
			p, err := postCosts(part, contra)
			if err != nil {
				return nil, err
			}
			p.Date, p.Origin = on, g.origin
			posts = append(posts, p)
		}
	}
	return posts, nil
}

// postCosts books lines of one currency. The contra account gets a posting for each cause, so that it can be traced as
// well.
func postCosts(lines []CostLine, contra string) (Post, error) {
	var p Post
	var causes []itsm.Ref
	sums := map[itsm.Ref]*sum{}
	for _, l := range lines {
		cost := signed(l.Account, l.Amount)
		cost.CostCentre, cost.Service, cost.Cause, cost.Text = l.CostCentre, l.Service, l.Cause, l.Text
		cost.Line, cost.From, cost.Until = l.ID, l.From, l.Until
		p.Postings = append(p.Postings, cost)
		if sums[l.Cause] == nil {
			sums[l.Cause], causes = new(sum), append(causes, l.Cause)
		}
		sums[l.Cause].add(-l.Amount.Coins())
	}
	for _, cause := range causes {
		if sums[cause].isZero() {
			continue
		}
		a, err := sums[cause].amount(lines[0].Amount.Currency())
		if err != nil {
			return Post{}, err
		}
		other := signed(contra, a)
		other.Cause = cause
		p.Postings = append(p.Postings, other)
	}
	return p, nil
}

// bookable wants what a posting needs.
func (l CostLine) bookable(i int) error {
	err := l.Check()
	if err == nil {
		var wrong problems
		if l.Account == "" {
			wrong.fail("account", "required")
		}
		if l.Cause.IsZero() {
			wrong.fail("cause", "required")
		}
		err = wrong.err()
	}
	if err != nil {
		return &LineError{Line: l.ID, At: i, Err: err}
	}
	return nil
}

// LineError says which cost line of several is wrong, and what with it.
type LineError struct {
	Line string // its ID
	At   int    // its place, from 0
	Err  error
}

func (e *LineError) Error() string {
	return "finance: cost line " + strconv.Itoa(e.At) + " (" + clip(e.Line) + "): " + e.Err.Error()
}

// Unwrap returns what is wrong.
func (e *LineError) Unwrap() error { return e.Err }
