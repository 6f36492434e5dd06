package cmdb

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/asset"
)

// Config is what a [Database] works with: the repositories of the kinds in one store, and that store's Saver. The clock
// and the IDs are those of itsm.Config.
type Config struct {
	Items     itsm.Repository[Item]
	Relations itsm.Repository[Relation]
	// Candidates holds what an import does not recognise for certain; nil: an import only tells it.
	Candidates itsm.Repository[Candidate]
	Saver      itsm.Saver
	Policy     itsm.Policy
	Clock      itsm.Clock
	NewID      func(time.Time) itsm.ID
	// Models holds class models, the one named Model ("standard" if it is empty) is used; nil, or a tenant without one:
	// [StandardClasses].
	Models itsm.Repository[asset.ClassModel]
	Model  string
	// ItemKind and RelationKind are a vendor's own; nil is the standard.
	ItemKind     *itsm.Kind[Item]
	RelationKind *itsm.Kind[Relation]
	// Rules are the relation types; the zero Rules are [StandardRules]. The classes come from the class model: a
	// [ClassRule] says what the items of one need, and where it names a parent that must be the one of the model.
	Rules          Rules
	Reconciliation Reconciliation // the zero one recognises items by [StandardIdentification], and nobody may report
	// Others looks up an end of a relation that is no item: its class in the graph, and whether it exists. nil takes every
	// record as there, and its kind as its class.
	Others func(ctx context.Context, r itsm.Ref) (class string, there bool, err error)
	// Baselines keeps baselines, in the same store; nil: there are none. BaselineKind is a vendor's own; nil is the standard.
	Baselines    itsm.Repository[Baseline]
	BaselineKind *itsm.Kind[Baseline]
}

// Database is the configuration management database: items and the relations between them. It holds nothing but what it
// was configured with: all is in the store. It is safe for concurrent use.
//
// The desks are for single actions on items and relations; what concerns several records at once are its methods.
type Database struct {
	Baselines *itsm.Desk[Baseline] // nil without Config.Baselines
	Items     *itsm.Desk[Item]
	Relations *itsm.Desk[Relation]
	// Candidates is nil without Config.Candidates. They are decided by [Database.Decide].
	Candidates *itsm.Desk[Candidate]
	config     Config
	types      string // of relations, for errors

	lock      sync.Mutex
	judges    map[string]Known // by tenant
	importing sync.Mutex       // one chunk of an import recognises and stores what another one would
}

// New returns a database, or what is wrong with its rules.
func New(c Config) (*Database, error) {
	switch {
	case c.Saver == nil:
		return nil, errors.New("cmdb: New: Config.Saver is required: the store that has the repositories")
	case c.Items == nil || c.Relations == nil:
		return nil, errors.New("cmdb: New: Config.Items and Config.Relations are required")
	}
	if len(c.Rules.Relations) == 0 {
		c.Rules.Relations = StandardRules().Relations
	}
	if err := c.Rules.Check(); err != nil {
		return nil, err
	}
	if len(c.Reconciliation.Identify) == 0 {
		c.Reconciliation.Identify = StandardIdentification()
	}
	if err := c.Reconciliation.Check(); err != nil {
		return nil, fmt.Errorf("cmdb: New: Config.Reconciliation: %w", err)
	}
	if c.Model == "" {
		c.Model = "standard"
	}
	if c.ItemKind == nil {
		c.ItemKind = ItemKind()
	}
	if c.RelationKind == nil {
		c.RelationKind = RelationKind()
	}
	d := &Database{config: c, judges: map[string]Known{}}
	var names []string
	for _, t := range c.Rules.Relations {
		names = append(names, t.Name)
	}
	d.types = list(names)
	if err := d.keepBaselines(); err != nil {
		return nil, err
	}
	var err error
	if d.Items, err = itsm.NewDesk(c.ItemKind, itsm.Config[Item]{Repository: c.Items, Policy: c.Policy, Clock: c.Clock, NewID: c.NewID, Facts: d.facts}); err != nil {
		return nil, err
	}
	d.Relations, err = itsm.NewDesk(c.RelationKind, itsm.Config[Relation]{Repository: c.Relations, Policy: c.Policy, Clock: c.Clock, NewID: c.NewID,
		Facts: d.RelationFacts})
	if err != nil || c.Candidates == nil {
		return d, err
	}
	d.Candidates, err = itsm.NewDesk(CandidateKind(), itsm.Config[Candidate]{Repository: c.Candidates, Policy: c.Policy, Clock: c.Clock, NewID: c.NewID,
		Facts: candidateFacts})
	return d, err
}

// scope is the tenant of the actor.
func scope(ctx context.Context) (itsm.Scope, error) {
	actor, ok := itsm.ActorFrom(ctx)
	if !ok {
		return itsm.Scope{}, &itsm.ForbiddenError{Why: "the context has no actor", Hint: "use itsm.WithActor or itsm.System"}
	}
	return itsm.Scope{Tenant: actor.Tenant}, nil
}

// Connect relates two records and returns the relation.
func (d *Database) Connect(ctx context.Context, source itsm.Ref, relation string, target itsm.Ref) (Relation, error) {
	return d.Relations.Open(ctx, Connect{Source: source, Type: relation, Target: target})
}
