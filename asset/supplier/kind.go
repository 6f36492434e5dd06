package supplier

import (
	"context"
	"maps"
	"strconv"
	"sync"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/lifecycle"
)

// Options are what a vendor may choose. The zero value is the standard.
type Options struct {
	Matrix Matrix       // gives the category; nil is [StandardMatrix]
	Fields []itsm.Field // the vendor's own fields of a supplier
}

// The handles by which suppliers are found, beside those that every kind has.
var (
	ByCode     = itsm.Text("code", func(s *Supplier) string { return s.Code }).Unique()
	ByCategory = itsm.Text("category", func(s *Supplier) Category { return s.Category })
	ByOwner    = itsm.Text("owner", func(s *Supplier) string { return s.Owner })
)

var standard = sync.OnceValue(func() *itsm.Kind[Supplier] {
	k, err := NewKind(Options{})
	if err != nil {
		panic(err) // the standard options are constants, and a test makes the kind
	}
	return k
})

// Kind returns the standard supplier. It is made once, on first use.
func Kind() *itsm.Kind[Supplier] { return standard() }

// NewKind returns a supplier by a vendor's options, or what is wrong with them.
func NewKind(o Options) (*itsm.Kind[Supplier], error) {
	matrix := StandardMatrix()
	if o.Matrix != nil {
		matrix = Matrix{}
		for value, row := range o.Matrix {
			matrix[value] = maps.Clone(row)
		}
	}
	l, err := lifecycle.New(Rules(), Rejected, Ended)
	if err != nil {
		return nil, err
	}
	return itsm.NewKind(Name, itsm.Declaration[Supplier]{
		Lifecycle: l,
		Actions: []itsm.Offer[Supplier]{itsm.Do(Propose{}), itsm.Do(Assess{}), itsm.Do(Approve{}, isAssessed), itsm.Do(Reject{}), itsm.Do(Suspend{}),
			itsm.Do(Readmit{}), itsm.Do(End{}, isWithoutContracts), itsm.Do(Edit{}), itsm.Do(SetContacts{}), itsm.Do(itsm.Review[Supplier]{}),
			itsm.Do(itsm.Comment[Supplier]{}), itsm.Do(itsm.Relate[Supplier]{}), itsm.Do(itsm.Unrelate[Supplier]{}), itsm.Do(itsm.SetAttributes[Supplier]{})},
		Indexes: []itsm.Indexed[Supplier]{ByCode, ByCategory, ByOwner},
		Number:  itsm.Numbering{Prefix: "SUP"},
		Keyed:   []itsm.Keyed{{List: "contacts", By: []string{"role", "name"}}},
		Max:     map[string]int{"code": 100, "owner": 100},
		Search:  []string{"title", "code"},
		Fields:  o.Fields,
		Review:  func(s *Supplier) *itsm.ReviewClock { return &s.Review },
		Derive:  func(s *Supplier, _ itsm.Moment) { s.Category = matrix.Category(s.Value, s.Risk) },
		Validate: func(s *Supplier, c *itsm.Checker) {
			c.Required(s.Title, "title")
			for i, x := range s.Contacts {
				c.Required(x.Role, "contacts["+strconv.Itoa(i)+"].role")
				c.Required(x.Name, "contacts["+strconv.Itoa(i)+"].name")
			}
		},
	})
}

func isAssessed(s *Supplier, _ itsm.Moment) error {
	if s.Category == "" {
		return itsm.Deny("not_assessed", "want", "assess")
	}
	return nil
}

// Bound is what [End] takes from elsewhere.
type Bound struct {
	Contracts int // with the supplier, in force
}

// Bound returns b.
func (b Bound) Bound() Bound { return b }

// Serial tells that a supplier ends together with the look at the contracts, see [itsm.Serial].
func (Bound) Serial() {}

func isWithoutContracts(_ *Supplier, m itsm.Moment) error {
	if has, ok := m.Facts.(interface{ Bound() Bound }); ok && has.Bound().Contracts > 0 {
		return itsm.Deny("has_contracts", "in_force", strconv.Itoa(has.Bound().Contracts))
	}
	return nil
}

// Facts returns what a desk for suppliers needs as its Config.Facts: how many contracts are in force before [End].
// Without it that is not asked.
func Facts(contracts itsm.Repository[Contract]) func(context.Context, *Supplier, itsm.Action[Supplier]) (any, error) {
	return func(ctx context.Context, s *Supplier, a itsm.Action[Supplier]) (any, error) {
		if _, ends := a.(End); !ends || s == nil {
			return nil, nil
		}
		found, err := contracts.Count(ctx, itsm.Scope{Tenant: s.Tenant},
			itsm.Where(ContractsBySupplier.Is(s.Ref(Name)), itsm.ByState[Contract]().In(InForce, NoticeGiven)))
		if err != nil {
			return nil, err
		}
		return Bound{Contracts: int(found.Total)}, nil
	}
}
