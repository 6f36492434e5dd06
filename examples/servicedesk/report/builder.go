package report

import (
	"cmp"
	"maps"
	"slices"
	"time"
)

// Case is one finished or open case, as its caller sums it up.
type Case struct {
	Number        string
	Title         string
	Opened        time.Time
	Resolved      time.Time // the last resolution; zero if there was none
	Closed        time.Time // zero if it is not closed
	Priority      string
	Category      string
	Group         string // that it was with at the end
	FinalState    string // "" for the state of the last visit
	Path          []Visit
	Reassignments int
	Reopenings    int
	FirstContact  bool // resolved by whoever took it up, at once
}

// Visit is what changed in a case: a new visit begins when its state, its reason to wait or its group changes.
// A visit with a reason is a wait.
type Visit struct {
	State  string
	Reason string // "" if the case does not wait
	Group  string // "" if it is with nobody
	At     time.Time
}

// Builder sums up cases. It is made by [NewBuilder] and used by one goroutine.
type Builder struct {
	title, source string
	counts        Counts
	cases, open   int
	first, last   time.Time

	refused      map[Refusal]int // with Count 0
	listed       []RefusedRow
	initial      map[string]int
	final        map[string]int
	transitions  map[Transition]int // with Count 0
	order        map[string]*place
	hours        []float64
	byPriority   map[string][]float64
	volume       map[int]*volume // by the day on which the week begins
	arrivals     Arrivals
	priorities   map[string]int
	categories   map[string]int
	groups       map[string]*Group
	reassigned   map[int]int
	reopened     map[int]int
	pingPong     PingPong
	pairs        map[Pair]int // with Returns 0
	holds        map[string]*hold
	longest      longest
	firstContact int
	levels       *Levels
	madeSLA      *Agreed
	history      *History
}

// NewBuilder returns a builder without cases. The source says where they come from.
func NewBuilder(title, source string) *Builder {
	return &Builder{
		title: title, source: source,
		refused: map[Refusal]int{}, initial: map[string]int{}, final: map[string]int{},
		transitions: map[Transition]int{}, order: map[string]*place{}, byPriority: map[string][]float64{},
		volume: map[int]*volume{}, priorities: map[string]int{}, categories: map[string]int{},
		groups: map[string]*Group{}, reassigned: map[int]int{}, reopened: map[int]int{}, pairs: map[Pair]int{},
		holds: map[string]*hold{},
	}
}

// Counts sets what the run did.
func (b *Builder) Counts(c Counts) { b.counts = c }

// Refuse counts one row or action that the lifecycle refused in state from.
func (b *Builder) Refuse(from, wanted string) { b.refused[Refusal{From: from, Wanted: wanted}]++ }

// List adds a refused row to the list of them, in the order of the calls. It is not counted by that.
func (b *Builder) List(r RefusedRow) { b.listed = append(b.listed, r) }

// Levels sets how service levels were kept, nil if nobody measured. The builder keeps l.
func (b *Builder) Levels(l *Levels) { b.levels = l }

// MadeSLA sets how often the verdicts agree with those of the log, nil if it has none. The builder keeps a.
func (b *Builder) MadeSLA(a *Agreed) { b.madeSLA = a }

// History sets the case whose history is shown. The builder keeps h.
func (b *Builder) History(h History) { b.history = &h }

// Case adds a case. The builder does not keep c.Path.
func (b *Builder) Case(c Case) {
	b.cases++
	b.priorities[c.Priority]++
	b.categories[c.Category]++
	b.reassigned[c.Reassignments]++
	b.reopened[c.Reopenings]++
	if c.FirstContact {
		b.firstContact++
	}
	done := c.done()
	if done.IsZero() {
		b.open++
	}
	if !c.Opened.IsZero() && !c.Resolved.IsZero() {
		h := c.Resolved.Sub(c.Opened).Hours()
		b.hours = append(b.hours, h)
		b.byPriority[c.Priority] = append(b.byPriority[c.Priority], h)
	}
	for _, t := range [...]time.Time{c.Opened, c.Resolved, c.Closed} {
		b.seen(t)
	}
	for i := range c.Path {
		b.seen(c.Path[i].At)
	}
	b.count(c, done)
	b.walk(c)
	b.wait(c.Path)
	b.pass(c)
	b.longest.add(c, done)
}

// done returns when the case left the backlog, never before it was opened; zero if it is in it.
func (c Case) done() time.Time {
	done := c.Resolved
	if done.IsZero() {
		done = c.Closed
	}
	if !done.IsZero() && done.Before(c.Opened) {
		return c.Opened
	}
	return done
}

func (b *Builder) seen(t time.Time) {
	if t.IsZero() {
		return
	}
	if b.first.IsZero() || t.Before(b.first) {
		b.first = t
	}
	if t.After(b.last) {
		b.last = t
	}
}

// Report returns what the cases so far amount to. The builder may be fed further.
func (b *Builder) Report() *Report {
	r := &Report{
		Title: b.title, Source: b.source, Counts: b.counts, Cases: b.cases, Open: b.open,
		Period: Period{From: b.first, To: b.last}, States: b.states(), InitialStates: maps.Clone(b.initial),
		FinalStates: maps.Clone(b.final), ResolvedHours: b.resolution(), Weeks: b.weeks(), Arrivals: b.arrivals,
		Priorities: tallies(b.priorities), Categories: tallies(b.categories),
		Reassignments: frequencies(b.reassigned), Reopenings: frequencies(b.reopened),
		ReopenedCases: b.cases - b.reopened[0], FirstContact: b.firstContact, Holds: b.waits(),
		Longest: b.longest.list(b.last), Levels: b.levels, MadeSLA: b.madeSLA, RefusedRows: slices.Clone(b.listed), History: b.history, PingPong: b.pingPong,
		Refused: []Refusal{}, Transitions: []Transition{}, Groups: []Group{},
	}
	slices.SortFunc(r.Priorities, func(x, y Tally) int { return cmp.Compare(x.Name, y.Name) })
	for k, n := range b.refused {
		k.Count = n
		r.Refused = append(r.Refused, k)
	}
	slices.SortFunc(r.Refused, func(x, y Refusal) int {
		return cmp.Or(y.Count-x.Count, cmp.Compare(x.From, y.From), cmp.Compare(x.Wanted, y.Wanted))
	})
	for k, n := range b.transitions {
		k.Count = n
		r.Transitions = append(r.Transitions, k)
	}
	slices.SortFunc(r.Transitions, func(x, y Transition) int {
		return cmp.Or(y.Count-x.Count, cmp.Compare(x.From, y.From), cmp.Compare(x.To, y.To))
	})
	for _, g := range b.groups {
		r.Groups = append(r.Groups, *g)
	}
	slices.SortFunc(r.Groups, func(x, y Group) int {
		return cmp.Or(y.Resolved-x.Resolved, y.Cases-x.Cases, cmp.Compare(x.Name, y.Name))
	})
	r.PingPong.Pairs = b.topPairs()
	full := whole(*r) // the history is the caller's
	return &full
}

func (b *Builder) resolution() Resolution {
	r := Resolution{Percentiles: percentiles(b.hours), ByPriority: make(map[string]Percentiles, len(b.byPriority))}
	for name, hours := range b.byPriority {
		r.ByPriority[name] = percentiles(hours)
	}
	return r
}

// tallies lists counts, most frequent first.
func tallies(counts map[string]int) []Tally {
	list := make([]Tally, 0, len(counts))
	for name, n := range counts {
		list = append(list, Tally{Name: name, Count: n})
	}
	slices.SortFunc(list, func(x, y Tally) int { return cmp.Or(y.Count-x.Count, cmp.Compare(x.Name, y.Name)) })
	return list
}

// frequencies lists counts, fewest times first.
func frequencies(counts map[int]int) []Frequency {
	list := make([]Frequency, 0, len(counts))
	for times, n := range counts {
		list = append(list, Frequency{Times: times, Cases: n})
	}
	slices.SortFunc(list, func(x, y Frequency) int { return x.Times - y.Times })
	return list
}
