package vectors

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"testing"
)

// The folder has a case of ours, one of another topic, one of another kind, and files that are no vectors; another
// folder that is named has one more of ours, in a folder below it.
func TestRunComparesOurCases(t *testing.T) {
	t.Chdir(t.TempDir())
	more := t.TempDir()
	write(t, "testdata/vectors/a.json", `{"topic":"ours","vectors":[{"id":"1","kind":"sum"},{"id":"2","kind":"other"}]}`)
	write(t, "testdata/vectors/b.json", `{"topic":"theirs","vectors":[{"id":"3","kind":"sum"}]}`)
	write(t, "testdata/vectors/c.json", `[1, 2]`)
	write(t, "testdata/vectors/README.md", `{"topic":"ours","vectors":[{"id":"4","kind":"sum"}]}`)
	write(t, filepath.Join(more, "below", "d.json"), `{"topic":"ours","vectors":[{"id":"5","kind":"sum","in":"x"}]}`)
	t.Setenv("ITSM_VECTORS", more)

	var compared []string
	counts := Run(t, func(topic, kind string) bool { return topic == "ours" && kind == "sum" }, func(t *testing.T, raw json.RawMessage) {
		var v struct{ ID string }
		if err := json.Unmarshal(raw, &v); err != nil {
			t.Error(err)
		}
		compared = append(compared, v.ID)
	})
	if want := []int{1, 1}; !slices.Equal(counts, want) {
		t.Errorf("counts: want %v, got %v", want, counts)
	}
	if want := []string{"1", "5"}; !slices.Equal(compared, want) {
		t.Errorf("compared: want %v, got %v", want, compared)
	}
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o750); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}
