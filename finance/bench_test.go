package finance_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/itsmkit/itsm/calendar"
	"github.com/itsmkit/itsm/finance"
)

// BenchmarkPost is one entry with two postings: period and chart loaded, checked, stored, numbered.
func BenchmarkPost(b *testing.B) {
	l := newBench(b)
	l.months(1)
	p := l.licence(date(2026, 1, 1), "10.00")
	ctx := l.as("mia")
	b.ReportAllocs()
	for b.Loop() {
		if _, err := l.Post(ctx, p); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkPostAll is 1,000 entries in one write.
func BenchmarkPostAll(b *testing.B) {
	l := newBench(b)
	l.months(1)
	posts := make([]finance.Post, 1000)
	for i := range posts {
		posts[i] = l.licence(date(2026, 1, 1), "10.00")
	}
	ctx := l.as("mia")
	b.ReportAllocs()
	for b.Loop() {
		if _, err := l.PostAll(ctx, "", posts...); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkTrialBalance is the core on 10,000 entries; store is the same out of the memory store.
func BenchmarkTrialBalance(b *testing.B) {
	l := newBench(b)
	l.months(1)
	posts := make([]finance.Post, 10_000)
	for i := range posts {
		posts[i] = l.licence(date(2026, 1, 1).AddDays(i%31), "10.00")
	}
	b.Run("core", func(b *testing.B) {
		for b.Loop() {
			_, err := finance.TrialBalance(asEntries(posts), calendar.Date{})
			require.NoError(b, err)
		}
	})
	_, err := l.PostAll(l.as("mia"), "", posts...)
	require.NoError(b, err)
	b.Run("store", func(b *testing.B) {
		for b.Loop() {
			_, err := l.TrialBalance(l.as("mia"), l.books, date(2026, 1, 31), time.Time{})
			require.NoError(b, err)
		}
	})
}
