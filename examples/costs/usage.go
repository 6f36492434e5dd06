package main

import (
	"fmt"
	"slices"
	"time"

	"github.com/itsmkit/itsm/finance/allocation"
	"github.com/itsmkit/itsm/finance/charging"
	"github.com/itsmkit/itsm/money"
)

// files is how many TB the customers keep in January, and how many more each month.
var files = map[string][2]int64{ // in hundredths; never written to
	"Corporate": {3120, 40}, "Research": {7460, 190}, "Sales": {2280, 25}, "Plants": {4930, 75}, "Logistics": {1140, 10}, "Shops": {690, 5},
}

// measuredFiles are the records of the files service: TB kept in a month, each with an ID that makes it count once.
func (y *year) measuredFiles() []charging.Usage {
	var out []charging.Usage
	for m := time.January; m <= time.December; m++ {
		for _, c := range customers {
			hundredths := files[c.name][0] + int64(m-1)*files[c.name][1] + y.random.Int64N(60)
			quantity, _ := money.NewNumber(hundredths, 2)
			out = append(out, charging.Usage{ID: fmt.Sprintf("%s %04d-%02d", c.name, theYear, m), Customer: c.name, Item: "Files", On: monthEnd(m), Quantity: quantity})
		}
	}
	return out
}

// lateUsage is found in January: an archive of Research that the meter had not seen.
func lateUsage() charging.Usage {
	return charging.Usage{ID: "Research archive", Customer: "Research", Item: "Files", On: monthEnd(time.December), Quantity: money.Int(45)}
}

// wholeYear is the period that is billed.
var wholeYear = charging.Period{From: date(time.January, 1), Until: lastDay}

// plannedPrice is that of a TB and month of files, in euros.
const plannedPrice = "85.00"

// meter adds up usage by customer, each record once, at the planned price: what it will have cost is known only when the year
// is over.
func (y *year) meter() (err error) {
	price, err := money.ParsePrice(plannedPrice, money.EUR)
	if err != nil {
		return err
	}
	list, err := charging.NewList(charging.Entry{Item: "Files", From: date(time.January, 1),
		Tariff: charging.Tariff{Model: charging.PerUnit, Price: price, Rounding: money.HalfUp}})
	if err != nil {
		return err
	}
	y.metered, err = list.Rate(wholeYear, y.usage)
	return err
}

// drivers are what shares the costs: of the pools among one another and the services, of the services among the customers.
func (y *year) drivers() ([]allocation.Driver, error) {
	if err := y.meter(); err != nil {
		return nil, err
	}
	incidents, err := allocation.Count("incidents", func(yield func(string) bool) {
		for _, c := range y.incidents {
			if !yield(disturbed[c.Service]) {
				return
			}
		}
	})
	if err != nil {
		return nil, err
	}
	uses := func(name string, capacity int32, pools []use, of func(service) int32) allocation.Driver {
		d := allocation.Driver{Name: name, Capacity: money.Int(capacity)}
		for _, u := range pools {
			d.Weights = append(d.Weights, allocation.Weight{To: u.by, Units: money.Int(u.units)})
		}
		for _, s := range services {
			if n := of(s); n > 0 {
				d.Weights = append(d.Weights, allocation.Weight{To: s.name, Units: money.Int(n)})
			}
		}
		return d
	}
	none := func(service) int32 { return 0 }
	out := []allocation.Driver{
		incidents,
		uses("heads", 0, heads, none),
		uses("square metres", 0, squareMetres, none),
		uses("processors", processorsInstalled, processors, func(s service) int32 { return s.cpus }),
		uses("terabytes", terabytesInstalled, terabytes, func(s service) int32 { return s.terabytes }),
		uses("ports", 0, ports, func(s service) int32 { return s.ports }),
	}
	for _, s := range services {
		d := allocation.Driver{Name: s.unit + " of " + s.name}
		for _, c := range customers {
			if s.of != nil && s.of(c) > 0 {
				d.Weights = append(d.Weights, allocation.Weight{To: c.name, Units: money.Int(s.of(c))})
			}
		}
		if s.of == nil {
			d.Capacity = money.Int(12 * filesProvisioned)
			for _, l := range y.metered {
				d.Weights = append(d.Weights, allocation.Weight{To: l.Customer, Units: l.Quantity})
			}
		}
		out = append(out, d)
	}
	return out, nil
}

// units is how many units of a driver a member has.
func (y *year) units(driver, member string) money.Number {
	d := slices.IndexFunc(y.model.Drivers, func(d allocation.Driver) bool { return d.Name == driver })
	for _, w := range y.model.Drivers[d].Weights {
		if w.To == member {
			return w.Units
		}
	}
	return money.Number{}
}
