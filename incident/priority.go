package incident

import (
	"fmt"
	"slices"
)

// Matrix gives the priority of each impact and urgency: Matrix[impact][urgency]. It is data; as JSON it is
// {"high":{"high":"p1",…},…}.
type Matrix map[Level]map[Level]Priority

// StandardMatrix returns the usual matrix of three levels and five priorities: high and high is P1, low and
// low P5, and each step down in impact or urgency is a step down in priority.
func StandardMatrix() Matrix {
	return Matrix{
		High:   {High: P1, Medium: P2, Low: P3},
		Medium: {High: P2, Medium: P3, Low: P4},
		Low:    {High: P3, Medium: P4, Low: P5},
	}
}

// Priority returns the priority of an impact and an urgency.
func (m Matrix) Priority(impact, urgency Level) Priority { return m[impact][urgency] }

// check refuses a matrix with a gap, an unknown level or priority, or one in which more impact or urgency
// gives a later priority.
func (m Matrix) check() error {
	levels := []Level{High, Medium, Low}
	for i := range m {
		if !slices.Contains(levels, i) {
			return fmt.Errorf("incident: Matrix: unknown impact %q, want %v", i, levels)
		}
		for u := range m[i] {
			if !slices.Contains(levels, u) {
				return fmt.Errorf("incident: Matrix: impact %s: unknown urgency %q, want %v", i, u, levels)
			}
		}
	}
	for x, i := range levels {
		for y, u := range levels {
			p := m[i][u]
			if !slices.Contains(p.Choices(), string(p)) {
				return fmt.Errorf("incident: Matrix: impact %s, urgency %s: priority %q, want one of %v", i, u, p, p.Choices())
			}
			if x > 0 && p < m[levels[x-1]][u] || y > 0 && p < m[i][levels[y-1]] {
				return fmt.Errorf("incident: Matrix: impact %s, urgency %s: %s comes before the priority of a higher level", i, u, p)
			}
		}
	}
	return nil
}

// clone returns a matrix that shares nothing.
func (m Matrix) clone() Matrix {
	out := Matrix{}
	for i, row := range m {
		out[i] = map[Level]Priority{}
		for u, p := range row {
			out[i][u] = p
		}
	}
	return out
}
