package postgres

import (
	"context"
	"encoding/json"
	"hash/fnv"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/store/internal/relational"
)

// Share is how processes share a sweep. The zero value is good.
type Share struct {
	Lease time.Duration // how long a record that was handed out is handed to nobody else; 0 is 1 minute
	Batch int           // how many are handed out at a time, 1 to [itsm.MaxPage]; 0 is 50
}

// Shared returns the repository of a kind for sweeps that several processes do at once: its Find hands each record out to
// one of them only, and leaves out what others have or are writing to just now. A desk of its own over it takes part in
// any sweep that finds its work by a query, as [itsm.Desk.Sweep] does; all else, lists among it, is asked of a desk over
// [For].
//
//	shared := postgres.Shared(store, kind, postgres.Share{})
//	sweeper, err := itsm.NewDesk(kind, itsm.Config[incident.Incident]{Repository: shared, Policy: policy})
//	…
//	_, err = incident.Sweep(itsm.System(ctx, tenant), sweeper, now) // in each process
//
// What is handed out is a version of a record: one that was acted on is free for the next sweep at once, and one that was
// left as it is, since its action failed or its process ended, when the lease has run out. A batch should be done within
// the lease. A sweep that takes longer does nothing twice all the same, since versions decide; it is only work in vain.
// Sweeps are told apart by their conditions, the bounds of ranges left aside: those move on with the time.
//
// A page may have fewer records than its limit before the last one. In a transaction Find fails: what it hands out must be
// known to the others at once.
func Shared[T any](s *Store, k *itsm.Kind[T], o Share) itsm.Repository[T] {
	if o.Lease == 0 {
		o.Lease = time.Minute
	}
	if o.Batch == 0 {
		o.Batch = 50
	}
	return &shared[T]{Repository: For(s, k), store: s, kind: k, share: o}
}

type shared[T any] struct {
	itsm.Repository[T]
	store *Store
	kind  *itsm.Kind[T]
	share Share
}

// Find returns a page of what nobody else has.
func (r *shared[T]) Find(ctx context.Context, in itsm.Scope, q itsm.Query[T], p itsm.PageRequest) (itsm.Page[*T], error) {
	limit, err := p.Size()
	switch {
	case err != nil:
		return itsm.Page[*T]{}, err
	case r.share.Lease < time.Second || r.share.Batch < 1 || r.share.Batch > itsm.MaxPage:
		return itsm.Page[*T]{}, itsm.Invalid("share", "arguments", "want", "a lease of 1s or more, and a batch of 1 to 1000")
	case itsm.InTx(ctx):
		return itsm.Page[*T]{}, itsm.Invalid("find", "transaction", "want", "records of a shared sweep are handed out outside of a transaction")
	}
	sweep, err := digest(q.Select)
	if err != nil {
		return itsm.Page[*T]{}, err
	}
	first := p.Cursor == ""
	for p.Limit = min(limit, r.share.Batch); ; {
		page, err := r.Repository.Find(ctx, in, q, p)
		if err != nil || len(page.Items) == 0 {
			return page, err
		}
		if first {
			first = false
			if err := r.store.tidy(ctx, in, r.kind.Name()); err != nil {
				return itsm.Page[*T]{}, err
			}
		}
		if page.Items, err = r.claimed(ctx, in, sweep, page.Items); err != nil {
			return itsm.Page[*T]{}, err
		}
		if p.Cursor = page.Next; len(page.Items) > 0 || p.Cursor == "" {
			return page, nil
		}
	}
}

// digest is the same for all processes and times of a sweep.
func digest(q itsm.Select) (int64, error) {
	q.Where = slices.Clone(q.Where)
	for i := range q.Where {
		q.Where[i].Min, q.Where[i].Max = nil, nil
	}
	raw, err := json.Marshal(q)
	if err != nil {
		return 0, err
	}
	h := fnv.New64a()
	h.Write(raw) //nolint:errcheck // a hash has no error
	return int64(h.Sum64()), nil
}

// claimed returns those of some records that it could claim.
func (r *shared[T]) claimed(ctx context.Context, in itsm.Scope, sweep int64, found []*T) ([]*T, error) {
	t, err := r.store.engine.TableOf(r.kind.Name())
	if err != nil {
		return nil, err
	}
	ids, versions := make([]string, len(found)), make([]int64, len(found))
	for i, rec := range found {
		h := r.kind.Shape().Header(rec)
		ids[i], versions[i] = h.ID.String(), h.Version
	}
	got, err := r.store.claim(ctx, in, t, sweep, ids, versions, r.share.Lease)
	if err != nil {
		return nil, r.store.failed(ctx, "find", err)
	}
	mine := make([]*T, 0, len(got))
	for i, rec := range found {
		if got[ids[i]] {
			mine = append(mine, rec)
		}
	}
	return mine, nil
}

// claim claims records that have just these versions, by ID, and returns the IDs of those that nobody else had. Nobody
// waits for anybody: rows that others have locked are skipped. Who comes when their lock is gone, but read before it,
// meets their claim as the row is inserted.
func (s *Store) claim(ctx context.Context, in itsm.Scope, t *relational.Table, sweep int64, ids []string, versions []int64, lease time.Duration) (map[string]bool, error) {
	statement := s.engine.SQL(`WITH mine AS (
	SELECT t.id, t.version FROM `) + t.Name + s.engine.SQL(` t
	JOIN (SELECT unnest($4::text[])::uuid AS id, unnest($5::bigint[]) AS version) f ON f.id = t.id AND f.version = t.version
	WHERE t.tenant = $1::text AND NOT EXISTS (
		SELECT 1 FROM @sweep s WHERE s.tenant = $1::text AND s.kind = $2::text AND s.sweep = $3::bigint AND s.id = t.id AND s.version = t.version AND s.until > clock_timestamp()
	)
	FOR UPDATE OF t SKIP LOCKED
)
INSERT INTO @sweep AS s (tenant, kind, sweep, id, version, until)
SELECT $1::text, $2::text, $3::bigint, id, version, clock_timestamp() + $6::bigint * interval '1 microsecond' FROM mine
ON CONFLICT (tenant, kind, sweep, id) DO UPDATE SET version = excluded.version, until = excluded.until
	WHERE s.version < excluded.version OR s.until <= clock_timestamp()
RETURNING id::text`)
	var got map[string]bool
	err := pgx.BeginTxFunc(ctx, s.pool, pgx.TxOptions{IsoLevel: pgx.ReadCommitted}, func(pg pgx.Tx) error {
		got = make(map[string]bool, len(ids))
		c := txConn{&tx{store: s, pg: pg}, relational.Reach{Tenant: in.Tenant}}
		rows, err := c.Query(ctx, statement, in.Tenant, t.Shape.Name(), sweep, ids, versions, lease.Microseconds())
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var id string
			if err := rows.Scan(&id); err != nil {
				return err
			}
			got[id] = true
		}
		return rows.Err()
	})
	return got, err
}

// tidy removes claims that have run out, but for those that somebody claims anew just now. It is a statement of its own,
// so that it never holds one row while it waits for another.
func (s *Store) tidy(ctx context.Context, in itsm.Scope, kind string) error {
	err := pgx.BeginTxFunc(ctx, s.pool, pgx.TxOptions{IsoLevel: pgx.ReadCommitted}, func(pg pgx.Tx) error {
		c := txConn{&tx{store: s, pg: pg}, relational.Reach{Tenant: in.Tenant}}
		_, err := c.Exec(ctx, s.engine.SQL(`WITH old AS (
	SELECT sweep, id FROM @sweep WHERE tenant = $1::text AND kind = $2::text AND until <= clock_timestamp() FOR UPDATE SKIP LOCKED
)
DELETE FROM @sweep s USING old WHERE s.tenant = $1::text AND s.kind = $2::text AND s.sweep = old.sweep AND s.id = old.id`), in.Tenant, kind)
		return err
	})
	if err != nil {
		return s.failed(ctx, "find", err)
	}
	return nil
}
