package simulate

import "time"

// State is where a case stands.
type State string

// The states of a case.
const (
	New        State = "new"
	InProgress State = "in-progress"
	OnHold     State = "on-hold"
	Resolved   State = "resolved"
	Closed     State = "closed"
)

// StepKind is what somebody did to a case.
type StepKind string

// The kinds of steps, each with the fields that it fills beside At and By.
const (
	Assign       StepKind = "assign"       // Group; Person unless only the group is known; Text for a reassignment
	Start        StepKind = "start"        // Group, Person
	Hold         StepKind = "hold"         // Reason, Text
	Resume       StepKind = "resume"       // Text
	CallerReply  StepKind = "caller-reply" // Text, Public
	Comment      StepKind = "comment"      // Text, Public
	Reprioritise StepKind = "reprioritise" // Impact, Urgency, Text
	Escalate     StepKind = "escalate"     // Person (to whom), Text
	LinkProblem  StepKind = "link-problem" // Code: the problem's number
	LinkChange   StepKind = "link-change"  // Code: the change's number
	Resolve      StepKind = "resolve"      // Code: one of Codes; Text, Public
	Reopen       StepKind = "reopen"       // Text, Public
	Close        StepKind = "close"        // Text
)

// Reason is why a case is on hold.
type Reason string

// The reasons of waiting.
const (
	ForCaller   Reason = "caller"   // the caller has to answer
	ForSupplier Reason = "supplier" // a supplier has to deliver or to repair
	ForProblem  Reason = "problem"  // a problem has to be solved first
	ForEvidence Reason = "evidence" // the disturbance has to show itself again
)

// The channels of a case.
const (
	Phone = "phone"
	Email = "email"
)

// System is the By of a step that nobody did by hand: the automatic closing, five days after resolution.
const System = "system"

// Case is one incident, with all that happened to it.
type Case struct {
	Opened   time.Time // when the caller called: UTC, whole seconds
	OpenedBy string    // the agent who took the call
	Caller   string
	Channel  string // Phone or Email

	Title       string
	Description string
	Category    string
	Subcategory string
	Service     string // the service of the catalog that is disturbed
	Item        string // the configuration item
	Location    string // where the caller sits

	// Impact and Urgency are 1 (high) to 3 (low), as judged at the start. A Reprioritise step changes them.
	Impact, Urgency int

	// Recorded is the state in which the desk first saved the case. It is New when a ticket came before the
	// work, InProgress or OnHold when the agent took it on at once, and Resolved when the call was enough. The
	// steps up to that state are still listed.
	Recorded State

	// Steps is what happened, in order of time. The last one closes the case.
	Steps []Step
}

// Step is one thing done to a case. Which fields it fills depends on its Kind, see [StepKind].
type Step struct {
	At      time.Time // UTC, whole seconds; never before the step before it
	Kind    StepKind
	By      string // the person's name, or System
	Group   string // one of Groups
	Person  string
	Reason  Reason
	Code    string
	Text    string
	Public  bool // the caller may read Text
	Impact  int
	Urgency int
}

// Priority returns the priority at the end, 1 (critical) to 4 (low).
func (c Case) Priority() int {
	impact, urgency := c.weight()
	return priorityOf(impact, urgency)
}

// weight returns impact and urgency at the end.
func (c Case) weight() (impact, urgency int) {
	impact, urgency = c.Impact, c.Urgency
	for i := range c.Steps {
		if s := &c.Steps[i]; s.Kind == Reprioritise {
			impact, urgency = s.Impact, s.Urgency
		}
	}
	return impact, urgency
}

// priorityOf is the matrix of the logged desk: the sum of impact and urgency decides.
func priorityOf(impact, urgency int) int {
	return min(impact+urgency-1, 4)
}

// path appends to buf the states as the log would show them, one letter a state (see letters), repeated
// states once, beginning with the first recorded one.
func (c Case) path(buf []byte) []byte {
	buf = append(buf[:0], 'N')
	for i := range c.Steps {
		var l byte
		switch s := &c.Steps[i]; s.Kind {
		case Start, Resume, Reopen:
			l = 'A'
		case Hold:
			l = letterOf(s.Reason)
		case Resolve:
			l = 'R'
		case Close:
			l = 'C'
		default:
			continue
		}
		if buf[len(buf)-1] != l {
			buf = append(buf, l)
		}
	}
	for len(buf) > 1 && stateOf(buf[0]) != c.Recorded {
		buf = buf[1:]
	}
	return buf
}
