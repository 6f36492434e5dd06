package cmdb

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/itsmkit/itsm"
)

// decided is the fact that the item's action is done together with the candidate's.
type decided struct{ item itsm.Ref }

type decidedKey struct{}

func candidateFacts(ctx context.Context, _ *Candidate, _ itsm.Action[Candidate]) (any, error) {
	if made, ok := ctx.Value(decidedKey{}).(decided); ok {
		return made, nil
	}
	return nil, nil
}

func (d decided) with(ctx context.Context) context.Context {
	return context.WithValue(ctx, decidedKey{}, d)
}

// Decide says what a candidate is: [Match], [Create] or [Discard]. What the source said is reported of the item in the
// same write. Where the source's key was that of another item, which the person did not choose, the source's report is
// taken away from that one.
func (d *Database) Decide(ctx context.Context, candidate itsm.ID, decision itsm.Action[Candidate]) (Candidate, error) {
	if d.Candidates == nil {
		return Candidate{}, errors.New("cmdb: Decide: Config.Candidates is required")
	}
	switch decision.(type) {
	case Match, Create:
	case Discard:
		return d.Candidates.Do(ctx, candidate, decision)
	default:
		return Candidate{}, itsm.Invalid("decision", "type", "value", fmt.Sprintf("%T", decision), "want", "Match, Create or Discard")
	}
	var out Candidate
	err := d.together(ctx, func(t *together) error {
		c, err := d.Candidates.Get(t.ctx, candidate)
		if err != nil {
			return err
		}
		item, err := t.decideItem(&c, decision)
		if err != nil {
			return err
		}
		w, done, err := d.Candidates.Prepare(decided{item}.with(t.ctx), candidate, decision, itsm.IfVersion(c.Version))
		out, t.writes = done, append(t.writes, w)
		return err
	})
	return out, err
}

// decideItem prepares what a decision does to items, and returns the one that the candidate is.
func (t *together) decideItem(c *Candidate, decision itsm.Action[Candidate]) (itsm.Ref, error) {
	match, ok := decision.(Match)
	if !ok {
		x, err := t.item(itsm.ID{}, Discover{Class: c.Class, Source: c.Source, Key: c.Key, Values: c.Values})
		if err != nil {
			return itsm.Ref{}, err
		}
		return x.Ref(ItemName), t.takeKey(c, x.ID)
	}
	if match.Item.Kind != ItemName {
		return itsm.Ref{}, itsm.Invalid("item", "kind", "value", match.Item.String(), "want", "an "+ItemName)
	}
	x, err := t.Items.Get(t.ctx, match.Item.ID)
	if err != nil {
		return itsm.Ref{}, err
	}
	known, err := t.known(t.ctx, t.in)
	if err != nil {
		return itsm.Ref{}, err
	}
	if err := t.takeKey(c, x.ID); err != nil {
		return itsm.Ref{}, err
	}
	_, err = t.item(x.ID, Observe{Class: known.judge.related(c.Class, x.Class), Source: c.Source, Key: c.Key, Values: c.Values})
	return match.Item, err
}

// related returns the class of a row where it has to do with that of an item, or else "".
func (j *judge) related(class, of string) string {
	if j.model.Is(class, of) || j.model.Is(of, class) {
		return class
	}
	return ""
}

// takeKey takes the source's report away from the items, other than one, that have the candidate's key and no other.
func (t *together) takeKey(c *Candidate, other itsm.ID) error {
	if c.Key == "" {
		return nil
	}
	var had []itsm.ID
	err := everyOf(t.ctx, t.config.Items, t.in, itsm.Where(ItemsByIdentifier.Is(keyOf(c.Source, c.Key))), func(x *Item) {
		if r := x.Report(c.Source); x.ID != other && r != nil && slices.Equal(r.Keys, []string{c.Key}) {
			had = append(had, x.ID)
		}
	})
	if err != nil {
		return err
	}
	for _, id := range had {
		if _, err := t.item(id, Forget{Sources: []string{c.Source}}); err != nil {
			return err
		}
	}
	return nil
}
