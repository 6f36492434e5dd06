package itsm_test

import (
	"context"
	"fmt"
	"log"
	"time"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/lifecycle"
	"github.com/itsmkit/itsm/store/memory"
)

// Case is the record of the examples: somebody asks, somebody answers.
type Case struct {
	itsm.Header
	Title  string `json:"title"`
	Caller string `json:"caller"`
	Agent  string `json:"agent,omitempty"`
	Answer string `json:"answer,omitempty"`
}

// Ask opens a case.
type Ask struct {
	Title  string `json:"title"`
	Caller string `json:"caller"`
}

func (Ask) Name() string { return "ask" }

func (a Ask) Apply(c *Case, _ itsm.Moment) error {
	c.Title, c.Caller = a.Title, a.Caller
	return nil
}

// Take puts an agent on a case.
type Take struct {
	Agent string `json:"agent"`
}

func (Take) Name() string { return "take" }

func (a Take) Apply(c *Case, _ itsm.Moment) error {
	c.Agent = a.Agent
	return nil
}

// Solve answers a case, with the answer as a public comment.
type Solve struct {
	Answer string `json:"answer"`
}

func (Solve) Name() string { return "solve" }

func (a Solve) Apply(c *Case, m itsm.Moment) error {
	c.Answer = a.Answer
	m.Say(a.Answer, true)
	return nil
}

var (
	caseByCaller = itsm.Text("caller", func(c *Case) string { return c.Caller })
	caseByAgent  = itsm.Text("agent", func(c *Case) string { return c.Agent }).Sparse()
)

// newCases declares the kind of the examples.
func newCases() (*itsm.Kind[Case], error) {
	rules, err := lifecycle.New([]lifecycle.Rule{
		{On: "ask", From: []lifecycle.State{""}, To: "open"},
		{On: "take", From: []lifecycle.State{"open", "taken"}, To: "taken"},
		{On: "solve", From: []lifecycle.State{"taken"}, To: "solved"},
		{On: "set_attributes", From: []lifecycle.State{"open", "taken"}, Stay: true},
	}, "solved")
	if err != nil {
		return nil, err
	}
	return itsm.NewKind("case", itsm.Declaration[Case]{
		Lifecycle: rules,
		Actions:   []itsm.Offer[Case]{itsm.Do(Ask{}), itsm.Do(Take{}), itsm.Do(Solve{}, ownCase), itsm.Do(itsm.SetAttributes[Case]{})},
		Indexes:   []itsm.Indexed[Case]{caseByCaller, caseByAgent, itsm.Then(caseByCaller, itsm.ByNumber[Case]())},
		Number:    itsm.Numbering{Prefix: "C", Digits: 3},
		Validate: func(c *Case, check *itsm.Checker) {
			check.Required(c.Title, "title")
			check.Required(c.Caller, "caller")
			check.Check(c.State != "solved" || c.Answer != "", "answer", "required")
		},
	})
}

// ownCase is a guard: only the agent of a case solves it.
func ownCase(c *Case, m itsm.Moment) error {
	if c.Agent != m.Actor.ID {
		return itsm.Deny("not_your_case", "agent", c.Agent)
	}
	return nil
}

// A desk in a few lines: the kind, a store, a policy, and who acts.
func Example() {
	cases, err := newCases()
	if err != nil {
		log.Fatal(err)
	}
	desk, err := itsm.NewDesk(cases, itsm.Config[Case]{
		Repository: memory.For(memory.New(), cases),
		Policy:     itsm.AllowAll,
		Clock:      func() time.Time { return time.Date(2026, 11, 24, 9, 0, 0, 0, time.UTC) },
	})
	if err != nil {
		log.Fatal(err)
	}
	ctx := itsm.WithActor(context.Background(), itsm.Actor{ID: "ann"})
	c, err := desk.Open(ctx, Ask{Title: "How do I print?", Caller: "bo"})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(c.Number, c.State)
	c, err = desk.Do(ctx, c.ID, Take{Agent: "ann"})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(c.Number, c.State, c.Agent, c.Version)
	// Output:
	// C001 open
	// C001 taken ann 2
}
