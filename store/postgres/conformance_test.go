package postgres_test

import (
	"testing"

	"github.com/itsmkit/itsm/store/postgres"
	"github.com/itsmkit/itsm/store/storetest"
)

// TestStore plays the whole suite, each check in a schema of its own.
func TestStore(t *testing.T) {
	dsn := database(t)
	storetest.Run(t, func(t *testing.T) storetest.Harness { return harness(t, dsn, fresh(postgres.Options{})) })
}
