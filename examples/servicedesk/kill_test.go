package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// arguments names the environment variable that makes the test binary the program itself.
const arguments = "SERVICEDESK_ARGUMENTS"

func TestMain(m *testing.M) {
	if args, ok := os.LookupEnv(arguments); ok {
		os.Exit(run(context.Background(), strings.Split(args, "\n"), os.Stdout, os.Stderr))
	}
	os.Exit(m.Run())
}

// child is the program in a process of its own.
type child struct {
	*exec.Cmd
	out, errs bytes.Buffer
}

func start(t *testing.T, args ...string) *child {
	t.Helper()
	c := &child{Cmd: exec.Command(os.Args[0])}
	c.Env = append(os.Environ(), arguments+"="+strings.Join(args, "\n"))
	c.Stdout, c.Stderr = &c.out, &c.errs
	require.NoError(t, c.Start())
	return c
}

// finish waits for the end, and kills the program if that takes longer than a time (0 is no limit). It tells whether it was
// killed; any other end but a good one is a failure.
func (c *child) finish(t *testing.T, within time.Duration) (killed bool) {
	t.Helper()
	if within > 0 {
		timer := time.AfterFunc(within, func() { _ = c.Process.Kill() })
		defer timer.Stop()
	}
	err := c.Wait()
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		if status, ok := exit.Sys().(syscall.WaitStatus); ok && status.Signaled() && status.Signal() == syscall.SIGKILL {
			return true
		}
	}
	require.NoError(t, err, c.errs.String())
	return false
}

// longLog makes a log of many cases, whose rows take turns, from those of the short one. Some have closure codes that the
// kind learns on the way.
func longLog(cases int) string {
	rows := strings.Split(strings.TrimSuffix(log, "\n"), "\n")
	var b strings.Builder
	b.WriteString(header())
	for from := 0; from < cases; from += 40 {
		for _, row := range rows {
			for n := from; n < min(from+40, cases); n++ {
				row := strings.Replace(row, "INC", fmt.Sprintf("INC%04d-", n), 1)
				if n%50 == 49 {
					row = strings.Replace(row, "code 6", fmt.Sprintf("code %d", 100+n), 1)
				}
				b.WriteString(row + "\n")
			}
		}
	}
	return b.String()
}

// A run that is killed again and again at whatever moment, and goes on each time, ends in the report of the run in memory
// that nobody disturbed. So does a further run on the same store.
func TestKilledRunsGoOn(t *testing.T) {
	for name, fresh := range map[string]func(*testing.T) string{
		"sqlite":   func(t *testing.T) string { return "sqlite:" + filepath.Join(t.TempDir(), "desk.db") },
		"postgres": database,
	} {
		t.Run(name, func(t *testing.T) { killAndGoOn(t, fresh) })
	}
}

// killAndGoOn kills runs in stores that have nothing in them at first.
func killAndGoOn(t *testing.T, fresh func(*testing.T) string) {
	fresh(t) // or there is no server, which skips the test
	path, kills := saved(t, "log.csv", longLog(300)), 3
	if testing.Short() {
		kills = 2
	}
	for _, input := range [][]string{{"-log", path, "-refused"}, {"-incidents", "200"}} {
		t.Run(input[0], func(t *testing.T) {
			code, want, errs := call(append(input, "-json")...)
			require.Zero(t, code, errs)
			seed := rand.Uint64()
			t.Logf("seed %d", seed)
			random := rand.New(rand.NewPCG(seed, 0))

			on := func(store string) []string { return append(input, "-json", "-store", store) }
			begun := time.Now()
			c := start(t, on(fresh(t))...)
			require.False(t, c.finish(t, 0))
			require.Equal(t, want, c.out.String(), "undisturbed")
			whole := time.Since(begun)

			for killed := 0; killed < kills; {
				store := fresh(t)
				for again := true; again; {
					c = start(t, on(store)...)
					if again = c.finish(t, time.Duration((0.1+0.8*random.Float64())*float64(whole))); again {
						killed++
						// A kill may come behind the report, while the process ends: what was printed is right as far as it goes.
						require.True(t, strings.HasPrefix(want, c.out.String()), "no other report: %s", c.out.String())
					}
				}
				require.Equal(t, want, c.out.String(), "interrupted")
				c = start(t, on(store)...)
				require.False(t, c.finish(t, 0))
				require.Equal(t, want, c.out.String(), "once more")
			}
		})
	}
}

func TestStores(t *testing.T) {
	dir := t.TempDir()
	path, file := saved(t, "log.csv", header()+log), "sqlite:"+filepath.Join(dir, "desk.db")
	_, want, _ := call("-log", path)
	code, out, errs := call("-log", path, "-store", file)
	require.Zero(t, code, errs)
	require.Equal(t, want, out)
	terms, err := os.ReadFile(filepath.Join("levels", "standard.json"))
	require.NoError(t, err)
	for _, tt := range []struct {
		args    []string
		message string
	}{
		{[]string{"-incidents", "20"}, "holds a log with times in UTC, not a simulated year of 20 incidents, seed 1: want the same input, or another store"},
		{[]string{"-log", path, "-zone", "Asia/Tokyo"}, "holds a log with times in UTC, not a log with times in Asia/Tokyo"},
		{[]string{"-log", path, "-agreement", saved(t, "terms.json", strings.Replace(string(terms), `"edition": 1`, `"edition": 2`, 1))},
			"keeps its clocks under other terms: want the same -agreement, or -whatif to compare"},
		{[]string{"-log", saved(t, "other.csv", header()+strings.Replace(log, "INC1", "INC3", 1))}, "holds 5 rows of another log than "},
		{[]string{"-log", saved(t, "cut.csv", header()+log[:strings.Index(log, "INC2")])}, "holds 5 rows of another log than "},
	} {
		code, out, errs := call(append(tt.args, "-store", file)...)
		require.Equal(t, 1, code)
		require.Empty(t, out)
		require.Contains(t, errs, "servicedesk: "+file+" "+tt.message)
	}
	_, out, _ = call("-log", path, "-store", file)
	require.Equal(t, want, out, "nothing was changed by what was refused")

	grown := saved(t, "log.csv", header()+log+strings.Replace(log, "INC", "INC9", 5))
	_, want, _ = call("-log", grown)
	code, out, errs = call("-log", grown, "-store", file)
	require.Zero(t, code, errs)
	require.Equal(t, want, out, "a log that has grown goes on behind the rows that are done")

	code, _, errs = call("-log", path, "-store", "sqlite:"+path)
	require.Equal(t, 1, code)
	require.Contains(t, errs, path)
	require.Equal(t, 1, strings.Count(errs, "\n"))
}
