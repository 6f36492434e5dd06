package investment

import "math/big"

// polynomial is whole coefficients, the one of x to the power of 0 first, without zeros at the end.
type polynomial []*big.Int

// trim drops zeros at the end.
func (p polynomial) trim() polynomial {
	for len(p) > 0 && p[len(p)-1].Sign() == 0 {
		p = p[:len(p)-1]
	}
	return p
}

func (p polynomial) degree() int    { return len(p) - 1 }
func (p polynomial) last() *big.Int { return p[len(p)-1] }

// primitive divides the coefficients by their greatest common divisor; their signs stay.
func (p polynomial) primitive() polynomial {
	common := new(big.Int)
	for _, c := range p {
		common.GCD(nil, nil, common, new(big.Int).Abs(c))
	}
	if common.Sign() == 0 {
		return p
	}
	out := make(polynomial, len(p))
	for i, c := range p {
		out[i] = new(big.Int).Quo(c, common)
	}
	return out
}

// derivative returns the first derivative.
func (p polynomial) derivative() polynomial {
	out := make(polynomial, 0, len(p))
	for i := 1; i < len(p); i++ {
		out = append(out, new(big.Int).Mul(p[i], big.NewInt(int64(i))))
	}
	return out.trim()
}

// divide returns quotient and remainder of p times some positive number by q: enough where only signs and roots
// matter, and the coefficients stay whole.
func (p polynomial) divide(q polynomial) (quotient, rest polynomial) {
	rest = make(polynomial, len(p))
	for i, c := range p {
		rest[i] = new(big.Int).Set(c)
	}
	scale := new(big.Int).Abs(q.last())
	quotient = make(polynomial, max(len(p)-len(q)+1, 0))
	for i := range quotient {
		quotient[i] = new(big.Int)
	}
	for shift := len(p) - len(q); shift >= 0; shift-- {
		top := rest[shift+q.degree()]
		factor := new(big.Int).Mul(top, big.NewInt(int64(q.last().Sign())))
		for _, list := range []polynomial{rest, quotient} {
			for _, c := range list {
				c.Mul(c, scale)
			}
		}
		quotient[shift].Set(factor)
		for i, c := range q {
			rest[shift+i].Sub(rest[shift+i], new(big.Int).Mul(factor, c))
		}
	}
	return quotient.trim(), rest.trim()
}

// changes counts the changes of sign in a row of numbers, zeros left out.
func changes(signs []int) int {
	count, before := 0, 0
	for _, s := range signs {
		if s != 0 && before != 0 && s != before {
			count++
		}
		if s != 0 {
			before = s
		}
	}
	return count
}

// signs returns the signs of the coefficients.
func (p polynomial) signs() []int {
	out := make([]int, len(p))
	for i, c := range p {
		out[i] = c.Sign()
	}
	return out
}

// sign returns the sign of p at n/2^bits.
func (p polynomial) sign(n *big.Int, bits int) int {
	if bits < 0 {
		n, bits = new(big.Int).Lsh(n, uint(-bits)), 0
	}
	sum, c := new(big.Int), new(big.Int)
	for i := len(p) - 1; i >= 0; i-- { // Horner's rule with the denominators multiplied out
		sum.Mul(sum, n)
		sum.Add(sum, c.Lsh(p[i], uint(bits*(p.degree()-i))))
	}
	return sum.Sign()
}

// maxHalvings is how often an interval around a root is halved at most. The rate of an outlay and one flow differs from 0 by
// more than 2^-126, if at all, and a float64 has 53 digits behind that.
const maxHalvings = 200

// root returns the only root above 0 of a polynomial that changes its sign there, as n/2^bits: exactly, or the lower end of
// an interval of 1/2^bits around it that is narrow enough.
func (p polynomial) root(narrow func(n *big.Int, bits int) bool) (n *big.Int, bits int) {
	one, below := big.NewInt(1), p[0].Sign()
	for p.sign(one, bits-1) == below {
		bits--
	}
	at := p.sign(one, bits)
	for at == -below {
		bits++
		at = p.sign(one, bits)
	}
	if at == 0 {
		return one, bits
	}
	n = big.NewInt(1)
	for range maxHalvings { // the root lies from n to n+1: which half?
		if narrow(n, bits) {
			break
		}
		n.Lsh(n, 1)
		bits++
		switch upper := new(big.Int).Add(n, one); p.sign(upper, bits) {
		case 0:
			return upper, bits
		case below:
			n = upper
		}
	}
	return n, bits
}

// positiveRoots counts the different roots above 0 by Sturm's theorem, and returns a polynomial that has the same
// ones, each once. The coefficient of x to the power of 0 is not 0.
func (p polynomial) positiveRoots() (count int, simple polynomial) {
	chain := []polynomial{p, p.derivative().primitive()}
	for {
		_, rest := chain[len(chain)-2].divide(chain[len(chain)-1])
		if len(rest) == 0 {
			break
		}
		rest = rest.primitive()
		for _, c := range rest {
			c.Neg(c)
		}
		chain = append(chain, rest)
	}
	var at0, atInfinity []int
	for _, q := range chain {
		at0, atInfinity = append(at0, q[0].Sign()), append(atInfinity, q.last().Sign())
	}
	simple, _ = p.divide(chain[len(chain)-1])
	return changes(at0) - changes(atInfinity), simple.primitive()
}
