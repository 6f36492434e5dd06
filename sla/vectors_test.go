package sla_test

import (
	"encoding/json"
	"testing"
	"time"
	_ "time/tzdata" // the same history of zones on every machine

	"github.com/itsmkit/itsm/calendar"
	"github.com/itsmkit/itsm/internal/vectors"
	"github.com/itsmkit/itsm/sla"
	"github.com/stretchr/testify/require"
)

// vector is a case of kind "clock"; testdata/vectors/README.md says where they come from.
type vector struct {
	ID       string              `json:"id"`
	Kind     string              `json:"kind"`
	Target   string              `json:"target"`
	Calendar calendar.Definition `json:"calendar"`
	Events   []struct {
		At time.Time `json:"at"`
		Do string    `json:"do"`
	} `json:"events"`
	Now  *time.Time `json:"now"`
	Want struct {
		Elapsed    string     `json:"elapsed"`
		Remaining  string     `json:"remaining"`
		State      string     `json:"state"`
		Due        *time.Time `json:"due"`
		BreachedAt *time.Time `json:"breached_at"`
	} `json:"want"`
}

// TestClockVectors plays every vector of kind clock, in testdata/vectors and in the folder that ITSM_VECTORS names.
func TestClockVectors(t *testing.T) {
	counts := vectors.Run(t, func(_, kind string) bool { return kind == "clock" }, func(t *testing.T, raw json.RawMessage) {
		var v vector
		require.NoError(t, json.Unmarshal(raw, &v))
		v.play(t)
	})
	for _, run := range counts {
		require.NotZero(t, run)
	}
}

func (v vector) play(t *testing.T) {
	hours, err := calendar.New(v.Calendar)
	require.NoError(t, err)
	target, err := time.ParseDuration(v.Target)
	require.NoError(t, err)
	timer, err := sla.NewTimer(hours, target)
	require.NoError(t, err)
	var last time.Time
	for _, e := range v.Events {
		do := map[string]func(time.Time) error{"start": timer.Start, "pause": timer.Pause, "resume": timer.Resume, "stop": timer.Stop, "restart": timer.Restart}[e.Do]
		require.NotNil(t, do, e.Do)
		require.NoError(t, do(e.At))
		last = e.At
	}
	if v.Now != nil {
		last = *v.Now
	}
	got, err := timer.Read(last)
	require.NoError(t, err)
	elapsed, err := time.ParseDuration(v.Want.Elapsed)
	require.NoError(t, err)
	remaining, err := time.ParseDuration(v.Want.Remaining)
	require.NoError(t, err)
	require.Equal(t, elapsed, got.Elapsed)
	require.Equal(t, remaining, got.Remaining)
	require.Equal(t, v.Want.State, got.State)
	same(t, v.Want.Due, got.Due)
	same(t, v.Want.BreachedAt, got.BreachedAt)
}

func same(t *testing.T, want *time.Time, got time.Time) {
	if want == nil {
		require.True(t, got.IsZero(), "got %s", got)
		return
	}
	require.True(t, want.Equal(got), "want %s, got %s", want, got)
}
