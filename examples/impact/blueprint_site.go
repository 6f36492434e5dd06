package main

import (
	"fmt"

	"github.com/itsmkit/itsm/asset/cmdb"
)

// room is a room of a data centre with what stands in it.
type room struct {
	code     string
	centre   int
	self     *thing
	ups      [2]*thing
	core     [2]*thing // of the data centre
	dist     [2]*thing
	storage  *thing
	clusters []*thing
}

// power draws the data centres: power twice, cooling twice, two core switches, and in each room two distribution
// switches and a storage system.
func (b *blueprint) power() {
	for n, centre := range centres {
		site := b.item("site", centre.name, "")
		grid := b.item("grid_feed", centre.code+"-grid", centre.name)
		generator := b.item("generator", centre.code+"-generator", centre.name)
		b.relate(grid, "located_in", site)
		b.relate(generator, "located_in", site)
		b.contracts[utility] = append(b.contracts[utility], grid)
		if n == 1 {
			b.contracts[landlord] = append(b.contracts[landlord], site)
		}
		var core [2]*thing
		for r := range b.roomsEach() {
			code := fmt.Sprintf("%s-%c", centre.code, 'a'+r)
			one := &room{code: code, centre: n}
			for i := range one.ups {
				one.ups[i] = b.item("ups", fmt.Sprintf("%s-ups-%d", code, i+1), centre.name)
				b.relate(one.ups[i], "located_in", site)
				b.relate(one.ups[i], "powered_by", grid, generator)
			}
			one.self = b.item("room", "Room "+code, centre.name)
			b.relate(one.self, "located_in", site)
			for i := range 2 {
				cooler := b.item("cooling_unit", fmt.Sprintf("%s-cool-%d", code, i+1), centre.name)
				b.relate(cooler, "located_in", site)
				b.relate(cooler, "powered_by", one.ups[:]...)
				b.relate(one.self, "cooled_by", cooler)
			}
			if r == 0 {
				for i := range core {
					core[i] = b.item("core_switch", fmt.Sprintf("%s-core-%d", centre.code, i+1), one.self.name)
					b.relate(core[i], "located_in", one.self)
					b.relate(core[i], "powered_by", one.ups[:]...)
				}
			}
			one.core = core
			for i := range one.dist {
				one.dist[i] = b.item("distribution_switch", fmt.Sprintf("%s-dist-%d", code, i+1), one.self.name)
				b.relate(one.dist[i], "located_in", one.self)
				b.relate(one.dist[i], "powered_by", one.ups[:]...)
				b.relate(one.dist[i], "connects_to", core[:]...)
			}
			one.storage = b.item("storage_system", code+"-store", one.self.name)
			b.relate(one.storage, "located_in", one.self)
			b.relate(one.storage, "powered_by", one.ups[:]...)
			b.relate(one.storage, "connects_to", one.dist[:]...)
			b.rooms = append(b.rooms, one)
		}
	}
}

func (b *blueprint) roomsEach() int {
	if b.size < 1000 {
		return 1
	}
	return 2
}

// racks fills the rooms with racks. The hosts of two neighbours are a cluster. In each rack two access switches go to
// both distribution switches, but in some of them the second cables were never laid: both switches hang on one.
func (b *blueprint) racks() {
	pairs := max(1, b.size/(160*len(b.rooms)))
	for _, r := range b.rooms {
		only := r.dist[b.random.IntN(2)]
		for c := range pairs {
			cluster := b.item("cluster", fmt.Sprintf("%s-cluster-%d", r.code, c+1), r.self.name)
			b.relate(cluster, "stored_on", r.storage)
			r.clusters = append(r.clusters, cluster)
			cores := 0
			poor := b.random.IntN(2) // which of the two lacks cables
			for n := range 2 {
				number := 2*c + n + 1
				uplinks := r.dist[:]
				if c%2 == 0 && n == poor {
					uplinks = []*thing{only}
				}
				cores += b.rack(r, number, cluster, uplinks)
			}
			share := 75 // in percent of the cores: all machines fit there and no fewer
			if c%3 == 2 {
				share = 45
			}
			cluster.needs = &cmdb.OwnNeeds{Of: []cmdb.Need{{Relation: "member_of", Redundancy: cmdb.Weighted, Min: (cores*share + 99) / 100}}}
		}
	}
}

// rack draws one rack, whose access switches have some uplinks, and returns the cores of its hosts.
func (b *blueprint) rack(r *room, number int, cluster *thing, uplinks []*thing) (cores int) {
	code := fmt.Sprintf("%s-r%02d", r.code, number)
	rack := b.item("rack", "Rack "+code, r.self.name)
	b.relate(rack, "located_in", r.self)
	var pdu, access [2]*thing
	for i := range pdu {
		pdu[i] = b.item("pdu", fmt.Sprintf("%s-pdu-%d", code, i+1), rack.name)
		b.relate(pdu[i], "located_in", rack)
		b.relate(pdu[i], "powered_by", r.ups[i])
	}
	for i := range access {
		access[i] = b.item("access_switch", fmt.Sprintf("%s-sw-%d", code, i+1), rack.name)
		b.relate(access[i], "located_in", rack)
		b.relate(access[i], "powered_by", pdu[:]...)
		b.relate(access[i], "connects_to", uplinks...)
	}
	for i := range 5 {
		host := b.item("server", fmt.Sprintf("%s-h%d", code, i+1), rack.name)
		host.cores = []int{32, 48, 64}[b.random.IntN(3)]
		cores += host.cores
		b.relate(host, "located_in", rack)
		b.relate(host, "powered_by", pdu[:]...)
		b.relate(host, "connects_to", access[:]...)
		b.relations = append(b.relations, relation{source: host, typ: "member_of", target: cluster, weight: host.cores})
	}
	return cores
}

// lines draws the ways out: a line to the internet from each data centre, both of one supplier, and the gateway for
// card payments.
func (b *blueprint) lines() {
	b.internet = b.item("internet_access", "Internet access", "")
	for _, r := range b.rooms {
		if r.code[4] != 'a' {
			continue
		}
		line := b.item("line", centres[r.centre].code+"-internet", centres[r.centre].name)
		b.relate(line, "connects_to", r.core[0])
		b.relate(b.internet, "depends_on", line)
		b.contracts[carrier] = append(b.contracts[carrier], line)
	}
	b.cards = b.item("card_gateway", "Card gateway", "")
	b.relate(b.cards, "connects_to", b.internet)
	b.contracts[processor] = append(b.contracts[processor], b.cards)
}
