package storetest

import (
	"fmt"
	"strings"
	"testing"

	"github.com/itsmkit/itsm"
)

// stocked is how many things a store holds while reads are measured.
const stocked = 2000

// Benchmark gives every store the same work, so that stores are compared on equal terms. open returns a fresh
// store. The names: open, action (one on a record of 20 fields), hot (the same by all processors on one record),
// get, page (50 in the order of an index), second_page, text (a page of 20 by a word), count (with three facets),
// history, batch (100 records in one write; an operation is one record).
func Benchmark(b *testing.B, open func(b *testing.B) Harness) {
	for _, m := range []struct {
		name  string
		stock int
		run   func(b *testing.B, t *trial)
	}{
		{"open", 0, benchOpen}, {"action", 1, benchAction}, {"hot", 1, benchHot}, {"get", stocked, benchGet}, {"page", stocked, benchPage},
		{"second_page", stocked, benchSecondPage}, {"text", stocked, benchText}, {"count", stocked, benchCount}, {"history", 1, benchHistory}, {"batch", 0, benchBatch},
	} {
		b.Run(m.name, func(b *testing.B) {
			h := open(b)
			if h.Close != nil {
				defer h.Close()
			}
			defer func() {
				if err := caught(recover(), m.name); err != nil {
					b.Fatal(err)
				}
			}()
			t := newTrial(b.Context(), h)
			t.stock(m.stock)
			b.ReportAllocs()
			m.run(b, t)
		})
	}
}

// sample is the content of the n-th thing.
func sample(n int) Content {
	c := full(fmt.Sprintf("Printer %d prints blank pages", n))
	c.Code, c.Group = fmt.Sprint("C", n), fmt.Sprint("group ", n%50)
	c.Count, c.Flag, c.Level = n*7919%10_007, n%3 == 0, []Level{Low, Middle, High}[n%3]
	c.Body = strings.Repeat("Since Monday it prints nothing but blank pages. ", 4)
	return c
}

// stock fills a store, in batches.
func (t *trial) stock(n int) {
	batch := t.things.Batch()
	for i := range n {
		_, err := batch.Open(t.ctx, Create{Content: sample(i)})
		t.ok(err, "open in a batch")
		if batch.Len() == 500 || i == n-1 {
			t.ok(batch.Save(t.ctx), "Save of a batch")
		}
	}
}

func benchOpen(b *testing.B, t *trial) {
	for n := 0; b.Loop(); n++ {
		t.create(sample(n))
	}
}

// one returns the only record of a store.
func (t *trial) one() Thing { return *t.all(scope, itsm.Query[Thing]{}, 2)[0] }

func benchAction(b *testing.B, t *trial) {
	rec := t.one()
	for n := 0; b.Loop(); n++ {
		c := rec.Content
		c.Count = n
		rec = t.do(rec, Put{c})
	}
}

func benchHot(b *testing.B, t *trial) {
	rec := t.one()
	b.RunParallel(func(pb *testing.PB) {
		for n := 0; pb.Next(); n++ {
			c := rec.Content
			c.Count = n
			if _, err := t.things.Do(t.ctx, rec.ID, Put{c}); err != nil {
				b.Error(err)
				return
			}
		}
	})
}

func benchGet(b *testing.B, t *trial) {
	all := t.all(scope, itsm.Query[Thing]{}, itsm.MaxPage)
	for n := 0; b.Loop(); n++ {
		if t.get(acme, all[n%len(all)].ID) == nil {
			t.failf("Get: wanted a record, got nothing")
		}
	}
}

// find measures a page that must have so many records.
func (t *trial) find(b *testing.B, q itsm.Query[Thing], p itsm.PageRequest, want int) {
	for b.Loop() {
		page, err := t.h.Things.Find(t.base, scope, q, p)
		t.ok(err, "Find")
		if len(page.Items) != want {
			t.failf("Find: wanted %d records, got %d", want, len(page.Items))
		}
	}
}

func benchPage(b *testing.B, t *trial) {
	t.find(b, itsm.Query[Thing]{}.Sorted(byCount().Desc()), itsm.PageRequest{Limit: 50}, 50)
}

func benchSecondPage(b *testing.B, t *trial) {
	q := itsm.Where(byGroup().Is("group 7")).Sorted(byCount().Asc())
	page, err := t.h.Things.Find(t.base, scope, q, itsm.PageRequest{Limit: 20})
	t.ok(err, "Find")
	t.find(b, q, itsm.PageRequest{Limit: 20, Cursor: page.Next}, 20)
}

func benchText(b *testing.B, t *trial) {
	t.find(b, itsm.Query[Thing]{}.Matching("blank print").Sorted(byCount().Asc()), itsm.PageRequest{Limit: 20}, 20)
}

func benchCount(b *testing.B, t *trial) {
	for b.Loop() {
		counts, err := t.h.Things.Count(t.base, scope, itsm.Where(byFlag().Is(true)), "group", "level", "tag")
		t.ok(err, "Count")
		if counts.Total == 0 || len(counts.Facet("group").Buckets) != 50 {
			t.failf("Count: got %d records and %d groups", counts.Total, len(counts.Facet("group").Buckets))
		}
	}
}

func benchHistory(b *testing.B, t *trial) {
	rec := t.one()
	for range 49 {
		rec = t.do(rec, itsm.Comment[Thing]{Text: "looked at it, and found nothing"})
	}
	for b.Loop() {
		page, err := t.h.Things.History(t.base, scope, rec.Ref("thing"), itsm.PageRequest{Limit: 50})
		t.ok(err, "History")
		if len(page.Items) != 50 {
			t.failf("History: wanted 50 events, got %d", len(page.Items))
		}
	}
}

func benchBatch(b *testing.B, t *trial) {
	batch := t.things.Batch()
	for n := 0; b.Loop(); n++ {
		_, err := batch.Open(t.ctx, Create{Content: sample(n)})
		t.ok(err, "open in a batch")
		if batch.Len() == 100 {
			t.ok(batch.Save(t.ctx), "Save of a batch")
		}
	}
	t.ok(batch.Save(t.ctx), "Save of a batch")
}
