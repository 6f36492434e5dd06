package asset

// matching shares supplies among demands. flow[d][s] are the units of supply s that go to demand d.
type matching struct {
	need  []int64   // of each demand, as far as it is not met
	free  []int64   // of each supply
	reach [][]int   // the supplies that a demand can use, those that it prefers first
	flow  [][]int64 // by demand and by place in reach
	users [][]edge  // of each supply: who can use it
}

type edge struct{ demand, place int }

// share meets the demands in their order: each as far as it can be without taking anything from those before it. A
// demand that was met may be moved to another supply, never dropped.
//
// The sets of units that can be met at once are the independent sets of a transversal matroid (Edmonds and Fulkerson,
// 1965). So for demands in the order of falling weight the greedy way is the best one: no other sharing meets units
// of a greater total weight, nor more units.
func share(demand, supply []int64, reach [][]int) *matching {
	m := &matching{need: append([]int64(nil), demand...), free: append([]int64(nil), supply...), reach: reach,
		flow: make([][]int64, len(demand)), users: make([][]edge, len(supply))}
	for d := range demand {
		m.flow[d] = make([]int64, len(reach[d]))
		for place, s := range reach[d] {
			m.users[s] = append(m.users[s], edge{d, place})
		}
	}
	for d := range demand {
		for more := true; more && m.need[d] > 0; {
			more = m.augment(d)
		}
	}
	return m
}

// step is how a search came to a supply: demand d takes from it, and gives up its units of the supply before.
type step struct {
	supply int
	by     edge // who takes from supply
	before int  // the step from which it came, -1 at the beginning
	gives  int  // the place in by.demand's reach that it gives up; unused at the beginning
}

// augment finds the shortest way to a free supply for demand d and moves as many units along it as it can. It returns
// false if there is none.
func (m *matching) augment(d int) bool {
	seen := make([]bool, len(m.free))
	var steps []step
	visit := func(demand, before, gives int) {
		for place, s := range m.reach[demand] {
			if !seen[s] {
				seen[s] = true
				steps = append(steps, step{supply: s, by: edge{demand, place}, before: before, gives: gives})
			}
		}
	}
	visit(d, -1, 0)
	for at := 0; at < len(steps); at++ {
		s := steps[at].supply
		if m.free[s] > 0 {
			m.move(d, steps, at)
			return true
		}
		for _, u := range m.users[s] {
			if m.flow[u.demand][u.place] > 0 {
				visit(u.demand, at, u.place)
			}
		}
	}
	return false
}

// move shifts units along the way that ends at a step.
func (m *matching) move(d int, steps []step, end int) {
	n := min(m.need[d], m.free[steps[end].supply])
	for at := end; steps[at].before >= 0; at = steps[at].before {
		n = min(n, m.flow[steps[at].by.demand][steps[at].gives])
	}
	m.need[d] -= n
	m.free[steps[end].supply] -= n
	for at := end; ; at = steps[at].before {
		x := steps[at]
		m.flow[x.by.demand][x.by.place] += n
		if x.before < 0 {
			return
		}
		m.flow[x.by.demand][x.gives] -= n
	}
}
