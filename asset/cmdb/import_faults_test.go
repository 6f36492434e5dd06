package cmdb_test

import (
	"context"
	"errors"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/asset/cmdb"
)

// meddler does something before a write reaches the store.
type meddler struct {
	itsm.Saver
	before func(n int) error
	n      int
}

func (m *meddler) SaveAll(ctx context.Context, in itsm.Scope, w []itsm.Write, expect ...itsm.Expect) error {
	if m.n++; m.before != nil {
		if err := m.before(m.n); err != nil {
			return err
		}
	}
	return m.Saver.SaveAll(ctx, in, w, expect...)
}

func meddled(m *meddler) func(*cmdb.Config) {
	return func(c *cmdb.Config) {
		candidated(c)
		m.Saver = c.Saver
		c.Saver = m
	}
}

func TestImportWhileOthersWork(t *testing.T) {
	var m meddler
	r := newRoom(t, meddled(&m))
	rows := lined(r.row("server", "1", map[string]any{"serial": "S1"}), r.row("server", "2", map[string]any{"serial": "S2"}))
	first := r.imports(cmdb.Import{Source: "scan"}, rows...)
	m.n, m.before = 0, func(n int) error {
		if n == 1 { // somebody is faster with the item of the first row
			r.do(r.item(first[0].Of), cmdb.Edit{Values: values(t, map[string]any{"location": "Tromsø"})})
		}
		return nil
	}
	rows[0].Values, rows[1].Values = values(t, map[string]any{"serial": "S1", "cores": 4}), values(t, map[string]any{"serial": "S2", "cores": 8})
	out := r.imports(cmdb.Import{Source: "scan"}, rows...)
	require.Equal(t, []cmdb.Result{cmdb.Changed, cmdb.Changed}, results(out))
	x := r.item(first[0].Of)
	require.Equal(t, "Tromsø", x.Location)
	require.Equal(t, "4", x.Specification.Text("cores"))
	require.EqualValues(t, 3, x.Version)
	require.EqualValues(t, 2, m.n, "the chunk was tried twice")

	m.before = func(int) error { // somebody is always faster
		r.do(r.item(first[0].Of), cmdb.TakeOut{Reason: "x"}, cmdb.BringBack{})
		return nil
	}
	rows[0].Values = values(t, map[string]any{"serial": "S1", "cores": 2})
	_, err := r.Import(r.ctx(), cmdb.Each(rows...), cmdb.Import{Source: "scan"})
	require.ErrorIs(t, err, itsm.ErrConflict)
}

func TestImportIntoAStoreThatFails(t *testing.T) {
	broken := errors.New("the disk is full")
	var m meddler
	r := newRoom(t, meddled(&m))
	var rows []cmdb.Row
	for i := range 700 {
		rows = append(rows, cmdb.Row{Line: i + 1, Class: "server", Key: strconv.Itoa(i)})
	}
	m.before = func(n int) error {
		if n == 2 {
			return broken
		}
		return nil
	}
	sum, err := r.Import(r.ctx(), cmdb.Each(rows...), cmdb.Import{Source: "scan", Complete: true, MaxMissing: 1})
	require.ErrorIs(t, err, broken)
	require.ErrorContains(t, err, "behind line 500, up to which everything is stored: the disk is full")
	require.Equal(t, 500, sum.Of(cmdb.Created))
	require.Len(t, r.items(), 500)

	m.before = nil
	sum, err = r.Import(r.ctx(), cmdb.Each(rows...), cmdb.Import{Source: "scan", Complete: true})
	require.NoError(t, err)
	require.Equal(t, map[cmdb.Result]int{cmdb.Unchanged: 500, cmdb.Created: 200}, sum.Counts)
}

// Rows that do not say where they stand are counted: an error tells up to which of them everything is stored.
func TestImportCountsRowsWithoutLines(t *testing.T) {
	broken := errors.New("the disk is full")
	var m meddler
	r := newRoom(t, meddled(&m))
	m.before = func(n int) error {
		if n == 2 {
			return broken
		}
		return nil
	}
	rows := make([]cmdb.Row, 700)
	for i := range rows {
		rows[i] = cmdb.Row{Class: "server", Key: strconv.Itoa(i)}
	}
	_, err := r.Import(r.ctx(), cmdb.Each(rows...), cmdb.Import{Source: "scan"})
	require.ErrorContains(t, err, "behind line 500, up to which everything is stored: the disk is full")
	m.before = nil
	out := r.imports(cmdb.Import{Source: "scan"}, r.row("server", "1", nil), r.row("server", "1", nil))
	require.ErrorContains(t, out[1].Err, "twice (by key, item "+out[0].Of.String()+", line 1,")
}

// A unique value that is taken parts a chunk into its rows: what is stored of them before the store fails is told.
func TestImportThatFailsAmongSingleRows(t *testing.T) {
	broken := errors.New("the disk is full")
	var m meddler
	r := newRoom(t, meddled(&m))
	imei := func(key, imei string) cmdb.Row { return r.row("mobile", key, map[string]any{"imei": imei}) }
	rows := lined(imei("1", "350000000000001"), imei("2", "350000000000001"), imei("3", "350000000000003"), imei("4", "350000000000004"))
	m.before = func(n int) error {
		if n == 5 { // behind the chunk and the first three rows by themselves
			return broken
		}
		return nil
	}
	sum, err := r.Import(r.ctx(), cmdb.Each(rows...), cmdb.Import{Source: "scan"})
	require.ErrorIs(t, err, broken)
	require.ErrorContains(t, err, "behind line 3, up to which everything is stored")
	require.Equal(t, cmdb.Summary{Rows: 3, Stored: 3, Counts: map[cmdb.Result]int{cmdb.Created: 2, cmdb.Refused: 1}}, sum)
	require.Len(t, r.items(), 2)
}

func TestDecisionsAreWholeOrNothing(t *testing.T) {
	var m meddler
	r := newRoom(t, meddled(&m))
	found := r.imports(cmdb.Import{Source: "agent"}, lined(r.row("server", "a1", map[string]any{"serial": "S1"}),
		r.row("server", "a2", map[string]any{"host": "web2", "domain": "x"}))...)
	out := r.imports(cmdb.Import{Source: "scan"}, r.row("server", "s", map[string]any{"serial": "S1", "host": "web2", "domain": "x"}))[0]
	broken := errors.New("the disk is full")
	m.before = func(int) error { return broken }
	_, err := r.Decide(r.ctx(), out.Candidate.ID, cmdb.Match{Item: found[1].Of})
	require.ErrorIs(t, err, broken)
	require.Nil(t, r.report(found[1].Of, "scan"))
	c, err := r.Candidates.Get(r.ctx(), out.Candidate.ID)
	require.NoError(t, err)
	require.Equal(t, cmdb.CandidateOpen, c.State)

	m.before, m.n = func(n int) error {
		if n == 1 {
			r.do(r.item(found[1].Of), cmdb.Edit{Values: values(t, map[string]any{"location": "Oslo"})})
		}
		return nil
	}, 0
	_, err = r.Decide(r.ctx(), out.Candidate.ID, cmdb.Match{Item: found[1].Of})
	require.NoError(t, err, "it is tried again")
	require.NotNil(t, r.report(found[1].Of, "scan"))

	for _, wrong := range []itsm.Action[cmdb.Candidate]{cmdb.Renew{}, nil, cmdb.Match{Item: itsm.Ref{Kind: "asset", ID: itsm.ID{1}}}} {
		_, err = r.Decide(r.ctx(), out.Candidate.ID, wrong)
		require.ErrorIs(t, err, itsm.ErrInvalid)
	}
}

// hiding is a policy that hides a field.
type hiding struct{ itsm.Permissive }

func (hiding) See(context.Context, *itsm.Actor, string) (itsm.View, error) {
	return itsm.View{Hidden: []string{"serial"}}, nil
}

func TestWhoMayImport(t *testing.T) {
	for _, c := range []struct {
		policy itsm.Policy
		want   string
	}{
		{itsm.AllowAll, "ann may not import on ci"},
		{hiding{itsm.AllowAll | itsm.AllowImport}, "ann does not see every ci"},
	} {
		r := newRoom(t, func(conf *cmdb.Config) {
			sourced(conf)
			conf.Policy = c.policy
		})
		row := r.row("server", "1", map[string]any{"serial": "S1"})
		_, err := r.Import(r.ctx(), cmdb.Each(row), cmdb.Import{Source: "scan", DryRun: true})
		require.ErrorIs(t, err, itsm.ErrForbidden)
		require.ErrorContains(t, err, c.want)
		_, err = r.Import(itsm.System(context.Background(), "acme"), cmdb.Each(row), cmdb.Import{Source: "scan"})
		require.NoError(t, err)
	}
	r := newRoom(t, sourced)
	for _, how := range []cmdb.Import{{Source: "manual"}, {Source: "nobody"}, {Source: "scan", MaxMissing: 2}} {
		_, err := r.Import(r.ctx(), cmdb.Each[cmdb.Row](), how)
		require.ErrorIs(t, err, itsm.ErrInvalid)
	}
}

// Two sources report the same servers at the same time: whichever is first opens one, and the other one recognises it.
func TestImportsAtOnce(t *testing.T) {
	r := newRoom(t, sourced)
	const n = 1_200
	done := make(chan error)
	for _, source := range []string{"agent", "scan"} {
		var rows []cmdb.Row
		for i := range n {
			rows = append(rows, cmdb.Row{Line: i + 1, Class: "server", Key: source + strconv.Itoa(i), Values: itsm.Attributes{{Key: "serial", Value: `"S` + strconv.Itoa(i) + `"`}}})
		}
		go func() {
			sum, err := r.Import(r.ctx(), cmdb.Each(rows...), cmdb.Import{Source: source})
			if err == nil && sum.Of(cmdb.Created)+sum.Of(cmdb.Noted) != n {
				err = errors.New("a row is neither new nor recognised")
			}
			done <- err
		}()
	}
	require.NoError(t, errors.Join(<-done, <-done))
	all := r.items()
	require.Len(t, all, n)
	for _, x := range all {
		require.Len(t, x.Reports, 2)
	}
}
