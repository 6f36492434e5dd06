package charging

import (
	"slices"

	"github.com/itsmkit/itsm/money"
)

// Unbilled returns what is to be billed now: the lines that were rated less those that were billed before. With nothing
// billed it is the bill. For a period that was billed and whose usage, subscriptions or prices turned out otherwise, it is
// the correction: lines of the same period with the difference, negative ones where too much was billed. What was billed is
// never changed, and billed and unbilled lines together always add up to the rated ones. A line without a difference is
// left out.
//
// Rate all usage of the period for it, not what came late alone: tiers, packages and minimums count over all of it.
func Unbilled(rated, billed []Line) ([]Line, error) {
	lines := slices.Concat(rated, billed)
	for i := range lines[len(rated):] {
		line := &lines[len(rated)+i]
		line.Quantity, line.Amount, line.Records = line.Quantity.Neg(), line.Amount.Neg(), -line.Records
	}
	lines, err := merge(lines)
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(lines, func(l Line) bool {
		return l.Quantity.Sign() == 0 && l.Amount.Sign() == 0 && l.Records == 0
	}), nil
}

// Net adds up the amounts of lines, all in one currency. That of none is 0.
func Net(c money.Currency, lines []Line) (money.Amount, error) {
	amounts := make([]money.Amount, len(lines))
	for i := range lines {
		amounts[i] = lines[i].Amount
	}
	return money.Sum(c, amounts)
}

// Commitment is a minimum that a customer pays for a period.
type Commitment struct {
	Customer string       `json:"customer"`
	Item     string       `json:"item"` // what the line that makes up for it is called
	Minimum  money.Amount `json:"minimum"`
	Tax      money.Number `json:"tax,omitzero"`
}

// TopUp returns the line that makes the customer's lines within a period up to the minimum, 0 where they reach it. Append it
// to the rated lines before [Unbilled]: late usage then lowers it.
func (c Commitment) TopUp(p Period, rated []Line) (Line, error) {
	if err := checkDays(p.From, p.Until); err != nil {
		return Line{}, err
	}
	if c.Customer == "" || c.Item == "" || c.Minimum.Sign() < 0 {
		return Line{}, refuse(ErrMode, "a commitment of %s by customer %q as item %q: both are required, and 0 or more", c.Minimum, clip(c.Customer), clip(c.Item))
	}
	var own []Line
	for _, line := range rated {
		if line.Customer == c.Customer && line.Of != OfCommitment && p.Has(line.Period.From) && p.Has(line.Period.Until) {
			own = append(own, line)
		}
	}
	net, err := Net(c.Minimum.Currency(), own)
	if err == nil {
		net, err = topUp(net, c.Minimum)
	}
	if err != nil {
		return Line{}, at(err, "the commitment of customer %q", clip(c.Customer))
	}
	return Line{Customer: c.Customer, Item: c.Item, Of: OfCommitment, Period: p, Quantity: money.Int(1), Amount: net, Tax: c.Tax, Records: 1}, nil
}
