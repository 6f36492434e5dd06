package main

import (
	"encoding/xml"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// wellFormed reads a page as XML, and tells how often it has each element.
func wellFormed(t *testing.T, path string) map[string]int {
	t.Helper()
	file, err := os.Open(path)
	require.NoError(t, err)
	defer file.Close()
	d := xml.NewDecoder(file)
	d.Entity = xml.HTMLEntity
	elements := map[string]int{}
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return elements
		}
		require.NoError(t, err)
		if start, ok := token.(xml.StartElement); ok {
			elements[start.Name.Local]++
		}
	}
}

func TestPage(t *testing.T) {
	path := filepath.Join(t.TempDir(), "impact.html")
	code, _, errs := call("-items", "200", "-html", path)
	require.Zero(t, code, errs)
	elements := wellFormed(t, path)
	require.Equal(t, 1, elements["svg"])
	require.Equal(t, 1, elements["desc"])
	require.Equal(t, elements["table"], elements["caption"])
	require.Greater(t, elements["th"], 100)
	require.Zero(t, elements["script"])

	page, err := os.ReadFile(path)
	require.NoError(t, err)
	for _, outside := range []string{"http://", "https://", "src=", "@import", "url(", "ZgotmplZ"} {
		require.NotContains(t, strings.ReplaceAll(string(page), "http://www.w3.org/2000/svg", ""), outside, "the page needs nothing else")
	}
	for _, has := range []string{"prefers-color-scheme: dark", "flowchart LR", `download="impact.mmd"`, "Single points of failure", "What falls with a supplier"} {
		require.Contains(t, string(page), has)
	}
}

// Names from elsewhere change neither the picture nor the page.
func TestNamesAreEscaped(t *testing.T) {
	evil := `<script>"&'`
	r := &Report{Failed: Failed{Name: evil, Class: "room"}, picture: &branch{Hop: Hop{Name: evil, Words: evil, State: "down"}}, tree: &branch{},
		Services: []Hit{{Name: evil, State: "down", Why: []Hop{{Name: evil, Words: evil, State: "down"}}}}, mermaid: evil}
	out, err := page(r)
	require.NoError(t, err)
	path := filepath.Join(t.TempDir(), "impact.html")
	require.NoError(t, os.WriteFile(path, out, 0o600))
	require.Zero(t, wellFormed(t, path)["script"])
}

// No two boxes meet, and no line crosses a box: a line leaves its parent, bends in the gap between two columns, and runs
// straight in the row of its end.
func TestPictureIsClear(t *testing.T) {
	for seed := range uint64(3) {
		e, err := build(as(t), seed, 200+450*int(seed))
		require.NoError(t, err)
		r, err := tell(as(t), e, "")
		require.NoError(t, err)
		boxes, wide, high := layout(r.picture)
		require.Greater(t, len(boxes), 5)
		for i, a := range boxes {
			require.True(t, a.x >= margin && a.y >= margin && a.x+boxWidth+margin <= wide && a.y+boxHeight+margin <= high)
			for j, b := range boxes {
				if j != i {
					require.True(t, a.x+boxWidth < b.x || b.x+boxWidth < a.x || a.y+boxHeight < b.y || b.y+boxHeight < a.y, "%s and %s", a.Name, b.Name)
				}
				if a.parent == nil || b == a {
					continue
				}
				straight := a.parent.x + boxWidth + columnGap
				at := a.y + boxHeight/2
				require.False(t, b.x < a.x && b.x+boxWidth > straight && b.y < at && b.y+boxHeight > at, "the line to %s crosses %s", a.Name, b.Name)
			}
		}
	}
}
