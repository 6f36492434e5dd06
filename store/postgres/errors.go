package postgres

import (
	"context"
	"errors"
	"io"
	"math/rand/v2"
	"net"
	"strings"
	"time"

	"github.com/jackc/pgx/v5/pgconn"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/store/internal/relational"
)

// ErrUnknown is matched by the error of a transaction whose connection was lost while it was committed, so that nobody
// knows whether it was. The writes of a [Store.SaveAll] are looked up and tried again; [Store.InTx] leaves that to the
// host, since only the host knows what its function did. Erase and SaveConsumer return it too: the same call made again has a
// conflict where it was kept.
var ErrUnknown = relational.ErrUnknown

// conflictError says that the database refused a transaction because of others that ran beside it. It is ErrConflict.
type conflictError struct{ cause error }

func (e *conflictError) Error() string {
	return "conflict: another transaction was faster: " + e.cause.Error()
}

func (e *conflictError) Unwrap() error { return e.cause }

// Is makes errors.Is(e, itsm.ErrConflict) hold.
func (e *conflictError) Is(target error) bool { return target == itsm.ErrConflict }

func code(err error) string {
	var e *pgconn.PgError
	if errors.As(err, &e) {
		return e.Code
	}
	return ""
}

// conflicting tells whether a transaction failed because of others, so that another try may succeed. A unique value
// that was taken is among them: the next try sees who has it. So is a statement whose table has changed since it was
// prepared.
func conflicting(err error) bool {
	return refused(err) || stale(err) || code(err) == "23505" // unique_violation
}

// refused tells that PostgreSQL gave up a transaction for others.
func refused(err error) bool {
	return code(err) == "40001" || code(err) == "40P01" // serialization_failure, deadlock_detected
}

// stale tells that a prepared statement is older than its table; the driver prepares it again next time.
func stale(err error) bool {
	var e *pgconn.PgError
	return errors.As(err, &e) && e.Code == "0A000" && strings.Contains(e.Routine, "RevalidateCachedQuery")
}

// lost tells whether an error is that of a connection which is gone or cannot be made now.
func lost(err error) bool {
	switch c := code(err); {
	case c == "57P01" || c == "57P02" || c == "57P03" || strings.HasPrefix(c, "08"): // the server shuts down, crashed, or starts
		return true
	case c != "":
		return false
	}
	var ofNet net.Error
	return pgconn.SafeToRetry(err) || errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, net.ErrClosed) || errors.As(err, &ofNet)
}

// translated returns an error of the database as the contract has it.
func translated(err error) error {
	switch code(err) {
	case "22021", "22P05": // character_not_in_repertoire, untranslatable_character
		return itsm.Invalid("text", "encoding", "want", "UTF-8 without NUL")
	}
	return err
}

// pause waits before the try that follows the n-th (from 1), ever longer and by chance; it is false when the context ended.
func pause(ctx context.Context, n int, unit time.Duration) bool {
	wait := time.NewTimer(rand.N(unit << min(n, 7)))
	defer wait.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-wait.C:
		return true
	}
}
