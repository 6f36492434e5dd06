package main

import (
	"fmt"
	"slices"

	"github.com/itsmkit/itsm/asset/cmdb"
)

// home is where a service lives.
type home struct {
	room    *room
	cluster *thing
}

// catalogue draws the services, each with its applications, databases and virtual machines. Most live on one cluster, on
// each as many. Those in both data centres have a cluster in each, and can lose one.
func (b *blueprint) catalogue() {
	var base []*thing
	var homes []home
	for _, r := range b.rooms {
		for _, c := range r.clusters {
			homes = append(homes, home{r, c})
		}
	}
	b.random.Shuffle(len(homes), func(i, j int) { homes[i], homes[j] = homes[j], homes[i] })
	for i, o := range catalogue[:min(max(b.size/50, 4), len(catalogue))] {
		service := b.item("service", o.name, "")
		service.critical, service.base = o.critical, o.base
		b.services = append(b.services, service)
		home := homes[i%len(homes)]
		clusters := []*thing{home.cluster}
		if o.twin {
			away := b.rooms[(slices.Index(b.rooms, home.room)+len(b.rooms)/2)%len(b.rooms)] // in the other data centre
			clusters = append(clusters, away.clusters[b.random.IntN(len(away.clusters))])
		}
		if o.base {
			b.instances(service, o, clusters)
		} else {
			for _, tier := range []string{"web", "core", "jobs"}[:b.between(2, 3)] {
				b.application(service, o, tier, clusters)
			}
			b.database(service, o, clusters, home.room)
		}
		if o.public {
			b.relate(service, "depends_on", b.internet)
		}
		if o.cards {
			b.relate(service, "depends_on", b.cards)
		}
		for _, s := range base {
			if !o.base && b.random.IntN(3) > 0 {
				b.relate(service, "uses", s)
			}
		}
		if o.base {
			base = append(base, service)
		}
	}
}

// instances draws a base service: an application with its database in each data centre, of which it needs one.
func (b *blueprint) instances(service *thing, o offering, clusters []*thing) {
	service.needs = &cmdb.OwnNeeds{Of: []cmdb.Need{{Class: "application", Redundancy: cmdb.AnyOf}}}
	for i, c := range clusters {
		at := fmt.Sprintf("%s%d", o.code, i+1)
		app, db := b.item("application", at+" node", ""), b.item("database", at+" data", "")
		b.relate(service, "depends_on", app)
		b.relate(app, "depends_on", db)
		b.relate(app, "runs_on", b.machine(at+"-node", c))
		b.relate(db, "runs_on", b.machine(at+"-db", c))
	}
}

// application draws an application that needs some of its virtual machines: half of them where it runs in both data
// centres, else all but one.
func (b *blueprint) application(service *thing, o offering, tier string, clusters []*thing) {
	app := b.item("application", o.code+" "+tier, "")
	b.relate(service, "depends_on", app)
	machines := b.between(3, 6)
	least := machines - 1
	if o.twin {
		machines = 2 * b.between(1, 3)
		least = machines / 2
	}
	app.needs = &cmdb.OwnNeeds{Of: []cmdb.Need{{Relation: "runs_on", Redundancy: cmdb.KOfN, Min: least}}}
	for i := range machines {
		b.relate(app, "runs_on", b.machine(fmt.Sprintf("%s-%s-%d", o.code, tier, i+1), clusters[i%len(clusters)]))
	}
}

// database draws a database: one machine, or one in each data centre, of which it needs one. It is backed up in the
// other data centre.
func (b *blueprint) database(service *thing, o offering, clusters []*thing, home *room) {
	db := b.item("database", o.code+" data", "")
	b.relate(service, "depends_on", db)
	for i, c := range clusters {
		b.relate(db, "runs_on", b.machine(fmt.Sprintf("%s-db-%d", o.code, i+1), c))
	}
	for _, r := range b.rooms {
		if r.centre != home.centre {
			b.relate(db, "backed_up_by", r.storage)
			break
		}
	}
}

func (b *blueprint) machine(name string, cluster *thing) *thing {
	vm := b.item("virtual_machine", name, cluster.place)
	b.relate(vm, "runs_on", cluster)
	return vm
}

// commitments draws who uses what, and what was promised: an agreement of each customer for the important services
// that it uses. Base services are used by all.
func (b *blueprint) commitments() {
	for i, name := range customers[:min(len(customers), max(3, len(b.services)/5))] {
		c := b.other("customer", name)
		var important []*thing
		for n, s := range b.services {
			if !s.base && n%3 != i%3 && b.random.IntN(3) > 0 {
				continue
			}
			c.serves = append(c.serves, s)
			if s.critical == "high" && !s.base {
				important = append(important, s)
			}
		}
		b.relate(c, "uses", c.serves...)
		if len(important) > 0 {
			gold := b.other("agreement", name+" gold")
			gold.party, gold.terms, gold.serves = name, "99.9 %", important
			b.relate(gold, "covers", important...)
		}
	}
	for _, c := range contracts {
		s := b.other("supplier", c.supplier)
		for _, delivered := range b.contracts[c.supplier] {
			b.relate(delivered, "supplied_by", s)
		}
	}
}

// rest fills the estate up with offices and with machines for tests, on which no service stands.
func (b *blueprint) rest() {
	left := b.size - len(b.items)
	offices := min(left/25, len(towns))
	for i, town := range towns[:max(offices, 0)] {
		site := b.item("site", town, "")
		line := b.item("line", fmt.Sprintf("line-%02d", i+1), town)
		b.relate(line, "connects_to", b.rooms[0].core[i%2])
		hub := b.item("office_switch", fmt.Sprintf("office-%02d-sw", i+1), town)
		b.relate(hub, "located_in", site)
		b.relate(hub, "connects_to", line)
		for n := range min(b.between(10, 24), b.size-len(b.items)) {
			point := b.item("access_point", fmt.Sprintf("office-%02d-ap-%02d", i+1, n+1), town)
			b.relate(point, "located_in", site)
			b.relate(point, "connects_to", hub)
		}
	}
	for n := 1; len(b.items) < b.size; n++ {
		r := b.rooms[b.random.IntN(len(b.rooms))]
		b.machine(fmt.Sprintf("test-%04d", n), r.clusters[b.random.IntN(len(r.clusters))]).test = true
	}
}
