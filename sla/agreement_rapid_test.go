package sla_test

import (
	"encoding/json"
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/sla"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// treaty is one agreement beside another one, with arbitrary actions done to it.
type treaty struct {
	*bureau
	t     *rapid.T
	g     sla.Agreement
	other sla.Agreement
}

// terms draws terms, right or wrong.
func (p *treaty) terms() sla.Clauses {
	t := p.t
	c := clauses(t)
	c.Title = rapid.SampledFrom([]string{"Gold", "Größe", "", "a\x00b"}).Draw(t, "title")
	c.Customers = rapid.SampledFrom([][]string{nil, {"cleo"}, {"dan", "cleo", "dan"}}).Draw(t, "customers")
	c.Covers = rapid.SampledFrom([]sla.Condition{{}, sla.Is("priority", "p1"), sla.Is("title", "a<b>&\u2028", "ü\t\"\\"), sla.Is("prio", "p1")}).Draw(t, "covers")
	c.Targets[0].Amounts[0].Working = itsm.Duration(rapid.Int64Range(-1, 3).Draw(t, "amount"))
	c.ValidFrom = rapid.SampledFrom([]time.Time{{}, p.now.Add(-1), p.now, p.now.Add(48 * time.Hour)}).Draw(t, "from")
	c.ValidUntil = rapid.SampledFrom([]time.Time{{}, p.now.Add(time.Hour), p.now.Add(96 * time.Hour)}).Draw(t, "until")
	c.Goal, c.ReviewEvery = rapid.IntRange(-1, 9500).Draw(t, "goal"), itsm.Period{Months: rapid.IntRange(0, 1).Draw(t, "months")}
	return c
}

func (p *treaty) action(name string) itsm.Action[sla.Agreement] {
	t := p.t
	word := rapid.SampledFrom([]string{"", "as agreed", "\xff"})
	at := rapid.SampledFrom([]time.Time{{}, p.now.Add(-time.Hour), p.now, p.now.Add(30 * time.Hour), p.now.Add(100 * time.Hour)})
	switch name {
	case "draft":
		return sla.Draft{Terms: p.terms()}
	case "revise":
		return sla.Revise{Supersedes: p.other.Ref(sla.AgreementName), Terms: p.terms()}
	case "edit":
		return sla.Edit{Terms: p.terms()}
	case "sign":
		return sla.Sign{By: word.Draw(t, "by")}
	case "supersede":
		return sla.Supersede{At: at.Draw(t, "at")}
	case "terminate":
		return sla.Terminate{Reason: word.Draw(t, "reason"), At: at.Draw(t, "at")}
	case "begin_review":
		return sla.BeginReview{Text: word.Draw(t, "text")}
	case "end_review":
		return sla.EndReview{Outcome: word.Draw(t, "outcome")}
	case "review":
		return itsm.Review[sla.Agreement]{Outcome: word.Draw(t, "outcome")}
	case "comment":
		return itsm.Comment[sla.Agreement]{Text: word.Draw(t, "text")}
	case "relate":
		return itsm.Relate[sla.Agreement]{Type: "see", To: p.other.Ref(sla.AgreementName)}
	case "unrelate":
		return itsm.Unrelate[sla.Agreement]{Type: "see", To: p.other.Ref(sla.AgreementName)}
	}
	a, err := p.kind.Decode(name, nil) // those without input
	require.NoError(t, err)
	return a
}

// step does an arbitrary action and checks what must hold after it.
func (p *treaty) step(name string) {
	t := p.t
	p.now = p.now.Add(time.Duration(rapid.IntRange(0, 30).Draw(t, "hours")) * time.Hour)
	offered, err := p.desk.Options(p.ctx(), p.g)
	require.NoError(t, err)
	before := p.g
	after, err := p.desk.Do(p.ctx(), p.g.ID, p.action(name))
	stored, failed := p.desk.Get(p.ctx(), p.g.ID)
	require.NoError(t, failed)
	i := slices.IndexFunc(offered, func(o itsm.Option) bool { return o.Action == name })
	if err != nil {
		require.True(t, errors.Is(err, itsm.ErrInvalid) || errors.Is(err, itsm.ErrNotAllowed), "%v", err)
		require.Equal(t, before, stored, "a failure changes nothing")
		return
	}
	require.True(t, offered[i].Allowed, "%s succeeded but was not offered: %v", name, offered[i].Why)
	require.Contains(t, offered[i].To, string(after.State))
	require.Equal(t, after, stored)
	require.Equal(t, before.Version+1, after.Version)
	if !before.SignedAt.IsZero() {
		p.unchanged(before, after)
	}
	p.g = after
	p.invariants()
}

// unchanged: of a signed agreement only the end changes, and only to an earlier one that is not in the past.
func (p *treaty) unchanged(before, after sla.Agreement) {
	was, is := before.Clauses(), after.Clauses()
	if !is.ValidUntil.Equal(was.ValidUntil) {
		require.True(p.t, was.ValidUntil.IsZero() || is.ValidUntil.Before(was.ValidUntil))
		require.False(p.t, is.ValidUntil.Before(p.now))
	}
	was.ValidUntil, was.ReviewEvery, was.ReviewOwner = is.ValidUntil, is.ReviewEvery, is.ReviewOwner
	require.Equal(p.t, was, is, "what is signed never changes")
}

// invariants are what holds for every agreement at every time.
func (p *treaty) invariants() {
	t, g := p.t, p.g
	rebuilt, err := p.kind.Replay(p.history(g), time.Time{})
	require.NoError(t, err)
	require.Equal(t, g, rebuilt, "the events give the record")
	raw, err := json.Marshal(g)
	require.NoError(t, err)
	read, err := p.kind.Shape().Decode(raw)
	require.NoError(t, err)
	require.Equal(t, &g, read, "JSON keeps the record")

	signed := g.State == sla.Active || g.State == sla.InReview || g.State == sla.Expired
	require.True(t, !signed || !g.SignedAt.IsZero() && g.SignedBy != "" && !g.ValidFrom.Before(g.SignedAt))
	require.True(t, g.State != sla.Terminated || g.EndedFor != "")
	require.True(t, g.State != sla.Expired || !g.ValidUntil.IsZero() && g.EndedFor == "")
	terms, err := sla.TermsOf(p.ctx(), p.desk, sla.IncidentSubject())
	require.NoError(t, err)
	_, err = sla.Compile(terms)
	require.NoError(t, err, "what was signed compiles, without a tie")
}

// Every path of the lifecycle: arbitrary actions, one after the other, beside another agreement that is in force for some
// time.
func TestAgreementPaths(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := &treaty{bureau: newBureau(t), t: t}
		c := clauses(t)
		c.Customers, c.ValidUntil = []string{"cleo"}, p.now.Add(60*time.Hour)
		p.other = p.sign(c)
		open := []itsm.Action[sla.Agreement]{sla.Draft{Terms: clauses(t)}, sla.Revise{Supersedes: p.other.Ref(sla.AgreementName), Terms: clauses(t)}}
		p.g = p.open(rapid.SampledFrom(open).Draw(t, "opening"))
		p.invariants()
		t.Repeat(map[string]func(*rapid.T){
			"any": func(rt *rapid.T) { p.t = rt; p.step(rapid.SampledFrom(p.kind.Actions()).Draw(rt, "action")) },
			"possible": func(rt *rapid.T) {
				p.t = rt
				p.step(rapid.SampledFrom(p.kind.Lifecycle().Allowed(p.g.State)).Draw(rt, "action"))
			},
			"move": func(rt *rapid.T) {
				p.t = rt
				p.step(rapid.SampledFrom([]string{"edit", "offer", "sign", "begin_review", "end_review", "supersede", "expire"}).Draw(rt, "action"))
			},
		})
	})
}
