package main

import (
	"bytes"
	"context"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

var update = flag.Bool("update", false, "write the golden files anew")

// call runs the program.
func call(args ...string) (code int, stdout, stderr string) {
	var out, errs bytes.Buffer
	code = run(context.Background(), args, &out, &errs)
	return code, out.String(), errs.String()
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		require.NoError(t, os.WriteFile(path, []byte(got), 0o644))
	}
	want, err := os.ReadFile(path)
	require.NoError(t, err)
	require.Equal(t, string(want), got)
}

// The golden files were read by people.
func TestReport(t *testing.T) {
	code, out, errs := call()
	require.Zero(t, code, errs)
	golden(t, "output.txt", out)
	for line := range strings.SplitSeq(out, "\n") {
		require.LessOrEqual(t, len([]rune(line)), width, line)
	}
	_, again, _ := call("-seed", "1", "-items", "2000")
	require.Equal(t, out, again, "the same seed gives the same bytes")
}

func TestJSON(t *testing.T) {
	code, out, errs := call("-json", "-items", "200")
	require.Zero(t, code, errs)
	golden(t, "small.json", out)
	var r Report
	require.NoError(t, json.Unmarshal([]byte(out), &r))
	require.Equal(t, 200, r.Items)
}

// Estates of other seeds and sizes have exactly so many items, each with a name of its own, and a switch that does harm.
func TestOtherEstates(t *testing.T) {
	seen := map[string]bool{}
	for _, args := range [][]string{{"-seed", "2"}, {"-seed", "18446744073709551615"}, {"-items", "201"}, {"-items", "1000"}} {
		code, out, errs := call(append([]string{"-json", "-items", "200"}, args...)...)
		require.Zero(t, code, errs)
		require.False(t, seen[out], "another estate has another report")
		seen[out] = true
	}
	for _, size := range []int{minItems, 201, 537, 1000, 2000, maxItems} {
		b := draw(3, size)
		require.Len(t, b.items, size)
		names := map[string]bool{}
		for _, x := range b.items {
			names[x.name] = true
		}
		require.Len(t, names, size)
	}
}

func TestList(t *testing.T) {
	code, out, errs := call("-list", "-items", "200")
	require.Zero(t, code, errs)
	require.Equal(t, 200, strings.Count(out, "\n"))
	require.Contains(t, out, "fra-a-dist-1           distribution switch    Room fra-a\n")
	require.NotContains(t, out, " \n")
}

// Whatever fails, there is a report: also where it concerns no service, or is one.
func TestFailAny(t *testing.T) {
	for name, want := range map[string]string{
		"test-0001":  "Of 4 services 0 are down, 0 at risk, 0 degraded and 4 as before.",
		"Payments":   "Of 4 services 1 are down (Payments), 0 at risk, 0 degraded and 3 as before.",
		"Room fra-a": "chosen with -fail",
		"Hamburg":    "chosen with -fail",
	} {
		path := filepath.Join(t.TempDir(), "impact.html")
		code, out, errs := call("-items", "200", "-fail", name, "-html", path)
		require.Zero(t, code, errs)
		require.Contains(t, strings.Join(strings.Fields(out), " "), want)
		wellFormed(t, path)
	}
}

// There is a report for an item of every class; the estate is the same behind each.
func TestFailEachClass(t *testing.T) {
	e, err := build(as(t), 1, 200)
	require.NoError(t, err)
	for _, c := range classes {
		r, err := tell(as(t), e, e.of(c.name)[0].name)
		require.NoError(t, err, c.name)
		var out bytes.Buffer
		require.NoError(t, text(&out, r))
		for line := range strings.SplitSeq(out.String(), "\n") {
			require.LessOrEqual(t, len([]rune(line)), width, line)
		}
		_, err = page(r)
		require.NoError(t, err)
		require.Equal(t, 3, len(r.Critical))
	}
	live, err := e.database.Graph(as(t))
	require.NoError(t, err)
	require.Empty(t, live.Out)
}

func TestWrongCalls(t *testing.T) {
	for _, tt := range []struct {
		args []string
		code int
		says string
	}{
		{[]string{"-items", "199"}, 2, "-items is 199, want 200 to 20000"},
		{[]string{"-items", "20001"}, 2, "-items is 20001, want 200 to 20000"},
		{[]string{"more"}, 2, `unexpected argument "more"`},
		{[]string{"-seed", "x"}, 2, "invalid value"},
		{[]string{"-list", "-json"}, 2, "-list goes with -seed and -items only"},
		{[]string{"-list", "-fail", "x"}, 2, "-list goes with -seed and -items only"},
		{[]string{"-html="}, 2, "-html is empty, want the name of a file"},
		{[]string{"-fail="}, 2, "-fail is empty, want the name of an item; -list lists them"},
		{[]string{"-items", "200", "-fail", "nothing"}, 1, `-fail is "nothing", want the name of an item; -list lists them`},
		{[]string{"-items", "200", "-html", t.TempDir()}, 1, "is a directory"},
	} {
		code, out, errs := call(tt.args...)
		require.Equal(t, tt.code, code, tt.args)
		require.Empty(t, out)
		require.Contains(t, errs, tt.says)
	}
	code, out, errs := call("-h")
	require.Zero(t, code)
	require.Empty(t, out)
	require.Contains(t, errs, "-fail")
}

func TestInterrupted(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	var out, errs bytes.Buffer
	require.Equal(t, 1, run(ctx, []string{"-items", "200"}, &out, &errs))
	require.Empty(t, out.String())
	require.Contains(t, errs.String(), "context canceled")
}

// A reader that goes away must not end in success.
func TestOutputThatFails(t *testing.T) {
	for _, args := range [][]string{{"-items", "200"}, {"-items", "200", "-json"}, {"-list"}} {
		var errs bytes.Buffer
		require.Equal(t, 1, run(context.Background(), args, gone{}, &errs))
		require.Contains(t, errs.String(), "file already closed")
	}
}

type gone struct{}

func (gone) Write([]byte) (int, error) { return 0, os.ErrClosed }
