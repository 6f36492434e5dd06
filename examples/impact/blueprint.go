package main

import (
	"math/rand/v2"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/asset/cmdb"
)

// blueprint is an estate before it is registered: the same seed and size give the same one.
type blueprint struct {
	random    *rand.Rand
	size      int // how many items it shall have
	items     []thing
	others    []thing // records of other kinds: customers, agreements, suppliers
	relations []relation
	rooms     []*room
	internet  *thing
	cards     *thing
	services  []*thing
	contracts map[string][]*thing // what each supplier delivers
}

// thing is an item, or a record of another kind. Its ref is known when it is registered.
type thing struct {
	kind     string // of the record
	class    string // of the graph
	name     string
	place    string
	critical string
	cores    int
	needs    *cmdb.OwnNeeds
	ref      itsm.Ref
	test     bool     // no service stands on it
	base     bool     // a service that others use
	party    string   // the customer of an agreement
	terms    string   // what it promises
	serves   []*thing // the services that a customer uses, or that an agreement covers
}

type relation struct {
	source *thing
	typ    string
	target *thing
	weight int
}

// stream keeps the estates of this program apart from other uses of the same seeds.
const stream = 122

// draw makes the blueprint of an estate.
func draw(seed uint64, size int) *blueprint {
	b := &blueprint{random: rand.New(rand.NewPCG(seed, stream)), size: size, contracts: map[string][]*thing{},
		items: make([]thing, 0, size+1000), others: make([]thing, 0, 100)}
	b.power()
	b.racks()
	b.lines()
	b.catalogue()
	b.commitments()
	b.rest()
	return b
}

// item adds an item. The list never moves: draw made room for all.
func (b *blueprint) item(class, name, place string) *thing {
	b.items = append(b.items, thing{kind: cmdb.ItemName, class: class, name: name, place: place})
	return &b.items[len(b.items)-1]
}

// other adds a record of another kind, which is its class in the graph.
func (b *blueprint) other(kind, name string) *thing {
	b.others = append(b.others, thing{kind: kind, class: kind, name: name})
	return &b.others[len(b.others)-1]
}

func (b *blueprint) relate(source *thing, typ string, targets ...*thing) {
	for _, t := range targets {
		b.relations = append(b.relations, relation{source: source, typ: typ, target: t})
	}
}

// between returns a number from low to high.
func (b *blueprint) between(low, high int) int { return low + b.random.IntN(high-low+1) }
