// Package progress draws a progress bar on a terminal, and nothing anywhere else.
//
//	bar := progress.New(os.Stderr, "Reading the log")
//	defer func() { bar.Done(err == nil) }()
//	for … {
//		bar.Set(done, total)
//	}
//
// The bar is redrawn ten times a second at most, so that Set may be called for each row of a file.
package progress

import (
	"fmt"
	"io"
	"os"
	"strings"
	"time"
)

// Bar is a progress bar. A nil Bar is silent. One goroutine may use it.
type Bar struct {
	to    io.Writer // nil if there is no terminal
	label string
	now   func() time.Time
	next  time.Time // not redrawn before
	share float64
	known bool // the share is
	drawn int  // columns on the terminal
}

const (
	pause = 100 * time.Millisecond
	width = 40
)

// New returns a bar that is drawn on f if f is a terminal. The label stands before it.
func New(f *os.File, label string) *Bar {
	if !Terminal(f) {
		return &Bar{label: label}
	}
	return newBar(f, label, time.Now)
}

func newBar(w io.Writer, label string, now func() time.Time) *Bar {
	return &Bar{to: w, label: label, now: now}
}

// Terminal tells whether f is a character device, as a terminal is.
func Terminal(f *os.File) bool {
	if f == nil {
		return false
	}
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}

// Set says how much of the work is done. A total of 0 is not known: then only done is shown.
func (b *Bar) Set(done, total int64) {
	if b == nil || b.to == nil {
		return
	}
	at := b.now()
	if at.Before(b.next) {
		return
	}
	b.next = at.Add(pause)
	if total <= 0 {
		b.draw(fmt.Sprintf("%s %d", b.label, done))
		return
	}
	b.known, b.share = true, min(max(float64(done)/float64(total), 0), 1)
	b.draw(b.line())
}

// Done draws the bar for the last time as it stands, full if the work is done, and ends its line. A bar that
// was never drawn leaves no trace. The bar is silent afterwards.
func (b *Bar) Done(finished bool) {
	if b == nil || b.to == nil {
		return
	}
	if b.drawn > 0 {
		if finished && b.known {
			b.share = 1
			b.draw(b.line())
		}
		b.write("\n")
	}
	b.to = nil
}

func (b *Bar) line() string {
	eighths := int(b.share*width*8 + 0.5)
	parts := []string{"", "▏", "▎", "▍", "▌", "▋", "▊", "▉"}
	filled := strings.Repeat("█", eighths/8) + parts[eighths%8]
	blank := width - (eighths+7)/8
	return fmt.Sprintf("%s ▕%s%s▏ %3d %%", b.label, filled, strings.Repeat(" ", blank), int(b.share*100+0.5))
}

// draw writes over the line that is on the terminal.
func (b *Bar) draw(line string) {
	columns := len([]rune(line))
	b.write("\r" + line + strings.Repeat(" ", max(b.drawn-columns, 0)))
	b.drawn = columns
}

// write gives the bar up when the terminal is gone: it must not stop the work.
func (b *Bar) write(s string) {
	if _, err := io.WriteString(b.to, s); err != nil {
		b.to = io.Discard
	}
}
