package lifecycle_test

import (
	"errors"
	"fmt"

	"github.com/itsmkit/itsm/lifecycle"
)

// State keeps the tables below short.
type State = lifecycle.State

func standard() *lifecycle.Lifecycle {
	l, err := lifecycle.New([]lifecycle.Rule{
		{On: "report", From: []State{""}, To: "new"},
		{On: "assign", From: []State{"new", "in_progress"}, To: "in_progress"},
		{On: "comment", From: []State{"new", "in_progress", "resolved"}, Stay: true},
		{On: "resolve", From: []State{"in_progress"}, To: "resolved"},
		{On: "reopen", From: []State{"resolved"}, To: "in_progress"},
		{On: "close", From: []State{"resolved"}, To: "closed"},
	}, "closed")
	if err != nil {
		panic(err)
	}
	return l
}

func Example() {
	l := standard()
	state := State("")
	for _, action := range []string{"report", "assign", "comment", "resolve", "close"} {
		next, err := l.Fire(state, action, "")
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Printf("%s: %s\n", action, next)
		state = next
	}
	_, err := l.Fire("new", "close", "")
	fmt.Println(errors.Is(err, lifecycle.ErrNoRule), err)
	// Output:
	// report: new
	// assign: in_progress
	// comment: in_progress
	// resolve: resolved
	// close: closed
	// true lifecycle: close is not possible from new; possible: assign, comment
}

// An action may choose among the targets of its rule: here, whether the last vote was in.
func ExampleLifecycle_Fire() {
	l, err := lifecycle.New([]lifecycle.Rule{
		{On: "submit", From: []State{""}, To: "review"},
		{On: "vote", From: []State{"review"}, Or: []State{"approved", "rejected"}, Stay: true},
	}, "approved", "rejected")
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(l.Targets("review", "vote"))
	fmt.Println(l.Fire("review", "vote", ""))
	fmt.Println(l.Fire("review", "vote", "approved"))
	fmt.Println(l.Fire("review", "vote", "closed"))
	// Output:
	// [review approved rejected]
	// review <nil>
	// approved <nil>
	// review lifecycle: vote from review cannot go to closed; possible: review, approved, rejected
}

// A vendor closes without a separate resolution and lets a caller withdraw.
func ExampleLifecycle_With() {
	own, err := standard().With(
		lifecycle.Replace(lifecycle.Rule{On: "resolve", From: []State{"in_progress"}, To: "closed"}),
		lifecycle.Remove("close"),
		lifecycle.RemoveState("resolved"),
		lifecycle.Add(
			lifecycle.Rule{On: "reopen", From: []State{"closed"}, To: "in_progress"},
			lifecycle.Rule{On: "withdraw", From: []State{"new"}, To: "withdrawn"},
		),
		lifecycle.MakeFinal("withdrawn"),
	)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, s := range own.States() {
		fmt.Println(s, own.Allowed(s), own.IsFinal(s))
	}
	_, err = standard().With(lifecycle.Remove("close"))
	fmt.Println(err)
	// Output:
	// new [assign comment withdraw] false
	// in_progress [assign comment resolve] false
	// closed [reopen] true
	// withdrawn [] true
	// lifecycle: final state closed is in no rule; the states are: new, in_progress, resolved
}

func ExampleLifecycle_Mermaid() {
	fmt.Print(standard().Mermaid())
	// Output:
	// stateDiagram-v2
	//     [*] --> new : report
	//     new --> in_progress : assign
	//     in_progress --> in_progress : assign
	//     in_progress --> resolved : resolve
	//     resolved --> in_progress : reopen
	//     resolved --> closed : close
	//     closed --> [*]
}

// A diagram with what really happened: how many records took each way.
func ExampleLifecycle_MermaidWith() {
	type way struct{ from, to State }
	taken := map[way]int{{"", "new"}: 40, {"new", "in_progress"}: 38, {"in_progress", "resolved"}: 35}
	fmt.Print(standard().MermaidWith(func(from, to State, on []string) string {
		return fmt.Sprint(taken[way{from, to}])
	}))
	// Output:
	// stateDiagram-v2
	//     [*] --> new : 40
	//     new --> in_progress : 38
	//     in_progress --> in_progress : 0
	//     in_progress --> resolved : 35
	//     resolved --> in_progress : 0
	//     resolved --> closed : 0
	//     closed --> [*]
}

func ExampleParse() {
	l, err := lifecycle.Parse([]byte(`{
		"rules": [
			{"on": "request", "from": [""], "to": "open"},
			{"on": "fulfil", "from": ["open"], "to": "done"}
		],
		"final": ["done"]
	}`))
	fmt.Println(l.States(), err)
	_, err = lifecycle.Parse([]byte(`{"rules": [{"on": "request", "from": [""], "to": "open"}]}`))
	fmt.Println(err)
	// Output:
	// [open done] <nil>
	// lifecycle: state open has no way out; add a rule that leads to another state, or make it final
}
