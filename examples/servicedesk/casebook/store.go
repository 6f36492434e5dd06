package casebook

import (
	"context"
	"slices"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/incident"
	"github.com/itsmkit/itsm/sla"
	"github.com/itsmkit/itsm/store/memory"
)

// Store is where a book keeps everything: what all stores of itsm are, with the repositories of a service desk.
type Store interface {
	itsm.EventLog
	itsm.Saver
	itsm.Consumers
	Incidents(*itsm.Kind[incident.Incident]) itsm.Repository[incident.Incident]
	Clocks(*itsm.Kind[sla.Clock]) itsm.Repository[sla.Clock]
	Runs(*itsm.Kind[Run]) itsm.Repository[Run]
	// Migrate makes what the kinds need whose repositories were asked for so far.
	Migrate(context.Context) error
}

// Memory returns an empty store in memory.
func Memory() Store { return inMemory{memory.New()} }

type inMemory struct{ *memory.Store }

func (s inMemory) Incidents(k *itsm.Kind[incident.Incident]) itsm.Repository[incident.Incident] {
	return memory.For(s.Store, k)
}

func (s inMemory) Clocks(k *itsm.Kind[sla.Clock]) itsm.Repository[sla.Clock] {
	return memory.For(s.Store, k)
}

func (inMemory) Migrate(context.Context) error { return nil }

func (s inMemory) Runs(k *itsm.Kind[Run]) itsm.Repository[Run] { return memory.For(s.Store, k) }

// joint is a repository that stores something else in the same write.
type joint struct {
	itsm.Repository[incident.Incident]
	saver itsm.Saver
	with  func(context.Context) (itsm.Write, error)
}

// Save stores the commits and the other write, all or none.
func (j joint) Save(ctx context.Context, in itsm.Scope, commits ...itsm.Commit[incident.Incident]) error {
	other, err := j.with(ctx)
	if err != nil {
		return err
	}
	writes := slices.Grow([]itsm.Write(nil), len(commits)+1)
	for _, c := range commits {
		writes = append(writes, itsm.Write{Kind: incident.Name, Record: c.Record, Event: c.Event, Draw: c.Draw})
	}
	return j.saver.SaveAll(ctx, in, append(writes, other))
}
