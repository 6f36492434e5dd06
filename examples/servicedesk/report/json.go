package report

import (
	"bytes"
	"encoding/json"
	"io"
)

// JSON writes the report for machines: indented, the same bytes for the same report, no list or map null.
func JSON(w io.Writer, r *Report) error {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false) // it is a file, not part of a page
	e.SetIndent("", "  ")
	if err := e.Encode(whole(*r)); err != nil {
		return err
	}
	_, err := w.Write(b.Bytes())
	return err
}

// whole returns r without nil lists and maps, for a report that was not made by a Builder.
func whole(r Report) Report {
	r.Refused, r.States, r.Transitions = list(r.Refused), list(r.States), list(r.Transitions)
	r.Weeks, r.Priorities, r.Categories = list(r.Weeks), list(r.Priorities), list(r.Categories)
	r.Groups, r.Reassignments, r.Reopenings = list(r.Groups), list(r.Reassignments), list(r.Reopenings)
	r.PingPong.Pairs, r.Holds, r.Longest = list(r.PingPong.Pairs), list(r.Holds), list(r.Longest)
	r.InitialStates, r.FinalStates = object(r.InitialStates), object(r.FinalStates)
	r.ResolvedHours.ByPriority = object(r.ResolvedHours.ByPriority)
	long := make([]LongCase, len(r.Longest))
	for i, c := range r.Longest {
		c.Path = list(c.Path)
		long[i] = c
	}
	r.Longest = long
	r.Levels = r.Levels.whole()
	if r.History != nil {
		h := History{Number: r.History.Number, Title: r.History.Title, Events: make([]Entry, len(r.History.Events))}
		for i, e := range r.History.Events {
			e.Changes = list(e.Changes)
			h.Events[i] = e
		}
		r.History = &h
	}
	return r
}

func list[T any](s []T) []T {
	if s == nil {
		return []T{}
	}
	return s
}

func object[V any](m map[string]V) map[string]V {
	if m == nil {
		return map[string]V{}
	}
	return m
}
