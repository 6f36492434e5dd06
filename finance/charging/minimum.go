package charging

import "github.com/itsmkit/itsm/money"

// Mode is over what a minimum commitment counts.
type Mode string

// The modes.
const (
	PerPeriod  Mode = "per_period" // each period costs the minimum at least
	Cumulative Mode = "cumulative" // all periods together do; what is missing is trued up at the end
)

// Choices returns the modes for a pick box.
func (Mode) Choices() []string { return []string{string(PerPeriod), string(Cumulative)} }

// Committed is what is charged under a minimum commitment: the charges of the periods and the true-up add up to the total.
type Committed struct {
	Charges []money.Amount `json:"charges"`
	TrueUp  money.Amount   `json:"true_up"`
	Total   money.Amount   `json:"total"`
}

// Commit applies a minimum commitment to the usage charges of periods, in order.
func Commit(usage []money.Amount, minimum money.Amount, mode Mode) (Committed, error) {
	c := minimum.Currency()
	zero, err := money.New(0, c)
	switch {
	case err != nil:
		return Committed{}, err
	case minimum.Sign() < 0:
		return Committed{}, refuse(ErrMode, "a minimum of %s, want 0 or more", minimum)
	case mode != PerPeriod && mode != Cumulative:
		return Committed{}, refuse(ErrMode, "%q is unknown, want one of %v", clip(string(mode)), mode.Choices())
	}
	out := Committed{Charges: make([]money.Amount, len(usage)), TrueUp: zero}
	for i, u := range usage {
		missing := zero
		if mode == PerPeriod {
			if missing, err = topUp(u, minimum); err != nil {
				return Committed{}, err
			}
		}
		if out.Charges[i], err = u.Add(missing); err != nil {
			return Committed{}, err
		}
	}
	sum, err := money.Sum(c, out.Charges)
	if err != nil {
		return Committed{}, err
	}
	if mode == Cumulative {
		if out.TrueUp, err = topUp(sum, minimum); err != nil {
			return Committed{}, err
		}
	}
	out.Total, err = sum.Add(out.TrueUp)
	return out, err
}

// topUp is what is missing to a minimum; 0 where nothing is.
func topUp(usage, minimum money.Amount) (money.Amount, error) {
	missing, err := minimum.Sub(usage)
	if err != nil || missing.Sign() >= 0 {
		return missing, err
	}
	return money.New(0, minimum.Currency())
}
