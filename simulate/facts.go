package simulate

// The counts of this file, of facts_paths.go and of facts_hours.go were taken from the log named in the package
// comment (UCI repository no. 498, 14,950 incidents opened from 29 February to 20 April 2016, local time). They
// are counts of incidents unless said otherwise. Nothing writes to these tables.

// factCases is how many incidents the log has.
const factCases = 14_950

// factWeekday counts incidents by the weekday of opening, Sunday first as in [time.Weekday].
var factWeekday = [7]int64{304, 3471, 2963, 3092, 2510, 2284, 326}

// factHour counts incidents by the hour of opening.
var factHour = [24]int64{
	144, 118, 79, 72, 66, 59, 200, 369, 1438, 1864, 1793, 1481,
	778, 1042, 1427, 1338, 1156, 695, 274, 146, 120, 114, 92, 85,
}

// factChannel counts incidents by contact type at the end.
var factChannel = [...]struct {
	name string
	n    int64
}{{Phone, 14914}, {Email, 36}}

// factWeight counts incidents by impact and urgency at the end. The matrix makes 148 of them critical, 256
// high, 14,055 moderate and 491 low.
var factWeight = [...]struct {
	impact, urgency int
	n               int64
}{
	{1, 1, 148}, {1, 2, 77}, {2, 1, 179}, {2, 2, 14051}, {2, 3, 23}, {3, 1, 4}, {3, 2, 60}, {3, 3, 408},
}

// factReprioritised is how many incidents changed their priority.
const factReprioritised = 230

// factReprioritise counts changes of impact and urgency that changed the priority, by both. Pairs below two
// are left out.
var factReprioritise = [...]struct {
	from, to [2]int
	n        int64
}{
	{[2]int{2, 2}, [2]int{1, 1}, 72}, {[2]int{2, 2}, [2]int{1, 2}, 39}, {[2]int{2, 2}, [2]int{2, 1}, 34},
	{[2]int{1, 1}, [2]int{2, 2}, 33}, {[2]int{2, 1}, [2]int{1, 1}, 10}, {[2]int{2, 2}, [2]int{3, 3}, 10},
	{[2]int{1, 1}, [2]int{2, 3}, 8}, {[2]int{1, 2}, [2]int{1, 1}, 8}, {[2]int{2, 2}, [2]int{3, 2}, 6},
	{[2]int{1, 1}, [2]int{2, 1}, 5}, {[2]int{3, 3}, [2]int{2, 2}, 5}, {[2]int{1, 1}, [2]int{3, 3}, 4},
	{[2]int{2, 1}, [2]int{2, 2}, 4}, {[2]int{1, 1}, [2]int{3, 2}, 4}, {[2]int{3, 3}, [2]int{1, 1}, 3},
	{[2]int{1, 2}, [2]int{2, 2}, 3}, {[2]int{1, 2}, [2]int{2, 3}, 2}, {[2]int{1, 2}, [2]int{3, 2}, 2},
	{[2]int{1, 1}, [2]int{1, 2}, 2},
}

// factMoves counts incidents by how often the assignment group changed.
var factMoves = [...]int64{
	7386, 4048, 1484, 868, 494, 260, 135, 114, 49, 44, 23, 14, 10, 7, 3, 2, 1, 1, 2, 0, 3, 0, 1, 0, 0, 0, 0, 1,
}

// factReopened counts incidents by how often they were reopened.
var factReopened = [...]int64{14759, 169, 14, 3, 3, 0, 1, 0, 1}

// The links at the end.
const (
	factWithProblem  = 231
	factWithChange   = 138
	factProblemsEach = 147 // distinct problems that the 231 name
)

// factUpdates is the mean number of rows of an incident in the log: the first and one for each update.
const factUpdates = 6.038

// family is a bit set of kinds of symptoms.
type family uint8

const (
	hardware family = 1 << iota
	access
	software
	network
	output   // printing and scanning
	anything = hardware | access | software | network | output
)

// closure is one closure code. The log masks them ("code 6"); the labels and what they are used for are
// invented.
type closure struct {
	label  string
	n      int64
	logged string // the code in the log
	of     family // the symptoms that it suits
	text   string // stands before the fix, or alone if how is alone
	how    how
}

// how says which text of the symptom follows a closure's own.
type how uint8

const (
	thenFix how = iota
	thenWorkaround
	alone
)

var closures = [...]closure{
	{"fixed", 8986, "code 6", anything, "", thenFix},
	{workedOver, 2708, "code 7", anything, "", thenWorkaround},
	{explained, 1220, "code 9", hardware | access | software | output, "Done together with the caller.", thenFix},
	{"access-corrected", 550, "code 8", access, "Account and rights checked against the request.", thenFix},
	{"replaced", 381, "code 5", hardware | output, "Part replaced from stock.", thenFix},
	{"not-reproducible", 355, "code 1", anything, "Could not be seen again, and the logs show nothing.", alone},
	{"restarted", 207, "code 10", software | network | output, "Restarted what was stuck; it answers again.", alone},
	{"duplicate", 174, "code 11", anything, "The same disturbance is handled under an earlier incident.", alone},
	{"supplier", 82, "code 16", hardware | software | network | output, "The supplier corrected it and confirmed it in writing.", alone},
	{"self-recovered", 72, "code 4", software | network, "Worked again before anything was done.", alone},
	{"withdrawn", 66, "code 3", anything, "The caller needs nothing more.", alone},
	{"unspecified", 59, "?", anything, "", thenFix},
	{"configuration", 41, "code 2", software | network | access, "Setting corrected.", thenFix},
	{byChange, 36, "code 15", anything, "Corrected by a change to the service.", alone},
	{"training", 9, "code 17", software | output | access, "A short course was offered to the department.", alone},
	{"out-of-scope", 3, "code 13", anything, "Not a part of any service; the caller was told where to ask.", alone},
	{"test", 1, "code 14", anything, "A test entry.", alone},
}

// The labels of closures that the stories refer to.
const (
	explained  = "explained"  // is for what is easy
	byChange   = "by-change"  // needs a linked change
	workedOver = "workaround" // the code of a resolution that does not last
)

// Codes returns the closure codes, the most frequent first.
func Codes() []string {
	out := make([]string, len(closures))
	for i := range closures {
		out[i] = closures[i].label
	}
	return out
}
