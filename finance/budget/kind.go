package budget

import (
	"context"
	"sync"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/calendar"
	"github.com/itsmkit/itsm/lifecycle"
)

// Name is the name of the kind.
const Name = "budget"

// The handles by which budgets are found.
var (
	ByAccount = itsm.Text("account", func(b *Budget) string { return b.Account })
	ByService = itsm.Points("service", func(b *Budget) itsm.Ref { return b.Service }).Sparse()
	ByOwner   = itsm.Text("owner", func(b *Budget) string { return b.Owner })
	ByFrom    = itsm.Text("from", func(b *Budget) string { return b.From.String() }) // "2026-01-01": its order is that of dates
	// ByPurchase finds the budgets that have an open commitment for a purchase.
	ByPurchase = itsm.PointsEach("purchase", func(b *Budget) []itsm.Ref {
		out := make([]itsm.Ref, len(b.Commitments))
		for i, c := range b.Commitments {
			out[i] = c.For
		}
		return out
	})
	// ByWatch is true of budgets in force with thresholds that time may reach: what a sweep looks at.
	ByWatch = itsm.Flag("watch", func(b *Budget) bool {
		for _, t := range b.Plan.Thresholds {
			if (t.Of == OfForecast || t.AfterDays > 0) && b.IsInForce() && !b.alerted(t) {
				return true
			}
		}
		return false
	})
)

// Options are what a vendor may choose. The zero value is the standard.
type Options struct {
	// Lifecycle is the vendor's own workflow, made from [Rules]; nil is the standard. Actions that it does not have are
	// not offered.
	Lifecycle *lifecycle.Lifecycle
	// Actions are the vendor's own, each in a rule of Lifecycle.
	Actions []itsm.Offer[Budget]
	// OwnApproval lets the one who submitted a plan approve it.
	OwnApproval bool
	// Fields are the vendor's own fields of a budget: its attributes.
	Fields []itsm.Field
	// Labels replace texts for people by key, see [itsm.Description].
	Labels map[string]string
}

var standard = sync.OnceValue(func() *itsm.Kind[Budget] {
	k, err := NewKind(Options{})
	if err != nil {
		panic(err) // the standard options are constants, and a test makes the kind
	}
	return k
})

// Kind returns the standard budget. It is made once, on first use.
func Kind() *itsm.Kind[Budget] { return standard() }

// NewKind returns a budget by a vendor's options, or everything that is wrong with them.
func NewKind(o Options) (*itsm.Kind[Budget], error) {
	if o.Lifecycle == nil {
		o.Lifecycle = Lifecycle()
	}
	return itsm.NewKind(Name, itsm.Declaration[Budget]{
		Lifecycle: o.Lifecycle,
		Actions:   o.offers(),
		Indexes: []itsm.Indexed[Budget]{ByAccount, ByService, ByOwner, ByFrom, ByPurchase, ByWatch,
			itsm.Then(ByAccount, ByFrom), itsm.Then(ByService, ByFrom), itsm.Then(itsm.ByState[Budget](), ByFrom)},
		Number:   itsm.Numbering{Prefix: "BUD"},
		Keyed:    []itsm.Keyed{{List: "commitments", By: []string{"for"}}},
		Long:     []string{"closed_for", "proposal.reason", "proposal.rejected_for"},
		Search:   []string{"title"},
		Fields:   o.Fields,
		Labels:   o.Labels,
		Derive:   derive,
		Validate: validate,
	})
}

// offers returns the actions with their guards, without those that the lifecycle does not have.
func (o *Options) offers() []itsm.Offer[Budget] {
	has := map[string]bool{}
	for _, name := range o.Lifecycle.Actions() {
		has[name] = true
	}
	var out []itsm.Offer[Budget]
	add := func(a itsm.Action[Budget], when ...itsm.Guard[Budget]) {
		if has[a.Name()] {
			out = append(out, itsm.Do(a, when...))
		}
	}
	add(Draft{})
	add(Edit{})
	add(Submit{})
	add(Withdraw{})
	add(Reject{})
	add(Approve{}, o.anotherPerson)
	add(Revise{})
	add(Abandon{})
	add(Commit{})
	add(Recommit{}, hasCommitments)
	add(Release{}, hasCommitments)
	add(Spend{})
	add(TransferOut{}, inPair)
	add(TransferIn{}, inPair)
	add(CarryOut{}, inPair)
	add(CarryIn{}, inPair)
	add(Assess{}, somethingNew)
	add(Close{}, nothingOpen)
	add(Cancel{})
	add(Comment{})
	add(Relate{})
	add(Unrelate{})
	add(SetAttributes{})
	return append(out, o.Actions...)
}

// anotherPerson denies to approve what one has submitted oneself.
func (o *Options) anotherPerson(b *Budget, m itsm.Moment) error {
	if p := b.Proposal; !o.OwnApproval && p != nil && p.SubmittedBy == m.Actor.ID {
		return itsm.Deny("submitted_by_yourself", "want", "the approval of another person")
	}
	return nil
}

func hasCommitments(b *Budget, _ itsm.Moment) error {
	if len(b.Commitments) == 0 {
		return itsm.Deny("nothing_committed")
	}
	return nil
}

func nothingOpen(b *Budget, _ itsm.Moment) error {
	if len(b.Commitments) > 0 {
		return itsm.Deny("open_commitments", "committed", b.Committed.String(), "want", "release them, or carry them forward")
	}
	return nil
}

// derive raises alerts: the thresholds that the action reached.
func derive(b *Budget, m itsm.Moment) {
	alerts := b.due(m)
	if len(alerts) == 0 {
		return
	}
	if m.Record("alerts", alerts) == nil { // a list of values that have JSON
		b.Alerts = append(b.Alerts, alerts...)
	}
}

// Covering returns the budgets in force that a cost on an account, for a service or none (the zero Ref), falls under on a
// date: those of the service if there are any, else those of the whole account. Several are in the order of their periods'
// beginnings; it is the host's to choose.
func Covering(ctx context.Context, d *itsm.Desk[Budget], account string, service itsm.Ref, on calendar.Date) ([]Budget, error) {
	var own, whole []Budget
	q := itsm.Where(ByAccount.Is(account), ByFrom.To(on.String())).Sorted(ByFrom.Asc())
	for b, err := range d.All(ctx, q) {
		switch {
		case err != nil:
			return nil, err
		case !b.IsInForce() || !b.covers(on):
		case b.Service.IsZero():
			whole = append(whole, b)
		case b.Service == service:
			own = append(own, b)
		}
	}
	if len(own) > 0 {
		return own, nil
	}
	return whole, nil
}
