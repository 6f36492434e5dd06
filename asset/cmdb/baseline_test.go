package cmdb_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/asset/cmdb"
	"github.com/itsmkit/itsm/store/memory"
	"github.com/itsmkit/itsm/store/storetest"
)

// sealed makes the seal from the documented form, by encoding/json and from the records that the desks show now.
func sealed(t require.TestingT, p *room, in cmdb.Scope) cmdb.Seal {
	compact := func(v any) string {
		var b bytes.Buffer
		w := json.NewEncoder(&b)
		w.SetEscapeHTML(false)
		require.NoError(t, w.Encode(v))
		return strings.TrimSpace(b.String())
	}
	var lines, relations []string
	within := map[itsm.Ref]bool{}
	for x, err := range p.Items.All(p.ctx(), itsm.Where[cmdb.Item]()) {
		require.NoError(t, err)
		if fields := fieldsOf(t, x); fields != nil && (in.Environments == nil || slices.Contains(in.Environments, x.Environment)) {
			raw := map[string]json.RawMessage{}
			for k, v := range fields {
				var text any
				require.NoError(t, json.Unmarshal([]byte(v), &text))
				raw[k] = json.RawMessage(compact(text))
			}
			if x.Needs != nil {
				raw["needs"] = json.RawMessage(fields["needs"]) // in the order of the struct
			}
			within[x.Ref(cmdb.ItemName)] = true
			lines = append(lines, fmt.Sprintf(`{"item":%q,"content":%s}`, x.Ref(cmdb.ItemName), compact(raw)))
		}
	}
	for r, err := range p.Relations.All(p.ctx(), itsm.Where[cmdb.Relation]()) {
		require.NoError(t, err)
		if r.State == cmdb.Active && (in.Environments == nil || within[r.Source] || within[r.Target]) {
			relations = append(relations, fmt.Sprintf(`{"source":%q,"type":%q,"target":%q,"content":{"state":"active","weight":%d}}`, r.Source, r.Type, r.Target, max(r.Weight, 1)))
		}
	}
	slices.Sort(relations) // all refs have one form, so that lines order as ends and types do
	seal := cmdb.Seal{Items: len(lines), Relations: len(relations)}
	sum := sha256.New()
	for _, l := range append(lines, relations...) {
		sum.Write([]byte(l + "\n"))
	}
	seal.Digest = hex.EncodeToString(sum.Sum(nil))
	return seal
}

// The oracle is the seal as the documentation describes it, made of the records when the baseline was taken.
func TestRapidBaselineKeepsWhatItHeld(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		p := newPlay(t, rt)
		for range rapid.IntRange(1, 25).Draw(rt, "actions") {
			p.one()
		}
		in := cmdb.Scope{Environments: rapid.SampledFrom([][]string{nil, {"a", "b"}}).Draw(rt, "environments")}
		want := sealed(rt, p.room, in)
		b, err := p.TakeBaseline(p.ctx(), cmdb.ProposeBaseline{Title: "as it is", Scope: in})
		require.NoError(rt, err)
		require.Equal(rt, p.now, b.At)
		require.Equal(rt, want, b.Seal)
		held, err := p.AtBaseline(p.ctx(), b.ID)
		require.NoError(rt, err)
		for range rapid.IntRange(0, 15).Draw(rt, "more actions") { // some are dated back before the baseline
			p.one()
		}
		v, err := p.Verify(p.ctx(), b.ID)
		require.NoError(rt, err)
		require.Equal(rt, cmdb.Verification{Baseline: b.Ref(cmdb.BaselineName), Holds: true, Sealed: want, Found: want}, v)
		still, err := p.AtBaseline(p.ctx(), b.ID)
		require.NoError(rt, err)
		require.Equal(rt, held, still)
	})
}

func TestBaselineSaysWhatWasErased(t *testing.T) {
	r := newRoom(t, func(c *cmdb.Config) { c.Policy = itsm.AllowAll | itsm.AllowRedact | itsm.AllowPurge })
	x := r.register(cmdb.Particulars{Class: "server", Title: "db1", Owner: "Ola Nordmann", Team: "dba"})
	y := r.register(cmdb.Particulars{Class: "server", Title: "db2"})
	_, err := r.Items.Redact(r.ctx(), x.ID, itsm.Redaction{Paths: []string{"team"}, Reason: "before"})
	require.NoError(t, err)
	b, err := r.TakeBaseline(r.ctx(), cmdb.ProposeBaseline{Title: "servers", Scope: cmdb.Scope{Classes: []string{"hardware"}}})
	require.NoError(t, err)
	require.Equal(t, 2, b.Seal.Items)
	v, err := r.Verify(r.ctx(), b.ID)
	require.NoError(t, err)
	require.True(t, v.Holds)
	require.Empty(t, v.Redacted, "what was redacted before is no matter of the baseline")

	r.now = r.now.Add(time.Hour)
	_, err = r.Items.Redact(r.ctx(), x.ID, itsm.Redaction{Paths: []string{"owner"}, Reason: "asked for"})
	require.NoError(t, err)
	v, err = r.Verify(r.ctx(), b.ID)
	require.NoError(t, err)
	require.False(t, v.Holds)
	require.Equal(t, []itsm.Ref{x.Ref(cmdb.ItemName)}, v.Redacted)
	require.False(t, v.Lost)

	r.do(y, cmdb.Retire{Reason: "sold"})
	r.now = r.now.Add(time.Hour)
	_, err = r.Items.Purge(r.ctx(), r.now, 0)
	require.NoError(t, err)
	v, err = r.Verify(r.ctx(), b.ID)
	require.NoError(t, err)
	require.True(t, v.Lost)
	require.Equal(t, 1, v.Found.Items)
}

func TestBaselineLife(t *testing.T) {
	r := newRoom(t, nil)
	r.register(cmdb.Particulars{Class: "server", Title: "db1"})
	take := func(title string) cmdb.Baseline {
		b, err := r.TakeBaseline(r.ctx(), cmdb.ProposeBaseline{Title: title})
		require.NoError(t, err)
		require.Equal(t, cmdb.Proposed, b.State)
		return b
	}
	keyed, err := r.TakeBaseline(r.ctx(), cmdb.ProposeBaseline{Title: "keyed"}, itsm.IdempotencyKey("k"))
	require.NoError(t, err)
	again, err := r.TakeBaseline(r.ctx(), cmdb.ProposeBaseline{Title: "keyed"}, itsm.IdempotencyKey("k"))
	require.NoError(t, err)
	require.Equal(t, keyed, again)
	first, err := r.AuthoriseBaseline(r.ctx(), take("first").ID, itsm.ID{})
	require.NoError(t, err)
	require.Equal(t, cmdb.Authorised, first.State)
	second, err := r.AuthoriseBaseline(r.ctx(), take("second").ID, first.ID)
	require.NoError(t, err)
	require.Equal(t, first.Ref(cmdb.BaselineName), second.Supersedes)
	first, err = r.Baselines.Get(r.ctx(), first.ID)
	require.NoError(t, err)
	require.Equal(t, cmdb.Superseded, first.State)
	require.Equal(t, second.Ref(cmdb.BaselineName), first.Superseded)

	third := take("third")
	_, err = r.AuthoriseBaseline(r.ctx(), third.ID, first.ID) // which is superseded already
	require.ErrorIs(t, err, itsm.ErrNotAllowed)
	_, err = r.AuthoriseBaseline(r.ctx(), third.ID, third.ID)
	require.ErrorIs(t, err, itsm.ErrInvalid)
	third, err = r.Baselines.Get(r.ctx(), third.ID)
	require.NoError(t, err)
	require.Equal(t, cmdb.Proposed, third.State, "both or none")
	_, err = r.Baselines.Do(r.ctx(), third.ID, cmdb.SealBaseline{})
	require.ErrorIs(t, err, itsm.ErrNotAllowed)
	_, err = r.Baselines.Do(r.ctx(), third.ID, cmdb.WithdrawBaseline{})
	require.ErrorContains(t, err, "reason: required")
	third, err = r.Baselines.Do(r.ctx(), third.ID, cmdb.WithdrawBaseline{Reason: "wrong day"})
	require.NoError(t, err)
	require.Equal(t, cmdb.Withdrawn, third.State)

	for want, p := range map[string]cmdb.ProposeBaseline{
		"at: in the future":                   {Title: "b", At: r.now.Add(time.Hour)},
		"title: required":                     {},
		"scope.classes[0]: unknown (allowed ": {Title: "b", Scope: cmdb.Scope{Classes: []string{"serber"}}},
	} {
		_, err := r.TakeBaseline(r.ctx(), p)
		require.ErrorIs(t, err, itsm.ErrInvalid)
		require.ErrorContains(t, err, want)
	}
	_, err = r.TakeBaseline(itsm.MarkTx(r.ctx()), cmdb.ProposeBaseline{Title: "b"})
	require.ErrorContains(t, err, "in transaction")
	_, err = r.AtBaseline(r.ctx(), itsm.ID{9})
	require.ErrorIs(t, err, itsm.ErrNotFound)

	none := newRoom(t, func(c *cmdb.Config) { c.Baselines = nil })
	_, err = none.TakeBaseline(none.ctx(), cmdb.ProposeBaseline{Title: "b"})
	require.ErrorContains(t, err, "Config.Baselines is required")
}

// late is a store that hands over the events of baselines only at the given reading, and tells each one.
type late struct {
	itsm.Repository[cmdb.Item]
	until *int
	tell  func()
}

func (l late) Since(ctx context.Context, after itsm.Position, limit int, kinds ...string) ([]itsm.Event, itsm.Position, error) {
	if slices.Contains(kinds, cmdb.BaselineName) && after == "" {
		*l.until--
		l.tell()
	}
	if *l.until > 0 {
		kinds = slices.DeleteFunc(slices.Clone(kinds), func(k string) bool { return k == cmdb.BaselineName })
	}
	return l.Repository.Since(ctx, after, limit, kinds...)
}

func TestBaselineWaitsForItsPlace(t *testing.T) {
	until, tell := 3, func() {}
	r := newRoom(t, func(c *cmdb.Config) { c.Items = late{c.Items, &until, func() { tell() }} })
	r.register(cmdb.Particulars{Class: "server", Title: "db1"})
	b, err := r.TakeBaseline(r.ctx(), cmdb.ProposeBaseline{Title: "b"})
	require.NoError(t, err)
	require.Equal(t, 1, b.Seal.Items)
	require.LessOrEqual(t, until, 0)

	until = 1000
	ctx, cancel := context.WithCancel(r.ctx())
	tell = func() {
		if until == 997 {
			cancel()
		}
	}
	b, err = r.TakeBaseline(ctx, cmdb.ProposeBaseline{Title: "c"})
	require.ErrorIs(t, err, context.Canceled)
	_, err = r.Baselines.Do(r.ctx(), b.ID, cmdb.SealBaseline{})
	require.ErrorIs(t, err, cmdb.ErrUnsettled)
	_, err = r.Verify(r.ctx(), b.ID)
	require.ErrorContains(t, err, "not sealed")
	_, err = r.AuthoriseBaseline(r.ctx(), b.ID, itsm.ID{})
	require.ErrorIs(t, err, itsm.ErrNotAllowed)
	_, err = r.Drift(r.ctx(), cmdb.DriftQuery{Baseline: b.ID})
	require.ErrorIs(t, err, cmdb.ErrUnsettled)
	r.register(cmdb.Particulars{Class: "server", Title: "db2"}) // behind the baseline, at its instant
	until = 0
	b, err = r.Baselines.Do(r.ctx(), b.ID, cmdb.SealBaseline{})
	require.NoError(t, err)
	require.Equal(t, 1, b.Seal.Items)
}

func TestStoreHoldsBaselines(t *testing.T) {
	k := cmdb.BaselineKind()
	storetest.RunKind(t, k, func(*testing.T) itsm.Repository[cmdb.Baseline] { return memory.For(memory.New(), k) },
		func(rnd *rand.Rand, b *cmdb.Baseline) itsm.Action[cmdb.Baseline] {
			if b == nil {
				return cmdb.ProposeBaseline{Title: []string{"", "a", "b"}[rnd.IntN(3)], Scope: cmdb.Scope{Classes: [][]string{nil, {"server"}, {"serber"}}[rnd.IntN(3)]}}
			}
			return []itsm.Action[cmdb.Baseline]{itsm.Comment[cmdb.Baseline]{Text: "seen"}, cmdb.WithdrawBaseline{Reason: "old"}, cmdb.SealBaseline{}}[rnd.IntN(3)]
		})
}
