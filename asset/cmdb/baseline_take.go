package cmdb

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"time"

	"github.com/itsmkit/itsm"
)

// ErrUnsettled says that the store does not hand over the opening of a baseline yet, as a transaction that began before it
// is still running. The baseline is there and can be sealed later, by the action seal of its desk.
var ErrUnsettled = errors.New("cmdb: what came before the baseline is not settled yet: seal it later")

// TakeBaseline opens a baseline and seals it. Where that fails behind the opening, the baseline is returned with the
// error, unsealed: what it holds is fixed all the same.
//
// The actor must be allowed to see everything, as for [Database.At]. It cannot be done in a transaction, which would not
// see its own place in the order of events.
func (d *Database) TakeBaseline(ctx context.Context, p ProposeBaseline, opts ...itsm.DoOption) (Baseline, error) {
	if err := d.hasBaselines(); err != nil {
		return Baseline{}, err
	}
	if itsm.InTx(ctx) {
		return Baseline{}, itsm.Invalid("baseline", "in_transaction", "want", "a call of its own")
	}
	if _, err := d.seesAll(ctx); err != nil {
		return Baseline{}, err
	}
	b, err := d.Baselines.Open(ctx, p, opts...)
	if err != nil {
		return b, err
	}
	if b, err = d.Baselines.Get(ctx, b.ID); err != nil || b.Seal.Digest != "" { // an idempotency key has brought it back
		return b, err
	}
	for try := 1; ; try++ {
		sealed, err := d.Baselines.Do(ctx, b.ID, SealBaseline{})
		switch {
		case err == nil:
			return sealed, nil
		case !errors.Is(err, ErrUnsettled) || try == settleTries:
			return b, err
		}
		wait := time.NewTimer(settleWait)
		select {
		case <-ctx.Done():
			wait.Stop()
			return b, ctx.Err()
		case <-wait.C:
		}
	}
}

// How often, and how far apart, a baseline is sealed whose place in the order of events the store does not tell yet.
const (
	settleTries = 40
	settleWait  = 50 * time.Millisecond
)

// AuthoriseBaseline authorises a baseline and supersedes another one, both or none; the zero ID supersedes none. It
// returns the one that is authorised.
func (d *Database) AuthoriseBaseline(ctx context.Context, id, supersedes itsm.ID) (Baseline, error) {
	if err := d.hasBaselines(); err != nil {
		return Baseline{}, err
	}
	if supersedes == (itsm.ID{}) {
		return d.Baselines.Do(ctx, id, AuthoriseBaseline{})
	}
	ref := func(id itsm.ID) itsm.Ref { return itsm.Ref{Kind: BaselineName, ID: id} }
	var out Baseline
	err := d.together(ctx, func(t *together) error {
		next, b, err := d.Baselines.Prepare(t.ctx, id, AuthoriseBaseline{Supersedes: ref(supersedes)})
		if err != nil {
			return err
		}
		last, _, err := d.Baselines.Prepare(t.ctx, supersedes, SupersedeBaseline{By: ref(id)})
		out, t.writes = b, []itsm.Write{next, last}
		return err
	})
	if err != nil {
		return Baseline{}, err
	}
	return out, nil
}

// AtBaseline returns what a baseline was made of: the records at its instant, those beyond its scope too. It is the
// snapshot for [Diff].
func (d *Database) AtBaseline(ctx context.Context, id itsm.ID) (Snapshot, error) {
	b, err := d.baseline(ctx, id)
	if err != nil {
		return Snapshot{}, err
	}
	reckoned, err := d.reckon(ctx, &b)
	return reckoned.snapshot, err
}

// Verification tells whether a baseline still holds what it was sealed with.
type Verification struct {
	Baseline itsm.Ref `json:"baseline"`
	Holds    bool     `json:"holds"`
	Sealed   Seal     `json:"sealed"`
	Found    Seal     `json:"found"` // what the history gives now
	// Redacted are the records of the baseline of which values were redacted since it was opened.
	Redacted []itsm.Ref `json:"redacted,omitempty"`
	// Lost says that records are missing: they were purged.
	Lost bool `json:"lost,omitempty"`
}

// Verify reckons a baseline again. Where it does not hold, and neither a redaction nor a purge explains it, the events
// in the store are not those that the library has written.
func (d *Database) Verify(ctx context.Context, id itsm.ID) (Verification, error) {
	b, err := d.baseline(ctx, id)
	if err != nil {
		return Verification{}, err
	}
	v := Verification{Baseline: b.Ref(BaselineName), Sealed: b.Seal}
	if b.Seal.Digest == "" {
		return v, itsm.Invalid("baseline", "not_sealed", "value", b.Number, "want", "seal first")
	}
	r, err := d.reckon(ctx, &b)
	if err != nil {
		return v, err
	}
	v.Found, v.Redacted = r.seal, r.redacted
	v.Holds = v.Found == v.Sealed
	v.Lost = v.Found.Items < v.Sealed.Items || v.Found.Relations < v.Sealed.Relations
	return v, nil
}

// keepBaselines makes the desk of baselines where there is a repository for them.
func (d *Database) keepBaselines() error {
	c := d.config
	if c.Baselines == nil {
		return nil
	}
	if c.BaselineKind == nil {
		c.BaselineKind = BaselineKind()
	}
	var err error
	d.Baselines, err = itsm.NewDesk(c.BaselineKind, itsm.Config[Baseline]{Repository: c.Baselines, Policy: c.Policy, Clock: c.Clock, NewID: c.NewID,
		Facts: d.baselineFacts})
	return err
}

func (d *Database) hasBaselines() error {
	if d.Baselines == nil {
		return errors.New("cmdb: Config.Baselines is required for baselines: the repository of BaselineKind in the store of the items")
	}
	return nil
}

func (d *Database) baseline(ctx context.Context, id itsm.ID) (Baseline, error) {
	if err := d.hasBaselines(); err != nil {
		return Baseline{}, err
	}
	return d.Baselines.Get(ctx, id)
}

// baselineFacts loads the classes for a baseline that is opened, and reckons one that is sealed.
func (d *Database) baselineFacts(ctx context.Context, b *Baseline, a itsm.Action[Baseline]) (any, error) {
	switch a.(type) {
	case ProposeBaseline:
		in, err := scope(ctx)
		if err != nil {
			return nil, err
		}
		return d.known(ctx, in)
	case SealBaseline:
		r, err := d.reckon(ctx, b)
		return r.seal, err
	}
	return nil, nil
}

// reckoned is what a baseline holds by the history.
type reckoned struct {
	snapshot Snapshot
	seal     Seal
	redacted []itsm.Ref
}

// reckon folds the events that were stored before the baseline's own first one and that happened until its instant.
func (d *Database) reckon(ctx context.Context, b *Baseline) (reckoned, error) {
	var out reckoned
	in, err := d.seesAll(ctx)
	if err != nil {
		return out, err
	}
	records, opened, redacted := newHistory(d), false, map[itsm.Ref]bool{}
	if err := d.replay(ctx, in, func(e *itsm.Event) error {
		switch {
		case e.Subject.Kind == BaselineName:
			opened = opened || e.Subject.ID == b.ID
		case !opened && !e.Time.After(b.At):
			return records.fold(e)
		case opened && e.Action == "redact":
			redacted[e.Subject] = true
		}
		return nil
	}, BaselineName); err != nil {
		return out, err
	}
	if !opened {
		return out, fmt.Errorf("%s %s: %w", BaselineName, b.Number, ErrUnsettled)
	}
	if out.snapshot, err = d.snapshot(ctx, in, records, b.At); err != nil {
		return out, err
	}
	items, relations := out.snapshot.held(b.Scope)
	out.seal = sealOf(items, relations)
	for _, x := range items {
		if redacted[x.Item] {
			out.redacted = append(out.redacted, x.Item)
		}
	}
	for _, r := range relations {
		if ref := r.of.Ref(RelationName); redacted[ref] {
			out.redacted = append(out.redacted, ref)
		}
	}
	return out, nil
}

// sealOf counts and digests.
func sealOf(items []HeldItem, relations []HeldRelation) Seal {
	sum := sha256.New()
	line := func(parts ...string) {
		for _, p := range parts {
			sum.Write([]byte(p))
		}
	}
	for _, x := range items {
		line(`{"item":"`, x.Item.String(), `","content":`, contentText(x.Content), "}\n")
	}
	for _, r := range relations {
		line(`{"source":"`, r.Source.String(), `","type":`, quoted(r.Type), `,"target":"`, r.Target.String(), `","content":`, contentText(r.Content), "}\n")
	}
	return Seal{Items: len(items), Relations: len(relations), Digest: hex.EncodeToString(sum.Sum(nil))}
}

// contentText writes a content as JSON.
func contentText(a itsm.Attributes) string {
	raw, err := a.MarshalJSON()
	if err != nil {
		panic(err) // attributes have JSON always
	}
	return string(raw)
}
