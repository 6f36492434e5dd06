package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/itsmkit/itsm/examples/servicedesk/casebook"
	"github.com/itsmkit/itsm/examples/servicedesk/progress"
	"github.com/itsmkit/itsm/examples/servicedesk/replay"
	"github.com/itsmkit/itsm/examples/servicedesk/report"
	"github.com/itsmkit/itsm/examples/servicedesk/snlog"
	"github.com/itsmkit/itsm/examples/servicedesk/year"
	"github.com/itsmkit/itsm/simulate"
)

// work runs the log or the simulated year through the desk.
func work(ctx context.Context, o options, stderr io.Writer) (r *report.Report, err error) {
	label := "Working through the year"
	if o.log != "" {
		label = "Working through the log"
	}
	bar := newBar(stderr, label)
	defer func() { bar.Done(err == nil) }()
	heading := casebook.Heading{ListRefused: o.refused, History: o.history}
	if o.log != "" {
		return workLog(ctx, o.log, heading, bar)
	}
	heading.Title = "A simulated year of a service desk"
	heading.Source = fmt.Sprintf("seed %d", o.seed)
	cases, err := simulate.Year(simulate.Options{Seed: o.seed, Incidents: o.incidents})
	if err != nil {
		return nil, err
	}
	book, err := year.Run(ctx, cases, year.Options{Seed: o.seed, Progress: bar.Set})
	if err != nil {
		return nil, err
	}
	return book.Report(casebook.System(ctx), heading)
}

func workLog(ctx context.Context, path string, heading casebook.Heading, bar *progress.Bar) (*report.Report, error) {
	log, err := snlog.Open(path)
	if err != nil {
		return nil, err
	}
	defer func() { _ = log.Close() }() // it was only read
	result, err := replay.Run(ctx, log, replay.Options{Progress: bar.Set})
	if err != nil {
		return nil, err
	}
	heading.Title, heading.Source = "A service desk by its audit log", filepath.Base(path)
	return result.Report(ctx, heading)
}

// newBar returns a bar that is drawn if stderr is a terminal.
func newBar(stderr io.Writer, label string) *progress.Bar {
	f, _ := stderr.(*os.File) // nil for anything else, and then the bar is silent
	return progress.New(f, label)
}

// writeFile writes a file whole or not at all: what was there before stays until the new one is complete.
func writeFile(path string, write func(io.Writer) error) (err error) {
	f, err := os.CreateTemp(filepath.Dir(path), filepath.Base(path)+".*")
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			_ = f.Close()
			_ = os.Remove(f.Name())
		}
	}()
	if err := write(f); err != nil {
		return err
	}
	if err := f.Chmod(0o644); err != nil {
		return err
	}
	if err := f.Close(); err != nil {
		return err
	}
	return os.Rename(f.Name(), path)
}
