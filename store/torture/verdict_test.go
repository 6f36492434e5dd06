package torture_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/store/storetest"
)

// verdict is what an error says, without the name of the store: the error of the contract and the fields.
func verdict(err error) string {
	var invalid *itsm.ValidationError
	switch {
	case err == nil:
		return "accepted"
	case errors.As(err, &invalid):
		var out []string
		for _, p := range invalid.Problems {
			out = append(out, p.Path+":"+p.Code)
		}
		return "invalid " + strings.Join(out, " ")
	}
	for _, known := range []error{itsm.ErrConflict, itsm.ErrDuplicate, itsm.ErrInvalid, itsm.ErrNotFound, itsm.ErrNotAllowed, itsm.ErrForbidden} {
		if errors.Is(err, known) {
			return known.Error()
		}
	}
	return "failed: " + err.Error()
}

// TestBadRecords sends each store what no record may hold, through a desk. The verdict is the same on all, names the
// field, and nothing is stored.
func TestBadRecords(t *testing.T) {
	long := strings.Repeat("x", itsm.MaxIndexed+1)
	valid := storetest.Content{Level: storetest.Low}
	content := func(change func(*storetest.Content)) storetest.Create {
		c := valid
		change(&c)
		return storetest.Create{Content: c}
	}
	attribute := func(key, value string) storetest.Create {
		return storetest.Create{Content: valid, Attributes: itsm.Attributes{{Key: key, Value: value}}}
	}
	type badRecord struct {
		name   string
		action storetest.Create
		option []itsm.DoOption
		want   string
	}
	cases := []badRecord{
		{"NUL in an attribute", attribute("note", `"a\u0000b"`), nil, "invalid attributes.note:nul"},
		{"number without digits", attribute("price", "1e"), nil, "invalid attributes.price:type"},
		{"number too large to compare", attribute("price", "1e999999999999"), nil, "invalid attributes.price:type"},
		{"date that is none", attribute("bought", `"2026-02-30"`), nil, "invalid attributes.bought:type"},
		{"year 10000 in an attribute", attribute("bought", `"10000-01-01"`), nil, "invalid attributes.bought:type"},
		{"unknown choice", attribute("floor", `"cellar"`), nil, "invalid attributes.floor:choice"},
		{"unknown attribute", attribute("colour", `"red"`), nil, "invalid attributes.colour:undeclared"},
		{"year 0", content(func(c *storetest.Content) { c.At = time.Date(0, 1, 1, 0, 0, 0, 0, time.UTC) }), nil, "invalid content.at:year"},
		{"year 10000", content(func(c *storetest.Content) { c.Due = time.Date(10000, 1, 1, 0, 0, 0, 0, time.UTC) }), nil, "invalid content.due:year"},
		{"unknown enumeration", content(func(c *storetest.Content) { c.Level = "a'b" }), nil, "invalid content.level:choice"},
		{"too long for its index", content(func(c *storetest.Content) { c.Group = long }), nil, "invalid group:too_long"},
		{"too long for its index in a list", content(func(c *storetest.Content) { c.Tags = []string{"a", long} }), nil, "invalid tag:too_long"},
		{"external key with NUL", storetest.Create{Content: valid}, []itsm.DoOption{itsm.External("a\x00")}, "invalid external:nul"},
		{"external key too long", storetest.Create{Content: valid}, []itsm.DoOption{itsm.External(long)}, "invalid external:too_long"},
		{"number with NUL", storetest.Create{Content: valid}, []itsm.DoOption{itsm.Numbered("TH\x00")}, "invalid number:nul"},
		{"key with NUL", storetest.Create{Content: valid}, []itsm.DoOption{itsm.IdempotencyKey("a\x00b")}, "invalid key:format"},
		{"key of 201 bytes", storetest.Create{Content: valid}, []itsm.DoOption{itsm.IdempotencyKey(long[:201])}, "invalid key:format"},
		{"note with NUL", storetest.Create{Content: valid}, []itsm.DoOption{itsm.Note("a\x00b", false)}, "invalid note:nul"},
	}
	for bad, code := range map[string]string{"a\x00b": "nul", "\x00": "nul", "a\xffb": "utf8", "\xed\xa0\x80": "utf8"} {
		for path, change := range map[string]func(*storetest.Content){ // an element of a keyed list is named by its key
			"content.title":                func(c *storetest.Content) { c.Title = bad },
			"content.body":                 func(c *storetest.Content) { c.Body = bad },
			"content.code":                 func(c *storetest.Content) { c.Code = bad },
			"content.group":                func(c *storetest.Content) { c.Group = bad },
			"content.tags." + bad:          func(c *storetest.Content) { c.Tags = []string{"a", bad} },
			"content.lines[0]":             func(c *storetest.Content) { c.Lines = []string{bad} },
			"content.pause.reason":         func(c *storetest.Content) { c.Pause = &storetest.Pause{Reason: bad} },
			"content.parts." + bad + ".id": func(c *storetest.Content) { c.Parts = []storetest.Part{{ID: bad}} },
			"content.outcome.text":         func(c *storetest.Content) { c.Outcome.Text = bad },
		} {
			cases = append(cases, badRecord{fmt.Sprintf("%q in %s", bad, path), content(change), nil, "invalid " + path + ":" + code})
		}
	}
	for _, s := range subjects() {
		t.Run(s.name, func(t *testing.T) {
			o := s.openFresh(t)
			desk := deskOf(storetest.Things(), o.things)
			ctx := itsm.System(t.Context(), acme.Tenant)
			rec, err := desk.Open(ctx, storetest.Create{Content: valid})
			require.NoError(t, err)
			for _, c := range cases {
				_, err := desk.Open(ctx, c.action, c.option...)
				assert.Equal(t, c.want, verdict(err), c.name)
				if c.option == nil && c.action.Attributes == nil {
					_, err = desk.Do(ctx, rec.ID, storetest.Put{Content: c.action.Content})
					assert.Equal(t, c.want, verdict(err), c.name)
				}
			}
			events, _, err := o.store.Since(t.Context(), "", 10)
			require.NoError(t, err)
			require.Len(t, events, 1, "nothing that was refused is stored")
		})
	}
}

// TestBadCalls asks each store, past the desk, for what cannot be. The verdict is the same on all.
func TestBadCalls(t *testing.T) {
	where := func(index itsm.IndexName, typ itsm.ValueType, keys ...itsm.Key) itsm.Query[storetest.Thing] {
		return itsm.Query[storetest.Thing]{Select: itsm.Select{Where: []itsm.Condition{{Index: index, Type: typ, In: keys}}}}
	}
	type badCall struct {
		name string
		make func(ctx context.Context, o *opened) error
		want string
	}
	find := func(q itsm.Query[storetest.Thing], p itsm.PageRequest) func(context.Context, *opened) error {
		return func(ctx context.Context, o *opened) error {
			_, err := o.things.Find(ctx, acme, q, p)
			return err
		}
	}
	since := func(after itsm.Position, limit int) func(context.Context, *opened) error {
		return func(ctx context.Context, o *opened) error {
			_, _, err := o.store.Since(ctx, after, limit)
			return err
		}
	}
	text := func(s string) itsm.Key { return itsm.Key{S: s} }
	cases := []badCall{
		{"find an unknown index", find(where("colour", itsm.TypeText, text("red")), itsm.PageRequest{}), "invalid where[0].index:unknown_index"},
		{"find with SQL for an index", find(where("title' OR '1'='1", itsm.TypeText, text("a")), itsm.PageRequest{}), "invalid where[0].index:unknown_index"},
		{"order by SQL", find(itsm.Query[storetest.Thing]{}.Sorted(itsm.Order{Index: "title; --"}), itsm.PageRequest{}), "invalid order.index:unknown_index"},
		{"find another type", find(where("title", itsm.TypeNumber, itsm.Key{N: 1}), itsm.PageRequest{}), "invalid where[0]:type"},
		{"find NUL", find(where("title", itsm.TypeText, text("a\x00b")), itsm.PageRequest{}), "invalid where[0]:nul"},
		{"find NUL in a list", find(where("tag", itsm.TypeText, text("a\x00b")), itsm.PageRequest{}), "invalid where[0]:nul"},
		{"find invalid UTF-8", find(where("title", itsm.TypeText, text("a\xffb")), itsm.PageRequest{}), "invalid where[0]:utf8"},
		{"find words with NUL", find(itsm.Query[storetest.Thing]{}.Matching("a\x00b"), itsm.PageRequest{}), "invalid text:nul"},
		{"find words with invalid UTF-8", find(itsm.Query[storetest.Thing]{}.Matching("a\xffb"), itsm.PageRequest{}), "invalid text:utf8"},
		{"find 10,000 words", find(itsm.Query[storetest.Thing]{}.Matching(strings.Repeat("ab ", 10_000)), itsm.PageRequest{}), "invalid text:too_long"},
		{"a page of -1", find(where("title", itsm.TypeText, text("a")), itsm.PageRequest{Limit: -1}), "invalid limit:range"},
		{"a page of 1001", find(where("title", itsm.TypeText, text("a")), itsm.PageRequest{Limit: 1001}), "invalid limit:range"},
		{"a cursor with NUL", find(where("title", itsm.TypeText, text("a")), itsm.PageRequest{Cursor: "\x00"}), "invalid cursor:damaged"},
		{"a cursor of SQL", find(where("title", itsm.TypeText, text("a")), itsm.PageRequest{Cursor: "' OR 1=1"}), "invalid cursor:damaged"},
		{"since nowhere", since("x", 1), "invalid after:position"},
		{"since NUL", since("\x00", 1), "invalid after:position"},
		{"since -1", since("-1", 1), "invalid after:position"},
		{"since what is not yet", since("9223372036854775807", 1), "invalid after:position"},
		{"since more than a number holds", since("99999999999999999999999", 1), "invalid after:position"},
		{"since, none", since("", 0), "invalid limit:range"},
		{"by a key with NUL", func(ctx context.Context, o *opened) error {
			_, err := o.store.ByKey(ctx, acme, "thing", "a\x00b")
			return err
		}, "not found"},
		{"by a key with invalid UTF-8", func(ctx context.Context, o *opened) error {
			_, err := o.store.ByKey(ctx, acme, "thing", "a\xffb")
			return err
		}, "not found"},
		{"a consumer's name with NUL", func(ctx context.Context, o *opened) error {
			_, err := o.store.LoadConsumer(ctx, "a\x00b")
			return err
		}, "not found"},
		{"get in a tenant with NUL", func(ctx context.Context, o *opened) error {
			_, err := o.things.Get(ctx, itsm.Scope{Tenant: "a\x00b"}, itsm.ID{1})
			return err
		}, "accepted"},
		{"find and count in a tenant with NUL", func(ctx context.Context, o *opened) error {
			in := itsm.Scope{Tenant: "a\x00b"}
			page, err := o.things.Find(ctx, in, itsm.Query[storetest.Thing]{}.Scanning(), itsm.PageRequest{})
			if err != nil {
				return err
			}
			counts, err := o.things.Count(ctx, in, itsm.Query[storetest.Thing]{}.Scanning(), "level")
			if err == nil && (len(page.Items) > 0 || counts.Total > 0 || len(counts.Facets) != 1 || counts.Facets[0].Buckets == nil) {
				err = fmt.Errorf("it found %+v %+v", page, counts)
			}
			return err
		}, "accepted"},
		{"purge in a tenant with NUL", func(ctx context.Context, o *opened) error {
			return o.things.Erase(ctx, itsm.Scope{Tenant: "a\x00b"}, itsm.Erasure[storetest.Thing]{Of: itsm.Ref{Kind: "thing", ID: itsm.ID{1}}, Version: 1})
		}, "conflict"},
		{"forget keys in a tenant with NUL", func(ctx context.Context, o *opened) error {
			return o.things.Erase(ctx, itsm.Scope{Tenant: "a\x00b"}, itsm.Erasure[storetest.Thing]{Keys: time.Unix(0, 0)})
		}, "accepted"},
		{"history in a tenant with NUL", func(ctx context.Context, o *opened) error {
			_, err := o.store.History(ctx, itsm.Scope{Tenant: "a\x00b"}, itsm.Ref{Kind: "thing", ID: itsm.ID{1}}, itsm.PageRequest{})
			return err
		}, "accepted"},
		{"history of a kind with NUL", func(ctx context.Context, o *opened) error {
			_, err := o.store.History(ctx, acme, itsm.Ref{Kind: "a\x00b", ID: itsm.ID{1}}, itsm.PageRequest{})
			return err
		}, "accepted"},
		{"since of a kind with NUL", func(ctx context.Context, o *opened) error {
			found, _, err := o.store.Since(ctx, "", 1, "a\x00b", "'", "thing")
			none, _, noErr := o.store.Since(ctx, "", 1, "a\x00b")
			if len(found) != 1 || len(none) != 0 {
				err = fmt.Errorf("it found %v, %v", found, none)
			}
			return errors.Join(err, noErr)
		}, "accepted"},
		{"a failure with NUL", func(ctx context.Context, o *opened) error {
			return o.store.SaveConsumer(ctx, itsm.Consumer{Name: "mail", Version: 1, Error: "the reply was \x00 and \xff"})
		}, "accepted"},
	}
	for _, s := range subjects() {
		t.Run(s.name, func(t *testing.T) {
			o := s.openFresh(t)
			_, err := deskOf(storetest.Things(), o.things).Open(itsm.System(t.Context(), acme.Tenant), storetest.Create{Content: storetest.Content{Title: "a", Level: storetest.Low}})
			require.NoError(t, err)
			for _, c := range cases {
				assert.Equal(t, c.want, verdict(c.make(t.Context(), o)), c.name)
			}
			page, err := o.things.Find(t.Context(), acme, where("title", itsm.TypeText, text("a")), itsm.PageRequest{})
			require.NoError(t, err)
			require.Len(t, page.Items, 1, "it works as before")
		})
	}
}
