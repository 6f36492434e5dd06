package itsm_test

import (
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

const module = "github.com/itsmkit/itsm"

// rules is the table of docs/decisions/0002-import-rules.md: what the packages of a folder may import beside
// the standard library. The first prefix that fits a package counts; "" is the root.
var rules = []struct {
	folder string
	allow  []string
}{
	{"internal", nil},
	{"lifecycle", []string{"github.com/looplab/fsm"}},
	{"money", []string{"github.com/shopspring/decimal"}},
	{"calendar", nil},
	{"investment", []string{module + "/money", module + "/calendar"}},
	{"approval", []string{module}},
	{"store/storetest", []string{module, module + "/lifecycle"}},
	{"store/internal/kinds", []string{"*"}},
	{"store/internal/sample", []string{"*"}}, // tests of several stores
	{"store/archive", []string{module, module + "/lifecycle"}},
	{"store", []string{module, module + "/lifecycle", module + "/store/archive"}},
	{"flow", []string{"*"}},
	{"simulate", []string{"*"}},
}

// domains may import the root and the support packages, and a process inside a domain also its parent.
var domains = []string{"incident", "problem", "change", "asset", "catalog", "sla", "finance", "csi"}

var support = []string{module, module + "/lifecycle", module + "/money", module + "/calendar", module + "/approval", module + "/investment"}

// allowed returns what the package in a folder may import, or false if the table does not know the folder.
func allowed(folder string) ([]string, bool) {
	if folder == "." {
		return []string{module + "/lifecycle", module + "/internal/text", "github.com/google/uuid"}, true
	}
	for _, r := range rules {
		if folder == r.folder || strings.HasPrefix(folder, r.folder+"/") {
			return r.allow, true
		}
	}
	top, rest, inside := strings.Cut(folder, "/")
	for _, d := range domains {
		if top == d {
			if inside && rest != "" {
				return append([]string{module + "/" + path.Dir(folder), module + "/" + d}, support...), true
			}
			return support, true
		}
	}
	return nil, false
}

// TestImportRules parses the imports of every package of the module, so that the test cache notices a change.
func TestImportRules(t *testing.T) {
	seen := 0
	err := filepath.WalkDir(".", func(file string, entry fs.DirEntry, err error) error {
		require.NoError(t, err)
		if entry.IsDir() {
			_, nested := os.Stat(filepath.Join(file, "go.mod"))
			if file != "." && (nested == nil || strings.HasPrefix(entry.Name(), ".") || entry.Name() == "testdata") {
				return fs.SkipDir
			}
			return nil
		}
		if !strings.HasSuffix(file, ".go") || strings.HasSuffix(file, "_test.go") {
			return nil
		}
		seen++
		folder := filepath.ToSlash(filepath.Dir(file))
		allow, known := allowed(folder)
		require.True(t, known, "%s: the table of import rules has no row for this folder", file)
		parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.ImportsOnly)
		require.NoError(t, err)
		for _, i := range parsed.Imports {
			name := strings.Trim(i.Path.Value, `"`)
			if !strings.Contains(strings.Split(name, "/")[0], ".") {
				continue // the standard library
			}
			require.True(t, permitted(name, folder, allow), "%s imports %s; its folder may import %v", file, name, allow)
		}
		return nil
	})
	require.NoError(t, err)
	require.Greater(t, seen, 20)
}

func permitted(name, folder string, allow []string) bool {
	if folder != "." && strings.HasPrefix(name, module+"/"+folder+"/internal/") {
		return true // a package's own inner packages
	}
	for _, a := range allow {
		if a == "*" || a == name {
			return true
		}
	}
	return false
}

// TestImportRulesForbid shows that the table says no where it should.
func TestImportRulesForbid(t *testing.T) {
	for _, c := range []struct{ folder, imports string }{
		{"incident", module + "/problem"},
		{"incident", module + "/store/memory"},
		{"incident/support", module + "/incident/other"},
		{"sla", "github.com/shopspring/decimal"},
		{".", module + "/incident"},
		{".", "github.com/looplab/fsm"},
		{"store/memory", module + "/incident"},
		{"lifecycle", module},
	} {
		allow, known := allowed(c.folder)
		require.True(t, known)
		require.False(t, permitted(c.imports, c.folder, allow), "%s must not import %s", c.folder, c.imports)
	}
}
