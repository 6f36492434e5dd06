package cmdb

import (
	"context"
	"iter"
	"time"

	"github.com/itsmkit/itsm"
)

// Deviation is a field of an item that is as people want it, and that sources find to be otherwise: what is authorised
// against what was discovered.
type Deviation struct {
	Item   itsm.Ref `json:"item"`
	Number string   `json:"number,omitempty"`
	Class  string   `json:"class"`
	Field  string   `json:"field"`           // by the names of [Fields] and of the attributes of the class
	Value  string   `json:"value,omitempty"` // as text; empty: the field was locked without a value
	// Locked says that the field is kept by a lock, else people entered the value.
	Locked bool    `json:"locked,omitempty"`
	Claims []Claim `json:"claims"`
}

// Claim is what a source says of a field.
type Claim struct {
	Source string    `json:"source"`
	Value  string    `json:"value"` // as text
	LastAt time.Time `json:"last_at"`
}

// Deviations runs over the fields of the items of a query that are locked, or are as people entered them, and of which a
// source claims something else. A source that is stale, or whose last complete list did not have the item, claims
// nothing. Items come in the order of the query, fields in that of [Fields], the attributes of the class behind them.
func (d *Database) Deviations(ctx context.Context, q itsm.Query[Item]) iter.Seq2[Deviation, error] {
	return func(yield func(Deviation, error) bool) {
		in, err := scope(ctx)
		if err != nil {
			yield(Deviation{}, err)
			return
		}
		known, err := d.known(ctx, in)
		if err != nil {
			yield(Deviation{}, err)
			return
		}
		now := d.config.Clock.Now()
		for x, err := range d.Items.All(ctx, q) {
			if err != nil {
				yield(Deviation{}, err)
				return
			}
			for _, one := range known.judge.deviations(&x, now) {
				if !yield(one, nil) {
					return
				}
			}
		}
	}
}

// deviations returns those of one item.
func (j *judge) deviations(x *Item, now time.Time) []Deviation {
	if !x.isThere() {
		return nil
	}
	var out []Deviation
	manual := x.Report(Manual)
	if manual == nil {
		manual = &Report{}
	}
	look := func(field, value string) {
		locked := x.IsLocked(field)
		if entered := manual.Values.Raw(field); !locked && (entered == "" || manual.Values.Text(field) != value) {
			return
		}
		var claims []Claim
		for i := range x.Reports {
			r := &x.Reports[i]
			if r.Source == Manual || r.Gone || j.isStale(r, now) || r.Values.Raw(field) == "" {
				continue
			}
			if claim := r.Values.Text(field); claim != value {
				claims = append(claims, Claim{r.Source, claim, r.LastAt})
			}
		}
		if claims != nil {
			out = append(out, Deviation{x.Ref(ItemName), x.Number, x.Class, field, value, locked, claims})
		}
	}
	for i := range texts {
		look(texts[i].name, *texts[i].of(x))
	}
	for _, key := range j.model.Keys(x.Class) {
		look(key, x.Specification.Text(key))
	}
	return out
}
