//go:build !unix

package bench_test

import "time"

// cpuTime returns 0: it is not measured here.
func cpuTime() time.Duration { return 0 }
