package incident_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/incident"
	"github.com/stretchr/testify/require"
)

// A form made of the description of the action offers the closure codes and categories.
func TestInputsHaveTheVendorsLists(t *testing.T) {
	d := variant(t, incident.Options{ClosureCodes: []string{"done"}, Categories: map[string][]string{"hardware": nil, "software": nil}}).Describe()
	enums := map[string]any{}
	for _, a := range d.Actions {
		raw, err := json.Marshal(a.Input)
		require.NoError(t, err)
		var input struct {
			Properties map[string]struct{ Enum any }
		}
		require.NoError(t, json.Unmarshal(raw, &input))
		for name, p := range input.Properties {
			enums[a.Name+"."+name] = p.Enum
		}
	}
	require.Equal(t, []any{"done"}, enums["resolve.code"])
	for _, action := range []string{"report", "detect", "categorise"} {
		require.Equal(t, []any{"hardware", "software"}, enums[action+".category"])
	}
	require.Equal(t, "Done", d.Labels["incident.choice.code.done"])
}

// Each action names the field that it cannot accept. The state is in progress, the incident is a major one.
func TestInputIsRefusedByField(t *testing.T) {
	item := itsm.Ref{Kind: "ci", ID: itsm.ID{1}}
	for name, c := range map[string]struct {
		action     itsm.Action[incident.Incident]
		path, code string
	}{
		"edit nothing":               {incident.Edit{}, "", "nothing_given"},
		"edit a blank title":         {incident.Edit{Title: "  "}, "title", "required"},
		"title too long":             {incident.Edit{Title: strings.Repeat("é", itsm.MaxLine+1)}, "title", "too_long"},
		"title with NUL":             {incident.Edit{Title: "a\x00b"}, "title", "nul"},
		"title not UTF-8":            {incident.Edit{Title: "a\xffb"}, "title", "utf8"},
		"unknown channel":            {incident.Edit{Channel: "pigeon"}, "channel", "choice"},
		"unknown impact":             {incident.Prioritise{Impact: "huge", Urgency: incident.Low}, "impact", "choice"},
		"no urgency":                 {incident.Prioritise{Impact: incident.Low}, "urgency", "required"},
		"override without priority":  {incident.OverridePriority{Reason: "x"}, "priority", "required"},
		"override without reason":    {incident.OverridePriority{Priority: incident.P1}, "reason", "required"},
		"assign nobody":              {incident.Assign{}, "group", "required"},
		"hold without reason":        {incident.PutOnHold{}, "reason", "required"},
		"hold for something unknown": {incident.PutOnHold{Reason: "weather"}, "hold.reason", "choice"},
		"hold for the caller, mute":  {incident.PutOnHold{Reason: incident.ForCaller}, "text", "required"},
		"wake up in the past":        {incident.PutOnHold{Reason: incident.ForChange, WakeAt: time.Unix(0, 0)}, "wake_at", "past"},
		"empty reply":                {incident.CallerReply{Text: " "}, "text", "required"},
		"escalate to nobody":         {incident.Escalate{Reason: "x"}, "group", "required"},
		"escalate to the same":       {incident.Escalate{Group: "desk", Reason: "x"}, "group", "same"},
		"escalate without reason":    {incident.Escalate{Group: "network"}, "reason", "required"},
		"escalate up to nobody":      {incident.EscalateUp{Reason: "x"}, "to", "required"},
		"escalate up, no reason":     {incident.EscalateUp{To: "boss"}, "reason", "required"},
		"resolve without text":       {incident.Resolve{Code: incident.Fixed}, "text", "required"},
		"resolve without code":       {incident.Resolve{Text: "x"}, "resolution.code", "required"},
		"unknown closure code":       {incident.Resolve{Code: "magic", Text: "x"}, "resolution.code", "choice"},
		"cancel without reason":      {incident.Cancel{}, "reason", "required"},
		"affect nothing":             {incident.Affect{}, "items", "required"},
		"affect a broken reference":  {incident.Affect{Items: []itsm.Ref{{Kind: "CI", ID: itsm.ID{1}}}}, "affected.CI/01000000-0000-0000-0000-000000000000", "reference"},
		"unaffect what is not":       {incident.Unaffect{Items: []itsm.Ref{item}}, "items", "not_affected"},
		"no work":                    {incident.LogWork{}, "time", "range"},
		"more than a day of work":    {incident.LogWork{Time: itsm.Duration(25 * time.Hour)}, "time", "range"},
		"nobody watches":             {incident.Watch{}, "who", "required"},
		"unwatch who does not":       {incident.Unwatch{Who: "zoe"}, "who", "not_watching"},
		"watcher too long to index":  {incident.Watch{Who: strings.Repeat("x", itsm.MaxIndexed+1)}, "watcher", "too_long"},
		"attach without key":         {incident.Attach{File: "a.png"}, "id", "required"},
		"attach without name":        {incident.Attach{ID: "1"}, "name", "required"},
		"attach a negative size":     {incident.Attach{ID: "1", File: "a.png", Bytes: -1}, "bytes", "range"},
		"detach what is not there":   {incident.Detach{ID: "1"}, "id", "not_attached"},
		"subcategory alone":          {incident.Categorise{Subcategory: "x"}, "category", "required"},
		"no manager":                 {incident.Appoint{}, "manager", "required"},
		"empty update":               {incident.PostUpdate{}, "text", "required"},
		"next update in the past":    {incident.PostUpdate{Text: "x", NextAt: time.Unix(0, 0)}, "next_at", "past"},
		"demote without reason":      {incident.DemoteMajor{}, "reason", "required"},
		"empty comment":              {incident.Comment{}, "text", "required"},
		"relate to itself":           {incident.Relate{Type: "caused_by"}, "to", "required"},
		"undeclared attribute":       {incident.SetAttributes{Attributes: itsm.Attributes{{Key: "floor", Value: "3"}}}, "attributes.floor", "undeclared"},
	} {
		t.Run(name, func(t *testing.T) {
			b := newBench(t, incident.Kind())
			i := b.do(b.open(report()), incident.Assign{Group: "desk", To: "ann"}, incident.Start{},
				incident.AcceptMajor{Manager: "mia", Reason: "all shops"})
			p := b.invalid(i, c.action)
			require.Equal(t, c.path, p.Path)
			require.Equal(t, c.code, p.Code)
			require.Equal(t, i, b.get(i.ID), "nothing changed")
		})
	}
}

func TestOpeningNamesEveryProblemAtOnce(t *testing.T) {
	b := newBench(t, incident.Kind())
	_, err := b.desk.Open(b.as("ann"), incident.Report{Channel: "pigeon"})
	require.EqualError(t, err, "incident: report: invalid: title: required; impact: required; urgency: required; "+
		"channel: choice (allowed phone, email, portal, chat, walk_in, monitoring, value pigeon)")
	_, err = b.desk.Open(b.as("ann"), incident.Detect{Title: "x", Impact: incident.Low, Urgency: incident.Low})
	require.Equal(t, "monitor", problem(t, err).Path)
}

func TestCategoriesOfAVendor(t *testing.T) {
	b := newBench(t, variant(t, incident.Options{Categories: map[string][]string{"hardware": {"screen", "printer"}, "other": nil}}))
	i := b.open(report())
	b.do(i, incident.Categorise{Category: "hardware", Subcategory: "printer"}, incident.Categorise{Category: "other", Subcategory: "what ever"})
	p := b.invalid(i, incident.Categorise{Category: "software"})
	require.Equal(t, "hardware, other", p.Params["allowed"])
	p = b.invalid(i, incident.Categorise{Category: "hardware", Subcategory: "mouse"})
	require.Equal(t, "subcategory", p.Path)
	require.Equal(t, "screen, printer", p.Params["allowed"])
}

// A list that gets shorter while the product runs does not stop the work on incidents that have what it lost.
func TestCategoriesGetFewer(t *testing.T) {
	b := newBench(t, variant(t, incident.Options{Categories: map[string][]string{"hardware": {"screen", "printer"}}}))
	i := b.do(b.open(report()), incident.Categorise{Category: "hardware", Subcategory: "printer"})
	require.NoError(t, b.desk.Use(b.system(), variant(t, incident.Options{Categories: map[string][]string{"hardware": {"screen"}}})))
	i = b.do(i, incident.Comment{Text: "still here"}, incident.Assign{Group: "desk"})
	require.Equal(t, "subcategory", b.invalid(b.open(report()), incident.Categorise{Category: "hardware", Subcategory: "printer"}).Path)
	i = b.do(i, incident.Categorise{Category: "hardware", Subcategory: "screen"})
	require.Equal(t, "subcategory", b.invalid(i, incident.Categorise{Category: "hardware", Subcategory: "printer"}).Path)
	b.do(i, incident.Resolve{Code: incident.Fixed, Text: "x"})
}

// Another matrix counts for what goes on; what is over keeps the priority that it was handled with.
func TestMatrixIsReplaced(t *testing.T) {
	b := newBench(t, incident.Kind())
	open := b.open(report())
	cancelled := b.do(b.open(report()), incident.Cancel{Reason: "twice"})
	closed := b.do(b.open(report()), incident.Resolve{Code: incident.Fixed, Text: "x"}, incident.Close{})
	matrix := incident.StandardMatrix()
	require.Equal(t, incident.P3, matrix[incident.Medium][incident.Medium])
	matrix[incident.Medium][incident.Medium] = incident.P2
	require.NoError(t, b.desk.Use(b.system(), variant(t, incident.Options{Matrix: matrix})))
	require.Equal(t, incident.P2, b.do(open, incident.Comment{Text: "x"}).Priority)
	require.Equal(t, incident.P3, b.do(cancelled, incident.Comment{Text: "x"}).Priority)
	closed = b.do(closed, incident.Comment{Text: "x"})
	require.Equal(t, incident.P3, closed.Priority)
	require.Equal(t, incident.P2, b.do(closed, incident.Reopen{Reason: "again"}).Priority)
}

func TestAcceptLeavesAnothersAssignment(t *testing.T) {
	b := newBench(t, incident.Kind())
	i := b.do(b.open(report()), incident.Assign{Group: "desk", To: "bo"})
	require.Equal(t, "assigned_to_another", b.denied(i, "eve", incident.Accept{}))
	require.Equal(t, "bo", b.doAs("bo", i, incident.Accept{}).Assignee)
}
