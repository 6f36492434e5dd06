package incident

import (
	"sync"

	"github.com/itsmkit/itsm"
)

// Name is the name of the kind.
const Name = "incident"

var standard = sync.OnceValue(func() *itsm.Kind[Incident] {
	k, err := NewKind(Options{})
	if err != nil {
		panic(err) // the standard options are constants, and a test makes the kind
	}
	return k
})

// Kind returns the standard incident. It is made once, on first use.
func Kind() *itsm.Kind[Incident] { return standard() }

// NewKind returns an incident by a vendor's options, or everything that is wrong with them. Desks and stores take
// it in place of [Kind].
func NewKind(options Options) (*itsm.Kind[Incident], error) {
	o, err := options.settled()
	if err != nil {
		return nil, err
	}
	return itsm.NewKind(Name, itsm.Declaration[Incident]{
		Lifecycle: o.Lifecycle,
		Actions:   o.offers(),
		Indexes:   indexes(),
		Number:    itsm.Numbering{Prefix: "INC"},
		Keyed:     []itsm.Keyed{{List: "affected"}, {List: "watchers"}, {List: "attachments", By: []string{"id"}}},
		Long:      []string{"description", "resolution.text", "cancelled_for", "override.reason", "major.reason", "major.review.summary", "major.review.cause"},
		Choices:   o.choices(),
		Search:    []string{"title", "description", "resolution.text"},
		Fields:    o.Fields,
		Labels:    o.Labels,
		Derive:    o.derive,
		Validate:  o.validate,
	})
}

// offers returns the actions with their guards, without those that the lifecycle does not have.
func (o *Options) offers() []itsm.Offer[Incident] {
	all := []offered{
		offer(Report{}), offer(Detect{}),
		offer(Assign{}), offer(Accept{}, notAnothers), offer(Start{}),
		offer(PutOnHold{}), offer(Resume{}), offer(Wake{}, wakeIsDue), offer(CallerReply{}),
		offer(Escalate{}), offer(EscalateUp{}),
		offer(Resolve{}), offer(Confirm{}, byMajorManager, o.mayEnd), offer(Close{}, byMajorManager, o.mayEnd), offer(AutoClose{}, closingIsDue),
		offer(Reopen{}, o.withinWindow), offer(Cancel{}),
		offer(Edit{}), offer(Categorise{}), offer(Prioritise{}), offer(OverridePriority{}), offer(ClearOverride{}, isOverridden),
		offer(Affect{}), offer(Unaffect{}), offer(LogWork{}),
		offer(SetParent{}, noParentYet, notMajor), offer(ClearParent{}, hasParent), offer(MarkDuplicate{}, notMajor),
		offer(ProposeMajor{}, mayBeMajor), offer(AcceptMajor{}, mayBeAccepted), offer(RejectMajor{}, isProposed), offer(DemoteMajor{}, isMajor),
		offer(Appoint{}, isMajor), offer(PostUpdate{}, isMajor), offer(RemindUpdate{}, updateIsDue), offer(ReviewMajor{}, isMajor),
		offer(Watch{}), offer(Unwatch{}), offer(Attach{}), offer(Detach{}),
		offer(Comment{}), offer(Relate{}), offer(Unrelate{}), offer(SetAttributes{}),
	}
	has := map[string]bool{}
	for _, name := range o.Lifecycle.Actions() {
		has[name] = true
	}
	var out []itsm.Offer[Incident]
	for _, x := range all {
		if has[x.name] {
			out = append(out, x.offer)
		}
	}
	return append(out, o.Actions...)
}

// offered is an action with its guards, and the name by which the lifecycle knows it.
type offered struct {
	name  string
	offer itsm.Offer[Incident]
}

func offer(a itsm.Action[Incident], when ...itsm.Guard[Incident]) offered {
	return offered{a.Name(), itsm.Do(a, when...)}
}
