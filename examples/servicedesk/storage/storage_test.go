package storage

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestNames(t *testing.T) {
	for name, shown := range map[string]string{
		"memory":                               "memory",
		"sqlite:desk.db":                       "sqlite:desk.db",
		"sqlite:C:/desk.db":                    "sqlite:C:/desk.db",
		"postgres://ann:secret@db:5433/desk":   "postgres:ann@db:5433/desk",
		"postgresql://ann:secret@db:5433/desk": "postgres:ann@db:5433/desk",
		"postgres:postgres://ann:secret@db/x":  "postgres:ann@db:5432/x",
		"postgres:user=ann password=secret host=db port=1 dbname=x": "postgres:ann@db:1/x",
		"postgres:://ann:secret@db":                                 "postgres:…",
	} {
		require.True(t, Known(name), name)
		require.Equal(t, shown, Shown(name))
	}
	for name, shown := range map[string]string{"": "", "sqlite": "sqlite", "sqlite:": "sqlite:", "mysql://ann:secret@db/x": "mysql:…", "secret": "secret"} {
		require.False(t, Known(name), name)
		require.Equal(t, shown, Shown(name))
		_, err := Open(context.Background(), name)
		require.EqualError(t, err, `the store is "`+shown+`", want `+Names)
	}
}
