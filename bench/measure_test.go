package bench_test

import "testing"

// measure runs one call after the other and reports allocations, and beside the time on the clock the time of
// the processors: on a busy machine the second varies less. It holds the collector's work on other processors
// too.
func measure(b *testing.B, call func(i int) error) {
	b.Helper()
	b.ReportAllocs()
	i, before := 0, cpuTime()
	for b.Loop() {
		if err := call(i); err != nil {
			b.Fatal(err)
		}
		i++
	}
	if spent := cpuTime() - before; spent > 0 {
		b.ReportMetric(float64(spent.Nanoseconds())/float64(i), "cpu-ns/op")
	}
}
