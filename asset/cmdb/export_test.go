package cmdb

import "github.com/itsmkit/itsm"

// AvailabilityWithin conditions on no more than limit items, so that small graphs reach the bounds.
func (g *Graph) AvailabilityWithin(of itsm.Ref, figures func(itsm.Ref) (float64, bool), limit int) (Availability, error) {
	return g.availability(of, figures, limit)
}
