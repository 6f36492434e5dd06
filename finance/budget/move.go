package budget

import (
	"context"
	"errors"
	"fmt"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/money"
)

// Movement is the fact that an action is a half of a [Transfer] or [CarryForward]. A host whose Config.Facts loads more
// returns a struct that embeds it.
type Movement struct{ whole bool }

func (m Movement) isWhole() bool { return m.whole }

type movementKey struct{}

// Facts is the Config.Facts of a desk for budgets.
func Facts(ctx context.Context, _ *Budget, _ itsm.Action[Budget]) (any, error) {
	m, _ := ctx.Value(movementKey{}).(Movement)
	return m, nil
}

// inPair denies the halves of movements on their own.
func inPair(_ *Budget, m itsm.Moment) error {
	if half, ok := m.Facts.(interface{ isWhole() bool }); !ok || !half.isWhole() {
		return itsm.Deny("only_in_pairs", "want", "budget.Transfer or budget.CarryForward, on a desk with budget.Facts")
	}
	return nil
}

// Transfer moves money from one budget to another, both in force and in one currency: both or neither, in one write. No
// more can be given than is available, whatever the budget's reaction is when it is exceeded. The desk's actor needs the
// permission for both halves. It returns both budgets as stored.
func Transfer(ctx context.Context, d *itsm.Desk[Budget], s itsm.Saver, from, to itsm.ID, amount money.Amount, reason string) (Budget, Budget, error) {
	if blank(reason) {
		return Budget{}, Budget{}, itsm.Invalid("reason", "required")
	}
	return move(ctx, d, s, from, to, func(a, b *Budget) (out, in itsm.Action[Budget], err error) {
		return TransferOut{Amount: amount, To: b.Ref(Name), Reason: reason}, TransferIn{Amount: amount, From: a.Ref(Name), Reason: reason}, nil
	})
}

// CarryForward closes a budget in favour of that of a later period for the same account and service: its open commitments
// go over with their money, and the amount of what is available besides; the rest lapses. Both or neither, in one write.
// It returns both budgets as stored.
func CarryForward(ctx context.Context, d *itsm.Desk[Budget], s itsm.Saver, from, to itsm.ID, amount money.Amount, reason string) (Budget, Budget, error) {
	if blank(reason) {
		return Budget{}, Budget{}, itsm.Invalid("reason", "required")
	}
	return move(ctx, d, s, from, to, func(a, b *Budget) (out, in itsm.Action[Budget], err error) {
		switch {
		case a.Account != b.Account || a.Service != b.Service:
			return nil, nil, itsm.Invalid("to", "other_account", "value", b.Number, "want", "a budget for the same account and service")
		case b.From.Compare(a.Until) <= 0:
			return nil, nil, itsm.Invalid("to", "not_later", "value", b.From.String(), "want", "a period that begins after "+a.Until.String())
		}
		return CarryOut{Amount: amount, To: b.Ref(Name), Reason: reason},
			CarryIn{Amount: amount, Commitments: a.Commitments, From: a.Ref(Name)}, nil
	})
}

// tries is how often a movement is tried again after a conflict.
const tries = 5

// move does both halves of a movement in one write.
func move(ctx context.Context, d *itsm.Desk[Budget], s itsm.Saver, from, to itsm.ID, halves func(a, b *Budget) (out, in itsm.Action[Budget], err error)) (Budget, Budget, error) {
	if from == to {
		return Budget{}, Budget{}, itsm.Invalid("to", "itself")
	}
	for try := 1; ; try++ {
		a, b, err := moveOnce(ctx, d, s, from, to, halves)
		if err == nil || try == tries || !errors.Is(err, itsm.ErrConflict) || itsm.InTx(ctx) || ctx.Err() != nil {
			return a, b, err
		}
	}
}

func moveOnce(ctx context.Context, d *itsm.Desk[Budget], s itsm.Saver, from, to itsm.ID, halves func(a, b *Budget) (out, in itsm.Action[Budget], err error)) (a, b Budget, err error) {
	if a, err = d.Get(ctx, from); err != nil {
		return a, b, err
	}
	if b, err = d.Get(ctx, to); err != nil {
		return a, b, err
	}
	out, in, err := halves(&a, &b)
	if err != nil {
		return a, b, err
	}
	paired := context.WithValue(ctx, movementKey{}, Movement{whole: true})
	var writes [2]itsm.Write
	for i, half := range []struct {
		of *Budget
		do itsm.Action[Budget]
	}{{&a, out}, {&b, in}} {
		seen, number := half.of.Version, half.of.Number // the halves were made of that version
		if writes[i], *half.of, err = d.Prepare(paired, half.of.ID, half.do, itsm.IfVersion(seen)); err != nil {
			return a, b, fmt.Errorf("%s: %w", number, err)
		}
		if half.of.Version != seen+1 { // talk in between, which IfVersion lets pass
			return a, b, &itsm.ConflictError{Of: half.of.Ref(Name), Expected: seen, Stored: half.of.Version - 1}
		}
	}
	return a, b, s.SaveAll(ctx, itsm.Scope{Tenant: a.Tenant}, writes[:])
}
