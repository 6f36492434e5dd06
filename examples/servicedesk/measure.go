package main

import (
	"context"
	"fmt"
	"io"

	"github.com/itsmkit/itsm/examples/servicedesk/casebook"
	"github.com/itsmkit/itsm/examples/servicedesk/levels"
	"github.com/itsmkit/itsm/examples/servicedesk/report"
)

// measure keeps the clocks of all cases and sums them up.
func measure(ctx context.Context, o options, book *casebook.Book, terms levels.Terms, others []levels.Terms, stderr io.Writer) (l *report.Levels, made *report.Agreed, err error) {
	bar := newBar(stderr, "Measuring service levels")
	defer func() { bar.Done(err == nil) }()
	ctx = casebook.System(ctx)
	kept, err := levels.Keep(ctx, book, terms, levels.Options{Zone: o.zone, Progress: bar.Set})
	if err != nil {
		return nil, nil, err
	}
	if l, made, err = kept.Report(ctx); err != nil {
		return nil, nil, err
	}
	if len(others) > 0 {
		if l.WhatIf, err = kept.WhatIf(ctx, others); err != nil {
			return nil, nil, err
		}
	}
	if o.fit != "" {
		l.Fit, err = writeFit(ctx, o, kept)
	}
	return l, made, err
}

// writeFit fits terms to the verdicts of the log and writes them to a file.
func writeFit(ctx context.Context, o options, kept *levels.Kept) (*report.Fit, error) {
	terms, fit, err := kept.Fit(ctx)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", o.log, err)
	}
	raw, err := terms.JSON()
	if err != nil {
		return nil, err
	}
	fit.File = o.fit
	return fit, writeFile(o.fit, func(w io.Writer) error {
		_, err := w.Write(raw)
		return err
	})
}
