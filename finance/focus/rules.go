package focus

import "time"

// need says whether a value must be null in a row.
type need uint8

const (
	either need = iota
	null
	given
)

// rule is what FOCUS says of whether a value of a column is null in a row, by other columns of the row. It counts where the
// dataset has the columns.
type rule struct {
	column, by string
	need       func(*Charge, bool) need // the flag: whether the value of by is null
	why        [3]string                // by need
}

// priced is the rule for what comes with a price: never of a tax, always of usage and purchases but for corrections.
func priced(column string) rule {
	return rule{column, "ChargeCategory", func(c *Charge, _ bool) need {
		switch {
		case c.ChargeCategory == Tax:
			return null
		case (c.ChargeCategory == Usage || c.ChargeCategory == Purchase) && c.ChargeClass != Correction:
			return given
		}
		return either
	}, [3]string{null: "null where ChargeCategory is Tax", given: "a value where ChargeCategory is Usage or Purchase and ChargeClass is null"}}
}

// together is the rule for a column that is null just where another is.
func together(column, by string) rule {
	return rule{column, by, func(_ *Charge, none bool) need {
		if none {
			return null
		}
		return given
	}, [3]string{null: "null where " + by + " is null", given: "a value where " + by + " has one"}}
}

// only is the rule for a column that is null where another is.
func only(column, by string) rule {
	return rule{column, by, func(_ *Charge, none bool) need {
		if none {
			return null
		}
		return either
	}, [3]string{null: "null where " + by + " is null"}}
}

// status is the rule for how far something promised was used: always said of usage.
func status(column, by string) rule {
	return rule{column, by, func(c *Charge, none bool) need {
		switch {
		case none:
			return null
		case c.ChargeCategory == Usage:
			return given
		}
		return either
	}, [3]string{null: "null where " + by + " is null", given: "a value where " + by + " has one and ChargeCategory is Usage"}}
}

// committed is the rule for the quantity of a commitment discount.
func committed(c *Charge, none bool) need {
	switch {
	case none || c.ChargeCategory != Usage && c.ChargeCategory != Purchase:
		return null
	case c.ChargeClass != Correction:
		return given
	}
	return either
}

// consumed is the rule for the quantity that was consumed.
func consumed(c *Charge, _ bool) need {
	switch {
	case c.ChargeCategory != Usage || c.CommitmentDiscountStatus == Unused:
		return null
	case c.ChargeClass != Correction:
		return given
	}
	return either
}

var rules = []rule{ // never written to
	priced("PricingCategory"), priced("PricingQuantity"), priced("ListUnitPrice"), priced("ContractedUnitPrice"),
	priced("SkuId"), priced("SkuPriceId"), priced("PricingCurrencyContractedUnitPrice"), priced("PricingCurrencyListUnitPrice"),
	together("PricingUnit", "PricingQuantity"), together("ConsumedUnit", "ConsumedQuantity"),
	together("SubAccountName", "SubAccountId"), together("SubAccountType", "SubAccountId"),
	together("RegionName", "RegionId"), together("ResourceType", "ResourceId"), only("ResourceName", "ResourceId"),
	only("SkuMeter", "SkuId"), only("SkuPriceDetails", "SkuPriceId"),
	together("CommitmentDiscountCategory", "CommitmentDiscountId"), together("CommitmentDiscountType", "CommitmentDiscountId"),
	only("CommitmentDiscountName", "CommitmentDiscountId"), together("CommitmentDiscountUnit", "CommitmentDiscountQuantity"),
	status("CommitmentDiscountStatus", "CommitmentDiscountId"), status("CapacityReservationStatus", "CapacityReservationId"),
	{"CommitmentDiscountQuantity", "CommitmentDiscountId", committed, [3]string{
		null:  "null where CommitmentDiscountId is null or ChargeCategory is neither Usage nor Purchase",
		given: "a value where CommitmentDiscountId has one, ChargeCategory is Usage or Purchase and ChargeClass is null"}},
	{"ConsumedQuantity", "ChargeCategory", consumed, [3]string{
		null:  "null where ChargeCategory is not Usage or CommitmentDiscountStatus is Unused",
		given: "a value where ChargeCategory is Usage, ChargeClass is null and CommitmentDiscountStatus is not Unused"}},
}

// bound is a rule with the places of its columns in the table.
type bound struct {
	*rule
	column, by int
}

// boundRules returns the rules that count for a dataset with some columns.
func boundRules(has func(column int) bool) []bound {
	var out []bound
	for i := range rules {
		b := bound{&rules[i], columnNamed(rules[i].column), columnNamed(rules[i].by)}
		if has(b.column) && has(b.by) {
			out = append(out, b)
		}
	}
	return out
}

// judge compares a charge with the rules that involve several columns.
func (r *Reader) judge(c *Charge, wrong uint64) {
	for _, b := range r.rules {
		if wrong&(1<<b.column|1<<b.by) > 0 {
			continue // that is a problem already
		}
		none := isNull(columns[b.column].at(c))
		switch n := b.need(c, isNull(columns[b.by].at(c))); {
		case n == null && !none:
			r.fail(columns[b.column].name, "", flaw{"must_be_null", b.why[null], true})
		case n == given && none:
			r.fail(columns[b.column].name, "", flaw{"required", b.why[given], true})
		}
	}
	if c.ChargeFrequency == UsageBased && c.ChargeCategory == Purchase {
		r.fail("ChargeFrequency", string(UsageBased), flaw{"choice", "One-Time or Recurring where ChargeCategory is Purchase", true})
	}
	if c.ServiceSubcategory != "" && c.ServiceCategory != "" && !hasSubcategory(c.ServiceCategory, c.ServiceSubcategory) {
		r.fail("ServiceSubcategory", c.ServiceSubcategory, flaw{"choice", subcategories(c.ServiceCategory), true})
	}
	r.judgePeriod("BillingPeriodEnd", c.BillingPeriodStart, c.BillingPeriodEnd)
	r.judgePeriod("ChargePeriodEnd", c.ChargePeriodStart, c.ChargePeriodEnd)
}

// judgePeriod refuses a period that ends before it starts; one without length is a minor flaw.
func (r *Reader) judgePeriod(column string, from, until time.Time) {
	if !from.IsZero() && !until.IsZero() && !until.After(from) {
		r.fail(column, until.Format(time.RFC3339), flaw{"period", "an instant after the start, " + from.Format(time.RFC3339), until.Equal(from)})
	}
}
