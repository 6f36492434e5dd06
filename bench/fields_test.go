package bench_test

import (
	"reflect"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/incident"
)

// TestRecordIsWide holds that the record of the benchmarks is no smaller than the 40 fields that the aims are
// for: those of incident.Incident with those of its header.
func TestRecordIsWide(t *testing.T) {
	record, header := reflect.TypeFor[incident.Incident](), reflect.TypeFor[itsm.Header]()
	n := header.NumField() + record.NumField() - 1 // the header itself is no field
	t.Logf("%d fields, %d bytes", n, record.Size())
	require.GreaterOrEqual(t, n, 40)
}
