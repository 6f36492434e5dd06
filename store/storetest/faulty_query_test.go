package storetest_test

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/store/storetest"
)

// orders makes Find put the records of a page in an order by a text of each, where a query orders by an index.
func (w *wrapped) orders(index itsm.IndexName, text func(*thing) string) {
	w.finds(func(_ itsm.Scope, q itsm.Query[thing], _ itsm.PageRequest, page *itsm.Page[*thing]) {
		if q.Order.Index == index {
			slices.SortStableFunc(page.Items, func(a, b *thing) int {
				if q.Order.Desc {
					a, b = b, a
				}
				return strings.Compare(text(a), text(b))
			})
		}
	})
}

func queryFaults() []fault {
	return slices.Concat(orderFaults(), pageFaults(), findFaults(), textFaults())
}

func orderFaults() []fault {
	return []fault{
		{"order of storing instead of ID", "order/id", func(w *wrapped) {
			w.finds(func(_ itsm.Scope, q itsm.Query[thing], _ itsm.PageRequest, page *itsm.Page[*thing]) {
				slices.SortStableFunc(page.Items, func(a, b *thing) int { return a.CreatedAt.Compare(b.CreatedAt) })
			})
		}},
		{"wrong order: collation", "order/bytes", func(w *wrapped) {
			w.orders("title", func(rec *thing) string { return strings.ToLower(rec.Content.Title) })
		}},
		{"wrong order: UTF-16", "order/bytes", func(w *wrapped) {
			w.orders("title", func(rec *thing) string { return strings.ReplaceAll(rec.Content.Title, "\U0001f600", "\ud7ff") })
		}},
		{"wrong order: digits", "order/number", func(w *wrapped) {
			w.orders("count", func(rec *thing) string { return strconv.Itoa(rec.Content.Count) })
		}},
		{"wrong order: seconds", "order/time", func(w *wrapped) {
			w.finds(func(_ itsm.Scope, q itsm.Query[thing], _ itsm.PageRequest, page *itsm.Page[*thing]) {
				slices.SortStableFunc(page.Items, func(a, b *thing) int {
					return cmp.Or(a.Content.At.Truncate(time.Second).Compare(b.Content.At.Truncate(time.Second)), bytes.Compare(a.ID[:], b.ID[:]))
				})
			})
		}},
		{"wrong order: texts of instants", "order/time", func(w *wrapped) {
			w.orders("at", func(rec *thing) string { return rec.Content.At.Format(time.RFC3339Nano) })
		}},
		{"wrong order: texts of decimals", "order/decimal", func(w *wrapped) {
			w.orders("attributes.price", func(rec *thing) string { return rec.Attributes.Text("price") })
		}},
		{"wrong order: floats", "order/decimal", func(w *wrapped) {
			w.finds(func(_ itsm.Scope, _ itsm.Query[thing], _ itsm.PageRequest, page *itsm.Page[*thing]) {
				slices.SortStableFunc(page.Items, func(a, b *thing) int {
					x, _ := strconv.ParseFloat(a.Attributes.Text("price"), 64)
					y, _ := strconv.ParseFloat(b.Attributes.Text("price"), 64)
					return cmp.Or(cmp.Compare(x, y), bytes.Compare(a.ID[:], b.ID[:]))
				})
			})
		}},
		{"ties not turned round", "order/ties", func(w *wrapped) {
			w.finds(func(in itsm.Scope, q itsm.Query[thing], _ itsm.PageRequest, page *itsm.Page[*thing]) {
				sel, err := storetest.Things().Shape().Select(in, q.Select)
				if err != nil || !q.Order.Desc {
					return
				}
				slices.SortFunc(page.Items, func(a, b *thing) int {
					return cmp.Or(sel.Place(b).Key.Compare(sel.Place(a).Key), bytes.Compare(a.ID[:], b.ID[:]))
				})
			})
		}},
		{"empty values in a sparse order", "order/sparse", func(w *wrapped) {
			w.finds(func(in itsm.Scope, q itsm.Query[thing], _ itsm.PageRequest, page *itsm.Page[*thing]) {
				if q.Order.Index != "" && page.Next == "" {
					for _, rec := range w.whole(in.Tenant) {
						if !slices.Contains(page.Items, rec) {
							page.Items = append(page.Items, rec)
						}
					}
				}
			})
		}},
		{"value after value instead of a merge", "order/composite", func(w *wrapped) {
			w.orders("count", func(rec *thing) string { return rec.Content.Group })
		}},
	}
}

func pageFaults() []fault {
	return []fault{
		{"limit off by one", "page/limit", func(w *wrapped) {
			w.things.find = func(ctx context.Context, in itsm.Scope, q itsm.Query[thing], p itsm.PageRequest) (itsm.Page[*thing], error) {
				if p.Limit > 0 && p.Limit < itsm.MaxPage {
					p.Limit++
				}
				return w.inner().Find(ctx, in, q, p)
			}
		}},
		{"last page of nothing", "page/limit", func(w *wrapped) {
			w.finds(func(in itsm.Scope, q itsm.Query[thing], p itsm.PageRequest, page *itsm.Page[*thing]) {
				if sel, err := storetest.Things().Shape().Select(in, q.Select); err == nil && page.Next == "" && len(page.Items) == p.Limit {
					page.Next = sel.Cursor(page.Items[p.Limit-1])
				}
			})
		}},
		{"limit of a page not checked", "page/limit", func(w *wrapped) {
			w.things.find = func(ctx context.Context, in itsm.Scope, q itsm.Query[thing], p itsm.PageRequest) (itsm.Page[*thing], error) {
				p.Limit = max(0, min(p.Limit, itsm.MaxPage))
				return w.inner().Find(ctx, in, q, p)
			}
		}},
		{"cursor without tie-break", "page/ties", func(w *wrapped) {
			w.things.find = func(ctx context.Context, in itsm.Scope, q itsm.Query[thing], p itsm.PageRequest) (itsm.Page[*thing], error) {
				page, err := w.inner().Find(ctx, in, q, p)
				sel, invalid := storetest.Things().Shape().Select(in, q.Select)
				if err != nil || invalid != nil || p.Cursor == "" {
					return page, err
				}
				place, err := sel.Resume(p.Cursor)
				page.Items = slices.DeleteFunc(page.Items, func(rec *thing) bool { return sel.Place(rec).Key == place.Key })
				return page, err
			}
		}},
		{"cursor that counts rows", "page/moving", func(w *wrapped) {
			w.things.find = func(ctx context.Context, in itsm.Scope, q itsm.Query[thing], p itsm.PageRequest) (itsm.Page[*thing], error) {
				all, err := w.inner().Find(ctx, in, q, itsm.PageRequest{Limit: itsm.MaxPage})
				offset, _ := strconv.Atoi(p.Cursor)
				end := min(offset+p.Limit, len(all.Items))
				page := itsm.Page[*thing]{Items: all.Items[min(offset, len(all.Items)):end]}
				if end < len(all.Items) {
					page.Next = strconv.Itoa(end)
				}
				return page, err
			}
		}},
		{"foreign cursor accepted", "cursor/foreign", func(w *wrapped) { w.anyCursor() }},
		{"damaged cursor accepted", "cursor/damaged", func(w *wrapped) { w.anyCursor() }},
		{"cursor for one use", "cursor/again", func(w *wrapped) {
			used := map[string]bool{}
			w.things.find = func(ctx context.Context, in itsm.Scope, q itsm.Query[thing], p itsm.PageRequest) (itsm.Page[*thing], error) {
				if used[p.Cursor] {
					return itsm.Page[*thing]{}, itsm.Invalid("cursor", "expired")
				}
				used[p.Cursor] = p.Cursor != ""
				return w.inner().Find(ctx, in, q, p)
			}
		}},
	}
}

// anyCursor makes Find begin again where a cursor is not its own.
func (w *wrapped) anyCursor() {
	w.things.find = func(ctx context.Context, in itsm.Scope, q itsm.Query[thing], p itsm.PageRequest) (itsm.Page[*thing], error) {
		page, err := w.inner().Find(ctx, in, q, p)
		if errors.Is(err, itsm.ErrInvalid) && p.Cursor != "" {
			p.Cursor = ""
			return w.inner().Find(ctx, in, q, p)
		}
		return page, err
	}
}

func findFaults() []fault {
	return []fault{
		{"upper end of a range left out", "find/index", func(w *wrapped) {
			w.asks(func(_ *itsm.Scope, q *itsm.Query[thing]) {
				for i, c := range q.Where {
					if c.Max != nil && c.Index == "count" {
						q.Where = slices.Clone(q.Where)
						q.Where[i].Max = &itsm.Key{N: c.Max.N - 1}
					}
				}
			})
		}},
		{"case-folding", "find/case", func(w *wrapped) {
			w.asks(func(_ *itsm.Scope, q *itsm.Query[thing]) {
				q.Where = slices.Clone(q.Where)
				for i, c := range q.Where {
					if c.Type == itsm.TypeText && len(c.In) == 1 {
						q.Where[i].In = []itsm.Key{c.In[0], {S: strings.ToLower(c.In[0].S)}, {S: strings.ToUpper(c.In[0].S)}}
					}
				}
			})
		}},
		{"blanks at the end left out", "find/case", func(w *wrapped) {
			w.asks(func(_ *itsm.Scope, q *itsm.Query[thing]) {
				q.Where = slices.Clone(q.Where)
				for i, c := range q.Where {
					if c.Type == itsm.TypeText && len(c.In) == 1 {
						q.Where[i].In = []itsm.Key{{S: strings.TrimSpace(c.In[0].S)}}
					}
				}
			})
		}},
		{"false taken for no value", "find/false", func(w *wrapped) {
			w.finds(func(_ itsm.Scope, q itsm.Query[thing], _ itsm.PageRequest, page *itsm.Page[*thing]) {
				if len(q.Where) == 1 && len(q.Where[0].In) == 1 && q.Where[0].In[0].IsZero() && q.Where[0].Type == itsm.TypeBool {
					page.Items = nil
				}
			})
		}},
		{"record once for each element", "find/list", func(w *wrapped) {
			w.finds(func(_ itsm.Scope, q itsm.Query[thing], p itsm.PageRequest, page *itsm.Page[*thing]) {
				if len(q.Where) == 1 && q.Where[0].Index == "tag" && len(page.Items) > 0 && len(page.Items) < p.Limit {
					page.Items = append(page.Items[:1:1], page.Items...)
				}
			})
		}},
		{"old entries left in an index", "find/moved", func(w *wrapped) { w.leavesOldEntries() }},
		{"old words left", "text/changed", func(w *wrapped) { w.leavesOldEntries() }},
		{"empty scope taken for none", "find/scope", func(w *wrapped) {
			w.asks(func(in *itsm.Scope, _ *itsm.Query[thing]) {
				if len(in.Any) == 0 {
					in.Any = nil
				}
			})
		}},
		{"scope needs all filters", "find/scope", func(w *wrapped) {
			w.asks(func(in *itsm.Scope, _ *itsm.Query[thing]) {
				if len(in.Any) > 1 {
					in.Any = in.Any[:1]
				}
			})
		}},
		{"query walks everything", "find/unserved", func(w *wrapped) {
			w.asks(func(_ *itsm.Scope, q *itsm.Query[thing]) { q.Scan = true })
		}},
		{"facet count wrong", "find/count", func(w *wrapped) {
			w.things.count = func(ctx context.Context, in itsm.Scope, q itsm.Query[thing], by ...itsm.IndexName) (itsm.Counts, error) {
				counts, err := w.inner().Count(ctx, in, q, by...)
				for _, f := range counts.Facets {
					if f.Index == "tag" && len(f.Buckets) > 0 {
						f.Buckets[len(f.Buckets)-1].Count++
					}
				}
				return counts, err
			}
		}},
		{"total of a page", "find/count", func(w *wrapped) {
			w.things.count = func(ctx context.Context, in itsm.Scope, q itsm.Query[thing], by ...itsm.IndexName) (itsm.Counts, error) {
				counts, err := w.inner().Count(ctx, in, q, by...)
				counts.Total = min(counts.Total, 20)
				return counts, err
			}
		}},
		{"second condition left out", "random/queries", func(w *wrapped) {
			w.asks(func(_ *itsm.Scope, q *itsm.Query[thing]) {
				if len(q.Where) == 2 && q.Scan {
					q.Where = q.Where[:1]
				}
			})
		}},
	}
}

// leavesOldEntries makes Find return a record also where an old version of it matched.
func (w *wrapped) leavesOldEntries() {
	var old []*thing
	w.things.save = func(ctx context.Context, in itsm.Scope, c ...itsm.Commit[thing]) error {
		err := w.inner().Save(ctx, in, c...)
		for i := range c {
			old = append(old, c[i].Record)
		}
		return err
	}
	w.finds(func(in itsm.Scope, q itsm.Query[thing], _ itsm.PageRequest, page *itsm.Page[*thing]) {
		if len(q.Where) == 0 && q.Text == "" {
			return
		}
		for _, was := range old {
			known := slices.ContainsFunc(page.Items, func(rec *thing) bool { return rec.ID == was.ID })
			if matched, err := storetest.Things().Match(in, q, was); err == nil && matched && !known {
				page.Items = append(page.Items, was)
			}
		}
	})
}

func textFaults() []fault {
	return []fault{
		{"search for the text as a whole", "text/words", func(w *wrapped) {
			w.finds(func(in itsm.Scope, q itsm.Query[thing], _ itsm.PageRequest, page *itsm.Page[*thing]) {
				page.Items = slices.DeleteFunc(page.Items, func(rec *thing) bool {
					return !strings.Contains(strings.ToLower(rec.Content.Title+" "+rec.Content.Body), strings.ToLower(q.Text))
				})
			})
		}},
		{"search in small ASCII letters", "text/fold", func(w *wrapped) {
			w.finds(func(_ itsm.Scope, q itsm.Query[thing], _ itsm.PageRequest, page *itsm.Page[*thing]) {
				if strings.ContainsFunc(q.Text, func(r rune) bool { return r > 127 }) {
					page.Items = nil
				}
			})
		}},
		{"search without conditions", "text/query", func(w *wrapped) {
			w.asks(func(_ *itsm.Scope, q *itsm.Query[thing]) {
				if q.Text != "" {
					q.Where = nil
				}
			})
		}},
	}
}
