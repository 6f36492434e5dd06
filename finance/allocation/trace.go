package allocation

import (
	"iter"
	"math/big"
)

// Share is how much of a line comes to an end, exactly.
type Share struct {
	Line     Line
	End      End
	Fraction *big.Rat // of the line; shared with other shares and not to be changed
}

// Amount returns the fraction of the line's amount, in units of its currency and not rounded.
func (s Share) Amount() *big.Rat { return new(big.Rat).Mul(s.Line.Amount.Rat(), s.Fraction) }

// TraceLine returns where a line went: its share of each end that has one, members in the order of the model and then
// what is idle. The amounts add up to the line exactly.
func (r *Result) TraceLine(id string) (iter.Seq[Share], error) {
	number, err := r.lineOf(id)
	if err != nil {
		return nil, err
	}
	return func(yield func(Share) bool) {
		for node, p := range r.forward(r.lines.at[number]) {
			if p != nil && p.Sign() != 0 && r.ends(int32(node)) && !yield(Share{r.line(number), r.endOf(int32(node)), p}) {
				return
			}
		}
	}, nil
}

// TraceEnd returns what an end is made of: the share of each line that has one, in the order of the lines. The amounts
// add up to the end exactly.
func (r *Result) TraceEnd(e End) (iter.Seq[Share], error) {
	to, err := r.node(e)
	if err != nil {
		return nil, err
	}
	return func(yield func(Share) bool) {
		parts := make([]*big.Rat, len(r.balance))
		r.backward(to, nil, parts)
		for number, m := range r.lines.at {
			if p := parts[m]; p != nil && p.Sign() != 0 && !yield(Share{r.line(number), e, p}) {
				return
			}
		}
	}, nil
}

// Share returns the share of one line in one end, which may be zero.
func (r *Result) Share(id string, e End) (Share, error) {
	number, err := r.lineOf(id)
	if err != nil {
		return Share{}, err
	}
	to, err := r.node(e)
	if err != nil {
		return Share{}, err
	}
	parts := make([]*big.Rat, len(r.balance))
	r.backward(to, r.reached(r.lines.at[number]), parts)
	s := Share{Line: r.line(number), End: e, Fraction: parts[r.lines.at[number]]}
	if s.Fraction == nil {
		s.Fraction = new(big.Rat)
	}
	return s, nil
}
