// Package vectors runs test vectors: cases with inputs and answers in JSON files, which hosts may add to.
package vectors

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Run compares every case of the files below testdata/vectors and, if it is set, below the folder that ITSM_VECTORS
// names, as a subtest each. mine tells by the topic of the file and the kind of the case whether it is of the calling
// package. It prints a line for each folder and returns how many cases were compared there.
func Run(t *testing.T, mine func(topic, kind string) bool, compare func(t *testing.T, raw json.RawMessage)) []int {
	t.Helper()
	folders := []string{filepath.Join("testdata", "vectors")}
	if more := os.Getenv("ITSM_VECTORS"); more != "" {
		folders = append(folders, more)
	}
	var counts []int
	for _, folder := range folders {
		run := 0
		err := filepath.WalkDir(folder, func(path string, entry fs.DirEntry, err error) error {
			if err == nil && !entry.IsDir() && strings.HasSuffix(path, ".json") {
				run += file(t, path, mine, compare)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		fmt.Printf("vectors %s: %d run\n", filepath.Base(folder), run)
		counts = append(counts, run)
	}
	return counts
}

// file returns how many cases of a file were compared; none if it is no file of vectors.
func file(t *testing.T, path string, mine func(topic, kind string) bool, compare func(*testing.T, json.RawMessage)) int {
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var content struct {
		Topic   string            `json:"topic"`
		Vectors []json.RawMessage `json:"vectors"`
	}
	if json.Unmarshal(raw, &content) != nil {
		return 0
	}
	run := 0
	for _, one := range content.Vectors {
		var about struct{ ID, Kind string }
		if err := json.Unmarshal(one, &about); err != nil {
			t.Fatalf("%s: %v", path, err)
		}
		if mine(content.Topic, about.Kind) {
			t.Run(about.ID, func(t *testing.T) { compare(t, one) })
			run++
		}
	}
	return run
}
