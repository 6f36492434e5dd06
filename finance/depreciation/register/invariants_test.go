package register_test

import (
	"slices"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/itsmkit/itsm/calendar"
	"github.com/itsmkit/itsm/finance/depreciation"
	"github.com/itsmkit/itsm/finance/depreciation/register"
)

// settled holds that what was posted is as it was, and the values at the ends of posted charges too; and that a change left
// the values of all days before it as they were, but for the coin that the cut of a period rounds.
func (p *play) settled(before register.Asset) {
	for _, v := range before.Movements {
		require.Contains(p.t, p.a.Movements, v)
	}
	for _, c := range before.Charges {
		if c.Status != register.Posted {
			continue
		}
		require.Contains(p.t, p.a.Charges, c)
		was, err := before.Position(c.Book, c.Until)
		require.NoError(p.t, err)
		is, err := p.a.Position(c.Book, c.Until)
		require.NoError(p.t, err)
		require.Equal(p.t, was, is)
	}
	for _, v := range p.a.Movements {
		b := before.Book(v.Book)
		if slices.Contains(before.Movements, v) || v.On.Compare(b.Since) <= 0 {
			continue
		}
		on := b.Since.AddDays(rapid.IntRange(0, b.Since.DaysUntil(v.On)-1).Draw(p.t, "past"))
		was, err := before.Position(v.Book, on)
		require.NoError(p.t, err)
		is, err := p.a.Position(v.Book, on)
		require.NoError(p.t, err)
		require.InDelta(p.t, was.Value.Coins(), is.Value.Coins(), 1, "%s: the coin that a cut rounds", on)
	}
}

// booked posts the events of an asset to a ledger of three accounts a book, which must agree with the record once all that
// moved is past; and the charges that are planned must write the rest off.
func (p *play) booked(a register.Asset) {
	t := p.t
	for _, b := range a.Books {
		cost, adjusted, depreciated := int64(0), int64(0), int64(0)
		moved, charged := 0, 0
		for _, e := range p.history(a) {
			entry, err := register.EntryOf(e)
			require.NoError(t, err)
			for _, v := range entry.Movements {
				if v.Book == b.Name {
					moved++
					require.Equal(t, moved, v.Number)
					cost, adjusted, depreciated = cost+v.Cost.Coins(), adjusted+v.Adjusted.Coins(), depreciated+v.Depreciated.Coins()
					if v.Cause == register.Disposal {
						require.Equal(t, v.Proceeds.Coins()+v.Cost.Coins()+v.Adjusted.Coins()-v.Depreciated.Coins(), v.Gain.Coins())
					}
				}
			}
			for _, c := range entry.Charges {
				if c.Book == b.Name {
					charged++
					require.Equal(t, charged, c.Number)
					require.GreaterOrEqual(t, c.Amount.Sign(), 0)
					depreciated += c.Amount.Coins()
				}
			}
		}
		require.GreaterOrEqual(t, depreciated, int64(0))
		p.between(a, b)
		planned := int64(0)
		for _, c := range a.Charges {
			if c.Book == b.Name && c.Status == register.Planned {
				require.GreaterOrEqual(t, c.Amount.Sign(), 0)
				planned += c.Amount.Coins()
			}
		}
		end, err := a.Position(b.Name, day("2999-12-31"))
		require.NoError(t, err)
		require.Equal(t, [3]int64{cost, adjusted, depreciated + planned}, [3]int64{end.Cost.Coins(), end.Adjusted.Coins(), end.Depreciated.Coins()})
		switch {
		case a.State != register.InService:
			require.Equal(t, int64(0), end.Value.Coins())
		case b.Plan.Method == depreciation.UnitsOfUse:
			require.GreaterOrEqual(t, end.Value.Coins(), b.Plan.Salvage.Coins())
		default:
			require.Equal(t, b.Plan.Salvage, end.Value)
		}
	}
}

// between holds at the end of each charge that what was written off is the charges so far, less what left with disposals, and
// on some day within that it lies between the two ends.
func (p *play) between(a register.Asset, b register.Book) {
	t, sum := p.t, int64(0)
	for _, c := range a.Charges {
		if c.Book != b.Name || c.Status == register.Given {
			continue
		}
		moved := func(on calendar.Date) (out int64) {
			for _, v := range a.Movements {
				if v.Book == b.Name && v.On.Compare(on) <= 0 {
					out += v.Depreciated.Coins()
				}
			}
			return out
		}
		within := c.From.AddDays(rapid.IntRange(0, c.From.DaysUntil(c.Until)).Draw(t, "within"))
		at, err := a.Position(b.Name, within)
		require.NoError(t, err)
		require.GreaterOrEqual(t, at.Depreciated.Coins(), sum+moved(within))
		sum += c.Amount.Coins()
		require.LessOrEqual(t, at.Depreciated.Coins(), sum+moved(within))
		end, err := a.Position(b.Name, c.Until)
		require.NoError(t, err)
		require.Equal(t, sum+moved(c.Until), end.Depreciated.Coins())
		require.Equal(t, end.Cost.Coins()+end.Adjusted.Coins()-end.Depreciated.Coins(), end.Value.Coins())
	}
}
