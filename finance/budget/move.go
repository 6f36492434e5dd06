package budget

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/money"
)

// Movement is the fact that an action is a half of a [Transfer] or [CarryForward]. A host whose Config.Facts loads more
// returns a struct that embeds what [Facts] gives.
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

// Move is money that goes from one budget to another.
type Move struct {
	From   itsm.ID      `json:"from"`
	To     itsm.ID      `json:"to"`
	Amount money.Amount `json:"amount,omitzero"`
	Reason string       `json:"reason"`
	// Key makes a repeated [Transfer] harmless, as itsm.IdempotencyKey does; at most 190 bytes, "" for none. A
	// carry-forward needs none: it closes its budget.
	Key string `json:"key,omitempty"`
}

// Transfer moves money between two budgets, both in force and in one currency: both or neither, in one write. No more can
// be given than is available, whatever the budget's reaction is when it is exceeded. The desk's actor needs the permission
// for both halves. It returns both budgets as stored.
func Transfer(ctx context.Context, d *itsm.Desk[Budget], s itsm.Saver, m Move) (from, to Budget, err error) {
	return m.do(ctx, d, s, func(a, b *Budget) (out, in itsm.Action[Budget], err error) {
		return TransferOut{Amount: m.Amount, To: b.Ref(Name), Reason: m.Reason}, TransferIn{Amount: m.Amount, From: a.Ref(Name), Reason: m.Reason}, nil
	})
}

// CarryForward closes a budget in favour of that of a later period for the same account and service: its open commitments
// go over with their money, and the amount of what is available besides, no amount is none; the rest lapses. Both or neither,
// in one write. The actor must see the commitments. It returns both budgets as stored.
func CarryForward(ctx context.Context, d *itsm.Desk[Budget], s itsm.Saver, m Move) (from, to Budget, err error) {
	if m.Key != "" {
		return from, to, itsm.Invalid("key", "not_here", "want", "none: a budget is closed once")
	}
	return m.do(ctx, d, s, func(a, b *Budget) (out, in itsm.Action[Budget], err error) {
		switch {
		case a.Account != b.Account || a.Service != b.Service:
			return nil, nil, itsm.Invalid("to", "other_account", "value", b.Number, "want", "a budget for the same account and service")
		case b.From.Compare(a.Until) <= 0:
			return nil, nil, itsm.Invalid("to", "not_later", "value", b.From.String(), "want", "a period that begins after "+a.Until.String())
		}
		amount := m.Amount
		if amount.IsZero() {
			if amount, err = money.New(0, a.Currency()); err != nil {
				return nil, nil, itsm.Invalid("amount", "amount", "error", err.Error())
			}
		}
		total, err := carried(amount, a.Commitments, a.Currency())
		return CarryOut{Amount: amount, Total: total, To: b.Ref(Name), Reason: m.Reason},
			CarryIn{Amount: amount, Commitments: a.Commitments, From: a.Ref(Name)}, err
	})
}

// halves makes the two actions of a movement.
type halves func(a, b *Budget) (out, in itsm.Action[Budget], err error)

// tries is how often a movement is tried after conflicts.
const tries = 5

// do does both halves in one write.
func (m Move) do(ctx context.Context, d *itsm.Desk[Budget], s itsm.Saver, of halves) (a, b Budget, err error) {
	switch {
	case strings.TrimSpace(m.Reason) == "":
		return a, b, itsm.Invalid("reason", "required")
	case m.From == m.To:
		return a, b, itsm.Invalid("to", "itself")
	case len(m.Key) > 190:
		return a, b, itsm.Invalid("key", "too_long", "max", "190 bytes")
	}
	for try := 1; ; try++ {
		a, b, err = m.once(ctx, d, s, of)
		again := errors.Is(err, itsm.ErrConflict) || m.Key != "" && errors.Is(err, itsm.ErrDuplicate)
		if !again || try == tries || itsm.InTx(ctx) || ctx.Err() != nil {
			return a, b, err
		}
	}
}

func (m Move) once(ctx context.Context, d *itsm.Desk[Budget], s itsm.Saver, of halves) (a, b Budget, err error) {
	if a, err = d.Get(ctx, m.From); err != nil {
		return a, b, err
	}
	if b, err = d.Get(ctx, m.To); err != nil {
		return a, b, err
	}
	out, in, err := of(&a, &b)
	if err != nil {
		return a, b, err
	}
	paired := context.WithValue(ctx, movementKey{}, Movement{whole: true})
	var writes []itsm.Write
	for _, half := range []struct {
		of  *Budget
		do  itsm.Action[Budget]
		key string
	}{{&a, out, m.Key}, {&b, in, m.Key + "/in"}} {
		options := []itsm.DoOption{itsm.IfVersion(half.of.Version)} // the halves were made of that
		if m.Key != "" {
			options = append(options, itsm.IdempotencyKey(half.key))
		}
		number := half.of.Number
		var w itsm.Write
		if w, *half.of, err = d.Prepare(paired, half.of.ID, half.do, options...); err != nil {
			return a, b, fmt.Errorf("%s: %w", number, err)
		}
		if w.Kind != "" { // else it was done before
			writes = append(writes, w)
		}
	}
	if len(writes) == 0 {
		return a, b, nil
	}
	return a, b, s.SaveAll(ctx, itsm.Scope{Tenant: a.Tenant}, writes)
}
