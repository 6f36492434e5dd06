package focus

import (
	"fmt"
	"iter"
	"maps"
	"slices"
	"time"

	"github.com/itsmkit/itsm/calendar"
	"github.com/itsmkit/itsm/money"
)

// Line is a charge as a cost line.
type Line struct {
	Key  string `json:"key"`  // the same at each import of the same data, see [Keys]
	Line int    `json:"line"` // of the dataset

	Provider           string         `json:"provider,omitempty"`
	Publisher          string         `json:"publisher,omitempty"`
	SubAccount         string         `json:"sub_account,omitempty"` // its ID
	SubAccountName     string         `json:"sub_account_name,omitempty"`
	Category           ChargeCategory `json:"category"`
	Class              ChargeClass    `json:"class,omitempty"`
	Service            string         `json:"service"`
	ServiceCategory    string         `json:"service_category,omitempty"`
	ServiceSubcategory string         `json:"service_subcategory,omitempty"`
	Resource           string         `json:"resource,omitempty"` // its ID
	Region             string         `json:"region,omitempty"`   // its ID
	Description        string         `json:"description,omitempty"`
	From               time.Time      `json:"from"` // of the charge period
	Until              time.Time      `json:"until"`
	Tags               Tags           `json:"tags,omitempty"`

	Cost   money.Price  `json:"cost"`   // exact
	Amount money.Amount `json:"amount"` // rounded: one of the two amounts beside the cost, or the cost itself
}

// Dates returns the first and the last date of the charge period, in UTC: its end is the moment after it.
func (l Line) Dates() (from, until calendar.Date) {
	from, until = calendar.DateOf(l.From.UTC()), calendar.DateOf(l.Until.UTC().Add(-1))
	if until.Compare(from) < 0 {
		until = from
	}
	return from, until
}

// Bill is the charges of an invoice, or those of a billing account and billing period that are on no invoice yet, in one
// currency.
//
// The amounts of its lines add up to the total. They are rounded by the method of the largest remainder: each cost is
// rounded down (towards -∞) to the coin, and the coins that are left go one each to the lines with the largest remainders.
// So no line is a coin or more away from its cost, and the sum of all those distances is the least possible. Credits are
// lines below zero as any other. Of equal remainders a credit comes before a charge, of charges the earlier, of credits the
// later: so that the opposite of a bill has the opposite amounts.
type Bill struct {
	Issuer   string         `json:"issuer,omitempty"`
	Invoice  string         `json:"invoice,omitempty"` // its ID; "" if there is none yet
	Account  string         `json:"account,omitempty"` // the billing account of the first line
	Currency money.Currency `json:"currency"`
	From     time.Time      `json:"from"` // of the billing period of the first line
	Until    time.Time      `json:"until"`

	Exact   Sum          `json:"exact"` // the sum of the costs
	Total   money.Amount `json:"total"` // the amount of the invoice if it was given, else Exact rounded
	Lines   []Line       `json:"lines"`
	Repeats []int        `json:"repeats,omitempty"` // the places of lines that say what another line said before
}

// Billing is how bills are made.
type Billing struct {
	Basis    Basis          // "" is Billed
	Rounding money.Rounding // of a total, to the coin; required
	// Invoices are the totals of invoices, by their ID, as they were received. Lines add up to them instead of to the
	// rounded sum of the costs. An amount in another currency, one that the costs cannot be rounded to and an invoice that
	// no charge names are [ErrInvoice]. It goes with the basis Billed only.
	Invoices map[string]money.Amount
}

// Bills makes bills of charges, in the order in which each invoice comes first. It ends with the first error of the charges
// and makes none then.
func Bills(charges iter.Seq2[*Charge, error], o Billing) ([]Bill, error) {
	type account struct { // of charges on no invoice
		account     string
		from, until time.Time
	}
	type group struct {
		issuer, invoice string
		currency        money.Currency
		account
	}
	if o.Basis == "" {
		o.Basis = Billed
	}
	if !slices.Contains(o.Basis.Choices(), string(o.Basis)) {
		return nil, fmt.Errorf("focus: Billing.Basis is %q, want one of %v", o.Basis, o.Basis.Choices())
	}
	if o.Basis != Billed && len(o.Invoices) > 0 {
		return nil, fmt.Errorf("focus: %w: totals are given for the basis %s, but only billed costs add up to invoices", ErrInvoice, o.Basis)
	}
	var out []Bill
	var keys Keys
	places := map[group]int{}
	for c, err := range charges {
		if err != nil {
			return nil, err
		}
		g := group{issuer: c.InvoiceIssuerName, invoice: c.InvoiceId, currency: c.BillingCurrency}
		if c.InvoiceId == "" {
			g.account = account{c.BillingAccountId, c.BillingPeriodStart, c.BillingPeriodEnd}
		}
		at, known := places[g]
		if !known {
			at = len(out)
			places[g] = at
			out = append(out, Bill{Issuer: g.issuer, Invoice: g.invoice, Currency: g.currency,
				Account: c.BillingAccountId, From: c.BillingPeriodStart, Until: c.BillingPeriodEnd})
		}
		if err := out[at].add(c, &keys, o.Basis); err != nil {
			return nil, fmt.Errorf("focus: line %d: %w", c.Line, err)
		}
	}
	if err := o.checkInvoices(out); err != nil {
		return nil, err
	}
	for i := range out {
		if err := out[i].round(o); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// add takes a charge as a line.
func (b *Bill) add(c *Charge, keys *Keys, basis Basis) error {
	cost := c.Cost(basis)
	exact, err := b.Exact.Add(cost)
	if err != nil {
		return err
	}
	if cost.IsZero() {
		return fmt.Errorf("the %s cost is null", basis)
	}
	key, nth := keys.Key(c)
	if nth > 1 {
		b.Repeats = append(b.Repeats, len(b.Lines))
	}
	b.Exact = exact
	b.Lines = append(b.Lines, Line{
		Key: key, Line: c.Line, Provider: c.ProviderName, Publisher: c.PublisherName,
		SubAccount: c.SubAccountId, SubAccountName: c.SubAccountName, Category: c.ChargeCategory, Class: c.ChargeClass,
		Service: c.ServiceName, ServiceCategory: c.ServiceCategory, ServiceSubcategory: c.ServiceSubcategory,
		Resource: c.ResourceId, Region: c.RegionId, Description: c.ChargeDescription,
		From: c.ChargePeriodStart, Until: c.ChargePeriodEnd, Tags: c.Tags, Cost: cost,
	})
	return nil
}

// checkInvoices refuses totals of invoices that no bill, or more than one, is for.
func (o *Billing) checkInvoices(bills []Bill) error {
	if len(o.Invoices) == 0 {
		return nil
	}
	count := map[string]int{}
	for i := range bills {
		count[bills[i].Invoice]++
	}
	for _, id := range slices.Sorted(maps.Keys(o.Invoices)) {
		n := count[id]
		switch {
		case id == "":
			return fmt.Errorf("focus: %w: a total is given without an ID", ErrInvoice)
		case n == 0:
			return fmt.Errorf("focus: %w %q: a total is given, but no charge is on it", ErrInvoice, clip(id))
		case n > 1:
			return fmt.Errorf("focus: %w %q: a total is given, but there are %d of that ID, by issuer or currency", ErrInvoice, clip(id), n)
		}
	}
	return nil
}
