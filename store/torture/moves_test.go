package torture_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/store/storetest"
)

// mover makes up calls. It decides everything before the call is made, so that each player makes the same one.
type mover struct {
	*rand.Rand
	n int // calls so far
}

func (m *mover) one(of ...string) string { return of[m.IntN(len(of))] }

func (m *mover) word() string {
	return m.one("", "mail", "Mail down", "ünï 😀", "日本語 テスト", "a'b\"", "printer 4", "x\\y", "[redacted]", "NUL\x00")
}

func (m *mover) content() storetest.Content {
	c := storetest.Content{
		Title: m.word(), Body: m.word() + " " + m.word(), Group: m.one("", "a", "b"), Level: storetest.Level(m.one("", "low", "high")), Flag: m.IntN(2) == 0,
		Count: m.IntN(5) - 2, Big: m.Int64() - m.Int64(), Due: time.Unix(int64(m.IntN(3)), 0).UTC(),
	}
	if m.IntN(2) == 0 {
		c.Code = fmt.Sprint("c", m.IntN(30))
	}
	for _, tag := range []string{"t", "u", "ü"} {
		if m.IntN(3) == 0 {
			c.Tags = append(c.Tags, tag)
		}
	}
	return c
}

func (m *mover) options() (out []itsm.DoOption) {
	if m.IntN(4) == 0 {
		out = append(out, itsm.IdempotencyKey(fmt.Sprint("k", m.IntN(40))))
	}
	if m.IntN(6) == 0 {
		out = append(out, itsm.IfVersion(int64(1+m.IntN(4))))
	}
	if m.IntN(6) == 0 {
		out = append(out, itsm.Note(m.word(), true))
	}
	return out
}

// move makes up a call; outer tells that it is none within a transaction.
func (m *mover) move(outer bool) (string, move) {
	tenant := m.one("acme", "acme", "acme", "zeta")
	kind := m.IntN(22)
	if !outer {
		kind = m.IntN(13)
	}
	switch {
	case kind < 4:
		return "open", m.open(tenant)
	case kind < 9:
		return "do", m.do(tenant)
	case kind < 11:
		return "find", m.find(tenant)
	case kind < 13:
		return "transaction", m.transaction()
	case kind < 15:
		return "since", m.since()
	case kind < 17:
		return "redact", m.redact(tenant)
	case kind < 18:
		before, limit := m.IntN(300), 1+m.IntN(2)
		return "purge", func(ctx context.Context, p *player) (any, error) {
			return p.things.Purge(itsm.System(ctx, tenant), p.now.Add(-time.Duration(before)*time.Second), limit)
		}
	case kind < 19:
		before := m.IntN(600)
		return "forget", func(ctx context.Context, p *player) (any, error) {
			return nil, p.things.ForgetKeys(itsm.System(ctx, tenant), p.now.Add(-time.Duration(before)*time.Second))
		}
	case kind < 20:
		return "use", m.use()
	case kind < 21:
		return "history", m.history(tenant)
	default:
		return "several", m.several(tenant)
	}
}

func (m *mover) open(tenant string) move {
	o := m.options()
	if m.IntN(3) == 0 {
		a := storetest.Found{As: fmt.Sprint("other ", m.IntN(40))}
		return func(ctx context.Context, p *player) (any, error) {
			return p.others.Open(itsm.System(ctx, tenant), a, o...)
		}
	}
	if m.IntN(5) == 0 {
		o = append(o, itsm.External(fmt.Sprint("e", m.IntN(20))))
	}
	a := storetest.Create{Content: m.content(), Attributes: itsm.Attributes{{Key: "note", Value: quoted(m.one("n", "m"))}}}
	return func(ctx context.Context, p *player) (any, error) {
		return p.things.Open(itsm.System(ctx, tenant), a, o...)
	}
}

func (m *mover) do(tenant string) move {
	at, o := m.IntN(1000), m.options()
	actions := []itsm.Action[storetest.Thing]{
		storetest.Put{Content: m.content()}, storetest.Put{Content: m.content()}, storetest.Hold{}, storetest.Release{}, storetest.Finish{}, storetest.Reopen{},
		itsm.Comment[storetest.Thing]{Text: m.word()}, itsm.Relate[storetest.Thing]{Type: "about", To: itsm.Ref{Kind: "asset", ID: itsm.ID{7, 15: byte(m.IntN(3))}}},
		itsm.SetAttributes[storetest.Thing]{Attributes: itsm.Attributes{{Key: "serial", Value: fmt.Sprint(m.IntN(20))}, {Key: "note", Value: quoted(m.one("n", "m"))}}},
	}
	a, set := actions[m.IntN(len(actions))], storetest.Set{Count: m.IntN(3)}
	return func(ctx context.Context, p *player) (any, error) {
		ctx = itsm.System(ctx, tenant)
		if at%5 == 0 {
			return p.others.Do(ctx, p.id(at), set, o...)
		}
		return p.things.Do(ctx, p.id(at), a, o...)
	}
}

var errMind = errors.New("changed its mind")

// transaction is some calls in one transaction, or a part of one. Errors of the calls are passed over or end it.
func (m *mover) transaction() move {
	var calls []move
	for range 1 + m.IntN(3) {
		_, c := m.move(false)
		calls = append(calls, c)
	}
	hides, undo := m.IntN(2) == 0, m.IntN(3) == 0
	return func(ctx context.Context, p *player) (any, error) {
		var out []string
		err := p.o.store.InTx(ctx, func(ctx context.Context) error {
			out = nil
			for _, c := range calls {
				answer, err := c(ctx, p)
				if err != nil && !hides {
					return err
				}
				out = append(out, p.answer(ctx, func(context.Context, *player) (any, error) { return answer, err }))
			}
			if undo {
				return errMind
			}
			return nil
		})
		return out, err
	}
}

// find asks for a page, the one behind it, and counts.
func (m *mover) find(tenant string) move {
	text := func(index itsm.IndexName, values ...string) itsm.Condition { return text(index, values...) }
	low := itsm.Key{N: int64(m.IntN(3) - 2)}
	conditions := []itsm.Condition{
		text("group", "a", "b"), text("group"), text("level", "low", "high"), text("tag", "t", "ü"), text("code", "c1", "c2", "c3"), text("state", "open", "held"), text("title", "mail"),
		{Index: "count", Type: itsm.TypeNumber, Min: &low}, {Index: "big", Type: itsm.TypeNumber, Max: &low}, {Index: "attributes.note", Type: itsm.TypeText, In: []itsm.Key{{S: "n"}}},
		{Index: "flag", Type: itsm.TypeBool, In: []itsm.Key{{N: 1}}}, {Index: "title", Type: itsm.TypeText, Min: &itsm.Key{S: "m"}},
	}
	var q itsm.Query[storetest.Thing]
	for range m.IntN(3) {
		q.Where = append(q.Where, conditions[m.IntN(len(conditions))])
	}
	q.Order = itsm.Order{Index: itsm.IndexName(m.one("", "", "title", "count", "due", "number", "updated", "big", "tag")), Desc: m.IntN(2) == 0}
	q.Text = m.one("", "", "", "mail", "日本", "ünï", "x y", "...")
	q.Scan = m.IntN(3) > 0
	page := itsm.PageRequest{Limit: []int{0, 1, 2, 3, 7, 1000, 1001, -1}[m.IntN(8)]}
	by, foreign := itsm.IndexName(m.one("group", "tag", "state", "count", "title", "flag", "nothing")), m.IntN(8) == 0
	return func(ctx context.Context, p *player) (any, error) {
		ctx = itsm.System(ctx, tenant)
		page := page
		if foreign {
			page.Cursor = p.cursor
		}
		first, err := p.things.Find(ctx, q, page)
		if err != nil {
			return nil, err
		}
		p.cursor, page.Cursor = first.Next, first.Next
		behind, err := p.things.Find(ctx, q, page)
		if err != nil {
			return nil, err
		}
		counts, err := p.things.Count(ctx, q, by)
		if err != nil {
			return nil, err
		}
		return []any{first, behind, counts}, nil
	}
}

// since reads on, some events at a time; where that leaves off is each store's own.
func (m *mover) since() move {
	limit, again, kinds := m.IntN(40), m.IntN(5) == 0, [][]string{nil, {"thing"}, {"other", "thing"}, {"nothing"}}[m.IntN(4)]
	return func(ctx context.Context, p *player) (any, error) {
		if again {
			p.seen = ""
		}
		events, next, err := p.o.store.Since(ctx, p.seen, limit, kinds...)
		if p.seen = next; len(events) == 0 {
			events = nil
		}
		return events, err
	}
}

func (m *mover) redact(tenant string) move {
	at := m.IntN(1000)
	x := itsm.Redaction{Paths: []string{m.one("content.title", "content.body", "content.tags", "content.code", "attributes.note", "external", "nothing")}, Reason: "asked for"}
	if m.IntN(3) == 0 {
		x.Notes = []int64{int64(1 + m.IntN(3))}
	}
	return func(ctx context.Context, p *player) (any, error) {
		return p.things.Redact(itsm.System(ctx, tenant), p.id(at), x)
	}
}

// use gives or takes an index on the note, which may not be unique: which of its values a store finds taken is its own.
func (m *mover) use() move {
	how := m.IntN(3)
	return func(ctx context.Context, p *player) (any, error) {
		fields := storetest.Things().Fields()
		for i := range fields {
			if fields[i].Key == "note" {
				fields[i].Indexed, fields[i].Unique = how == 1, how == 2
			}
		}
		k, err := storetest.Things().WithFields(fields...)
		if err != nil {
			return nil, err
		}
		if err := p.things.Use(ctx, k); !errors.Is(err, itsm.ErrDuplicate) {
			return nil, err
		}
		return nil, itsm.ErrDuplicate
	}
}

func (m *mover) history(tenant string) move {
	at, limit, key := m.IntN(1000), m.IntN(4), fmt.Sprint("k", m.IntN(40))
	return func(ctx context.Context, p *player) (any, error) {
		in, of := itsm.Scope{Tenant: tenant}, itsm.Ref{Kind: "thing", ID: p.id(at)}
		first, err := p.o.store.History(ctx, in, of, itsm.PageRequest{Limit: limit})
		if err != nil {
			return nil, err
		}
		behind, err := p.o.store.History(ctx, in, of, itsm.PageRequest{Limit: limit, Cursor: first.Next})
		if err != nil {
			return nil, err
		}
		e, err := p.o.store.ByKey(ctx, in, "thing", key)
		return []any{first, behind, e, fmt.Sprint(errors.Is(err, itsm.ErrNotFound))}, nil
	}
}

// several prepares actions on records of two kinds and saves them at once, if another one has the version that is expected.
func (m *mover) several(tenant string) move {
	a, b, c, version := m.IntN(1000), m.IntN(1000), m.IntN(1000), int64(m.IntN(3))
	content, set := m.content(), storetest.Set{Count: m.IntN(5)}
	return func(ctx context.Context, p *player) (any, error) {
		in := itsm.System(ctx, tenant)
		var writes []itsm.Write
		if w, _, err := p.things.Prepare(in, p.id(a), storetest.Put{Content: content}); err == nil {
			writes = append(writes, w)
		}
		if w, _, err := p.others.Prepare(in, p.id(b), set); err == nil {
			writes = append(writes, w)
		}
		return len(writes), p.o.store.SaveAll(ctx, itsm.Scope{Tenant: tenant}, writes, itsm.Expect{Of: itsm.Ref{Kind: "thing", ID: p.id(c)}, Version: version})
	}
}
