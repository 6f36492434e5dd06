package bench_test

import (
	"runtime"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/incident"
)

// BenchmarkStored is what the memory store takes for an incident with its first events, also with all its indexes and
// search words, and for one event more. It counts bytes of the heap that are in use; its time says nothing.
func BenchmarkStored(b *testing.B) {
	const n, more = 20_000, 10
	for name, indexed := range map[string]bool{"incident": false, "incident-indexed": true} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				before := heap()
				c := newCrowd(b, n)
				if indexed {
					askAll(b, c.desk)
				}
				b.ReportMetric(float64(heap()-before)/n, "B/incident")
				runtime.KeepAlive(c)
			}
		})
	}
	event := func(name string, pair [2]itsm.Action[incident.Incident]) {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				s, ctx := newSubject(b, n/10, false), acting()
				act := func(i int) {
					id, a := turn(&pair, s.ids, i)
					_, err := s.desk.Do(ctx, id, a)
					require.NoError(b, err)
				}
				for i := range 4 * len(s.ids) { // the words and the indexes have their size
					act(i)
				}
				before := heap()
				for i := range more * n {
					act(i)
				}
				b.ReportMetric(float64(heap()-before)/(more*n), "B/event")
				runtime.KeepAlive(s)
			}
		})
	}
	event("event-hold", holds)
	event("event-assign", assigns)
	event("event-comment", [2]itsm.Action[incident.Incident]{
		incident.Comment{Text: "Called back, nobody there."}, incident.Comment{Text: "Called back, tries again."},
	})
}

// heap returns the bytes of the heap that are in use.
func heap() int64 {
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}
