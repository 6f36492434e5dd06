package register

import (
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/finance/depreciation"
)

// The handles by which assets are found.
var (
	ByClass  = itsm.Text("class", func(a *Asset) string { return a.Class }).Sparse()
	ByOf     = itsm.Points("of", func(a *Asset) itsm.Ref { return a.Of }).Sparse()
	ByPartOf = itsm.Points("part_of", func(a *Asset) itsm.Ref { return a.PartOf }).Sparse()
	// ByNext is the end of the first charge that is planned, at midnight UTC: what [DepreciateAll] looks for.
	ByNext = itsm.When("next", func(a *Asset) time.Time { return midnight(a.next()) }).Sparse()
	// ByPart lets each part be received once.
	ByPart = itsm.Text("part", func(a *Asset) string {
		if a.PartOf.IsZero() {
			return ""
		}
		return a.PartOf.String() + "/" + strconv.Itoa(a.Part)
	}).Unique()
)

var assets = sync.OnceValue(func() *itsm.Kind[Asset] {
	k, err := NewKind()
	if err != nil {
		panic(err) // the declaration is a constant, and a test makes it
	}
	return k
})

// Kind returns the kind of fixed assets. It is made once, on first use.
func Kind() *itsm.Kind[Asset] { return assets() }

// NewKind returns the kind of fixed assets with the host's own fields.
func NewKind(fields ...itsm.Field) (*itsm.Kind[Asset], error) {
	return itsm.NewKind(Name, itsm.Declaration[Asset]{
		Lifecycle: Lifecycle(),
		Actions: []itsm.Offer[Asset]{itsm.Do(Capitalise{}), itsm.Do(Receive{}), itsm.Do(AddBook{}),
			itsm.Do(Use{}, hasUnits), itsm.Do(Depreciate{}, hasCharges), itsm.Do(Revalue{}), itsm.Do(Impair{}), itsm.Do(Revise{}),
			itsm.Do(Dispose{}), itsm.Do(Divide{}), itsm.Do(Edit{}),
			itsm.Do(itsm.Comment[Asset]{}), itsm.Do(itsm.Relate[Asset]{}), itsm.Do(itsm.Unrelate[Asset]{}), itsm.Do(itsm.SetAttributes[Asset]{})},
		Indexes: []itsm.Indexed[Asset]{ByClass, ByOf, ByPartOf, ByNext, ByPart},
		Number:  itsm.Numbering{Prefix: "FA"},
		Keyed: []itsm.Keyed{{List: "books", By: []string{"name"}}, {List: "movements", By: []string{"book", "number"}},
			{List: "charges", By: []string{"book", "number"}}},
		Max:      map[string]int{"class": 100},
		Search:   []string{"title"},
		Fields:   fields,
		Validate: validate,
	})
}

// hasCharges denies where nothing is planned.
func hasCharges(a *Asset, _ itsm.Moment) error {
	if a.next().IsZero() {
		return itsm.Deny("nothing_due")
	}
	return nil
}

// hasUnits denies where no book goes by units of use.
func hasUnits(a *Asset, _ itsm.Moment) error {
	for i := range a.Books {
		if a.Books[i].Plan.Method == depreciation.UnitsOfUse {
			return nil
		}
	}
	return itsm.Deny("no_units", "want", "a book by "+string(depreciation.UnitsOfUse))
}

// validate holds what the calculations promise: one currency, and plans that write off just what is left.
func validate(a *Asset, c *itsm.Checker) {
	c.Required(a.Title, "title")
	c.Check(len(a.Books) > 0, "books", "required")
	for i := range a.Books {
		b, path := &a.Books[i], "books["+strconv.Itoa(i)+"]"
		if want := a.Books[0].Plan.Cost.Currency(); b.Plan.Cost.Currency() != want {
			c.Fail(path+".plan.cost", "currency", "value", b.Plan.Cost.String(), "want", string(want))
			continue
		}
		c.Check(len(b.Name) <= maxName, path+".name", "too_long", "max", strconv.Itoa(maxName))
		if a.State != InService || b.Plan.Method == depreciation.UnitsOfUse {
			continue
		}
		if err := a.balanced(b); err != "" {
			c.Fail(path, "unbalanced", "error", err)
		}
	}
}

const maxName = 64 // bytes of the name of a book

// balanced tells what is wrong where value less salvage is not what the planned charges write off; "" if nothing is.
func (a *Asset) balanced(b *Book) string {
	on := b.since(a)
	for i := range a.Charges {
		if c := &a.Charges[i]; c.Book == b.Name {
			on = later(on, c.Until)
		}
	}
	p, err := a.position(b, on, on.AddDays(1))
	switch {
	case err != nil:
		return err.Error()
	case p.Value != b.Plan.Salvage:
		return "after the last charge the value is " + p.Value.String() + ", want the salvage, " + b.Plan.Salvage.String()
	}
	return ""
}

// Edit replaces the description of an asset. An empty field stays as it is.
type Edit struct {
	Title string   `json:"title,omitempty"`
	Class string   `json:"class,omitempty"`
	Of    itsm.Ref `json:"of,omitzero"`
}

// Name returns "edit".
func (Edit) Name() string { return "edit" }

// Apply takes over what is given.
func (x Edit) Apply(a *Asset, _ itsm.Moment) error {
	if x == (Edit{}) {
		return itsm.Invalid("title", "required", "want", "a title, a class, what it is of, or several of them")
	}
	if strings.TrimSpace(x.Title) != "" {
		a.Title = x.Title
	}
	if x.Class != "" {
		a.Class = x.Class
	}
	if !x.Of.IsZero() {
		a.Of = x.Of
	}
	return nil
}
