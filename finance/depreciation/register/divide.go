package register

import (
	"context"
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/calendar"
)

// Divide ends an asset on a day, from which its parts are assets of their own: [Split] opens them with it. Each book is
// charged to the day before, by its convention. Charges that are planned go to the parts.
type Divide struct {
	On    calendar.Date `json:"on"`
	Parts []Portion     `json:"parts"`
}

// MaxParts is into how many parts an asset is divided at once.
const MaxParts = 1000

// Name returns "divide".
func (Divide) Name() string { return "divide" }

// Apply takes all out of the books.
func (x Divide) Apply(a *Asset, m itsm.Moment) error {
	if len(x.Parts) < 2 || len(x.Parts) > MaxParts {
		return itsm.Invalid("parts", "range", "value", strconv.Itoa(len(x.Parts)), "min", "2", "max", strconv.Itoa(MaxParts))
	}
	sum := int64(0)
	for i, p := range x.Parts {
		switch path := fmt.Sprintf("parts[%d]", i); {
		case p.Weight < 1 || p.Weight > math.MaxInt64-sum:
			return itsm.Invalid(path+".weight", "range", "value", strconv.FormatInt(p.Weight, 10), "min", "1", "want", "a sum of weights that fits into 64 bits")
		case strings.TrimSpace(p.Title) == "":
			return itsm.Invalid(path+".title", "required")
		}
		sum += p.Weight
	}
	var out Entry
	for _, name := range a.names() {
		s, err := a.open(name, x.On, &out)
		if err != nil {
			return err
		}
		held, err := s.stack()
		if err != nil {
			return invalid("book", err)
		}
		for i := range s.ahead {
			s.ahead[i].Status = Given
		}
		if err := s.move(held.leaves(Division)); err != nil {
			return err
		}
		s.put()
	}
	a.Parts, a.LeftOn = x.Parts, x.On
	return out.record(m)
}

// Receive opens a part of an asset that was divided, once for each part. It needs the facts of [Facts].
type Receive struct {
	Of   itsm.Ref `json:"of"`
	Part int      `json:"part"` // from 1
}

// Name returns "receive".
func (Receive) Name() string { return "receive" }

// Apply takes over the part's share of each book.
func (x Receive) Apply(a *Asset, m itsm.Moment) error {
	from, ok := m.Facts.(Asset)
	switch {
	case !ok:
		return itsm.Invalid("", "facts_required", "want", "register.Facts as the desk's Config.Facts")
	case from.ID != x.Of.ID || x.Of.Kind != Name:
		return itsm.Invalid("of", "not_found", "value", x.Of.String())
	case from.State != Divided:
		return itsm.Invalid("of", "not_divided", "asset", from.Number, "state", string(from.State))
	case x.Part < 1 || x.Part > len(from.Parts):
		return itsm.Invalid("part", "range", "value", strconv.Itoa(x.Part), "min", "1", "max", strconv.Itoa(len(from.Parts)))
	}
	p := from.Parts[x.Part-1]
	a.Title, a.Class, a.Of, a.PartOf, a.Part = p.Title, from.Class, p.Of, x.Of, x.Part
	a.Books = append([]Book(nil), from.Books...)
	var out Entry
	for i := range a.Books {
		if err := a.receive(&a.Books[i], &from, &out); err != nil {
			return err
		}
	}
	return out.record(m)
}

// receive takes over the share of one book: each part in turn is taken from what the ones before it have left.
func (a *Asset) receive(b *Book, from *Asset, out *Entry) error {
	s := &schedule{asset: a, book: b, out: out}
	for _, v := range from.Movements { // the last is the division
		if v.Book == b.Name {
			s.on, s.at.Cost, s.at.Adjusted, s.at.Depreciated = v.On, v.Cost.Neg(), v.Adjusted.Neg(), v.Depreciated.Neg()
		}
	}
	for _, c := range from.Charges {
		if c.Book == b.Name && c.Status == Given {
			c.Status = Planned
			s.ahead = append(s.ahead, c)
		}
	}
	value := total{amount: s.at.Cost}
	value.add(s.at.Adjusted)
	value.sub(s.at.Depreciated)
	s.at.Value = value.amount
	held, err := s.stack()
	if err = invalid("of", value.err, err); err != nil {
		return err
	}
	weight, whole := int64(0), int64(0)
	for _, p := range from.Parts {
		whole += p.Weight
	}
	left := whole
	var mine stack
	for i := range a.Part {
		weight = from.Parts[i].Weight
		if mine, held, err = held.take(weight, left); err != nil {
			return invalid("of", err)
		}
		left -= weight
	}
	b.Since = s.on
	if err := s.keep(mine, weight, whole); err != nil {
		return err
	}
	v := Movement{Cause: Receipt, Cost: mine.cost, Adjusted: mine.adjusted, Depreciated: mine.depreciated}
	if err := s.move(v); err != nil {
		return err
	}
	s.put()
	return nil
}

// Facts returns the Config.Facts of a desk for assets: for [Receive] it loads the asset that was divided.
func Facts(r itsm.Repository[Asset]) func(context.Context, *Asset, itsm.Action[Asset]) (any, error) {
	return func(ctx context.Context, _ *Asset, on itsm.Action[Asset]) (any, error) {
		x, ok := on.(Receive)
		if !ok {
			return nil, nil
		}
		actor, _ := itsm.ActorFrom(ctx)
		found, err := r.Get(ctx, itsm.Scope{Tenant: actor.Tenant}, x.Of.ID)
		if err != nil || len(found) == 0 || found[0] == nil {
			return Asset{}, err
		}
		return *found[0], nil
	}
}

// Split divides an asset and opens its parts, in their order, all or none. What the parts hold is what the asset held, in
// each book and on each day to the coin.
func Split(ctx context.Context, d *itsm.Desk[Asset], in itsm.Transactor, id itsm.ID, x Divide) ([]Asset, error) {
	var parts []Asset
	err := in.InTx(ctx, func(ctx context.Context) error {
		parts = nil
		a, err := d.Do(ctx, id, x)
		if err != nil {
			return err
		}
		for i := range a.Parts {
			p, err := d.Open(ctx, Receive{Of: a.Ref(Name), Part: i + 1})
			if err != nil {
				return err
			}
			parts = append(parts, p)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return parts, nil
}
