package year

import (
	"context"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/examples/servicedesk/casebook"
	"github.com/itsmkit/itsm/incident"
	"github.com/itsmkit/itsm/simulate"
)

// teller tells one story to the desk.
type teller struct {
	ctx   context.Context
	book  *casebook.Book
	story *simulate.Case
	c     *casebook.Case
}

func (t *teller) open() error {
	s := t.story
	var err error
	t.c, err = t.book.Open(t.ctx, casebook.Entry{At: s.Opened, By: s.OpenedBy}, incident.Report{
		Title: s.Title, Description: s.Description, Channel: incident.Channel(s.Channel), Caller: s.Caller,
		Location: s.Location, Category: s.Category, Subcategory: s.Subcategory, Service: t.book.Ref("service", s.Service),
		Affected: []itsm.Ref{t.book.Ref("asset", s.Item)}, Impact: level(s.Impact), Urgency: level(s.Urgency),
	})
	if err == nil {
		t.book.Settle(t.c, s.Opened)
	}
	return err
}

// tell does one step of the story.
func (t *teller) tell(step int) error {
	s := &t.story.Steps[step]
	if err := t.book.Wake(t.ctx, t.c); err != nil { // it rests where the run was interrupted
		return err
	}
	for _, a := range t.actions(step) {
		e := casebook.Entry{At: s.At, By: s.By}
		if s.By == simulate.System {
			e.By = ""
		}
		switch a.(type) {
		case incident.Relate:
			e.Note = s.Code
		case incident.Assign, incident.Prioritise:
			e.Note = s.Text
		}
		if err := t.book.Do(t.ctx, t.c, e, a); err != nil {
			return err
		}
	}
	t.book.Settle(t.c, s.At)
	if s.Kind == simulate.Close {
		t.c.Rest()
	}
	return nil
}

type action = itsm.Action[incident.Incident]

// actions returns what a step is at the desk.
func (t *teller) actions(step int) []action {
	s, i := &t.story.Steps[step], &t.c.Incident
	switch s.Kind {
	case simulate.Assign:
		return []action{incident.Assign{Group: s.Group, To: s.Person}}
	case simulate.Start:
		if i.Assignee == s.Person {
			return []action{incident.Start{}}
		}
		if i.Assignee == "" {
			return []action{incident.Accept{}, incident.Start{}}
		}
		return []action{incident.Assign{Group: s.Group, To: s.Person}, incident.Start{}}
	case simulate.Hold:
		return []action{incident.PutOnHold{Reason: incident.HoldReason(s.Reason), Text: s.Text, For: t.waitsFor(s.Reason)}}
	case simulate.Resume:
		return t.resume(s)
	case simulate.CallerReply:
		if t.goesOn(step) {
			return []action{incident.CallerReply{Text: s.Text}}
		}
		return []action{incident.Comment{Text: s.Text, Public: true}}
	case simulate.Comment:
		return []action{incident.Comment{Text: s.Text, Public: s.Public}}
	case simulate.Reprioritise:
		return []action{incident.Prioritise{Impact: level(s.Impact), Urgency: level(s.Urgency)}}
	case simulate.Escalate:
		return []action{incident.EscalateUp{To: s.Person, Reason: s.Text}}
	case simulate.LinkProblem:
		return []action{incident.Relate{Type: "caused_by", To: t.book.Ref("problem", s.Code)}}
	case simulate.LinkChange:
		return []action{incident.Relate{Type: "resolved_by", To: t.book.Ref("change", s.Code)}}
	case simulate.Resolve:
		first := t.story.Recorded == simulate.Resolved && i.Reassignments+i.Holds+i.Reopenings == 0
		return []action{incident.Resolve{Code: incident.ClosureCode(s.Code), Text: s.Text, FirstContact: first}}
	case simulate.Reopen:
		return []action{incident.Reopen{Reason: s.Text}}
	case simulate.Close:
		switch s.By {
		case t.story.Caller:
			return []action{incident.Confirm{Text: s.Text}}
		case simulate.System:
			return []action{incident.AutoClose{}}
		}
		return []action{incident.Close{Text: s.Text}}
	}
	return nil
}

// resume goes on with the work: after the caller's answer the hold is over already.
func (t *teller) resume(s *simulate.Step) []action {
	var do []action
	state := t.c.Incident.State
	if h := t.c.Incident.Hold; h != nil {
		do, state = []action{incident.Resume{Text: s.Text}}, h.From
	}
	if state != incident.InProgress {
		do = append(do, incident.Start{})
	}
	return do
}

// goesOn tells whether the next change of the state behind a step is that work goes on.
func (t *teller) goesOn(step int) bool {
	for _, s := range t.story.Steps[step+1:] {
		switch s.Kind {
		case simulate.Resume:
			return true
		case simulate.Hold, simulate.Resolve:
			return false
		}
	}
	return false
}

// waitsFor returns the problem that a hold waits for, if the case has one.
func (t *teller) waitsFor(r simulate.Reason) itsm.Ref {
	if problems := t.c.Incident.Linked("caused_by"); r == simulate.ForProblem && len(problems) > 0 {
		return problems[0]
	}
	return itsm.Ref{}
}

func level(n int) incident.Level {
	return [...]incident.Level{1: incident.High, 2: incident.Medium, 3: incident.Low}[n]
}
