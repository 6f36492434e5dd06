package sample

import (
	"context"
	"fmt"
	"iter"
	"time"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/asset/cmdb"
)

// MergeWide merges an item on which n others depend into another one, in a fresh store, and tells how long that took. It
// is an error if not every relation moved.
func MergeWide(ctx context.Context, c cmdb.Config, n int) (time.Duration, error) {
	ctx = itsm.WithActor(ctx, itsm.Actor{ID: "ann", Tenant: "acme"})
	c.Policy, c.Reconciliation = itsm.AllowAll|itsm.AllowImport, cmdb.Reconciliation{Sources: []cmdb.Source{{Name: "agent"}}}
	db, err := cmdb.New(c)
	if err != nil {
		return 0, err
	}
	var hubs [2]cmdb.Item
	for i := range hubs {
		if hubs[i], err = db.Items.Open(ctx, cmdb.Register{Item: cmdb.Particulars{Class: "server", Title: fmt.Sprint("hub", i)}}); err != nil {
			return 0, err
		}
	}
	key := func(i int) string { return fmt.Sprint("K", i) }
	if _, err := db.Import(ctx, each(n, func(i int) cmdb.Row { return cmdb.Row{Line: i, Class: "virtual_machine", Key: key(i)} }), cmdb.Import{Source: "agent"}); err != nil {
		return 0, err
	}
	keep, gone := hubs[0].Ref(cmdb.ItemName), hubs[1].Ref(cmdb.ItemName)
	if _, err := db.ImportRelations(ctx, each(n, func(i int) cmdb.RelationRow {
		return cmdb.RelationRow{Line: i, Source: cmdb.Lookup{Key: key(i)}, Type: "runs_on", Target: cmdb.Lookup{Ref: gone}}
	}), cmdb.Import{Source: "agent"}); err != nil {
		return 0, err
	}
	start := time.Now()
	if _, err := db.Merge(ctx, keep.ID, gone.ID, "found twice"); err != nil {
		return 0, err
	}
	took := time.Since(start)
	moved, err := db.Relations.Count(ctx, itsm.Where(cmdb.RelationsByTarget.Is(keep.String()+" runs_on")))
	if err == nil && moved.Total != int64(n) {
		err = fmt.Errorf("sample: of %d relations %d moved", n, moved.Total)
	}
	return took, err
}

func each[T any](n int, make func(i int) T) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		for i := range n {
			if !yield(make(i), nil) {
				return
			}
		}
	}
}
