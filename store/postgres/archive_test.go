package postgres_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/store/archive"
	"github.com/itsmkit/itsm/store/memory"
	"github.com/itsmkit/itsm/store/postgres"
	"github.com/itsmkit/itsm/store/storetest"
)

// TestDurableByArchive plays the suite's checks of durability where opening again is a move to another sort of store.
func TestDurableByArchive(t *testing.T) {
	dsn := bound(t)
	var toPostgres, toMemory func(from archive.Source) (storetest.Harness, error)
	move := func(from archive.Source, to archive.Target) error {
		var kept bytes.Buffer
		if err := archive.Export(t.Context(), from, &kept); err != nil {
			return err
		}
		return archive.Import(t.Context(), to, &kept)
	}
	toPostgres = func(from archive.Source) (storetest.Harness, error) {
		s := open(t, dsn, fresh(postgres.Options{RowSecurity: true}))
		h := storetest.Harness{Things: postgres.For(s, storetest.Things()), Others: postgres.For(s, storetest.Others()), Saver: s, Transactor: s,
			Reopen: func() (storetest.Harness, error) { return toMemory(s) }}
		if err := s.Migrate(t.Context()); err != nil {
			return h, err
		}
		return h, move(from, s)
	}
	toMemory = func(from archive.Source) (storetest.Harness, error) {
		s := memory.New()
		h := storetest.Harness{Things: memory.For(s, storetest.Things()), Others: memory.For(s, storetest.Others()), Saver: s, Transactor: s,
			Reopen: func() (storetest.Harness, error) { return toPostgres(s) }}
		return h, move(from, s)
	}
	played := 0
	for _, c := range storetest.Checks() {
		if !strings.HasPrefix(c.Name, "durable/") || c.Name == "durable/goes_on" {
			continue // that one goes on from a position, which is a store's own
		}
		for name, to := range map[string]func(archive.Source) (storetest.Harness, error){"from PostgreSQL": toPostgres, "from memory": toMemory} {
			h, err := to(memory.New())
			require.NoError(t, err)
			require.NoError(t, c.Run(t.Context(), h), "%s, %s", c.Name, name)
			played++
		}
	}
	require.GreaterOrEqual(t, played, 4)
}

// TestArchiveOfConsumers: a consumer goes on behind the same events after a move, and new events come behind all others.
func TestArchiveOfConsumers(t *testing.T) {
	o := newOthers(t, database(t), postgres.Options{})
	for _, name := range []string{"a", "b", "c"} {
		o.found(t, t.Context(), name)
	}
	_, at, err := o.Since(t.Context(), "", 2)
	require.NoError(t, err)
	require.NoError(t, o.SaveConsumer(t.Context(), consumer("half", at)))
	require.NoError(t, o.SaveConsumer(t.Context(), consumer("new", "")))
	var kept bytes.Buffer
	require.NoError(t, archive.Export(t.Context(), o, &kept))
	text := kept.String()

	moved := newOthers(t, database(t), postgres.Options{})
	require.NoError(t, archive.Import(t.Context(), moved, strings.NewReader(text)))
	moved.found(t, t.Context(), "d")
	for name, want := range map[string][]string{"half": {"c", "d"}, "new": {"a", "b", "c", "d"}} {
		c, err := moved.LoadConsumer(t.Context(), name)
		require.NoError(t, err)
		names, _ := moved.read(t, c.Position)
		require.Equal(t, want, names, name)
	}
	require.Error(t, archive.Import(t.Context(), moved, strings.NewReader(text)), "it is not empty")
}

// consumer returns a consumer as a relay first saves it.
func consumer(name string, at itsm.Position) itsm.Consumer {
	return itsm.Consumer{Name: name, Version: 1, Position: at}
}
