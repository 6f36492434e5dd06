package investment

import "errors"

// The reasons why there is no answer, for errors.Is.
var (
	// ErrNoRate: no rate makes the net present value 0; for one, all flows have the same sign.
	ErrNoRate = errors.New("no rate of return")
	// ErrSeveralRates: more than one rate makes the net present value 0, or may do so: see [Separable].
	ErrSeveralRates = errors.New("more than one rate of return")
	// ErrNoOutlay: the first flow is no outlay, so that nothing has to be paid back; or there are no costs to return.
	ErrNoOutlay = errors.New("no outlay")
	// ErrNoHorizon: no period is given over which something is owned.
	ErrNoHorizon = errors.New("no horizon")
	// ErrNeverPaidBack: the flows do not add up to the outlay.
	ErrNeverPaidBack = errors.New("never paid back")
	// ErrBeforeFirst: a flow lies before the first one, which is the present.
	ErrBeforeFirst = errors.New("date before the first")
	// ErrRate: the rate is -1 or less (a loss of all, or more than all, in each period), or beyond what can be written.
	ErrRate = errors.New("rate out of range")
	// ErrTooMany: there are more flows than [MaxFlows], or more of them, or of changes of their sign, than are searched for several rates.
	ErrTooMany = errors.New("too many flows")
)
