package incident

import (
	"slices"
	"time"

	"github.com/itsmkit/itsm"
)

// Entry is one line of a timeline.
type Entry struct {
	At     time.Time `json:"at"`
	By     string    `json:"by"`     // the actor's name, or ID
	Action string    `json:"action"` // "resolve"
	State  State     `json:"state"`  // after it
	Text   string    `json:"text,omitempty"`
	Public bool      `json:"public,omitempty"`
}

// quiet are the actions that are no part of the story.
var quiet = []string{"watch", "unwatch", "set_attributes", "relate", "unrelate", "remind_update", "redact"} // never written to

// Timeline tells the story of an incident from its history, oldest first: what the review of a major incident
// begins with. Housekeeping (watchers, links, attributes) is left out; with publicOnly, everything that the
// caller may not read is too.
func Timeline(history []itsm.Event, publicOnly bool) []Entry {
	out := make([]Entry, 0, len(history))
	for _, e := range history {
		if slices.Contains(quiet, e.Action) || publicOnly && !e.Public && e.From == e.To {
			continue
		}
		line := Entry{At: e.Time, By: e.Actor.Name, Action: e.Action, State: e.To, Text: e.Note, Public: e.Public}
		if line.By == "" {
			line.By = e.Actor.ID
		}
		if publicOnly && !e.Public {
			line.Text = ""
		}
		out = append(out, line)
	}
	return out
}
