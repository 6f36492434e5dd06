package itsm_test

import (
	"os/exec"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestWhatADomainBringsAlong: a program that imports one domain gets the standard library, this module,
// google/uuid and looplab/fsm, and nothing else: no driver, no server, no library of another domain.
func TestWhatADomainBringsAlong(t *testing.T) {
	out, err := exec.Command("go", "list", "-deps", "-f", "{{if not .Standard}}{{.ImportPath}}{{end}}", "./incident").CombinedOutput()
	require.NoError(t, err, string(out))
	packages := strings.Fields(string(out))
	require.Contains(t, packages, module)
	require.Contains(t, packages, module+"/incident")
	for _, p := range packages {
		switch {
		case p == module, p == module+"/incident", p == module+"/lifecycle", strings.HasPrefix(p, module+"/internal/"):
		case p == "github.com/google/uuid", p == "github.com/looplab/fsm":
		default:
			t.Errorf("incident brings %s along", p)
		}
	}
}
