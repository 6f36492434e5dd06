package asset

import (
	"context"
	"slices"
	"strings"

	"github.com/itsmkit/itsm"
)

// Holdings returns the entitlements of all licences and subscriptions that are in stock or deployed, in the tenant of
// the context's actor, by number: what an [Estate] holds. Those that are not yet in force or have ended are among them.
func Holdings(ctx context.Context, d *itsm.Desk[Asset]) ([]Holding, error) {
	var out []Holding
	for _, category := range []Category{Licence, Subscription} {
		for _, state := range []State{InStock, Deployed} {
			for a, err := range d.All(ctx, itsm.Where(ByCategory.Is(category), itsm.ByState[Asset]().Is(state))) {
				if err != nil {
					return nil, err
				}
				if a.Grant != nil {
					out = append(out, Holding{ID: a.Number, Entitlement: *a.Grant})
				}
			}
		}
	}
	slices.SortFunc(out, func(x, y Holding) int { return strings.Compare(x.ID, y.ID) })
	return out, nil
}
