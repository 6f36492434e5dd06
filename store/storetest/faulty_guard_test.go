package storetest_test

import (
	"context"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"github.com/itsmkit/itsm"
)

func guardFaults() []fault {
	return slices.Concat(tenantFaults(), uniqueFaults(), numberFaults(), keyFaults())
}

var tenants = []string{"acme", "zeta"}

func tenantFaults() []fault {
	return []fault{
		{"tenant leak", "tenant/get", func(w *wrapped) {
			w.things.get = func(ctx context.Context, in itsm.Scope, ids ...itsm.ID) ([]*thing, error) {
				found, err := w.inner().Get(ctx, in, ids...)
				for i, id := range ids {
					for _, tenant := range tenants {
						if err == nil && found[i] == nil {
							var other []*thing
							other, err = w.inner().Get(ctx, itsm.Scope{Tenant: tenant}, id)
							found[i] = other[0]
						}
					}
				}
				return found, err
			}
		}},
		{"tenant leak in a history", "tenant/get", func(w *wrapped) {
			w.things.history = func(ctx context.Context, in itsm.Scope, of itsm.Ref, p itsm.PageRequest) (itsm.Page[itsm.Event], error) {
				page, err := w.inner().History(ctx, in, of, p)
				for _, tenant := range tenants {
					if err == nil && len(page.Items) == 0 {
						page, err = w.inner().History(ctx, itsm.Scope{Tenant: tenant}, of, p)
					}
				}
				return page, err
			}
		}},
		{"tenant leak in a search", "tenant/find", func(w *wrapped) {
			w.finds(func(in itsm.Scope, q itsm.Query[thing], _ itsm.PageRequest, page *itsm.Page[*thing]) {
				if q.Text != "" && page.Next == "" {
					page.Items = append(page.Items, w.whole("zeta")...)
				}
			})
		}},
		{"tenant leak in an erasure", "tenant/save", func(w *wrapped) {
			w.things.erase = func(ctx context.Context, in itsm.Scope, e itsm.Erasure[thing]) error {
				return w.inner().Erase(ctx, itsm.Scope{Tenant: "acme"}, e)
			}
		}},
		{"keys of all tenants", "tenant/unique", func(w *wrapped) {
			w.things.byKey = func(ctx context.Context, in itsm.Scope, kind, key string) (e itsm.Event, err error) {
				for _, tenant := range append([]string{in.Tenant}, tenants...) {
					if e, err = w.inner().ByKey(ctx, itsm.Scope{Tenant: tenant}, kind, key); err == nil {
						break
					}
				}
				return e, err
			}
		}},
		{"tenants without case", "tenant/names", func(w *wrapped) {
			w.asks(func(in *itsm.Scope, _ *itsm.Query[thing]) { in.Tenant = strings.ToLower(in.Tenant) })
		}},
	}
}

// ignoring makes Save store what an index refuses, without the value, and show the value afterwards.
func (w *wrapped) ignoring(index itsm.IndexName, first func(context.Context), take func(*thing) (put func(*thing))) {
	w.things.save = func(ctx context.Context, in itsm.Scope, c ...itsm.Commit[thing]) error {
		if first != nil {
			first(ctx)
		}
		err := w.inner().Save(ctx, in, c...)
		if len(c) != 1 || !duplicated(err, index) {
			return err
		}
		var put func(*thing)
		without := rewritten(c[0], func(rec *thing) { put = take(rec) })
		if err = w.inner().Save(ctx, in, without); err == nil {
			c[0].Record.Number = without.Record.Number
			put(without.Record)
		}
		return err
	}
}

func takeCode(rec *thing) func(*thing) {
	code := rec.Content.Code
	rec.Content.Code = ""
	return func(rec *thing) { rec.Content.Code = code }
}

func uniqueFaults() []fault {
	return []fault{
		{"unique not enforced", "unique/taken", func(w *wrapped) { w.ignoring("code", nil, takeCode) }},
		{"duplicate without its holder", "unique/taken", func(w *wrapped) {
			w.things.save = func(ctx context.Context, in itsm.Scope, c ...itsm.Commit[thing]) error {
				err := w.inner().Save(ctx, in, c...)
				if duplicated(err, "code") {
					return &itsm.DuplicateError{Index: "code", Value: c[0].Record.Content.Code}
				}
				return err
			}
		}},
		{"case-folding of a unique index", "unique/exact", func(w *wrapped) {
			w.things.save = func(ctx context.Context, in itsm.Scope, c ...itsm.Commit[thing]) error {
				for _, rec := range w.whole(in.Tenant) {
					if code := c[0].Record.Content.Code; code != "" && rec.ID != c[0].Record.ID && strings.EqualFold(rec.Content.Code, code) {
						return &itsm.DuplicateError{Index: "code", Value: code, Of: rec.Ref("thing")}
					}
				}
				return w.inner().Save(ctx, in, c...)
			}
		}},
		{"value never free again", "unique/free", func(w *wrapped) {
			holders := map[string]itsm.ID{}
			w.things.save = func(ctx context.Context, in itsm.Scope, c ...itsm.Commit[thing]) error {
				for i := range c {
					code := c[i].Record.Content.Code
					if holder, ok := holders[code]; ok && code != "" && holder != c[i].Record.ID {
						return &itsm.DuplicateError{Index: "code", Value: code, Of: itsm.Ref{Kind: "thing", ID: holder}}
					}
					holders[code] = c[i].Record.ID
				}
				return w.inner().Save(ctx, in, c...)
			}
		}},
		{"external key not unique", "unique/standard", func(w *wrapped) {
			w.ignoring(itsm.IndexExternal, nil, func(rec *thing) func(*thing) {
				external := rec.External
				rec.External = ""
				return func(rec *thing) { rec.External = external }
			})
		}},
		{"value looked up before the write", "concurrent/unique", func(w *wrapped) {
			var late atomic.Int64
			w.ignoring("code", func(context.Context) { late.Add(1); time.Sleep(time.Millisecond) }, takeCode)
			held := w.things.save
			w.things.save = func(ctx context.Context, in itsm.Scope, c ...itsm.Commit[thing]) error {
				for _, rec := range w.whole(in.Tenant) {
					if rec.Content.Code == c[0].Record.Content.Code {
						return &itsm.DuplicateError{Index: "code", Value: rec.Content.Code, Of: rec.Ref("thing")}
					}
				}
				return held(ctx, in, c...)
			}
		}},
	}
}

// renumbers makes Save show other numbers than those that were drawn.
func (w *wrapped) renumbers(number func(in itsm.Scope, c []itsm.Commit[thing], i int) string) {
	w.things.save = func(ctx context.Context, in itsm.Scope, c ...itsm.Commit[thing]) error {
		err := w.inner().Save(ctx, in, c...)
		for i := range c {
			if err == nil && c[i].Draw.Prefix != "" {
				c[i].Record.Number = number(in, c, i)
			}
		}
		return err
	}
}

func numberFaults() []fault {
	return []fault{
		{"duplicate number", "number/draw", func(w *wrapped) {
			w.renumbers(func(itsm.Scope, []itsm.Commit[thing], int) string { return "TH0001" })
		}},
		{"number in the record alone", "number/draw", func(w *wrapped) {
			w.logs(func(events []itsm.Event) []itsm.Event {
				for i := range events {
					events[i].Number = ""
				}
				return events
			})
		}},
		{"imported number drawn again", "number/taken", func(w *wrapped) {
			n := int64(0)
			w.renumbers(func(_ itsm.Scope, c []itsm.Commit[thing], i int) string {
				n++
				return c[i].Draw.Format(n)
			})
		}},
		{"number lost with a refused write", "number/gaps", func(w *wrapped) {
			lost := int64(0)
			w.others.save = func(ctx context.Context, in itsm.Scope, c ...itsm.Commit[other]) error {
				err := w.others.Repository.Save(ctx, in, c...)
				switch series := c[0].Draw; {
				case series.Prefix == "":
				case err != nil:
					lost++
				default:
					c[0].Record.Number = series.Format(series.Parse(c[0].Record.Number) + lost)
				}
				return err
			}
		}},
		{"one number for a whole Save", "number/several", func(w *wrapped) {
			w.renumbers(func(_ itsm.Scope, c []itsm.Commit[thing], _ int) string { return c[0].Record.Number })
		}},
		{"gaps filled", "number/kept", func(w *wrapped) {
			w.renumbers(func(in itsm.Scope, c []itsm.Commit[thing], i int) string {
				for n := int64(1); ; n++ {
					if number := c[i].Draw.Format(n); !slices.ContainsFunc(w.whole(in.Tenant), func(rec *thing) bool { return rec.Number == number }) {
						return number
					}
				}
			})
		}},
		{"number read and written later", "concurrent/number", func(w *wrapped) {
			var last atomic.Int64
			w.others.save = func(ctx context.Context, in itsm.Scope, c ...itsm.Commit[other]) error {
				n := last.Load() + 1
				time.Sleep(200 * time.Microsecond)
				err := w.others.Repository.Save(ctx, in, c...)
				if err == nil {
					last.Store(n)
					c[0].Record.Number = c[0].Draw.Format(n)
				}
				return err
			}
		}},
	}
}

func keyFaults() []fault {
	unkeyed := func(w *wrapped, wait time.Duration) {
		w.things.save = func(ctx context.Context, in itsm.Scope, c ...itsm.Commit[thing]) error {
			time.Sleep(wait)
			err := w.inner().Save(ctx, in, c...)
			if len(c) == 1 && duplicated(err, "key") {
				c[0].Event.Key = ""
				return w.inner().Save(ctx, in, c[0])
			}
			return err
		}
	}
	return []fault{
		{"key of another kind found", "key/found", func(w *wrapped) {
			w.things.byKey = func(ctx context.Context, in itsm.Scope, _, key string) (itsm.Event, error) {
				return w.inner().ByKey(ctx, in, "thing", key)
			}
		}},
		{"idempotency key not enforced", "key/taken", func(w *wrapped) { unkeyed(w, 0) }},
		{"case-folding of keys", "key/exact", func(w *wrapped) {
			w.things.save = func(ctx context.Context, in itsm.Scope, c ...itsm.Commit[thing]) error {
				c[0].Event.Key = strings.ToLower(c[0].Event.Key)
				return w.inner().Save(ctx, in, c...)
			}
			w.things.byKey = func(ctx context.Context, in itsm.Scope, kind, key string) (itsm.Event, error) {
				return w.inner().ByKey(ctx, in, kind, strings.ToLower(key))
			}
		}},
		{"digest forgotten", "key/desk", func(w *wrapped) {
			w.things.byKey = func(ctx context.Context, in itsm.Scope, kind, key string) (itsm.Event, error) {
				e, err := w.inner().ByKey(ctx, in, kind, key)
				e.Digest = ""
				return e, err
			}
		}},
		{"all keys forgotten", "key/forget", func(w *wrapped) {
			w.things.erase = func(ctx context.Context, in itsm.Scope, e itsm.Erasure[thing]) error {
				if !e.Keys.IsZero() {
					e.Keys = e.Keys.AddDate(100, 0, 0)
				}
				return w.inner().Erase(ctx, in, e)
			}
		}},
		{"key looked up before the write", "concurrent/key", func(w *wrapped) { unkeyed(w, time.Millisecond) }},
	}
}
