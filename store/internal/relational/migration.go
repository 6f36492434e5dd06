package relational

import (
	"context"
	"fmt"
	"io/fs"
	"regexp"
	"strconv"
	"strings"
)

// Migration is a file that makes or changes the tables that all kinds share, in the form that goose reads. It counts
// the version in the table itsm_schema itself, so that it does not matter who ran it.
type Migration struct {
	Version int64
	Name    string
	Text    string // with the store's names
}

var named = regexp.MustCompile(`(INDEX )?\bitsm_(\w+)`)

// Migrations reads the files of a store, with its names instead of the default ones.
func (e *Engine) Migrations(files fs.FS) ([]Migration, error) {
	names, err := fs.Glob(files, "*.sql")
	if err != nil {
		return nil, err
	}
	var out []Migration
	for _, name := range names {
		raw, err := fs.ReadFile(files, name)
		if err != nil {
			return nil, err
		}
		number, _, _ := strings.Cut(name, "_")
		version, err := strconv.ParseInt(number, 10, 64)
		if err != nil {
			return nil, fmt.Errorf("%s: migration %s: want a name that begins with its version", e.Store, name)
		}
		out = append(out, Migration{Version: version, Name: name, Text: e.Named(string(raw))})
	}
	return out, nil
}

// Named returns a text with the store's names instead of the default ones.
func (e *Engine) Named(text string) string {
	return named.ReplaceAllStringFunc(text, func(found string) string {
		if index, ok := strings.CutPrefix(found, "INDEX itsm_"); ok {
			return "INDEX " + quote(e.Names.Bare(index))
		}
		return e.Names.Table(strings.TrimPrefix(found, "itsm_"))
	})
}

// up returns the statements of a migration, each ended by a semicolon at the end of a line.
func (m *Migration) up() []string {
	_, text, _ := strings.Cut(m.Text, "-- +goose Up\n")
	text, _, _ = strings.Cut(text, "-- +goose Down")
	var out []string
	for _, s := range strings.Split(text, ";\n") {
		if s = strings.TrimSpace(s); s != "" {
			out = append(out, s)
		}
	}
	return out
}

// MigrateBase runs the migrations that the database has not had, where has tells whether it has the table of the schema's version.
func (e *Engine) MigrateBase(ctx context.Context, all []Migration, has func(Conn) (bool, error)) error {
	return e.wrote(ctx, "migrate", e.Backend.Alter(ctx, nil, func(c Conn) error {
		version, err := e.version(ctx, c, has)
		if err != nil {
			return err
		}
		if newest := all[len(all)-1].Version; version > newest {
			return NewerError{Store: e.Store, Version: version, Known: newest}
		}
		for _, m := range all {
			if m.Version <= version {
				continue
			}
			for _, s := range m.up() {
				if _, err := c.Exec(ctx, s); err != nil {
					return fmt.Errorf("migration %s: %w", m.Name, err)
				}
			}
		}
		return nil
	}))
}

// version returns the version of the shared tables, 0 where there are none.
func (e *Engine) version(ctx context.Context, c Conn, has func(Conn) (bool, error)) (version int64, err error) {
	if there, err := has(c); err != nil || !there {
		return 0, err
	}
	err = one(ctx, c, e.SQL("SELECT version FROM @schema"), nil, &version)
	return version, err
}

// NewerError says that a newer library has written the database.
type NewerError struct {
	Store          string
	Version, Known int64
}

func (e NewerError) Error() string {
	return fmt.Sprintf("%s: the database has version %d of the tables, this library knows %d: use a newer one", e.Store, e.Version, e.Known)
}
