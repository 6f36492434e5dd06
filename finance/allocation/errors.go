package allocation

import (
	"errors"
	"fmt"
	"strings"
)

// The errors of this package, matched with errors.Is. Those of package money pass through: [money.ErrCurrency] where a
// line is in another currency than the model, [money.ErrOverflow] where a sum does not fit,
// [money.ErrNegativeWeight] for a driver.
var (
	ErrName       = errors.New("name")        // missing, unknown, or there twice
	ErrStage      = errors.New("stage")       // no stage to give to, or a driver that leads back
	ErrMethod     = errors.New("method")      // unknown
	ErrOrder      = errors.New("order")       // of a step-down: not each member once, an unknown rule, or *CycleError
	ErrCapacity   = errors.New("capacity")    // of a driver: less than its weights
	ErrNoReceiver = errors.New("no receiver") // *NoReceiverError
	ErrClosedLoop = errors.New("closed loop") // *ClosedLoopError
	ErrAccuracy   = errors.New("accuracy")    // a reciprocal system so near to a closed loop that it cannot be solved to the coin
)

// NoReceiverError says that a member has costs and nobody to give them to: it has no rule, the weights of its driver are
// all zero, or those who have weights do not count in this stage. It is [ErrNoReceiver].
type NoReceiverError struct{ Member string }

func (e *NoReceiverError) Error() string {
	return fmt.Sprintf("allocation: %v: %q has costs and nobody to give them to", ErrNoReceiver, e.Member)
}

// Is makes errors.Is(e, ErrNoReceiver) hold.
func (e *NoReceiverError) Is(target error) bool { return target == ErrNoReceiver }

// CycleError says that a step-down has no order by reference: each of the members gives to the next, and the last
// to the first. It is [ErrOrder].
type CycleError struct{ Members []string }

func (e *CycleError) Error() string {
	return fmt.Sprintf("allocation: %v: %s give to each other in a circle; name an order, or allocate reciprocally",
		ErrOrder, strings.Join(append(quoted(e.Members), fmt.Sprintf("%q", e.Members[0])), " → "))
}

// Is makes errors.Is(e, ErrOrder) hold.
func (e *CycleError) Is(target error) bool { return target == ErrOrder }

// ClosedLoopError says that a reciprocal system is singular: the members give to each other only, so that costs that
// come in never leave. It is [ErrClosedLoop].
type ClosedLoopError struct{ Members []string }

func (e *ClosedLoopError) Error() string {
	return fmt.Sprintf("allocation: %v: %s give to each other only", ErrClosedLoop, strings.Join(quoted(e.Members), ", "))
}

// Is makes errors.Is(e, ErrClosedLoop) hold.
func (e *ClosedLoopError) Is(target error) bool { return target == ErrClosedLoop }

func quoted(names []string) []string {
	out := make([]string, len(names))
	for i, n := range names {
		out[i] = fmt.Sprintf("%q", n)
	}
	return out
}

func refuse(kind error, format string, args ...any) error {
	return fmt.Errorf("allocation: %w: %s", kind, fmt.Sprintf(format, args...))
}
