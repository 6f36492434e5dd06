package incident

import (
	"context"

	"github.com/itsmkit/itsm"
)

// Around is what the rules of an incident take from other incidents. [Facts] loads it; a host whose Config.Facts
// loads more returns a type with a method Around() Around.
type Around struct {
	Children int       // incidents whose parent this one is
	Named    *Incident // the incident that the action names as parent or original; nil if there is none
}

// Around returns a.
func (a Around) Around() Around { return a }

// Serial tells that a parent is set together with the look at both families, see [itsm.Serial].
func (Around) Serial() {}

// Facts returns what a desk needs as its Config.Facts for the rules over parents: a parent exists, is open and
// has no parent itself; an incident with children gets none. Without it these rules are not asked.
func Facts(r itsm.Repository[Incident]) func(context.Context, *Incident, itsm.Action[Incident]) (any, error) {
	return func(ctx context.Context, i *Incident, a itsm.Action[Incident]) (any, error) {
		var named itsm.Ref
		switch a := a.(type) {
		case SetParent:
			named = a.Parent
		case MarkDuplicate:
			named = a.Of
		default:
			return nil, nil
		}
		in := itsm.Scope{Tenant: i.Tenant}
		children, err := r.Count(ctx, in, itsm.Where(ByParent.Is(i.Ref(Name))))
		if err != nil {
			return nil, err
		}
		around := Around{Children: int(children.Total)}
		if named.Kind == Name {
			found, err := r.Get(ctx, in, named.ID)
			if err != nil {
				return nil, err
			}
			around.Named = found[0]
		}
		return around, nil
	}
}

// checkFamily holds the rules over parents, and keeps on the event what they took from elsewhere.
func checkFamily(m itsm.Moment, field string, original bool) error {
	has, ok := m.Facts.(interface{ Around() Around })
	if !ok {
		return nil
	}
	around := has.Around()
	switch to := around.Named; {
	case to == nil:
		return itsm.Invalid(field, "not_found")
	case !to.Parent.IsZero():
		return itsm.Invalid(field, "has_parent", "want", to.Parent.String())
	case around.Children > 0:
		return itsm.Invalid(field, "has_children", "want", "an incident without children: a parent has no parent")
	case !original && !to.IsOpen():
		return itsm.Invalid(field, "not_open", "state", string(to.State))
	}
	return m.Record(field, map[string]any{"number": around.Named.Number, "state": around.Named.State})
}
