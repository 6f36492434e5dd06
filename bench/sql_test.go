package bench_test

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/bench/handwritten/bysql"
	"github.com/itsmkit/itsm/incident"
	"github.com/itsmkit/itsm/store/sqlite"
)

// onSQLite opens n incidents in a file, by the desk, and the hand-written desk on the same file. The file lies in
// memory where there is such a place: what is compared is the work, not the disk.
func onSQLite(b *testing.B, n int) (*itsm.Desk[incident.Incident], *bysql.SQLite, []itsm.ID) {
	b.Helper()
	folder, err := os.MkdirTemp(fast(), "itsm")
	require.NoError(b, err)
	b.Cleanup(func() { require.NoError(b, os.RemoveAll(folder)) })
	path := filepath.Join(folder, "desk.db")
	store, err := sqlite.Open(b.Context(), path, sqlite.Options{Sync: sqlite.SyncNormal})
	require.NoError(b, err)
	b.Cleanup(func() { require.NoError(b, store.Close()) })
	desk, ids := stocked(b, sqlite.For(store, incident.Kind()), n)
	hand, err := bysql.OpenSQLite(b.Context(), path)
	require.NoError(b, err)
	b.Cleanup(func() { require.NoError(b, hand.Close()) })
	return desk, hand, ids
}

func fast() string {
	if info, err := os.Stat("/dev/shm"); err == nil && info.IsDir() {
		return "/dev/shm"
	}
	return ""
}

// stocked opens n incidents that are being worked on, in batches.
func stocked(b *testing.B, repo itsm.Repository[incident.Incident], n int) (*itsm.Desk[incident.Incident], []itsm.ID) {
	b.Helper()
	desk, err := itsm.NewDesk(incident.Kind(), itsm.Config[incident.Incident]{Repository: repo, Policy: itsm.AllowAll})
	require.NoError(b, err)
	ctx := itsm.System(b.Context(), actor.Tenant)
	ids := make([]itsm.ID, 0, n)
	batch := desk.Batch()
	for i := range n {
		rec, err := batch.Open(ctx, report(i))
		require.NoError(b, err)
		ids = append(ids, rec.ID)
		_, err = batch.Do(ctx, rec.ID, incident.Assign{Group: "messaging", To: "bo"})
		require.NoError(b, err)
		if batch.Len() >= 500 || i == n-1 {
			require.NoError(b, batch.Save(ctx))
		}
	}
	return desk, ids
}

// stock is how many incidents the stores hold while they are measured.
func stock() int {
	if testing.Short() {
		return 500
	}
	return 10_000
}

// BenchmarkSave is a whole action on one of many incidents: load, decode, check, encode, store record and event. The
// other group and person, in turn.
func BenchmarkSave(b *testing.B) {
	b.Run("sqlite", func(b *testing.B) {
		desk, hand, ids := onSQLite(b, stock())
		b.Run("itsm", func(b *testing.B) { assignByDesk(b, desk, ids) })
		b.Run("handwritten", func(b *testing.B) { assignByHand(b, hand, ids) })
	})
	b.Run("postgres", func(b *testing.B) {
		desk, hand, ids := onPostgres(b, stock())
		b.Run("itsm", func(b *testing.B) { assignByDesk(b, desk, ids) })
		b.Run("handwritten", func(b *testing.B) { assignByHand(b, hand, ids) })
	})
}

func assignByDesk(b *testing.B, desk *itsm.Desk[incident.Incident], ids []itsm.ID) {
	ctx := acting()
	measure(b, func(i int) error {
		id, a := turn(&assigns, ids, i)
		_, err := desk.Do(ctx, id, a)
		return err
	})
}

// byHandDesk is a hand-written desk on a database.
type byHandDesk interface {
	Assign(ctx context.Context, actor itsm.Actor, id itsm.ID, group, person string) error
	Get(ctx context.Context, tenant string, id itsm.ID) (*incident.Incident, error)
	Page(ctx context.Context, tenant, group string) ([]incident.Incident, error)
}

func assignByHand(b *testing.B, hand byHandDesk, ids []itsm.ID) {
	measure(b, func(i int) error {
		id, a := turn(&assigns, ids, i)
		to := a.(incident.Assign)
		return hand.Assign(b.Context(), actor, id, to.Group, to.To)
	})
}

// BenchmarkGet is one incident by its ID, decoded: from the repository, as the hand-written desk has no policies.
func BenchmarkGet(b *testing.B) {
	b.Run("sqlite", func(b *testing.B) {
		desk, hand, ids := onSQLite(b, stock())
		b.Run("itsm", func(b *testing.B) { getByDesk(b, desk, ids) })
		b.Run("handwritten", func(b *testing.B) { getByHand(b, hand, ids) })
	})
	b.Run("postgres", func(b *testing.B) {
		desk, hand, ids := onPostgres(b, stock())
		b.Run("itsm", func(b *testing.B) { getByDesk(b, desk, ids) })
		b.Run("handwritten", func(b *testing.B) { getByHand(b, hand, ids) })
	})
}

func getByDesk(b *testing.B, desk *itsm.Desk[incident.Incident], ids []itsm.ID) {
	ctx := acting()
	measure(b, func(i int) error {
		_, err := desk.Get(ctx, ids[i*7919%len(ids)])
		return err
	})
}

func getByHand(b *testing.B, hand byHandDesk, ids []itsm.ID) {
	measure(b, func(i int) error {
		_, err := hand.Get(b.Context(), actor.Tenant, ids[i*7919%len(ids)])
		return err
	})
}

// BenchmarkPage is the first 50 incidents of a group's queue by priority, decoded.
func BenchmarkPage(b *testing.B) {
	b.Run("sqlite", func(b *testing.B) {
		desk, hand, _ := onSQLite(b, stock())
		b.Run("itsm", func(b *testing.B) { pageByDesk(b, desk) })
		b.Run("handwritten", func(b *testing.B) { pageByHand(b, hand) })
	})
	b.Run("postgres", func(b *testing.B) {
		desk, hand, _ := onPostgres(b, stock())
		b.Run("itsm", func(b *testing.B) { pageByDesk(b, desk) })
		b.Run("handwritten", func(b *testing.B) { pageByHand(b, hand) })
	})
}

func pageByDesk(b *testing.B, desk *itsm.Desk[incident.Incident]) {
	ctx := acting()
	q := itsm.Where(incident.ByQueue.Is("messaging")).Sorted(incident.ByPriority.Asc())
	measure(b, func(int) error {
		page, err := desk.Find(ctx, q, itsm.PageRequest{Limit: 50})
		require.Len(b, page.Items, 50)
		return err
	})
}

func pageByHand(b *testing.B, hand byHandDesk) {
	measure(b, func(int) error {
		page, err := hand.Page(b.Context(), actor.Tenant, "messaging")
		require.Len(b, page, 50)
		return err
	})
}
