package relational

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/itsmkit/itsm"
)

// SaveAll implements itsm.Saver.
func (e *Engine) SaveAll(ctx context.Context, in itsm.Scope, writes []itsm.Write, expect ...itsm.Expect) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if !storable(in.Tenant) {
		return itsm.Invalid("tenant", "encoding", "want", "UTF-8 without NUL")
	}
	tables := make([]*Table, len(writes))
	for i := range writes {
		t, err := e.ready(ctx, writes[i].Kind)
		if err != nil {
			return err
		}
		if err := t.Shape.CheckWrite(in, &writes[i]); err != nil {
			return err
		}
		tables[i] = t
	}
	stored, open, err := e.alone(ctx, in, tables, writes, expect)
	if stored || err != nil {
		return err
	}
	var last attempt
	write := func(c Conn) error {
		last = nil
		r := e.round(c, in)
		if err := r.expect(ctx, expect); err != nil {
			return err
		}
		for i := range writes {
			r.left[writes[i].Event.Subject]++
		}
		for i := range writes {
			w := writes[i] // a second try begins with the same
			if err := r.save(ctx, tables[i], &w); err != nil {
				return err
			}
			last = append(last, tried{w.Event, tables[i].Shape.Header(w.Record).Number})
		}
		return r.putEvents(ctx)
	}
	for {
		err := e.Backend.Write(ctx, reach(in), write)
		switch {
		case errors.Is(err, ErrUnknown) && len(open) < maxOpen:
			open = append(open, last)
			continue
		case len(open) > 0 && (errors.Is(err, itsm.ErrConflict) || errors.Is(err, itsm.ErrDuplicate)):
			if settled, failed := e.settled(ctx, in, tables, writes, open); settled || failed != nil {
				return e.wrote(ctx, "save", failed)
			}
		}
		return e.wrote(ctx, "save", err)
	}
}

// stored is the row of a record as a write finds it; version 0 is none.
type stored struct {
	seq      int64
	version  int64
	declared int64
	lists    int64
	wordSum  int64
	number   string
	columns  []any
	made     bool // by the write that is under way
}

func (e *Engine) stored(ctx context.Context, c Conn, t *Table, tenant string, id itsm.ID) (stored, error) {
	var old stored
	old.columns = make([]any, len(t.Columns))
	into := []any{&old.seq, &old.version, &old.declared, &old.lists, &old.wordSum}
	for i := range old.columns {
		into = append(into, &old.columns[i])
	}
	found, err := maybe(ctx, c, t.sql.stored, []any{tenant, e.Dialect.ID(id)}, into...)
	if err != nil || !found {
		return stored{}, err
	}
	if number := old.columns[t.columns[itsm.IndexNumber]]; number != nil {
		k, err := e.Dialect.Key(itsm.TypeText, number)
		if err != nil {
			return stored{}, err
		}
		old.number = k.S
	}
	return old, nil
}

func (e *Engine) keyTaken(ctx context.Context, c Conn, in itsm.Scope, w *itsm.Write) error {
	if w.Event.Key == "" {
		return nil
	}
	used, err := events(ctx, c, e.SQL(byKey), in.Tenant, w.Kind, w.Event.Key)
	if err != nil || len(used) == 0 {
		return err
	}
	return &itsm.DuplicateError{Index: "key", Value: w.Event.Key, Of: used[0].Subject}
}

// taken returns the error for a value of a unique index that another record has, if any. Values that the record has
// already are not looked for.
func (e *Engine) taken(ctx context.Context, c Conn, t *Table, in itsm.Scope, rec any, now row, old stored) error {
	for _, index := range t.Indexes {
		if !index.Unique {
			continue
		}
		holder, err := e.holder(ctx, c, t, in.Tenant, index, now.values, old)
		if err != nil {
			return err
		}
		if holder != nil && *holder != t.Shape.Header(rec).ID {
			return &itsm.DuplicateError{Index: index.Name, Value: t.formatted(index, rec), Of: itsm.Ref{Kind: t.Shape.Name(), ID: *holder}}
		}
	}
	return nil
}

func (e *Engine) holder(ctx context.Context, c Conn, t *Table, tenant string, index itsm.IndexShape, values []any, old stored) (*itsm.ID, error) {
	s := &statement{dialect: e.Dialect}
	s.add("SELECT id FROM ", t.Name, " WHERE tenant = ", s.arg(tenant))
	same := old.version > 0
	for _, p := range index.Parts {
		n := t.columns[p.Name]
		if values[n] == nil {
			return nil, nil
		}
		same = same && equal(values[n], old.columns[n])
		s.add(" AND ", t.Columns[n].Name, " = ", s.arg(values[n]))
	}
	if same {
		return nil, nil
	}
	var id itsm.ID
	found, err := maybe(ctx, c, s.String(), s.args, &id)
	if err != nil || !found {
		return nil, err
	}
	return &id, nil
}

// formatted returns a record's values of an index as texts.
func (t *Table) formatted(index itsm.IndexShape, rec any) string {
	var values []string
	for _, p := range index.Parts {
		for _, k := range t.Shape.Values(p.Name, rec, nil) {
			values = append(values, k.Format(p.Type))
		}
	}
	return strings.Join(values, ", ")
}

// put stores a record with its list values and words, and returns the number of its row.
func (e *Engine) put(ctx context.Context, c Conn, t *Table, in itsm.Scope, rec any, now row, old stored) (int64, error) {
	var own inline // words that go into the row with it
	words := now.wordSum != old.wordSum || old.version == 0
	var tokens []string
	if words {
		if tokens = t.Shape.Tokens(rec); old.version == 0 || old.made {
			own.expression, own.arg = e.Dialect.Words(tokens)
		}
	}
	seq, err := e.putRecord(ctx, c, t, in, rec, now, old, own)
	if err != nil {
		return 0, err
	}
	if now.lists != old.lists {
		if err := e.putLists(ctx, c, t, in, t.Shape.Header(rec).ID, now.entries, old.lists != 0); err != nil {
			return 0, err
		}
	}
	if !words || own.expression != "" {
		return seq, nil
	}
	return seq, e.Dialect.SetWords(ctx, c, t, seq, tokens)
}

// inline is an expression over one argument; "" is none.
type inline struct {
	expression string
	arg        any
}

// putFirst inserts the row of a record that is written again in the same transaction: its list values and words are those
// of the last write.
func (e *Engine) putFirst(ctx context.Context, c Conn, t *Table, in itsm.Scope, rec any, now row) (stored, error) {
	now.lists, now.wordSum = 0, 0
	seq, err := e.putRecord(ctx, c, t, in, rec, now, stored{}, inline{})
	h := t.Shape.Header(rec)
	return stored{seq: seq, version: h.Version, declared: t.Digest, number: h.Number, columns: now.values, made: true}, err
}

// putRecord inserts the row of a record, or sets what differs, and returns the row's number.
func (e *Engine) putRecord(ctx context.Context, c Conn, t *Table, in itsm.Scope, rec any, now row, old stored, words inline) (int64, error) {
	raw, err := t.Shape.Encode(rec)
	if err != nil {
		return 0, err
	}
	h := t.Shape.Header(rec)
	if old.version == 0 {
		var seq int64
		insert, args := t.sql.insert, append([]any{in.Tenant, e.Dialect.ID(h.ID), h.Version, t.Digest, now.lists, now.wordSum, string(raw)}, now.values...)
		if words.expression != "" {
			insert, args = t.sql.insertWords, append(args, words.arg)
		}
		err := one(ctx, c, insert, args, &seq)
		return seq, err
	}
	s := &statement{dialect: e.Dialect}
	s.add("UPDATE ", t.Name, " SET version = ", s.arg(h.Version), ", record = ", s.arg(string(raw)))
	if old.declared != t.Digest {
		s.add(", declared = ", s.arg(t.Digest))
	}
	if old.lists != now.lists {
		s.add(", lists = ", s.arg(now.lists))
	}
	if old.wordSum != now.wordSum {
		s.add(", word_sum = ", s.arg(now.wordSum))
	}
	if words.expression != "" {
		s.add(", words = ", fmt.Sprintf(words.expression, s.arg(words.arg)))
	}
	for i, v := range now.values {
		if !equal(v, old.columns[i]) {
			s.add(", ", t.Columns[i].Name, " = ", s.arg(v))
		}
	}
	s.add(" WHERE seq = ", s.arg(old.seq))
	_, err = c.Exec(ctx, s.String(), s.args...)
	return old.seq, err
}

// equal compares what a column holds with what it is to hold. Two forms of one value count as different: then it is
// written once more.
func equal(a, b any) bool {
	x, isBytes := a.([]byte)
	y, both := b.([]byte)
	if isBytes || both {
		return isBytes && both && string(x) == string(y)
	}
	return a == b
}

// putLists replaces the list values of a record.
func (e *Engine) putLists(ctx context.Context, c Conn, t *Table, in itsm.Scope, of itsm.ID, entries []Entry, had bool) error {
	id := e.Dialect.ID(of)
	if had {
		if err := e.dropLists(ctx, c, t, in.Tenant, id); err != nil {
			return err
		}
	}
	for len(entries) > 0 {
		some := entries[:min(len(entries), 200)]
		entries = entries[len(some):]
		s := &statement{dialect: e.Dialect}
		s.add("INSERT INTO ", t.ListsName, " (tenant, list, s, n, id) VALUES ")
		tenant, owner := s.arg(in.Tenant), s.arg(id)
		for i, x := range some {
			if i > 0 {
				s.add(", ")
			}
			s.add("(", tenant, ", ", s.arg(x.List), ", ", s.arg(x.S), ", ", s.arg(x.N), ", ", owner, ")")
		}
		if _, err := c.Exec(ctx, s.String(), s.args...); err != nil {
			return err
		}
	}
	return nil
}

func (e *Engine) dropLists(ctx context.Context, c Conn, t *Table, tenant string, id any) error {
	_, err := c.Exec(ctx, t.sql.dropLists, tenant, id)
	return err
}
