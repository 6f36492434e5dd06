package supplier

import (
	"fmt"
	"math/big"
	"slices"
	"strings"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/calendar"
)

// Measure is one thing that a supplier is judged by.
type Measure string

// The measures.
const (
	Obliged   Measure = "obligations" // due dates met in time, of those that were not waived
	Agreed    Measure = "agreements"  // targets of underpinning agreements kept
	Undisrupt Measure = "incidents"   // 100 % less what incidents it caused, by how many are borne; of a contract in force
	Undispute Measure = "disputes"    // the same of disputes that were opened or open
)

// Kept is what an underpinning agreement came to in the period, as whoever measures it says.
type Kept struct {
	Agreement itsm.Ref `json:"agreement"`
	Targets   int      `json:"targets"` // that ended in the period
	Missed    int      `json:"missed"`
}

// Caused is an incident that the supplier caused in the period.
type Caused struct {
	Incident itsm.Ref      `json:"incident"`
	Number   string        `json:"number"`
	Weight   int           `json:"weight"` // how grave: 1 for an ordinary one
	Down     itsm.Duration `json:"down,omitzero"`
}

// Period is what a scorecard is made of: one supplier from one date to another, both included, as it stands today.
type Period struct {
	Supplier  itsm.Ref      `json:"supplier"`
	From      calendar.Date `json:"from"`
	To        calendar.Date `json:"to"`
	Today     calendar.Date `json:"today"`     // what was due before it, and is not met, is missed
	Contracts []Contract    `json:"contracts"` // those of other suppliers are left out
	Kept      []Kept        `json:"kept,omitempty"`
	Caused    []Caused      `json:"caused,omitempty"`
}

// Weights say how much each measure counts, and how much is borne before it comes to nothing.
type Weights struct {
	Obligations int `json:"obligations"`
	Agreements  int `json:"agreements"`
	Incidents   int `json:"incidents"`
	Disputes    int `json:"disputes"`
	// MaxIncidents is the weight of incidents at which that measure is 0; MaxDisputes the number of disputes.
	MaxIncidents int `json:"max_incidents"`
	MaxDisputes  int `json:"max_disputes"`
}

// StandardWeights are the usual ones.
func StandardWeights() Weights {
	return Weights{Obligations: 3, Agreements: 4, Incidents: 2, Disputes: 1, MaxIncidents: 10, MaxDisputes: 4}
}

// Line is one measure of a scorecard: Good of Of, which is a share of the whole.
type Line struct {
	Measure Measure `json:"measure"`
	Good    int     `json:"good"`
	Of      int     `json:"of"`   // 0: there was nothing to judge, and the measure does not count
	Rate    int     `json:"rate"` // hundredths of a percent
	Weight  int     `json:"weight"`
	Text    string  `json:"text"` // what it was made of
}

// Scorecard is a supplier's over a period.
type Scorecard struct {
	Supplier itsm.Ref      `json:"supplier"`
	From     calendar.Date `json:"from"`
	To       calendar.Date `json:"to"`
	Lines    []Line        `json:"lines"`
	Score    int           `json:"score"`  // hundredths of a percent
	Judged   bool          `json:"judged"` // false: no measure had anything to judge
	Duties   []Duty        `json:"duties,omitempty"`
	Down     itsm.Duration `json:"down,omitzero"` // of the incidents
}

// Score makes the scorecard: the mean of the measures' rates by their weights, without those that had nothing to
// judge. It is a pure function.
func Score(p Period, w Weights) (*Scorecard, error) {
	if err := p.check(w); err != nil {
		return nil, err
	}
	s := &Scorecard{Supplier: p.Supplier, From: p.From, To: p.To}
	s.Lines = []Line{p.obligations(s, w.Obligations), p.agreements(w.Agreements), p.incidents(s, w), p.disputes(w)}
	sum, weights := new(big.Rat), int64(0)
	for i := range s.Lines {
		l := &s.Lines[i]
		if l.Of == 0 {
			continue
		}
		l.Rate = hundredths(big.NewInt(int64(l.Good)), big.NewInt(int64(l.Of)))
		sum.Add(sum, new(big.Rat).Mul(big.NewRat(int64(l.Good), int64(l.Of)), big.NewRat(int64(l.Weight), 1)))
		weights += int64(l.Weight)
	}
	if s.Judged = weights > 0; s.Judged {
		sum.Quo(sum, big.NewRat(weights, 1))
		s.Score = hundredths(sum.Num(), sum.Denom())
	}
	return s, nil
}

func (p *Period) check(w Weights) error {
	switch {
	case p.Supplier.Kind != Name:
		return itsm.Invalid("supplier", "kind", "want", Name, "value", clip(p.Supplier.Kind))
	case p.Today.IsZero(): // nothing would be overdue
		return itsm.Invalid("today", "required")
	}
	if p.From.IsZero() || p.To.Compare(p.From) < 0 {
		return itsm.Invalid("to", "before_from", "from", p.From.String(), "value", p.To.String())
	}
	for _, x := range []struct {
		path  string
		value int
		min   int
	}{{"obligations", w.Obligations, 0}, {"agreements", w.Agreements, 0}, {"incidents", w.Incidents, 0}, {"disputes", w.Disputes, 0},
		{"max_incidents", w.MaxIncidents, 1}, {"max_disputes", w.MaxDisputes, 1}} {
		if x.value < x.min || x.value > maxWeight {
			return itsm.Invalid("weights."+x.path, "range", "min", fmt.Sprint(x.min), "max", fmt.Sprint(maxWeight), "value", fmt.Sprint(x.value))
		}
	}
	for i, k := range p.Kept {
		if k.Targets < 0 || k.Missed < 0 || k.Missed > k.Targets {
			return itsm.Invalid(fmt.Sprintf("kept[%d].missed", i), "range", "min", "0", "max", fmt.Sprint(k.Targets), "value", fmt.Sprint(k.Missed))
		}
	}
	for i, c := range p.Caused {
		if c.Weight < 1 || c.Weight > maxWeight {
			return itsm.Invalid(fmt.Sprintf("caused[%d].weight", i), "range", "min", "1", "max", fmt.Sprint(maxWeight), "value", fmt.Sprint(c.Weight))
		}
	}
	return nil
}

const maxWeight = 1_000

func (p *Period) obligations(s *Scorecard, weight int) Line {
	l := Line{Measure: Obliged, Weight: weight}
	late, missed := 0, 0
	for i := range p.Contracts {
		c := &p.Contracts[i]
		if c.Supplier != p.Supplier || c.SignedOn.IsZero() {
			continue
		}
		for _, d := range c.Duties(p.From, p.To, p.Today) {
			if d.By != Them || d.Status == Pending || d.Status == Waived {
				continue
			}
			s.Duties = append(s.Duties, d)
			l.Of++
			switch d.Status {
			case Met:
				l.Good++
			case MetLate:
				late++
			default:
				missed++
			}
		}
	}
	slices.SortStableFunc(s.Duties, func(a, b Duty) int { return a.Due.Compare(b.Due) })
	l.Text = fmt.Sprintf("%d in time, %d late, %d missed", l.Good, late, missed)
	return l
}

func (p *Period) agreements(weight int) Line {
	l := Line{Measure: Agreed, Weight: weight}
	for _, k := range p.Kept {
		l.Of += k.Targets
		l.Good += k.Targets - k.Missed
	}
	l.Text = fmt.Sprintf("%d targets of %d agreements, %d missed", l.Of, len(p.Kept), l.Of-l.Good)
	return l
}

func (p *Period) incidents(s *Scorecard, w Weights) Line {
	l := Line{Measure: Undisrupt, Weight: w.Incidents}
	if len(p.Caused) > 0 || p.delivered() {
		l.Of = w.MaxIncidents
	}
	sum := 0
	for _, c := range p.Caused {
		sum += c.Weight
		s.Down += c.Down
	}
	l.Good = max(l.Of-sum, 0)
	l.Text = fmt.Sprintf("%d incidents of weight %d, %d are borne", len(p.Caused), sum, w.MaxIncidents)
	return l
}

func (p *Period) disputes(w Weights) Line {
	l := Line{Measure: Undispute, Weight: w.Disputes}
	n := 0
	for i := range p.Contracts {
		if p.Contracts[i].Supplier != p.Supplier {
			continue
		}
		for _, d := range p.Contracts[i].Disputes {
			if d.OpenedOn.Compare(p.To) <= 0 && (d.SettledOn.IsZero() || d.SettledOn.Compare(p.From) >= 0) {
				n++
			}
		}
	}
	if n > 0 || p.delivered() {
		l.Of = w.MaxDisputes
	}
	l.Good = max(l.Of-n, 0)
	l.Text = fmt.Sprintf("%d disputes, %d are borne", n, w.MaxDisputes)
	return l
}

// delivered tells whether a contract of the supplier was in force on a day of the period: who delivered nothing caused
// no incident, but did not do well either.
func (p *Period) delivered() bool {
	return slices.ContainsFunc(p.Contracts, func(c Contract) bool {
		end := c.ends()
		return c.Supplier == p.Supplier && !c.SignedOn.IsZero() && c.Terms.From.Compare(p.To) <= 0 && (end.IsZero() || end.Compare(p.From) >= 0)
	})
}

// Explain returns the scorecard as lines for people.
func (s *Scorecard) Explain() string {
	var b strings.Builder
	fmt.Fprintf(&b, "Scorecard from %s to %s\n", s.From, s.To)
	for _, l := range s.Lines {
		rate := "nothing to judge"
		if l.Of > 0 {
			rate = fmt.Sprintf("%d/%d = %d.%02d %%, weight %d", l.Good, l.Of, l.Rate/100, l.Rate%100, l.Weight)
		}
		fmt.Fprintf(&b, "%s: %s (%s)\n", l.Measure, rate, l.Text)
	}
	if s.Judged {
		fmt.Fprintf(&b, "score %d.%02d %%\n", s.Score/100, s.Score%100)
	}
	return b.String()
}
