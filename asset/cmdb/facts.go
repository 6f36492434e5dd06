package cmdb

import (
	"context"
	"sync"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/asset"
)

// Known is what the rules of an item take from elsewhere: the class model of its tenant and whom to believe. A host
// whose Config.Facts loads more returns a type with a method Known() Known.
type Known struct{ judge *judge }

// Known returns k.
func (k Known) Known() Known { return k }

// NewKnown joins a reconciliation and a class model; nil is [StandardModel]. The error lists everything that is wrong.
func NewKnown(r Reconciliation, model *asset.Model) (Known, error) {
	if model == nil {
		model = StandardModel()
	}
	j, err := newJudge(r, model)
	return Known{j}, err
}

var standardKnown = sync.OnceValue(func() Known {
	k, err := NewKnown(Reconciliation{Identify: StandardIdentification()}, nil)
	if err != nil {
		panic(err) // the standard rules are constants, and a test makes them
	}
	return k
})

// judgeOf returns what an action judges by.
func judgeOf(m itsm.Moment) *judge {
	if has, ok := m.Facts.(interface{ Known() Known }); ok {
		if k := has.Known(); k.judge != nil {
			return k.judge
		}
	}
	return standardKnown().judge
}

type knownKey struct{}

// with hands over facts that were loaded once for many actions.
func (k Known) with(ctx context.Context) context.Context {
	return context.WithValue(ctx, knownKey{}, k)
}

// facts returns what a desk for items needs as its Config.Facts.
func (d *Database) facts(ctx context.Context, x *Item, a itsm.Action[Item]) (any, error) {
	if !judges(a) {
		return nil, nil
	}
	tenant := ""
	if x != nil {
		tenant = x.Tenant
	} else if actor, ok := itsm.ActorFrom(ctx); ok {
		tenant = actor.Tenant
	}
	return d.judging(ctx, tenant)
}

// judging returns what was loaded once for many actions, or else loads it.
func (d *Database) judging(ctx context.Context, tenant string) (any, error) {
	if k, ok := ctx.Value(knownKey{}).(Known); ok {
		return k, nil
	}
	return d.known(ctx, itsm.Scope{Tenant: tenant})
}

// judges tells whether an action reads the facts.
func judges(a itsm.Action[Item]) bool {
	_, does := a.(interface{ judges() })
	return does
}

// known loads the class model of a tenant and joins it with the reconciliation. What it made is kept as long as the
// model does not change.
func (d *Database) known(ctx context.Context, in itsm.Scope) (Known, error) {
	d.lock.Lock()
	last, kept := d.judges[in.Tenant]
	d.lock.Unlock()
	model := StandardModel()
	if d.config.Models != nil {
		var have *asset.Model
		if kept {
			have = last.judge.model
		}
		found, err := asset.RefreshModel(ctx, d.config.Models, in, d.config.Model, have)
		if err != nil {
			return Known{}, err
		}
		if !found.Of.IsZero() {
			model = found
		}
	}
	if kept && last.judge.model.Of == model.Of && last.judge.model.Edition == model.Edition {
		return last, nil
	}
	k, err := NewKnown(d.config.Reconciliation, model)
	if err != nil {
		return Known{}, err
	}
	k.judge.types = map[string]bool{}
	for _, t := range d.config.Rules.Relations {
		k.judge.types[t.Name] = true
	}
	d.lock.Lock()
	defer d.lock.Unlock()
	if len(d.judges) >= maxJudges {
		clear(d.judges)
	}
	d.judges[in.Tenant] = k
	return k, nil
}

const maxJudges = 1000 // tenants whose model is kept ready
