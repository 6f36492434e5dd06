package asset

import (
	"strconv"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/calendar"
	"github.com/itsmkit/itsm/money"
)

// Metric is what a licence counts.
type Metric string

// The metrics.
const (
	PerDevice     Metric = "device"     // each device that has it installed
	PerUser       Metric = "user"       // each named person who may use it
	PerConcurrent Metric = "concurrent" // the most uses at one time
	PerCore       Metric = "core"       // the cores of the processors that it runs on, weighed by their type
	PerSeat       Metric = "seat"       // each person to whom a subscription is assigned
)

// Choices returns the metrics for a pick box.
func (Metric) Choices() []string {
	return []string{string(PerDevice), string(PerUser), string(PerConcurrent), string(PerCore), string(PerSeat)}
}

// Product is a release of a piece of software that needs a licence.
type Product struct {
	Name    string `json:"name"`
	Line    string `json:"line,omitempty"`    // releases of one line follow each other; none: it stands alone
	Release int    `json:"release,omitempty"` // its place in the line, the oldest lowest
	// ReleasedOn is when it came out: a right to upgrade reaches what came out before it ended.
	ReleasedOn calendar.Date `json:"released_on,omitzero"`
	Metric     Metric        `json:"metric"`
	Cores      CoreRule      `json:"cores,omitzero"` // how cores are counted
	// CoversLower lets earlier releases of the line on the same device or for the same person run without a licence
	// of their own.
	CoversLower bool         `json:"covers_lower,omitempty"`
	Price       money.Amount `json:"price,omitzero"` // of one more unit, in the currency of the position
}

// CoreRule says how cores are counted as units of a licence.
type CoreRule struct {
	MinPerProcessor int64  `json:"min_per_processor,omitempty"` // each processor counts at least so many
	MinPerServer    int64  `json:"min_per_server,omitempty"`    // each server counts at least so many
	Factors         string `json:"factors,omitempty"`           // the table of factors by processor type; none: each core is one
	// Total rounds the weighed cores up once for all servers of a processor type; else each server is rounded up.
	Total bool  `json:"total,omitempty"`
	Pack  int64 `json:"pack,omitempty"` // licences are sold in packs of so many cores: each server is filled up
}

// Entitlement is a right to use software, with its terms.
type Entitlement struct {
	Product  string        `json:"product"`
	Metric   Metric        `json:"metric"`
	Quantity int64         `json:"quantity"`
	From     calendar.Date `json:"from,omitzero"`  // its first day; zero: always was
	Until    calendar.Date `json:"until,omitzero"` // its last day; zero: for ever
	// Downgrade allows earlier releases of the product's line.
	Downgrade bool `json:"downgrade,omitempty"`
	// UpgradeUntil allows later releases of the line that came out on or before the day; zero: none.
	UpgradeUntil calendar.Date `json:"upgrade_until,omitzero"`
	Also         []string      `json:"also,omitempty"`     // further products that the terms allow instead
	Cost         money.Amount  `json:"cost,omitzero"`      // what one unit cost
	Agreement    itsm.Ref      `json:"agreement,omitzero"` // the contract that it stands on
}

// InForce tells whether the right exists on a day.
func (e *Entitlement) InForce(on calendar.Date) bool {
	return (e.From.IsZero() || e.From.Compare(on) <= 0) && (e.Until.IsZero() || on.Compare(e.Until) <= 0)
}

func (e *Entitlement) problems(at string) []itsm.Problem {
	var out []itsm.Problem
	check := func(ok bool, path, code string, params ...string) {
		if ok {
			return
		}
		p := itsm.Problem{Path: at + path, Code: code, Params: map[string]string{}}
		for i := 0; i+1 < len(params); i += 2 {
			p.Params[params[i]] = params[i+1]
		}
		out = append(out, p)
	}
	check(e.Product != "", "product", "required")
	check(e.Metric != "", "metric", "required") // which ones there are the kernel knows of a record, and checkHoldings of an estate
	check(e.Quantity >= 1 && e.Quantity <= maxUnits, "quantity", "range", "min", "1", "max", strconv.Itoa(maxUnits), "value", strconv.FormatInt(e.Quantity, 10))
	check(e.Until.IsZero() || e.Until.Compare(e.From) >= 0, "until", "before_from", "from", e.From.String(), "value", e.Until.String())
	check(e.Cost.IsZero() || e.Cost.Sign() >= 0, "cost", "negative", "value", e.Cost.String())
	return out
}

// maxUnits is the most of one product that is counted.
const maxUnits = 1_000_000_000
