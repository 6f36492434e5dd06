package cmdb_test

import (
	"context"
	"fmt"
	"iter"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/asset/cmdb"
	"github.com/itsmkit/itsm/store/memory"
)

// An import within a transaction of the host and one beside it do not wait for each other.
func TestImportWithinATransaction(t *testing.T) {
	store := memory.New()
	r := newRoom(t, func(c *cmdb.Config) {
		sourced(c)
		c.Items, c.Relations, c.Saver = memory.For(store, cmdb.ItemKind()), memory.For(store, cmdb.RelationKind()), store
	})
	rows := func(n int) iter.Seq2[cmdb.Row, error] {
		var all []cmdb.Row
		for i := range n {
			all = append(all, cmdb.Row{Line: i + 1, Class: "server", Key: fmt.Sprint("k", i), Values: values(t, map[string]any{"serial": fmt.Sprint("S", i)})})
		}
		return cmdb.Each(all...)
	}
	ended := make(chan error, 2)
	within := func(ctx context.Context) error {
		_, err := r.Import(ctx, rows(2000), cmdb.Import{Source: "agent"})
		return err
	}
	go func() { ended <- store.InTx(r.ctx(), within) }()
	go func() {
		_, err := r.Import(r.ctx(), rows(2000), cmdb.Import{Source: "scan"})
		ended <- err
	}()
	for range 2 {
		select {
		case err := <-ended:
			require.NoError(t, err)
		case <-time.After(time.Minute):
			t.Fatal("they wait for each other")
		}
	}
	counts, err := r.Items.Count(r.ctx(), itsm.Query[cmdb.Item]{})
	require.NoError(t, err)
	require.EqualValues(t, 2000, counts.Total)
}
