package asset

import (
	"cmp"
	"iter"
	"slices"
	"time"
)

// Level is how many assets of a class there are at a location. Of consumables it is their quantity.
type Level struct {
	Class    string `json:"class"`
	Location string `json:"location,omitempty"`
	InStock  int64  `json:"in_stock"`
	Reserved int64  `json:"reserved"` // of those in stock: somebody wants it, now or later
	Coming   int64  `json:"coming"`   // planned and ordered; of consumables what is on order
	Deployed int64  `json:"deployed"`
	Away     int64  `json:"away"` // in maintenance
}

// Free returns how many are in stock that nobody has reserved.
func (l Level) Free() int64 { return l.InStock - l.Reserved }

// Levels counts assets by class and location, in that order, with the reservations that are not over at an instant. It
// reads what [itsm.Desk.All] yields and stops at its first error.
func Levels(assets iter.Seq2[Asset, error], at time.Time) ([]Level, error) {
	type place struct{ class, location string }
	levels := map[place]*Level{}
	for a, err := range assets {
		if err != nil {
			return nil, err
		}
		where := place{a.Class, a.Location}
		l := levels[where]
		if l == nil {
			l = &Level{Class: a.Class, Location: a.Location}
			levels[where] = l
		}
		n, coming := int64(1), int64(0)
		if a.Stock != nil {
			n, coming = a.Stock.OnHand, a.Stock.OnOrder
		}
		switch a.State {
		case Planned, Ordered:
			l.Coming += n + coming
		case InStock:
			l.InStock += n
			l.Coming += coming
			if slices.ContainsFunc(a.Reservations, func(r Reservation) bool { return r.Until.After(at) }) {
				l.Reserved += n
			}
		case Deployed:
			l.Deployed += n
		case InMaintenance:
			l.Away += n
		}
	}
	out := make([]Level, 0, len(levels))
	for _, l := range levels {
		if *l != (Level{Class: l.Class, Location: l.Location}) {
			out = append(out, *l)
		}
	}
	slices.SortFunc(out, func(a, b Level) int {
		return cmp.Or(cmp.Compare(a.Class, b.Class), cmp.Compare(a.Location, b.Location))
	})
	return out, nil
}

// ReorderRule says how many assets of a class are to be in stock at a location.
type ReorderRule struct {
	Class    string `json:"class"`
	Location string `json:"location,omitempty"`
	Point    int64  `json:"point"`  // at so many that are free or coming, or fewer, more is to be ordered
	Target   int64  `json:"target"` // up to so many
}

// Shortage is what a rule asks to order.
type Shortage struct {
	Rule  ReorderRule `json:"rule"`
	Level Level       `json:"level"`
	Order int64       `json:"order"`
}

// Shortages returns what is to be ordered by the rules, in their order. A rule over what there is none of at all counts
// like any other. Reserved assets do not count as there, those that are coming do.
func Shortages(levels []Level, rules []ReorderRule) []Shortage {
	var out []Shortage
	for _, r := range rules {
		l := Level{Class: r.Class, Location: r.Location}
		if i := slices.IndexFunc(levels, func(l Level) bool { return l.Class == r.Class && l.Location == r.Location }); i >= 0 {
			l = levels[i]
		}
		if have := l.Free() + l.Coming; have <= r.Point && have < r.Target {
			out = append(out, Shortage{Rule: r, Level: l, Order: r.Target - have})
		}
	}
	return out
}
