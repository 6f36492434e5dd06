package incident

// Level is a degree of impact or urgency.
type Level string

// The levels.
const (
	High   Level = "high"
	Medium Level = "medium"
	Low    Level = "low"
)

// Choices returns the levels for a pick box.
func (Level) Choices() []string { return []string{string(High), string(Medium), string(Low)} }

// Priority is the order in which incidents are worked on; P1 comes first.
type Priority string

// The priorities.
const (
	P1 Priority = "p1"
	P2 Priority = "p2"
	P3 Priority = "p3"
	P4 Priority = "p4"
	P5 Priority = "p5"
)

// Choices returns the priorities for a pick box.
func (Priority) Choices() []string {
	return []string{string(P1), string(P2), string(P3), string(P4), string(P5)}
}

// Channel is the way on which an incident came.
type Channel string

// The channels.
const (
	Phone      Channel = "phone"
	Email      Channel = "email"
	Portal     Channel = "portal"
	Chat       Channel = "chat"
	WalkIn     Channel = "walk_in"
	Monitoring Channel = "monitoring"
)

// Choices returns the channels for a pick box.
func (Channel) Choices() []string {
	return []string{string(Phone), string(Email), string(Portal), string(Chat), string(WalkIn), string(Monitoring)}
}

// HoldReason is whom or what the desk waits for.
type HoldReason string

// The reasons of a hold.
const (
	ForCaller   HoldReason = "caller"
	ForSupplier HoldReason = "supplier"
	ForProblem  HoldReason = "problem"
	ForChange   HoldReason = "change"
	ForEvidence HoldReason = "evidence"
)

// Choices returns the reasons for a pick box.
func (HoldReason) Choices() []string {
	return []string{string(ForCaller), string(ForSupplier), string(ForProblem), string(ForChange), string(ForEvidence)}
}

// ClosureCode is the sort of solution by which an incident was resolved.
type ClosureCode string

// The standard closure codes; a vendor replaces them with [Options.ClosureCodes].
const (
	Fixed           ClosureCode = "fixed"
	Workaround      ClosureCode = "workaround"
	NotReproducible ClosureCode = "not_reproducible"
	UserError       ClosureCode = "user_error"
	Duplicate       ClosureCode = "duplicate"
	NoFault         ClosureCode = "no_fault"
	BySupplier      ClosureCode = "by_supplier"
	ByItself        ClosureCode = "by_itself"
)

// Choices returns the standard codes for a pick box.
func (ClosureCode) Choices() []string {
	return []string{string(Fixed), string(Workaround), string(NotReproducible), string(UserError), string(Duplicate),
		string(NoFault), string(BySupplier), string(ByItself)}
}
