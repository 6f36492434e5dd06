// Package golden compares what tests make with files beside them, which people have read.
package golden

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"testing"
)

var update = flag.Bool("update", false, "write the golden files anew") // read only

// File compares with a file, and returns what that holds.
func File(t *testing.T, path string, got []byte) []byte {
	t.Helper()
	if *update {
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(want, got) {
		t.Fatalf("%s holds\n%s\nand the test gives\n%s\ngo test -run %s -update writes it anew", path, want, got, t.Name())
	}
	return want
}

// JSON returns a value as a file holds it.
func JSON(t *testing.T, v any) []byte {
	t.Helper()
	raw, err := json.MarshalIndent(v, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	return append(raw, '\n')
}

// Record holds the JSON of a record for ever: what was stored once is read by every later version. decode is that of the
// shape of its kind.
func Record(t *testing.T, decode func([]byte) (any, error), path string, rec any) {
	t.Helper()
	raw := File(t, path, JSON(t, rec))
	read, err := decode(raw)
	if err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	if again := JSON(t, read); !bytes.Equal(raw, again) {
		t.Fatalf("%s holds\n%s\nand is read as\n%s", path, raw, again)
	}
}
