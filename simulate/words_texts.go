package simulate

import (
	"math/rand/v2"
	"strconv"
)

// closings end a description.
var closings = [...]string{
	"", "", " Please call me back.", " I tried it twice.", " It was fine yesterday.",
	" I am at my desk all day.", " Please help soon.", " I can work around it for today.",
}

var handovers = [...]string{
	"Checked the usual points without success.", "Not solvable at the desk.", "Belongs to your service.",
	"The caller was already asked; all answers are above.", "Please take over, the guide ends here.",
}

var laterQuestions = [...]string{
	"Please try again and tell us whether it still happens.", "When did it happen last?",
	"Please send the exact message.", "When can we connect to your computer?",
}

var laterAnswers = [...]string{
	"It still happens.", "It happened again today.", "I sent what you asked for.", "I am at my desk until four.",
}

var reminders = [...]string{
	"We still need your answer.", "Tried to reach you by phone.", "Reminder: please answer.",
	"Left a message on your mobile phone.",
}

var supplierWaits = [...]string{
	"Reported to the supplier.", "Spare part ordered.", "Waits for the supplier's correction.",
	"The supplier's technician comes by appointment.",
}

var waitingNotes = [...]string{
	"Asked for the state of things; no date yet.", "A date is promised.", "Still waiting.",
	"The date was moved.",
}

var workNotes = [...]string{
	"Compared with a computer where it works.", "Logs collected.", "Talked to the caller.",
	"Could be seen on the test system.", "Tried the known steps.", "Settings checked.", "Date agreed with the caller.",
	"Colleagues have seen the like before.", "Nothing unusual in the monitoring.", "Continues tomorrow.",
}

var reopenings = [...]string{
	"It happens again.", "It worked for a while; now it is the same as before.", "The first part works, the rest does not.",
	"I cannot confirm this; the message is back.",
}

var backHandovers = [...]string{
	"The system itself is sound; please look from your side.", "Corrected here; please check with the caller.",
	"Nothing is wrong on this side.",
}

func resumption(r Reason) string {
	switch r {
	case ForCaller:
		return "The caller answered."
	case ForSupplier:
		return "The supplier delivered."
	case ForProblem:
		return "The problem has a workaround."
	}
	return "It happened again and was recorded."
}

// item names the configuration item. Most symptoms concern one of the landscape, named by the symptom itself.
// Those with a kind of two letters concern an item of the caller or of the place.
func item(kind string, from caller, home *site) string {
	if len(kind) != 2 {
		return kind
	}
	switch kind {
	case laptop, phone:
		return number(kind, from.number)
	}
	return kind + "-" + home.code + "-" + strconv.Itoa(1+from.number%12)
}

func escalation(d *draft) string {
	switch {
	case d.priority() == 1:
		return "Critical: the duty manager is informed."
	case d.priority() == 2:
		return "High: the manager is informed."
	}
	return "Passed on too often: somebody has to own it."
}

// number makes a number of six digits.
func number(prefix string, n int) string {
	digits := strconv.Itoa(n)
	return prefix + "000000"[:max(6-len(digits), 0)] + digits
}

func pick(r *rand.Rand, from []string) string { return from[r.IntN(len(from))] }
