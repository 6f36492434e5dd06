package cmdb

import "github.com/itsmkit/itsm"

// AvailabilityWithin conditions on no more than limit items, so that small graphs reach the bounds.
func (g *Graph) AvailabilityWithin(of itsm.Ref, figures func(itsm.Ref) (float64, bool), limit int) (Availability, error) {
	return g.availability(of, figures, limit)
}

// AvailabilityByStates returns the bounds of the likeliest states alone.
func (g *Graph) AvailabilityByStates(of itsm.Ref, own func(itsm.Ref) float64) (low, high float64) {
	v, _ := g.find(of)
	f := g.formula(v)
	if f == nil {
		return 0, 0
	}
	for i := range f.parts {
		f.parts[i].own = own(g.ref(f.parts[i].item))
	}
	return f.likeliest()
}
