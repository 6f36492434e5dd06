package asset

import (
	"fmt"
	"math/big"
	"slices"
	"strconv"
	"time"
)

// Need is what one device, person or sort of processor needs of a product.
type Need struct {
	Subject string `json:"subject"`
	Units   int64  `json:"units"`
	Why     string `json:"why,omitempty"` // how the units were counted, where it is more than one for one
}

// demands returns for each product what needs a licence of it.
func (e *estate) demands() [][]Need {
	installed := e.subjects("device", func(yield func(product, subject string)) {
		for _, i := range e.Installations {
			yield(i.Product, i.Device)
		}
	})
	used := e.subjects("person", func(yield func(product, subject string)) {
		for _, u := range e.Uses {
			yield(u.Product, u.User)
		}
	})
	sessions := map[string][]Session{}
	for _, s := range e.Sessions {
		i, known := e.products[s.Product]
		if !known {
			e.unknown(s.Product)
			continue
		}
		if m := e.Products[i].Metric; m != PerConcurrent {
			e.find("not_counted", s.Product, "found in a session, but licensed by "+string(m))
			continue
		}
		sessions[s.Product] = append(sessions[s.Product], s)
	}
	out := make([][]Need, len(e.Products))
	for i := range e.Products {
		p := &e.Products[i]
		switch p.Metric {
		case PerDevice:
			out[i] = single(e.uncovered(p, installed))
		case PerUser, PerSeat:
			out[i] = single(e.uncovered(p, used))
		case PerConcurrent:
			if units, at := peak(sessions[p.Name]); units > 0 {
				out[i] = []Need{{Subject: "peak", Units: units, Why: fmt.Sprintf("%d at one time, first at %s", units, at.UTC().Format(time.RFC3339))}}
			}
		case PerCore:
			out[i] = e.cores(p, e.uncovered(p, installed))
		}
	}
	return out
}

// subjects collects for each product the devices or persons that have it, each once, in order.
func (e *estate) subjects(what string, each func(yield func(product, subject string))) map[string][]string {
	found := map[string][]string{}
	each(func(product, subject string) {
		i, known := e.products[product]
		if !known {
			e.unknown(product)
			return
		}
		if m := e.Products[i].Metric; (m == PerUser || m == PerSeat) != (what == "person") || m == PerConcurrent {
			e.find("not_counted", product, "found for a "+what+", but licensed by "+string(m))
			return
		}
		found[product] = append(found[product], subject)
	})
	for product, list := range found {
		slices.Sort(list)
		found[product] = slices.Compact(list)
	}
	return found
}

func (e *estate) unknown(product string) {
	e.find("unknown_product", product, "in use, but no product is declared under this name")
}

// uncovered leaves out those who have a later release that covers the earlier ones.
func (e *estate) uncovered(p *Product, has map[string][]string) []string {
	list := has[p.Name]
	if p.Line == "" || len(list) == 0 {
		return list
	}
	for _, i := range e.lines[p.Line] {
		q := &e.Products[i]
		if q.CoversLower && q.Release > p.Release && q.Metric == p.Metric {
			later := has[q.Name]
			list = without(list, func(s string) bool {
				_, both := slices.BinarySearch(later, s)
				return both
			})
		}
	}
	return list
}

func single(subjects []string) []Need {
	var out []Need
	for _, s := range subjects {
		out = append(out, Need{Subject: s, Units: 1})
	}
	return out
}

// peak returns the most sessions at one time, and when that was first. A session that ends as another one begins makes
// room for it.
func peak(sessions []Session) (int64, time.Time) {
	type step struct {
		at   time.Time
		plus int64
	}
	steps := make([]step, 0, 2*len(sessions))
	for _, s := range sessions {
		steps = append(steps, step{s.From, 1}, step{s.Until, -1})
	}
	slices.SortFunc(steps, func(a, b step) int {
		if c := a.at.Compare(b.at); c != 0 {
			return c
		}
		return int(a.plus - b.plus)
	})
	var now, most int64
	var at time.Time
	for _, s := range steps {
		if now += s.plus; now > most {
			most, at = now, s.at
		}
	}
	return most, at
}

// cores counts the units of devices by the rule of a product.
func (e *estate) cores(p *Product, devices []string) []Need {
	rule := p.Cores
	if rule.Total {
		return e.coresInTotal(p, devices)
	}
	var out []Need
	for _, name := range devices {
		d := e.devices[name]
		if d == nil || len(d.Processors) == 0 {
			e.find("cores_unknown", name, "runs "+p.Name+", whose cores are licensed, but its processors are not known")
			continue
		}
		var physical, counted int64
		weighed := new(big.Rat)
		for _, c := range d.Processors {
			physical += c.Cores
			n := max(c.Cores, rule.MinPerProcessor)
			counted += n
			weighed.Add(weighed, new(big.Rat).Mul(big.NewRat(n, 1), e.factor(p, c.Type)))
		}
		why := strconv.FormatInt(physical, 10) + " cores"
		if counted > physical {
			why += ", at least " + strconv.FormatInt(rule.MinPerProcessor, 10) + " for each processor: " + strconv.FormatInt(counted, 10)
		}
		if rule.Factors != "" {
			why += ", weighed " + decimal(weighed)
		}
		if least := big.NewRat(rule.MinPerServer, 1); weighed.Cmp(least) < 0 {
			weighed = least
			why += ", at least " + strconv.FormatInt(rule.MinPerServer, 10) + " for each server"
		}
		units := ceil(weighed)
		if rule.Pack > 1 && units%rule.Pack != 0 {
			units += rule.Pack - units%rule.Pack
			why += ", in packs of " + strconv.FormatInt(rule.Pack, 10)
		}
		out = append(out, Need{Subject: name, Units: units, Why: why})
	}
	return out
}

// coresInTotal adds up the cores of each type of processor over all devices, weighs them, and rounds up once a type.
func (e *estate) coresInTotal(p *Product, devices []string) []Need {
	byType := map[string]int64{}
	var types []string
	for _, name := range devices {
		d := e.devices[name]
		if d == nil || len(d.Processors) == 0 {
			e.find("cores_unknown", name, "runs "+p.Name+", whose cores are licensed, but its processors are not known")
			continue
		}
		for _, c := range d.Processors {
			if byType[c.Type] == 0 {
				types = append(types, c.Type)
			}
			byType[c.Type] += max(c.Cores, p.Cores.MinPerProcessor)
		}
	}
	slices.Sort(types)
	var out []Need
	for _, t := range types {
		f := e.factor(p, t)
		weighed := new(big.Rat).Mul(big.NewRat(byType[t], 1), f)
		out = append(out, Need{Subject: t, Units: ceil(weighed), Why: fmt.Sprintf("%d cores × %s = %s", byType[t], decimal(f), decimal(weighed))})
	}
	return out
}

// factor looks up what a core of a processor counts.
func (e *estate) factor(p *Product, processor string) *big.Rat {
	if p.Cores.Factors == "" {
		return big.NewRat(1, 1)
	}
	table := e.Factors[p.Cores.Factors]
	if f, ok := table[processor]; ok {
		return f.Rat()
	}
	if f, ok := table[""]; ok {
		return f.Rat()
	}
	e.find("factor_unknown", processor, "no factor in table "+p.Cores.Factors+": each core is counted as one")
	return big.NewRat(1, 1)
}

// ceil returns the least whole number that is not below r.
func ceil(r *big.Rat) int64 {
	n := new(big.Int).Add(r.Num(), r.Denom())
	n.Sub(n, big.NewInt(1))
	return n.Quo(n, r.Denom()).Int64() // r is not negative
}

// decimal writes a number that is the product of decimals.
func decimal(r *big.Rat) string {
	places, _ := r.FloatPrec()
	return r.FloatString(places)
}
