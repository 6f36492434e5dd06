package sla

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"time"

	"github.com/itsmkit/itsm"
)

// FitCase is one decided case: when what happened, and the verdict that somebody passed on it.
type FitCase struct {
	Opened   time.Time
	Priority string
	Met      bool
	// Marks are the instants at which a clock may start or stop, by the names of [FitOptions]. One that did not happen is
	// absent.
	Marks map[string]time.Time
	// Waits are the stretches for which a clock may wait, by name, each list in order and without overlap. A list under the
	// name of a stop is not counted with that stop alone: the time for which a reopened case was stopped.
	Waits map[string][]Waiting
}

// Waiting is a stretch of time, the end excluded.
type Waiting struct{ From, To time.Time }

// FitMark is a way to start or stop a clock: the first instant behind whose event a condition holds. With Reopening
// GoOn a stop is the last such instant, and the time for which the case was stopped before does not count.
type FitMark struct {
	Name      string
	When      Condition
	Reopening Reopening
}

// FitWait is a reason to wait: while a condition holds.
type FitWait struct {
	Name  string
	While Condition
}

// FitOptions says what a fit may choose from.
type FitOptions struct {
	Subject Subject   // where records hold their priority; zero: incidents
	Target  string    // the name of the target to make; "" is "resolution"
	Zone    string    // of the working hours; "" is "UTC"
	Starts  []FitMark // none: those for incidents, as for Stops and Waits
	Stops   []FitMark
	Waits   []FitWait
	// Holdout fits the rule to the earlier half of the cases (by their opening) alone, so that the later half shows how
	// well it holds.
	Holdout bool
	Workers int // goroutines at most; 0 is one a core
	Rivals  int // how many runners-up to tell; 0 is 5
}

func (o FitOptions) filled() FitOptions {
	if o.Subject == (Subject{}) {
		o.Subject = IncidentSubject()
	}
	if o.Starts == nil {
		o.Starts = []FitMark{{Name: "opened", When: Always()}, {Name: "work", When: Is("state", "in_progress")}}
	}
	if o.Stops == nil {
		resolved := Is("state", "resolved", "closed")
		o.Stops = []FitMark{{Name: "resolved", When: resolved}, {Name: "resolved_last", When: resolved, Reopening: GoOn},
			{Name: "closed", When: Is("state", "closed")}}
	}
	if o.Waits == nil {
		o.Waits = []FitWait{{"caller", Is("hold.reason", "caller")}, {"supplier", Is("hold.reason", "supplier")}, {"on_hold", Is("state", "on_hold")}}
	}
	o.Target, o.Zone = cmp.Or(o.Target, "resolution"), cmp.Or(o.Zone, "UTC")
	o.Workers, o.Rivals = cmp.Or(max(0, o.Workers), runtime.GOMAXPROCS(0)), cmp.Or(o.Rivals, 5)
	return o
}

// Fitted is the rule that explains verdicts best, as terms to use, and how well it does. Its JSON is stable: the members
// are those of the fields, durations are ISO 8601, and nothing in it depends on the machine.
type Fitted struct {
	Subject   Subject   `json:"subject"`
	Agreement Agreement `json:"agreement"` // one target and one calendar, with the amounts of ByPriority

	// The parts of the rule, by their names.
	Hours  string   `json:"hours"` // "Mon-Fri 09:00-17:00"
	Start  string   `json:"start"`
	Stop   string   `json:"stop"`
	Pauses []string `json:"pauses"`
	Closed []string `json:"closed,omitempty"` // dates (YYYY-MM-DD) that were found to be closed

	All FitScore `json:"all"`
	// Earlier and Later are the halves of the cases by their opening.
	Earlier    FitScore    `json:"earlier"`
	Later      FitScore    `json:"later"`
	Holdout    bool        `json:"holdout"` // the later half had no part in the fit
	ByPriority []FitAmount `json:"by_priority"`
	Rivals     []FitRival  `json:"rivals"` // the next best rules, the best first
}

// FitScore is how many verdicts a rule explains.
type FitScore struct {
	Cases  int     `json:"cases"`
	Agree  int     `json:"agree"`
	Errors int     `json:"errors"`
	Share  float64 `json:"share"` // Agree of Cases, 0 to 1
}

func scoreOf(cases, wrong int) FitScore {
	s := FitScore{Cases: cases, Agree: cases - wrong, Errors: wrong}
	if cases > 0 {
		s.Share = float64(s.Agree) / float64(cases)
	}
	return s
}

// FitAmount is the amount of one priority. Any amount from Least up to and without Below explains the fitted cases
// equally well; Below zero is no bound.
type FitAmount struct {
	Priority string `json:"priority"`
	FitScore
	Amount itsm.Duration `json:"amount"`
	Least  itsm.Duration `json:"least,omitzero"`
	Below  itsm.Duration `json:"below,omitzero"`
}

// FitRival is a rule that came behind the best one, with its errors on the cases that were fitted.
type FitRival struct {
	Hours  string   `json:"hours"`
	Start  string   `json:"start"`
	Stop   string   `json:"stop"`
	Pauses []string `json:"pauses"`
	Errors int      `json:"errors"`
}

// Terms returns the fitted agreement as terms to compile.
func (f Fitted) Terms() Terms {
	return Terms{Subjects: []Subject{f.Subject}, Agreements: []Agreement{f.Agreement}}
}

// Fit finds the rule that explains the verdicts of cases with the fewest errors: working hours (one window a day on
// Monday to Friday, Monday to Saturday, Sunday to Thursday or all days, at quarters of an hour, also over midnight), start, stop, what
// pauses, and an amount for each priority. A case is met if what has counted is at most the amount. Of rules that are
// equally good it takes the simpler one, with whole hours. It does not look for breaks within a day, for several
// agreements at once, nor for a pause together with a priority. Closed dates are taken where closing them removes errors on both of two
// halves.
//
// The result depends on the cases and options alone, whatever the number of workers. A few ten thousand cases take
// seconds; of more a sample decides about the hours, and all of them about the amounts. A cancelled context is
// returned as its own error.
func Fit(ctx context.Context, cases []FitCase, o FitOptions) (Fitted, error) {
	o = o.filled()
	if len(cases) == 0 {
		return Fitted{}, errors.New("sla: Fit: there are no cases")
	}
	if _, err := (week{days: everyDay, length: dayMinutes}).hours(o.Zone, nil); err != nil {
		return Fitted{}, fmt.Errorf("sla: Fit: zone: %w", err)
	}
	for _, x := range slices.Concat(o.Starts, o.Stops) {
		if x.Name == "" || x.When.IsZero() {
			return Fitted{}, fmt.Errorf("sla: Fit: start or stop %q: a name and a condition are required", x.Name)
		}
	}
	for _, x := range o.Waits {
		if x.Name == "" || x.While.IsZero() {
			return Fitted{}, fmt.Errorf("sla: Fit: wait %q: a name and a condition are required", x.Name)
		}
	}
	cases = slices.Clone(cases)
	slices.SortStableFunc(cases, func(a, b FitCase) int { return a.Opened.Compare(b.Opened) })
	half := (len(cases) + 1) / 2
	known := cases
	if o.Holdout {
		known = cases[:half]
	}
	s := &search{ctx: ctx, o: o}
	best, rivals, err := s.run(known)
	if err != nil {
		return Fitted{}, err
	}
	return s.result(best, rivals, known, cases, half)
}

// result applies a rule to all cases, and writes it as terms.
func (s *search) result(best candidate, rivals []candidate, known, cases []FitCase, half int) (Fitted, error) {
	hours, err := best.week.hours(s.o.Zone, best.closed)
	if err != nil {
		return Fitted{}, err
	}
	compiled, err := hours.compile()
	if err != nil {
		return Fitted{}, err
	}
	judged := newPanel(known)
	cuts, _ := judged.cuts(compiled, judged.lay(best.shape))
	f := Fitted{Subject: s.o.Subject, Hours: best.week.String(), Start: best.start.Name, Stop: best.stop.Name, Pauses: best.names(), Closed: best.closed,
		Holdout: s.o.Holdout, ByPriority: []FitAmount{}, Rivals: []FitRival{}}
	amounts := map[string]time.Duration{}
	for i, c := range cuts {
		f.ByPriority = append(f.ByPriority, FitAmount{Priority: judged.priorities[i], Amount: itsm.Duration(c.amount), Least: itsm.Duration(c.least), Below: itsm.Duration(c.below)})
		amounts[judged.priorities[i]] = c.amount
	}
	all := newPanel(cases)
	wrong := all.wrong(compiled, all.lay(best.shape), amounts)
	errorsIn := func(from, to int) FitScore {
		n := 0
		for _, is := range wrong[from:to] {
			if is {
				n++
			}
		}
		return scoreOf(to-from, n)
	}
	f.All, f.Earlier, f.Later = errorsIn(0, len(cases)), errorsIn(0, half), errorsIn(half, len(cases))
	for i := range f.ByPriority {
		a, n, bad := &f.ByPriority[i], 0, 0
		for at, c := range cases {
			if c.Priority == a.Priority {
				n++
				if wrong[at] {
					bad++
				}
			}
		}
		a.FitScore = scoreOf(n, bad)
	}
	for _, r := range rivals {
		f.Rivals = append(f.Rivals, FitRival{Hours: r.week.String(), Start: r.start.Name, Stop: r.stop.Name, Pauses: r.names(), Errors: r.errors})
	}
	f.Agreement = s.agreement(best, hours, f.ByPriority)
	return f, nil
}

// agreement writes a rule as an agreement with a customer.
func (s *search) agreement(best candidate, hours WorkingHours, amounts []FitAmount) Agreement {
	t := Target{Name: s.o.Target, Start: best.start.When, Stop: best.stop.When, Reopening: best.stop.Reopening, Change: Retroactive}
	var pauses []Condition
	for _, w := range best.waits {
		pauses = append(pauses, w.While)
	}
	t.Pause = Any(pauses...)
	var otherwise []Amount
	for _, a := range amounts {
		if a.Priority == "" || s.o.Subject.Priority == "" {
			otherwise = append(otherwise, Amount{Working: a.Amount})
			continue
		}
		t.Amounts = append(t.Amounts, Amount{When: Is(s.o.Subject.Priority, a.Priority), Working: a.Amount})
	}
	t.Amounts = append(t.Amounts, otherwise...)
	return Agreement{Title: "Fitted", Type: SLA, Edition: 1, Kind: s.o.Subject.Kind, Targets: []Target{t}, Calendars: []Calendar{{Name: "fitted", Hours: hours}}}
}
