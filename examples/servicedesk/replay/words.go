package replay

import (
	"encoding/json"
	"strings"
	"time"

	"github.com/itsmkit/itsm/examples/servicedesk/snlog"
	"github.com/itsmkit/itsm/incident"
)

// goal is the state that a row shows: as the incident has it, or one that nobody knows.
type goal struct {
	state  incident.State // "" if the row says nothing
	reason incident.HoldReason
	known  bool
}

// goalOf reads a state of the log.
func goalOf(state string) goal {
	switch state {
	case "New":
		return goal{state: incident.New, known: true}
	case "Active":
		return goal{state: incident.InProgress, known: true}
	case "Awaiting User Info":
		return goal{incident.OnHold, incident.ForCaller, true}
	case "Awaiting Vendor":
		return goal{incident.OnHold, incident.ForSupplier, true}
	case "Awaiting Problem":
		return goal{incident.OnHold, incident.ForProblem, true}
	case "Awaiting Evidence":
		return goal{incident.OnHold, incident.ForEvidence, true}
	case "Resolved":
		return goal{state: incident.Resolved, known: true}
	case "Closed":
		return goal{state: incident.Closed, known: true}
	case "-100", "":
		return goal{known: true}
	}
	return goal{}
}

// open tells whether the goal is a state in which work goes on.
func (g goal) open() bool {
	return g.state == incident.New || g.state == incident.InProgress || g.state == incident.OnHold
}

// level reads "2 - Medium"; false if nobody knows it.
func level(s string) (incident.Level, bool) {
	switch number(s) {
	case "1":
		return incident.High, true
	case "2":
		return incident.Medium, true
	case "3":
		return incident.Low, true
	}
	return "", false
}

// priority reads "3 - Moderate"; false if nobody knows it.
func priority(s string) (incident.Priority, bool) {
	switch n := number(s); n {
	case "1", "2", "3", "4", "5":
		return incident.Priority("p" + n), true
	}
	return "", false
}

// number returns what stands before " - ".
func number(s string) string {
	n, _, _ := strings.Cut(s, " - ")
	return n
}

// channel reads a contact type; false if an incident has no such channel.
func channel(s string) (incident.Channel, bool) {
	switch s {
	case "Phone", "":
		return incident.Phone, true
	case "Email":
		return incident.Email, true
	case "Self service":
		return incident.Portal, true
	case "Walk-in", "Direct opening":
		return incident.WalkIn, true
	}
	return incident.Phone, false
}

// title makes a title of what the log knows.
func title(row *snlog.Row) string {
	var parts []string
	for _, s := range []string{row.Category, row.Subcategory, row.Symptom} {
		if s != "" {
			parts = append(parts, s)
		}
	}
	if len(parts) == 0 {
		return "Incident " + row.Number
	}
	return strings.Join(parts, " · ")
}

// code returns the closure code of a case.
func code(row *snlog.Row) string {
	if row.ClosedCode == "" {
		return noCode
	}
	return row.ClosedCode
}

func boolean(b bool) string {
	if b {
		return "true"
	}
	return "false"
}

// text returns the JSON of an attribute, "null" where there is none.
func text(s string) string {
	if s == "" {
		return "null"
	}
	raw, _ := json.Marshal(s) // a text has JSON
	return string(raw)
}

func instant(t time.Time) string {
	if t.IsZero() {
		return "null"
	}
	return text(t.Format(time.RFC3339))
}
