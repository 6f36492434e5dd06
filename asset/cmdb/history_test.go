package cmdb_test

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/asset/cmdb"
)

// play is a room in which things happen at random, with every record as it was behind each action.
type play struct {
	*room
	rt        *rapid.T
	items     []itsm.ID
	relations []itsm.ID
	item      map[itsm.ID][]cmdb.Item
	relation  map[itsm.ID][]cmdb.Relation
}

func newPlay(t *testing.T, rt *rapid.T) *play {
	r := newRoom(t, func(c *cmdb.Config) {
		sourced(c)
		c.Policy = itsm.AllowAll | itsm.AllowBackdate | itsm.AllowRedact | itsm.AllowPurge
	})
	return &play{room: r, rt: rt, item: map[itsm.ID][]cmdb.Item{}, relation: map[itsm.ID][]cmdb.Relation{}}
}

// dated lets an action happen now, or some time back.
func (p *play) dated() []itsm.DoOption {
	if rapid.IntRange(0, 4).Draw(p.rt, "dated back") > 0 {
		return nil
	}
	return []itsm.DoOption{itsm.At(p.now.Add(-time.Duration(rapid.IntRange(0, 300).Draw(p.rt, "minutes back")) * time.Minute))}
}

func (p *play) text() string {
	return rapid.SampledFrom([]string{"", "a", "b", "<c>", "ø \"d\""}).Draw(p.rt, "text")
}

// one does something, or nothing where it is refused.
func (p *play) one() {
	p.now = p.now.Add(time.Duration(rapid.IntRange(0, 3).Draw(p.rt, "hours")) * time.Hour)
	ctx, said := p.ctx(), map[string]any{"location": p.text(), "environment": p.text()}
	pick := func(ids []itsm.ID) itsm.ID { return rapid.SampledFrom(ids).Draw(p.rt, "record") }
	what := rapid.IntRange(0, 13).Draw(p.rt, "what")
	if len(p.items) < 2 {
		what = 0
	}
	var x cmdb.Item
	var r cmdb.Relation
	var err error
	do := func(a itsm.Action[cmdb.Item]) { x, err = p.Items.Do(ctx, pick(p.items), a, p.dated()...) }
	relate := func(a itsm.Action[cmdb.Relation]) {
		if len(p.relations) > 0 {
			r, err = p.Relations.Do(ctx, pick(p.relations), a, p.dated()...)
		}
	}
	switch what {
	case 0:
		class := rapid.SampledFrom([]string{"server", "database", "site"}).Draw(p.rt, "class")
		x, err = p.Items.Open(ctx, cmdb.Register{Item: cmdb.Particulars{Class: class, Title: "t" + p.text(), Environment: p.text()}}, p.dated()...)
	case 1:
		x, err = p.Items.Open(ctx, cmdb.Discover{Class: "server", Source: "scan", Values: values(p.t, map[string]any{"title": "s", "cores": 4})})
	case 2, 3:
		do(cmdb.Edit{Values: values(p.t, said)})
	case 4, 5:
		said["cores"] = rapid.IntRange(1, 3).Draw(p.rt, "cores")
		do(cmdb.Observe{Source: rapid.SampledFrom([]string{"scan", "agent"}).Draw(p.rt, "source"), Values: values(p.t, said)})
	case 6:
		do(rapid.SampledFrom([]itsm.Action[cmdb.Item]{cmdb.TakeOut{Reason: "repair"}, cmdb.BringBack{}, cmdb.Reclassify{Class: "cluster"}}).Draw(p.rt, "action"))
	case 7:
		do(rapid.SampledFrom([]itsm.Action[cmdb.Item]{cmdb.Retire{Reason: "old"}, cmdb.Reinstate{}}).Draw(p.rt, "action"))
	case 8:
		do(cmdb.SetNeeds{Needs: rapid.SampledFrom([]*cmdb.OwnNeeds{nil, {}, {Of: []cmdb.Need{{Redundancy: cmdb.AnyOf}}}}).Draw(p.rt, "needs")})
	case 9:
		do(rapid.SampledFrom([]itsm.Action[cmdb.Item]{cmdb.Represent{Asset: itsm.Ref{Kind: "asset", ID: itsm.ID{1}}}, cmdb.Represent{},
			cmdb.LockFields{Fields: []string{"location"}}, cmdb.UnlockFields{Fields: []string{"location"}}}).Draw(p.rt, "action"))
	case 10, 11:
		ref := func() itsm.Ref { return itsm.Ref{Kind: cmdb.ItemName, ID: pick(p.items)} }
		r, err = p.Connect(ctx, ref(), rapid.SampledFrom([]string{"depends_on", "runs_on"}).Draw(p.rt, "type"), ref())
	case 12:
		relate(cmdb.SetWeight{Weight: rapid.IntRange(0, 2).Draw(p.rt, "weight")})
	case 13:
		relate(cmdb.Disconnect{Reason: "moved"})
	}
	if err != nil {
		require.True(p.rt, errors.Is(err, itsm.ErrInvalid) || errors.Is(err, itsm.ErrNotAllowed) || errors.Is(err, itsm.ErrDuplicate), "%v", err)
		return
	}
	if x.Version > 0 {
		if p.item[x.ID] == nil {
			p.items = append(p.items, x.ID)
		}
		p.item[x.ID] = append(p.item[x.ID], x)
	}
	if r.Version > 0 {
		if p.relation[r.ID] == nil {
			p.relations = append(p.relations, r.ID)
		}
		p.relation[r.ID] = append(p.relation[r.ID], r)
	}
}

// instant is any since the beginning.
func (p *play) instant(label string) time.Time {
	start := time.Date(2026, 3, 2, 3, 0, 0, 0, time.UTC)
	return start.Add(time.Duration(rapid.IntRange(0, int(p.now.Sub(start)/(30*time.Minute))).Draw(p.rt, label)) * 30 * time.Minute)
}

// The oracle is the records as the desk returned them behind each action: at an instant a record is as the last action
// until then has left it.
func TestRapidAtIsWhatWasCaptured(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		p := newPlay(t, rt)
		_, err := p.Items.Open(itsm.WithActor(context.Background(), itsm.Actor{ID: "bo", Tenant: "other"}), cmdb.Register{Item: cmdb.Particulars{Class: "site", Title: "theirs"}})
		require.NoError(rt, err)
		for range rapid.IntRange(1, 40).Draw(rt, "actions") {
			p.one()
		}
		at := p.instant("at")
		got, err := p.At(p.ctx(), at)
		require.NoError(rt, err)
		items, relations := map[itsm.ID]cmdb.Item{}, map[itsm.ID]cmdb.Relation{}
		for id, all := range p.item {
			for _, x := range all {
				if !x.UpdatedAt.After(at) {
					items[id] = x
				}
			}
		}
		for id, all := range p.relation {
			for _, r := range all {
				if !r.UpdatedAt.After(at) {
					relations[id] = r
				}
			}
		}
		require.Len(rt, got.Items, len(items))
		for i, x := range got.Items {
			require.Equal(rt, items[x.ID], x)
			require.True(rt, i == 0 || got.Items[i-1].ID.String() < x.ID.String(), "by ID")
			found, ok := got.Item(x.ID)
			require.True(rt, ok)
			require.Equal(rt, x, found)
		}
		require.Len(rt, got.Relations, len(relations))
		for _, r := range got.Relations {
			require.Equal(rt, relations[r.ID], r)
		}
		now, err := p.At(p.ctx(), time.Time{})
		require.NoError(rt, err)
		then, err := p.GraphOf(p.ctx(), now)
		require.NoError(rt, err)
		live, err := p.Graph(p.ctx())
		require.NoError(rt, err)
		require.Equal(rt, live.Out, then.Out)
		require.Equal(rt, live.Items(), then.Items())
		for _, id := range p.items {
			of := itsm.Ref{Kind: cmdb.ItemName, ID: id}
			require.Equal(rt, live.Has(of), then.Has(of))
			if live.Has(of) {
				a, err := live.Impact(of)
				require.NoError(rt, err)
				b, err := then.Impact(of)
				require.NoError(rt, err)
				require.Equal(rt, slices.Collect(a.Effects()), slices.Collect(b.Effects()))
			}
		}
	})
}

func TestAtForgetsWhatWasErased(t *testing.T) {
	r := newRoom(t, func(c *cmdb.Config) { c.Policy = itsm.AllowAll | itsm.AllowRedact | itsm.AllowPurge })
	x := r.register(cmdb.Particulars{Class: "server", Title: "db1", Owner: "Ola Nordmann"})
	gone := r.register(cmdb.Particulars{Class: "server", Title: "old"})
	taken := r.now
	r.now = r.now.Add(time.Hour)
	r.do(gone, cmdb.Retire{Reason: "scrapped"})
	r.now = r.now.Add(time.Hour)
	_, err := r.Items.Redact(r.ctx(), x.ID, itsm.Redaction{Paths: []string{"owner", "reports"}, Reason: "asked for"})
	require.NoError(t, err)
	_, err = r.Items.Purge(r.ctx(), r.now, 0)
	require.NoError(t, err)

	s, err := r.At(r.ctx(), taken)
	require.NoError(t, err)
	require.Len(t, s.Items, 1)
	require.Equal(t, itsm.Redacted, s.Items[0].Owner)
	raw, err := json.Marshal(s)
	require.NoError(t, err)
	require.NotContains(t, string(raw), "Nordmann")
	_, found := s.Item(gone.ID)
	require.False(t, found)
}

// sight is a policy by which everything is allowed and kinds are seen through views.
type sight struct {
	itsm.Permissive
	views map[string]itsm.View
	err   error
}

func (s sight) See(_ context.Context, _ *itsm.Actor, kind string) (itsm.View, error) {
	return s.views[kind], s.err
}

func TestHistoryIsForThoseWhoSeeAll(t *testing.T) {
	for name, s := range map[string]sight{
		"some records":  {views: map[string]itsm.View{cmdb.ItemName: {Any: []itsm.Condition{cmdb.ItemsByTeam.Is("net").Condition}}}},
		"no record":     {views: map[string]itsm.View{cmdb.RelationName: {Any: []itsm.Condition{}}}},
		"some fields":   {views: map[string]itsm.View{cmdb.ItemName: {Hidden: []string{"owner"}}}},
		"public events": {views: map[string]itsm.View{cmdb.RelationName: {PublicOnly: true}}},
		"nothing":       {err: errors.New("no")},
	} {
		s.Permissive = itsm.AllowAll
		r := newRoom(t, func(c *cmdb.Config) { c.Policy = s })
		for what, call := range map[string]func(context.Context) error{
			"at":    func(ctx context.Context) error { _, err := r.At(ctx, time.Time{}); return err },
			"drift": func(ctx context.Context) error { _, err := r.Drift(ctx, cmdb.DriftQuery{From: r.now}); return err },
			"baseline": func(ctx context.Context) error {
				_, err := r.TakeBaseline(ctx, cmdb.ProposeBaseline{Title: "b"})
				return err
			},
		} {
			require.ErrorIs(t, call(r.ctx()), itsm.ErrForbidden, "%s: %s", name, what)
			require.NoError(t, call(itsm.System(context.Background(), "acme")), "%s: %s", name, what)
			require.ErrorIs(t, call(context.Background()), itsm.ErrForbidden)
			require.ErrorIs(t, call(itsm.WithActor(context.Background(), itsm.Actor{Tenant: "acme"})), itsm.ErrForbidden)
		}
	}
	r := newRoom(t, nil)
	_, err := r.At(r.ctx(), r.now.Add(time.Hour))
	require.ErrorContains(t, err, "at: in the future")
	cancelled, cancel := context.WithCancel(r.ctx())
	cancel()
	_, err = r.At(cancelled, r.now)
	require.ErrorIs(t, err, context.Canceled)
}
