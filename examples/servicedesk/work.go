package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/examples/servicedesk/casebook"
	"github.com/itsmkit/itsm/examples/servicedesk/levels"
	"github.com/itsmkit/itsm/examples/servicedesk/progress"
	"github.com/itsmkit/itsm/examples/servicedesk/replay"
	"github.com/itsmkit/itsm/examples/servicedesk/report"
	"github.com/itsmkit/itsm/examples/servicedesk/snlog"
	"github.com/itsmkit/itsm/examples/servicedesk/storage"
	"github.com/itsmkit/itsm/examples/servicedesk/year"
	"github.com/itsmkit/itsm/incident"
	"github.com/itsmkit/itsm/simulate"
)

// work runs the log or the simulated year through the desk, measures its service levels, and reports.
func work(ctx context.Context, o options, stderr io.Writer) (r *report.Report, err error) {
	if err := o.writable(); err != nil {
		return nil, err
	}
	kind, err := kindOf(o)
	if err != nil {
		return nil, err
	}
	terms, others, err := termsOf(o, kind.Describe()) // a wrong file is told at once
	if err != nil {
		return nil, err
	}
	var k kept
	if k.terms, err = terms.Sum(); err != nil {
		return nil, err
	}
	store, err := storage.Open(ctx, o.store)
	if err != nil {
		return nil, err
	}
	if store != nil {
		k.store = store
		defer func() { err = errors.Join(o.explain(ctx, err), store.Close()) }()
	}
	book, heading, err := fill(ctx, o, k, stderr)
	if err != nil {
		return nil, err
	}
	heading.ListRefused, heading.History, heading.Zone = o.refused, o.history, o.location
	heading.Levels, heading.MadeSLA, err = measure(ctx, o, book, terms, others, stderr)
	if err != nil {
		return nil, err
	}
	return book.Report(casebook.System(ctx), heading)
}

// writable tells before the work of a file that could not be written behind it, or that would replace the log.
func (o options) writable() error {
	log, _ := os.Stat(o.log) // that there is none is told when it is opened
	for flag, path := range map[string]string{"-html": o.html, "-fit": o.fit} {
		if path == "" {
			continue
		}
		if _, err := os.Stat(filepath.Dir(path)); err != nil {
			return fmt.Errorf("%s: %s: %w", flag, path, err)
		}
		if old, err := os.Stat(path); err == nil && os.SameFile(old, log) {
			return fmt.Errorf("%s: %s is the log: want another file", flag, path)
		}
	}
	return nil
}

// kept says where a run is kept, and the checksum of the terms of its clocks. Without a store it is in memory.
type kept struct {
	store casebook.Store
	terms string
}

// explain tells what the user can do about an error of a run that is kept.
func (o options) explain(ctx context.Context, err error) error {
	place := storage.Shown(o.store)
	var run *casebook.OtherRunError
	var log *replay.OtherLogError
	switch {
	case err == nil:
		return nil
	case errors.As(err, &run) && run.What == "terms":
		return fmt.Errorf("%s keeps its clocks under other terms: want the same -agreement, or -whatif to compare", place)
	case errors.As(err, &run):
		return fmt.Errorf("%s holds %s, not %s: want the same input, or another store", place, run.Stored, run.Want)
	case errors.As(err, &log):
		return fmt.Errorf("%s holds %d rows of another log than %s, or of an older one with other rows: want the same log, or another store", place, log.Rows, log.File)
	case errors.Is(err, itsm.ErrConflict), errors.Is(err, itsm.ErrDuplicate):
		return fmt.Errorf("another program works on %s at the same time: %w", place, err)
	case ctx.Err() != nil:
		return fmt.Errorf("%w: the same command goes on with %s", err, place)
	}
	return err
}

func kindOf(o options) (*itsm.Kind[incident.Incident], error) {
	if o.log != "" {
		return replay.Kind()
	}
	return year.Kind()
}

// termsOf returns the terms in use, and those to compare them with.
func termsOf(o options, about itsm.Description) (terms levels.Terms, others []levels.Terms, err error) {
	if o.agreement == "" {
		terms, err = levels.Standard(o.zone)
	} else {
		terms, err = levels.Load(o.agreement, about)
	}
	for i := 0; i < len(o.whatIf) && err == nil; i++ {
		var other levels.Terms
		other, err = levels.Load(o.whatIf[i], about)
		others = append(others, other)
	}
	return terms, others, err
}

// fill runs the log or the simulated year.
func fill(ctx context.Context, o options, k kept, stderr io.Writer) (book *casebook.Book, heading casebook.Heading, err error) {
	if o.log != "" {
		return fillLog(ctx, o, k, stderr)
	}
	bar := newBar(stderr, "Working through the year")
	defer func() { bar.Done(err == nil) }()
	cases, err := simulate.Year(simulate.Options{Seed: o.seed, Incidents: o.incidents})
	if err != nil {
		return nil, heading, err
	}
	book, err = year.Run(ctx, cases, year.Options{Seed: o.seed, Store: k.store, Terms: k.terms, Progress: bar.Set})
	return book, casebook.Heading{Title: "A simulated year of a service desk", Source: fmt.Sprintf("seed %d", o.seed)}, err
}

func fillLog(ctx context.Context, o options, k kept, stderr io.Writer) (book *casebook.Book, heading casebook.Heading, err error) {
	bar := newBar(stderr, "Working through the log")
	defer func() { bar.Done(err == nil) }()
	log, err := snlog.Open(o.log)
	if err != nil {
		return nil, heading, err
	}
	defer func() { _ = log.Close() }() // it was only read
	result, err := replay.Run(ctx, log.In(o.location), replay.Options{Store: k.store, Terms: k.terms, Progress: bar.Set})
	if err != nil {
		return nil, heading, err
	}
	heading = result.Heading()
	heading.Title, heading.Source = "A service desk by its audit log", filepath.Base(o.log)
	return result.Book, heading, nil
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
