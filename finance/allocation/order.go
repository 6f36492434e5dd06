package allocation

import (
	"cmp"
	"slices"
)

// sequence returns the members of a stage in the order in which a step-down closes them.
func (r *run) sequence(stage int) ([]int32, error) {
	s := &r.model.Stages[stage]
	if s.Order != nil {
		return r.named(s)
	}
	members := make([]int32, 0, len(s.Members))
	for m := r.first[stage]; m < r.first[stage+1]; m++ {
		members = append(members, m)
	}
	switch s.Sequence {
	case "", ByReference:
		return r.byReference(members)
	case ByCost:
		slices.SortStableFunc(members, func(a, b int32) int { return cmp.Compare(r.balance[b].Coins(), r.balance[a].Coins()) })
	case ByReach:
		reach := make(map[int32]int, len(members))
		for _, m := range members {
			reach[m] = len(r.fellows(m))
		}
		slices.SortStableFunc(members, func(a, b int32) int { return cmp.Compare(reach[b], reach[a]) })
	default:
		return nil, refuse(ErrOrder, "the sequence %q of stage %q is unknown", s.Sequence, s.Name)
	}
	return members, nil
}

// named returns the order that a stage names.
func (r *run) named(s *Stage) ([]int32, error) {
	seen := make(map[int32]bool, len(s.Order))
	order := make([]int32, 0, len(s.Order))
	for _, name := range s.Order {
		m, known := r.index[name]
		switch {
		case !known || r.stages[r.stage[m]] != s.Name:
			return nil, refuse(ErrOrder, "%q is no member of stage %q", name, s.Name)
		case seen[m]:
			return nil, refuse(ErrOrder, "stage %q names %q twice", s.Name, name)
		}
		seen[m] = true
		order = append(order, m)
	}
	for _, name := range s.Members {
		if !seen[r.index[name]] {
			return nil, refuse(ErrOrder, "stage %q does not name %q", s.Name, name)
		}
	}
	return order, nil
}

// fellows returns the other members of its stage that a member gives to.
func (r *run) fellows(m int32) []int32 {
	d := r.rule[m]
	if d == nil || d.earliest != r.stage[m] {
		return nil
	}
	var out []int32
	for _, to := range d.to {
		if to != m && r.stage[to] == r.stage[m] {
			out = append(out, to)
		}
	}
	return out
}

// byReference returns members so that each comes before those that it gives to.
func (r *run) byReference(members []int32) ([]int32, error) {
	givers := map[int32]int{} // how many give to a member and are not in the order yet
	for _, m := range members {
		for _, to := range r.fellows(m) {
			givers[to]++
		}
	}
	order := make([]int32, 0, len(members))
	for _, m := range members {
		if givers[m] == 0 {
			order = append(order, m)
		}
	}
	for i := 0; i < len(order); i++ {
		for _, to := range r.fellows(order[i]) {
			if givers[to]--; givers[to] == 0 {
				order = append(order, to)
			}
		}
	}
	if len(order) < len(members) {
		return nil, r.cycle(slices.DeleteFunc(members, func(m int32) bool { return givers[m] == 0 }))
	}
	return order, nil
}

// cycle names members that give to each other in a circle. Each of them has a giver among them: going from receiver to
// giver comes round.
func (r *run) cycle(members []int32) error {
	giver := map[int32]int32{}
	for _, m := range members {
		for _, to := range r.fellows(m) {
			giver[to] = m
		}
	}
	step := map[int32]int{}
	path := []int32{}
	for m := members[0]; ; m = giver[m] {
		if at, seen := step[m]; seen {
			path = path[at:]
			break
		}
		step[m] = len(path)
		path = append(path, m)
	}
	slices.Reverse(path)
	first := slices.Index(path, slices.Min(path))
	e := &CycleError{}
	for _, m := range slices.Concat(path[first:], path[:first]) {
		e.Members = append(e.Members, r.names[m])
	}
	return e
}
