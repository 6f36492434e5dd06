package lifecycle

import (
	"slices"
	"sync"
	"testing"

	"github.com/looplab/fsm"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

func TestFire(t *testing.T) {
	cases := []struct {
		name         string
		from         State
		on           string
		chosen, want State
		err          string
	}{
		{"opens", "", "report", "", "new", ""},
		{"no wish", "new", "assign", "", "assigned", ""},
		{"untouched is no wish", "on-hold", "resume", "on-hold", "assigned", ""},
		{"the default by name", "on-hold", "resume", "assigned", "assigned", ""},
		{"one of Or", "on-hold", "resume", "new", "new", ""},
		{"stays by choice", "on-hold", "resume", Stay, "on-hold", ""},
		{"only stays", "closed", "comment", "closed", "closed", ""},
		{"only stays, by choice", "closed", "comment", Stay, "closed", ""},
		{"to itself", "assigned", "assign", "assigned", "assigned", ""},
		{"to itself, by choice", "assigned", "assign", Stay, "assigned", ""},
		{"not possible", "closed", "assign", "", "closed",
			"lifecycle: assign is not possible from closed; possible: comment"},
		{"unknown action", "new", "Dance!", "", "new",
			`lifecycle: "Dance!" is not possible from new; possible: assign, comment`},
		{"unknown state", "gone", "assign", "", "gone",
			"lifecycle: assign is not possible from gone; possible: none"},
		{"does not open", "", "assign", "", "",
			"lifecycle: assign does not open a record; possible: report"},
		{"wrong choice", "on-hold", "resume", "closed", "on-hold",
			"lifecycle: resume from on-hold cannot go to closed; possible: assigned, new, on-hold"},
		{"unknown choice", "new", "comment", "gone", "new",
			"lifecycle: comment from new cannot go to gone; possible: new"},
		{"may not stay", "assigned", "hold", Stay, "assigned",
			"lifecycle: hold from assigned cannot stay there; possible: on-hold"},
		{"opening cannot stay", "", "report", Stay, "",
			"lifecycle: report from (no record) cannot stay there; possible: new"},
	}
	l := incident()
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			got, err := l.Fire(c.from, c.on, c.chosen)
			require.Equal(t, c.want, got)
			if c.err == "" {
				require.NoError(t, err)
				return
			}
			require.EqualError(t, err, c.err)
		})
	}
}

func TestFireErrorsCarryDetails(t *testing.T) {
	l := incident()
	_, err := l.Fire("on-hold", "close", "")
	require.ErrorIs(t, err, ErrNoRule)
	require.NotErrorIs(t, err, ErrTarget)
	var rule *RuleError
	require.ErrorAs(t, err, &rule)
	require.Equal(t, &RuleError{"on-hold", "close", []string{"assign", "comment", "resume", "resolve"}}, rule)
	rule.Allowed[0] = "m" // the error has a copy

	_, err = l.Fire("on-hold", "resume", "closed")
	require.ErrorIs(t, err, ErrTarget)
	require.NotErrorIs(t, err, ErrNoRule)
	var target *TargetError
	require.ErrorAs(t, err, &target)
	require.Equal(t, &TargetError{"on-hold", "resume", "closed", []State{"assigned", "new", "on-hold"}}, target)
	target.Targets[0] = "m"
	require.Equal(t, "assign", l.Allowed("on-hold")[0])
	require.Equal(t, State("assigned"), l.Targets("on-hold", "resume")[0])
}

// The rules, the table and the machine say the same about every state, action and target.
func TestMachineAgreesWithTable(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		l := valid().Draw(t, "lifecycle")
		m := l.machine().(*fsm.FSM)
		states := append([]State{"", "gone"}, someStates...)
		for _, from := range states {
			for _, on := range append([]string{"open", "dance"}, someActions...) {
				var want []State
				for _, r := range l.Rules() {
					if r.On == on && slices.Contains(r.From, from) {
						want = slowTargets(r, from)
					}
				}
				require.Equal(t, len(want) > 0, l.Allows(from, on))
				require.Equal(t, l.Allows(from, on), slices.Contains(l.Allowed(from), on))
				require.ElementsMatch(t, slices.Compact(slices.Sorted(slices.Values(want))), l.Targets(from, on))
				for _, to := range states {
					m.SetState(string(from))
					ok := slices.Contains(want, to)
					require.Equal(t, ok, m.Can(eventName(on, to)), "%s: %s to %s", on, from, to)

					chosen := to
					if to == from {
						chosen = Stay
					}
					if to == "" {
						continue // no wish
					}
					got, err := l.Fire(from, on, chosen)
					require.Equal(t, ok, err == nil, "%v", err)
					if ok {
						require.Equal(t, to, got)
					} else {
						require.Equal(t, from, got)
					}
				}
			}
		}
	})
}

func TestFireConcurrently(t *testing.T) {
	l := incident()
	var wg sync.WaitGroup
	for i := range 16 {
		wg.Go(func() {
			at := State("")
			for n := range 500 {
				actions := l.Allowed(at)
				on := actions[(n*7+i)%len(actions)]
				targets := l.Targets(at, on)
				want := targets[(n*3+i)%len(targets)]
				chosen := want
				if want == at {
					chosen = Stay
				}
				got, err := l.Fire(at, on, chosen)
				if err != nil || got != want {
					t.Errorf("%s from %s: got %s, want %s: %v", on, at, got, want, err)
					return
				}
				if at = got; l.IsFinal(at) {
					at = ""
				}
			}
		})
	}
	wg.Wait()
}

func TestFireRefusesAMachineThatDisagrees(t *testing.T) {
	cases := []struct {
		name   string
		events fsm.Events
		err    string
	}{
		{"refuses", fsm.Events{{Name: "hold>on-hold", Src: []string{"new"}, Dst: "on-hold"}},
			"lifecycle: the machine refused hold>on-hold from assigned, which the table allows: " +
				"event hold>on-hold inappropriate in current state assigned"},
		{"elsewhere", fsm.Events{{Name: "hold>on-hold", Src: []string{"assigned"}, Dst: "closed"}},
			"lifecycle: the machine went from assigned to closed on hold>on-hold"},
		{"stays", fsm.Events{{Name: "hold>on-hold", Src: []string{"assigned"}, Dst: "assigned"}},
			"lifecycle: the machine refused hold>on-hold from assigned, which the table allows: no transition"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			l, made := incident(), 0
			l.machines.New = func() any {
				made++
				return fsm.NewFSM("", c.events, nil)
			}
			for n := range 3 {
				got, err := l.Fire("assigned", "hold", "")
				require.EqualError(t, err, c.err)
				require.Equal(t, State("assigned"), got)
				require.Equal(t, n+1, made, "a machine that misbehaved must not be used again")
			}
		})
	}
}

func BenchmarkFire(b *testing.B) {
	l := incident()
	b.ReportAllocs()
	for b.Loop() {
		if _, err := l.Fire("assigned", "hold", ""); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkFireStay(b *testing.B) {
	l := incident()
	b.ReportAllocs()
	for b.Loop() {
		if _, err := l.Fire("assigned", "comment", ""); err != nil {
			b.Fatal(err)
		}
	}
}
