package simulate

import "time"

// Year returns the cases of a year in order of opening. The same options give the same cases, always and on
// every platform. The error is an [*OptionError]. Year keeps nothing and may be called from several goroutines
// at once; the result is the caller's.
func Year(o Options) ([]Case, error) {
	o, err := o.complete()
	if err != nil {
		return nil, err
	}
	opened, err := openings(o)
	if err != nil {
		return nil, err
	}
	drafts := dealAll(o, opened)
	w := &writer{options: o, r: streamScripts.open(o.Seed), cast: newCast(o.Seed, o.Incidents)}
	cases := make([]Case, len(drafts))
	for i := range drafts {
		w.write(&drafts[i], &cases[i])
	}
	return cases, nil
}

// moment is the time so many seconds after the start.
func (o Options) moment(at int64) time.Time {
	return time.Unix(o.Start.Unix()+at, 0).UTC()
}
