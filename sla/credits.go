package sla

import (
	"cmp"
	"slices"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/money"
)

// CreditDue is what a period means under an agreement: whether its goal was missed, and which credit is due.
type CreditDue struct {
	Attained Attained     `json:"attained"`        // all counts of the period
	Missed   bool         `json:"missed"`          // less than the goal was met
	Step     Credit       `json:"step,omitzero"`   // the one that applies; zero: none
	Amount   money.Amount `json:"amount,omitzero"` // nothing is 0.00 of the fee's currency; zero where there is no fee
}

// Credits returns for each period what is due under an agreement: of the steps that its attainment is below the lowest one
// alone, and of that the share of the fee, rounded once. The comparison is exact, by the counts. A period without anything
// that counts misses no goal. The fee is that of a whole period, also where the agreement was in force for a part of it.
//
// The rows are those of [Attain] by the agreement's own period, and by [PerAgreement] where clocks run under several; rows
// of other agreements, and of other types, are left out, and those of one period are added up.
func Credits(a Agreement, rows []Attained, rounding money.Rounding) ([]CreditDue, error) {
	if a.ID == (itsm.ID{}) {
		a.ID = a.digest() // as [Compile] names one that is not stored
	}
	period, own := cmp.Or(a.Period, Month), a.Ref(AgreementName)
	var out []CreditDue
	for _, row := range rows {
		if row.Length != period {
			return nil, itsm.Invalid("period", "other_than_agreed", "value", string(row.Length), "want", string(period))
		}
		if !row.Agreement.IsZero() && row.Agreement != own || row.Type != "" && row.Type != a.Type {
			continue
		}
		i := slices.IndexFunc(out, func(d CreditDue) bool { return d.Attained.From.Equal(row.From) })
		if i < 0 {
			i = len(out)
			out = append(out, CreditDue{Attained: Attained{Length: period, Period: row.Period, From: row.From, Until: row.Until, Agreement: own, Type: a.Type}})
		}
		out[i].Attained.add(row)
	}
	for i := range out {
		if err := out[i].settle(&a, rounding); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// settle decides about a period.
func (d *CreditDue) settle(a *Agreement, rounding money.Rounding) error {
	d.Missed = d.Attained.below(a.Goal)
	for _, c := range a.Credits {
		if d.Attained.below(c.Below) && (d.Step == Credit{} || c.Below < d.Step.Below) {
			d.Step = c
		}
	}
	if a.Fee == (money.Amount{}) {
		return nil
	}
	var err error
	d.Amount, err = a.Fee.Prorate(int64(d.Step.Share), whole, rounding)
	return err
}
