package sample

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/asset/cmdb"
)

// Rivals lets items be retired, or merged into another one, while others relate something to them, one by one or by an
// import, and returns an error that tells of a relation that is active at an item that is no longer in use. Each of the two
// succeeds or says why not.
func Rivals(ctx context.Context, c cmdb.Config, rounds int) error {
	ctx = itsm.WithActor(ctx, itsm.Actor{ID: "ann", Tenant: "acme"})
	c.Policy = itsm.AllowAll | itsm.AllowImport
	c.Reconciliation = cmdb.Reconciliation{Sources: []cmdb.Source{{Name: "scan"}}}
	d, err := cmdb.New(c)
	if err != nil {
		return err
	}
	enter := func(title string) (cmdb.Item, error) {
		return d.Items.Open(ctx, cmdb.Register{Item: cmdb.Particulars{Class: "server", Title: title}})
	}
	stays, err := enter("stays")
	if err != nil {
		return err
	}
	for round := range rounds {
		x, err := enter(fmt.Sprint("goes ", round))
		if err != nil {
			return err
		}
		other, err := enter(fmt.Sprint("other ", round))
		if err != nil {
			return err
		}
		var errs [2]error
		var wg sync.WaitGroup
		wg.Go(func() {
			if round%2 == 0 {
				_, errs[0] = d.Retire(ctx, x.ID, "worn out")
			} else {
				_, errs[0] = d.Merge(ctx, stays.ID, x.ID, "the same")
			}
		})
		wg.Go(func() {
			source, target := other.Ref(cmdb.ItemName), x.Ref(cmdb.ItemName)
			if round%4 >= 2 {
				row := cmdb.RelationRow{Source: cmdb.Lookup{Ref: source}, Type: "depends_on", Target: cmdb.Lookup{Ref: target}}
				_, errs[1] = d.ImportRelations(ctx, cmdb.Each(row), cmdb.Import{Source: "scan"})
				return
			}
			if _, err := d.Connect(ctx, source, "depends_on", target); !errors.Is(err, itsm.ErrInvalid) {
				errs[1] = err // it is invalid where the item went first
			}
		})
		wg.Wait()
		if err := errors.Join(errs[:]...); err != nil {
			return err
		}
		left, err := c.Relations.Count(ctx, itsm.Scope{Tenant: "acme"}, itsm.Where(cmdb.RelationsByEnd.Is(x.Ref(cmdb.ItemName)), itsm.ByState[cmdb.Relation]().Is(cmdb.Active)))
		if err != nil {
			return err
		}
		if left.Total > 0 {
			return fmt.Errorf("round %d: %s is no longer in use and has %d active relations", round, x.Number, left.Total)
		}
	}
	return nil
}

// Importers lets two processes import the same new items at once, each from what its tool found, and returns an error that
// tells of an item that is there twice.
func Importers(ctx context.Context, c cmdb.Config, rounds int) error {
	const machines = 40
	ctx = itsm.WithActor(ctx, itsm.Actor{ID: "ann", Tenant: "acme"})
	c.Policy = itsm.AllowAll | itsm.AllowImport
	c.Reconciliation = cmdb.Reconciliation{Sources: []cmdb.Source{{Name: "agent"}, {Name: "scan"}}}
	for round := range rounds {
		var errs [2]error
		var wg sync.WaitGroup
		for n, source := range []string{"agent", "scan"} {
			d, err := cmdb.New(c) // as another process has it
			if err != nil {
				return err
			}
			wg.Go(func() {
				_, errs[n] = d.Import(ctx, func(yield func(cmdb.Row, error) bool) {
					for m := range machines {
						values, err := itsm.AttributesOf(map[string]any{"serial": fmt.Sprint("S", round, "-", m), "host": fmt.Sprint("h", m)})
						if !yield(cmdb.Row{Line: m + 1, Class: "server", Key: fmt.Sprint(round, "-", m), Values: values}, err) {
							return
						}
					}
				}, cmdb.Import{Source: source})
			})
		}
		wg.Wait()
		if err := errors.Join(errs[:]...); err != nil {
			return err
		}
		all, err := c.Items.Count(ctx, itsm.Scope{Tenant: "acme"}, itsm.Query[cmdb.Item]{})
		if err != nil {
			return err
		}
		if want := int64(machines * (round + 1)); all.Total != want {
			return fmt.Errorf("round %d: %d items, want %d", round, all.Total, want)
		}
	}
	return nil
}
