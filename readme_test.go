package itsm_test

import (
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// The program in README.md is the one in examples/quickstart, and the output beside it is what CI compares that
// program's with. The two commands stand on the first screen.
func TestReadmeShowsTheProgramThatRuns(t *testing.T) {
	readme := read(t, "README.md")
	program := regexp.MustCompile("(?s)```go\n(.*?)```").FindStringSubmatch(readme)
	require.NotNil(t, program)
	require.Equal(t, read(t, "examples/quickstart/main.go"), "// Quickstart is the smallest program of the README.\n"+program[1])
	output := regexp.MustCompile("(?s)```text\n(.*?)```").FindStringSubmatch(readme)
	require.NotNil(t, output)
	require.Equal(t, read(t, "examples/quickstart/testdata/output.txt"), output[1])
	screen := strings.Join(strings.SplitN(readme, "\n", 26)[:25], "\n")
	require.Contains(t, screen, "\ngo run ./examples/servicedesk\n")
	require.Contains(t, screen, "\ngo test work\n")
}

func read(t *testing.T, file string) string {
	raw, err := os.ReadFile(file)
	require.NoError(t, err)
	return string(raw)
}
