package torture_test

import (
	"context"
	"errors"
	"fmt"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/incident"
)

// ledger is what a parent knows from the lines of its children.
type ledger struct {
	done   map[string]map[itsm.Ref]int64 // by tenant: the highest version that is acknowledged
	keys   map[string]map[string]itsm.ID // by tenant: acknowledged openings under a key
	trying map[string]map[string]bool    // by tenant: openings under a key that are not
	gone   map[itsm.ID]string            // erased, or perhaps so
	lines  int
}

func newLedger() *ledger {
	l := &ledger{done: map[string]map[itsm.Ref]int64{}, keys: map[string]map[string]itsm.ID{}, trying: map[string]map[string]bool{}, gone: map[itsm.ID]string{}}
	for _, t := range tenants {
		l.done[t], l.keys[t], l.trying[t] = map[itsm.Ref]int64{}, map[string]itsm.ID{}, map[string]bool{}
	}
	return l
}

// hear takes a line in.
func (l *ledger) hear(s said) {
	l.lines++
	switch s.What {
	case saysTrying:
		l.trying[s.Tenant][s.Key] = true
	case saysErasing, saysErased:
		l.gone[s.ID] = s.What
	case saysDone:
		of := itsm.Ref{Kind: s.Kind, ID: s.ID}
		l.done[s.Tenant][of] = max(l.done[s.Tenant][of], s.Version)
		if s.Key != "" {
			l.keys[s.Tenant][s.Key] = s.ID
			delete(l.trying[s.Tenant], s.Key)
		}
	}
}

// holds compares the ledger with a store whose records have these versions.
func (l *ledger) holds(ctx context.Context, o *opened, tenant string, versions map[itsm.Ref]int64) error {
	for of, version := range l.done[tenant] {
		stored, there := versions[of]
		switch l.gone[of.ID] {
		case saysErased:
			if there {
				return fmt.Errorf("%s of %s was erased and is there with version %d", of, tenant, stored)
			}
			continue
		case saysErasing:
			if !there {
				continue
			}
		}
		if stored < version {
			return fmt.Errorf("version %d of %s of %s was acknowledged, the store has %d", version, of, tenant, stored)
		}
	}
	for key, id := range l.keys[tenant] {
		e, err := o.store.ByKey(ctx, itsm.Scope{Tenant: tenant}, incident.Name, key)
		switch _, there := versions[itsm.Ref{Kind: incident.Name, ID: id}]; {
		case !there && errors.Is(err, itsm.ErrNotFound):
		case err != nil:
			return fmt.Errorf("the key %s of %s of %s: %w", key, id, tenant, err)
		case !there || e.Subject.ID != id || e.Version != 1:
			return fmt.Errorf("the key %s of %s of %s gives %s", key, id, tenant, e.ID())
		}
	}
	return nil
}

// retry does what a client does that got no answer: the same again under the same key. Afterwards it is there once.
func (l *ledger) retry(ctx context.Context, o *opened, tenant string) error {
	desk, _ := o.desks()
	ctx = itsm.System(ctx, tenant)
	for key := range l.trying[tenant] {
		e, err := o.store.ByKey(ctx, itsm.Scope{Tenant: tenant}, incident.Name, key)
		if err == nil && e.Digest == "" { // it was stored, and redacted by a later child: the input is forgotten
			l.hear(said{What: saysDone, Tenant: tenant, Kind: incident.Name, ID: e.Subject.ID, Version: e.Version, Key: key})
			continue
		}
		i, err := desk.Open(ctx, reported(key), itsm.IdempotencyKey(key))
		if err != nil {
			return fmt.Errorf("opening again under the key %s of %s: %w", key, tenant, err)
		}
		same := 0
		for found, err := range desk.All(ctx, itsm.Query[incident.Incident]{}) {
			if err != nil {
				return err
			}
			if found.Description == reported(key).Description { // what no later child changes: title and caller it may
				same++
			}
		}
		if same != 1 {
			return fmt.Errorf("after another try under the key %s of %s there are %d incidents of it", key, tenant, same)
		}
		l.hear(said{What: saysDone, Tenant: tenant, Kind: incident.Name, ID: i.ID, Version: i.Version, Key: key})
	}
	return nil
}
