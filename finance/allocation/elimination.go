package allocation

import "math/big"

// elimination is the factors of the matrix of a system in floats. It never subtracts: the pivot of a giver is what it
// gives to receivers and to givers that are not eliminated yet, after Grassmann, Taksar and Heyman (Operations Research
// 33, 1985). So each share is found with a small relative error, however near to a closed loop the system is.
type elimination struct {
	// weights[i][j] is what i gives to j > i when the givers before i are eliminated, and the factor with which i took
	// part in the elimination of j < i. What comes back to i itself does not count, so that i = j has no meaning.
	weights [][]float64
	pivot   []float64
}

func (s *system) eliminate() *elimination {
	n := len(s.total)
	e := &elimination{weights: make([][]float64, n), pivot: make([]float64, n)}
	leaving := make([]float64, n)
	flat := make([]float64, n*n)
	for i := range n {
		e.weights[i] = flat[i*n : (i+1)*n]
		for _, c := range s.within[i] {
			e.weights[i][c.to] = float64(c.units)
		}
		for _, c := range s.out[i] {
			leaving[i] += float64(c.units)
		}
	}
	for k := range n {
		after := e.weights[k][k+1:]
		pivot := leaving[k]
		for _, u := range after {
			pivot += u
		}
		e.pivot[k] = pivot
		for i := k + 1; i < n; i++ {
			if e.weights[i][k] == 0 {
				continue
			}
			factor := e.weights[i][k] / pivot
			e.weights[i][k] = factor
			leaving[i] += factor * leaving[k]
			row := e.weights[i][k+1:][:len(after)]
			for j, u := range after {
				row[j] += factor * u
			}
		}
	}
	return e
}

// shares turns what each giver gives to each receiver into the rows of Q, in place.
func (e *elimination) shares(out [][]float64) {
	add := func(to, from []float64, factor float64) {
		for j, v := range from {
			to[j] += factor * v
		}
	}
	for k, row := range out {
		for i := k + 1; i < len(out); i++ {
			if factor := e.weights[i][k]; factor != 0 {
				add(out[i], row, factor)
			}
		}
	}
	for k := len(out) - 1; k >= 0; k-- {
		for j := k + 1; j < len(out); j++ {
			if u := e.weights[k][j]; u != 0 {
				add(out[k], out[j], u)
			}
		}
		for j := range out[k] {
			out[k][j] /= e.pivot[k]
		}
	}
}

// unitCosts solves the transposed system.
func (e *elimination) unitCosts(costs []float64) []float64 {
	y := make([]float64, len(costs))
	copy(y, costs)
	for k := range y {
		y[k] /= e.pivot[k]
		for j := k + 1; j < len(y); j++ {
			y[j] += e.weights[k][j] * y[k]
		}
	}
	for i := len(y) - 1; i >= 0; i-- {
		for k := range i {
			y[k] += e.weights[i][k] * y[i]
		}
	}
	return y
}

func float(n *big.Int) float64 {
	f, _ := new(big.Float).SetInt(n).Float64()
	return f
}
