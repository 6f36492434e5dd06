package allocation

import (
	"iter"
	"math"

	"github.com/itsmkit/itsm/money"
)

// Count makes a driver that counts how often each name occurs: of the customer of each incident handled, of each
// head's department. The weights are in the order of their first occurrence.
func Count(name string, occurrences iter.Seq[string]) (Driver, error) {
	d, index, counts := Driver{Name: name}, map[string]int{}, []int32{}
	for to := range occurrences {
		i, known := index[to]
		if !known {
			i = len(counts)
			index[to], counts = i, append(counts, 0)
			d.Weights = append(d.Weights, Weight{To: to})
		}
		if counts[i] == math.MaxInt32 {
			return Driver{}, refuse(money.ErrOverflow, "driver %q counts %q more than %d times", name, to, counts[i])
		}
		counts[i]++
	}
	for i, n := range counts {
		d.Weights[i].Units = money.Int(n)
	}
	return d, nil
}

// Cost makes a driver of amounts, such as the cost of the configuration items that each service uses. The amounts of one
// name add up; they are all in one currency. The weights are in the order of their first occurrence.
func Cost(name string, amounts iter.Seq2[string, money.Amount]) (Driver, error) {
	d, index, sums := Driver{Name: name}, map[string]int{}, []money.Amount{}
	for to, amount := range amounts {
		i, known := index[to]
		if !known {
			i = len(sums)
			zero, err := amount.Sub(amount)
			if err != nil {
				return Driver{}, refuse(err, "driver %q, cost of %q", name, to)
			}
			index[to], sums = i, append(sums, zero)
			d.Weights = append(d.Weights, Weight{To: to})
		}
		sum, err := sums[i].Add(amount)
		if err == nil {
			_, err = amount.Cmp(sums[0])
		}
		if err != nil {
			return Driver{}, refuse(err, "driver %q, cost of %q", name, to)
		}
		sums[i] = sum
	}
	for i, sum := range sums {
		d.Weights[i].Units = sum.Price().Number()
	}
	return d, nil
}
