package itsm_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/lifecycle"
	"github.com/stretchr/testify/require"
)

// Ticket is the record of the kernel's own tests: it has a field of every sort.
type Ticket struct {
	itsm.Header
	Title   string           `json:"title"`
	Body    string           `json:"body,omitempty"`
	Urgency Urgency          `json:"urgency,omitempty"`
	Count   int              `json:"count,omitempty"`
	Flag    bool             `json:"flag,omitempty"`
	Caller  string           `json:"caller,omitempty"`
	Group   string           `json:"group,omitempty"`
	Opened  time.Time        `json:"opened,omitzero"`
	Worked  itsm.Duration    `json:"worked,omitzero"`
	About   itsm.Ref         `json:"about,omitzero"`
	Token   itsm.ID          `json:"token,omitzero"`
	Outcome Outcome          `json:"outcome,omitzero"`
	Pause   *Pause           `json:"pause,omitempty"`
	Tags    []string         `json:"tags,omitempty"`
	Lines   []string         `json:"lines,omitempty"` // not keyed
	Items   []itsm.Ref       `json:"items,omitempty"`
	Parts   []Part           `json:"parts,omitempty"`
	Clock   itsm.ReviewClock `json:"review,omitzero"`
	Score   int              `json:"score,omitempty"` // derived
}

type Urgency string

func (Urgency) Choices() []string { return []string{"high", "low"} }

type Outcome struct {
	Code string    `json:"code,omitempty"`
	Text string    `json:"text,omitempty"`
	At   time.Time `json:"at,omitzero"`
}

type Pause struct {
	Reason string    `json:"reason"`
	Since  time.Time `json:"since"`
	Notes  []string  `json:"notes,omitempty"`
}

type Part struct {
	ID   string   `json:"id"`
	Name string   `json:"name,omitempty"`
	Of   itsm.Ref `json:"of,omitzero"`
}

const (
	stateNew    lifecycle.State = "new"
	stateOpen   lifecycle.State = "open"
	statePaused lifecycle.State = "paused"
	stateDone   lifecycle.State = "done"
)

// ticketRules is the lifecycle of the tests, with a rule that has two targets and one that may stay.
func ticketRules() []lifecycle.Rule {
	live := []lifecycle.State{stateNew, stateOpen, statePaused}
	return []lifecycle.Rule{
		{On: "raise", From: []lifecycle.State{""}, To: stateNew},
		{On: "change", From: live, Stay: true},
		{On: "start", From: []lifecycle.State{stateNew}, To: stateOpen},
		{On: "pause", From: []lifecycle.State{stateNew, stateOpen}, To: statePaused},
		{On: "resume", From: []lifecycle.State{statePaused}, To: stateOpen, Or: []lifecycle.State{stateNew}},
		{On: "finish", From: live, To: stateDone},
		{On: "reopen", From: []lifecycle.State{stateDone}, To: stateOpen},
		{On: "comment", From: append(live, stateDone), Stay: true},
		{On: "relate", From: live, Stay: true},
		{On: "unrelate", From: live, Stay: true},
		{On: "set_attributes", From: live, Stay: true},
		{On: "review", From: live, Stay: true},
	}
}

type Raise struct {
	Title      string          `json:"title"`
	Caller     string          `json:"caller,omitempty"`
	Tags       []string        `json:"tags,omitempty"`
	Attributes itsm.Attributes `json:"attributes,omitempty"`
}

func (Raise) Name() string { return "raise" }
func (a Raise) Apply(t *Ticket, m itsm.Moment) error {
	t.Title, t.Caller, t.Tags, t.Opened, t.Attributes = a.Title, a.Caller, a.Tags, m.Time, a.Attributes
	return nil
}

// Change sets whatever of its fields is given.
type Change struct {
	Title  *Text         `json:"title,omitempty"`
	Body   string        `json:"body,omitempty"`
	Urg    Urgency       `json:"urgency,omitempty"`
	Count  int           `json:"count,omitempty"`
	Group  string        `json:"group,omitempty"`
	Worked itsm.Duration `json:"worked,omitzero"`
	About  itsm.Ref      `json:"about,omitzero"`
	Tags   []string      `json:"tags,omitempty"`
	Lines  []string      `json:"lines,omitempty"`
	Items  []itsm.Ref    `json:"items,omitempty"`
	Parts  []Part        `json:"parts,omitempty"`
	Every  itsm.Period   `json:"every,omitzero"`
	At     time.Time     `json:"at,omitzero"`
}

type Text struct {
	Value string `json:"value"`
}

func (Change) Name() string { return "change" }
func (a Change) Apply(t *Ticket, m itsm.Moment) error {
	if a.Title != nil {
		t.Title = a.Title.Value
	}
	t.Body, t.Urgency, t.Count, t.Group, t.Worked, t.About = a.Body, a.Urg, a.Count, a.Group, a.Worked, a.About
	t.Tags, t.Lines, t.Items, t.Parts, t.Clock.Every, t.Opened = a.Tags, a.Lines, a.Items, a.Parts, a.Every, a.At
	t.Flag = !t.Flag
	if t.Pause != nil {
		t.Pause.Notes = append(t.Pause.Notes, a.Group)
	}
	return m.Record("seen", a.Count)
}

type Start struct{}

func (Start) Name() string                     { return "start" }
func (Start) Apply(*Ticket, itsm.Moment) error { return nil }

type DoPause struct {
	Reason string `json:"reason"`
}

func (DoPause) Name() string { return "pause" }
func (a DoPause) Apply(t *Ticket, m itsm.Moment) error {
	t.Pause = &Pause{Reason: a.Reason, Since: m.Time}
	return nil
}

type Resume struct {
	To lifecycle.State `json:"to,omitempty"`
}

func (Resume) Name() string { return "resume" }
func (a Resume) Apply(t *Ticket, _ itsm.Moment) error {
	t.Pause = nil
	if a.To != "" {
		t.State = a.To
	}
	return nil
}

type Finish struct {
	Code string `json:"code"`
	Text string `json:"text,omitempty"`
}

func (Finish) Name() string { return "finish" }
func (a Finish) Apply(t *Ticket, m itsm.Moment) error {
	if a.Code == "" {
		return itsm.Invalid("code", "required")
	}
	t.Outcome, t.Pause = Outcome{Code: a.Code, Text: a.Text, At: m.Time}, nil
	m.Say(a.Text, true)
	return nil
}

type Reopen struct{}

func (Reopen) Name() string { return "reopen" }
func (Reopen) Apply(t *Ticket, _ itsm.Moment) error {
	t.Outcome = Outcome{}
	return nil
}

// soon refuses to reopen after a day.
func soon(t *Ticket, m itsm.Moment) error {
	if m.Time.Sub(t.UpdatedAt) > 24*time.Hour {
		return itsm.Deny("window_passed", "hours", "24")
	}
	return nil
}

var (
	byCaller = itsm.Text("caller", func(t *Ticket) string { return t.Caller })
	byGroup  = itsm.Text("group", func(t *Ticket) string { return t.Group }).Sparse()
	byCount  = itsm.Number("count", func(t *Ticket) int { return t.Count })
	byOpened = itsm.When("opened", func(t *Ticket) time.Time { return t.Opened })
	byTag    = itsm.Texts("tags", func(t *Ticket) []string { return t.Tags })
	byFlag   = itsm.Flag("flag", func(t *Ticket) bool { return t.Flag })
)

func ticketDeclaration(t require.TestingT) itsm.Declaration[Ticket] {
	l, err := lifecycle.New(ticketRules(), stateDone)
	require.NoError(t, err)
	return itsm.Declaration[Ticket]{
		Lifecycle: l,
		Actions: []itsm.Offer[Ticket]{
			itsm.Do(Raise{}), itsm.Do(Change{}), itsm.Do(Start{}), itsm.Do(DoPause{}), itsm.Do(Resume{}), itsm.Do(Finish{}),
			itsm.Do(Reopen{}, soon), itsm.Do(itsm.Comment[Ticket]{}), itsm.Do(itsm.Relate[Ticket]{}), itsm.Do(itsm.Unrelate[Ticket]{}),
			itsm.Do(itsm.SetAttributes[Ticket]{}), itsm.Do(itsm.Review[Ticket]{}),
		},
		Indexes: []itsm.Indexed[Ticket]{byCaller, byGroup, byCount, byOpened, byTag, byFlag,
			itsm.Then(byCaller, byOpened), itsm.Then(byGroup, byCount), itsm.Then(byCaller, byFlag, byCount)},
		Number: itsm.Numbering{Prefix: "TKT"},
		Keyed:  []itsm.Keyed{{List: "tags"}, {List: "items"}, {List: "parts", By: []string{"id"}}},
		Long:   []string{"body", "outcome.text"},
		Search: []string{"title", "body", "tags"},
		Fields: []itsm.Field{
			{Key: "floor", Type: itsm.FieldText, Indexed: true},
			{Key: "cost", Type: itsm.FieldNumber, Indexed: true},
			{Key: "serial", Type: itsm.FieldText, Unique: true},
			{Key: "size", Type: itsm.FieldChoice, Choices: []string{"s", "m"}, Default: []byte(`"m"`)},
			{Key: "due", Type: itsm.FieldDate}, {Key: "seen", Type: itsm.FieldInstant}, {Key: "ok", Type: itsm.FieldBoolean},
			{Key: "owner", Type: itsm.FieldReference, Kind: "person"},
		},
		Review: func(t *Ticket) *itsm.ReviewClock { return &t.Clock },
		Derive: func(t *Ticket, _ itsm.Moment) { t.Score = t.Count*10 + len(t.Tags) },
		Validate: func(t *Ticket, c *itsm.Checker) {
			c.Required(t.Title, "title")
			c.Check(t.State != stateDone || t.Outcome.Code != "", "outcome.code", "required")
		},
	}
}

func ticketKind(t require.TestingT) *itsm.Kind[Ticket] {
	k, err := itsm.NewKind("ticket", ticketDeclaration(t))
	require.NoError(t, err)
	return k
}

var noon = time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)

// watch is a clock that a test moves.
type watch struct{ now time.Time }

func (w *watch) time() time.Time { return w.now }

func ann() context.Context {
	return itsm.WithActor(context.Background(), itsm.Actor{ID: "ann", Name: "Ann"})
}

// as returns a context of an actor in a tenant.
func as(id, tenant string, roles ...string) context.Context {
	return itsm.WithActor(context.Background(), itsm.Actor{ID: id, Tenant: tenant, Roles: roles})
}

// code returns the code of the first problem of an error.
func code(t *testing.T, err error) string {
	t.Helper()
	var v *itsm.ValidationError
	require.ErrorAs(t, err, &v)
	return v.Problems[0].Path + ":" + v.Problems[0].Code
}

func long(n int) string { return strings.Repeat("x", n) }
