package sample

import (
	"errors"
	"fmt"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/asset/cmdb"
)

// impact writes what the failure of some items does to the others, and what the shop cannot do without.
func (e *estate) impact() error {
	live, err := e.Graph(e.ctx)
	if err != nil {
		return err
	}
	fmt.Fprintln(&e.out, live.Items(), "items,", live.Relations(), "relations, out of service", live.Out, "unmet", live.Unmet())
	for _, title := range []string{"esx1", "esx2", "san1", "sw1", "Bergen"} {
		x, err := e.item(title)
		if err != nil {
			return err
		}
		im, err := live.Impact(x.Ref(cmdb.ItemName))
		if err != nil {
			return err
		}
		fmt.Fprintln(&e.out, title, "fails:")
		for f := range im.Effects() {
			fmt.Fprintln(&e.out, " ", f.Item, f.Class, f.State)
		}
	}
	shop, err := e.item("shop")
	if err != nil {
		return err
	}
	points, err := live.SinglePoints(shop.Ref(cmdb.ItemName))
	fmt.Fprintln(&e.out, "the shop cannot do without", points)
	return err
}

func (e *estate) health() error {
	h, err := e.Health(e.ctx, cmdb.HealthRules{Recommended: map[string][]string{"": {"owner"}, "hardware": {"location"}}, Alone: []string{"site"}})
	if err != nil {
		return err
	}
	return errors.Join(show(e, h.Total), show(e, h.Classes...), show(e, h.Duplicates...), show(e, h.Relations), showAll(e, e.Deviations(e.ctx, itsm.Where[cmdb.Item]())))
}

// compare writes what differs between the first baseline and now, and that a snapshot of now has the graph of now.
func (e *estate) compare() error {
	then, err := e.AtBaseline(e.ctx, e.baselines[0])
	if err != nil {
		return err
	}
	now, err := e.At(e.ctx, e.now)
	if err != nil {
		return err
	}
	d, err := cmdb.Diff(then, now, cmdb.Scope{})
	if err != nil {
		return err
	}
	if err := errors.Join(show(e, d.Items.Added...), show(e, d.Items.Removed...), show(e, d.Items.Changed...),
		show(e, d.Relations.Added...), show(e, d.Relations.Ended...), show(e, d.Relations.Changed...)); err != nil {
		return err
	}
	past, err := e.GraphOf(e.ctx, now)
	if err != nil {
		return err
	}
	fmt.Fprintln(&e.out, past.Items(), "items,", past.Relations(), "relations by the history")
	return nil
}

func (e *estate) verify() error {
	for _, id := range e.baselines {
		v, err := e.Verify(e.ctx, id)
		if err == nil {
			err = show(e, v)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// records writes every record in whole.
func (e *estate) records() error {
	return errors.Join(showAll(e, e.Items.All(e.ctx, itsm.Where[cmdb.Item]())), showAll(e, e.Relations.All(e.ctx, itsm.Where[cmdb.Relation]())),
		showAll(e, e.Candidates.All(e.ctx, itsm.Where[cmdb.Candidate]())), showAll(e, e.Baselines.All(e.ctx, itsm.Where[cmdb.Baseline]())))
}
