package incident_test

import (
	"slices"
	"testing"
	"time"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/incident"
	"github.com/stretchr/testify/require"
)

// routes lead a new incident into each state.
var routes = map[incident.State][]itsm.Action[incident.Incident]{
	incident.New:        nil,
	incident.Assigned:   {incident.Assign{Group: "desk", To: "ann"}},
	incident.InProgress: {incident.Start{}},
	incident.OnHold:     {incident.PutOnHold{Reason: incident.ForCaller, Text: "?", WakeAt: time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)}},
	incident.Resolved:   {incident.Resolve{Code: incident.Fixed, Text: "fixed"}},
	incident.Closed:     {incident.Resolve{Code: incident.Fixed, Text: "fixed"}, incident.Close{}},
	incident.Cancelled:  {incident.Cancel{Reason: "none"}},
}

var item = itsm.Ref{Kind: "ci", ID: itsm.ID{1}}

// before is what must have been done for an action to be possible.
var before = map[string][]itsm.Action[incident.Incident]{
	"clear_override": {incident.OverridePriority{Priority: incident.P1, Reason: "x"}},
	"unaffect":       {incident.Affect{Items: []itsm.Ref{item}}},
	"reject_major":   {incident.ProposeMajor{Reason: "x"}},
	"demote_major":   {incident.AcceptMajor{Manager: "ann", Reason: "x"}},
	"appoint":        {incident.AcceptMajor{Manager: "ann", Reason: "x"}},
	"post_update":    {incident.AcceptMajor{Manager: "ann", Reason: "x"}},
	"remind_update":  {incident.AcceptMajor{Manager: "ann", Reason: "x"}},
	"review_major":   {incident.AcceptMajor{Manager: "ann", Reason: "x"}},
	"unwatch":        {incident.Watch{Who: "bo"}},
	"detach":         {incident.Attach{ID: "1", File: "a.png"}},
	"unrelate":       {incident.Relate{Type: "caused_by", To: item}},
}

// inputs are one right input for each action that has one.
func inputs(parent itsm.Ref) []itsm.Action[incident.Incident] {
	return []itsm.Action[incident.Incident]{
		incident.Assign{Group: "network", To: "bo"}, incident.PutOnHold{Reason: incident.ForProblem},
		incident.CallerReply{Text: "x"}, incident.Escalate{Group: "network", Reason: "x"}, incident.EscalateUp{To: "boss", Reason: "x"},
		incident.Resolve{Code: incident.Fixed, Text: "x"}, incident.Reopen{Reason: "x"}, incident.Cancel{Reason: "x"},
		incident.Edit{Title: "x"}, incident.Categorise{Category: "x"}, incident.Prioritise{Impact: incident.High, Urgency: incident.Low},
		incident.OverridePriority{Priority: incident.P1, Reason: "x"}, incident.Affect{Items: []itsm.Ref{item}}, incident.Unaffect{Items: []itsm.Ref{item}},
		incident.LogWork{Time: itsm.Duration(time.Minute)}, incident.SetParent{Parent: parent}, incident.MarkDuplicate{Of: parent},
		incident.ProposeMajor{Reason: "x"}, incident.AcceptMajor{Manager: "ann", Reason: "x"}, incident.RejectMajor{Reason: "x"}, incident.DemoteMajor{Reason: "x"},
		incident.Appoint{Manager: "ann"}, incident.PostUpdate{Text: "x"}, incident.ReviewMajor{Summary: "x"},
		incident.Watch{Who: "bo"}, incident.Unwatch{Who: "bo"}, incident.Attach{ID: "1", File: "a.png"}, incident.Detach{ID: "1"},
		incident.Comment{Text: "x"}, incident.Relate{Type: "caused_by", To: item}, incident.Unrelate{Type: "caused_by", To: item},
		incident.SetAttributes{Attributes: itsm.Attributes{{Key: "floor", Value: "3"}}},
	}
}

// Each pair of state and action: where the table has it, it happens and leads where the table says; elsewhere it is
// refused with what is allowed instead. The table itself is compared with the diagram in docs.
func TestEveryPairOfStateAndAction(t *testing.T) {
	l := incident.Lifecycle()
	k := variant(t, incident.Options{Fields: []itsm.Field{{Key: "floor", Type: itsm.FieldNumber}}})
	for state, route := range routes {
		for _, name := range l.Actions() {
			if l.Allows("", name) {
				continue
			}
			t.Run(string(state)+"/"+name, func(t *testing.T) {
				b := newBench(t, k)
				parent := b.open(report())
				i := b.open(report())
				first := before[name]
				if name == "clear_parent" {
					first = []itsm.Action[incident.Incident]{incident.SetParent{Parent: parent.Ref(incident.Name)}}
				}
				if l.Allows(state, name) {
					i = b.do(i, first...)
				}
				i = b.do(i, route...)
				require.Equal(t, state, i.State)

				actions := inputs(parent.Ref(incident.Name))
				n := slices.IndexFunc(actions, func(a itsm.Action[incident.Incident]) bool { return a.Name() == name })
				var a itsm.Action[incident.Incident]
				if n >= 0 {
					a = actions[n]
				} else {
					var err error
					a, err = incident.Kind().Decode(name, nil)
					require.NoError(t, err)
				}
				switch name {
				case "wake", "remind_update":
					b.now = b.now.Add(time.Hour)
				case "auto_close":
					b.now = b.now.Add(5 * 24 * time.Hour)
				}
				after, err := b.desk.Do(b.as("ann"), i.ID, a)
				if !l.Allows(state, name) {
					var refused *itsm.TransitionError
					require.ErrorAs(t, err, &refused)
					require.Nil(t, refused.Reason)
					require.Equal(t, l.Allowed(state), refused.Allowed)
					return
				}
				require.NoError(t, err)
				require.Contains(t, l.Targets(state, name), after.State)
			})
		}
	}
}
