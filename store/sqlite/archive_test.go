package sqlite_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/store/archive"
	"github.com/itsmkit/itsm/store/internal/sample"
	"github.com/itsmkit/itsm/store/memory"
	"github.com/itsmkit/itsm/store/sqlite"
	"github.com/itsmkit/itsm/store/storetest"
)

// files makes stores in files of their own and closes them.
type files struct {
	t    *testing.T
	open []*sqlite.Store
}

func (f *files) store(t require.TestingT) *sqlite.Store {
	dir, err := os.MkdirTemp(f.t.TempDir(), "")
	require.NoError(t, err)
	s, err := sqlite.Open(f.t.Context(), filepath.Join(dir, "desk.db"), sqlite.Options{Sync: sqlite.SyncNormal})
	require.NoError(t, err)
	f.open = append(f.open, s)
	return s
}

func (f *files) host(t require.TestingT) *sample.Host {
	s := f.store(t)
	h, err := sample.New(s, sqlite.For(s, storetest.Things()), sqlite.For(s, storetest.Others()))
	require.NoError(t, err)
	return h
}

func (f *files) close() {
	for _, s := range f.open {
		require.NoError(f.t, s.Close())
	}
	f.open = nil
}

func inMemory(t require.TestingT) *sample.Host {
	s := memory.New()
	h, err := sample.New(s, memory.For(s, storetest.Things()), memory.For(s, storetest.Others()))
	require.NoError(t, err)
	return h
}

func exported(t require.TestingT, s archive.Source) string {
	var out bytes.Buffer
	require.NoError(t, archive.Export(context.Background(), s, &out))
	return out.String()
}

// TestArchives: the same history in memory and in a file gives the same archive; read into the other sort of store it
// gives that archive again, and both go on alike.
func TestArchives(t *testing.T) {
	f := &files{t: t}
	rapid.Check(t, func(t *rapid.T) {
		defer f.close()
		below := func(n int) int { return rapid.IntRange(0, n-1).Draw(t, "n") }
		m, s := inMemory(t), f.host(t)
		both := func(a, b *sample.Host, steps int) {
			for range steps {
				step := sample.Draw(below)
				want, got := a.Do(step), b.Do(step)
				require.Equal(t, fmt.Sprint(want), fmt.Sprint(got), "%+v", step)
			}
		}
		both(m, s, below(40))
		kept := exported(t, m.Store)
		require.Equal(t, kept, exported(t, s.Store))
		m2, s2 := inMemory(t), f.host(t)
		require.NoError(t, archive.Import(context.Background(), m2.Store, strings.NewReader(kept)))
		require.NoError(t, archive.Import(context.Background(), s2.Store, strings.NewReader(kept)))
		require.Equal(t, kept, exported(t, m2.Store))
		require.Equal(t, kept, exported(t, s2.Store))
		m2.Follow(m)
		s2.Follow(s)
		both(m2, s2, below(10))
		require.Equal(t, exported(t, m2.Store), exported(t, s2.Store))
	})
}

// TestDurableByArchive plays the suite's checks of durability where opening again is a move to another sort of store.
func TestDurableByArchive(t *testing.T) {
	var toFile, toMemory func(from archive.Source) (storetest.Harness, error)
	f := &files{t: t}
	defer f.close()
	move := func(from archive.Source, to archive.Target) error {
		var kept bytes.Buffer
		if err := archive.Export(t.Context(), from, &kept); err != nil {
			return err
		}
		return archive.Import(t.Context(), to, &kept)
	}
	toFile = func(from archive.Source) (storetest.Harness, error) {
		s := f.store(t)
		h := harness(s)
		h.Reopen = func() (storetest.Harness, error) { return toMemory(s) }
		return h, move(from, s)
	}
	toMemory = func(from archive.Source) (storetest.Harness, error) {
		s := memory.New()
		h := storetest.Harness{Things: memory.For(s, storetest.Things()), Others: memory.For(s, storetest.Others()), Saver: s, Transactor: s,
			Reopen: func() (storetest.Harness, error) { return toFile(s) }}
		return h, move(from, s)
	}
	played := 0
	for _, c := range storetest.Checks() {
		if !strings.HasPrefix(c.Name, "durable/") {
			continue
		}
		for name, to := range map[string]func(archive.Source) (storetest.Harness, error){"from a file": toFile, "from memory": toMemory} {
			h, err := to(memory.New())
			require.NoError(t, err)
			require.NoError(t, c.Run(t.Context(), h), "%s, %s", c.Name, name)
			played++
		}
	}
	require.Greater(t, played, 4)
}

// TestArchiveRefused: an archive that is wrong leaves the file empty, and one that is right is taken then.
func TestArchiveRefused(t *testing.T) {
	f := &files{t: t}
	defer f.close()
	a := inMemory(t)
	for n := range 60 {
		require.NoError(t, a.Do(sample.Step{What: "create", Tenant: "acme", Text: "mail", At: n, N: 2}))
	}
	whole := exported(t, a.Store)
	h := f.host(t)
	for name, damaged := range map[string]string{
		"cut off": whole[:len(whole)*9/10], "changed": strings.Replace(whole, `"title":"mail"`, `"title":"male"`, 1),
		"two of one number": strings.ReplaceAll(whole, "TH0059", "TH0001"), "two of one key": strings.ReplaceAll(whole, "create58", "create2"),
	} {
		require.Error(t, archive.Import(t.Context(), h.Store, strings.NewReader(damaged)), name)
		require.Equal(t, exported(t, inMemory(t).Store), exported(t, h.Store), name)
	}
	require.NoError(t, archive.Import(t.Context(), h.Store, strings.NewReader(whole)))
	require.ErrorContains(t, archive.Import(t.Context(), h.Store, strings.NewReader(whole)), "sqlite: load: the table itsm_event is not empty")
	require.Equal(t, whole, exported(t, h.Store))
}

// TestExportIsWhole: a kind that the store was not given is not left out in silence, nor are events of no record.
func TestExportIsWhole(t *testing.T) {
	path := filepath.Join(t.TempDir(), "desk.db")
	s, err := sqlite.Open(t.Context(), path, sqlite.Options{})
	require.NoError(t, err)
	h, err := sample.New(s, sqlite.For(s, storetest.Things()), sqlite.For(s, storetest.Others()))
	require.NoError(t, err)
	require.NoError(t, h.Do(sample.Step{What: "create", Text: "mail"}))
	require.NoError(t, s.Close())

	s, err = sqlite.Open(t.Context(), path, sqlite.Options{})
	require.NoError(t, err)
	defer s.Close()
	sqlite.For(s, storetest.Others())
	require.ErrorContains(t, archive.Export(t.Context(), s, &bytes.Buffer{}), `the database has a kind "thing", which the store was not given`)
	sqlite.For(s, storetest.Things())
	require.NoError(t, archive.Export(t.Context(), s, &bytes.Buffer{}))
	require.NoError(t, s.InTx(t.Context(), func(ctx context.Context) error {
		_, err := s.Tx(ctx).ExecContext(ctx, "DELETE FROM itsm_thing")
		return err
	}))
	require.ErrorContains(t, archive.Export(t.Context(), s, &bytes.Buffer{}), "the database has 1 events and 1 keys, and 0 and 0 of them belong to its records")
}

// TestExportIsOneMoment: what is written while an export is under way is not in it.
func TestExportIsOneMoment(t *testing.T) {
	f := &files{t: t}
	defer f.close()
	h := f.host(t)
	for n := range 120 {
		require.NoError(t, h.Do(sample.Step{What: "create", Text: "mail", At: n, N: 2}))
	}
	before := exported(t, h.Store)
	var out bytes.Buffer
	wrote := 0
	require.NoError(t, archive.Export(t.Context(), h.Store, writerFunc(func(p []byte) (int, error) {
		if wrote++; wrote == 1 {
			require.NoError(t, h.Do(sample.Step{What: "put", Text: "fax", At: 100, N: 1}))
			require.NoError(t, h.Do(sample.Step{What: "create", Text: "fax", At: 121, N: 1}))
		}
		return out.Write(p)
	})))
	require.Greater(t, wrote, 1, "the export is long enough to be written in parts")
	require.Equal(t, before, out.String())
	require.NotEqual(t, before, exported(t, h.Store))
}

type writerFunc func([]byte) (int, error)

func (w writerFunc) Write(p []byte) (int, error) { return w(p) }

// TestArchiveMemory: neither way takes memory that grows with the store: some 15 MB pass through, and what is in use at
// any time, counted after the collector ran, stays below 4 MB.
func TestArchiveMemory(t *testing.T) {
	f := &files{t: t}
	defer f.close()
	s := f.store(t)
	desk, err := itsm.NewDesk(storetest.Things(), itsm.Config[storetest.Thing]{Repository: sqlite.For(s, storetest.Things()), Policy: itsm.AllowAll | itsm.AllowImport})
	require.NoError(t, err)
	body := strings.Repeat("the same words again ", 700)
	for range 5 {
		batch := desk.Batch()
		for range 100 {
			_, err := batch.Open(itsm.System(t.Context(), ""), storetest.Create{Content: storetest.Content{Body: body}})
			require.NoError(t, err)
		}
		require.NoError(t, batch.Save(t.Context()))
	}
	live := func() int64 {
		var m runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&m)
		return int64(m.HeapAlloc)
	}
	path := filepath.Join(t.TempDir(), "archive")
	file, err := os.Create(path)
	require.NoError(t, err)
	defer file.Close()
	passed, most, before := 0, int64(0), live()
	watch := func(n int) {
		if passed += n; passed>>20 != (passed-n)>>20 { // each megabyte
			most = max(most, live()-before)
		}
	}
	require.NoError(t, archive.Export(t.Context(), s, writerFunc(func(p []byte) (int, error) {
		watch(len(p))
		return file.Write(p)
	})))
	require.Greater(t, passed, 12<<20)
	require.Less(t, most, int64(4<<20), "exporting")

	again := f.store(t)
	sqlite.For(again, storetest.Things())
	_, err = file.Seek(0, io.SeekStart)
	require.NoError(t, err)
	passed, most, before = 0, 0, live()
	require.NoError(t, archive.Import(t.Context(), again, readerFunc(func(p []byte) (int, error) {
		n, err := file.Read(p)
		watch(n)
		return n, err
	})))
	require.Greater(t, passed, 12<<20)
	require.Less(t, most, int64(4<<20), "importing")
}

type readerFunc func([]byte) (int, error)

func (r readerFunc) Read(p []byte) (int, error) { return r(p) }
