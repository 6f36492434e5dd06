package torture_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/itsmkit/itsm"
)

// life is how long a child lives: until it has said so many lines, or so long from its start, whichever comes first, and
// a moment more.
type life struct {
	lines int
	time  time.Duration
	more  time.Duration
}

// run runs a child and kills it, and tells what it says.
func run(task string, l life, hear func(said)) error {
	self, err := os.Executable()
	if err != nil {
		return err
	}
	c := exec.Command(self)
	c.Env = append(os.Environ(), childOf+"="+task)
	var complaint bytes.Buffer
	c.Stderr = &complaint
	out, err := c.StdoutPipe()
	if err != nil {
		return err
	}
	if err := c.Start(); err != nil {
		return err
	}
	killed := make(chan struct{})
	kill := func() {
		close(killed)
		c.Process.Kill() //nolint:errcheck // it may have ended: that is found out below
	}
	timer := time.AfterFunc(l.time, kill)
	lines := json.NewDecoder(out)
	for n := 1; ; n++ {
		var s said
		if err := lines.Decode(&s); err != nil {
			if !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
				return err
			}
			break
		}
		if hear(s); n == l.lines && timer.Stop() {
			time.Sleep(l.more)
			kill()
		}
	}
	ended := c.Wait()
	select {
	case <-killed:
		return nil
	default:
		return fmt.Errorf("the child ended by itself: %w: %s", ended, complaint.String())
	}
}

// TestCrash kills a process that writes, again and again over one growing store.
func TestCrash(t *testing.T) {
	for _, s := range durable() {
		t.Run(s.name, func(t *testing.T) {
			t.Parallel()
			place := s.fresh(t)
			l := newLedger()
			rnd := rand.New(rand.NewPCG(1, 2))
			all := rounds(s.crashes, 5)
			for round := 1; round <= all; round++ {
				span := life{lines: 1 + rnd.IntN(60), time: 20 * time.Second, more: time.Duration(rnd.IntN(3000)) * time.Microsecond}
				if rnd.IntN(10) == 0 { // while it opens the store
					span.time = time.Duration(rnd.IntN(60_000)) * time.Microsecond
				}
				require.NoError(t, run(fmt.Sprint(s.name, " ", round, " ", place), span, l.hear), "round %d", round)
				if round%20 == 0 || round == all { // most rounds follow a crash that nobody has looked at
					o, err := s.at(t.Context(), place)
					require.NoError(t, err, "round %d", round)
					require.NoError(t, audit(t.Context(), o, l), "round %d", round)
					require.NoError(t, o.close(), "round %d", round)
				}
			}
			require.Greater(t, l.lines, 3*all, "the children hardly worked")
			t.Logf("%d rounds, %d lines, %d records", all, l.lines, len(l.done[tenants[0]])+len(l.done[tenants[1]])+len(l.done[tenants[2]]))
		})
	}
}

// TestCrashWhileTablesAreMade kills a process that opens a store for the first time.
func TestCrashWhileTablesAreMade(t *testing.T) {
	for _, s := range durable() {
		t.Run(s.name, func(t *testing.T) {
			t.Parallel()
			began := time.Now()
			require.NoError(t, run(fmt.Sprint(s.name, " 0 ", s.fresh(t)), life{lines: 1, time: time.Minute}, newLedger().hear))
			whole := time.Since(began) // from the start of a child to its first line
			rnd := rand.New(rand.NewPCG(3, 4))
			for round := range rounds(12, 2) {
				place, l := s.fresh(t), newLedger()
				span := life{lines: 1, time: time.Duration((0.1 + rnd.Float64()) * float64(whole))}
				require.NoError(t, run(fmt.Sprint(s.name, " ", round, " ", place), span, l.hear), "round %d", round)
				o, err := s.at(t.Context(), place)
				require.NoError(t, err, "round %d", round)
				require.NoError(t, audit(t.Context(), o, l), "round %d", round)
				incidents, _ := o.desks()
				_, err = incidents.Open(itsm.System(t.Context(), tenants[0]), reported("1"))
				require.NoError(t, err, "round %d", round)
				require.NoError(t, o.close(), "round %d", round)
			}
		})
	}
}
