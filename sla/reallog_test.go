package sla_test

import (
	"compress/gzip"
	"encoding/csv"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/lifecycle"
	"github.com/stretchr/testify/require"
)

// The public ServiceNow log (UCI 498), as events of incidents: what each row changes against the row before is an event a
// group of fields. It is not in the repository; ITSM_DATA names the folder that holds it.

type logCase struct {
	number   string
	events   []itsm.Event
	madeSLA  bool // of the last row
	priority string
}

const logTime = "2/1/2006 15:04"

// realLog reads the log, or skips.
func realLog(t testing.TB) []logCase {
	root := os.Getenv("ITSM_DATA")
	if root == "" {
		t.Skip("ITSM_DATA is not set: it names the folder that holds uci-incident-event-log, which is not in the repository")
	}
	file, err := os.Open(filepath.Join(root, "uci-incident-event-log", "incident_event_log.dev.csv.gz"))
	require.NoError(t, err)
	defer file.Close()
	plain, err := gzip.NewReader(file)
	require.NoError(t, err)
	rows, err := csv.NewReader(plain).ReadAll()
	require.NoError(t, err)
	column := map[string]int{}
	for i, name := range rows[0] {
		column[name] = i
	}
	index := map[string]int{}
	var cases []logCase
	for _, row := range rows[1:] {
		cell := func(name string) string { return row[column[name]] }
		number := cell("number")
		n, known := index[number]
		if !known {
			n = len(cases)
			index[number] = n
			cases = append(cases, logCase{number: number})
		}
		require.NoError(t, cases[n].row(cell))
	}
	return cases
}

// row appends the events of a row.
func (c *logCase) row(cell func(string) string) error {
	at, err := time.ParseInLocation(logTime, cell("sys_updated_at"), time.UTC)
	if err != nil {
		return err
	}
	priority := "p" + cell("priority")[:1]
	state := map[string]lifecycle.State{"New": "new", "Active": "in_progress", "Resolved": "resolved", "Closed": "closed"}[cell("incident_state")]
	hold := ""
	if state == "" {
		state, hold = "on_hold", map[string]string{"Awaiting User Info": "caller", "Awaiting Vendor": "supplier", "Awaiting Problem": "problem"}[cell("incident_state")]
	}
	first := len(c.events) == 0
	var last itsm.Event
	if first {
		if opened, err := time.ParseInLocation(logTime, cell("opened_at"), time.UTC); err == nil && opened.Before(at) {
			c.add("report", "new", opened, nil)
		} else {
			c.add("report", "new", at, nil)
		}
		e := &c.events[0]
		e.Changes = []itsm.Change{text("/priority", priority), text("/group", cell("assignment_group")), text("/caller", cell("caller_id")),
			text("/category", cell("category")), text("/assignee", cell("assigned_to")), text("/title", cell("u_symptom")), text("/attributes/made_sla", cell("made_sla"))}
	}
	last = c.events[len(c.events)-1]
	if at.Before(last.Time) {
		at = last.Time // one case goes back in time
	}
	for _, x := range []struct{ action, path, value string }{
		{"categorise", "/category", cell("category")}, {"prioritise", "/priority", priority}, {"assign", "/group", cell("assignment_group")},
		{"assign", "/assignee", cell("assigned_to")}, {"set_attributes", "/attributes/made_sla", cell("made_sla")},
	} {
		if c.value(x.path) != x.value {
			c.add(x.action, last.To, at, []itsm.Change{text(x.path, x.value)})
		}
	}
	if state != last.To || hold != c.value("/hold/reason") {
		var changes []itsm.Change
		if hold != c.value("/hold/reason") {
			changes = append(changes, text("/hold/reason", hold))
		}
		action := map[lifecycle.State]string{"in_progress": "start", "on_hold": "hold", "resolved": "resolve", "closed": "close", "new": "reset"}[state]
		c.add(action, state, at, changes)
	}
	c.madeSLA, c.priority = cell("made_sla") == "true", priority
	return nil
}

func text(path, value string) itsm.Change {
	if value == "" || value == "?" {
		return itsm.Change{Path: path}
	}
	raw, _ := json.Marshal(value)
	return itsm.Change{Path: path, New: raw}
}

// value returns what a field was set to last.
func (c *logCase) value(path string) string {
	for i := range slices.Backward(c.events) {
		for _, x := range c.events[i].Changes {
			if x.Path == path {
				if x.New == nil {
					if path == "/hold/reason" {
						return ""
					}
					return "?"
				}
				return string(x.New[1 : len(x.New)-1])
			}
		}
	}
	return ""
}

func (c *logCase) add(action string, to lifecycle.State, at time.Time, changes []itsm.Change) {
	e := itsm.Event{Subject: itsm.Ref{Kind: "incident", ID: uuid.NewSHA1(uuid.Nil, []byte(c.number))}, Version: int64(len(c.events)) + 1, Number: c.number, Tenant: tenant,
		Action: action, To: to, Time: at, RecordedAt: at, Actor: itsm.Actor{ID: "ann", Tenant: tenant}, Changes: changes}
	if n := len(c.events); n > 0 {
		e.From = c.events[n-1].To
	}
	c.events = append(c.events, e)
}

// flat returns the events of all cases in order of time, as a store has them.
func flat(cases []logCase) []itsm.Event {
	var all []itsm.Event
	for _, c := range cases {
		all = append(all, c.events...)
	}
	slices.SortStableFunc(all, func(a, b itsm.Event) int { return a.Time.Compare(b.Time) })
	return all
}
