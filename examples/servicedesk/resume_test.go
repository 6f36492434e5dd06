package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/examples/servicedesk/casebook"
	"github.com/itsmkit/itsm/examples/servicedesk/replay"
	"github.com/itsmkit/itsm/examples/servicedesk/report"
	"github.com/itsmkit/itsm/examples/servicedesk/snlog"
	"github.com/itsmkit/itsm/examples/servicedesk/year"
	"github.com/itsmkit/itsm/incident"
	"github.com/itsmkit/itsm/simulate"
)

var errCrash = errors.New("the program ends here")

// crashing is a store in memory that fails at a write: before it, or behind it, when it is stored and nobody is told.
type crashing struct {
	casebook.Store
	incidents itsm.Repository[incident.Incident]
	left      int
	stored    bool
}

// Incidents returns the same repository to each program that works with the store.
func (s *crashing) Incidents(k *itsm.Kind[incident.Incident]) itsm.Repository[incident.Incident] {
	if s.incidents == nil {
		s.incidents = s.Store.Incidents(k)
	} else if err := s.incidents.Adopt(context.Background(), k); err != nil {
		panic(err)
	}
	return s.incidents
}

func (s *crashing) SaveAll(ctx context.Context, in itsm.Scope, w []itsm.Write, expect ...itsm.Expect) error {
	s.left--
	if s.left != 0 {
		return s.Store.SaveAll(ctx, in, w, expect...)
	}
	if s.stored {
		if err := s.Store.SaveAll(ctx, in, w, expect...); err != nil {
			return err
		}
	}
	return errCrash
}

// events returns the events of all incidents in a store.
func events(t *testing.T, s itsm.EventLog) string {
	t.Helper()
	var all []itsm.Event
	for after := itsm.Position(""); ; {
		some, next, err := s.Since(context.Background(), after, itsm.MaxPage, incident.Name)
		require.NoError(t, err)
		if len(some) == 0 {
			break
		}
		all, after = append(all, some...), next
	}
	raw, err := json.Marshal(all)
	require.NoError(t, err)
	return string(raw)
}

// inputs are runs on a store; nil is the memory, and no run is kept.
func inputs(t *testing.T) map[string]func(casebook.Store) (*casebook.Book, casebook.Heading, error) {
	t.Helper()
	cases, err := simulate.Year(simulate.Options{Seed: 5, Incidents: 1000})
	require.NoError(t, err)
	text := longLog(200)
	return map[string]func(casebook.Store) (*casebook.Book, casebook.Heading, error){
		"year": func(s casebook.Store) (*casebook.Book, casebook.Heading, error) {
			book, err := year.Run(context.Background(), cases, year.Options{Seed: 5, Store: s})
			return book, casebook.Heading{}, err
		},
		"log": func(s casebook.Store) (*casebook.Book, casebook.Heading, error) {
			log, err := snlog.NewReader("log.csv", strings.NewReader(text), false)
			require.NoError(t, err)
			r, err := replay.Run(context.Background(), log, replay.Options{Store: s})
			if err != nil {
				return nil, casebook.Heading{}, err
			}
			h := r.Heading()
			h.ListRefused = true
			return r.Book, h, nil
		},
	}
}

// summary is the report of a book without its service levels, as JSON.
func summary(t *testing.T, b *casebook.Book, h casebook.Heading) string {
	t.Helper()
	r, err := b.Report(casebook.System(context.Background()), h)
	require.NoError(t, err)
	var out bytes.Buffer
	require.NoError(t, report.JSON(&out, r))
	return out.String()
}

// However often a run ends at a write, and whether the write is stored by then or not: it leaves the same events, byte by
// byte, and the same report as the run that nobody disturbed and that keeps nothing of itself.
func TestResumedRunsLeaveTheSameEvents(t *testing.T) {
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	random := rand.New(rand.NewPCG(seed, 0))
	for name, run := range inputs(t) {
		t.Run(name, func(t *testing.T) {
			book, heading, err := run(nil)
			require.NoError(t, err)
			want, told := events(t, book.Store), summary(t, book, heading)
			for range 4 {
				s := &crashing{Store: casebook.Memory()}
				for ends := 0; ; ends++ {
					s.left, s.stored = 1+random.IntN(4), random.IntN(2) == 0
					if book, heading, err = run(s); err == nil {
						require.Positive(t, ends)
						break
					}
					require.ErrorIs(t, err, errCrash)
				}
				require.Equal(t, want, events(t, s))
				require.Equal(t, told, summary(t, book, heading))
			}
		})
	}
}

// Two programs must not work on the same store at once: the one that comes late is refused, and stores nothing.
func TestTwoPrograms(t *testing.T) {
	ctx := casebook.System(context.Background())
	s := &crashing{Store: casebook.Memory()}
	open := func() *casebook.Book {
		kind, err := year.Kind()
		require.NoError(t, err)
		b, err := casebook.Open(ctx, kind, casebook.Options{Store: s, Input: "a test"})
		require.NoError(t, err)
		return b
	}
	work := func(b *casebook.Book) error {
		_, err := b.Open(ctx, casebook.Entry{At: b.Now().AddDate(2020, 0, 0)}, incident.Report{Title: "Mail", Impact: incident.Low, Urgency: incident.Low})
		require.NoError(t, err)
		require.NoError(t, b.Mark(ctx))
		return b.Save(ctx)
	}
	first, second := open(), open()
	require.NoError(t, work(first))
	before := events(t, s)
	require.ErrorIs(t, work(second), itsm.ErrConflict)
	require.Equal(t, before, events(t, s))
	require.Len(t, open().Cases, 1)
}
