package lifecycle

import (
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

func TestNewRefuses(t *testing.T) {
	open := Rule{On: "open", From: []State{""}, To: "a"}
	shut := Rule{On: "shut", From: []State{"a"}, To: "z"}
	const spelling = "; a name has lower-case letters, digits, _ or -, starts with a letter and has at most 64 bytes"
	long := strings.Repeat("x", MaxName+1)
	cases := []struct {
		name  string
		rules []Rule
		final []State
		want  []string
	}{
		{"nothing", nil, nil, []string{
			`no rule opens a record; at least one needs "" in From and a state in To`}},
		{"no opening", []Rule{shut}, []State{"z"}, []string{
			`no rule opens a record; at least one needs "" in From and a state in To`}},
		{"opening to nowhere", []Rule{shut, {On: "open", From: []State{""}}}, []State{"z"}, []string{
			`rule 2 (open): no target; set To to a state, or Stay`,
			`no rule opens a record; at least one needs "" in From and a state in To`}},
		{"two rules for a pair", []Rule{open, shut, {On: "shut", From: []State{"a"}, To: "a"}}, []State{"z"}, []string{
			`rule 3 (shut): rule 2 already says what shut does from a; one rule for both, with Or for further targets`}},
		{"unreachable", []Rule{open, shut, {On: "shut", From: []State{"b"}, To: "z"}}, []State{"z"}, []string{
			`state b is unreachable; a rule must lead to it from no record yet or from one of: a, z`}},
		{"unreachable circle", []Rule{open, shut, {On: "x", From: []State{"b"}, To: "c"}, {On: "x", From: []State{"c"}, To: "b"}},
			[]State{"z"}, []string{
				`state b is unreachable; a rule must lead to it from no record yet or from one of: a, z`,
				`state c is unreachable; a rule must lead to it from no record yet or from one of: a, z`}},
		{"no way out", []Rule{open, shut}, nil, []string{
			`state z has no way out; add a rule that leads to another state, or make it final`}},
		{"staying is no way out", []Rule{open, shut, {On: "edit", From: []State{"z"}, Stay: true},
			{On: "again", From: []State{"z"}, To: "z"}}, nil, []string{
			`state z has no way out; add a rule that leads to another state, or make it final`}},
		{"final not reached", []Rule{open, shut, {On: "back", From: []State{"y"}, To: "a"}}, []State{"z", "y"}, []string{
			`final state y is unreachable; a rule must lead to it from no record yet or from one of: a, z`}},
		{"final in no rule", []Rule{open, shut}, []State{"z", "y"}, []string{
			`final state y is in no rule; the states are: a, z`}},
		{"final twice", []Rule{open, shut}, []State{"z", "z"}, []string{
			`final state z is listed twice; once is enough`}},
		{"final badly named", []Rule{open, shut}, []State{"z", "", "No"}, []string{
			`final states: bad state name ""` + spelling, `final states: bad state name "No"` + spelling}},
		{"On empty", []Rule{open, shut, {From: []State{"a"}, To: "z"}}, []State{"z"}, []string{
			`rule 3: On is empty; it must name an action`}},
		{"From empty", []Rule{open, shut, {On: "x", To: "z"}}, []State{"z"}, []string{
			`rule 3 (x): From is empty; list the states in which the action is possible, "" for no record yet`}},
		{"From twice", []Rule{open, {On: "shut", From: []State{"a", "a"}, To: "z"}}, []State{"z"}, []string{
			`rule 2 (shut): From lists a twice; once is enough`}},
		{"no target", []Rule{open, shut, {On: "x", From: []State{"a"}}}, []State{"z"}, []string{
			`rule 3 (x): no target; set To to a state, or Stay`}},
		{"Or without To", []Rule{open, shut, {On: "x", From: []State{"a"}, Or: []State{"z", "a"}}}, []State{"z"}, []string{
			`rule 3 (x): Or without a default; set To to one of z, a, or Stay`}},
		{"Or twice", []Rule{open, {On: "x", From: []State{"a"}, To: "z", Or: []State{"a", "z", "a", ""}}}, []State{"z"}, []string{
			`rule 2 (x): z is a target twice; once in To or Or is enough`,
			`rule 2 (x): a is a target twice; once in To or Or is enough`,
			`rule 2 (x): Or: bad state name ""` + spelling}},
		{"Stay without a record", []Rule{{On: "open", From: []State{"", "a"}, To: "a", Stay: true}, shut}, []State{"z"}, []string{
			`rule 1 (open): Stay from "" would open nothing; give "" a rule of its own without Stay`}},
		{"bad names", []Rule{open, {On: "Shut it", From: []State{"a"}, To: "z"}, {On: "x", From: []State{"a"}, To: "1"},
			{On: "y", From: []State{"="}, To: State(long)}}, []State{"z", "1", State(long)}, []string{
			`rule 2 ("Shut it"): bad action name "Shut it"` + spelling,
			`rule 3 (x): To: bad state name "1"` + spelling,
			`rule 4 (y): From: bad state name "="` + spelling,
			`rule 4 (y): To: bad state name "` + long[:MaxName] + `"…` + spelling,
			`final states: bad state name "1"` + spelling,
			`final states: bad state name "` + long[:MaxName] + `"…` + spelling,
			`state "=" is unreachable; a rule must lead to it from no record yet or from one of: a, z, "1"`,
			`final state "` + long[:MaxName] + `"… is unreachable; a rule must lead to it from no record yet or from one of: a, z, "1"`}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			l, err := New(c.rules, c.final...)
			require.Nil(t, l)
			require.Error(t, err)
			got := strings.Split(err.Error(), "\n")
			for i, line := range got {
				rest, ok := strings.CutPrefix(line, "lifecycle: ")
				require.True(t, ok, line)
				got[i] = rest
			}
			require.Equal(t, c.want, got)
		})
	}
}

func TestNewLimits(t *testing.T) {
	chain := func(n int) (rules []Rule) {
		from := State("")
		for i := range n {
			to := State("s" + strconv.Itoa(i))
			rules = append(rules, Rule{On: "go", From: []State{from}, To: to})
			from = to
		}
		return rules
	}
	_, err := New(chain(MaxStates), State("s"+strconv.Itoa(MaxStates-1)))
	require.NoError(t, err)
	_, err = New(chain(MaxStates+1), State("s"+strconv.Itoa(MaxStates)))
	require.EqualError(t, err, "lifecycle: too many states; at most 256 are allowed")

	actions := []Rule{{On: "open", From: []State{""}, To: "a"}}
	for i := range MaxActions {
		actions = append(actions, Rule{On: "x" + strconv.Itoa(i), From: []State{"a"}, Stay: true})
	}
	_, err = New(actions[:MaxActions], "a")
	require.NoError(t, err)
	_, err = New(actions, "a")
	require.EqualError(t, err, "lifecycle: too many actions; at most 512 are allowed")

	var all []State
	wide := chain(MaxStates)
	for _, r := range wide {
		all = append(all, r.To)
	}
	for i := range 38 {
		wide = append(wide, Rule{On: "x" + strconv.Itoa(i), From: all, To: "s0"})
	}
	_, err = New(wide, all[MaxStates-1])
	require.NoError(t, err)
	wide = append(wide, Rule{On: "y", From: []State{"s0"}, To: "s0", Or: all[1:]})
	_, err = New(wide, all[MaxStates-1])
	require.EqualError(t, err, "lifecycle: too many transitions; at most 10000 are allowed")
}

func TestNewAgreesWithItsDefinition(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rules := anyRules().Draw(t, "rules")
		final := rapid.SliceOfNDistinct(rapid.SampledFrom(someStates), 0, len(someStates), rapid.ID).Draw(t, "final")
		_, err := New(rules, final...)
		require.Equal(t, slowValid(rules, final), err == nil, "%v", err)
	})
}

func TestNewKeepsNothingOfItsArguments(t *testing.T) {
	rules := []Rule{
		{On: "open", From: []State{""}, To: "a", Or: []State{}},
		{On: "shut", From: []State{"a"}, To: "z", Or: []State{"y"}},
	}
	final := []State{"z", "y"}
	l, err := New(rules, final...)
	require.NoError(t, err)
	rules[1].From[0], rules[1].Or[0], final[0] = "m", "m", "m"
	got := l.Rules()
	require.Equal(t, []Rule{
		{On: "open", From: []State{""}, To: "a"},
		{On: "shut", From: []State{"a"}, To: "z", Or: []State{"y"}},
	}, got)
	got[1].From[0], got[1].Or[0] = "m", "m"
	require.Equal(t, []State{"a", "z", "y"}, l.States())
	require.Equal(t, []State{"z", "y"}, l.Final())
	require.Equal(t, State("a"), l.Rules()[1].From[0])
}
