package asset

import (
	"context"
	"sync"

	"github.com/itsmkit/itsm"
)

// Known is what the rules of an asset take from elsewhere. [Facts] loads it; a host whose Config.Facts loads more
// returns a type with a method Known() Known.
type Known struct {
	Model *Model
}

// Known returns k.
func (k Known) Known() Known { return k }

// Facts returns what a desk for assets needs as its Config.Facts: the class model of a name ("standard" if it is
// empty) of the actor's tenant. A tenant that has none has the [StandardModel], and so has a desk without these facts.
func Facts(models itsm.Repository[ClassModel], name string) func(context.Context, *Asset, itsm.Action[Asset]) (any, error) {
	if name == "" {
		name = "standard"
	}
	var compiled sync.Map // by tenant: the model as it was last
	return func(ctx context.Context, x *Asset, a itsm.Action[Asset]) (any, error) {
		switch a.(type) {
		case Plan, Register, Specify, Reclassify, Revalidate, Dispose:
		default:
			return nil, nil
		}
		actor, _ := itsm.ActorFrom(ctx)
		in := itsm.Scope{Tenant: actor.Tenant}
		if x != nil {
			in.Tenant = x.Tenant
		}
		last, _ := compiled.Load(in.Tenant)
		have, _ := last.(*Model)
		model, err := RefreshModel(ctx, models, in, name, have)
		if err != nil {
			return nil, err
		}
		if model != have {
			compiled.Store(in.Tenant, model)
		}
		return Known{Model: model}, nil
	}
}

// known returns the facts of a moment.
func known(m itsm.Moment) Known {
	if has, ok := m.Facts.(interface{ Known() Known }); ok {
		if k := has.Known(); k.Model != nil {
			return k
		}
	}
	return Known{Model: StandardModel()}
}
