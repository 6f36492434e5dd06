package supplier

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/calendar"
	"github.com/itsmkit/itsm/lifecycle"
)

// The handles by which contracts are found, beside those that every kind has. Dates are YYYY-MM-DD.
var (
	ContractsBySupplier = itsm.Points("supplier", func(c *Contract) itsm.Ref { return c.Supplier })
	ContractsByOwner    = itsm.Text("owner", func(c *Contract) string { return c.Owner })
	// ContractsByDelivered finds the contracts that a service or item stands on directly.
	ContractsByDelivered = itsm.PointsEach("delivers", func(c *Contract) []itsm.Ref { return c.Terms.Delivers })
	ContractsByAgreement = itsm.PointsEach("agreement", func(c *Contract) []itsm.Ref { return c.Terms.Agreements })
	// ContractsByDecision leaves out those of which nothing has to be decided.
	ContractsByDecision = itsm.Text("decide_by", func(c *Contract) string { return c.DecideBy.String() }).Sparse()
	// ContractsByTerm is the last day of the term of those in force: what the sweep looks for.
	ContractsByTerm = itsm.Text("term", func(c *Contract) string { return c.term().String() }).Sparse()
)

// term returns the last day of the present term, zero for what is open or over.
func (c *Contract) term() calendar.Date {
	switch {
	case c.State != InForce && c.State != NoticeGiven:
		return calendar.Date{}
	case c.Notice != nil:
		return c.Notice.Ends
	}
	return c.Terms.Until
}

var contracts = sync.OnceValue(func() *itsm.Kind[Contract] {
	k, err := NewContractKind()
	if err != nil {
		panic(err) // the declaration is a constant, and a test makes it
	}
	return k
})

// ContractKind returns the standard contract. It is made once, on first use.
func ContractKind() *itsm.Kind[Contract] { return contracts() }

// NewContractKind returns the contract with a vendor's own fields.
func NewContractKind(fields ...itsm.Field) (*itsm.Kind[Contract], error) {
	l, err := lifecycle.New(ContractRules(), Expired, Terminated, Abandoned)
	if err != nil {
		return nil, err
	}
	return itsm.NewKind(ContractName, itsm.Declaration[Contract]{
		Lifecycle: l,
		Actions: []itsm.Offer[Contract]{itsm.Do(Draft{}), itsm.Do(Redraft{}), itsm.Do(Sign{}, isSignable), itsm.Do(Abandon{}), itsm.Do(Amend{}), itsm.Do(EditContract{}), itsm.Do(Renew{}, hasTerm),
			itsm.Do(RollOver{}, rollsOver), itsm.Do(GiveNotice{}, needsNotice), itsm.Do(WithdrawNotice{}, stillRuns), itsm.Do(Expire{}, hasExpired), itsm.Do(Terminate{}),
			itsm.Do(Oblige{}), itsm.Do(Deliver{}), itsm.Do(Waive{}), itsm.Do(OpenDispute{}), itsm.Do(Settle{}), itsm.Do(itsm.Review[Contract]{}),
			itsm.Do(itsm.Comment[Contract]{}), itsm.Do(itsm.Relate[Contract]{}), itsm.Do(itsm.Unrelate[Contract]{}), itsm.Do(itsm.SetAttributes[Contract]{})},
		Indexes: []itsm.Indexed[Contract]{ContractsBySupplier, ContractsByOwner, ContractsByDelivered, ContractsByAgreement, ContractsByDecision, ContractsByTerm,
			itsm.Then(ContractsBySupplier, itsm.ByState[Contract]())},
		Number:   itsm.Numbering{Prefix: "CTR"},
		Keyed:    []itsm.Keyed{{List: "terms.agreements"}, {List: "terms.delivers"}, {List: "obligations", By: []string{"id"}}, {List: "disputes", By: []string{"id"}}},
		Max:      map[string]int{"owner": 100, "reference": 100},
		Search:   []string{"title", "reference"},
		Fields:   fields,
		Review:   func(c *Contract) *itsm.ReviewClock { return &c.Review },
		Derive:   func(c *Contract, _ itsm.Moment) { c.derive() },
		Validate: validate,
	})
}

// derive keeps what must be decided by when.
func (c *Contract) derive() {
	c.NoticeBy, c.DecideBy = calendar.Date{}, calendar.Date{}
	switch c.State {
	case Expired, Terminated, Abandoned:
		c.Review.Every = itsm.Period{}
	}
	last := c.Terms.Until
	switch {
	case c.State == NoticeGiven && c.Notice != nil && c.Notice.By == Them: // what replaces it is still to be decided
		last = c.Notice.Ends
	case c.State != InForce || last.IsZero():
		return
	case c.Terms.Renewal.Mode != "":
		c.NoticeBy = lastNotice(last, c.Terms.Renewal.Notice)
		last = c.NoticeBy
	}
	c.DecideBy = minus(last, c.Terms.Renewal.Lead)
}

func hasTerm(c *Contract, _ itsm.Moment) error {
	if c.Terms.Until.IsZero() {
		return itsm.Deny("open_ended")
	}
	return nil
}

// needsNotice denies a notice where the contract ends by itself, and one that comes too late: the contract renews.
func needsNotice(c *Contract, m itsm.Moment) error {
	switch today := calendar.DateOf(m.Time); {
	case c.Terms.Until.IsZero():
	case c.Terms.Renewal.Mode != Automatic:
		return itsm.Deny("ends_by_itself", "until", c.Terms.Until.String())
	case today.Compare(c.NoticeBy) > 0:
		return itsm.Deny("too_late", "notice_by", c.NoticeBy.String(), "today", today.String())
	}
	return nil
}

// stillRuns denies to go on with what has ended, though no sweep has said so yet.
func stillRuns(c *Contract, m itsm.Moment) error {
	if n := c.Notice; n != nil && calendar.DateOf(m.Time).Compare(n.Ends) > 0 {
		return itsm.Deny("over", "ended", n.Ends.String())
	}
	return nil
}

func rollsOver(c *Contract, m itsm.Moment) error {
	if c.Terms.Renewal.Mode != Automatic {
		return itsm.Deny("not_automatic")
	}
	return passed(c.Terms.Until, m)
}

func hasExpired(c *Contract, m itsm.Moment) error {
	if c.lastDay().IsZero() {
		return itsm.Deny("open_ended")
	}
	return passed(c.lastDay(), m)
}

// passed denies until a day is over.
func passed(day calendar.Date, m itsm.Moment) error {
	if calendar.DateOf(m.Time).Compare(day) <= 0 {
		return itsm.Deny("not_due", "after", day.String())
	}
	return nil
}

// With is what [Draft] and [Sign] take from elsewhere: the supplier.
type With struct {
	Supplier *Supplier // nil if there is none
}

// With returns w.
func (w With) With() With { return w }

// Serial tells that a contract is signed together with the look at the supplier, see [itsm.Serial].
func (With) Serial() {}

// with returns what a moment has of elsewhere, or false where the desk has no [ContractFacts].
func with(m itsm.Moment) (With, bool) {
	has, ok := m.Facts.(interface{ With() With })
	if !ok {
		return With{}, false
	}
	return has.With(), true
}

// recordSupplier keeps on the event what the rules took from elsewhere.
func recordSupplier(m itsm.Moment) error {
	has, ok := with(m)
	if !ok {
		return nil
	}
	return m.Record("supplier", map[string]string{"number": has.Supplier.Number, "state": string(has.Supplier.State)})
}

// isSignable denies a signature under terms that are over, and with a supplier who is not approved.
func isSignable(c *Contract, m itsm.Moment) error {
	today := calendar.DateOf(m.Time)
	if !c.Terms.Until.IsZero() && c.Terms.Until.Compare(today) < 0 {
		return itsm.Deny("term_over", "until", c.Terms.Until.String(), "today", today.String())
	}
	has, ok := with(m)
	switch {
	case !ok:
	case has.Supplier == nil:
		return itsm.Deny("supplier_not_found")
	case has.Supplier.State != Approved:
		return itsm.Deny("supplier_not_approved", "state", string(has.Supplier.State), "supplier", has.Supplier.Number)
	}
	return nil
}

// ContractFacts returns what a desk for contracts needs as its Config.Facts: the supplier that is contracted, who must
// exist, and be approved when a contract is signed. Without it these rules are not asked.
func ContractFacts(suppliers itsm.Repository[Supplier]) func(context.Context, *Contract, itsm.Action[Contract]) (any, error) {
	return func(ctx context.Context, c *Contract, a itsm.Action[Contract]) (any, error) {
		actor, _ := itsm.ActorFrom(ctx)
		var of itsm.Ref
		switch a := a.(type) {
		case Draft:
			of = a.Supplier
		case Sign:
			if c == nil {
				return nil, nil
			}
			of = c.Supplier
		default:
			return nil, nil
		}
		if of.Kind != Name {
			return With{}, nil
		}
		found, err := suppliers.Get(ctx, itsm.Scope{Tenant: actor.Tenant}, of.ID)
		if err != nil || len(found) == 0 {
			return With{}, err
		}
		return With{Supplier: found[0]}, nil
	}
}

// Swept is what a sweep did.
type Swept struct {
	RolledOver int `json:"rolled_over"` // contracts that renewed by themselves
	Expired    int `json:"expired"`     // contracts that ended
}

// Sweep does everything that is due at a moment, in the tenant of the context's actor: it renews contracts of which
// nobody gave notice, and ends those whose last day has passed. Nothing ticks by itself: the host calls it, once a day
// or as often as it likes. What single records and permissions mean for it is told at [itsm.Desk.Sweep].
func Sweep(ctx context.Context, d *itsm.Desk[Contract], at time.Time) (Swept, error) {
	at = itsm.Instant(at)
	over := itsm.Where(ContractsByTerm.To(calendar.DateOf(at).AddDays(-1).String()))
	var done Swept
	rolled, err := d.Sweep(ctx, over, at, RollOver{})
	if done.RolledOver = rolled; ctx.Err() != nil {
		return done, err
	}
	expired, failed := d.Sweep(ctx, over, at, Expire{})
	done.Expired = expired
	if err = errors.Join(err, failed); err != nil {
		return done, fmt.Errorf("supplier: %w", err)
	}
	return done, nil
}
