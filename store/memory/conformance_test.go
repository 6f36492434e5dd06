package memory_test

import (
	"bytes"
	"context"
	"testing"

	"github.com/itsmkit/itsm/store/archive"
	"github.com/itsmkit/itsm/store/memory"
	"github.com/itsmkit/itsm/store/storetest"
)

// conforming returns the harness of a store; opening it again is an archive that another store reads.
func conforming(s *memory.Store) storetest.Harness {
	return storetest.Harness{
		Things: memory.For(s, storetest.Things()), Others: memory.For(s, storetest.Others()), Saver: s, Transactor: s,
		Reopen: func() (storetest.Harness, error) {
			var kept bytes.Buffer
			if err := archive.Export(context.Background(), s, &kept); err != nil {
				return storetest.Harness{}, err
			}
			next := memory.New()
			again := conforming(next)
			return again, archive.Import(context.Background(), next, &kept)
		},
	}
}

func TestConformance(t *testing.T) {
	storetest.Run(t, func(*testing.T) storetest.Harness { return conforming(memory.New()) })
}
