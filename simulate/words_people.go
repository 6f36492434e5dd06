package simulate

import (
	"math/rand/v2"
	"slices"
)

var firstNames = [...]string{
	"Aarav", "Adaeze", "Agnes", "Aisha", "Alma", "Amara", "Amir", "Anna", "Anton", "Asha", "Astrid", "Bao",
	"Beatriz", "Bilal", "Bruno", "Carmen", "Chen", "Chloe", "Dalia", "Daniel", "David", "Diego", "Elena", "Elif",
	"Emeka", "Emma", "Erik", "Esra", "Farid", "Fatima", "Felix", "Freya", "Gabriel", "Giulia", "Grace", "Hana",
	"Hassan", "Helena", "Hugo", "Ibrahim", "Ida", "Ines", "Ingrid", "Isaac", "Ivan", "Jana", "Javier", "Jun",
	"Kaito", "Karim", "Kofi", "Lan", "Lars", "Laura", "Layla", "Leila", "Lena", "Leo", "Lin", "Luca",
	"Maeve", "Maja", "Malik", "Marco", "Maria", "Mateo", "Mei", "Mia", "Milan", "Mira", "Mohan", "Nadia",
	"Naomi", "Nia", "Nikos", "Noah", "Noor", "Olga", "Omar", "Paula", "Pavel", "Petra", "Priya", "Rafael",
	"Ravi", "Rosa", "Samir", "Sara", "Sofia", "Sven", "Tariq", "Thabo", "Theo", "Vera", "Yara", "Zoe",
}

var lastNames = [...]string{
	"Abebe", "Acosta", "Adeyemi", "Ahmed", "Almeida", "Andersen", "Aydin", "Bakker", "Banerjee", "Barros",
	"Becker", "Berg", "Bianchi", "Boateng", "Brandt", "Bauer", "Castillo", "Chanda", "Chowdhury", "Conti",
	"Costa", "Da Silva", "Dahl", "Danso", "Das", "Diallo", "Diaz", "Dimitrov", "Duarte", "Dubois",
	"Ekberg", "El Amrani", "Eriksen", "Fernandes", "Ferrari", "Fischer", "Fofana", "Fontaine", "Fujita", "Garcia",
	"Ghosh", "Gruber", "Gupta", "Haddad", "Hansen", "Haile", "Hoang", "Horvat", "Hussein", "Ito",
	"Ivanova", "Jansen", "Jimenez", "Jovanovic", "Kamara", "Kaplan", "Karlsson", "Kaur", "Keller", "Khan",
	"Kim", "Kowalski", "Kumar", "Larsen", "Lemaire", "Li", "Lindgren", "Lopes", "Mahmoud", "Malik",
	"Marin", "Martins", "Mbeki", "Mendes", "Mensah", "Meyer", "Moreau", "Mori", "Mwangi", "Nakamura",
	"Nasser", "Ndlovu", "Nguyen", "Nilsen", "Nowak", "Okafor", "Okonkwo", "Olsen", "Ortega", "Osei",
	"Otieno", "Papadakis", "Park", "Patel", "Pereira", "Petrov", "Pham", "Popescu", "Rahman", "Ramos",
	"Rao", "Ricci", "Rossi", "Ruiz", "Sahin", "Saito", "Santos", "Sato", "Schmid", "Sharma",
	"Silva", "Singh", "Smit", "Sorensen", "Suzuki", "Tadesse", "Tanaka", "Torres", "Tran", "Vargas",
	"Virtanen", "Vogel", "Wagner", "Wang", "Weber", "Wong", "Yamada", "Yilmaz", "Zhang", "Zhou",
}

// cast is who takes part in a year: the agents of each group, the managers to escalate to, and the callers.
type cast struct {
	agents   [len(groups)][]string
	managers []string
	callers  []caller
	calls    picker // of callers
	busy     [16]picker
}

type caller struct {
	name   string
	number int
	site   int
}

const managers = 6

// newCast gives everybody a name that nobody else has. Few callers call often, as in the log, where a fifth of
// the callers make 53 % of the calls.
func newCast(seed uint64, incidents int) *cast {
	r := streamPeople.open(seed)
	names := r.Perm(len(firstNames) * len(lastNames))
	name := func() string {
		n := names[0]
		names = names[1:]
		return firstNames[n%len(firstNames)] + " " + lastNames[n/len(firstNames)]
	}
	c := &cast{}
	for g := range c.agents {
		size := 3 + r.IntN(4)
		if groups[g].Level == 1 {
			size += 6
		}
		for range size {
			c.agents[g] = append(c.agents[g], name())
		}
	}
	for i := range c.busy {
		c.busy[i] = newPicker(max(i, 1), func(k int) int64 { return 1000 / int64(k+2) })
	}
	for range managers {
		c.managers = append(c.managers, name())
	}
	home := newPicker(len(sites), func(i int) int64 { return sites[i].weight })
	n := min(max(incidents*38/100, 1), len(names))
	for i := range n {
		c.callers = append(c.callers, caller{name: name(), number: 1001 + i, site: home.pick(r)})
	}
	head := int64(min(n/100, 15)) // in a large year some lines are shared and call very often
	c.calls = newPicker(n, func(i int) int64 {
		often := int64(n) * 1_000_000 / int64(20*i+n)
		return often + head*often/int64((i+1)*(i+1))
	})
	return c
}

// agent returns somebody of a group; the first ones work on more cases than the others.
func (c *cast) agent(r *rand.Rand, group int) string {
	team := c.agents[group]
	return team[c.busy[len(team)].pick(r)]
}

// groupNamed returns the place of a group; the tables are tested to name groups that exist.
func groupNamed(name string) int {
	return slices.IndexFunc(groups[:], func(g Group) bool { return g.Name == name })
}
