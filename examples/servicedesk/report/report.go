package report

import "time"

// Report is everything that the renderers show. Its JSON is stable: names are not changed or removed.
// A Report made by a [Builder] has no nil list or map.
type Report struct {
	Title  string `json:"title"`
	Source string `json:"source,omitempty"`
	Counts
	Cases         int            `json:"cases"`
	Open          int            `json:"open"`    // cases neither resolved nor closed at the end
	Period        Period         `json:"period"`  // from the first moment given to the last
	Refused       []Refusal      `json:"refused"` // most frequent first
	States        []string       `json:"states"`  // in the order in which cases pass through them
	InitialStates map[string]int `json:"initial_states"`
	FinalStates   map[string]int `json:"final_states"`
	Transitions   []Transition   `json:"transitions"` // most frequent first
	ResolvedHours Resolution     `json:"resolved_hours"`
	Weeks         []Week         `json:"weeks"`
	Arrivals      Arrivals       `json:"arrivals"`
	Priorities    []Tally        `json:"priorities"` // by name
	Categories    []Tally        `json:"categories"` // most frequent first
	Groups        []Group        `json:"groups"`     // by cases resolved
	Reassignments []Frequency    `json:"reassignments"`
	PingPong      PingPong       `json:"ping_pong"`
	ReopenedCases int            `json:"reopened_cases"`
	Reopenings    []Frequency    `json:"reopenings"`
	FirstContact  int            `json:"first_contact"` // cases resolved at the first contact
	Holds         []Hold         `json:"holds"`         // most hours first
	Longest       []LongCase     `json:"longest"`       // ten at most
	Levels        *Levels        `json:"service_levels,omitempty"`
	MadeSLA       *Agreed        `json:"made_sla,omitempty"`     // the verdicts of a log, where it has them
	RefusedRows   []RefusedRow   `json:"refused_rows,omitempty"` // where they were asked for, in the order of the log
	History       *History       `json:"history,omitempty"`
}

// Counts says what a run did, as its caller counted it.
type Counts struct {
	Rows      int `json:"rows"`      // of the log
	Actions   int `json:"actions"`   // that the desk carried out
	Unchanged int `json:"unchanged"` // rows without any difference to the record
	Reordered int `json:"reordered"` // rows earlier than the one before
	Events    int `json:"events"`    // stored
}

// Period is a span of time. Both ends are zero if no moment was given.
type Period struct {
	From time.Time `json:"from,omitzero"`
	To   time.Time `json:"to,omitzero"`
}

// Refusal counts what the lifecycle refused: in state From something wanted to go to Wanted.
type Refusal struct {
	From   string `json:"from"`
	Wanted string `json:"wanted"`
	Count  int    `json:"count"`
}

// RefusedRow is one row of a log that the lifecycle refused.
type RefusedRow struct {
	Row    int    `json:"row"` // the line in the file; the header is 1
	Number string `json:"number"`
	From   string `json:"from"`
	Wanted string `json:"wanted"`
	Why    string `json:"why"`
}

// Transition counts the changes from one state to another.
type Transition struct {
	From  string `json:"from"`
	To    string `json:"to"`
	Count int    `json:"count"`
}

// Percentiles describes N durations. Without any, all are 0.
type Percentiles struct {
	N   int   `json:"n"`
	P50 Hours `json:"p50"`
	P90 Hours `json:"p90"`
}

// Resolution is the time from opening a case to its last resolution. Cases without one are left out.
type Resolution struct {
	Percentiles
	ByPriority map[string]Percentiles `json:"by_priority"`
}

// Week is one ISO week. Weeks without anything are listed too, but for those in a gap of more than ten years.
type Week struct {
	Week     string `json:"week"`   // "2016-W09"
	Starts   string `json:"starts"` // its Monday: "2016-02-29"
	Opened   int    `json:"opened"`
	Resolved int    `json:"resolved"`
	Closed   int    `json:"closed"`
	Backlog  int    `json:"backlog"` // cases neither resolved nor closed at the end of the week
}

// Arrivals counts cases by when they were opened. Monday is 0.
type Arrivals struct {
	ByWeekday     [7]int     `json:"by_weekday"`
	ByHour        [24]int    `json:"by_hour"`
	ByWeekdayHour [7][24]int `json:"by_weekday_hour"`
}

// Tally counts the cases of one name. The name "" stands for cases without one.
type Tally struct {
	Name  string `json:"name"`
	Count int    `json:"count"`
}

// Group is what one group did. The name "" stands for cases without a group.
type Group struct {
	Name           string `json:"name"`
	Cases          int    `json:"cases"`           // that were with the group at any time
	Resolved       int    `json:"resolved"`        // that were with it when they ended, and have a resolution
	ReassignedAway int    `json:"reassigned_away"` // times that it passed a case to another group
}

// Frequency says how many cases had something happen so many times.
type Frequency struct {
	Times int `json:"times"`
	Cases int `json:"cases"`
}

// PingPong counts cases that came back to a group they had been with before.
type PingPong struct {
	Cases   int    `json:"cases"`
	Returns int    `json:"returns"`
	Pairs   []Pair `json:"pairs"` // the twenty with most returns
}

// Pair counts the returns between two groups, in either direction. A sorts before B.
type Pair struct {
	A       string `json:"a"`
	B       string `json:"b"`
	Returns int    `json:"returns"`
}

// Hold is the waiting for one reason. The hours are those of the waits that ended.
type Hold struct {
	Reason string `json:"reason"`
	Cases  int    `json:"cases"`
	Times  int    `json:"times"`
	Ended  int    `json:"ended"`
	Total  Hours  `json:"total_hours"`
	P50    Hours  `json:"p50"`
	P90    Hours  `json:"p90"`
}

// LongCase is one of the cases that took longest: until it was done or, if it is still open, until the end
// of the period.
type LongCase struct {
	Number string `json:"number"`
	Title  string `json:"title"`
	Hours  Hours  `json:"hours"`
	Open   bool   `json:"open"` // it is still in the backlog
	Path   []Step `json:"path"`
}

// Step is a state that a case was in and, where it waited, the reason.
type Step struct {
	State  string `json:"state"`
	Reason string `json:"reason,omitempty"`
}

// History is everything that happened to one case, first event first.
type History struct {
	Number string  `json:"number"`
	Title  string  `json:"title"`
	Events []Entry `json:"events"`
}

// Entry is one event of a [History]. From and To are equal where the state did not change.
type Entry struct {
	Time    time.Time `json:"time"`
	Actor   string    `json:"actor"`
	Action  string    `json:"action"`
	From    string    `json:"from"`
	To      string    `json:"to"`
	Note    string    `json:"note"`
	Changes []Change  `json:"changes"`
}

// Change is one field before and after, as text for a reader.
type Change struct {
	Field string `json:"field"`
	Old   string `json:"old"`
	New   string `json:"new"`
}
