package progress

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// screen is a terminal with a clock.
type screen struct {
	strings.Builder
	at time.Time
}

func (s *screen) now() time.Time { return s.at }

func TestBar(t *testing.T) {
	s := &screen{at: time.Unix(0, 0)}
	b := newBar(s, "Reading", s.now)
	b.Set(0, 200)
	b.Set(50, 200) // too soon
	s.at = s.at.Add(pause)
	b.Set(101, 200)
	b.Done(true)
	b.Set(150, 200)
	b.Done(true)
	require.Equal(t, "\rReading ▕"+strings.Repeat(" ", 40)+"▏   0 %"+
		"\rReading ▕"+strings.Repeat("█", 20)+"▎"+strings.Repeat(" ", 19)+"▏  51 %"+
		"\rReading ▕"+strings.Repeat("█", 40)+"▏ 100 %\n", s.String())
}

func TestAtMostTenTimesASecond(t *testing.T) {
	s := &screen{at: time.Unix(0, 0)}
	b := newBar(s, "Reading", s.now)
	for i := range int64(1000) {
		s.at = s.at.Add(time.Millisecond)
		b.Set(i, 1000)
	}
	require.Equal(t, 10, strings.Count(s.String(), "\r"))
}

func TestUnknownTotalThenShorterLine(t *testing.T) {
	s := &screen{at: time.Unix(0, 0)}
	b := newBar(s, "Rows", s.now)
	b.Set(123456, 0)
	s.at = s.at.Add(time.Second)
	b.Set(7, -1)
	b.Done(true)
	require.Equal(t, "\rRows 123456\rRows 7     \n", s.String())
}

// Short work is done before the bar is drawn a second time.
func TestDoneAtOnce(t *testing.T) {
	s := &screen{at: time.Unix(0, 0)}
	b := newBar(s, "Rows", s.now)
	b.Set(0, 100)
	b.Done(true)
	require.True(t, strings.HasSuffix(s.String(), "▏ 100 %\n"))
}

func TestStoppedHalfWay(t *testing.T) {
	s := &screen{at: time.Unix(0, 0)}
	b := newBar(s, "Rows", s.now)
	b.Set(500, 100) // more than there is
	b.Done(false)
	require.True(t, strings.HasSuffix(s.String(), " 100 %\n"))
	require.Equal(t, 1, strings.Count(s.String(), "\r"))
}

func TestSilent(t *testing.T) {
	f, err := os.Create(filepath.Join(t.TempDir(), "file"))
	require.NoError(t, err)
	for _, b := range []*Bar{New(f, "Reading"), New(nil, "Reading"), nil} {
		b.Set(1, 2)
		b.Done(true)
	}
	info, err := f.Stat()
	require.NoError(t, err)
	require.Zero(t, info.Size())
	require.NoError(t, f.Close())
	require.False(t, Terminal(f), "closed")

	s := &screen{at: time.Unix(0, 0)}
	newBar(s, "Reading", s.now).Done(true)
	require.Empty(t, s.String(), "never drawn")
}

func TestTerminalGone(t *testing.T) {
	b := newBar(gone{}, "Reading", time.Now)
	b.Set(1, 2)
	b.Done(true)
}

type gone struct{}

func (gone) Write([]byte) (int, error) { return 0, errors.New("gone") }
