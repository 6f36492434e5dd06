package depreciation_test

import (
	"math/big"
	"time"

	"github.com/itsmkit/itsm/calendar"
	"github.com/itsmkit/itsm/finance/depreciation"
)

var depreciationRefusals = refusals{
	{depreciation.ErrSalvage, "salvage_above_cost"},
	{depreciation.ErrNegative, "negative_amount"},
	{depreciation.ErrPeriods, "bad_periods"},
}

var depreciationVectors = answers{
	"depreciation.schedule": func(in input) (any, error) {
		plan := depreciation.Plan{
			Method: depreciation.Method(in.text("method")), Convention: depreciation.Convention(in.text("convention")),
			Cost: in.amount("cost"), Salvage: in.amount("salvage"),
			Periods: in.whole("periods", 0), PeriodMonths: in.whole("period_months", 0),
			Start: date(in.text("start")), FirstEnd: date(in.text("first_period_end")),
			Rate: in.number("rate"), Factor: in.number("factor"), NoSwitch: !in.yes("switch", true),
			TotalUnits: in.number("total_units"), Rounding: in.rounding(),
		}
		var units []string
		in.into("units", &units)
		for _, u := range units {
			plan.Units = append(plan.Units, number(u))
		}
		amounts, err := plan.Amounts()
		if err != nil {
			return depreciationRefusals.answer(err)
		}
		return map[string]any{"amounts": plains(amounts)}, nil
	},
	"depreciation.sln": func(in input) (any, error) {
		return value(depreciation.SLN(in.number("cost"), in.number("salvage"), in.number("life")))
	},
	"depreciation.syd": func(in input) (any, error) {
		return value(depreciation.SYD(in.number("cost"), in.number("salvage"), in.number("life"), in.number("period")))
	},
	"depreciation.db": func(in input) (any, error) {
		return value(depreciation.DB(in.number("cost"), in.number("salvage"), in.number("life"), in.number("period"), in.whole("month", 0)))
	},
	"depreciation.ddb": func(in input) (any, error) {
		return value(depreciation.DDB(in.number("cost"), in.number("salvage"), in.number("life"), in.number("period"), in.number("factor")))
	},
	"depreciation.vdb": func(in input) (any, error) {
		return value(depreciation.VDB(in.number("cost"), in.number("salvage"), in.number("life"), in.number("start_period"),
			in.number("end_period"), in.number("factor"), in.yes("no_switch", false)))
	},
}

// value writes a fraction with more digits than any tolerance asks for.
func value(r *big.Rat, err error) (any, error) {
	if err != nil {
		return depreciationRefusals.answer(err)
	}
	return map[string]string{"value": r.FloatString(30)}, nil
}

// date reads a date; "" is none.
func date(text string) calendar.Date {
	if text == "" {
		return calendar.Date{}
	}
	t, err := time.Parse(time.DateOnly, text)
	if err != nil {
		panic(bad{err})
	}
	return calendar.DateOf(t)
}
