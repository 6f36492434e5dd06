package calendar

import (
	"archive/zip"
	"go/build"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
	_ "time/tzdata"

	"github.com/stretchr/testify/require"
)

// TestMain makes every machine use the same history of zones: that of the Go distribution.
func TestMain(m *testing.M) {
	if file := goZones(); file != "" {
		os.Setenv("ZONEINFO", file)
	}
	os.Exit(m.Run())
}

// goZones is the Go distribution's database of zones, or "" if the distribution has none (time/tzdata holds then).
func goZones() string {
	file := filepath.Join(build.Default.GOROOT, "lib", "time", "zoneinfo.zip")
	if _, err := os.Stat(file); err != nil {
		return ""
	}
	return file
}

// allZones lists every zone of the tz database of the Go distribution.
var allZones = sync.OnceValue(func() []string {
	file, err := zip.OpenReader(goZones())
	if err != nil {
		return nil
	}
	defer file.Close()
	var names []string
	for _, f := range file.File {
		if !strings.HasSuffix(f.Name, "/") {
			names = append(names, f.Name)
		}
	}
	return names
})

func zones(t testing.TB) []string {
	names := allZones()
	if len(names) == 0 {
		t.Skip("the Go distribution has no lib/time/zoneinfo.zip to list the zones from")
	}
	require.Greater(t, len(names), 500)
	return names
}

func at(t testing.TB, s string) time.Time {
	parsed, err := time.Parse(time.RFC3339Nano, s)
	require.NoError(t, err)
	return parsed
}

func mustNew(t testing.TB, d Definition) *Calendar {
	c, err := New(d)
	require.NoError(t, err)
	return c
}

// office is Monday to Friday, 9 to 17.
func office(zone string) Definition {
	return Definition{Zone: zone, Hours: Hours{}.Add("09:00", "17:00", Weekdays...)}
}
