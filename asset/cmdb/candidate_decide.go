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
	err := d.together(ctx, func(in itsm.Scope) ([]itsm.Write, error) {
		c, err := d.Candidates.Get(ctx, candidate)
		if err != nil {
			return nil, err
		}
		writes, item, err := d.decideItem(ctx, in, &c, decision)
		if err != nil {
			return nil, err
		}
		w, done, err := d.Candidates.Prepare(decided{item}.with(ctx), candidate, decision, itsm.IfVersion(c.Version))
		out = done
		return append(writes, w), err
	})
	return out, err
}

// decideItem prepares what a decision does to items, and returns the one that the candidate is.
func (d *Database) decideItem(ctx context.Context, in itsm.Scope, c *Candidate, decision itsm.Action[Candidate]) ([]itsm.Write, itsm.Ref, error) {
	match, ok := decision.(Match)
	if !ok {
		w, x, err := d.Items.Prepare(ctx, itsm.ID{}, Discover{Class: c.Class, Source: c.Source, Key: c.Key, Values: c.Values})
		if err != nil {
			return nil, itsm.Ref{}, err
		}
		writes, err := d.takeKey(ctx, in, c, x.ID)
		return append(writes, w), x.Ref(ItemName), err
	}
	if match.Item.Kind != ItemName {
		return nil, itsm.Ref{}, itsm.Invalid("item", "kind", "value", match.Item.String(), "want", "an "+ItemName)
	}
	x, err := d.Items.Get(ctx, match.Item.ID)
	if err != nil {
		return nil, itsm.Ref{}, err
	}
	known, err := d.known(ctx, in)
	if err != nil {
		return nil, itsm.Ref{}, err
	}
	writes, err := d.takeKey(ctx, in, c, x.ID)
	if err != nil {
		return nil, itsm.Ref{}, err
	}
	w, _, err := d.Items.Prepare(ctx, x.ID, Observe{Class: known.judge.related(c.Class, x.Class), Source: c.Source, Key: c.Key, Values: c.Values})
	return append(writes, w), match.Item, err
}

// related returns the class of a row where it has to do with that of an item, or else "".
func (j *judge) related(class, of string) string {
	if j.model.Is(class, of) || j.model.Is(of, class) {
		return class
	}
	return ""
}

// takeKey takes the source's report away from the items, other than one, that have the candidate's key and no other.
func (d *Database) takeKey(ctx context.Context, in itsm.Scope, c *Candidate, other itsm.ID) ([]itsm.Write, error) {
	if c.Key == "" {
		return nil, nil
	}
	var had []itsm.ID
	err := everyOf(ctx, d.config.Items, in, itsm.Where(ItemsByIdentifier.Is(keyOf(c.Source, c.Key))), func(x *Item) {
		if r := x.Report(c.Source); x.ID != other && r != nil && slices.Equal(r.Keys, []string{c.Key}) {
			had = append(had, x.ID)
		}
	})
	var writes []itsm.Write
	for _, id := range had {
		if err != nil {
			break
		}
		var w itsm.Write
		w, _, err = d.Items.Prepare(ctx, id, Forget{Sources: []string{c.Source}})
		writes = append(writes, w)
	}
	return writes, err
}

// together stores what plan makes in one write, and makes it again after a conflict.
func (d *Database) together(ctx context.Context, plan func(itsm.Scope) ([]itsm.Write, error)) error {
	in, err := scope(ctx)
	if err != nil {
		return err
	}
	for try := 1; ; try++ {
		var writes []itsm.Write
		if writes, err = plan(in); err == nil {
			err = d.config.Saver.SaveAll(ctx, in, writes)
		}
		if err == nil || try >= tries || itsm.InTx(ctx) || ctx.Err() != nil || !errors.Is(err, itsm.ErrConflict) {
			return err
		}
	}
}
